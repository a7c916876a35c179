"""The converter of this vendor's answers, and links that say until when they hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import attrs

from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.convert import load, make_converter
from esign_core.providers.flow import Reply

__all__ = ["Link", "answered_at", "read", "read_object"]

T = TypeVar("T")

_CONVERTER = make_converter()


@attrs.frozen(kw_only=True)
class Link:
    """An address that holds for a while only; whoever has it can use it, so keep it secret."""

    url: str = attrs.field(repr=False)
    lifetime: timedelta
    """How long it holds from the moment of the answer, as the vendor says."""
    until: datetime | None = None
    """Until when it holds; None where the answer told no time and the caller gave none."""

    @classmethod
    def made(cls, url: str | None, lifetime: timedelta, moment: datetime | None) -> Link | None:
        """Return the link an answer gave at a moment, or None where it gave none."""
        if url is None:
            return None
        return cls(url=url, lifetime=lifetime, until=None if moment is None else moment + lifetime)


def answered_at(reply: Reply, now: datetime | None) -> datetime | None:
    """Return when an answer was made: `now` where the caller said it, else the answer's own Date header."""
    if now is not None:
        return now
    try:
        moment = parsedate_to_datetime(reply.headers.get("date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read(cls: type[T], tree: Any, what: str) -> T:
    """Return a tree as a value of the class, which keeps the whole tree where it has a field `raw`.

    Raises:
        UnreadableReplyError: it does not fit.
    """
    value: Any = load(_CONVERTER, cls, tree, what)
    whole: T = attrs.evolve(value, raw=tree) if hasattr(value, "raw") else value
    return whole


def read_object(reply: Reply, what: str) -> Mapping[str, Any]:
    """Return an answer's JSON object.

    Raises:
        UnreadableReplyError: it is none.
    """
    tree = reply.json()
    if not isinstance(tree, dict):
        raise UnreadableReplyError(f"the vendor's answer is not what was due: {what} is no object")
    return tree
