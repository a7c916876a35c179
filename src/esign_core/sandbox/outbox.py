"""Store the webhooks that a sandbox sends, in order, and select those that wait for a receiver."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from esign_core.model.events import Delivery
from esign_core.sandbox.clock import iso, moment
from esign_core.sandbox.store import State


def post(state: State, at: datetime, headers: Mapping[str, str], body: bytes, *, attempt: int = 0) -> None:
    """Send a webhook at a moment."""
    sent: list[dict[str, Any]] = state.tree.setdefault("deliveries", [])
    content = base64.b64encode(body).decode("ascii")
    sent.append({"at": iso(at), "headers": dict(headers), "body": content, "attempt": attempt})
    state.tree.setdefault("pending", []).append(len(sent) - 1)


def post_again(state: State, at: datetime, number: int) -> None:
    """Send a webhook once more, after it was not accepted."""
    sent = state.tree["deliveries"][number]
    post(state, at, sent["headers"], base64.b64decode(sent["body"]), attempt=sent["attempt"] + 1)


def has_pending(state: State) -> bool:
    """Return whether a webhook waits for the receiver."""
    return bool(state.tree.get("pending"))


def take_pending(state: State) -> tuple[tuple[int, int, Delivery], ...]:
    """Take the webhooks that wait: number, attempt and delivery of each."""
    numbers, state.tree["pending"] = state.tree.get("pending", []), []
    sent = state.tree.get("deliveries", [])
    return tuple((number, sent[number]["attempt"], _delivery(sent[number])) for number in numbers)


def deliveries(state: State) -> tuple[Delivery, ...]:
    """Return every webhook sent so far, second tries included, in order."""
    return tuple(_delivery(sent) for sent in state.tree.get("deliveries", []))


def _delivery(sent: Mapping[str, Any]) -> Delivery:
    return Delivery(headers=sent["headers"], body=base64.b64decode(sent["body"]), received_at=moment(sent["at"]))
