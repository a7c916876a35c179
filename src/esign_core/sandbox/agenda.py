"""Schedule what is due later in a sandbox: expiries, reminders and repeated deliveries, in the order of time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from esign_core.sandbox.clock import iso, moment
from esign_core.sandbox.store import State


def put(state: State, at: datetime, what: str, **facts: Any) -> None:
    """Schedule something for a moment; entries of the same moment happen in the order they were added."""
    due = {"at": iso(at), "turn": state.number("agenda"), "what": what, **facts}
    state.tree.setdefault("agenda", []).append(due)


def strike(state: State, **facts: Any) -> None:
    """Remove the entries that have all these facts."""
    kept = [due for due in state.tree.get("agenda", []) if any(due.get(key) != value for key, value in facts.items())]
    state.tree["agenda"] = kept


def take(state: State, now: datetime) -> tuple[datetime, dict[str, Any]] | None:
    """Remove and return the first entry that is due by now, with its moment."""
    agenda: list[dict[str, Any]] = state.tree.get("agenda", [])
    due = min(agenda, key=lambda one: (one["at"], one["turn"]), default=None)
    if due is None or due["at"] > iso(now):
        return None
    agenda.remove(due)
    return moment(due["at"]), due
