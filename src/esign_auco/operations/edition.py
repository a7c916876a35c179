"""Edition: put a process in edition and replace it. This discards the signatures collected so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.operations.shared import ProcessOrId, owned, target
from esign_auco.provider import Auco
from esign_auco.rules.edits import SIGNATURES_WILL_BE_LOST, confirmation_problems, replacement_problems
from esign_auco.rules.placements import unplaced
from esign_auco.statuses import EDITED_SIGNER
from esign_auco.wire import responses
from esign_auco.wire.loading import Link, answered_at, read, read_object
from esign_core.model.drafts import ProcessDraft
from esign_core.model.process import Process, Signer
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import Text, wired
from esign_core.providers.flow import Call, Flow, Reply
from esign_core.providers.validation import canonical, draft_problems, kind_problems

__all__ = [
    "EditedDocument",
    "Edition",
    "LIFETIME",
    "SIGNATURES_WILL_BE_LOST",
    "WireEdited",
    "WireEdition",
    "edit",
    "edition",
    "load_edition",
    "overwrite",
]

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
    """A process in edition, as it was before."""

    name: str = attrs.field(default="", repr=False)
    subject: str | None = attrs.field(default=None, repr=False)
    message: str | None = attrs.field(default=None, repr=False)
    signers: tuple[Signer, ...] = ()
    documents: tuple[EditedDocument, ...] = ()
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_edition(reply: Reply, process_id: str, now: datetime | None) -> Edition:
    """Read a process in edition; a document is returned as a process of one.

    Raises:
        UnreadableReplyError: the answer is not a process in edition.
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


def edit(provider: Auco, process_id: ProcessOrId, *, confirm: str) -> Flow[Mapping[str, Any]]:
    """Put a process in edition: signatures, proofs of identity and links sent so far are lost.

    Args:
        provider: the account's provider.
        process_id: a document, contract or package that is not signed by all, rejected, expired or in edition already.
        confirm: `operations.SIGNATURES_WILL_BE_LOST`.
    """
    refuse(confirmation_problems(confirm))
    process_id = owned(provider, process_id)
    body = target(provider, process_id)
    reply = yield Call.post(_address(provider, process_id), json=body, process_id=process_id)
    return responses.load_message(reply)


def edition(provider: Auco, process_id: ProcessOrId, *, now: datetime | None = None) -> Flow[Edition]:
    """Read what is in edition."""
    process_id = owned(provider, process_id)
    query = target(provider, process_id)
    reply = yield Call.get(_address(provider, process_id), query=query, process_id=process_id)
    return load_edition(reply, process_id, now)


def overwrite(
    provider: Auco, process_id: ProcessOrId, draft: ProcessDraft, *, now: datetime, confirm: str
) -> Flow[Process]:
    """Send a draft in place of a process in edition, which keeps its id; what the draft leaves out is erased.

    Args:
        provider: the account's provider.
        process_id: a process in edition. The documents of a package get new codes.
        draft: the whole process again; every box needs its page_size, because nothing is filled in here.
        now: the present moment, by which the draft's expiry is judged.
        confirm: `operations.SIGNATURES_WILL_BE_LOST`.
    """
    refuse(confirmation_problems(confirm))
    process_id = owned(provider, process_id)
    refuse(kind_problems(draft))
    draft = canonical(draft)
    refuse(draft_problems(draft, now))
    misfits = replacement_problems(draft, is_package=provider.is_package(process_id))
    refuse((*provider.check(draft, now), *unplaced(draft), *misfits))
    return (yield from provider.send(draft, over=process_id))


def _address(provider: Auco, process_id: str) -> str:
    return "/package/edit" if provider.is_package(process_id) else "/document/edit"
