"""Read a request body strictly: report all problems at once, ignore the case of keys."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import attrs

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import MALFORMED, Context, Problems, VendorError
from esign_arqsign.sandbox.dialect import Dialect

Tree = dict[str, Any]
Kind = Callable[[Any], Any]
"""Reads one value; a ValueError says that its format is wrong."""
Choice = Callable[[Tree, Sequence[Tree]], Iterable[str]]
"""Names fields of an object, given the object's plain values and the objects around it, innermost last."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def guid(value: Any) -> str:
    """Read a GUID."""
    found = text()(value).lower()
    if not _GUID.fullmatch(found):
        raise ValueError
    return str(found)


def bit(value: Any) -> bool:
    """Read a `bit`: true, false, 1 or 0."""
    if isinstance(value, bool) or (type(value) is int and value in (0, 1)):
        return bool(value)
    raise ValueError


def decimal(value: Any) -> float:
    """Read a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError
    return float(value)


def whole(least: int, most: int) -> Kind:
    """Read a whole number within bounds."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError
        return value

    return read


tinyint = whole(0, 255)
integer = whole(-(2**31), 2**31 - 1)


def text(longest: int | None = None) -> Kind:
    """Read a text of at most so many characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or (longest is not None and len(value) > longest):
            raise ValueError
        return value

    return read


def fits(pattern: str) -> Kind:
    """Read a text that has a certain form."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ValueError
        return value

    return read


def day(value: Any) -> date:
    """Read a day in either of the two documented forms."""
    given = text()(value)
    for form in ("%Y-%m-%d", "%m-%d-%Y"):
        try:
            return datetime.strptime(given, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError


def listed(kind: Kind) -> Kind:
    """Read a list of values of one kind."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ValueError
        return [kind(item) for item in value]

    return read


def _none(_tree: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    return ()


@attrs.frozen
class Field:
    """One field of an object: its kind, or the shape of the object or objects it holds."""

    name: str
    kind: Kind | None = None
    required: bool = attrs.field(default=False, kw_only=True)
    shape: Shape | None = attrs.field(default=None, kw_only=True)
    many: bool = attrs.field(default=False, kw_only=True)
    spelled: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    """The names the field goes by, where they are not its own alone."""


@attrs.frozen
class Shape:
    """What an object may hold, what it must, and what is not even looked at."""

    fields: tuple[Field, ...]
    must: Choice = attrs.field(default=_none, kw_only=True)
    """Names the further members that this object must have."""
    ignored: Choice = attrs.field(default=_none, kw_only=True)
    """Names what is disregarded in this very object."""

    def known(self) -> dict[str, Field]:
        """Map every accepted name, in lower case, to its field."""
        return {name.lower(): field for field in self.fields for name in (field.spelled or (field.name,))}


class _Reading:
    """One body's reading, with the names of what is missing, of the wrong format or unknown."""

    def __init__(self) -> None:
        self.missing: dict[str, None] = {}
        self.wrong: dict[str, None] = {}
        self.unknown = False

    def object(self, shape: Shape, raw: Any, name: str, around: tuple[Tree, ...]) -> Tree:
        if not isinstance(raw, dict):
            if name:
                self.wrong[name] = None
            self.unknown = self.unknown or not name
            return {}
        given, strange = self._sorted(shape, raw)
        self.unknown = self.unknown or strange
        tree, wrong = _plain(shape, given)
        ignored = set(shape.ignored(tree, around))
        self.wrong |= {field: None for field in wrong if field not in ignored}
        must = {field.name for field in shape.fields if field.required} | set(shape.must(tree, around))
        for field in shape.fields:
            if field.name in ignored:
                tree[field.name] = None
            elif field.name not in given and field.name in must:
                self.missing[field.name] = None
            elif field.shape is not None and field.name in given:
                tree[field.name] = self._nested(field, field.shape, given[field.name], (*around, tree))
        return tree

    def _sorted(self, shape: Shape, raw: Mapping[str, Any]) -> tuple[Tree, bool]:
        known = shape.known()
        given: Tree = {}
        seen: set[str] = set()
        strange = False
        for key, value in raw.items():
            field = known.get(key.lower())
            if field is None or field.name in seen:
                strange = True
                continue
            seen.add(field.name)
            # To the vendor an empty text is as good as none, and null is as good as leaving the field out.
            if value is not None and not (isinstance(value, str) and not value.strip()):
                given[field.name] = value
        return given, strange

    def _nested(self, field: Field, shape: Shape, raw: Any, around: tuple[Tree, ...]) -> Any:
        if not field.many:
            return self.object(shape, raw, field.name, around)
        if not isinstance(raw, list):
            self.wrong[field.name] = None
            return None
        return [self.object(shape, item, field.name, around) for item in raw]


def _plain(shape: Shape, given: Tree) -> tuple[Tree, list[str]]:
    tree: Tree = {}
    wrong: list[str] = []
    for field in shape.fields:
        tree[field.name] = None
        if field.kind is None or field.name not in given:
            continue
        try:
            tree[field.name] = field.kind(given[field.name])
        except ValueError:
            wrong.append(field.name)
    return tree, wrong


def read(shape: Shape, raw: Any, dialect: Dialect, *, many: bool = False) -> Any:
    """Read a body, or refuse it with every item that is missing, of the wrong format or unknown."""
    if not isinstance(raw, list if many else dict):
        raise VendorError(MALFORMED, messages.UNKNOWN_PARAMETER)
    reading = _Reading()
    bodies = [reading.object(shape, item, "", ()) for item in (raw if many else [raw])]
    problems = Problems()
    if reading.missing:
        problems.add(MALFORMED, messages.required(reading.missing))
    if reading.wrong:
        problems.add(dialect.wrong_format, messages.wrong_format(reading.wrong))
    if reading.unknown:
        problems.add(MALFORMED, messages.UNKNOWN_PARAMETER)
    problems.settle()
    return bodies if many else bodies[0]


def an_id(given: str, name: str, dialect: Dialect) -> str:
    """Read an id of the address."""
    try:
        return guid(given)
    except ValueError:
        raise VendorError(dialect.wrong_format, messages.wrong_format([name])) from None


def read_body(context: Context, shape: Shape, *, many: bool = False) -> Any:
    """Read the body of a request; what is not JSON is the server's error 500, as the manual says."""
    if not context.request.body.strip():
        raise VendorError(MALFORMED, messages.UNKNOWN_PARAMETER)
    return read(shape, _json(context), context.dialect, many=many)


def read_nothing(context: Context) -> None:
    """Read the body of a method that takes none: nothing, null or an empty object."""
    if context.request.body.strip() and _json(context) not in (None, {}):
        raise VendorError(MALFORMED, messages.UNKNOWN_PARAMETER)


def read_id(context: Context, name: str) -> str:
    """Read an id of the address."""
    return an_id(context.params[name], name, context.dialect)


def read_process(context: Context) -> Tree:
    """Return the process that the address names."""
    process = states.processes(context.state).get(read_id(context, "idProcesso"))
    if process is None:
        raise VendorError(MALFORMED, messages.unknown_ids(["idProcesso"]))
    if process["deleted"]:
        raise VendorError(MALFORMED, messages.DELETED)
    return process


def _json(context: Context) -> Any:
    try:
        return context.request.json()
    except ValueError:
        raise VendorError(500, messages.INTERNAL) from None


def ended(process: Tree) -> str | None:
    """Say why a process can be neither resent nor cancelled, if so."""
    said = {
        states.CREATED: messages.CREATED,
        states.CONCLUDED: messages.CONCLUDED,
        states.CANCELLED: messages.CANCELLED,
    }
    return said.get(process["status"])
