"""The routes about the account: folders, users, roles, what was used, and the plan with its balances."""

from __future__ import annotations

from datetime import date
from typing import Final

from esign_arqsign.sandbox import account, messages, schema
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import MALFORMED, Context, VendorError
from esign_arqsign.sandbox.reading import Tree, read_body
from esign_core.providers.flow import Reply
from esign_core.sandbox import make_guid

_PATH: Final = 1
_CHILDREN: Final = 2
_LONGEST: Final = 1


def folders(context: Context) -> Reply:
    """Answer with given folders and their paths, with a folder's children, or with the root."""
    search: Tree = read_body(context, schema.FOLDERS)
    known: dict[str, Tree] = account.of(context.state)["folders"]
    by, asked = search["buscarPor"], search["pastas"] or []
    if by in (_PATH, _CHILDREN) and not asked:
        raise VendorError(MALFORMED, messages.required(["pastas"]))
    if by == _CHILDREN and len(asked) != 1:
        raise VendorError(context.dialect.wrong_format, messages.wrong_format(["pastas"]))
    if any(one not in known for one in asked):
        raise VendorError(MALFORMED, messages.unknown_ids(["pastas"]))
    wanted = asked if by in (_PATH, _CHILDREN) else [one for one, folder in known.items() if folder["parent"] is None]
    shown = [one for one in wanted if not (search["ativas"] and known[one]["deleted"])]
    return context.answer(
        [_folder(context, one, with_children=by != _PATH, active=bool(search["ativas"])) for one in shown]
    )


def _folder(context: Context, folder_id: str, *, with_children: bool, active: bool) -> Tree:
    known: dict[str, Tree] = account.of(context.state)["folders"]
    inside = [
        {**_plain(context, one), "possuiFilhos": context.dialect.flag(_has_children(known, one), "number")}
        for one, folder in sorted(known.items(), key=lambda item: str(item[1]["name"]).casefold())
        if folder["parent"] == folder_id and not (active and folder["deleted"])
    ]
    return {**_plain(context, folder_id), "filhos": inside if with_children else None}


def _plain(context: Context, folder_id: str) -> Tree:
    folder = account.of(context.state)["folders"][folder_id]
    return {
        "id": folder_id,
        "nome": folder["name"],
        "caminhoCompleto": account.folder_path(context.state, folder_id, "|"),
        "status": "Excluída" if folder["deleted"] else "Ativa",
    }


def _has_children(known: dict[str, Tree], folder_id: str) -> bool:
    return any(folder["parent"] == folder_id for folder in known.values())


def users(context: Context) -> Reply:
    """Answer with the users asked for, or with all of the account."""
    search: Tree = read_body(context, schema.USERS)
    known: dict[str, Tree] = account.of(context.state)["users"]
    asked = search["usuarios"] or []
    found = [one for one in known if one in asked] if asked else list(known)
    if asked and not found:
        raise VendorError(MALFORMED, messages.unknown_ids(["usuarios"]))
    if not asked and search["ativos"]:
        found = [one for one in found if known[one]["status"] == "Ativo"]
    by_name = sorted(found, key=lambda one: str(known[one]["name"]).casefold())
    return context.answer(
        [
            {
                "id": one,
                "nome": known[one]["name"],
                "status": known[one]["status"],
                "remetente": context.dialect.flag(known[one]["sender"], "boolean"),
            }
            for one in by_name
        ]
    )


def roles(context: Context) -> Reply:
    """Answer with the roles signers can have."""
    known: dict[str, str] = account.of(context.state)["roles"]
    return context.answer(
        [
            {"id": one, "nome": role, "padrao": context.dialect.flag(role == "Parte", "boolean")}
            for one, role in known.items()
        ]
    )


def usage(context: Context) -> Reply:
    """Answer with how much of each item was used in a span of days."""
    search: Tree = read_body(context, schema.USAGE)
    first, last, item = search["dataInicial"], search["dataFinal"], search["item"]
    if first > last or last > _year_later(first):
        raise VendorError(context.dialect.wrong_format, messages.wrong_format(["dataInicial", "dataFinal"]))
    if item not in (0, *account.ITEMS):
        raise VendorError(MALFORMED, messages.unknown_ids(["item"]))
    cancelled = list(states.cancelled(context.state))
    known = account.of(context.state)
    items = [
        {"id": one, "nome": name, "quantidade": account.used(context.state, one, first, last, cancelled)}
        for one, name in account.ITEMS.items()
        if item in (0, one)
    ]
    return context.answer({"idConta": known["id"], "nomeConta": known["name"], "itens": items})


def _year_later(first: date) -> date:
    year = first.year + _LONGEST
    # The day after the 28th of February stands in for a 29th that the next year lacks.
    return date(year, 3, 1) if (first.month, first.day) == (2, 29) else first.replace(year=year)


def plan(context: Context) -> Reply:
    """Answer with the account, its plan and its balances."""
    known = account.of(context.state)
    items = [
        {
            "id": one,
            "nome": name,
            "saldo": known["credits"][str(one)],
            "permiteExcedente": context.dialect.flag(0, "boolean"),
        }
        for one, name in account.ITEMS.items()
    ]
    return context.answer(
        {
            "Conta": {"id": known["id"], "nome": known["name"], "idStatus": 1, "status": "Ativo"},
            "plano": {
                "id": make_guid("arqsign-plan", 1),
                "tipoPlano": "P",
                "nome": "Profissional",
                "periodo": "M",
                "valor": 0.0,
            },
            "assinatura": {
                "id": make_guid("arqsign-subscription", 1),
                "inicioVigencia": f"{context.now.year}-01-01",
                "fimVigencia": f"{context.now.year}-12-31",
                "trial": context.dialect.flag(0, "boolean"),
                "itens": items,
            },
        }
    )
