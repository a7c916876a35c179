"""The people of the Auco sandbox: find the person meant, check that it is their turn, and act."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from esign_auco.sandbox import life
from esign_auco.sandbox.context import Context
from esign_auco.sandbox.state import Paper, Process, Signer, by_any, by_code, is_package, papers_of, processes
from esign_core.sandbox import is_person, no_such_signer, not_allowed_now
from esign_core.sandbox.people import same_email

Found = tuple[Process, Signer, list[Paper]]


def sign(context: Context, who: str, process_id: str | None) -> None:
    """Make a person sign or approve."""
    for process, signer, papers in _ready(context, "sign", who, process_id):
        if any(not file["optional"] and not file["here"] for file in signer["files"]):
            raise not_allowed_now("sign", "required attachments are missing; call upload_as first")
        life.sign(context, process, signer, papers)


def decline(context: Context, who: str, reason: str, process_id: str | None) -> None:
    """Make a person reject."""
    for process, signer, papers in _ready(context, "decline", who, process_id):
        life.reject(context, process, signer, reason, papers)


def block(context: Context, who: str, process_id: str | None) -> None:
    """Make a person fail the identity check until they are blocked."""
    for process, signer, _ in _ready(context, "be blocked", who, process_id):
        while signer["status"] != "BLOCK":
            life.fail_identity(context, process, signer)


def fail_identity(context: Context, who: str, process_id: str | None) -> None:
    """Make a person fail the identity check once."""
    for process, signer, _ in _ready(context, "fail an identity check", who, process_id):
        life.fail_identity(context, process, signer)


def complete(context: Context, who: str, process_id: str | None) -> None:
    """Complete a pre-filled document as its recipient; the signers are asked then."""
    waiting = [
        process
        for process in _processes(context, process_id)
        if process["status"] == "CREATED" and process["opened"] and same_email(who, process["fills_in"])
    ]
    if not waiting:
        raise no_such_signer("complete a pre-filled document", process_id=process_id)
    for process in waiting:
        process["fills_in"] = None
        if process["signers"]:
            life.ask_next(context, process)
        else:
            life.finish(context, process)


def upload(context: Context, who: str, files: Mapping[str, bytes], process_id: str | None, invent: bytes) -> None:
    """Upload the attachments asked of a person; what is not given is invented."""

    def waits(process: Process, signer: Signer) -> bool:
        return life.may_act(process, signer["id"]) and bool(signer["files"]) and signer["review"] != "approved"

    for process, signer in _selected(context, "upload attachments", who, process_id, waits):
        names = {file["name"] for file in signer["files"]}
        if not set(files) <= names:
            raise not_allowed_now("upload this", "only the attachments asked for can be uploaded, under their names")
        for index, file in enumerate(signer["files"]):
            if not files or file["name"] in files:
                content = files.get(file["name"], invent)
                context.state.put_blob(f"file:{process['key']}:{signer['id']}:{index}", content)
                file["here"] = True
        if all(file["here"] or file["optional"] for file in signer["files"]):
            signer["review"] = "uploaded"
        life.touch(context, process)


def approve(context: Context, who: str | None, process_id: str | None) -> None:
    """Approve as the company what all signers, or one of them, have uploaded."""

    def waits(process: Process, signer: Signer) -> bool:
        return process["kind"] == "attachments" and signer["review"] == "uploaded"

    for process, signer in _selected(context, "have attachments approved", who, process_id, waits):
        signer["review"] = "approved"
        life.touch(context, process)
        if process["papers"]:
            continue
        # Without a document the attachments are the whole process: a signer who has uploaded them is done.
        signer["status"] = "FINISH"
        if all(one["status"] == "FINISH" for one in process["signers"]):
            life.finish(context, process)
        else:
            life.ask_next(context, process)


def _ready(context: Context, action: str, who: str, process_id: str | None) -> list[Found]:
    def has_turn(process: Process, signer: Signer) -> bool:
        return life.may_act(process, signer["id"]) and bool(process["papers"])

    found = _selected(context, action, who, process_id, has_turn)
    return [(process, signer, _papers(context, process, signer, process_id)) for process, signer in found]


def _papers(context: Context, process: Process, signer: Signer, process_id: str | None) -> list[Paper]:
    named = by_code(context.state, process_id) if process_id else None
    papers = list(papers_of(process, signer)) if named is None or not is_package(process) else [named[1]]
    return [paper for paper in papers if paper["status"] == "CREATE" and signer["id"] not in paper["signed"]]


def _processes(context: Context, process_id: str | None) -> list[Process]:
    if process_id is None:
        return list(processes(context.state).values())
    process = by_any(context.state, process_id)
    return [] if process is None else [process]


def _selected(
    context: Context, action: str, who: str | None, process_id: str | None, may: Callable[[Process, Signer], bool]
) -> list[tuple[Process, Signer]]:
    meant = [
        (process, signer)
        for process in _processes(context, process_id)
        for signer in process["signers"]
        if who is None or is_person(who, email=signer["email"], phone=signer["phone"], id=signer["id"])
    ]
    found = [(process, signer) for process, signer in meant if may(process, signer)]
    if found:
        return found
    reasons = [_why(process, signer) for process, signer in meant if process["status"] == "CREATED" or process_id]
    if reasons:
        raise not_allowed_now(action, reasons[-1])
    raise no_such_signer(action, process_id=process_id)


def _why(process: Process, signer: Signer) -> str:
    over = f"the process is over (Auco says {process['status']}); client.resend(..., reopen=True) may open it again"
    reasons = (
        (process["status"] != "CREATED", over),
        (process["editing"], "the process is in edition; send it again first"),
        (not process["opened"], "the PDF has not been uploaded yet"),
        (signer["status"] == "BLOCK", "they are blocked; unlock them first"),
        (signer["status"] == "FINISH", "they are done already"),
        (not signer["asked"], "it is not their turn yet; others come first"),
    )
    return next((reason for holds, reason in reasons if holds), "the process does not ask that of them")
