"""The company behind the account: its data and look, and where its webhooks go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from esign_auco.operations.shared import given
from esign_auco.provider import Auco
from esign_auco.wire import actions
from esign_auco.wire.company import (
    Company,
    Webhook,
    colour_problems,
    dump_webhooks,
    load_company,
    webhook_problems,
)
from esign_core.model.errors import ConflictError, Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow

__all__ = ["company", "put_webhook", "set_webhooks", "update_company"]


def company(provider: Auco) -> Flow[Company]:
    """Read the company: name, look, webhooks, and the older set-up with one webhook."""
    del provider
    reply = yield Call.get("/company")
    return load_company(reply)


def update_company(
    provider: Auco,
    *,
    name: str | None = None,
    image: str | None = None,
    primary_color: str | None = None,
    alternate_color: str | None = None,
) -> Flow[None]:
    """Change the company's name, logo or colours; what is not given stays."""
    del provider
    refuse(colour_problems({"primary_color": primary_color, "alternate_color": alternate_color}))
    colours = given(primaryColor=primary_color, alternateColor=alternate_color)
    body = given(name=name, image=image, uxOptions=colours or None)
    if not body:
        refuse([Problem(path="name", message="and everything else are missing", hint="give what shall change")])
    reply = yield Call.put("/company", json=body)
    actions.load_message(reply)


def set_webhooks(
    provider: Auco, webhooks: Iterable[Webhook], *, expected: Iterable[Webhook]
) -> Flow[tuple[Webhook, ...]]:
    """Replace the whole list of webhooks: read, compare, write, verify.

    Args:
        provider: the account's provider.
        webhooks: the new list; the first has the id `default`.
        expected: the list as you last read it. If it has changed since, nothing is written, for the call would wipe
            out somebody else's change.

    Returns:
        The list as Auco tells it afterwards.

    Raises:
        ConflictError: the list is not the expected one, or not the new one afterwards.
    """
    wanted, known = tuple(webhooks), tuple(expected)
    refuse(webhook_problems(wanted, known))
    present = yield from company(provider)
    if present.webhooks != known:
        raise ConflictError(
            "the company's webhooks are not the ones you expected, so nothing was written",
            hint="Read them with operations.company, decide anew, and pass them as expected.",
        )
    return (yield from _replaced(provider, present, wanted))


def put_webhook(provider: Auco, webhook: Webhook) -> Flow[tuple[Webhook, ...]]:
    """Add one webhook, or replace the one with its id, and leave all others as they are.

    Returns:
        The list as Auco tells it afterwards.

    Raises:
        ConflictError: the list is not the new one afterwards.
    """
    found = yield from company(provider)
    present = found.webhooks
    others = [each for each in present if each.id != webhook.id]
    position = next((index for index, each in enumerate(present) if each.id == webhook.id), len(others))
    position = 0 if webhook.id == "default" else position
    wanted = (*others[:position], webhook, *others[position:])
    refuse(webhook_problems(wanted, present))
    return (yield from _replaced(provider, found, wanted))


def _replaced(provider: Auco, present: Company, wanted: Sequence[Webhook]) -> Flow[tuple[Webhook, ...]]:
    if present.webhooks == tuple(wanted):
        return present.webhooks
    reply = yield Call.put("/company", json={"webhooks": dump_webhooks(wanted, present)})
    actions.load_message(reply)
    after = (yield from company(provider)).webhooks
    if after != tuple(wanted):
        raise ConflictError(
            "the company's webhooks were written, and are not what was written",
            hint="Somebody else may be changing them: read them with operations.company before trying again.",
        )
    return after
