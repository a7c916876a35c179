"""How long code may be: 400 lines a file and 40 a function, of the lines that count."""

from __future__ import annotations

import ast
from textwrap import dedent

from tests.shape.measure import FILE_LIMIT, FUNCTION_LIMIT, counted, counted_of, functions, length, medians
from tests.shape.tree import SRC, sources, syntax, where


def test_files_keep_their_budget() -> None:
    """A file that exceeds its line limit must be split before it is merged."""
    sizes = {path: len(counted_of(path)) for path in sources()}
    assert [f"{where(path)} has {size} lines" for path, size in sizes.items() if size > FILE_LIMIT] == []


def test_functions_keep_their_budget() -> None:
    """A function fits on a screen."""
    wrong = []
    for path in sources():
        lines = counted_of(path)
        sizes = ((node, length(node, lines)) for node in functions(syntax(path)))
        wrong += [
            f"{where(path, node.lineno)} {node.name}: {size} lines" for node, size in sizes if size > FUNCTION_LIMIT
        ]
    assert wrong == []


def test_only_code_counts() -> None:
    """Docstrings, comments, blank lines and the rows of a module's tables are free; everything else is counted."""
    source = dedent(
        '''\
        """What this is,
        at length."""

        # why
        ROWS: tuple[int, ...] = (
            1,
            2,
        )
        RULES = Table("name", rows=[
            3,
        ])


        def work(
            given: int,
        ) -> str:
            """Do it."""
            # why
            inner = [
                given,
            ]

            return f"""
            {inner}
            """  # why
        '''
    )
    tree = ast.parse(source)
    lines = counted(source, tree)
    assert lines == {5, 9, 14, 15, 16, 19, 20, 21, 23, 24, 25}
    assert [length(node, lines) for node in functions(tree)] == [9]


def test_medians_are_told_of_every_package() -> None:
    """The summary printed after a whole run names each package once."""
    packages = [path for path in SRC.glob("esign_*") if path.is_dir()]
    assert len(medians()) == len(packages)
