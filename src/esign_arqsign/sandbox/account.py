"""The account the box keeps: its people, folders and roles, its balances and what it has used up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import attrs

from esign_core.sandbox import State, make_guid
from esign_core.sandbox.clock import iso, moment

if TYPE_CHECKING:
    from esign_arqsign.settings import ArqSignSettings

Tree = dict[str, Any]

SENDS: Final = 1
WHATSAPP: Final = 2
SMS: Final = 3
ITEMS: Final = {SENDS: "Envio", WHATSAPP: "WhatsApp", SMS: "SMS"}
EXPIRY_DAYS: Final = 30
WARNING_DAYS: Final = 3
REMINDER_DAYS: Final = 5
RESPONSIBLE_ID: Final = make_guid("arqsign-user", 1)
FOLDER_ID: Final = make_guid("arqsign-folder", 2)
ROOT_ID: Final = make_guid("arqsign-folder", 1)
GROUP_ID: Final = make_guid("arqsign-group", 1)
_ROLES: Final = ("Contratada", "Contratante", "Fiador", "Parte", "Testemunha")


@attrs.frozen(kw_only=True)
class Credits:
    """What the account may still spend: processes sent, WhatsApp messages and SMS."""

    sends: int = 1_000_000
    whatsapp: int = 1_000_000
    sms: int = 1_000_000

    def counted(self) -> dict[str, int]:
        """Give the balance of each item by its number, as the state keeps it."""
        return {str(SENDS): self.sends, str(WHATSAPP): self.whatsapp, str(SMS): self.sms}

    @classmethod
    def of(cls, counted: Mapping[str, int]) -> Credits:
        """Read what `counted` gave."""
        return cls(sends=counted[str(SENDS)], whatsapp=counted[str(WHATSAPP)], sms=counted[str(SMS)])


def furnish(state: State, settings: ArqSignSettings) -> None:
    """Make sure the account exists, with the responsible person and the folder that the settings name."""
    account: Tree = state.tree.setdefault("account", _new_account())
    responsible, folder = str(settings.responsible_id).lower(), str(settings.folder_id).lower()
    if responsible not in account["users"]:
        account["users"][responsible] = _user("Remetente Exemplo", "remetente@example.com")
    if folder not in account["folders"]:
        account["folders"][folder] = _folder("Contratos", ROOT_ID)
    state.tree.setdefault("processes", {})
    state.tree.setdefault("hooks", {})


def _new_account() -> Tree:
    users = {
        RESPONSIBLE_ID: _user("Remetente Exemplo", "remetente@example.com"),
        make_guid("arqsign-user", 2): _user("Usuária Antiga", "antiga@example.com", status="Inativo", sender=False),
    }
    folders = {
        ROOT_ID: _folder("Empresa", None),
        FOLDER_ID: _folder("Contratos", ROOT_ID),
        make_guid("arqsign-folder", 3): _folder("Arquivo", ROOT_ID),
        make_guid("arqsign-folder", 4): _folder("Antigos", ROOT_ID, deleted=True),
    }
    return {
        "id": make_guid("arqsign-account", 1),
        "name": "Conta Exemplo",
        "users": users,
        "folders": folders,
        "groups": {GROUP_ID: [RESPONSIBLE_ID]},
        "roles": {make_guid("arqsign-role", number): role for number, role in enumerate(_ROLES, 1)},
        "credits": Credits().counted(),
        "used": [],
    }


def _user(name: str, email: str, *, status: str = "Ativo", sender: bool = True) -> Tree:
    return {"name": name, "email": email, "status": status, "sender": sender}


def _folder(name: str, parent: str | None, *, deleted: bool = False) -> Tree:
    return {"name": name, "parent": parent, "deleted": deleted}


def of(state: State) -> Tree:
    """Give the account."""
    account: Tree = state.tree["account"]
    return account


def folder_path(state: State, folder_id: str | None, separator: str) -> str:
    """Write the names of a folder and those it lies in."""
    names: list[str] = []
    while folder_id is not None:
        folder = of(state)["folders"][folder_id]
        names.append(folder["name"])
        folder_id = folder["parent"]
    return separator.join(reversed(names))


def afford(state: State, wanted: Iterable[int], now: datetime, process_id: str) -> bool:
    """Take items from the balances and note their use, or take none and say so."""
    balances: dict[str, int] = of(state)["credits"]
    items = list(wanted)
    if any(items.count(item) > balances[str(item)] for item in set(items)):
        return False
    for item in items:
        balances[str(item)] -= 1
        of(state)["used"].append({"item": item, "at": iso(now), "process": process_id})
    return True


def used(state: State, item: int, first: date, last: date, cancelled: Iterable[str]) -> int:
    """Count how often an item was used in a span of days; what cancelled processes used does not count."""
    left_out = set(cancelled)
    return sum(
        use["item"] == item and use["process"] not in left_out and first <= moment(use["at"]).date() <= last
        for use in of(state)["used"]
    )
