"""What the account's reads answer: attachments, folders, users, roles, usage, account and plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from esign_arqsign.wire.bits import CONVERTER
from esign_arqsign.wire.shapes import folded, rows, tree_of
from esign_core.providers.convert import Flag, Number, Text, load, wired
from esign_core.providers.flow import Reply

__all__ = [
    "Account",
    "AttachedFile",
    "Folder",
    "Item",
    "RoleLabel",
    "SignerAttachments",
    "Usage",
    "User",
    "load_account",
    "load_attachments",
    "load_folders",
    "load_roles",
    "load_usage",
    "load_users",
]

T = TypeVar("T")


def _raw() -> Any:
    return attrs.field(factory=dict, kw_only=True, repr=False, eq=False)


@attrs.frozen
class AttachedFile:
    """A file that a signer attached."""

    id: Text = wired("id", None)
    name: Text = wired("nome", None, repr=False)
    content: Text = wired("arquivo", None, repr=False)
    """A link, or the file in Base64, as was asked for."""


@attrs.frozen
class SignerAttachments:
    """What one signer attached."""

    signer_id: Text = wired("idsignatario", None)
    name: Text = wired("nome", None, repr=False)
    files: tuple[AttachedFile, ...] = attrs.field(default=(), kw_only=True)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class Folder:
    """A folder; `children` are one level deep."""

    id: Text = wired("id", None)
    name: Text = wired("nome", None)
    path: Text = wired("caminhocompleto", None)
    status: Text = wired("status", None)
    has_children: Flag = wired("possuifilhos", None)
    children: tuple[Folder, ...] = attrs.field(default=(), kw_only=True)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class User:
    """A user of the account."""

    id: Text = wired("id", None)
    name: Text = wired("nome", None, repr=False)
    status: Text = wired("status", None)
    """Ativo, Inativo or Bloqueado; the vendor's page also calls it a number."""
    may_send: Flag = wired("remetente", None)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class RoleLabel:
    """A label that people may sign under."""

    id: Text = wired("id", None)
    name: Text = wired("nome", None)
    default: Flag = wired("padrao", None)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class Item:
    """What is counted: 1 sends, 2 WhatsApp messages, 3 SMS."""

    id: Number = wired("id", None)
    name: Text = wired("nome", None)
    used: Number = wired("quantidade", None)
    balance: Number = wired("saldo", None)
    may_exceed: Flag = wired("permiteexcedente", None)


@attrs.frozen
class Usage:
    """What an account has used."""

    account_id: Text = wired("idconta", None)
    account_name: Text = wired("nomeconta", None)
    items: tuple[Item, ...] = attrs.field(default=(), kw_only=True)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class Account:
    """An account with its plan and balances."""

    id: Text = wired("id", None)
    name: Text = wired("nome", None)
    status_id: Number = wired("idstatus", None)
    """1 active, 2 inactive, 3 blocked, 4 pending."""
    status: Text = wired("status", None)
    plan_kind: Text = attrs.field(default=None, kw_only=True)
    """C corporate, P professional or business, G free."""
    plan_name: Text = attrs.field(default=None, kw_only=True)
    trial: Flag = attrs.field(default=None, kw_only=True)
    items: tuple[Item, ...] = attrs.field(default=(), kw_only=True)
    raw: Mapping[str, Any] = _raw()


@attrs.frozen
class _Plan:
    kind: Text = wired("tipoplano", None)
    name: Text = wired("nome", None)


@attrs.frozen
class _Subscription:
    trial: Flag = wired("trial", None)


def load_attachments(reply: Reply) -> tuple[SignerAttachments, ...]:
    """Read what signers attached."""
    found = []
    for row, raw in _each(reply, "attachments"):
        files = [_load(AttachedFile, each) for each in rows(row.get("anexos") or [], "anexos")]
        found.append(attrs.evolve(_load(SignerAttachments, row), files=tuple(files), raw=raw))
    return tuple(found)


def load_folders(reply: Reply) -> tuple[Folder, ...]:
    """Read folders and their children."""
    return tuple(_folder(row, raw) for row, raw in _each(reply, "folders"))


def _folder(row: dict[str, Any], raw: Any) -> Folder:
    children = [_load(Folder, each) for each in rows(row.get("filhos") or [], "filhos")]
    return attrs.evolve(_load(Folder, row), children=tuple(children), raw=raw)


def load_users(reply: Reply) -> tuple[User, ...]:
    """Read users."""
    return tuple(attrs.evolve(_load(User, row), raw=raw) for row, raw in _each(reply, "users"))


def load_roles(reply: Reply) -> tuple[RoleLabel, ...]:
    """Read the labels people may sign under."""
    return tuple(attrs.evolve(_load(RoleLabel, row), raw=raw) for row, raw in _each(reply, "roles"))


def load_usage(reply: Reply) -> Usage:
    """Read what was used."""
    tree = tree_of(reply)
    answer = folded(tree, "the usage")
    return attrs.evolve(_load(Usage, answer), items=_items(answer), raw=tree)


def load_account(reply: Reply) -> Account:
    """Read the account; the vendor writes one of the three parts with a capital letter."""
    tree = tree_of(reply)
    answer = folded(tree, "the account")
    conta, plano, assinatura = (folded(answer.get(key) or {}, key) for key in ("conta", "plano", "assinatura"))
    plan = _load(_Plan, plano)
    return attrs.evolve(
        _load(Account, conta),
        plan_kind=plan.kind,
        plan_name=plan.name,
        trial=_load(_Subscription, assinatura).trial,
        items=_items(assinatura),
        raw=tree,
    )


def _items(answer: Mapping[str, Any]) -> tuple[Item, ...]:
    return tuple(_load(Item, row) for row in rows(answer.get("itens") or [], "itens"))


def _each(reply: Reply, what: str) -> list[tuple[dict[str, Any], Any]]:
    tree = tree_of(reply)
    return list(zip(rows(tree, what), tree, strict=True))


def _load(cls: type[T], row: Mapping[str, Any]) -> T:
    # Parts that are read by themselves are not the converter's business.
    own = {key: value for key, value in row.items() if key not in ("children", "files", "items", "raw")}
    return load(CONVERTER, cls, own, cls.__name__.strip("_").lower())
