"""The company: its data, its look and its webhooks, as `GET /company` tells and `PUT /company` takes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import attrs

from esign_auco.wire.kit import read, read_object
from esign_core.model.errors import Problem
from esign_core.providers.convert import Text, make_converter, wired
from esign_core.providers.flow import Reply

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_WHITE = ("#fff", "#ffffff")
_MEMBERS = ("id", "url", "description", "header")
_CONVERTER = make_converter()


@attrs.frozen(kw_only=True)
class WebhookHeader:
    """The header Auco sends with every delivery: the only proof of where it comes from."""

    key: str = wired("key")
    value: str = wired("value", repr=False)


@attrs.frozen(kw_only=True)
class Webhook:
    """One receiver of deliveries; every process goes to `default` unless it names others."""

    id: str = wired("id", "default")
    url: str = wired("url", repr=False)
    description: str | None = wired("description", None)
    header: WebhookHeader | None = wired("header", None)


@attrs.frozen(kw_only=True)
class Look:
    """The company's colours."""

    primary_color: Text = wired("primaryColor", None)
    alternate_color: Text = wired("alternateColor", None)


@attrs.frozen(kw_only=True)
class Company:
    """What Auco knows of the account's company."""

    id: str = wired("id")
    name: str = wired("name", repr=False)
    webhooks: tuple[Webhook, ...] = wired("webhooks", ())
    look: Look | None = wired("uxOptions", None)
    image: Text = wired("image", None)
    legacy_webhook: Text = wired("webhook", None, repr=False)
    """The address of the older set-up, which knew one receiver only; empty where it is not used."""
    legacy_header: Any = wired("webhookHeader", None, repr=False)
    """What goes with deliveries of the older set-up."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_company(reply: Reply) -> Company:
    """Read the company.

    Raises:
        UnreadableReplyError: it is none.
    """
    tree = read_object(reply, "the company")
    listed = tree.get("webhooks")
    plain = {**tree, "webhooks": [_without_nothing(each) for each in listed]} if isinstance(listed, list) else tree
    return attrs.evolve(read(Company, plain, "the company"), raw=tree)


def _without_nothing(webhook: Any) -> Any:
    # The older set-up writes an unset header as an empty object, and nobody has a header without a name.
    return {**webhook, "header": webhook.get("header") or None} if isinstance(webhook, dict) else webhook


def dump_webhooks(webhooks: Sequence[Webhook], company: Company) -> list[dict[str, Any]]:
    """Return the list as `PUT /company` takes it.

    What a webhook leaves unset is left out; what Auco told of it and this library does not know goes back as it came,
    for the call replaces everything.
    """
    told = {each.get("id"): each for each in company.raw.get("webhooks") or ()}
    return [{**_unknown(told.get(webhook.id, {})), **_known(webhook)} for webhook in webhooks]


def _unknown(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name not in _MEMBERS}


def _known(webhook: Webhook) -> dict[str, Any]:
    return {name: value for name, value in _CONVERTER.unstructure(webhook).items() if value is not None}


def webhook_problems(webhooks: Sequence[Webhook], present: Sequence[Webhook]) -> Iterator[Problem]:
    """Find what Auco would refuse of a list of webhooks, and addresses nobody should add to those that are there."""
    ids = [webhook.id for webhook in webhooks]
    if ids[:1] != ["default"]:
        hint = 'put one with id "default" first: deliveries go there unless a process names another'
        yield Problem(path="webhooks", message='do not begin with "default"', hint=hint)
    for index, webhook in enumerate(webhooks):
        if webhook.id in ids[:index]:
            yield Problem(path=f"webhooks[{index}].id", message="is there twice", hint="give each its own")
        parts = urlsplit(webhook.url)
        if webhook not in present and (parts.scheme != "https" or not parts.hostname):
            hint = "give one that begins with https://"
            yield Problem(path=f"webhooks[{index}].url", message="is no https address", hint=hint)


def colour_problems(colours: Mapping[str, str | None]) -> Iterator[Problem]:
    """Find what Auco would refuse of the company's colours."""
    for name, colour in colours.items():
        if colour is not None and not _COLOUR.fullmatch(colour):
            yield Problem(path=name, message="is no colour", hint="write #RGB or #RRGGBB")
        elif name == "primary_color" and (colour or "").lower() in _WHITE:
            yield Problem(path=name, message="is white, which Auco refuses", hint="choose another colour")
