"""Read a document's roadmap: its whole history, in the vendor's words and in neutral ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from esign_auco.statuses import kind_of
from esign_auco.wire.loading import phone_of, read, read_object
from esign_core.model.drafts import Channel, Role
from esign_core.model.process import Signer, TimelineEntry
from esign_core.providers.convert import Text, lenient_instant, wired
from esign_core.providers.flow import Reply

__all__ = ["Activity", "Author", "Roadmap", "RoadmapPerson", "load_roadmap", "timeline_of"]

_CHANNELS = {"EMAIL": Channel.EMAIL, "WHATSAPP": Channel.WHATSAPP}
_ROLES = {"SIGNER": Role.SIGNER, "APPROVER": Role.APPROVER}


@attrs.frozen(kw_only=True)
class Author:
    """The user who created a process."""

    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)


@attrs.frozen(kw_only=True)
class RoadmapPerson:
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
    participants: tuple[RoadmapPerson, ...] = wired("participants", ())
    activity_log: tuple[Activity, ...] = wired("activityLog")
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_roadmap(reply: Reply) -> Roadmap:
    """Read a document's history.

    Raises:
        UnreadableReplyError: the answer is not a history.
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


def _signer(person: RoadmapPerson) -> Signer:
    return Signer(
        id=person.id or "",
        name=person.name or "",
        email=person.email,
        phone=phone_of(person.phone),
        role=_ROLES.get(person.role),
    )
