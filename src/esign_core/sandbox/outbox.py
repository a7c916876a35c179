"""The webhooks a sandbox sends: kept in order, handed to a receiver if there is one, tried again like the vendor's."""

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
    letter = base64.b64encode(body).decode("ascii")
    sent.append({"at": iso(at), "headers": dict(headers), "body": letter, "attempt": attempt})
    state.tree.setdefault("on_its_way", []).append(len(sent) - 1)


def again(state: State, at: datetime, number: int) -> None:
    """Send a webhook once more that was not accepted."""
    sent = state.tree["deliveries"][number]
    post(state, at, sent["headers"], base64.b64decode(sent["body"]), attempt=sent["attempt"] + 1)


def on_its_way(state: State) -> bool:
    """Tell whether anything waits to be handed over."""
    return bool(state.tree.get("on_its_way"))


def hand_over(state: State) -> tuple[tuple[int, int, Delivery], ...]:
    """Take what is on its way: number, attempt and delivery of each."""
    numbers, state.tree["on_its_way"] = state.tree.get("on_its_way", []), []
    sent = state.tree.get("deliveries", [])
    return tuple((number, sent[number]["attempt"], _delivery(sent[number])) for number in numbers)


def deliveries(state: State) -> tuple[Delivery, ...]:
    """Give every webhook sent so far, second tries included, in order."""
    return tuple(_delivery(sent) for sent in state.tree.get("deliveries", []))


def _delivery(sent: Mapping[str, Any]) -> Delivery:
    return Delivery(headers=sent["headers"], body=base64.b64decode(sent["body"]), received_at=moment(sent["at"]))
