"""The processes the box keeps, and how they go from one status to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from esign_core.sandbox import State, agenda
from esign_core.sandbox.clock import iso, moment

Tree = dict[str, Any]

CREATED: Final = 1
WAITING: Final = 2
UNDER_WAY: Final = 3
CONCLUDED: Final = 4
CANCELLED: Final = 5
OPEN: Final = (WAITING, UNDER_WAY)
EXPIRE: Final = "expire"


def processes(state: State) -> dict[str, Tree]:
    """Give all processes by their ids."""
    found: dict[str, Tree] = state.tree["processes"]
    return found


def signers(process: Tree) -> list[Tree]:
    """Give the recipients who sign."""
    return [recipient for recipient in process["recipients"] if recipient["signs"]]


def pending(process: Tree) -> list[Tree]:
    """Return the signers who still have to sign; none in a process that has ended."""
    if process["status"] not in OPEN:
        return []
    return [signer for signer in signers(process) if signer["signed_at"] is None]


def current_order(process: Tree) -> int | None:
    """Give the order whose turn it is: the lowest that has not finished."""
    return min((signer["order"] for signer in pending(process)), default=None)


def in_turn(process: Tree) -> list[Tree]:
    """Give the signers whose turn it is."""
    turn = current_order(process)
    return [signer for signer in pending(process) if signer["order"] == turn]


def waits_for_others(process: Tree, recipient: Tree) -> bool:
    """Tell whether an earlier order has not finished yet."""
    turn = current_order(process)
    return bool(recipient["signs"]) and turn is not None and recipient["order"] > turn


def expires_at(process: Tree) -> str | None:
    """Compute when the process expires: so many days after it was sent, or sent again; never before."""
    base = process["resent_at"] or process["sent_at"]
    return iso(moment(base) + timedelta(days=process["days"])) if base else None


def expired(process: Tree, now: datetime) -> bool:
    """Tell whether a process that is open can no longer be signed."""
    at = expires_at(process)
    return process["status"] in OPEN and at is not None and iso(now) > at


def plan_expiry(state: State, process: Tree) -> None:
    """Put the moment after which the process is expired on the agenda, in place of an earlier one."""
    agenda.strike(state, what=EXPIRE, process=process["id"])
    at = expires_at(process)
    if at is not None:
        agenda.put(state, moment(at) + timedelta(microseconds=1), EXPIRE, process=process["id"])


def sign(state: State, process: Tree, signer: Tree, now: datetime) -> None:
    """Let a signer sign; the last one concludes the process."""
    signer["signed_at"] = iso(now)
    signer["failed"] = signer["code_failed"] = False
    for asked in signer["attachments"]:
        asked["file"] = asked["name"] + " arquivo.png"
    if pending(process):
        process["status"] = UNDER_WAY
        return
    process["status"] = CONCLUDED
    process["concluded_at"] = iso(now)
    for recipient in process["recipients"]:
        recipient["copied"] = not recipient["signs"]
    agenda.strike(state, what=EXPIRE, process=process["id"])


def refuse(state: State, process: Tree, signer: Tree, reason: str, now: datetime) -> None:
    """Let a signer refuse, which cancels the process."""
    signer["refused"], signer["reason"] = True, reason
    cancel(state, process, None, now)


def cancel(state: State, process: Tree, by: str | None, now: datetime) -> None:
    """Cancel a process; `by` is the user who did, None after a refusal."""
    process["status"] = CANCELLED
    process["cancelled_at"], process["cancelled_by"] = iso(now), by
    agenda.strike(state, what=EXPIRE, process=process["id"])


def resend(state: State, process: Tree, now: datetime) -> None:
    """Send a process again to those whose turn it is, and restart its deadline."""
    process["resent_at"] = iso(now)
    for signer in in_turn(process):
        signer["failed"] = signer["code_failed"] = False
    plan_expiry(state, process)


def contact(recipient: Tree) -> str:
    """Give the address the process goes to: the phone for WhatsApp, otherwise the e-mail."""
    return str(recipient["phone"] if recipient["form"] == 2 else recipient["email"])


def cancelled(state: State) -> Iterator[str]:
    """Give the ids of the processes that were cancelled."""
    return (process["id"] for process in processes(state).values() if process["status"] == CANCELLED)


def documents(state: State) -> Iterable[tuple[Tree, Tree]]:
    """Give every document with its process."""
    return ((process, document) for process in processes(state).values() for document in process["documents"])
