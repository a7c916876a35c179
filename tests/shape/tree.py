"""The source tree as the shape tests see it: modules, their syntax, and what each imports."""

from __future__ import annotations

import ast
import functools
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src"
CORE = "esign_core"


class Import(NamedTuple):
    """One imported module, dotted in full, and the line that asks for it."""

    target: str
    line: int


@functools.cache
def project() -> dict[str, Any]:
    """Return what pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@functools.cache
def sources(package: str = "") -> tuple[Path, ...]:
    """Return the modules of a package, or of all packages, in a stable order."""
    return tuple(sorted((SRC / package).rglob("*.py")))


@functools.cache
def syntax(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def dotted(path: Path) -> str:
    """Return the name that a module of `src` is imported by."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def where(path: Path, line: int = 1) -> str:
    """Return a place in the way that editors and terminals can follow."""
    return f"{path.relative_to(ROOT)}:{line}"


def providers() -> tuple[str, ...]:
    """Return the packages that are providers: those that have a `plugin`, the module an entry point names."""
    return tuple(sorted(path.parent.name for path in SRC.glob("*/plugin.py")))


def rooms(package: str) -> set[str]:
    """Return the top-level names of a package: modules and folders, without distinguishing them."""
    entries = [entry for entry in (SRC / package).iterdir() if entry.suffix == ".py" or any(entry.glob("*.py"))]
    return {entry.stem for entry in entries if not entry.name.startswith("_")}


def imports(tree: ast.Module) -> Iterator[Import]:
    """Yield what the module imports when it runs, inside functions too; what only type checkers see is left out."""
    for node in _running(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (Import(f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _running(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and is_type_checking(child.test):
            yield from (found for branch in child.orelse for found in (branch, *_running(branch)))
        else:
            yield child
            yield from _running(child)


def is_type_checking(test: ast.expr) -> bool:
    """Return whether a condition is `TYPE_CHECKING`, however it was imported."""
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def below(name: str, *parents: str) -> bool:
    """Return whether a dotted name is one of the parents or lies inside one."""
    return any(name == parent or name.startswith(f"{parent}.") for parent in parents)


@functools.cache
def texts() -> dict[Path, str]:
    """Return every text file that is tracked, or would be if it were added now; PDFs and pictures are left out."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True).stdout.decode().split("\0")  # noqa: S603 - a fixed command
    found = {}
    for path in sorted(ROOT / name for name in names if name):
        content = path.read_bytes() if path.is_file() else b"\0"
        text = readable(content)
        if text is not None:
            found[path] = text
    return found


def readable(content: bytes) -> str | None:
    """Return the text of a file, or None for one that is not UTF-8 text, such as a PDF that a command has left."""
    if b"\0" in content or content.startswith(b"%PDF-"):
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
