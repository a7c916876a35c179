"""Acting on a process at Auco: reminders, cancel, reactivate, unlock."""

from __future__ import annotations

from typing import Any, Final

from esign_auco.sandbox import life, messages, rules
from esign_auco.sandbox.context import Context, VendorError
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
from esign_core.sandbox import Reply, agenda, json_reply

_DECISIONS: Final = ("approve", "reject", "reset", "cancel")


def reminder(context: Context) -> Reply:
    """Answer `POST /document/reminder`: the code is that of the document and its signer, joined."""
    body = context.body()
    shape({"code": text})(body, "")
    code, signer_id = body["code"][:-SIGNER_LENGTH], body["code"][-SIGNER_LENGTH:]
    found = by_code(context.state, code)
    if found is None or is_package(found[0]):
        raise VendorError(messages.DOCUMENT_NOT_FOUND)
    _remind(context, found[0], signer_id)
    return json_reply(200, messages.OK)


def many_reminder(context: Context) -> Reply:
    """Answer `POST /document/many/reminder`: the id of the package and its signer, joined."""
    body = context.body()
    shape({"package": text})(body, "")
    package, signer_id = body["package"][:-SIGNER_LENGTH], body["package"][-SIGNER_LENGTH:]
    process = by_package(context.state, package)
    if process is None:
        raise VendorError(messages.PACKAGE_NOT_FOUND)
    _remind(context, process, signer_id)
    return json_reply(200, messages.OK if context.classic else {"message": messages.REMINDER_SENT})


def cancel(context: Context) -> Reply:
    """Answer `POST /document/cancel`: a tally, in which a document that cannot be cancelled is not an error."""
    body = context.body()
    shape({"codes": items(text), "message": text, "email": email})(body, "")
    rules.member(body["email"])
    cant: list[str] = []
    for code in dict.fromkeys(body["codes"]):
        found = by_code(context.state, code)
        # How a package is cancelled is documented nowhere, so a document of one cannot be either.
        if found is None or is_package(found[0]) or found[0]["status"] in ("FINISH", "REJECTED"):
            cant.append(code)
            continue
        life.cancel(context, found[0], body["email"], body["message"])
        agenda.strike(context.state, what="reminder", process=found[0]["key"])
    errors: dict[str, Any] = {"cant": len(cant), **({"documents": cant} if cant else {})}
    return json_reply(200, {"success": len(set(body["codes"])) - len(cant), "errors": errors})


def reactivate(context: Context) -> Reply:
    """Answer `PUT /document/reactivate`: what was rejected or has expired is opened again."""
    body = context.body()
    shape({"email": email}, {"code": text, "package": text})(body, "")
    rules.sources(body, "code", "package", least=1)
    rules.member(body["email"])
    process: Process | None
    if "package" in body:
        process = by_package(context.state, body["package"])
    else:
        found = by_code(context.state, body["code"])
        process = None if found is None or is_package(found[0]) else found[0]
    if process is None:
        raise VendorError(messages.PROCESS_NOT_FOUND, status=404 if context.classic else 400)
    if process["status"] not in ("REJECTED", "EXPIRED"):
        raise VendorError(messages.INVALID_PROCESS_STATUS)
    users = life.reactivate(context, process, body["email"])
    return json_reply(200, {"notifications": len(users), "users": users})


def unlock(context: Context) -> Reply:
    """Answer `POST /document/unlock`: a decision about a signer who failed the identity check too often."""
    body = context.body()
    decision: Check = one_of(*_DECISIONS)
    shape({"code": text, "email": email, "status": decision}, {"message": text})(body, "")
    # The older texts refuse an approval's message and the newest demand it: an older account takes both wordings.
    demanded = body["status"] == "cancel" or (body["status"] == "approve" and not context.classic)
    refuse_if(demanded and "message" not in body, "message", "is required")
    refuse_if(body["status"] in ("reject", "reset") and "message" in body, "message", "is not allowed")
    rules.member(body["email"])
    if len(body["code"]) in (CONTRACT_LENGTH, CODE_LENGTH, PACKAGE_LENGTH):
        raise VendorError(messages.MISSING_SIGNER_ID)
    process = by_any(context.state, body["code"][:-SIGNER_LENGTH])
    signer = signer_of(process, body["code"][-SIGNER_LENGTH:]) if process else None
    if process is None or signer is None:
        raise VendorError(messages.PROCESS_NOT_FOUND)
    if signer["status"] != "BLOCK" or process["status"] != "CREATED":
        raise VendorError(messages.NOT_BLOCKED_PROCESS)
    # An identity that is refused has to be shown again, as after a restart: both leave the signer with new attempts.
    life.unblock(context, process, signer)
    if body["status"] == "cancel":
        life.cancel(context, process, body["email"], body["message"])
    return json_reply(200, messages.OK)


def _remind(context: Context, process: Process, signer_id: str) -> None:
    signer = signer_of(process, signer_id)
    if signer is None:
        raise VendorError(messages.SIGNER_NOT_FOUND)
    # Nothing is documented about a signer who was not asked yet or is done; there is nothing to remind them of.
    if not life.may_act(process, signer_id) or signer["status"] != "NOTIFICATION":
        raise VendorError(messages.INVALID_PROCESS_STATUS)
    life.write_to(context, process, signer, "REMINDER")
