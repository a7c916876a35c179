"""The hooks that a plugin can implement: one documented, typed, synchronous function each.

A plugin implements a hook by a function of the same name, marked with `hookimpl`; it may take any subset of the
documented arguments. All hooks but `esign_provider` are for observers: what they return is not used, and an observer
that raises never changes the operation it observes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs
import pluggy

if TYPE_CHECKING:
    from datetime import datetime

    from esign_core.model.events import Event
    from esign_core.providers.base import Provider

__all__ = [
    "CallDetails",
    "esign_after_call",
    "esign_before_call",
    "esign_event",
    "esign_provider",
    "esign_unknown_status",
    "hookimpl",
    "hookspec",
]

hookspec = pluggy.HookspecMarker("esign")
"""Marks a function of this module as a hook."""

hookimpl = pluggy.HookimplMarker("esign")
"""Marks a plugin's function as the implementation of the hook of the same name."""


@attrs.frozen(kw_only=True)
class CallDetails:
    """What observers learn about one request: names, counts and times, never bodies, header values or query values."""

    provider: str
    """The provider's name."""
    account: str
    """The account's name."""
    operation: str
    """What the program asked for, such as "create"."""
    method: str
    """The HTTP method."""
    route: str
    """The path with ids left out, and without its query."""
    attempt: int = 1
    """1 for the first attempt; each repetition of the same request adds one."""
    started_at: datetime | None = None
    """When the request was sent, by the client's clock."""
    status: int | None = None
    """The HTTP status; None where no reply arrived, and before the request."""
    bytes_sent: int = 0
    """Size of the body sent."""
    bytes_received: int = 0
    """Size of the body received."""
    seconds: float = 0.0
    """How long the request took."""
    problem: str | None = None
    """Why no reply arrived, such as "interrupted"; None where one did."""


@hookspec(firstresult=True)
def esign_provider() -> type[Provider]:  # type: ignore[empty-body]  # a specification has no body
    """Return the provider class of this plugin; its `name` is the name of the entry point."""


@hookspec
def esign_before_call(details: CallDetails) -> None:
    """Observe a request that is about to be sent.

    Once a reply of the same operation has arrived, this is called when the operation ends: an observer can never
    delay a later step, and `details.started_at` says when the request was sent.

    Args:
        details: names and the number of the attempt; nothing about the reply is known yet.
    """


@hookspec
def esign_after_call(details: CallDetails) -> None:
    """Observe how a request ended; called when its operation ends, also for a request that was interrupted.

    Args:
        details: counts and names, never bodies, header values or query values.
    """


@hookspec
def esign_event(event: Event) -> None:
    """Observe an event of a webhook delivery; called once for each event of a receipt.

    Args:
        event: the event.
    """


@hookspec
def esign_unknown_status(provider: str, account: str, vocabulary: str, vendor_status: str) -> None:
    """Observe that the vendor used a status word that no table contains.

    Args:
        provider: the provider's name.
        account: the account's name.
        vocabulary: the table that was searched, such as "process".
        vendor_status: the vendor's own word.
    """
