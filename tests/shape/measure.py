"""How long code is: the lines that count, of a file and of a function."""

from __future__ import annotations

import ast
import functools
import io
import statistics
import tokenize
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from tests.shape.tree import ROOT, SRC, sources, syntax

FILE_LIMIT = 400
FUNCTION_LIMIT = 40

_SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_COLLECTIONS = (ast.Tuple, ast.List, ast.Set, ast.Dict)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def counted(source: str, tree: ast.Module) -> set[int]:
    """Return the numbers of the lines that count: no docstring, no comment, no blank line and no table row."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _SILENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, _end(node) + 1))
    for table in tables(tree):
        lines.difference_update(range(table.lineno + 1, _end(table) + 1))
    return lines


@functools.cache
def counted_of(path: Path) -> frozenset[int]:
    """Return the numbers of the lines that count in a module, which is measured once."""
    return frozenset(counted(path.read_text("utf-8"), syntax(path)))


def tables(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the tables: what a module assigns at its top level and writes out as a collection, in a call or not."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and _is_rows(node.value):
            yield node


def _is_rows(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return any(_is_rows(part) for part in (*value.args, *(word.value for word in value.keywords)))
    return isinstance(value, _COLLECTIONS)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Yield every function and method, nested ones too."""
    yield from (node for node in ast.walk(tree) if isinstance(node, Function))


def length(node: Function, lines: AbstractSet[int]) -> int:
    """Return how many of the counted lines a node spans."""
    return len(lines & set(range(node.lineno, _end(node) + 1)))


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def medians() -> list[str]:
    """Return one line about each package: how many files, their median and the longest, and the same of functions."""
    return [_summary(package) for package in sorted(SRC.glob("esign_*")) if package.is_dir()]


def _summary(package: Path) -> str:
    files: list[int] = []
    spans: list[int] = []
    for path in sources(package.name):
        tree = syntax(path)
        lines = counted_of(path)
        files.append(len(lines))
        spans.extend(length(node, lines) for node in functions(tree))
    return f"{package.relative_to(ROOT)}: {_spread('files', files)}; {_spread('functions', spans)}"


def _spread(what: str, sizes: list[int]) -> str:
    if not any(sizes):
        return f"no {what}"
    return f"{len(sizes)} {what}, median {statistics.median(filter(None, sizes)):g}, longest {max(sizes)}"
