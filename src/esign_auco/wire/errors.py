"""Auco's refusals: a code under `message`, turned into the error that says what to do next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from esign_core.model.errors import AuthenticationError, ConflictError, EsignError, NotFoundError, RefusedError
from esign_core.model.strict_json import UnreadableBodyError, decode_json
from esign_core.providers.base import error_by_status
from esign_core.providers.flow import Call, Reply

__all__ = ["error_of", "vendor_code"]

_CODE = re.compile(r"\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b")
_PLACES = ("message", "code", "error", "name")

_HINTS = {
    "USER_NOTFOUND": "The account's sender (or requested_by) must be a user of the company on Auco's platform.",
    "EXPIRED_DATE_INVALID": "Give an expires_at more than 3 days ahead.",
    "NOT_BLOCKED_PROCESS": "Nobody is blocked there: read the process again.",
    "MISSING_SIGNER_ID": "Give the access code: the process's id with the signer's id behind it.",
    "PACKAGE_ID_INVALID": "A package's id has 24 hexadecimal characters.",
    "DOCUMENTS_MIN_TWO": "A package has two documents or more.",
}
_KEYS_HINT = "Look at the account's keys: reads use public_key, everything else private_key, each of one environment."
_WRONG_STATE = "Only a rejected or expired process can be reopened: read it again to see where it stands."


def vendor_code(reply: Reply) -> str | None:
    """Return the code of a refusal, where its body holds one: words in capitals, joined by underscores."""
    try:
        tree = decode_json(reply.body)
    except UnreadableBodyError:
        tree = reply.text
    for said in _said(tree):
        found = _CODE.match(said)
        if found:
            return found[1]
    return None


def _said(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [said for place in _PLACES for said in _said(tree.get(place))]
    return [tree] if isinstance(tree, str) else []


def error_of(call: Call, reply: Reply) -> EsignError:
    """Name the error of a refusal."""
    code = vendor_code(reply)
    error = error_by_status(reply, kind=_kind(call, reply, code), vendor_code=code)
    if isinstance(error, AuthenticationError):
        error.hint = _KEYS_HINT
    elif isinstance(error, ConflictError) and _reopens(call):
        error.hint = _WRONG_STATE
    elif code in _HINTS:
        error.hint = _HINTS[code]
    return error


def _kind(call: Call, reply: Reply, code: str | None) -> type[EsignError] | None:
    if reply.status not in (400, 404, 409, 422):
        return None
    if reply.status == 404 or (code or "").endswith("_NOT_FOUND"):
        return NotFoundError
    if code == "NOT_BLOCKED_PROCESS" or reply.status == 409:
        return ConflictError
    # The client's own request lacks nothing, so what else is refused here is the state of the process.
    return ConflictError if _reopens(call) and code != "USER_NOTFOUND" else RefusedError


def _reopens(call: Call) -> bool:
    """Tell whether a call asks to reopen a process and lacks nothing that it needs."""
    body = call.json if isinstance(call.json, Mapping) else {}
    return call.path == "/document/reactivate" and "email" in body and ("code" in body) != ("package" in body)
