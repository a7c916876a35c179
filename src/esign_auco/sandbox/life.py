"""The life cycle of a process at Auco: people are asked in turn, act, are blocked; it ends, and may be reopened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from esign_auco.sandbox import webhooks
from esign_auco.sandbox.context import Context
from esign_auco.sandbox.state import Paper, Process, Signer, date_json, papers_of, signer_of
from esign_core.sandbox import agenda
from esign_core.sandbox.clock import iso, moment

ATTEMPTS: Final = 3
NEW_LIFE: Final = timedelta(days=30)
"""The sandbox's company rule: a process that expired and is reopened gets thirty days more."""


def open_up(context: Context, process: Process) -> None:
    """Open a process once every PDF has arrived: announce it and ask the first signers.

    The vendor says CREATE comes when a document is "created or uploaded", and nothing about a process whose upload
    is still due. Here such a process is CREATED with all signers PENDING, without an address for its document; no one
    is notified and nothing is announced before the PDF is there.
    """
    if process["opened"] or not all(paper["here"] for paper in process["papers"]):
        return
    process["opened"] = True
    webhooks.created(context, process)
    if process["fills_in"] is None:
        ask_next(context, process)
    if process["remember"] is not None:
        _remind_later(context, process)


def ask_next(context: Context, process: Process) -> None:
    """Ask those whose turn it is: the lowest place that is not done, and all signers without a place."""
    waiting = [one["order"] for one in process["signers"] if one["order"] is not None and one["status"] != "FINISH"]
    turn = min(waiting, default=None)
    for signer in process["signers"]:
        if not signer["asked"] and signer["order"] in (None, turn):
            signer["asked"] = True
            write_to(context, process, signer)


def write_to(context: Context, process: Process, signer: Signer, action: str = "NOTIFICATION") -> None:
    """Write to a signer, unless Auco was asked to stay silent; a signer who is written to is in NOTIFICATION."""
    if not signer["told"]:
        return
    signer["status"] = "NOTIFICATION"
    word = f"{action}_{_asked_for(signer, action)}"
    note(context, process, word, signer)
    if platform(signer) == "WHATSAPP":
        at = int(context.now.timestamp() * 1000)
        sent = {"action": "sent", "timestamp": at}
        said = {"entity": "auco", "phone": signer["phone"], "message": word, "date": at, "actions": [sent]}
        process["talks"].append({"to": signer["id"], **said})


def _asked_for(signer: Signer, action: str) -> str:
    if action == "REMINDER" and signer["files"] and signer["review"] == "pending":
        return "UPLOAD"
    if signer["role"] == "APPROVER":
        return "APPROVE" if action == "REMINDER" else "APPROVER"
    return "SIGN"


def sign(context: Context, process: Process, signer: Signer, papers: Iterable[Paper]) -> None:
    """Record that a signer signed or approved these documents; with the last of them they are done."""
    for paper in papers:
        if signer["id"] not in paper["signed"]:
            paper["signed"].append(signer["id"])
        if set(paper["signed"]) == set(paper["signers"]):
            paper["status"] = "FINISH"
    if any(signer["id"] not in paper["signed"] for paper in papers_of(process, signer)):
        touch(context, process)
        return
    signer["status"], signer["signed_at"], signer["attempts"] = "FINISH", date_json(context.now), 0
    note(context, process, "PARTICIPANT_APPROVE" if signer["role"] == "APPROVER" else "PARTICIPANT_SIGN", signer)
    webhooks.signed(context, process, signer)
    if all(one["status"] == "FINISH" for one in process["signers"]):
        finish(context, process)
    else:
        ask_next(context, process)


def finish(context: Context, process: Process) -> None:
    """Finish a process that all have signed."""
    process["status"] = "FINISH"
    for paper in process["papers"]:
        paper["status"] = "FINISH"
    note(context, process, "NOTIFICATION_FINISH")
    agenda.strike(context.state, process=process["key"])
    webhooks.finished(context, process)


def reject(context: Context, process: Process, signer: Signer, reason: str, papers: Iterable[Paper]) -> None:
    """Record that a signer rejected these documents.

    A package is one flow of signing, so one rejected document ends it; the others keep the state they are in.
    """
    signer["status"], signer["reason"] = "REJECT", reason
    for paper in papers:
        paper["status"] = "REJECT"
    process["status"] = "REJECTED"
    note(context, process, "PARTICIPANT_REJECT", signer, reason)
    webhooks.rejected(context, process, signer)


def fail_identity(context: Context, process: Process, signer: Signer) -> None:
    """Record a failed identity check; the third one blocks the signer."""
    signer["attempts"] += 1
    touch(context, process)
    if signer["attempts"] >= ATTEMPTS:
        signer["status"], signer["reason"] = "BLOCK", "OTP_CODE_INVALID"
        webhooks.blocked(context, process, signer)


def unblock(context: Context, process: Process, signer: Signer) -> None:
    """Unblock a signer, with three new attempts."""
    signer["attempts"], signer["reason"] = 0, None
    signer["status"] = "NOTIFICATION" if signer["told"] else "PENDING"
    touch(context, process)


def cancel(context: Context, process: Process, by: str, message: str) -> None:
    """Cancel; a query says REJECTED then, for the vendor has no word of its own for it."""
    process["status"] = "REJECTED"
    note(context, process, "CANCEL_SIGN", by=by, message=message)
    webhooks.cancelled(context, process, message)


def expire(context: Context, process: Process) -> None:
    """Expire a process whose date has passed."""
    if process["status"] != "CREATED":
        return
    process["status"] = "EXPIRED"
    for paper in process["papers"]:
        if paper["status"] == "CREATE":
            paper["status"] = "EXPIRED"
    touch(context, process)
    webhooks.expired(context, process)


def reactivate(context: Context, process: Process, by: str) -> list[str]:
    """Reopen a process that was rejected or has expired; returns the names of those who were notified."""
    if process["expires"] is not None and moment(process["expires"]) <= context.now:
        process["expires"] = iso(context.now + NEW_LIFE)
        expire_later(context, process)
    process["status"] = "CREATED"
    for paper in process["papers"]:
        if paper["status"] in ("REJECT", "EXPIRED"):
            paper["status"] = "CREATE"
    note(context, process, "REACTIVATION_SIGN", by=by)
    told = []
    for signer in process["signers"]:
        if signer["status"] == "REJECT":
            signer["status"], signer["reason"] = "PENDING", None
        if process["opened"] and signer["asked"] and signer["told"] and signer["status"] in ("PENDING", "NOTIFICATION"):
            write_to(context, process, signer)
            told.append(signer["name"])
    if process["opened"] and process["remember"] is not None:
        _remind_later(context, process)
    return told


def remind(context: Context, process: Process) -> None:
    """Remind all who were asked and have not acted, and again N hours later."""
    if process["status"] != "CREATED":
        return
    for signer in process["signers"]:
        if signer["status"] == "NOTIFICATION" and not process["editing"]:
            write_to(context, process, signer, "REMINDER")
    _remind_later(context, process)


def expire_later(context: Context, process: Process) -> None:
    """Schedule the expiry of a process."""
    agenda.strike(context.state, what="expiry", process=process["key"])
    if process["expires"] is not None:
        agenda.put(context.state, moment(process["expires"]), "expiry", process=process["key"])


def note(
    context: Context, process: Process, action: str, signer: Signer | None = None, message: str = "", *, by: str = ""
) -> None:
    """Add a line to the roadmap."""
    where = platform(signer) if signer else "ARCHIVE"
    line: dict[str, Any] = {"action": action, "platform": where, "participant": signer["id"] if signer else "ARCHIVE"}
    line["timestamp"] = date_json(context.now)
    author = by or ((signer["phone"] if where == "WHATSAPP" else signer["email"]) if signer else "")
    if author:
        line["by"] = author
    if message:
        line["message"] = message
    process["log"].append(line)
    touch(context, process)


def touch(context: Context, process: Process) -> None:
    """Record the moment of a change."""
    process["updated"] = date_json(context.now)


def platform(signer: Signer) -> str:
    """Return the channel by which a signer is asked."""
    return "WHATSAPP" if signer["checks"]["options"].get("whatsapp") else "EMAIL"


def forget(context: Context, process: Process) -> None:
    """Discard everything that people have done, as marking for edition does."""
    for signer in process["signers"]:
        signer["status"], signer["asked"], signer["attempts"] = "PENDING", False, 0
        signer["reason"] = signer["signed_at"] = None
    for paper in process["papers"]:
        paper["signed"], paper["status"] = [], "CREATE"
    process["opened"] = False
    agenda.strike(context.state, process=process["key"])
    touch(context, process)


def may_act(process: Process, signer_id: str) -> bool:
    """Return whether it is a signer's turn in an open process."""
    signer = signer_of(process, signer_id)
    open_ = process["status"] == "CREATED" and process["opened"] and not process["editing"]
    return open_ and signer is not None and signer["asked"] and signer["status"] in ("NOTIFICATION", "PENDING")


def _remind_later(context: Context, process: Process) -> None:
    agenda.strike(context.state, what="reminder", process=process["key"])
    agenda.put(
        context.state, context.now + timedelta(hours=process["remember"] or 0), "reminder", process=process["key"]
    )
