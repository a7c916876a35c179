"""Webhook configurations: create, list, enable, disable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from esign_arqsign.settings import is_guid
from esign_arqsign.webhooks import Trigger
from esign_arqsign.wire.hooks import Payload, Webhook, dump_webhook, load_webhook, load_webhooks
from esign_arqsign.wire.paths import with_id
from esign_core.model.errors import Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow

if TYPE_CHECKING:
    from esign_arqsign.provider import ArqSign

__all__ = ["create_webhook", "disable_webhook", "enable_webhook", "webhooks"]

_PATH = "/api/v1/confwebhook"
_LONGEST_NAME = 150
_ACTIVE, _INACTIVE = 1, 2


def create_webhook(  # noqa: PLR0913 - a configuration has as many parts, most of them left as they are
    provider: ArqSign,
    name: str,
    url: str,
    *,
    triggers: Iterable[int] = tuple(Trigger),
    payload: Payload = Payload(),  # noqa: B008 - a frozen value
    active: bool = True,
    wait_for_answer: bool = False,
    user_ids: Iterable[str] = (),
    group_ids: Iterable[str] = (),
    folder_ids: Iterable[str] = (),
) -> Flow[Webhook]:
    """Create a webhook; its `secret` belongs into the account's `webhook_secrets`.

    Args:
        provider: given by `client.run`.
        name: up to 150 characters, unlike those of the account's other webhooks.
        url: where deliveries go.
        triggers: what it is called for: members of `esign_arqsign.webhooks.Trigger`; everything by default.
        payload: what a delivery brings with the event: process and signers by default, never files.
        active: False to create it switched off.
        wait_for_answer: True for the vendor to take a missing answer for a failure, and so to try again.
        user_ids: only processes of these senders.
        group_ids: only processes of these groups.
        folder_ids: only processes in these folders.
    """
    wanted = list(triggers)
    lists = {"usuarios": list(user_ids), "grupos": list(group_ids), "pastas": list(folder_ids)}
    refuse(_problems(name, url, wanted, lists))
    body = dump_webhook(
        name, url, wanted, payload, provider.settings.bit_style, active=active, waits=wait_for_answer, lists=lists
    )
    return load_webhook((yield Call.post(_PATH, json=body)))


def webhooks(provider: ArqSign) -> Flow[tuple[Webhook, ...]]:
    """List the account's webhooks; the vendor hands out their secrets in clear text, here they never show."""
    del provider
    return load_webhooks((yield Call.get(_PATH)))


def enable_webhook(provider: ArqSign, webhook_id: str) -> Flow[None]:
    """Switch a webhook on, also after the vendor has switched it off for failures; the failures are forgotten."""
    del provider
    yield from _switch(webhook_id, _ACTIVE)


def disable_webhook(provider: ArqSign, webhook_id: str) -> Flow[None]:
    """Switch a webhook off."""
    del provider
    yield from _switch(webhook_id, _INACTIVE)


def _switch(webhook_id: str, status: int) -> Flow[None]:
    yield Call.patch(with_id(f"{_PATH}/{{}}/alterar-status", webhook_id), json={"status": status})


def _problems(name: str, url: str, triggers: list[int], lists: dict[str, list[str]]) -> list[Problem]:
    problems = []
    if not 0 < len(name.strip()) <= _LONGEST_NAME:
        hint = f"give 1 to {_LONGEST_NAME} characters"
        problems.append(Problem(path="name", message="is missing or too long", hint=hint))
    if not url.strip().startswith("https://"):
        hint = "give an address that begins with https://"
        problems.append(Problem(path="url", message="must be an https address", hint=hint))
    if not triggers or not set(triggers) <= set(Trigger):
        hint = "name one or more of esign_arqsign.webhooks.Trigger"
        problems.append(Problem(path="triggers", message="must be one or more of 1 to 8", hint=hint))
    paths = {"usuarios": "user_ids", "grupos": "group_ids", "pastas": "folder_ids"}
    problems += [
        Problem.invalid(f"{paths[key]}[{index}]", "must be an id of ArqSign's", "give a GUID")
        for key, values in lists.items()
        for index, value in enumerate(values)
        if not is_guid(value)
    ]
    return problems
