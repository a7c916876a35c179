"""The hooks: every place at which a plugin may take part, one documented, typed, synchronous function each.

A plugin implements a hook by a function of the same name, marked with `hookimpl`; it may take any subset of the
documented arguments. All hooks but `esign_provider` are for observers: what they return is not used, and an observer
that fails never breaks the call it watches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from esign_core.model.events import Event
    from esign_core.providers.base import Provider

__all__ = [
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


@hookspec(firstresult=True)
def esign_provider() -> type[Provider]:  # type: ignore[empty-body]  # a hook has no body  # a specification has no body
    """Give the provider class of this plugin; its `name` is the name of the entry point."""


@hookspec
def esign_before_call(provider: str, account: str, operation: str, method: str, route: str, attempt: int) -> None:
    """Hear that a request is about to leave.

    Args:
        provider: the provider's name.
        account: the account's name.
        operation: what the program asked for, such as "create".
        method: the HTTP method.
        route: the path with ids left out, and without its query.
        attempt: 1 for the first try.
    """


@hookspec
def esign_after_call(  # noqa: PLR0913, PLR0917 - an observer takes the few it wants
    provider: str,
    account: str,
    operation: str,
    method: str,
    route: str,
    status: int | None,
    bytes_sent: int,
    bytes_received: int,
    attempt: int,
    seconds: float,
) -> None:
    """Hear how a request ended: counts and names, never bodies, header values or query values.

    Args:
        provider: the provider's name.
        account: the account's name.
        operation: what the program asked for, such as "create".
        method: the HTTP method.
        route: the path with ids left out, and without its query.
        status: the HTTP status, or None where no answer came.
        bytes_sent: size of the body sent.
        bytes_received: size of the body received.
        attempt: 1 for the first try.
        seconds: how long it took.
    """


@hookspec
def esign_event(event: Event) -> None:
    """Hear of an event that a delivery brought; it is called once for each event of a receipt."""


@hookspec
def esign_unknown_status(provider: str, account: str, vocabulary: str, vendor_status: str) -> None:
    """Hear that the vendor used a word for a status that no table knows.

    Args:
        provider: the provider's name.
        account: the account's name.
        vocabulary: the table that was asked, such as "process".
        vendor_status: the vendor's own word.
    """
