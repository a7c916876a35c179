"""Processes as a whole: their history in Auco's words, cancelling several at once, forms to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from esign_auco.operations.shared import ProcessOrId, given, owned
from esign_auco.provider import Auco
from esign_auco.wire import responses
from esign_auco.wire.created import load_created
from esign_auco.wire.requests import template_data
from esign_auco.wire.roadmap import Roadmap
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.providers.convert import format_instant, merge_extras
from esign_core.providers.flow import Call, Flow
from esign_core.providers.validation import is_email

__all__ = ["cancel_documents", "prebuild", "roadmap"]


def roadmap(provider: Auco, process_id: ProcessOrId) -> Flow[Roadmap]:
    """Read a document's history with everything Auco says: the creator, and from where people acted."""
    return (yield from provider.roadmap(owned(provider, process_id)))


def cancel_documents(
    provider: Auco, codes: Iterable[ProcessOrId], *, reason: str = "", requested_by: str | None = None
) -> Flow[responses.Cancelled]:
    """Cancel several documents in one call; the tally says which could not be."""
    wanted = [owned(provider, code) for code in codes]
    body = {
        "codes": wanted,
        "message": reason.strip() or provider.settings.cancel_message,
        "email": provider.acting(requested_by),
    }
    reply = yield Call.post("/document/cancel", json=body)
    return responses.load_cancelled(reply)


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
    """Fill in part of a custom document and let a person complete it before it is signed.

    Args:
        provider: the account's provider.
        template_id: the custom document.
        name: of the process.
        email_to: the person who completes the data.
        values: what is filled in already, by the names of the variables that allow it.
        sign: False has the completed document e-mailed for printing instead.
        notify: whether Auco asks `email_to`.
        folder: a path.
        expires_at: an aware datetime, more than 3 days ahead.
        extras: Auco's own parameters, such as `camera`, `otpCode` and `options`.

    Returns:
        The code of the new document.
    """
    if not is_email(email_to):
        problem = Problem.invalid("email_to", "must be an e-mail address", "give that of the person who completes it")
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
    reply = yield Call.post("/document/prebuild", json=merge_extras(body, extras or {}))
    return load_created(reply).process_id
