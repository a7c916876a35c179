"""Interpret outcomes: the one table that decides between refused, succeeded and unknown."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from esign_core.engine.retry import DEFINITE
from esign_core.model.errors import (
    EsignError,
    NotFoundError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.providers.base import error_by_status
from esign_core.providers.flow import Call, Reply

if TYPE_CHECKING:
    from esign_core.engine.attempt import Failure, Outcome
    from esign_core.providers.base import Provider

_LONGEST_SEARCHED = 2000
# What servers and frameworks say of an address that they do not have, in three languages.
_ADDRESS = re.compile(
    r"\b(?:method|metodo|route|ruta|rota|endpoint|url|uri|path)\b.{0,60}?"
    r"(?:not found|not exist|no encontrad|nao encontrad|no existe|nao existe|unknown)"
    r"|\b(?:no|unknown|invalid) (?:such |matching )?(?:method|route|endpoint|http resource|static resource|url|path)\b"
    r"|\bcannot (?:get|head|post|put|patch|delete) /",
    re.DOTALL,
)

_ADVICE = {
    "create": "Do not send it again before you have looked: find the process in the vendor's own console, by its name "
    "and the time, or wait for its webhook.",
    "resend": "Do not resend before you have looked: people may have been notified already.",
    "cancel": "Read the process to see whether it is cancelled; cancelling again is harmless only if it is not.",
}


def interpret(
    provider: Provider, call: Call, outcome: Outcome, operation: str = "", *, had_side_effect: bool
) -> Exception | None:
    """Return the error an outcome means, or None where it is good.

    Args:
        provider: names the errors of its vendor.
        call: the call that was sent.
        outcome: its outcome.
        operation: what the client was asked for, such as "create".
        had_side_effect: an earlier call of the same flow had an effect.
    """
    if outcome.failure is not None:
        return _of_failure(call, outcome.failure, had_side_effect=had_side_effect)
    reply = outcome.reply
    status = 0 if reply is None else reply.status
    if reply is None or not 200 <= status < 300:
        return _of_reply(provider, call, reply or Reply(status=0), operation, had_side_effect=had_side_effect)
    if call.save is not None and (reply.file is None or status == 206):
        what = "the vendor's answer holds no whole file"
        return UnreadableReplyError(what, status=status) if call.repeatable else unknown(what, status=status)
    return None


def _of_failure(call: Call, failure: Failure, *, had_side_effect: bool) -> Exception:
    if call.anonymous and had_side_effect:
        why = failure.error.message if isinstance(failure.error, UnreadableReplyError) else failure.what
        return unknown(f"the process was created, but its document may not have arrived: {why}")
    # A document that changed on its way left a body without its end, on which no vendor can act; an answer that could
    # not be kept was the answer to a whole one.
    if failure.error is not None and (call.repeatable or failure.status is None):
        return failure.error
    if not call.repeatable and failure.sent:
        return unknown(failure.what, status=failure.status)
    if failure.unreadable:
        return UnreadableReplyError(f"the vendor's answer cannot be read: {failure.what}", status=failure.status)
    hint = "Nothing happened: look at the network and at base_url, or try again later."
    return UnavailableError(f"the vendor could not be reached: {failure.what}", hint=hint, status=failure.status)


def _of_reply(provider: Provider, call: Call, reply: Reply, operation: str, *, had_side_effect: bool) -> EsignError:
    status = reply.status
    if call.anonymous:
        return _of_named_address(call, status, had_side_effect=had_side_effect)
    named = _named_by(provider, call, reply) if status >= 400 else None
    if named is not None and named.definite:
        return named
    if not call.repeatable and status not in DEFINITE:
        error = unknown(f"the vendor answered with HTTP {status}", status=status)
        error.vendor_message = error_by_status(reply).vendor_message
        error.advice = getattr(named, "advice", "")
        return error
    if named is None:
        hint = "Redirects are never followed: look at base_url."
        return UnreadableReplyError(f"the vendor answered with HTTP {status}", status=status, hint=hint)
    return _of_missing(named, reply, operation) if isinstance(named, NotFoundError) and status == 404 else named


def _of_missing(named: NotFoundError, reply: Reply, operation: str) -> EsignError:
    """Tell a wrong address from a wrong identifier; before a create nothing exists that an identifier could name."""
    texts = (named.vendor_message or "", reply.text[:_LONGEST_SEARCHED])
    recognised = named.vendor_code is not None
    if recognised or not (operation == "create" or any(map(_speaks_of_address, texts))):
        return named
    return RefusedError(
        "the vendor has nothing at this address, and nothing happened",
        status=named.status,
        process_id=named.process_id,
        vendor_message=named.vendor_message,
        hint="Look at base_url: its version or a part of its path may be wrong.",
    )


def _speaks_of_address(text: str) -> bool:
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return _ADDRESS.search(folded) is not None


def _named_by(provider: Provider, call: Call, reply: Reply) -> EsignError:
    try:
        return provider.error(call, reply)
    except Exception:  # noqa: BLE001 - a provider that cannot name an error must not hide that there is one
        return error_by_status(reply)


def _of_named_address(call: Call, status: int, *, had_side_effect: bool) -> EsignError:
    """Return the error for the answer of an address that the vendor named: for an upload or a download."""
    if had_side_effect or (not call.repeatable and status not in DEFINITE):
        return unknown(f"the vendor's own address for the file was answered with HTTP {status}", status=status)
    if 300 <= status < 400:
        return UnreadableReplyError(f"the download was answered with HTTP {status}", status=status)
    hint = "Such addresses hold for a short time only: ask for the file again."
    return UnavailableError(f"the address answered with HTTP {status}", status=status, hint=hint)


def unknown(what: str, status: int | None = None) -> OutcomeUnknownError:
    """Return the error for a request whose outcome is unknown."""
    return OutcomeUnknownError(f"{OutcomeUnknownError.summary}: {what}", status=status)


def advice(operation: str | None, process_id: str | None) -> str:
    """Say what to look at before anything is done again."""
    if process_id and operation == "create":
        return (
            f"The process {process_id} exists: read it with client.get, and cancel it before you send another. "
            "Never send it again blindly."
        )
    if process_id:
        return _ADVICE.get(operation or "", "Read the process before you do anything again.")
    return _ADVICE.get(operation or "", "Look at the vendor's own console before you do anything again.")
