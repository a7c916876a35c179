"""Derive from the annotations of drafts and resends what each field may hold, and find values of another kind."""

from __future__ import annotations

import datetime as dates
import re
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from esign_core.model.documents import Document
from esign_core.model.errors import Problem
from esign_core.model.fields import Unset

Problems = Iterator[Problem]

_NONE = type(None)
_LARGEST = 2**64
_LARGEST_IN_TREES = 10**300
_MOST_VALUES = 20_000
_DEEPEST = 60
_WORD = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)

_CALLED: Mapping[Any, str] = {
    str: "a text",
    bytes: "bytes",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
    Path: "a Path",
    Mapping: "a mapping of names to JSON values",
    dates.datetime: "a datetime",
    dates.timedelta: "a timedelta",
}


@attrs.frozen(kw_only=True)
class Shape:
    """What one field may hold."""

    name: str
    kinds: tuple[Any, ...]
    collection: bool
    """True: a tuple of values of those kinds."""
    optional: bool
    """True: None is a value of it."""
    text: str | None
    """How a text in it is marked (see `model.fields`); None where it holds no text."""

    @property
    def only_text(self) -> bool:
        """True: nothing but texts fit; one of another kind is found together with what is wrong with the texts."""
        return set(self.kinds) <= {str, Unset}

    @property
    def called(self) -> str:
        """What the field must hold, in words."""
        names = [_CALLED.get(kind) or _article(kind.__name__) for kind in self.kinds if kind is not Unset]
        return " or ".join(names)


def _article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"


_DERIVED: dict[type, tuple[Shape, ...]] = {}


def shapes(cls: type) -> tuple[Shape, ...]:
    """Return the shapes of a class's fields, derived from their annotations."""
    if cls not in _DERIVED:
        hints = get_type_hints(cls)
        _DERIVED[cls] = tuple(_shape(field, hints[field.name]) for field in attrs.fields(cls))
    return _DERIVED[cls]


def _shape(field: attrs.Attribute[Any], hint: Any) -> Shape:
    members = _members(hint)
    collection = any(get_origin(member) is tuple for member in members)
    kinds = [inner for member in members for inner in _inner(member) if inner not in (_NONE, ...)]
    return Shape(
        name=field.name,
        kinds=tuple(dict.fromkeys(kinds)),
        collection=collection,
        optional=_NONE in members,
        text=field.metadata.get("text", "line") if str in kinds else None,
    )


def _members(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _inner(member: Any) -> Iterator[Any]:
    origin = get_origin(member)
    if origin is tuple:
        for part in get_args(member):
            yield from _members(part)
    else:
        yield origin or member


def kind_problems(value: Any, path: str = "") -> Problems:
    """Yield a problem for each field of another kind than its annotation says, in a value and in all it holds."""
    for shape in shapes(type(value)):
        where = f"{path}.{shape.name}" if path else shape.name
        try:
            found = list(_field(where, getattr(value, shape.name), shape))
        except Exception:  # noqa: BLE001 - a value may do anything when it is looked at
            found = [Problem.invalid(where, f"cannot be read; it must be {shape.called}")]
        yield from found


def _field(path: str, value: Any, shape: Shape) -> Problems:
    if value is None and (shape.optional or shape.only_text):
        return
    if shape.only_text and not shape.collection:
        return
    if not shape.collection:
        yield from _one(path, value, shape)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _one(f"{path}[{index}]", each, shape)
    else:
        yield Problem.invalid(path, f"must be a list; each item must be {shape.called}")


def _one(path: str, value: Any, shape: Shape) -> Problems:
    kind = next((kind for kind in shape.kinds if _is(value, kind)), str if shape.only_text else None)
    if kind is None:
        yield Problem.invalid(path, f"must be {shape.called}")
    elif kind is Mapping:
        yield from tree_problems(path, value)
    elif kind in (int, float) and isinstance(value, int) and abs(value) >= _LARGEST:
        yield Problem.invalid(path, "is too large a number", "give a number below 2**64")
    elif attrs.has(kind):
        yield from kind_problems(value, path)


def _is(value: Any, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    # `type`, not `isinstance`, which asks the value itself for its class.
    return issubclass(type(value), kind)


def tree_problems(path: str, tree: Any) -> Problems:
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
        return None if abs(node) < _LARGEST_IN_TREES else "must be a finite number of at most 300 digits"
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
