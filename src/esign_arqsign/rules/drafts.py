"""The rules of a draft that only ArqSign has, and the notes about what will happen to a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from esign_arqsign.capabilities import CAPABILITIES
from esign_arqsign.rules.signers import signer_problems
from esign_arqsign.settings import ArqSignSettings, is_guid
from esign_arqsign.wire import choices
from esign_arqsign.wire.fields import too_long
from esign_arqsign.wire.requests import SEND
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem
from esign_core.providers.validation import repeated

__all__ = ["MOST_BYTES", "MOST_DOCUMENTS", "draft_notes", "draft_problems"]

MOST_DOCUMENTS = 25
"""How many documents a process may have."""

MOST_BYTES = 100 * 1024 * 1024
"""How many bytes all documents of a process may have together, before they are encoded."""

_LAST_ORDER = 255
_LONGEST_NAME = 150


def draft_problems(draft: ProcessDraft, settings: ArqSignSettings, now: datetime) -> tuple[Problem, ...]:
    """Return everything that ArqSign cannot take of a draft that is well-formed."""
    return (
        *CAPABILITIES.missing(_choosing(draft)),
        *_lengths(draft),
        *_settings(draft, settings),
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


def draft_notes(draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
    """Return what will happen to a draft that can be sent: a deadline that is not a whole number of days away."""
    found = None if draft.expires_at is None else choices.expiry(draft.expires_at, now)
    if found is None or found == draft.expires_at:
        return ()
    message = f"ArqSign counts whole days: the process stays open until {found.isoformat(timespec='minutes')}"
    hint = "nothing needs to be changed; give a whole number of days from now for another moment"
    return (Problem(path="expires_at", message=message, hint=hint, note=True),)


def _settings(draft: ProcessDraft, settings: ArqSignSettings) -> Iterator[Problem]:
    """Yield the settings that only a create needs, as far as the account lacks them."""
    if settings.subscription_key is None:
        hint = "set it to one of the account's two subscription keys"
        yield Problem.invalid("subscription_key", "must be set in the account to create processes", hint)
    if settings.responsible_id is None and "idResponsavel" not in draft.extras:
        hint = "set it to the GUID of the user who sends: operations.users lists them"
        yield Problem.invalid("responsible_id", "must be set in the account to create processes", hint)
    if draft.folder is None and settings.folder_id is None and "idPasta" not in draft.extras:
        hint = "give its GUID, or set folder_id in the account: operations.folders lists them"
        yield Problem.invalid("folder", "must be given, as the account's folder_id is not set", hint)


def _lengths(draft: ProcessDraft) -> Iterator[Problem]:
    for path, limit in too_long(draft, SEND):
        yield Problem.invalid(path, f"is longer than ArqSign's {limit} characters", "shorten it")


def _whole(draft: ProcessDraft, now: datetime) -> Iterator[Problem]:
    if draft.folder is not None and not is_guid(draft.folder):
        yield Problem.invalid(
            "folder", "must be the id of a folder at ArqSign", "give its GUID: operations.folders lists them"
        )
    if draft.expires_at is not None and choices.expiry(draft.expires_at, now) is None:
        hint = f"ArqSign keeps a process open for 1 to {choices.MOST_DAYS} days"
        yield Problem.invalid("expires_at", "is too far away", hint)
    if draft.remind_every is not None:
        whole = draft.remind_every % timedelta(days=1) == timedelta(0)
        if not whole or draft.remind_every > timedelta(days=choices.MOST_DAYS):
            hint = "give for example timedelta(days=3)"
            yield Problem.invalid("remind_every", f"must be a whole number of days, 1 to {choices.MOST_DAYS}", hint)


def _documents(draft: ProcessDraft) -> Iterator[Problem]:
    if len(draft.documents) > MOST_DOCUMENTS:
        yield Problem.invalid(
            "documents", f"are more than {MOST_DOCUMENTS}", "send several processes, or join documents into one PDF"
        )
    files = [document for document in draft.documents if isinstance(document, Document)]
    if sum(document.size or 0 for document in files) > MOST_BYTES:
        yield Problem.invalid(
            "documents", "are more than 100 MB together", "send several processes, or make smaller files"
        )
    names = [document.name if isinstance(document, Document) else None for document in draft.documents]
    for index, name in enumerate(names):
        if name and len(name) <= _LONGEST_NAME < len(choices.file_name(name)):
            hint = f"with the ending .pdf it is longer than ArqSign's {_LONGEST_NAME} characters: shorten it"
            yield Problem.invalid(f"documents[{index}].name", "is too long", hint)
    for index in repeated(name and choices.file_name(name.strip()) for name in names):
        yield Problem.invalid(f"documents[{index}].name", "is there twice", "give each document its own name")


def _people(draft: ProcessDraft) -> Iterator[Problem]:
    """Yield the contacts that stand twice in the same place of the order."""
    contacts = [_contact(draft, index) for index in range(len(draft.signers))]
    for index in repeated(contacts):
        part = "email" if choices.contact(draft.signers[index])[0] else "phone"
        hint = "give each person their own contact, or put them one after another by order"
        yield Problem.invalid(f"signers[{index}].{part}", "belongs to another signer too", hint)
    for index in repeated(recipient.email for recipient in draft.cc):
        yield Problem.invalid(f"cc[{index}].email", "is there twice", "name each copy recipient once")


def _contact(draft: ProcessDraft, index: int) -> str | None:
    given = next(filter(None, choices.contact(draft.signers[index])), None)
    return given and f"{choices.order_of(draft, index)} {given.strip()}"


def _order(draft: ProcessDraft) -> Iterator[Problem]:
    if not draft.ordered:
        return
    given = [signer.order is not None for signer in draft.signers]
    for index, signer in enumerate(draft.signers):
        if any(given) and signer.order is None:
            yield Problem.invalid(
                f"signers[{index}].order", "is missing", "give every signer an order, or none of them"
            )
        elif choices.order_of(draft, index) > _LAST_ORDER:
            yield Problem.invalid(f"signers[{index}].order", f"is more than {_LAST_ORDER}", "count the order from 1")
