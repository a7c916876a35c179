"""Measure what the tests notice: `uv run python -m scripts.mutate MODULE...`, such as `engine/retry engine/outcomes`.

The project is copied to a temporary folder, and mutmut runs there, in an environment of its own: it changes each module
of `esign_core` in many small places, and runs the tests that reach the changed function. Without a module, the whole
core is measured, which takes hours. `docs/explanation/mutation.md` explains the result.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
CORE = "src/esign_core"
MUTMUT = "mutmut==3.8.1"
# One process and a fixed order: mutmut finds no tests where pytest-xdist hands them to workers.
ARGUMENTS = ["-n0", "-p", "no:randomly", "-p", "no:cacheprovider"]


def main() -> int:
    """Run mutmut on a copy of the project, print the survivors, and return its exit code."""
    parser = argparse.ArgumentParser(description="Measure which small changes of the core its tests notice.")
    parser.add_argument("modules", nargs="*", help="modules or folders of esign_core, such as engine/retry or model")
    parser.add_argument("--tests", nargs="+", default=["tests/unit/esign_core"], help="the tests that are run")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many changes are tried at once")
    parser.add_argument("--keep", type=Path, help="a new folder for the copy, to look at it afterwards")
    given = parser.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="esign-mutate-"))
    try:
        copy(folder)
        configure(folder, given.modules, given.tests)
        code = run(folder, "run", "--max-children", str(given.jobs))
        return run(folder, "results") or code
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


def copy(folder: Path) -> None:
    """Copy what git tracks, or would track, to a folder that is a repository of its own."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    # Some tests list the tracked files.
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)


def configure(folder: Path, modules: list[str], tests: list[str]) -> None:
    """Add mutmut's table to the copy's project file."""
    only = [pattern for module in modules for pattern in (f"{CORE}/{module}.py", f"{CORE}/{module}/*")]
    table = {
        "source_paths": ["src"],
        "only_mutate": only or [f"{CORE}/*"],
        "also_copy": ["cassettes", "docs", "scripts", "README.md"],
        "pytest_add_cli_args": [*ARGUMENTS, "--override-ini=addopts=--import-mode=importlib"],
        "pytest_add_cli_args_test_selection": tests,
    }
    # repr of a list of plain texts is TOML as well.
    lines = "".join(f"{name} = {value!r}\n" for name, value in table.items())
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[tool.mutmut]\n{lines}use_git_change_detection = false\ntrack_dependencies = false\n")


def run(folder: Path, *arguments: str) -> int:
    """Run mutmut in the copy's own environment."""
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    command = ["uv", "run", "--quiet", "--with", MUTMUT, "mutmut", *arguments]
    return subprocess.run(command, cwd=folder, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
