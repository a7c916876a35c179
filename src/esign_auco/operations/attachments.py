"""Attachments: the files asked of signers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.operations.shared import ProcessOrId, given, owned, target
from esign_auco.provider import Auco
from esign_auco.statuses import ATTACHMENT_SIGNER
from esign_auco.wire.loading import Link, answered_at, read, read_object, unexpected
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.process import Signer
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Call, Flow, Reply, Save

__all__ = [
    "AttachedFile",
    "AttachmentSigner",
    "Attachments",
    "LIFETIME",
    "WireAttachments",
    "WireFile",
    "WireSigner",
    "attachments",
    "download_attachments",
    "load_attachments",
]

LIFETIME = timedelta(seconds=300)
"""How long the address of an attachment holds."""


@attrs.frozen(kw_only=True)
class WireFile:
    """One file as the answer has it."""

    name: Text = wired("name", None, repr=False)
    url: Text = wired("url", None, repr=False)


@attrs.frozen(kw_only=True)
class WireSigner:
    """One person as the answer has them; status and files come only where the person was asked for by id."""

    user_id: Text = wired("userId", None)
    id: Text = wired("id", None)
    email: Text = wired("email", None, repr=False)
    name: Text = wired("name", None, repr=False)
    status: Text = wired("status", None)
    files: tuple[WireFile, ...] | None = wired("files", None)


@attrs.frozen(kw_only=True)
class WireAttachments:
    """The answer, with `signers` for a whole process or `signer` for one person."""

    package: Text = wired("package", None)
    code: Text = wired("code", None)
    name: Text = wired("name", None, repr=False)
    finish: Flag = wired("finish", None)
    signers: tuple[WireSigner, ...] | None = wired("signers", None)
    signer: WireSigner | None = wired("signer", None)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class AttachedFile:
    """A file asked of a person."""

    name: str = attrs.field(repr=False)
    link: Link | None = None
    """Where it is; None before it was uploaded."""


@attrs.frozen(kw_only=True)
class AttachmentSigner:
    """A person who was asked for files."""

    signer: Signer
    """Its status is known only where the person was asked for by id."""
    files: tuple[AttachedFile, ...] = ()


@attrs.frozen(kw_only=True)
class Attachments:
    """The files asked of the signers of a process."""

    package: str | None = None
    code: str | None = None
    name: str = attrs.field(default="", repr=False)
    finished: bool | None = None
    """True: nothing more is expected of the signers."""
    signers: tuple[AttachmentSigner, ...] = ()
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_attachments(reply: Reply, now: datetime | None) -> Attachments:
    """Read which files were asked for and which have arrived.

    Raises:
        UnreadableReplyError: the answer lists no people.
    """
    answer = read(WireAttachments, read_object(reply, "the attachments"), "the attachments")
    people = (answer.signer,) if answer.signer else answer.signers
    if people is None:
        raise unexpected("the attachments list no people")
    moment = answered_at(reply, now)
    return Attachments(
        package=answer.package,
        code=answer.code,
        name=answer.name or "",
        finished=answer.finish,
        signers=tuple(_signer(person, moment) for person in people),
        raw=answer.raw,
    )


def _signer(person: WireSigner, moment: datetime | None) -> AttachmentSigner:
    signer = Signer(id=person.user_id or person.id or "", name=person.name or "", email=person.email)
    if person.status is not None:
        status, detail = ATTACHMENT_SIGNER.read(person.status)
        signer = attrs.evolve(signer, status=status, status_detail=detail)
    files = tuple(
        AttachedFile(name=file.name or "", link=Link.made(file.url, LIFETIME, moment)) for file in person.files or ()
    )
    return AttachmentSigner(signer=signer, files=files)


def attachments(
    provider: Auco, process_id: ProcessOrId, signer_id: str | None = None, *, now: datetime | None = None
) -> Flow[Attachments]:
    """Read which files were asked of the signers; with a signer's id, also how far they are and where the files are."""
    process_id = owned(provider, process_id)
    query = target(provider, process_id) | given(userId=signer_id)
    reply = yield Call.get("/attachments", query=query, process_id=process_id)
    return load_attachments(reply, now)


def download_attachments(provider: Auco, process_id: ProcessOrId, signer_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the files that one person has uploaded; empty where there are none."""
    process_id = owned(provider, process_id)
    query = target(provider, process_id) | given(userId=signer_id)
    answer = load_attachments((yield Call.get("/attachments", query=query, process_id=process_id)), None)
    files: list[SignedFile] = []
    for person in answer.signers:
        for asked in person.files:
            if asked.link is None:
                continue
            save = Save(asked.name or "attachment", kind=FileKind.ATTACHMENT)
            reply = yield Call.get(asked.link.url, save=save, anonymous=True, process_id=process_id)
            files += [reply.file] if reply.file else []
    return tuple(files)
