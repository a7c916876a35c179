"""A document of 60 MB travels in both directions, in both modes, and is never held in memory as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.heavy import BLOCK, HEAVY, SMALL, blocks, digest

LIMIT = 6_000_000
"""Bytes of memory beyond what a warmed-up program holds."""


@pytest.fixture
def heavy() -> Iterator[str]:
    """Yield the origin of a vendor of heavy files."""
    command = [sys.executable, "-m", "tests.support.heavy"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - a fixed program
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        server.kill()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's high mark")
@pytest.mark.parametrize("mode", ["sync", "async"])
def test_heavy_documents_are_never_held(heavy: str, mode: str, tmp_path: Path) -> None:
    """Inside JSON and as a body, out and in: less than 6 MB beyond the baseline, and not a byte is lost."""
    assert len(BLOCK) * HEAVY >= 60_000_000
    for name, times in (("small.pdf", SMALL), ("heavy.pdf", HEAVY)):
        with (tmp_path / name).open("wb") as target:
            target.writelines(blocks(times))
    command = [sys.executable, "-m", "tests.support.weigh", heavy, mode, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)  # noqa: S603 - a fixed program
    assert done.stderr == ""
    weighed = json.loads(done.stdout)
    assert weighed["found"] == [digest(HEAVY)] * 2
    assert weighed["extra"] < LIMIT
