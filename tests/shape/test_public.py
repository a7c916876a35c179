"""The public face: what can be imported, that it is documented, and that importing it costs nothing."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.shape.tree import CORE, ROOT, SRC, dotted, is_type_checking, rooms, sources, syntax, where

import esign_core

HEAVY = (
    "attrs",
    "attr",
    "cattrs",
    "httpx",
    "pluggy",
    "stdnum",
    "pypdf",
    "rich",
    "cyclopts",
    "asyncio",
)

FACE = SRC / CORE / "__init__.py"


def type_checked_names() -> dict[str, str]:
    """Return what `esign_core` imports for type checkers: each name, and the module it comes from."""
    blocks = [node for node in syntax(FACE).body if isinstance(node, ast.If) and is_type_checking(node.test)]
    found = [line for block in blocks for line in block.body if isinstance(line, ast.ImportFrom)]
    rooms_of = {(line.module or "").removeprefix(f"{CORE}."): line for line in found}
    return {name.name: room for room, line in rooms_of.items() if room != CORE for name in line.names}


def exports(tree: ast.Module) -> list[str] | None:
    """Return a module's `__all__`, or None where it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names: list[str] = ast.literal_eval(node.value)
            return names
    return None


def defined(tree: ast.Module) -> set[str]:
    """Return the public names that a module defines itself."""
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign) and not re.match(r"(TypeVar|ParamSpec)\(", ast.unparse(node.value)):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    return {name for name in names if not name.startswith("_")}


def undocumented(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the public classes, functions and methods without a docstring, with their lines."""
    for name, node in public(tree):
        if not ast.get_docstring(node):
            yield name, node.lineno


def public(
    parent: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Yield what a module or class shows to its users; overloads and setters share their neighbour's docstring."""
    for node in parent.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) or node.name.startswith("_"):
            continue
        if not any(re.search(r"overload$|\.setter$", ast.unparse(mark)) for mark in node.decorator_list):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{prefix}{node.name}.")


def test_the_package_exports_are_sorted_and_told_once() -> None:
    """`__all__` of `esign_core` is sorted, and the lazy table and the type checkers' imports say the same."""
    assert list(esign_core.__all__) == sorted(set(esign_core.__all__))
    table = {name: room for room, names in esign_core._MODULES.items() for name in names}
    assert sorted(table) == list(esign_core.__all__)
    assert type_checked_names() == table


def test_every_exported_name_is_there() -> None:
    """Each name of `__all__` can be imported, and is defined or documented in the module the table gives for it."""
    for name in esign_core.__all__:
        assert getattr(esign_core, name) is not None
    assert set(dir(esign_core)) >= set(esign_core.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """The lazy table answers for its own names only."""
    assert not hasattr(esign_core, "no_such_name")
    assert not hasattr(esign_core, "__path_of_nothing__")


def test_modules_export_all_that_they_define() -> None:
    """Where a module has an `__all__`, it is sorted, complete, and names nothing that is missing."""
    for path in sources():
        names = exports(syntax(path))
        if names is None or path == FACE:
            continue
        assert names == sorted(set(names)), where(path)
        assert defined(syntax(path)) - set(names) == set(), where(path)
        module = importlib.import_module(dotted(path))
        assert [name for name in names if not hasattr(module, name)] == [], where(path)


def test_modules_say_which_room_they_are() -> None:
    """The first line of every module is a docstring of one sentence."""
    silent = []
    for path in sources():
        first = (ast.get_docstring(syntax(path)) or "").partition("\n")[0]
        if not path.read_text("utf-8").startswith('"""') or not first.endswith((".", "?", "!", ":")):
            silent.append(where(path))
    assert silent == []


def test_everything_public_is_documented() -> None:
    """Every public class, function and method has a docstring."""
    missing = [f"{where(path, line)} {name}" for path in sources() for name, line in undocumented(syntax(path))]
    assert missing == []


def test_packages_are_typed() -> None:
    """Every package carries the marker that lets its annotations reach a user's type checker."""
    packages = [path for path in SRC.glob("esign_*") if path.is_dir()]
    assert [path.name for path in packages if not (path / "py.typed").is_file()] == []


def test_importing_core_loads_nothing_heavy() -> None:
    """`import esign_core` does not load its modules, a dependency or a provider."""
    program = f"import sys; before = set(sys.modules); import {CORE}; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)  # noqa: S603 - a fixed program
    loaded = done.stdout.split()
    assert [name for name in loaded if name.partition(".")[0] in HEAVY] == []
    assert [name for name in loaded if name.startswith("esign_")] == [CORE]


def test_twins_have_equal_methods_and_parameters() -> None:
    """Wherever there is an asynchronous twin of a class, the two offer the same methods with the same parameters."""
    pairs = 0
    for path in sources(CORE):
        classes = {node.name: node for node in ast.walk(syntax(path)) if isinstance(node, ast.ClassDef)}
        for name in classes.keys() & {other.removeprefix("Async") for other in classes if other.startswith("Async")}:
            pairs += 1
            assert signatures(classes[name]) == signatures(classes[f"Async{name}"]), where(path, classes[name].lineno)
    assert pairs or "client" not in rooms(CORE)


def signatures(node: ast.ClassDef) -> dict[str, str]:
    """Return the public methods of a class, each with its parameters and their defaults."""
    methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {part.name: ast.unparse(part.args) for part in methods if not part.name.startswith("_")}


def test_missing_docstrings_are_seen() -> None:
    """A class, its method and a function without docstrings are found; what is private is not."""
    source = "class A:\n def b(self): ...\n def _c(self): ...\ndef d():\n 'Do.'\nasync def e(): ...\nclass _F: ...\n"
    assert list(undocumented(ast.parse(source))) == [("A", 1), ("A.b", 2), ("e", 6)]


def test_the_tree_is_the_one_that_is_imported() -> None:
    """The tests look at the same files that they import."""
    assert Path(esign_core.__file__).is_relative_to(ROOT)
