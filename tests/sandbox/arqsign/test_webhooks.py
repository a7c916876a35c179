"""The webhooks the vendor sends: eight triggers, signed, tried again, and switched off."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import attrs
import pytest
from tests.sandbox.arqsign.samples import (
    FOLDER,
    RESPONSIBLE,
    SETTINGS,
    Door,
    in_base64,
    pdf,
    printed_send,
    process,
    signer,
)

from esign_arqsign.sandbox import Box, Dialect, messages
from esign_core.model.events import Delivery

HOOKS = "/api/v1/confwebhook"
HOOK: dict[str, Any] = {
    "nome": "Acompanhamento",
    "status": 1,
    "urlPublicar": " https://example.com/ arqsign",
    "aguardarRetorno": 1,
    "gatilhos": [3, 8],
    "dadosRetorno": {"processo": 1, "signatarios": 1, "documentos": 0},
}
MINUTES = (0, 5, 15, 30, 60, 120, 240, 480, 960, 1440, 2880, 4320, 5760, 7200)


def sealed(body: bytes, secret: str) -> bytes:
    """Sign a body as the manual says."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def of(door: Door, hook_id: str) -> list[int]:
    """Give the triggers told to one configuration."""
    return [trigger for trigger, body in door.events() if body["IdWebhook"] == hook_id]


def test_each_trigger_is_told(door: Door) -> None:
    """Sent, failed, signed, refused, cancelled, expired, resent, concluded."""
    door.send(process(signer("Ana"), signer("Bia")))
    door.box.fail_delivery("ana@example.com")
    door.box.sign_as("ana@example.com")
    door.box.sign_as("bia@example.com")
    door.send(process(signer("Ana")))
    door.box.decline_as("ana@example.com", "não")
    door.cancel(door.send(process(signer("Ana")))["IdProcesso"])
    expired = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.move_clock(timedelta(days=31))
    door.resend(expired, [])
    assert [trigger for trigger, _ in door.events()] == [1, 2, 3, 3, 8, 1, 4, 1, 5, 1, 6, 7]


def test_an_expiry_is_told_at_its_moment_and_once(door: Door) -> None:
    """A resend moves it; what has ended does not expire."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    ended = door.send(process(signer("Bia")))["IdProcesso"]
    door.cancel(ended)
    door.box.move_clock(timedelta(days=29))
    door.resend(process_id, [])
    door.box.move_clock(timedelta(days=29))
    assert 6 not in [trigger for trigger, _ in door.events()]
    door.box.move_clock(timedelta(days=40))
    [expiry] = [body for trigger, body in door.events() if trigger == 6]
    assert (expiry["IdProcesso"], expiry["DataHoraAtual"]) == (process_id, "2025-08-29T12:00:05")


def test_the_always_present_part_is_there(door: Door) -> None:
    """Event by number and name, process, account, configuration and time."""
    process_id = door.send(printed_send())["IdProcesso"]
    door.box.sign_as("ana@example.com")
    body = door.events()[-1][1]
    assert (body["Evento"], body["IdEvento"], body["IdProcesso"]) == ("ProcessoConcluido", 8, process_id)
    assert body["DataHoraAtual"] == "2025-07-01T12:00:05"
    assert (body["Status"], body["DataConclusao"]) == ("Concluído", "2025-07-01T12:00:05")
    assert body["Documentos"][0]["NomeDocumento"] == "contrato.pdf"
    assert body["Signatarios"][0]["DadosAssinatura"]["DadosPessoaFisica"]["NumeroDocumentoPessoaFisica"]


def test_only_the_affected_signer_is_named(door: Door) -> None:
    """For a failure, a signature and a refusal; the conclusion names all."""
    door.send(process(signer("Ana"), signer("Bia"), signer("Caio")))
    door.box.fail_delivery("bia@example.com")
    door.box.sign_as("ana@example.com")
    door.box.decline_as("caio@example.com", "não")
    told = {trigger: [one["Nome"] for one in body["Signatarios"]] for trigger, body in door.events()}
    assert told == {1: ["Ana", "Bia", "Caio"], 2: ["Bia"], 3: ["Ana"], 4: ["Caio"]}
    refused = door.events()[-1][1]["Signatarios"][0]
    assert (refused["AssinaturaRecusada"], refused["MotivoRecusa"]) == ("true", "não")


def test_the_manuals_own_spelling_is_one_switch_away(door: Door) -> None:
    """Keys in camel case, Brazilian dates, the event by name alone."""
    door.box.dialect = Dialect(webhook_keys="camel", webhook_dates="brazilian", event_numbers=False)
    door.send(process(signer("Ana")))
    body = json.loads(door.box.deliveries[0].body)
    assert (body["evento"], body["dataHoraAtual"]) == ("ProcessoEnviado", "01/07/2025 12:00:05")
    assert "idEvento" not in body
    assert body["signatarios"][0]["dadosAssinatura"]["dataAssinatura"] is None


@pytest.mark.parametrize(
    ("form", "written"), [("base64", lambda raw: base64.b64encode(raw).decode()), ("hex", lambda raw: raw.hex())]
)
def test_a_webhook_is_signed(door: Door, form: Any, written: Callable[[bytes], str]) -> None:
    """With the newest of the account's secrets, over the raw body."""
    door.box.dialect = Dialect(hmac=form)
    door.send(process(signer("Ana")))
    [delivery] = door.box.deliveries
    assert delivery.headers["hmac"] == written(sealed(delivery.body, "fake-hmac-key"))
    assert delivery.received_at == door.box.clock.now()


def test_an_account_without_a_secret_gets_one() -> None:
    """The box's settings accept what the box signs."""
    box = Box(attrs.evolve(SETTINGS, webhook_secrets=()))
    Door(box).send(process(signer("Ana")))
    [delivery] = box.deliveries
    secret = box.settings.webhook_secrets[0].get_secret_value()
    assert base64.b64decode(delivery.headers["HMAC"]) == sealed(delivery.body, secret)


def test_a_configuration_is_created_listed_and_switched(door: Door) -> None:
    """It has a secret of its own, and its names differ between creating and listing."""
    status, made = door.ask("POST", HOOKS, HOOK)
    assert (status, made["nome"], len(made["chaveHMAC"])) == (200, "Acompanhamento", 32)
    hook, default = door.ask("GET", HOOKS)[1]
    assert default["nome"] == "Padrão"
    assert hook == {
        "id": made["id"],
        "nome": "Acompanhamento",
        "status": 1,
        "urlPublicar": "https://example.com/arqsign",
        "aguardaRetorno": 1,
        "hmac": made["chaveHMAC"],
        "usuarios": [],
        "grupos": [],
        "pastas": [],
        "gatilhos": [
            {"id": 3, "nome": "Processo assinado por algum signatário", "ativo": 1},
            {"id": 8, "nome": "Processo concluído", "ativo": 1},
        ],
        "dadosRetorno": {
            "processo": 1,
            "signatarios": 1,
            "documentos": 0,
            "documentosTipo": None,
            "linkDocumentoCompartilhado": 0,
            "registrosAssinatura": 0,
            "registrosAssinaturaTipo": None,
        },
    }
    door.send(process(signer("Ana"), signer("Bia")))
    door.box.sign_as("ana@example.com")
    assert of(door, made["id"]) == [3]
    own = [one for one in door.box.deliveries if json.loads(one.body)["IdWebhook"] == made["id"]]
    assert base64.b64decode(own[0].headers["HMAC"]) == sealed(own[0].body, made["chaveHMAC"])
    answer = door.answer("PATCH", f"{HOOKS}/{made['id']}/alterar-status", {"status": 2})
    assert (answer.status, answer.body) == (200, b"")
    door.box.sign_as("bia@example.com")
    assert of(door, made["id"]) == [3]
    assert door.ask("GET", HOOKS)[1][0]["status"] == 2


OTHER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("change", "status", "text"),
    [
        ({"nome": None}, 400, "O item listado é obrigatório: nome"),
        ({"nome": "x" * 151}, 400, "O item listado está com o formato incorreto: nome"),
        ({"nome": "padrão"}, 422, messages.SAME_HOOK_NAME),
        ({"status": 3}, 400, "O item listado está com o formato incorreto: status"),
        ({"urlPublicar": "example.com"}, 400, "O item listado está com o formato incorreto: urlPublicar"),
        ({"gatilhos": []}, 400, "O item listado é obrigatório: gatilhos"),
        ({"gatilhos": [9]}, 400, "O item listado está com o formato incorreto: gatilhos"),
        ({"usuarios": [OTHER]}, 400, messages.NO_USER),
        ({"grupos": [OTHER]}, 400, messages.NO_GROUP),
        ({"pastas": [OTHER]}, 400, messages.NO_FOLDER),
        ({"dadosRetorno": {"documentos": 1}}, 400, "O item listado é obrigatório: documentosTipo"),
        ({"dadosRetorno": {"registrosAssinatura": 1}}, 400, "O item listado é obrigatório: registrosAssinaturaTipo"),
        ({"aguardaRetorno": 1}, 400, messages.UNKNOWN_PARAMETER),
        ({"chaveHMAC": "x"}, 400, messages.UNKNOWN_PARAMETER),
    ],
)
def test_a_bad_configuration_is_refused(door: Door, change: dict[str, Any], status: int, text: str) -> None:
    """Each with its message."""
    assert door.refused({**HOOK, **change}, HOOKS) == (status, text)


def test_an_inactive_user_cannot_be_followed(door: Door) -> None:
    """Active ones beside it are kept."""
    users = door.ask("POST", "/api/v1/usuarios/buscar-usuarios", {"ativos": 0})[1]
    inactive = next(one["id"] for one in users if one["status"] == "Inativo")
    assert door.refused({**HOOK, "usuarios": [inactive]}, HOOKS) == (400, messages.INACTIVE_USER)
    assert door.ask("POST", HOOKS, {**HOOK, "usuarios": [inactive, RESPONSIBLE]})[0] == 200
    assert door.ask("GET", HOOKS)[1][0]["usuarios"] == [RESPONSIBLE]


def test_an_account_has_25_configurations_at_most(door: Door) -> None:
    """The one that is there from the start counts."""
    for number in range(24):
        assert door.ask("POST", HOOKS, {**HOOK, "nome": f"n{number}"})[0] == 200
    text = "A conta atingiu o limite máximo de 25 configurações de webhook."
    assert door.refused(HOOK, HOOKS) == (422, text)


@pytest.mark.parametrize("body", [{"status": 3}, {"status": True}])
def test_a_configuration_is_on_or_off(door: Door, body: Any) -> None:
    """Its third status is the vendor's to give."""
    hook_id = door.ask("GET", HOOKS)[1][0]["id"]
    text = "O item listado está com o formato incorreto: status"
    assert door.refused(body, f"{HOOKS}/{hook_id}/alterar-status", "PATCH") == (400, text)


def test_an_unknown_configuration_cannot_be_switched(door: Door) -> None:
    """Its id does not exist."""
    text = "O id listado não existe: idConfWebHook"
    assert door.refused({"status": 1}, f"{HOOKS}/{OTHER}/alterar-status", "PATCH") == (400, text)


def test_a_configuration_may_follow_some_processes_alone(door: Door) -> None:
    """By folder, by sender, or by a group's senders."""
    folders = door.ask("POST", "/api/v1/diretorio/buscar-pastas", {"buscarPor": 3})[1]
    elsewhere = next(one["id"] for one in folders[0]["filhos"] if one["nome"] == "Arquivo")
    ids = {}
    for name, filters in {
        "this folder": {"pastas": [FOLDER]},
        "another folder": {"pastas": [elsewhere]},
        "this sender": {"usuarios": [RESPONSIBLE]},
    }.items():
        ids[name] = door.ask("POST", HOOKS, {**HOOK, "nome": name, "gatilhos": [1], **filters})[1]["id"]
    door.send(process(signer("Ana")))
    assert {name: of(door, hook_id) for name, hook_id in ids.items()} == {
        "this folder": [1],
        "another folder": [],
        "this sender": [1],
    }


def test_documents_and_records_come_in_base64_or_by_link(door: Door) -> None:
    """As the configuration asks for."""
    for kind in (1, 2):
        data = {"documentos": 1, "documentosTipo": kind, "registrosAssinatura": 1, "registrosAssinaturaTipo": kind}
        hook = {**HOOK, "nome": str(kind), "dadosRetorno": {**data, "linkDocCompartilhado": 1}, "gatilhos": [1]}
        assert door.ask("POST", HOOKS, hook)[0] == 200
    door.send(process(signer("Ana"), documentos=[{"nomeComExtensao": "a.pdf", "arquivo": in_base64(pdf())}]))
    _, inline, linked = (body for _, body in door.events())
    assert "Signatarios" not in inline
    assert "NomeProcesso" not in inline
    assert base64.b64decode(inline["Documentos"][0]["Base64Documento"]) == pdf()
    assert base64.b64decode(inline["Documentos"][0]["RegistroAssinaturas"][0]["Base64Registro"]).startswith(b"%PDF-")
    assert inline["Documentos"][0]["LinkDocumentosCompartilhados"] is None
    for link in (
        linked["Documentos"][0]["LinkParaBaixarDocumento"],
        linked["Documentos"][0]["RegistroAssinaturas"][0]["LinkParaBaixarRegistro"],
    ):
        assert door.answer("GET", link, keys={}).body.startswith(b"%PDF-")


class Receiver:
    """A receiver that answers with given statuses, the last of them for ever, and keeps the times."""

    def __init__(self, door: Door, *statuses: int | type[Exception]) -> None:
        self.minutes: list[float] = []
        self.triggers: list[int] = []
        self._statuses = list(statuses)
        self._start = door.box.clock.now()

    def __call__(self, delivery: Delivery) -> int:
        assert delivery.received_at is not None
        self.minutes.append((delivery.received_at - self._start).total_seconds() / 60)
        self.triggers.append(json.loads(delivery.body)["IdEvento"])
        answer = self._statuses.pop(0) if len(self._statuses) > 1 else self._statuses[0]
        if isinstance(answer, int):
            return answer
        raise answer


def default_hook(door: Door) -> Any:
    """Give the configuration that is there from the start."""
    return door.ask("GET", HOOKS)[1][0]


def test_a_plain_200_settles_it(door: Door) -> None:
    """Nothing is sent twice."""
    receiver = Receiver(door, 200)
    door.box.deliver_to(receiver)
    door.send(process(signer("Ana")))
    door.box.move_clock(timedelta(days=6))
    assert receiver.minutes == [0]


@pytest.mark.parametrize("failure", [201, 204, 302, 400, 500, ConnectionResetError, TimeoutError])
def test_anything_else_is_tried_14_times(door: Door, failure: Any) -> None:
    """At the documented times; then the trigger is switched off, and the others are not."""
    receiver = Receiver(door, failure)
    door.box.deliver_to(receiver)
    door.send(process(signer("Ana"), configuracoesAvancadas={"tempoExpiracaoDocumentoDias": 900}))
    door.box.move_clock(timedelta(days=6))
    assert receiver.minutes == [float(minute) for minute in MINUTES]
    hook = default_hook(door)
    assert hook["status"] == 1
    assert [trigger["ativo"] for trigger in hook["gatilhos"]] == [0, 1, 1, 1, 1, 1, 1, 1]
    door.send(process(signer("Bia")))
    assert len(receiver.minutes) == 14


def test_a_delivery_succeeds_later(door: Door) -> None:
    """The same body comes again until it is taken."""
    door.box.deliver_to(Receiver(door, 500, 503, 200))
    door.send(process(signer("Ana")))
    door.box.move_clock(timedelta(days=6))
    assert len({delivery.body for delivery in door.box.deliveries}) == 1
    assert len(door.box.deliveries) == 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_some_answers_switch_the_configuration_off_at_once(door: Door, status: int) -> None:
    """Nothing is tried again and nothing else is told, until it is switched on: then the rest comes at once."""
    receiver = Receiver(door, 200, status, 200)
    door.box.deliver_to(receiver)
    door.send(process(signer("Ana")))
    door.box.sign_as("ana@example.com")
    door.box.move_clock(timedelta(days=6))
    assert receiver.triggers == [1, 3]
    hook = default_hook(door)
    assert hook["status"] == 3
    door.ask("PATCH", f"{HOOKS}/{hook['id']}/alterar-status", {"status": 1})
    assert receiver.triggers == [1, 3, 3, 8]
    assert default_hook(door)["status"] == 1


def test_reactivating_forgives_a_trigger(door: Door) -> None:
    """What had 14 attempts is gone, and the trigger works again."""
    receiver = Receiver(door, *[500] * 14, 200)
    door.box.deliver_to(receiver)
    door.send(process(signer("Ana")))
    door.box.move_clock(timedelta(days=6))
    hook = default_hook(door)
    door.ask("PATCH", f"{HOOKS}/{hook['id']}/alterar-status", {"status": 1})
    assert len(receiver.triggers) == 14
    door.send(process(signer("Bia")))
    assert len(receiver.triggers) == 15


def test_a_timeout_may_count_as_delivered(door: Door) -> None:
    """Without waiting for the answer, silence is no failure; the delivery is simply lost."""
    hook = {**HOOK, "aguardarRetorno": 0, "gatilhos": [1]}
    made = door.ask("POST", HOOKS, hook)[1]
    default = next(one["id"] for one in door.ask("GET", HOOKS)[1] if one["id"] != made["id"])
    door.ask("PATCH", f"{HOOKS}/{default}/alterar-status", {"status": 2})
    receiver = Receiver(door, TimeoutError)
    door.box.deliver_to(receiver)
    door.send(process(signer("Ana")))
    door.box.move_clock(timedelta(days=6))
    assert receiver.minutes == [0]


def test_a_receiver_may_ask_the_vendor(door: Door) -> None:
    """It is called when the request that caused the webhook has been answered."""
    read: list[int] = []

    def receiver(delivery: Delivery) -> int:
        read.append(door.status(json.loads(delivery.body)["IdProcesso"])["idStatus"])
        return 200

    door.box.deliver_to(receiver)
    door.send(process(signer("Ana")))
    door.box.sign_as("ana@example.com")
    assert read == [2, 4, 4]
