"""The company behind the account: its data and look, and where its webhooks go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import attrs

from esign_auco.operations.shared import given
from esign_auco.provider import Auco
from esign_auco.wire import responses
from esign_auco.wire.loading import read, read_object
from esign_core.model.errors import ConflictError, Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import Text, make_converter, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = [
    "Company",
    "Look",
    "Webhook",
    "WebhookHeader",
    "colour_problems",
    "company",
    "dump_webhooks",
    "load_company",
    "put_webhook",
    "set_webhooks",
    "update_company",
    "webhook_problems",
]

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
        UnreadableReplyError: the answer is not a company.
    """
    tree = read_object(reply, "the company")
    listed = tree.get("webhooks")
    plain = {**tree, "webhooks": [_without_nothing(each) for each in listed]} if isinstance(listed, list) else tree
    return attrs.evolve(read(Company, plain, "the company"), raw=tree)


def _without_nothing(webhook: Any) -> Any:
    # The older set-up writes an unset header as an empty object, and a header without a name is not one.
    return {**webhook, "header": webhook.get("header") or None} if isinstance(webhook, dict) else webhook


def dump_webhooks(webhooks: Sequence[Webhook], company: Company) -> list[dict[str, Any]]:
    """Return the list as `PUT /company` takes it.

    What a webhook leaves unset is left out; members that this library does not know go back as Auco sent them,
    because the call replaces everything.
    """
    answered = {each.get("id"): each for each in company.raw.get("webhooks") or ()}
    return [{**_unknown(answered.get(webhook.id, {})), **_known(webhook)} for webhook in webhooks]


def _unknown(webhook: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in webhook.items() if name not in _MEMBERS}


def _known(webhook: Webhook) -> dict[str, Any]:
    return {name: value for name, value in _CONVERTER.unstructure(webhook).items() if value is not None}


def webhook_problems(webhooks: Sequence[Webhook], present: Sequence[Webhook]) -> Iterator[Problem]:
    """Find what Auco would refuse of a list of webhooks, and new addresses without https."""
    ids = [webhook.id for webhook in webhooks]
    if ids[:1] != ["default"]:
        hint = 'put one with id "default" first: deliveries go there unless a process names another'
        yield Problem.invalid("webhooks", 'do not begin with "default"', hint)
    for index, webhook in enumerate(webhooks):
        if webhook.id in ids[:index]:
            yield Problem.invalid(f"webhooks[{index}].id", "must not be there twice", "give each webhook its own id")
        parts = urlsplit(webhook.url)
        if webhook not in present and (parts.scheme != "https" or not parts.hostname):
            hint = "give one that begins with https://"
            yield Problem.invalid(f"webhooks[{index}].url", "must be an https address", hint)


def colour_problems(colours: Mapping[str, str | None]) -> Iterator[Problem]:
    """Find what Auco would refuse of the company's colours."""
    for name, colour in colours.items():
        if colour is not None and not _COLOUR.fullmatch(colour):
            yield Problem.invalid(name, "must be a colour", "write #RGB or #RRGGBB")
        elif name == "primary_color" and (colour or "").lower() in _WHITE:
            yield Problem.invalid(name, "is white, which Auco refuses", "choose another colour")


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
        refuse([Problem.invalid("name", "and everything else are missing", "give what is to be changed")])
    reply = yield Call.put("/company", json=body)
    responses.load_message(reply)


def set_webhooks(
    provider: Auco, webhooks: Iterable[Webhook], *, expected: Iterable[Webhook]
) -> Flow[tuple[Webhook, ...]]:
    """Replace the whole list of webhooks: read, compare, write, verify.

    Args:
        provider: the account's provider.
        webhooks: the new list; the first has the id `default`.
        expected: the list as you last read it. If it has changed since, nothing is written, for the call would wipe
            out a change made by another program.

    Returns:
        The list as Auco answers it afterwards.

    Raises:
        ConflictError: the list is not the expected one, or not the new one afterwards.
    """
    wanted, known = tuple(webhooks), tuple(expected)
    refuse(webhook_problems(wanted, known))
    present = yield from company(provider)
    if present.webhooks != known:
        raise ConflictError(
            "the company's webhooks are not the ones you expected, so nothing was written",
            hint="Read them with operations.company, decide again, and pass them as expected.",
        )
    return (yield from _replaced(provider, present, wanted))


def put_webhook(provider: Auco, webhook: Webhook) -> Flow[tuple[Webhook, ...]]:
    """Add one webhook, or replace the one with its id, and leave all others as they are.

    Returns:
        The list as Auco answers it afterwards.

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
    responses.load_message(reply)
    after = (yield from company(provider)).webhooks
    if after != tuple(wanted):
        raise ConflictError(
            "the company's webhooks were written, and are not what was written",
            hint="Another program may be changing them: read them with operations.company before trying again.",
        )
    return after
