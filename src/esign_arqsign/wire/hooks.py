"""Webhook configurations in the vendor's shape; create, list and answer call the same things by different names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import attrs

from esign_arqsign.wire.bits import CONVERTER, flag
from esign_arqsign.wire.shapes import folded, listed, rows, tree_of
from esign_core.accounts.settings import Secret
from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.convert import Flag, Number, Text, load, wired
from esign_core.providers.flow import Reply

__all__ = ["Payload", "Webhook", "dump_webhook", "load_webhook", "load_webhooks"]

_KINDS = {"base64": 1, "link": 2}
_ACTIVE, _INACTIVE = 1, 2


@attrs.frozen(kw_only=True)
class Payload:
    """What a delivery brings with the event."""

    process: bool = True
    signers: bool = True
    documents: Literal["base64", "link"] | None = None
    records: Literal["base64", "link"] | None = None
    shared_link: bool = False


@attrs.frozen(kw_only=True)
class Webhook:
    """A webhook as it is configured; after a create only id, name and secret are known."""

    id: str
    name: str = ""
    secret: Secret[str] | None = None
    """The HMAC key."""
    status: int | None = None
    """1 active, 2 inactive, 3 switched off by the vendor after failures."""
    url: str | None = attrs.field(default=None, repr=False)
    waits_for_answer: bool | None = None
    triggers: tuple[int, ...] = ()
    """The numbers of the triggers that are switched on."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def active(self) -> bool:
        """Tell whether deliveries are sent."""
        return self.status == _ACTIVE


@attrs.frozen(repr=False)
class _Wired:
    id: Text = wired("id", None)
    name: Text = wired("nome", None)
    created_secret: Text = wired("chavehmac", None)
    listed_secret: Text = wired("hmac", None)
    status: Number = wired("status", None)
    url: Text = wired("urlpublicar", None)
    listed_waits: Flag = wired("aguardaretorno", None)
    created_waits: Flag = wired("aguardarretorno", None)


def dump_webhook(
    name: str,
    url: str,
    triggers: list[int],
    payload: Payload,
    style: str,
    *,
    active: bool,
    waits: bool,
    lists: Mapping[str, list[str]],
) -> dict[str, Any]:
    """Return the body that creates a webhook; empty lists restrict nothing and are not sent."""
    returned: dict[str, Any] = {
        "processo": flag(payload.process, style),
        "signatarios": flag(payload.signers, style),
        "documentos": flag(payload.documents is not None, style),
        "linkDocCompartilhado": flag(payload.shared_link, style),
        "registrosAssinatura": flag(payload.records is not None, style),
    }
    if payload.documents is not None:
        returned["documentosTipo"] = _KINDS[payload.documents]
    if payload.records is not None:
        returned["registrosAssinaturaTipo"] = _KINDS[payload.records]
    return {
        "nome": name,
        "status": _ACTIVE if active else _INACTIVE,
        "urlPublicar": url.strip(),
        "aguardarRetorno": flag(waits, style),
        **{key: values for key, values in lists.items() if values},
        "gatilhos": [int(trigger) for trigger in triggers],
        "dadosRetorno": returned,
    }


def load_webhook(reply: Reply) -> Webhook:
    """Read the answer of a create, with the secret."""
    tree = tree_of(reply)
    made = _webhook(folded(tree, "the webhook"), tree)
    if made.secret is None:
        raise UnreadableReplyError(
            "the vendor's answer holds no key for the webhook", hint="List the webhooks: operations.webhooks."
        )
    return made


def load_webhooks(reply: Reply) -> tuple[Webhook, ...]:
    """Read the list of webhooks."""
    tree = tree_of(reply)
    return tuple(_webhook(row, raw) for row, raw in zip(rows(tree, "webhooks"), tree, strict=True))


def _webhook(row: dict[str, Any], raw: Mapping[str, Any]) -> Webhook:
    found = load(CONVERTER, _Wired, row, "webhook")
    if not found.id:
        raise UnreadableReplyError("unexpected response from the vendor: a webhook has no id")
    secret = found.created_secret or found.listed_secret
    return Webhook(
        id=found.id,
        name=found.name or "",
        secret=Secret(secret) if secret else None,
        status=found.status,
        url=found.url,
        waits_for_answer=found.created_waits if found.listed_waits is None else found.listed_waits,
        triggers=_triggers(row.get("gatilhos")),
        raw=raw,
    )


@attrs.frozen(repr=False)
class _Trigger:
    id: Number = wired("id", None)
    active: Flag = wired("ativo", None)


def _triggers(given: Any) -> tuple[int, ...]:
    if isinstance(given, list) and all(isinstance(each, int) for each in given):
        return tuple(given)
    found = [load(CONVERTER, _Trigger, row, "gatilhos") for row in listed(given, "gatilhos") or ()]
    return tuple(each.id for each in found if each.id is not None and each.active is not False)
