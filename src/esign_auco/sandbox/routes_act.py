"""Acting on a process at Auco: reminders, cancel, reactivate, unlock."""

from __future__ import annotations

from typing import Any, Final

from esign_auco.sandbox import life, rules
from esign_auco.sandbox.schema import Check, email, items, one_of, refuse_if, shape, text
from esign_auco.sandbox.state import (
    CODE_LENGTH,
    CONTRACT_LENGTH,
    PACKAGE_LENGTH,
    SIGNER_LENGTH,
    Process,
    by_any,
    by_code,
    by_package,
    is_package,
    signer_of,
)
from esign_auco.sandbox.visit import OK, Refusal, Visit
from esign_core.providers.flow import Reply
from esign_core.sandbox import agenda, json_reply

_DECISIONS: Final = ("approve", "reject", "reset", "cancel")
_WRONG_STATE: Final = "INVALID_PROCESS_STATUS"
"""The sandbox's own word: which code a wrong state is answered with is documented for `unlock` only."""


def reminder(visit: Visit) -> Reply:
    """Answer `POST /document/reminder`: the code is that of the document and its signer, joined."""
    body = visit.body()
    shape({"code": text})(body, "")
    code, signer_id = body["code"][:-SIGNER_LENGTH], body["code"][-SIGNER_LENGTH:]
    found = by_code(visit.state, code)
    if found is None or is_package(found[0]):
        raise Refusal("DOCUMENT_NOT_FOUND")
    _remind(visit, found[0], signer_id)
    return json_reply(200, OK)


def many_reminder(visit: Visit) -> Reply:
    """Answer `POST /document/many/reminder`: the id of the package and its signer, joined."""
    body = visit.body()
    shape({"package": text})(body, "")
    package, signer_id = body["package"][:-SIGNER_LENGTH], body["package"][-SIGNER_LENGTH:]
    process = by_package(visit.state, package)
    if process is None:
        raise Refusal("PACKAGE_NOT_FOUND")
    _remind(visit, process, signer_id)
    return json_reply(200, OK if visit.classic else {"message": "REMINDER_SENT"})


def cancel(visit: Visit) -> Reply:
    """Answer `POST /document/cancel`: a tally, in which a document that cannot be cancelled is no error."""
    body = visit.body()
    shape({"codes": items(text), "message": text, "email": email})(body, "")
    rules.member(body["email"])
    cant: list[str] = []
    for code in dict.fromkeys(body["codes"]):
        found = by_code(visit.state, code)
        # How a package is cancelled is documented nowhere, so a document of one cannot be either.
        if found is None or is_package(found[0]) or found[0]["status"] in ("FINISH", "REJECTED"):
            cant.append(code)
            continue
        life.cancel(visit, found[0], body["email"], body["message"])
        agenda.strike(visit.state, what="reminder", process=found[0]["key"])
    errors: dict[str, Any] = {"cant": len(cant), **({"documents": cant} if cant else {})}
    return json_reply(200, {"success": len(set(body["codes"])) - len(cant), "errors": errors})


def reactivate(visit: Visit) -> Reply:
    """Answer `PUT /document/reactivate`: what was rejected or has expired is opened again."""
    body = visit.body()
    shape({"email": email}, {"code": text, "package": text})(body, "")
    rules.sources(body, "code", "package", least=1)
    rules.member(body["email"])
    process: Process | None
    if "package" in body:
        process = by_package(visit.state, body["package"])
    else:
        found = by_code(visit.state, body["code"])
        process = None if found is None or is_package(found[0]) else found[0]
    if process is None:
        raise Refusal("PROCESS_NOT_FOUND", status=404 if visit.classic else 400)
    if process["status"] not in ("REJECTED", "EXPIRED"):
        raise Refusal(_WRONG_STATE)
    users = life.reactivate(visit, process, body["email"])
    return json_reply(200, {"notifications": len(users), "users": users})


def unlock(visit: Visit) -> Reply:
    """Answer `POST /document/unlock`: a decision about a signer who failed the identity check too often."""
    body = visit.body()
    decision: Check = one_of(*_DECISIONS)
    shape({"code": text, "email": email, "status": decision}, {"message": text})(body, "")
    # The older texts refuse an approval's message and the newest demand it: an older account takes both wordings.
    demanded = body["status"] == "cancel" or (body["status"] == "approve" and not visit.classic)
    refuse_if(demanded and "message" not in body, "message", "is required")
    refuse_if(body["status"] in ("reject", "reset") and "message" in body, "message", "is not allowed")
    rules.member(body["email"])
    if len(body["code"]) in (CONTRACT_LENGTH, CODE_LENGTH, PACKAGE_LENGTH):
        raise Refusal("MISSING_SIGNER_ID")
    process = by_any(visit.state, body["code"][:-SIGNER_LENGTH])
    signer = signer_of(process, body["code"][-SIGNER_LENGTH:]) if process else None
    if process is None or signer is None:
        raise Refusal("PROCESS_NOT_FOUND")
    if signer["status"] != "BLOCK" or process["status"] != "CREATED":
        raise Refusal("NOT_BLOCKED_PROCESS")
    # An identity that is refused has to be shown again, as after a restart: both leave the signer with new attempts.
    life.unblock(visit, process, signer)
    if body["status"] == "cancel":
        life.cancel(visit, process, body["email"], body["message"])
    return json_reply(200, OK)


def _remind(visit: Visit, process: Process, signer_id: str) -> None:
    signer = signer_of(process, signer_id)
    if signer is None:
        raise Refusal("SIGNER_NOT_FOUND")
    # Nothing is documented about somebody who was not asked yet or is done; there is nothing to remind them of.
    if not life.may_act(process, signer_id) or signer["status"] != "NOTIFICATION":
        raise Refusal(_WRONG_STATE)
    life.write_to(visit, process, signer, "REMINDER")
