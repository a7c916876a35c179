"""Edition: take a process back and send another in its place. It throws away what people have signed already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from esign_auco.operations.shared import owned, target
from esign_auco.provider import Auco
from esign_auco.wire import actions
from esign_auco.wire.editing import Edition, load_edition
from esign_auco.wire.fields import Path, choose
from esign_auco.wire.placing import unplaced
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem
from esign_core.model.process import Process
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow
from esign_core.providers.validation import draft_problems

__all__ = ["SIGNATURES_WILL_BE_LOST", "edit", "edition", "overwrite"]

SIGNATURES_WILL_BE_LOST = "signatures will be lost"
"""The word by which a caller says that they know: give it as `confirm`."""


def edit(provider: Auco, process_id: str, *, confirm: str) -> Flow[Mapping[str, Any]]:
    """Put a process in edition: signatures, proofs of identity and links sent so far are gone for good.

    Args:
        provider: the account's provider.
        process_id: a document, contract or package that is not signed by all, rejected, expired or in edition already.
        confirm: `operations.SIGNATURES_WILL_BE_LOST`.
    """
    _confirmed(confirm)
    body = target(provider, process_id)
    reply = yield Call.post(_address(provider, process_id), json=body, process_id=process_id)
    return actions.load_message(reply)


def edition(provider: Auco, process_id: str, *, now: datetime | None = None) -> Flow[Edition]:
    """Read what is in edition."""
    query = target(provider, process_id)
    reply = yield Call.get(_address(provider, process_id), query=query, process_id=process_id)
    return load_edition(reply, process_id, now)


def overwrite(provider: Auco, process_id: str, draft: ProcessDraft, *, now: datetime, confirm: str) -> Flow[Process]:
    """Send a draft in place of a process in edition, which keeps its id; what the draft leaves out is erased.

    Args:
        provider: the account's provider.
        process_id: a process in edition. The documents of a package get new codes.
        draft: the whole process anew; every box says its page_size, for nothing is filled in here.
        now: the present moment, by which the draft's expiry is judged.
        confirm: `operations.SIGNATURES_WILL_BE_LOST`.
    """
    _confirmed(confirm)
    owned(provider, process_id)
    refuse(draft_problems(draft, now))
    refuse((*provider.check(draft, now), *unplaced(draft), *_fit(provider, process_id, draft)))
    return (yield from provider.send(draft, over=process_id))


def _address(provider: Auco, process_id: str) -> str:
    return "/package/edit" if provider.is_package(process_id) else "/document/edit"


def _confirmed(confirm: str) -> None:
    if confirm != SIGNATURES_WILL_BE_LOST:
        hint = f"if that is what you want, give confirm={SIGNATURES_WILL_BE_LOST!r}"
        refuse([Problem(path="confirm", message="does not say that signatures will be lost", hint=hint)])


def _fit(provider: Auco, process_id: str, draft: ProcessDraft) -> list[Problem]:
    path = choose(draft)
    fits = path.is_package if provider.is_package(process_id) else path in (Path.UPLOAD, Path.SAVE)
    if fits:
        return []
    hint = "a document is overwritten by one PDF or template, a package by several of one kind"
    return [Problem(path="documents", message="cannot stand in for this process", hint=hint, unsupported=True)]
