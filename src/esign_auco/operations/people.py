"""One person of a process: reminded, unblocked, let in to sign inside your own page, and the traces they left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from esign_auco.operations.shared import owned
from esign_auco.provider import Auco
from esign_auco.settings import Dialect
from esign_auco.wire import actions
from esign_auco.wire.evidence import Evidence, load_evidence
from esign_auco.wire.whatsapp import WhatsAppRecord, load_records
from esign_core.model.errors import NotFoundError, Problem, UnsupportedError
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow

__all__ = ["APPROVED", "AccessCode", "access_code", "remind", "signer_images", "unlock", "whatsapp_records"]

APPROVED = "Identidad aprobada por el remitente."
"""What is recorded when a blocked person is approved and no message is given, for Auco demands one."""

_ACTIONS = ("approve", "reject", "reset", "cancel")
_WITH_MESSAGE: Mapping[Dialect, tuple[str, ...]] = {"classic": ("cancel",), "current": ("approve", "cancel")}


@attrs.frozen(kw_only=True)
class AccessCode:
    """What the vendor's web component needs to let a person sign inside your own page."""

    document: str = attrs.field(repr=False)
    """`sdkData.document`: the process's id with the person's behind it. Whoever has it can sign: keep it secret."""
    sign_flow: str | None = None
    """`signFlow`: `package` for a package, and nothing otherwise."""


def access_code(provider: Auco, process_id: str, signer_id: str) -> Flow[AccessCode]:
    """Return what embeds the signing page of one person, who should have been left without notification."""
    yield from ()
    owned(provider, process_id)
    flow = "package" if provider.is_package(process_id) else None
    return AccessCode(document=process_id + _signer(signer_id), sign_flow=flow)


def remind(provider: Auco, process_id: str, signer_id: str) -> Flow[Mapping[str, Any]]:
    """Remind one person of a document or a package; `client.resend` reminds all at once."""
    owned(provider, process_id)
    reply = yield from provider.remind(process_id, _signer(signer_id))
    return actions.load_message(reply)


def unlock(
    provider: Auco,
    code: str,
    *,
    action: Literal["approve", "reject", "reset", "cancel"],
    message: str | None = None,
    requested_by: str | None = None,
    dialect: Dialect = "current",
) -> Flow[Mapping[str, Any]]:
    """Decide about somebody who was blocked after three failed attempts to show who they are.

    Args:
        provider: the account's provider.
        code: the process's id with the person's behind it, as `access_code` makes it.
        action: `approve` accepts the identity, `reject` refuses it, `reset` starts again (over WhatsApp; elsewhere
            like `reject`), `cancel` cancels the process.
        message: why. Auco demands one for `approve` and `cancel` and refuses it for the others; where it is demanded
            and not given, `APPROVED` or the account's `cancel_message` is sent.
        requested_by: the user who decides; the account's sender otherwise.
        dialect: `classic` for Auco's older rule, by which only `cancel` has a message.
    """
    if not (code.isascii() and code.isalnum()):
        raise NotFoundError(hint="Give the process's id with the signer's id behind it, with nothing in between.")
    refuse(_unlock_problems(action, message, dialect))
    body = {"code": code, "email": provider.acting(requested_by), "status": action}
    if action in _WITH_MESSAGE[dialect]:
        body["message"] = message or (APPROVED if action == "approve" else provider.settings.cancel_message)
    # The person's id is the code's last two characters: what is before them says which process it is about.
    process_id = code[:-2] if provider.owns(code[:-2]) else None
    reply = yield Call.post("/document/unlock", json=body, process_id=process_id)
    return actions.load_message(reply)


def _unlock_problems(action: str, message: str | None, dialect: Dialect) -> list[Problem]:
    if action not in _ACTIONS:
        return [Problem(path="action", message="is none that Auco knows", hint=f"one of {', '.join(_ACTIONS)}")]
    if message is not None and action not in _WITH_MESSAGE[dialect]:
        return [Problem(path="message", message=f"has no place with {action!r}", hint="leave it out")]
    return []


def whatsapp_records(provider: Auco, code: str, signer_id: str | None = None) -> Flow[tuple[WhatsAppRecord, ...]]:
    """Read the WhatsApp conversation with one person of a process, or of an AucoFace validation (no `signer_id`)."""
    del provider
    query = {"code": code} if signer_id is None else {"code": code, "userId": signer_id}
    reply = yield Call.get("/whatsapp/records", query=query, process_id=code)
    return load_records(reply)


def signer_images(provider: Auco, process_id: str, *, now: datetime | None = None) -> Flow[tuple[Evidence, ...]]:
    """Read what each signer of a document showed of themselves: photo, identity document, and how alike they are."""
    owned(provider, process_id)
    if provider.is_package(process_id):
        raise UnsupportedError(
            "Auco shows images document by document",
            process_id=process_id,
            hint="Ask for each of the package's documents: process.documents.",
        )
    query = {"code": process_id, "image": "true"}
    reply = yield Call.get("/document", query=query, process_id=process_id)
    return load_evidence(reply, now)


def _signer(signer_id: str) -> str:
    if not (signer_id.isascii() and signer_id.isalnum()):
        problem = Problem(path="signer_id", message="is no signer's id", hint="two letters or digits: process.signers")
        refuse([problem])
    return signer_id
