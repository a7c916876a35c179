"""Background checks of people and of a company's representatives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from esign_auco.operations.shared import given, listed, load_code, named, need
from esign_auco.provider import Auco
from esign_auco.wire.loading import Link, answered_at, read, read_object
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = [
    "BackgroundReport",
    "LIFETIME",
    "WireReport",
    "background_report",
    "check_background",
    "check_representatives",
    "load_report",
]

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
        UnreadableReplyError: the answer is not a report.
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


_NAMED_KINDS = ("PP", "INT")


def check_background(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    *,
    kind: str,
    number: str,
    name: str | None = None,
    issued_on: date | None = None,
    custom: Mapping[str, Any] | None = None,
    tags: Iterable[str] | None = None,
    target_webhooks: Iterable[str] | None = None,
    requested_by: str | None = None,
) -> Flow[str]:
    """Begin a background check, ready within about a minute; returns its code.

    Args:
        provider: the account's provider.
        kind: `CC`, `CE`, `NIT`, `PPT` (needs `issued_on`), `PP` or `INT` (both need `name`).
        number: of the document.
        name: of the person.
        issued_on: the day the document was issued.
        custom: your own data, given back.
        tags: names of tags that are there already.
        target_webhooks: ids of the webhooks to notify; `default` otherwise.
        requested_by: the user who asks; the account's sender otherwise.
    """
    need(name=kind in _NAMED_KINDS and not name, issued_on=kind == "PPT" and issued_on is None)
    body = {
        "email": provider.acting(requested_by),
        "identification": number,
        "type": kind,
        **given(
            name=name,
            expeditionDate=None if issued_on is None else issued_on.strftime("%d/%m/%Y"),
            custom=custom,
            tags=listed(tags),
            targetWebhooks=listed(target_webhooks),
        ),
    }
    reply = yield Call.post("/validate/background", json=body)
    return load_code(reply, "the background check")


def background_report(provider: Auco, code: str, *, now: datetime | None = None) -> Flow[BackgroundReport]:
    """Read a background check; its link holds for two minutes."""
    del provider
    need(code=not code)
    reply = yield Call.get("/validate/background", query={"code": code})
    return load_report(reply, code, now)


def check_representatives(
    provider: Auco,
    *,
    document_number: str,
    country: str = "CO",
    complete: bool | None = None,
    tags: Iterable[str] | None = None,
    target_webhooks: Iterable[str] | None = None,
    requested_by: str | None = None,
) -> Flow[Mapping[str, Any]]:
    """Check a company's legal representatives; Auco does not document the answer's shape, so it comes as it is."""
    digits = document_number.isascii() and document_number.isdecimal() and len(document_number) == 9
    wrong = {"document_number": country == "CO" and not digits}
    refuse(named(wrong, "must be nine digits", "give a Colombian NIT without its check digit"))
    body = {
        "email": provider.acting(requested_by),
        "documentNumber": document_number,
        "country": country,
        **given(complete=complete, tags=listed(tags), targetWebhooks=listed(target_webhooks)),
    }
    reply = yield Call.post("/validate/company/representatives", json=body)
    return read_object(reply, "the company's representatives")
