"""Derive from the annotations of drafts and resends the values that each field may hold, and find others."""

from __future__ import annotations

import datetime as dates
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from esign_core.model.errors import Problem
from esign_core.model.fields import Unset
from esign_core.model.trees import tree_problems

Problems = Iterator[Problem]

_NONE = type(None)
_LARGEST = 2**64

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
    """The values that one field may hold."""

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
        """The required value in words."""
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
