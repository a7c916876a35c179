"""Folders, users, roles, usage, the plan with its balances, and the plan's windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.sandbox.arqsign.samples import FOLDER, RESPONSIBLE, SETTINGS, Door, process, signer

from esign_arqsign.sandbox import Box, Credits, Plan
from esign_core.sandbox import Clock

FOLDERS = "/api/v1/diretorio/buscar-pastas"
USERS = "/api/v1/usuarios/buscar-usuarios"
USAGE = "/api/v1/conta/buscar-consumo-itens-assinatura"
OTHER = "00000000-0000-4000-8000-000000000000"


def test_folders_are_found_by_path(door: Door) -> None:
    """Without their children."""
    assert door.ask("POST", FOLDERS, {"buscarPor": 1, "pastas": [FOLDER]}) == (
        200,
        [
            {
                "id": FOLDER,
                "nome": "Contratos",
                "caminhoCompleto": "Empresa|Contratos",
                "status": "Ativa",
                "filhos": None,
            }
        ],
    )


def test_folders_are_found_from_the_root(door: Door) -> None:
    """With their children by name; ids that were given are disregarded."""
    [root] = door.ask("POST", FOLDERS, {"buscarPor": 3, "pastas": [OTHER]})[1]
    assert [one["nome"] for one in root["filhos"]] == ["Antigos", "Arquivo", "Contratos", "Contratos"]
    assert {one["status"] for one in root["filhos"]} == {"Ativa", "Excluída"}
    [root] = door.ask("POST", FOLDERS, {"buscarPor": 3, "ativas": 1})[1]
    assert {one["status"] for one in root["filhos"]} == {"Ativa"}
    [found] = door.ask("POST", FOLDERS, {"buscarPor": 2, "pastas": [root["id"]]})[1]
    assert found["filhos"][0]["possuiFilhos"] == 0


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "O item listado é obrigatório: buscarPor"),
        ({"buscarPor": 4}, "O item listado está com o formato incorreto: buscarPor"),
        ({"buscarPor": 1}, "O item listado é obrigatório: pastas"),
        ({"buscarPor": 2, "pastas": []}, "O item listado é obrigatório: pastas"),
        ({"buscarPor": 2, "pastas": [FOLDER, FOLDER]}, "O item listado está com o formato incorreto: pastas"),
        ({"buscarPor": 1, "pastas": ["x"]}, "O item listado está com o formato incorreto: pastas"),
        ({"buscarPor": 1, "pastas": [OTHER]}, "O id listado não existe: pastas"),
    ],
)
def test_a_search_for_folders_has_its_rules(door: Door, body: Any, text: str) -> None:
    """Each refusal names the item."""
    assert door.refused(body, FOLDERS) == (400, text)


def test_a_process_can_be_filed_in_a_deleted_folder(door: Door) -> None:
    """Until it is concluded its path reads as the root's."""
    [root] = door.ask("POST", FOLDERS, {"buscarPor": 3})[1]
    deleted = next(one["id"] for one in root["filhos"] if one["status"] == "Excluída")
    process_id = door.send(process(signer("Ana"), idPasta=deleted))["IdProcesso"]
    assert door.full(process_id)["caminhoDaPasta"] == "Empresa"
    door.box.sign_as("ana@example.com")
    assert door.full(process_id)["caminhoDaPasta"] == "Empresa \\\\ Antigos"


def test_users_are_listed(door: Door) -> None:
    """All, the active ones, or those asked for; strange ids beside known ones are disregarded."""
    assert RESPONSIBLE in [one["id"] for one in door.ask("POST", USERS, {"ativos": True})[1]]
    everybody = door.ask("POST", USERS, {"ativos": 0})[1]
    assert {one["status"] for one in everybody} == {"Ativo", "Inativo"}
    [found] = door.ask("POST", USERS, {"usuarios": [RESPONSIBLE, OTHER]})[1]
    assert found == {"id": RESPONSIBLE, "nome": "Remetente Exemplo", "status": "Ativo", "remetente": True}
    assert door.refused({"usuarios": [OTHER]}, USERS) == (400, "O id listado não existe: usuarios")
    assert door.refused({"usuarios": []}, USERS) == (400, "O item listado é obrigatório: ativos")


def test_roles_are_those_of_a_new_account(door: Door) -> None:
    """One of them is the default."""
    roles = door.ask("GET", "/api/v1/conta/papeis-signatarios")[1]
    assert [one["nome"] for one in roles] == ["Contratada", "Contratante", "Fiador", "Parte", "Testemunha"]
    assert [one["nome"] for one in roles if one["padrao"]] == ["Parte"]


def test_usage_counts_what_was_not_cancelled(door: Door) -> None:
    """In either form of a date."""
    door.send(process(signer("Ana", phone="+5511900000000")))
    door.cancel(door.send(process(signer("Ana")))["IdProcesso"])
    asked = {"dataInicial": "2025-01-01", "dataFinal": "12-31-2025", "item": 0}
    tree = door.ask("POST", USAGE, asked)[1]
    assert [(one["nome"], one["quantidade"]) for one in tree["itens"]] == [("Envio", 1), ("WhatsApp", 1), ("SMS", 0)]
    [one] = door.ask("POST", USAGE, {**asked, "dataFinal": "2025-06-30", "item": 1})[1]["itens"]
    assert one["quantidade"] == 0


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"dataInicial": None}, "O item listado é obrigatório: dataInicial"),
        ({"dataInicial": "01/01/2025"}, "O item listado está com o formato incorreto: dataInicial"),
        ({"dataInicial": "2026-01-01"}, "Os itens listados estão com o formato incorreto: dataInicial, dataFinal"),
        ({"dataInicial": "2024-12-30"}, "Os itens listados estão com o formato incorreto: dataInicial, dataFinal"),
        ({"item": 4}, "O id listado não existe: item"),
    ],
)
def test_a_search_for_usage_has_its_rules(door: Door, change: Any, text: str) -> None:
    """A year at most, from earlier to later, of a known item."""
    asked = {"dataInicial": "2024-12-31", "dataFinal": "2025-12-31", "item": 0}
    assert door.ask("POST", USAGE, asked)[0] == 200
    assert door.refused({**asked, **change}, USAGE) == (400, text)


def test_the_account_tells_its_balances(door: Door) -> None:
    """They go down with what is used."""
    door.box.credits = Credits(sends=5, whatsapp=4, sms=3)
    door.send(process(signer("Ana")))
    status, tree = door.ask("GET", "/api/v1/conta/dados-assinatura")
    assert (status, tree["Conta"]["idStatus"], tree["plano"]["tipoPlano"]) == (200, 1, "P")
    assert [(one["id"], one["saldo"]) for one in tree["assinatura"]["itens"]] == [(1, 4), (2, 4), (3, 3)]


PATH = "/api/v1/conta/papeis-signatarios"


def asked(door: Door, times: int) -> list[int]:
    """Ask several times and give the statuses."""
    return [door.answer("GET", PATH).status for _ in range(times)]


def test_without_a_plan_there_is_no_limit(door: Door) -> None:
    """Whoever wants one sets it."""
    assert set(asked(door, 50)) == {200}


def test_every_window_of_a_plan_counts(door: Door) -> None:
    """Beyond one of them the gateway answers 429 and says when there is room again."""
    door.box.plan = Plan(per_second=2, per_minute=3, per_hour=4, per_month=5)
    assert asked(door, 3) == [200, 200, 429]
    door.box.move_clock(timedelta(seconds=1))
    assert asked(door, 2) == [200, 429]
    answer = door.answer("GET", PATH)
    assert (answer.status, answer.headers["retry-after"]) == (429, "59")
    door.box.move_clock(timedelta(seconds=59))
    assert asked(door, 2) == [200, 429]
    assert int(door.answer("GET", PATH).headers["retry-after"]) == 3540
    door.box.move_clock(timedelta(seconds=3540))
    assert asked(door, 2) == [200, 429]
    assert int(door.answer("GET", PATH).headers["retry-after"]) > 86400 * 29
    door.box.move_clock(timedelta(days=31))
    assert asked(door, 1) == [200]


def test_a_month_is_one_of_the_calendar_unless_said_otherwise() -> None:
    """The manual does not say which."""
    start = datetime(2025, 1, 31, 23, 59, tzinfo=UTC)
    calendar, sliding = (
        Door(Box(SETTINGS, clock=Clock(source=lambda: start), plan=Plan(per_month=1, month=month)))
        for month in (None, timedelta(days=30))
    )
    for door in (calendar, sliding):
        assert asked(door, 2) == [200, 429]
        door.box.move_clock(timedelta(minutes=1))
    assert asked(calendar, 1) == [200]
    assert asked(sliding, 1) == [429]


def test_what_the_gateway_stops_does_not_count(door: Door) -> None:
    """Neither strangers nor requests beyond the plan use it up."""
    door.box.plan = Plan(per_minute=1)
    assert door.answer("GET", PATH, keys={}).status == 401
    assert asked(door, 3) == [200, 429, 429]
    door.box.move_clock(timedelta(minutes=1))
    assert asked(door, 1) == [200]
