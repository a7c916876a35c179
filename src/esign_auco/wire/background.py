"""Background checks: what their reports say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.wire.kit import Link, answered_at, read, read_object
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Reply

LIFETIME = timedelta(minutes=2)
"""How long the address of a background report holds."""


@attrs.frozen(kw_only=True)
class WireReport:
    """A background report as the answer has it."""

    code: Text = wired("code", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    ready: Flag = wired("ready", None)
    url: Text = wired("url", None, repr=False)
    data: Any = wired("data", None, repr=False)
    validation: Any = wired("validation", None, repr=False)


@attrs.frozen(kw_only=True)
class BackgroundReport:
    """What a background check found, once it is ready."""

    code: str
    name: str = attrs.field(default="", repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    ready: bool = False
    link: Link | None = None
    """The report as a file."""
    data: Any = attrs.field(default=None, repr=False)
    validation: Any = attrs.field(default=None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_report(reply: Reply, code: str, now: datetime | None) -> BackgroundReport:
    """Read a background report.

    Raises:
        UnreadableReplyError: it is none.
    """
    tree = read_object(reply, "the report")
    answer = read(WireReport, tree, "the report")
    return BackgroundReport(
        code=answer.code or code,
        name=answer.name or "",
        email=answer.email,
        ready=answer.ready is True,
        link=Link.made(answer.url, LIFETIME, answered_at(reply, now)),
        data=answer.data,
        validation=answer.validation,
        raw=tree,
    )
