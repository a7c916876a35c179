"""Templates: list, describe, create and change them, with their HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.operations.shared import given, need
from esign_auco.provider import Auco
from esign_auco.wire.loading import Link, answered_at, read, read_object, unexpected
from esign_core.model.documents import Document
from esign_core.model.errors import Problem, UnreadableReplyError
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = [
    "LIFETIME",
    "SavedTemplate",
    "Template",
    "Urls",
    "WireSaved",
    "automated_templates",
    "create_template",
    "load_saved",
    "load_template",
    "load_templates",
    "template",
    "templates",
    "update_template",
]

LIFETIME = timedelta(minutes=5)
"""How long the upload addresses of a template hold."""


@attrs.frozen(kw_only=True)
class Template:
    """A template: what is listed of each, and what is described of one."""

    id: str = wired("id")
    name: Text = wired("name", None)
    description: Text = wired("description", None)
    status: Text = wired("status", None)
    """`active` or `inactive`."""
    created_at: Text = wired("created_at", None)
    updated_at: Text = wired("updated_at", None)
    config: tuple[Mapping[str, Any], ...] | None = wired("config", None)
    """The variables to be filled in, as Auco describes them; None in a list."""
    sign: tuple[str, ...] | None = wired("sign", None)
    signature_profile: tuple[Mapping[str, Any], ...] | None = wired("signatureProfile", None)
    """Who signs, by the names of the variables that hold their data."""
    pre_build: Flag = wired("preBuild", None)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, for the values of a `TemplateDocument`."""
        return tuple(str(each["name"]) for each in self.config or () if "name" in each)


@attrs.frozen(kw_only=True)
class Urls:
    """The addresses of a template's two pages of HTML."""

    mask: Text = wired("mask", None, repr=False)
    complete: Text = wired("complete", None, repr=False)


@attrs.frozen(kw_only=True)
class WireSaved:
    """The answer to a template's creation or change; the page's own samples read other names than it documents."""

    id: Text = wired("id", None)
    template_id: Text = wired("template_id", None)
    urls: Urls | None = wired("urls", None)
    signed_url: Text = wired("signed_url", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class SavedTemplate:
    """A template that was created or changed, and where its HTML goes; the addresses cannot be renewed."""

    id: str
    mask: Link | None = None
    """For the page as it is filled in."""
    complete: Link | None = None
    """For the page as it is signed."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_templates(reply: Reply) -> tuple[Template, ...]:
    """Read the list of templates.

    Raises:
        UnreadableReplyError: the answer has another form.
    """
    data = read_object(reply, "the templates").get("data")
    if not isinstance(data, list):
        raise unexpected("the templates are not a list")
    return tuple(read(Template, each, "a template") for each in data)


def load_template(reply: Reply) -> Template:
    """Read one template.

    Raises:
        UnreadableReplyError: the answer has another form.
    """
    return read(Template, read_object(reply, "the template"), "the template")


def load_saved(reply: Reply, now: datetime | None) -> SavedTemplate:
    """Read where the HTML of a template goes.

    Raises:
        UnreadableReplyError: the answer names no template.
    """
    answer = read(WireSaved, read_object(reply, "the template"), "the template")
    template_id = answer.id or answer.template_id
    if not template_id:
        raise unexpected("the template has no id")
    moment = answered_at(reply, now)
    urls = answer.urls or Urls(complete=answer.signed_url)
    return SavedTemplate(
        id=template_id,
        mask=Link.made(urls.mask, LIFETIME, moment),
        complete=Link.made(urls.complete, LIFETIME, moment),
        raw=answer.raw,
    )


_LONGEST_DESCRIPTION = 500


def templates(provider: Auco) -> Flow[tuple[Template, ...]]:
    """List the templates, inactive ones included."""
    del provider
    reply = yield Call.get("/template")
    return load_templates(reply)


def template(provider: Auco, template_id: str) -> Flow[Template]:
    """Describe one template: its variables, and who signs."""
    del provider
    need(template_id=not template_id)
    reply = yield Call.get("/template", query={"id": template_id})
    return load_template(reply)


def automated_templates(provider: Auco) -> Flow[Any]:
    """Read the list that a query without an id brings; Auco does not document its shape, so it comes as it is."""
    del provider
    reply = yield Call.get("/document")
    return reply.json()


def create_template(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    *,
    name: str,
    config: Sequence[Mapping[str, Any]],
    signature_profile: Sequence[Mapping[str, Any]],
    sign: Sequence[str],
    pre_build: bool | None = None,
    description: str | None = None,
    mask: Document | None = None,
    complete: Document | None = None,
    now: datetime | None = None,
) -> Flow[SavedTemplate]:
    """Make a template and upload its HTML.

    Args:
        provider: the account's provider.
        name: of the template.
        config: its variables, as Auco describes them.
        signature_profile: who signs, by the names of the variables that hold their data.
        sign: the names of the variables that are signed.
        pre_build: whether another person may complete the data (see `operations.prebuild`).
        description: up to 500 characters.
        mask: the HTML of the page as it is filled in.
        complete: the HTML of the page as it is signed. What is not given has to go to the answer's links in time.
        now: the present moment, by which the links say until when they hold.
    """
    refuse(_description_problems(description))
    body = {
        "name": name,
        "config": list(config),
        "signatureProfile": list(signature_profile),
        "sign": list(sign),
        **given(preBuild=pre_build, description=description),
    }
    return (yield from _saved(provider, Call.post("/template", json=body), mask, complete, now))


def update_template(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    template_id: str,
    *,
    name: str | None = None,
    config: Sequence[Mapping[str, Any]] | None = None,
    signature_profile: Sequence[Mapping[str, Any]] | None = None,
    sign: Sequence[str] | None = None,
    pre_build: bool | None = None,
    description: str | None = None,
    mask: Document | None = None,
    complete: Document | None = None,
    now: datetime | None = None,
) -> Flow[SavedTemplate]:
    """Change a template; what is not given stays, and a description cannot be emptied."""
    need(template_id=not template_id)
    refuse(_description_problems(description))
    body = given(
        id=template_id,
        name=name,
        config=None if config is None else list(config),
        signatureProfile=None if signature_profile is None else list(signature_profile),
        sign=None if sign is None else list(sign),
        preBuild=pre_build,
        description=description,
    )
    return (yield from _saved(provider, Call.put("/template", json=body), mask, complete, now))


def _description_problems(description: str | None) -> list[Problem]:
    if description is None or 0 < len(description) <= _LONGEST_DESCRIPTION:
        return []
    hint = f"give 1 to {_LONGEST_DESCRIPTION} characters, or leave it out"
    return [Problem.invalid("description", "is empty or too long", hint)]


def _saved(
    provider: Auco, call: Call, mask: Document | None, complete: Document | None, now: datetime | None
) -> Flow[SavedTemplate]:
    del provider
    reply = yield call
    saved = load_saved(reply, now)
    for link, page in ((saved.mask, mask), (saved.complete, complete)):
        if page is not None:
            headers = {"content-type": "text/html"}
            yield Call.put(_due(link, saved), content=page, anonymous=True, headers=headers)
    return saved


def _due(link: Link | None, saved: SavedTemplate) -> str:
    if link is None:
        hint = f"The template {saved.id} is there, without its HTML: repeat it with operations.update_template."
        raise UnreadableReplyError("the vendor's answer names no address for the template's HTML", hint=hint)
    return link.url
