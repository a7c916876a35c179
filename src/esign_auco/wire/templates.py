"""Templates: listed, described, and the upload addresses of their HTML."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_auco.wire.kit import Link, answered_at, read, read_object
from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.convert import Flag, Text, wired
from esign_core.providers.flow import Reply

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
        UnreadableReplyError: it is none.
    """
    data = read_object(reply, "the templates").get("data")
    if not isinstance(data, list):
        raise UnreadableReplyError("the vendor's answer is not what was due: the templates are no list")
    return tuple(read(Template, each, "a template") for each in data)


def load_template(reply: Reply) -> Template:
    """Read one template.

    Raises:
        UnreadableReplyError: it is none.
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
        raise UnreadableReplyError("the vendor's answer is not what was due: the template has no id")
    moment = answered_at(reply, now)
    urls = answer.urls or Urls(complete=answer.signed_url)
    return SavedTemplate(
        id=template_id,
        mask=Link.made(urls.mask, LIFETIME, moment),
        complete=Link.made(urls.complete, LIFETIME, moment),
        raw=answer.raw,
    )
