"""Only the client's own clock and the sandbox's clock may read the wall clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.shape.tree import CORE, below, dotted, sources, syntax, where

CLOCKS = (f"{CORE}.client", f"{CORE}.sandbox.clock")
READINGS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"},
}


def readings(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every mention of a function that reads the wall clock, called or handed on, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            if node.attr in READINGS.get(owner, ()):
                yield f"{owner}.{node.attr}", node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((f"time.{name.name}", node.lineno) for name in node.names if name.name in READINGS["time"])


def test_only_clocks_read_the_wall_clock() -> None:
    """Time is data: every other module receives the moment it works with."""
    wrong = [
        f"{where(path, line)} reads {name}"
        for path in sources()
        if not below(dotted(path), *CLOCKS)
        for name, line in readings(syntax(path))
    ]
    assert wrong == []


def test_every_spelling_of_a_reading_is_seen() -> None:
    """A call, a reference handed on, a module's attribute and an imported function are all found."""
    source = "from time import time_ns\na = datetime.datetime.now(UTC)\nb = date.today\nc = time.monotonic()\n"
    assert sorted(readings(ast.parse(source))) == [("date.today", 3), ("datetime.now", 2), ("time.time_ns", 1)]
