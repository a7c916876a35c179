"""Check and copy JSON trees from callers: extras, values of templates, facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from esign_core.model.documents import Document
from esign_core.model.errors import Problem

_LARGEST_IN_TREES = 10**4000
_MOST_VALUES = 20_000
_DEEPEST = 60
_WORD = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)


def tree_problems(path: str, tree: Any) -> Iterator[Problem]:
    """Yield the first thing in a tree that cannot be sent as JSON; a `Document` may stand anywhere as a leaf."""
    level = [(path, tree)]
    count = 0
    for _ in range(_DEEPEST):
        below: list[tuple[str, Any]] = []
        for where, node in level:
            wrong = _leaf_problem(node)
            if wrong:
                yield Problem.invalid(where, wrong, "give what JSON can hold: texts, numbers, lists, objects")
                return
            below += _parts(where, node)
            count += 1
            if count + len(below) > _MOST_VALUES:
                yield Problem.invalid(path, "holds too many values", "a value may hold itself")
                return
        if not below:
            return
        level = below
    yield Problem.invalid(path, "is nested too deeply", "a value may hold itself")


def _leaf_problem(node: Any) -> str | None:
    if node is None or isinstance(node, (bool, Document)):
        return None
    if isinstance(node, str):
        return "holds half a character" if _half(node) else None
    if isinstance(node, (int, float)):
        return None if abs(node) < _LARGEST_IN_TREES else "must be a finite number of at most 4,000 digits"
    if isinstance(node, Mapping):
        return None if all(isinstance(key, str) and not _half(key) for key in node) else "must have texts as keys"
    return None if isinstance(node, (list, tuple)) else "must be a JSON value"


def _half(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _parts(path: str, node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, Mapping):
        return [(f"{path}.{key}" if _WORD.fullmatch(key) else f"{path}[...]", part) for key, part in node.items()]
    if isinstance(node, (list, tuple)):
        return [(f"{path}[{index}]", part) for index, part in enumerate(node)]
    return []


def plain_tree(tree: Any) -> Any:
    """Return a copy of a checked tree made of plain values, so that what is sent is what was checked."""
    if isinstance(tree, Mapping):
        return {str.__str__(key): plain_tree(part) for key, part in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [plain_tree(part) for part in tree]
    return str.__str__(tree) if isinstance(tree, str) else tree
