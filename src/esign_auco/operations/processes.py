"""Processes as a whole: their history in Auco's words, several cancelled at once, forms to fill in, files asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from esign_auco.operations.shared import given, owned, target
from esign_auco.provider import Auco
from esign_auco.wire import actions
from esign_auco.wire.attachments import Attachments, load_attachments
from esign_auco.wire.created import load_created
from esign_auco.wire.creation import merged, template_data
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.providers.convert import format_instant
from esign_core.providers.flow import Call, Flow, Save
from esign_core.providers.validation import is_email

__all__ = ["attachments", "cancel_documents", "download_attachments", "prebuild", "roadmap"]


def roadmap(provider: Auco, process_id: str) -> Flow[actions.Roadmap]:
    """Read a document's history with everything Auco tells: who created it, from where people acted."""
    return (yield from provider.roadmap(owned(provider, process_id)))


def cancel_documents(
    provider: Auco, codes: Iterable[str], *, reason: str = "", requested_by: str | None = None
) -> Flow[actions.Cancelled]:
    """Cancel several documents in one call; the tally says which could not be."""
    listed = [owned(provider, code) for code in codes]
    body = {
        "codes": listed,
        "message": reason.strip() or provider.settings.cancel_message,
        "email": provider.acting(requested_by),
    }
    reply = yield Call.post("/document/cancel", json=body)
    return actions.load_cancelled(reply)


def prebuild(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    *,
    template_id: str,
    name: str,
    email_to: str,
    values: Mapping[str, Any],
    sign: bool = True,
    notify: bool = True,
    folder: str | None = None,
    expires_at: datetime | None = None,
    extras: Mapping[str, Any] | None = None,
) -> Flow[str]:
    """Fill in part of a custom document and let somebody complete it before it goes to be signed.

    Args:
        provider: the account's provider.
        template_id: the custom document.
        name: of the process.
        email_to: who completes the data.
        values: what is filled in beforehand, by the names of the variables that allow it.
        sign: False has the completed document e-mailed for printing instead.
        notify: whether Auco asks `email_to`.
        folder: a path.
        expires_at: an aware datetime, more than 3 days ahead.
        extras: Auco's own parameters, such as `camera`, `otpCode` and `options`.

    Returns:
        The code of the new document.
    """
    if not is_email(email_to):
        problem = Problem(path="email_to", message="is no e-mail address", hint="give that of whoever completes it")
        raise InvalidRequestError(problems=[problem])
    body = {
        "email": provider.acting(None),
        "name": name,
        "document": template_id,
        "preBuild": template_data(values),
        "sign": sign,
        "notification": notify,
        "emailTo": email_to,
        **given(folder=folder, expiredDate=None if expires_at is None else format_instant(expires_at)),
    }
    reply = yield Call.post("/document/prebuild", json=merged(body, extras or {}))
    return load_created(reply).process_id or ""


def attachments(
    provider: Auco, process_id: str, signer_id: str | None = None, *, now: datetime | None = None
) -> Flow[Attachments]:
    """Read which files were asked of the signers; with a signer's id, also how far they are and where the files are."""
    query = target(provider, process_id) | given(userId=signer_id)
    reply = yield Call.get("/attachments", query=query, process_id=process_id)
    return load_attachments(reply, now)


def download_attachments(provider: Auco, process_id: str, signer_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the files one person has uploaded; none where they have not."""
    answer = yield from attachments(provider, process_id, signer_id)
    files: list[SignedFile] = []
    for person in answer.signers:
        for asked in person.files:
            if asked.link is None:
                continue
            save = Save(asked.name or "attachment", kind=FileKind.ATTACHMENT)
            reply = yield Call.get(asked.link.url, save=save, anonymous=True, process_id=process_id)
            files += [reply.file] if reply.file else []
    return tuple(files)
