"""Write the pins: every version that a development environment or a build may install, without naming an index.

uv's own lock file names the index that it was made from, so it stays untracked. This program resolves the newest
allowed versions and writes them to two places: `pyproject.toml`, which holds `uv run` and `uv build` to them, and
`requirements/dev.txt`, which adds the hash of each file for `pip install --require-hashes` and for continuous
integration. Run it as `uv run scripts/lock.py`, then run the tests.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "pyproject.toml"
PINS = ROOT / "requirements" / "dev.txt"
BLOCK = re.compile(r"(?<=^# locked: begin\n).*?(?=^# locked: end$)", flags=re.DOTALL | re.MULTILINE)
BACKEND = "hatchling>=1.27\nhatch-fancy-pypi-readme>=25.1\n"
HEADER = "# Written by scripts/lock.py: what the development environment installs, each file known by its hash.\n"


def main() -> None:
    """Resolve again and write both lists of pins."""
    write_block([], [])
    uv("lock", "--upgrade", "--quiet")
    plain = uv("export", "--frozen", "--all-extras", "--no-emit-project", "--no-hashes", "--no-annotate", "--no-header")
    hashed = uv("export", "--frozen", "--all-extras", "--no-emit-project", "--no-annotate", "--no-header")
    backend = uv("pip", "compile", "-", "--universal", "--no-annotate", "--no-header", given=BACKEND)
    write_block(plain.splitlines(), backend.splitlines())
    # The pip of Python 3.11 (23.2) takes a pin without the extra that pytest-cov asks for as no pin of it.
    hashed = re.sub(r"^coverage==", "coverage[toml]==", hashed, flags=re.MULTILINE)
    PINS.write_text(HEADER + hashed, encoding="utf-8")
    uv("lock", "--quiet")


def write_block(runtime: list[str], build: list[str]) -> None:
    """Replace the pins in the project file."""
    lists = {"constraint-dependencies": runtime, "build-constraint-dependencies": build}
    block = "".join(f"{key} = [\n{rows(pins)}]\n" for key, pins in lists.items())
    PROJECT.write_text(BLOCK.sub(lambda _: block, PROJECT.read_text("utf-8")), encoding="utf-8")


def rows(pins: list[str]) -> str:
    """Return the pins as rows of a TOML list; JSON quotes a line as TOML does."""
    return "".join(f"  {json.dumps(pin)},\n" for pin in pins)


def uv(*arguments: str, given: str = "") -> str:
    """Run uv in the project and return what it printed."""
    done = subprocess.run(["uv", *arguments], cwd=ROOT, check=True, text=True, input=given, stdout=subprocess.PIPE)
    return done.stdout


if __name__ == "__main__":
    main()
