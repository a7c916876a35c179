"""The people of a process: who is meant, and what happens when they sign, decline or cannot be reached."""

from __future__ import annotations

from collections.abc import Callable

from esign_arqsign.sandbox import payload, webhooks
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import Context
from esign_arqsign.sandbox.reading import Tree
from esign_core.sandbox import is_person, no_such_signer, not_allowed_now

Found = tuple[Tree, Tree]


def sign(context: Context, who: str, process_id: str | None) -> None:
    """Make a person sign wherever it is their turn."""
    for process, signer in _acting(context, who, process_id, "sign"):
        states.sign(context.state, process, signer, context.now)
        webhooks.emit(context, payload.SIGNED, process, signer)
        if process["status"] == states.CONCLUDED:
            webhooks.emit(context, payload.CONCLUDED, process)


def refuse(context: Context, who: str, reason: str, process_id: str | None) -> None:
    """Make a person refuse wherever it is their turn."""
    for process, signer in _acting(context, who, process_id, "decline"):
        states.refuse(context.state, process, signer, reason, context.now)
        webhooks.emit(context, payload.REFUSED, process, signer)


def fail(context: Context, who: str, process_id: str | None, *, code: bool) -> None:
    """Let the process, or the security code, not reach a person."""
    reached = [pair for pair in _meant(context, who, process_id) if pair[0]["status"] in states.OPEN]
    if not reached:
        raise no_such_signer("miss a delivery", process_id=process_id)
    for process, recipient in reached:
        recipient["code_failed" if code else "failed"] = True
        webhooks.emit(context, payload.FAILED, process, recipient)


def _acting(context: Context, who: str, process_id: str | None, deed: str) -> list[Found]:
    meant = [pair for pair in _meant(context, who, process_id) if pair[1]["signs"]]
    if process_id is None:
        meant = [pair for pair in meant if pair[0]["status"] in states.OPEN and pair[1]["signed_at"] is None]
    hindered = [(pair, _hindrance(context, *pair)) for pair in meant]
    able = [pair for pair, why in hindered if why is None]
    if able:
        return able
    for _, why in hindered:
        if why is not None:
            raise not_allowed_now(deed, why)
    raise no_such_signer(deed, process_id=process_id)


def _hindrance(context: Context, process: Tree, signer: Tree) -> str | None:
    checks: tuple[tuple[Callable[[], bool], str], ...] = (
        (lambda: signer["signed_at"] is not None, "they have signed already"),
        (lambda: process["status"] == states.CONCLUDED, "the process is concluded"),
        (lambda: process["status"] == states.CANCELLED, "the process is cancelled"),
        (lambda: states.expired(process, context.now), "the process has expired; a resend gives it time again"),
        (lambda: states.waits_for_others(process, signer), "those of an earlier order have not finished"),
    )
    return next((why for applies, why in checks if applies()), None)


def _meant(context: Context, who: str, process_id: str | None) -> list[Found]:
    asked = None if process_id is None else process_id.lower()
    return [
        (process, recipient)
        for process in states.processes(context.state).values()
        if not process["deleted"] and asked in (None, process["id"])
        for recipient in process["recipients"]
        if is_person(who, email=recipient["email"], phone=recipient["phone"], id=recipient["id"])
    ]
