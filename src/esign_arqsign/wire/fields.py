"""Which ArqSign field carries which neutral field, read from the shapes of the requests.

A request class says it where the vendor's name stands (`wired`); `table` collects it for checks, documentation and
tests, so that none of them can say something else than what is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin, get_type_hints

import attrs

__all__ = ["EXTRAS", "Field", "table", "too_long", "values_at", "wired"]

EXTRAS = "merged in: objects member by member, anything else (a list too) replaces"
"""How the extras of a draft and of a signer are merged into a request."""


@attrs.frozen
class Field:
    """One neutral field and its place at the vendor."""

    neutral: str
    """The path in a draft or a resend; `[]` stands for each item of a list."""
    vendor: str
    """The path in the vendor's JSON; empty where it has no place."""
    note: str = ""
    """How the value is changed on its way, or why it has no place."""
    limit: int | None = None
    """How many characters the vendor takes at most."""


def wired(
    name: str,
    default: Any = attrs.NOTHING,
    *,
    carries: str | Mapping[str, str] = "",
    below: str = "",
    note: str = "",
    limit: int | None = None,
) -> Any:
    """Return an attrs field of a request class, with the vendor's name and what stands under it.

    Args:
        name: the vendor's name.
        default: a default of UNSET is left out of requests.
        carries: the neutral path of its value, or several with a note for each; one that begins with a dot is
            completed by the `below` of the field that holds the class.
        below: where the values of a nested class stand in the draft.
        note: how the value is changed on its way.
        limit: how many characters the vendor takes at most.
    """
    paths = {carries: note} if isinstance(carries, str) else dict(carries)
    metadata = {"wire": name, "carries": {path: why for path, why in paths.items() if path}}
    return attrs.field(default=default, kw_only=True, metadata={**metadata, "below": below, "limit": limit})


def table(cls: type[Any], place: str = "", below: str = "") -> Iterator[Field]:
    """Yield the rows of a request class and of the classes nested in it."""
    hints = get_type_hints(cls)
    for field in attrs.fields(cls):
        facts = field.metadata
        spot = f"{place}{facts['wire']}"
        for path, note in facts["carries"].items():
            yield Field(f"{below}{path}" if path.startswith(".") else path, spot, note, facts["limit"])
        inner, many = _nested(hints[field.name])
        if inner is not None:
            deeper = f"{below}{facts['below']}" if facts["below"].startswith(".") else facts["below"]
            yield from table(inner, f"{spot}{'[]' if many else ''}.", deeper)


def _nested(hint: Any) -> tuple[type[Any] | None, bool]:
    """Return the request class that a field holds, if any, and whether it holds a list of them."""
    for each in get_args(hint) or (hint,):
        if get_origin(each) is list:
            return get_args(each)[0], True
        if get_origin(hint) is list:
            return each, True
        if isinstance(each, type) and attrs.has(each) and attrs.fields(each)[0].metadata.get("wire"):
            return each, False
    return None, False


def too_long(root: Any, rows: tuple[Field, ...]) -> tuple[tuple[str, int], ...]:
    """Return the path and the limit of each text that is longer than its place at the vendor."""
    found = (
        (path, row.limit)
        for row in rows
        if row.limit is not None
        for path, value in values_at(root, row.neutral)
        if isinstance(value, str) and len(value) > row.limit
    )
    return tuple(dict.fromkeys(found))


def values_at(root: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each value that a neutral path leads to, with its place; absent values are passed over."""
    found: list[tuple[str, Any]] = [("", root)]
    for step in path.split("."):
        name, _, each = step.partition("[")
        reached = [(f"{place}.{name}" if place else name, getattr(value, name, None)) for place, value in found]
        if each:
            reached = [(f"{place}[{n}]", item) for place, items in reached for n, item in enumerate(items or ())]
        found = [(place, value) for place, value in reached if value is not None]
    yield from found
