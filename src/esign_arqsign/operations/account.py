"""The account itself: its folders, users and roles, what it has used and what it may use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Literal

from esign_arqsign.settings import is_guid
from esign_arqsign.wire.lookups import (
    Account,
    Folder,
    RoleLabel,
    Usage,
    User,
    load_account,
    load_folders,
    load_roles,
    load_usage,
    load_users,
)
from esign_core.model.errors import Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow

if TYPE_CHECKING:
    from esign_arqsign.provider import ArqSign

__all__ = ["account", "folders", "roles", "usage", "users"]

_LOOK_FOR = {"paths": 1, "children": 2, "root": 3}
_ITEMS = {"all": 0, "sends": 1, "whatsapp": 2, "sms": 3}
_MOST_DAYS = 366


def folders(
    provider: ArqSign,
    *,
    look_for: Literal["root", "children", "paths"] = "root",
    folder_ids: Iterable[str] = (),
    active_only: bool = False,
) -> Flow[tuple[Folder, ...]]:
    """List folders: the root and its children, the children of one folder, or the whole paths of some.

    Args:
        provider: given by `client.run`.
        look_for: "root"; "children" of exactly one folder; "paths" of one or more.
        folder_ids: the folders that the last two are about.
        active_only: True to leave out folders that were deleted.
    """
    del provider
    wanted = list(folder_ids)
    refuse(_folder_problems(look_for, wanted))
    body = {"buscarPor": _LOOK_FOR[look_for], "ativas": int(active_only), **({"pastas": wanted} if wanted else {})}
    return load_folders((yield Call.post("/api/v1/diretorio/buscar-pastas", json=body, repeatable=True)))


def users(provider: ArqSign, *, user_ids: Iterable[str] = (), active_only: bool = True) -> Flow[tuple[User, ...]]:
    """List the account's users, or those with certain ids, with whether each may send processes."""
    del provider
    wanted = list(user_ids)
    refuse(_not_guids("user_ids", wanted))
    body: dict[str, object] = {"usuarios": wanted} if wanted else {"ativos": int(active_only)}
    return load_users((yield Call.post("/api/v1/usuarios/buscar-usuarios", json=body, repeatable=True)))


def roles(provider: ArqSign) -> Flow[tuple[RoleLabel, ...]]:
    """List the labels that people may sign under (papelPessoaFisica, papelPessoaJuridica)."""
    del provider
    return load_roles((yield Call.get("/api/v1/conta/papeis-signatarios")))


def usage(
    provider: ArqSign, start: date, end: date, *, item: Literal["all", "sends", "whatsapp", "sms"] = "all"
) -> Flow[Usage]:
    """Count what was sent between two days, of at most a year."""
    del provider
    if not start <= end or (end - start).days > _MOST_DAYS - 1:
        hint = "give a first and a last day, at most a year apart"
        refuse([Problem(path="end", message="is before the start, or more than a year after it", hint=hint)])
    body = {"dataInicial": f"{start:%Y-%m-%d}", "dataFinal": f"{end:%Y-%m-%d}", "item": _ITEMS[item]}
    return load_usage((yield Call.post("/api/v1/conta/buscar-consumo-itens-assinatura", json=body, repeatable=True)))


def account(provider: ArqSign) -> Flow[Account]:
    """Read the account, its plan and its balances."""
    del provider
    return load_account((yield Call.get("/api/v1/conta/dados-assinatura")))


def _folder_problems(look_for: str, wanted: list[str]) -> list[Problem]:
    fits = {"root": len(wanted) == 0, "children": len(wanted) == 1, "paths": len(wanted) >= 1}
    problems = _not_guids("folder_ids", wanted)
    if look_for not in fits:
        hint = 'choose "root", "children" or "paths"'
        problems.append(Problem(path="look_for", message="must be one of the three ways to look", hint=hint))
    elif not fits[look_for]:
        hint = 'none for "root", exactly one for "children", one or more for "paths"'
        problems.append(Problem(path="folder_ids", message=f"does not fit {look_for!r}", hint=hint))
    return problems


def _not_guids(path: str, values: list[str]) -> list[Problem]:
    return [
        Problem.invalid(f"{path}[{index}]", "must be an id of ArqSign's", "give a GUID")
        for index, value in enumerate(values)
        if not is_guid(value)
    ]
