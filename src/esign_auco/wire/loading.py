"""Reading answers of this vendor: the converter, single fields that may be wrong, and links that expire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import attrs

from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.convert import load, make_converter, plain_id, read_text
from esign_core.providers.flow import Reply

__all__ = [
    "Link",
    "answered_at",
    "maybe_id",
    "maybe_text",
    "objects_in",
    "phone_of",
    "read",
    "read_object",
    "unexpected",
]

T = TypeVar("T")

_CONVERTER = make_converter()
_WRITTEN_AS_NUMBER = re.compile(r"(\+?[0-9]+)\.0+")


@attrs.frozen(kw_only=True)
class Link:
    """An address that is valid for a short time; anyone who has it can use it, so keep it secret."""

    url: str = attrs.field(repr=False)
    lifetime: timedelta
    """How long it is valid from the moment of the answer, as the vendor says."""
    until: datetime | None = None
    """Until when it is valid; None where the answer had no date and the caller gave no moment."""

    @classmethod
    def made(cls, url: str | None, lifetime: timedelta, moment: datetime | None) -> Link | None:
        """Return the link that an answer gave at a moment, or None where it gave none."""
        if url is None:
            return None
        return cls(url=url, lifetime=lifetime, until=None if moment is None else moment + lifetime)


def answered_at(reply: Reply, now: datetime | None) -> datetime | None:
    """Return when an answer was made: `now` where the caller gave it, else the answer's own Date header."""
    if now is not None:
        return now
    try:
        moment = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read(cls: type[T], tree: Any, what: str) -> T:
    """Convert a tree to a value of the class, which keeps the whole tree where it has a field `raw`.

    Raises:
        UnreadableReplyError: the tree does not have the form of the class.
    """
    value: Any = load(_CONVERTER, cls, tree, what)
    whole: T = attrs.evolve(value, raw=tree) if hasattr(value, "raw") else value
    return whole


def read_object(reply: Reply, what: str) -> Mapping[str, Any]:
    """Return an answer's JSON object.

    Raises:
        UnreadableReplyError: the answer is not a JSON object.
    """
    tree = reply.json()
    if not isinstance(tree, dict):
        raise unexpected(f"{what} is not an object")
    return tree


def unexpected(what: str) -> UnreadableReplyError:
    """Return the error for an answer that was understood and lacks what it must have."""
    return UnreadableReplyError(f"unexpected response from the vendor: {what}")


def maybe_text(value: Any) -> str | None:
    """Read a text where a wrong type must not cost the rest of the answer: then it is None (`raw` keeps it)."""
    try:
        return read_text(value)
    except ValueError:
        return None


def maybe_id(value: Any) -> str | None:
    """Read an id that is one plain word, or return None."""
    try:
        return plain_id(value)
    except UnreadableReplyError:
        return None


def objects_in(value: Any) -> list[Mapping[str, Any]]:
    """Return the objects of a list; anything else in it, and anything that is not a list, is left out."""
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def phone_of(value: str | None) -> str | None:
    """Return a phone without the fraction that a number written as a float gets: `573001234567.0`."""
    written = _WRITTEN_AS_NUMBER.fullmatch(value or "")
    return written[1] if written else value
