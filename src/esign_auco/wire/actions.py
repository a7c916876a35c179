"""What answers to actions say: the tally of a cancel, who was notified, and the roadmap's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from esign_auco.statuses import kind_of
from esign_auco.wire.kit import read, read_object
from esign_core.model.drafts import Channel, Role
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Signer, TimelineEntry
from esign_core.providers.convert import Text, lenient_instant, wired
from esign_core.providers.flow import Reply

__all__ = [
    "Activity",
    "Author",
    "Cancelled",
    "Failures",
    "Reactivated",
    "Roadmap",
    "Traveller",
    "load_cancelled",
    "load_message",
    "load_reactivated",
    "load_roadmap",
    "timeline_of",
]

_CHANNELS = {"EMAIL": Channel.EMAIL, "WHATSAPP": Channel.WHATSAPP}
_ROLES = {"SIGNER": Role.SIGNER, "APPROVER": Role.APPROVER}


@attrs.frozen(kw_only=True)
class Failures:
    """How many documents were not cancelled, and which."""

    count: int = wired("cant")
    documents: tuple[str, ...] = wired("documents", ())


@attrs.frozen(kw_only=True)
class Cancelled:
    """The tally of a cancel; HTTP 200 alone does not mean that anything was cancelled."""

    success: int = wired("success")
    errors: Failures = wired("errors")
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Reactivated:
    """Who was notified when a process was reopened."""

    notifications: int = wired("notifications")
    users: tuple[str, ...] = wired("users", (), repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Author:
    """Who created a process."""

    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)


@attrs.frozen(kw_only=True)
class Traveller:
    """A person of the roadmap; readers, and people who did nothing yet, have no id."""

    role: str = wired("role")
    id: Text = wired("id", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    phone: Text = wired("phone", None, repr=False)
    location: Any = wired("location", None, repr=False)
    ip_address: Text = wired("ipAddress", None, repr=False)
    """A free text that holds more than an address."""


@attrs.frozen(kw_only=True)
class Activity:
    """One line of the roadmap."""

    action: str = wired("action")
    platform: str = wired("platform")
    participant: str = wired("participant")
    """A person's id, or `ARCHIVE` for what concerns the process as a whole."""
    timestamp: str = wired("timestamp")
    by: Text = wired("by", None, repr=False)
    ip: Text = wired("ip", None, repr=False)
    message: Text = wired("message", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Roadmap:
    """The whole history of a document, oldest first."""

    name: Text = wired("name", None, repr=False)
    document_code: Text = wired("documentCode", None)
    created_at: Text = wired("createdAt", None)
    author: Author | None = wired("author", None)
    participants: tuple[Traveller, ...] = wired("participants", ())
    activity_log: tuple[Activity, ...] = wired("activityLog")
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_cancelled(reply: Reply) -> Cancelled:
    """Read the tally of a cancel.

    Raises:
        UnreadableReplyError: it is none, or counts nothing at all.
    """
    tally = read(Cancelled, read_object(reply, "the tally"), "the tally")
    if tally.success < 1 and tally.errors.count < 1:
        raise UnreadableReplyError("the vendor's answer is not what was due: the tally counts no document at all")
    return tally


def load_message(reply: Reply) -> Mapping[str, Any]:
    """Read an answer that only says it was done: `{"message": "OK"}`, `REMINDER_SENT`, `DOCUMENT_MODIFIED`.

    Raises:
        UnreadableReplyError: it says nothing.
    """
    tree = read_object(reply, "the confirmation")
    said = tree.get("message", tree.get("response"))
    if not isinstance(said, str):
        raise UnreadableReplyError("the vendor's answer is not what was due: the confirmation has no message")
    return tree


def load_reactivated(reply: Reply) -> Reactivated:
    """Read who was notified when a process was reopened.

    Raises:
        UnreadableReplyError: it does not say.
    """
    return read(Reactivated, read_object(reply, "the reopened process"), "the reopened process")


def load_roadmap(reply: Reply) -> Roadmap:
    """Read a document's history.

    Raises:
        UnreadableReplyError: it is none.
    """
    tree = read_object(reply, "the history")
    roadmap = read(Roadmap, tree, "the history")
    lines = [attrs.evolve(line, raw=raw) for line, raw in zip(roadmap.activity_log, tree["activityLog"], strict=True)]
    return attrs.evolve(roadmap, activity_log=tuple(lines))


def timeline_of(roadmap: Roadmap) -> tuple[TimelineEntry, ...]:
    """Return a document's history in neutral words."""
    people = {person.id: person for person in roadmap.participants if person.id}
    return tuple(
        TimelineEntry(
            kind=kind_of(line.action).value,
            vendor_status=line.action,
            at=lenient_instant(line.timestamp),
            participant=_signer(people[line.participant]) if line.participant in people else None,
            channel=_CHANNELS.get(line.platform),
            message=line.message,
            raw=line.raw,
        )
        for line in roadmap.activity_log
    )


def _signer(person: Traveller) -> Signer:
    return Signer(
        id=person.id or "",
        name=person.name or "",
        email=person.email,
        phone=person.phone,
        role=_ROLES.get(person.role),
    )
