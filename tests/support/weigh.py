"""Sends and fetches heavy files in a process of its own, and prints by how much that raised its memory's high mark.

`python -m tests.support.weigh ORIGIN MODE FOLDER`, where the folder holds `small.pdf` and `heavy.pdf`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import attrs
from tests.support.acme import DRAFT, Bench

from esign_core.model.documents import Document


def high_mark() -> int:
    """Return the most memory this process has held, in bytes; `ru_maxrss` would begin at its parent's."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def all_ways(address: str, mode: str, file: Path, to: Path) -> list[str]:
    """Send the file inside JSON and as a body, fetch it as a body and inside JSON; return the hashes of what came."""
    bench = Bench(mode, address, timeout=30)
    bench.create(attrs.evolve(DRAFT, documents=[Document.from_path(file)]))
    found = [each.sha256 for each in bench.download("P1", to)]
    bench.end()
    return found


def main() -> None:
    """Warm up with a small file, look at the mark, do the same with a heavy one, look again."""
    origin, mode, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    all_ways(f"{origin}/up/small", mode, folder / "small.pdf", folder / "warm")
    before = high_mark()
    found = all_ways(f"{origin}/up", mode, folder / "heavy.pdf", folder / "weighed")
    sys.stdout.write(json.dumps({"extra": high_mark() - before, "found": found}))


if __name__ == "__main__":
    main()
