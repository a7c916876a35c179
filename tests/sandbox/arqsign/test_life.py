"""A process's life: sent, signed in its order, refused, cancelled, expired; and how each method tells of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from tests.sandbox.arqsign.samples import COMPANY, KEYS, SETTINGS, START, Door, printed_send, process, signer
from tests.unit.esign_arqsign.data import CPF

from esign_arqsign.sandbox import Box, Dialect
from esign_core.model.errors import UnsupportedError
from esign_core.sandbox import Clock


def test_one_signer_goes_straight_to_concluded(door: Door) -> None:
    """Nothing is under way between waiting and concluded."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    assert door.status(process_id) == {
        "nomeProcesso": "Contrato de exemplo",
        "status": "Aguardando",
        "idStatus": 2,
        "expirado": 0,
        "dataConclusao": None,
        "dataCancelamento": None,
        "dataExpiracao": "2025-07-31",
    }
    door.box.sign_as("ANA@example.com")
    read = door.status(process_id)
    assert (read["idStatus"], read["dataConclusao"], read["dataExpiracao"]) == (4, "2025-07-01T12:00:05", None)


def test_orders_are_released_one_after_another(door: Door) -> None:
    """Nobody of a later order can sign before the earlier one has finished."""
    people = [signer("Ana", order=1), signer("Bia", order=1), signer("Caio", order=5)]
    process_id = door.send(process(*people, ordered=True))["IdProcesso"]
    waiting = {one["nome"]: one["aguardandoEnvio"] for one in door.full(process_id)["signatarios"]}
    assert waiting == {"Ana": "false", "Bia": "false", "Caio": "true"}
    with pytest.raises(ValueError, match="earlier order"):
        door.box.sign_as("caio@example.com")
    door.box.sign_as("ana@example.com")
    assert door.status(process_id)["idStatus"] == 3
    with pytest.raises(ValueError, match="earlier order"):
        door.box.sign_as("caio@example.com")
    door.box.sign_as("bia@example.com")
    door.box.sign_as("caio@example.com")
    assert door.status(process_id)["idStatus"] == 4


def test_a_refusal_cancels_the_process(door: Door) -> None:
    """The reason is told with the signer who gave it."""
    process_id = door.send(process(signer("Ana"), signer("Bia")))["IdProcesso"]
    door.box.sign_as("ana@example.com")
    door.box.decline_as("bia@example.com", "prazo errado")
    read = door.signers(process_id)
    assert (read["idStatus"], read["usuarioCancelamento"]) == (5, None)
    assert [one["motivoRecusa"] for one in read["signatarios"]] == [None, "prazo errado"]
    assert [one["assinaturaRecusada"] for one in read["signatarios"]] == [0, 1]
    assert [one["assinado"] for one in read["signatarios"]] == [1, 0]


def test_a_process_can_be_cancelled_while_it_is_open(door: Door) -> None:
    """Waiting and under way are open; the answer is a bare string, and the canceller is named."""
    for signs in (False, True):
        process_id = door.send(process(signer("Ana"), signer("Bia")))["IdProcesso"]
        if signs:
            door.box.sign_as("ana@example.com", process_id=process_id)
        assert door.cancel(process_id) == (200, "Documento cancelado com sucesso")
        read = door.full(process_id)
        assert (read["idStatus"], read["usuarioCancelamento"]) == (5, "Remetente Exemplo")
        assert read["dataCancelamento"] == "2025-07-01T12:00:05"


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("text", b"Documento cancelado com sucesso"),
        ("string", b'"Documento cancelado com sucesso"'),
        ("object", b'{"mensagem":"Documento cancelado com sucesso"}'),
    ],
)
def test_the_answer_to_a_cancel_has_the_shape_of_errors(door: Door, shape: Any, body: bytes) -> None:
    """Text, bare string or object."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.dialect = Dialect(errors=shape)
    assert door.answer("PATCH", f"/api/v1/processo/{process_id}/cancelar-processo").body == body


def test_a_process_that_has_ended_is_not_cancelled(door: Door) -> None:
    """The three documented refusals."""
    concluded = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.sign_as("ana@example.com")
    cancelled = door.send(process(signer("Ana")))["IdProcesso"]
    door.cancel(cancelled)
    assert door.cancel(concluded) == (422, "Documento concluído.")
    assert door.cancel(cancelled) == (422, "Documento cancelado.")
    assert door.cancel(door.box.draft()) == (422, 'Documento com status "Criado".')


def test_a_cancel_takes_no_body(door: Door) -> None:
    """No reason is documented; an empty object is as good as nothing."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    path = f"/api/v1/processo/{process_id}/cancelar-processo"
    text = "Algum parâmetro está incorreto ou é inexistente."
    assert door.ask("PATCH", path, {"motivo": "x"}) == (400, text)
    assert door.ask("PATCH", path, raw=b"{")[0] == 500
    assert door.ask("PATCH", path, {})[0] == 200


@pytest.mark.parametrize(
    "path", ["v2/processo/{}", "v1/processo/{}/status-do-processo", "v1/processo/{}/dados-signatarios"]
)
def test_unknown_and_deleted_processes_are_bad_requests(door: Door, path: str) -> None:
    """None of them is a 404, which is for methods."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    path = "/api/" + path
    assert door.ask("GET", path.format(process_id.upper()))[0] == 200
    door.box.delete(process_id)
    other = "00000000-0000-4000-8000-000000000000"
    assert door.refused(None, path.format(process_id), "GET") == (400, "Documento excluído.")
    assert door.refused(None, path.format(other), "GET") == (400, "O id listado não existe: idProcesso")
    assert door.refused(None, path.format("1"), "GET") == (
        400,
        "O item listado está com o formato incorreto: idProcesso",
    )


def test_the_light_status_may_be_that_of_an_old_page(door: Door) -> None:
    """It answers 201, in another case, with two values."""
    door.box.dialect = Dialect(old_status=True)
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    answer = door.ask("GET", f"/api/v1/processo/{process_id}/status-do-processo")
    assert answer == (201, {"NomeProcesso": "Contrato de exemplo", "Status": "Aguardando"})


def test_statuses_follow_the_language_and_may_lack_numbers(door: Door) -> None:
    """Older answers had the words alone, in the language of the person responsible."""
    door.box.dialect = Dialect(language="en", status_numbers=False)
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    for read in (door.status(process_id), door.signers(process_id), door.full(process_id)):
        assert read["status"] == "Waiting"
        assert "idStatus" not in read


def test_a_process_expires_after_its_last_moment(door: Door) -> None:
    """Overdue is a flag, no status, and nobody can sign any more."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.move_clock(timedelta(days=30))
    assert door.status(process_id)["expirado"] == 0
    door.box.move_clock(timedelta(seconds=1))
    read = door.status(process_id)
    assert (read["idStatus"], read["expirado"]) == (2, 1)
    with pytest.raises(ValueError, match="expired"):
        door.box.sign_as("ana@example.com")
    assert door.cancel(process_id)[0] == 200


def test_the_full_process_has_every_printed_field(door: Door) -> None:
    """Flags are texts, signature types are counted in another way than on sending, and a letter is missing."""
    tree = door.send(printed_send())
    door.box.sign_as("ana@example.com")
    read = door.full(tree["IdProcesso"], "")
    ana, copy = read["signatarios"]
    assert set(read) == {
        *("nomeProcesso", "idPasta", "caminhoDaPasta", "idResponsavel", "nomeResponsavel", "status", "idStatus"),
        *("dataCadastro", "dataEnvio", "dataConclusao", "dataRenovacao", "dataCancelamento", "usuarioCancelamento"),
        *("dataReenvio", "dataExpiracao", "expiracaoDias", "avisoExpiracaoDias", "lembrete", "frequenciaLembrete"),
        *("signatarios", "documentos"),
    }
    assert (read["lembrete"], read["frequenciaLembrete"], read["avisoExpiracaoDias"]) == ("true", 5, 3)
    assert read["caminhoDaPasta"] == "Empresa \\\\ Contratos"
    assert ana["seguranca"]["codigoSeguranca"] == "4821"
    assert "seguranca" not in copy
    assert ana["dadosAssinatura"]["dadosPessoaFisica"]["numeroDocumetoPessoaFisica"] == CPF
    assert ana["dadosAssinatura"]["anexos"][0]["anexoDocumentoNome"] == "Selfie"
    assert (copy["copiaEnviada"], copy["tipoAcao"], copy["dadosAssinatura"]["idTipoAssinatura"]) == (
        "true",
        "Receber uma cópia",
        None,
    )
    assert read["documentos"][0]["linkDocumentoCompartilhado"].startswith("https://")


@pytest.mark.parametrize(("written", "read"), [(1, 1), (3, 2), (4, 4)])
def test_signature_types_are_read_in_another_count(door: Door, written: int, read: int) -> None:
    """The list of signers counts as the send method does."""
    process_id = door.send(process(signer("Ana", idTipoAssinatura=written)))["IdProcesso"]
    assert door.full(process_id)["signatarios"][0]["dadosAssinatura"]["idTipoAssinatura"] == read
    assert door.signers(process_id)["signatarios"][0]["idTipoAssinatura"] == written
    door.box.sign_as("ana@example.com")
    certificate = door.full(process_id)["signatarios"][0]["dadosAssinatura"]["dadosCertificado"]
    assert (certificate["nome"] is None) == (written == 1)


def test_signing_for_a_company_tells_of_the_company(door: Door) -> None:
    """The person is not stated where the company alone signs."""
    process_id = door.send(process(signer("Ana", assinarComo=2, assinaturaEletronica=COMPANY)))["IdProcesso"]
    door.box.sign_as("ana@example.com")
    data = door.full(process_id)["signatarios"][0]["dadosAssinatura"]
    assert data["dadosPessoaFisica"]["nomePessoaFisica"] is None
    assert data["dadosPessoaJuridica"]["tipoDocumentoEmpresa"] == "CNPJ"


@pytest.mark.parametrize(("months", "day"), [(1, "2025-08-01"), (12, "2026-07-01"), (8, "2026-03-01")])
def test_a_renewal_is_counted_from_the_conclusion(door: Door, months: int, day: str) -> None:
    """It is so many months later, and nothing before."""
    process_id = door.send(process(signer("Ana"), renovacaoMeses=months))["IdProcesso"]
    assert door.full(process_id)["dataRenovacao"] is None
    door.box.sign_as("ana@example.com")
    assert door.full(process_id)["dataRenovacao"].startswith(day)


@pytest.mark.parametrize(
    ("form", "text", "flag"),
    [("documented", "true", 1), ("boolean", True, True), ("number", 1, 1), ("string", "true", "true")],
)
def test_flags_come_in_several_forms(door: Door, form: Any, text: object, flag: object) -> None:
    """Live answers are not sure to follow the manual."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.sign_as("ana@example.com")
    door.box.dialect = Dialect(flags=form)
    assert door.full(process_id)["lembrete"] == text
    assert door.signers(process_id)["signatarios"][0]["assinado"] == flag


def test_dates_come_in_two_forms_and_any_zone(door: Door) -> None:
    """The manual says UTC; the account's setting, and the dialect before it, may say otherwise."""
    process_id = door.send(process(signer("Ana")))["IdProcesso"]
    door.box.dialect = Dialect(dates="brazilian")
    assert door.full(process_id)["dataEnvio"] == "01/07/2025 12:00:05"
    assert door.status(process_id)["dataExpiracao"] == "31/07/2025"
    door.box.dialect = Dialect(zone=ZoneInfo("America/Sao_Paulo"))
    assert door.full(process_id)["dataEnvio"] == "2025-07-01T09:00:05"
    settings = attrs.evolve(SETTINGS, time_zone="America/Sao_Paulo")
    other = Door(Box(settings, clock=Clock(source=lambda: START)))
    assert other.full(other.send(process(signer("Ana")))["IdProcesso"])["dataEnvio"] == "2025-07-01T09:00:05"


def test_a_person_is_known_by_e_mail_phone_or_id(door: Door) -> None:
    """Without a process they act in every open one."""
    first = door.send(process(signer("Ana", phone="+55 (11) 90000-0000")))["IdProcesso"]
    second = door.send(process(signer("Ana", phone="+5511900000000")))
    third = door.send(process(signer("Bia")))
    door.box.sign_as("+5511900000000")
    assert [door.status(one)["idStatus"] for one in (first, second["IdProcesso"])] == [4, 4]
    door.box.sign_as(third["destinatarios"][0]["idProcessoDestinatario"])
    assert door.status(third["IdProcesso"])["idStatus"] == 4


def test_one_process_can_be_picked(door: Door) -> None:
    """The other one stays as it was."""
    first, second = (door.send(process(signer("Ana")))["IdProcesso"] for _ in range(2))
    door.box.sign_as("ana@example.com", process_id=second)
    assert [door.status(one)["idStatus"] for one in (first, second)] == [2, 4]
    with pytest.raises(ValueError, match="signed already"):
        door.box.sign_as("ana@example.com", process_id=second)
    with pytest.raises(LookupError):
        door.box.sign_as("bia@example.com", process_id=first)


def test_nobody_is_named_when_nobody_is_found(door: Door) -> None:
    """Texts of errors are kept."""
    with pytest.raises(LookupError, match=r"client\.get") as caught:
        door.box.decline_as("ana@example.com")
    assert "ana@example.com" not in str(caught.value)


@pytest.mark.parametrize(("end", "why"), [("sign", "signed already"), ("refuse", "cancelled"), ("cancel", "cancelled")])
def test_nobody_acts_in_a_process_that_has_ended(door: Door, end: str, why: str) -> None:
    """The sentence says why."""
    copy = {"idTipoAcao": 2, "nome": "C", "email": "c@example.com"}
    process_id = door.send(process(signer("Ana"), copy))["IdProcesso"]
    ends: dict[str, Callable[[], object]] = {
        "sign": lambda: door.box.sign_as("ana@example.com"),
        "refuse": lambda: door.box.decline_as("ana@example.com"),
        "cancel": lambda: door.cancel(process_id),
    }
    ends[end]()
    with pytest.raises(ValueError, match=why):
        door.box.decline_as("ana@example.com", process_id=process_id)
    with pytest.raises(LookupError):
        door.box.sign_as("c@example.com", process_id=process_id)


def test_arqsign_blocks_nobody(door: Door) -> None:
    """Its sandbox says so, and what to do instead."""
    door.send(process(signer("Ana")))
    with pytest.raises(UnsupportedError, match="decline_as"):
        door.box.block("ana@example.com")


def test_a_failed_delivery_is_told_until_the_next_resend(door: Door) -> None:
    """The code's own delivery can fail too."""
    process_id = door.send(printed_send())["IdProcesso"]
    door.box.fail_delivery("ana@example.com")
    door.box.fail_delivery("ana@example.com", code=True)
    [read] = door.signers(process_id)["signatarios"]
    assert (read["falhaEnvio"], read["falhaEnvioCodigoSeguranca"]) == (1, 1)
    door.resend(process_id, [])
    [read] = door.signers(process_id)["signatarios"]
    assert (read["falhaEnvio"], read["falhaEnvioCodigoSeguranca"]) == (0, 0)
    with pytest.raises(LookupError):
        door.box.fail_delivery("nobody@example.com")


def test_a_draft_of_the_application_can_be_read(door: Door) -> None:
    """It was never sent, so nothing is due."""
    process_id = door.box.draft("Minuta")
    read = door.full(process_id)
    assert (read["idStatus"], read["status"], read["dataEnvio"], read["dataExpiracao"]) == (1, "Criado", None, None)
    path = f"/api/v1/processo/{read['documentos'][0]['id']}/registro-assinaturas"
    assert door.refused(None, path, "GET")[0] == 400
    with pytest.raises(LookupError):
        door.box.delete("00000000-0000-4000-8000-000000000000")


def test_two_programs_share_a_file(tmp_path: Path) -> None:
    """What one sends the other one signs, with the clock that was moved."""
    settings = attrs.evolve(SETTINGS, sandbox_file=tmp_path / "sandbox.sqlite")
    first, second = Door(Box(settings)), Door(Box(settings))
    process_id = first.send(process(signer("Ana")))["IdProcesso"]
    first.box.move_clock(timedelta(days=2))
    second.box.sign_as("ana@example.com")
    assert first.status(process_id)["idStatus"] == 4
    assert len(second.box.deliveries) == 3
    assert second.box.clock.now() - Box(SETTINGS).clock.now() > timedelta(days=1)


def test_requests_are_counted(door: Door) -> None:
    """Refused ones too."""
    door.answer("GET", "/nothing", keys={})
    door.answer("GET", "/nothing", keys=KEYS)
    assert door.box.requests == 2


def test_answers_say_what_they_are(door: Door) -> None:
    """JSON, in UTF-8."""
    answer = door.answer("GET", "/api/v1/conta/papeis-signatarios")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert json.loads(answer.body)[0]["nome"] == "Contratada"
