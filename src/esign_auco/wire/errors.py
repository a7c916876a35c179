"""Read Auco's refusals: a code under `message` becomes the error that says what to do next."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from esign_auco.wire.fields import Path
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    NotFoundError,
    RefusedError,
    UnsupportedError,
)
from esign_core.model.strict_json import UnreadableBodyError, decode_json
from esign_core.providers.base import error_by_status
from esign_core.providers.flow import Call, Reply

__all__ = ["error_of", "vendor_code"]

_CODE = re.compile(r"\s*([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\b")
_PLACES = ("message", "code", "error", "name")

# Every code that the vendor's pages, or integrators (USER_NOTFOUND), list as a refusal. With one of these nothing has
# happened, whatever the status is.
_REFUSALS = frozenset({
    "ATTACHMENT_NOT_FOUND", "CODE_NOT_VALID", "CODE_REQUIRED", "DOCUMENTS_MIN_TWO", "DOCUMENT_NOT_FOUND",
    "EXPIRED_DATE_INVALID", "INVALID_RESOURCE", "MISSING_SIGNER_ID", "NOT_BLOCKED_PROCESS", "PACKAGE_ID_INVALID",
    "PACKAGE_NOT_FOUND", "PROCESS_NOT_FOUND", "SIGNER_EMAIL_REQUIRED", "SIGNER_NOTIFICATION_NOT_SUPPORTED",
    "SIGNER_SEQUENCE_NOT_SUPPORTED", "SIGNER_VALIDATIONS_NOT_SUPPORTED", "USER_ID_NOT_ALLOWED", "USER_ID_REQUIRED",
    "USER_NOTFOUND", "VALIDATION_NOT_FOUND",
})  # fmt: skip
_HINTS = {
    "USER_NOTFOUND": "The account's sender (or requested_by) must be a user of the company on Auco's platform.",
    "EXPIRED_DATE_INVALID": "Give an expires_at more than 3 days ahead.",
    "NOT_BLOCKED_PROCESS": "No signer is blocked there: read the process again.",
    "MISSING_SIGNER_ID": "Give the access code: the id of the process followed by that of the signer.",
    "PACKAGE_ID_INVALID": "A package's id has 24 hexadecimal characters.",
    "DOCUMENTS_MIN_TWO": "A package has two documents or more.",
}
_KEYS_HINT = "Look at the account's keys: reads use public_key, everything else private_key, each of one environment."
_WRONG_STATE = "Only a rejected or expired process can be reopened: read it again to see where it stands."
_WRONG_ADDRESS = "There is no such method under this address: look at the account's environment and base_url."

_CREATIONS = frozenset({*(path.address for path in Path), "/document/prebuild"})
# What servers and gateways say of an address they do not serve, in the vendor's languages, without accents.
_NO_SUCH_METHOD = re.compile(
    r"cannot (get|post|put|patch|delete) "
    r"|\b(method|route|endpoint|url|path|resource) (was |is |does )?not (be )?(found|exist|defined|available)"
    r"|\bno such (method|route|endpoint|path|resource)|\bno (route|handler|endpoint) (found|matche)"
    r"|\b(metodo|ruta|recurso|endpoint|servicio|url) (no|nao) (fue |foi |ha sido )?(encontrad|exist|disponible|definid)"
    r"|\bno (se )?(encontro|existe) (el |la |este |esta )?(metodo|ruta|recurso|endpoint|servicio|url)",
)


def vendor_code(reply: Reply) -> str | None:
    """Return the code of a refusal, where its body has one: words in capitals, joined by underscores."""
    for said in _said(_tree(reply)):
        found = _CODE.match(said)
        if found:
            return found[1]
    return None


def _tree(reply: Reply) -> Any:
    try:
        return decode_json(reply.body)
    except UnreadableBodyError:
        return reply.text


def _said(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [said for place in _PLACES for said in _said(tree.get(place))]
    return [tree] if isinstance(tree, str) else []


def error_of(call: Call, reply: Reply) -> EsignError:
    """Return the error of a refusal."""
    code = vendor_code(reply)
    error = error_by_status(reply, kind=_kind(call, reply, code), vendor_code=code)
    error.definite = code in _REFUSALS or (code is not None and reply.status < 500)
    if isinstance(error, AuthenticationError):
        error.hint = _KEYS_HINT
    elif isinstance(error, UnsupportedError):
        error.hint = _WRONG_ADDRESS
    elif isinstance(error, ConflictError) and _reopens(call):
        error.hint = _WRONG_STATE
    elif code in _HINTS:
        error.hint = _HINTS[code]
    return error


def _kind(call: Call, reply: Reply, code: str | None) -> type[EsignError] | None:
    known = code in _REFUSALS and reply.status not in (401, 403, 429)
    if not known and reply.status not in (400, 404, 409, 422):
        return None
    if (code or "").endswith("_NOT_FOUND"):
        return NotFoundError
    if reply.status == 404 and not known:
        return _of_missing(call, reply)
    if code == "NOT_BLOCKED_PROCESS" or (reply.status == 409 and not known):
        return ConflictError
    # The client's own request lacks nothing, so what else is refused here is the state of the process.
    return ConflictError if _reopens(call) and code != "USER_NOTFOUND" else RefusedError


def _of_missing(call: Call, reply: Reply) -> type[EsignError]:
    """Return what a 404 without a code means: a wrong identifier, or an address that serves no such method."""
    said = " ".join(_said(_tree(reply))).lower()
    folded = "".join(each for each in unicodedata.normalize("NFD", said) if not unicodedata.combining(each))
    # A creation names no process, so it cannot have named a wrong one.
    creates = call.process_id is None and call.path in _CREATIONS
    return UnsupportedError if creates or _NO_SUCH_METHOD.search(folded) else NotFoundError


def _reopens(call: Call) -> bool:
    """Return whether a call asks to reopen a process and lacks nothing that it needs."""
    body = call.json if isinstance(call.json, Mapping) else {}
    return call.path == "/document/reactivate" and "email" in body and ("code" in body) != ("package" in body)
