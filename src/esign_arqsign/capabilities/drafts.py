"""The rules a draft has to keep at ArqSign, beside those that hold everywhere; all that is broken is told at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from esign_arqsign.capabilities import CAPABILITIES
from esign_arqsign.capabilities.signers import signer_problems
from esign_arqsign.settings import ArqSignSettings, is_guid
from esign_arqsign.wire import choices
from esign_arqsign.wire.fields import SEND, too_long
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem
from esign_core.providers.validation import repeated

__all__ = ["MOST_BYTES", "MOST_DOCUMENTS", "draft_problems"]

MOST_DOCUMENTS = 25
"""How many documents a process may have."""

MOST_BYTES = 100 * 1024 * 1024
"""How many bytes all documents of a process may have together, before they are encoded."""

_MOST_DAYS = 999
_LAST_ORDER = 255
_LONGEST_NAME = 150


def draft_problems(draft: ProcessDraft, settings: ArqSignSettings, now: datetime) -> tuple[Problem, ...]:
    """Return everything that ArqSign cannot take of a draft that is well-formed."""
    return (
        *CAPABILITIES.missing(_choosing(draft)),
        *_lengths(draft),
        *_whole(draft, now),
        *_documents(draft),
        *_people(draft),
        *_order(draft),
        *(problem for index in range(len(draft.signers)) for problem in signer_problems(draft, index, settings)),
    )


def _choosing(draft: ProcessDraft) -> ProcessDraft:
    """Return the draft without choices of documents that choose them all: that is what happens here anyway."""
    every = set(range(len(draft.documents)))
    signers = [
        attrs.evolve(signer, documents=None) if set(signer.documents or ()) == every else signer
        for signer in draft.signers
    ]
    return attrs.evolve(draft, signers=signers)


def _problem(path: str, message: str, hint: str) -> Problem:
    return Problem(path=path, message=message, hint=hint)


def _lengths(draft: ProcessDraft) -> Iterator[Problem]:
    for path, limit in too_long(draft, SEND):
        yield _problem(path, f"is longer than ArqSign's {limit} characters", "shorten it")


def _whole(draft: ProcessDraft, now: datetime) -> Iterator[Problem]:
    if draft.folder is not None and not is_guid(draft.folder):
        yield _problem("folder", "is no id of a folder at ArqSign", "give its GUID: operations.folders lists them")
    if draft.expires_at is not None:
        days = choices.days_until(draft.expires_at, now)
        if days < 1:
            yield _problem(
                "expires_at", "is too near", "ArqSign counts whole days: give a date a day from now or later"
            )
        elif days > _MOST_DAYS:
            yield _problem(
                "expires_at", "is too far away", f"ArqSign keeps a process open for {_MOST_DAYS} days at most"
            )
    if draft.remind_every is not None:
        whole = draft.remind_every % timedelta(days=1) == timedelta(0)
        if not whole or draft.remind_every > timedelta(days=_MOST_DAYS):
            hint = f"ArqSign reminds every 1 to {_MOST_DAYS} days: give for example timedelta(days=3)"
            yield _problem("remind_every", "is no whole number of days that ArqSign takes", hint)


def _documents(draft: ProcessDraft) -> Iterator[Problem]:
    if len(draft.documents) > MOST_DOCUMENTS:
        yield _problem(
            "documents", f"are more than {MOST_DOCUMENTS}", "send several processes, or join documents into one PDF"
        )
    files = [document for document in draft.documents if isinstance(document, Document)]
    if sum(document.size or 0 for document in files) > MOST_BYTES:
        yield _problem("documents", "are more than 100 MB together", "send several processes, or make smaller files")
    names = [document.name if isinstance(document, Document) else None for document in draft.documents]
    for index, name in enumerate(names):
        if name and len(name) <= _LONGEST_NAME < len(choices.file_name(name)):
            hint = f"with the ending .pdf it is longer than ArqSign's {_LONGEST_NAME} characters: shorten it"
            yield _problem(f"documents[{index}].name", "is too long", hint)
    for index in repeated(name and choices.file_name(name.strip()) for name in names):
        yield _problem(f"documents[{index}].name", "is there twice", "give each document its own name")


def _people(draft: ProcessDraft) -> Iterator[Problem]:
    """The same contact may not stand twice in the same place of the order."""
    contacts = [_contact(draft, index) for index in range(len(draft.signers))]
    for index in repeated(contacts):
        part = "email" if choices.contact(draft.signers[index])[0] else "phone"
        hint = "give each person their own contact, or put them one after another by order"
        yield _problem(f"signers[{index}].{part}", "is somebody else's too", hint)
    for index in repeated(recipient.email for recipient in draft.cc):
        yield _problem(f"cc[{index}].email", "is there twice", "name each copy recipient once")


def _contact(draft: ProcessDraft, index: int) -> str | None:
    given = next(filter(None, choices.contact(draft.signers[index])), None)
    return given and f"{choices.order_of(draft, index)} {given.strip()}"


def _order(draft: ProcessDraft) -> Iterator[Problem]:
    if not draft.ordered:
        return
    given = [signer.order is not None for signer in draft.signers]
    for index, signer in enumerate(draft.signers):
        if any(given) and signer.order is None:
            yield _problem(f"signers[{index}].order", "is missing", "give every signer an order, or none of them")
        elif choices.order_of(draft, index) > _LAST_ORDER:
            yield _problem(f"signers[{index}].order", f"is more than {_LAST_ORDER}", "count the order from 1")
