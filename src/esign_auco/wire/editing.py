"""Processes in edition: what waits to be sent anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.statuses import EDITED_SIGNER
from esign_auco.wire.kit import Link, answered_at, read, read_object
from esign_core.model.process import Signer
from esign_core.providers.convert import Text, wired
from esign_core.providers.flow import Reply

LIFETIME = timedelta(minutes=5)
"""How long the addresses of documents in edition hold."""


@attrs.frozen(kw_only=True)
class WireEdited:
    """A person or a document in edition, as the answer has it."""

    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    id: Text = wired("id", None)
    status: Text = wired("status", None)
    code: Text = wired("code", None)
    url: Text = wired("url", None, repr=False)
    signers: tuple[WireEdited, ...] | None = wired("signProfile", None)


@attrs.frozen(kw_only=True)
class WireEdition:
    """A process in edition, as the answer has it."""

    name: Text = wired("name", None, repr=False)
    subject: Text = wired("subject", None, repr=False)
    message: Text = wired("message", None, repr=False)
    code: Text = wired("code", None)
    url: Text = wired("url", None, repr=False)
    signers: tuple[WireEdited, ...] | None = wired("signers", None)
    sign_profile: tuple[WireEdited, ...] | None = wired("signProfile", None)
    documents: tuple[WireEdited, ...] | None = wired("documents", None)


@attrs.frozen(kw_only=True)
class EditedDocument:
    """A document of a process in edition."""

    code: str = ""
    name: str = attrs.field(default="", repr=False)
    link: Link | None = None
    signers: tuple[Signer, ...] = ()


@attrs.frozen(kw_only=True)
class Edition:
    """A process that was put in edition, as it waits to be sent anew."""

    name: str = attrs.field(default="", repr=False)
    subject: str | None = attrs.field(default=None, repr=False)
    message: str | None = attrs.field(default=None, repr=False)
    signers: tuple[Signer, ...] = ()
    documents: tuple[EditedDocument, ...] = ()
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_edition(reply: Reply, process_id: str, now: datetime | None) -> Edition:
    """Read a process in edition; a document is told as a process of one.

    Raises:
        UnreadableReplyError: it is none.
    """
    tree = read_object(reply, "the process in edition")
    answer = read(WireEdition, tree, "the process in edition")
    people = answer.signers or answer.sign_profile or ()
    moment = answered_at(reply, now)
    parts = answer.documents
    if parts is None:
        parts = (WireEdited(code=answer.code or process_id, name=answer.name, url=answer.url, signers=people),)
    return Edition(
        name=answer.name or "",
        subject=answer.subject,
        message=answer.message,
        signers=tuple(map(_edited, people)),
        documents=tuple(
            EditedDocument(
                code=part.code or "",
                name=part.name or "",
                link=Link.made(part.url, LIFETIME, moment),
                signers=tuple(map(_edited, part.signers or ())),
            )
            for part in parts
        ),
        raw=tree,
    )


def _edited(person: WireEdited) -> Signer:
    signer = Signer(id=person.id or "", name=person.name or "", email=person.email)
    if person.status is None:
        return signer
    status, detail = EDITED_SIGNER.read(person.status)
    return attrs.evolve(signer, status=status, status_detail=detail)
