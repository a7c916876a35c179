"""One person of a process: remind, unblock, and embed the signing page in your own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from esign_auco.operations.shared import ProcessOrId, owned
from esign_auco.provider import Auco
from esign_auco.settings import Dialect
from esign_auco.wire import responses
from esign_core.model.errors import NotFoundError, Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow

__all__ = ["APPROVED", "AccessCode", "access_code", "remind", "unlock"]

APPROVED = "Identidad aprobada por el remitente."
"""Recorded when a blocked person is approved without a message, because Auco requires one."""

_ACTIONS = ("approve", "reject", "reset", "cancel")
_WITH_MESSAGE: Mapping[Dialect, tuple[str, ...]] = {"classic": ("cancel",), "current": ("approve", "cancel")}


@attrs.frozen(kw_only=True)
class AccessCode:
    """What the vendor's web component needs to let a person sign inside your own page."""

    document: str = attrs.field(repr=False)
    """`sdkData.document`: the id of the process followed by that of the person. It allows signing: keep it secret."""
    sign_flow: str | None = None
    """`signFlow`: `package` for a package, and nothing otherwise."""


def access_code(provider: Auco, process_id: ProcessOrId, signer_id: str) -> Flow[AccessCode]:
    """Return what embeds the signing page of one person, who should have been left without notification."""
    yield from ()
    process_id = owned(provider, process_id)
    flow = "package" if provider.is_package(process_id) else None
    return AccessCode(document=process_id + _signer(signer_id), sign_flow=flow)


def remind(provider: Auco, process_id: ProcessOrId, signer_id: str) -> Flow[Mapping[str, Any]]:
    """Remind one person of a document or a package; `client.resend` reminds all at once."""
    process_id = owned(provider, process_id)
    reply = yield from provider.remind(process_id, _signer(signer_id))
    return responses.load_message(reply)


def unlock(
    provider: Auco,
    code: str,
    *,
    action: Literal["approve", "reject", "reset", "cancel"],
    message: str | None = None,
    requested_by: str | None = None,
    dialect: Dialect = "current",
) -> Flow[Mapping[str, Any]]:
    """Decide about a person who was blocked after three failed identity checks.

    Args:
        provider: the account's provider.
        code: the id of the process followed by that of the person, as `access_code` makes it.
        action: `approve` accepts the identity, `reject` refuses it, `reset` starts again (over WhatsApp; elsewhere
            like `reject`), `cancel` cancels the process.
        message: why. Auco requires one for `approve` and `cancel` and refuses it for the others; where it is required
            and not given, `APPROVED` or the account's `cancel_message` is sent.
        requested_by: the user who decides; the account's sender otherwise.
        dialect: `classic` for Auco's older rule, by which only `cancel` has a message.
    """
    if not (code.isascii() and code.isalnum()):
        raise NotFoundError(hint="Give the id of the process followed by that of the signer, with nothing in between.")
    refuse(_unlock_problems(action, message, dialect))
    body = {"code": code, "email": provider.acting(requested_by), "status": action}
    if action in _WITH_MESSAGE[dialect]:
        body["message"] = message or (APPROVED if action == "approve" else provider.settings.cancel_message)
    # The person's id is the code's last two characters: the rest is the id of the process.
    process_id = code[:-2] if provider.owns(code[:-2]) else None
    reply = yield Call.post("/document/unlock", json=body, process_id=process_id)
    return responses.load_message(reply)


def _unlock_problems(action: str, message: str | None, dialect: Dialect) -> list[Problem]:
    if action not in _ACTIONS:
        return [Problem.invalid("action", "must be an action that Auco knows", f"give one of {', '.join(_ACTIONS)}")]
    if message is not None and action not in _WITH_MESSAGE[dialect]:
        return [Problem.invalid("message", f"has no place with {action!r}", "leave it out")]
    return []


def _signer(signer_id: str) -> str:
    if not (signer_id.isascii() and signer_id.isalnum()):
        problem = Problem.invalid(
            "signer_id", "must be a signer's id", "give two letters or digits: process.signers has them"
        )
        refuse([problem])
    return signer_id
