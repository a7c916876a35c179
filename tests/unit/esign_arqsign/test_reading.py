"""Reading processes: the published answers, keys in any case, flags in any spelling, and what decides a status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.esign_arqsign.data import (
    ANA_ID,
    BIA_ID,
    CNPJ,
    COPY_ID,
    CPF,
    DOCUMENT_ID,
    FULL_EXAMPLE,
    NOW,
    PROCESS_ID,
    SIGNERS_EXAMPLE,
    provider,
)

from esign_arqsign import operations
from esign_core.model.drafts import Role
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process
from esign_core.model.status import Basis, EndReason, ProcessStatus, SignerStatus
from esign_core.providers.flow import Reply
from esign_core.testing.play import play

ROW = SIGNERS_EXAMPLE["signatarios"][0]
OPEN = {**ROW, "assinado": 0, "dataAssinatura": None}


def read(tree: Any, now: datetime = NOW, **settings: Any) -> Process:
    """Return the process that `get` makes of an answer."""
    process: Process = play(provider(**settings).get(PROCESS_ID, now), Reply.of(tree)).result
    return process


def status(**changes: Any) -> Process:
    """Return a process whose answer differs from the published one."""
    return read({**SIGNERS_EXAMPLE, **changes})


def signer(*rows: dict[str, Any], **changes: Any) -> tuple[SignerStatus, str]:
    """Return status and rule of the last of some signers."""
    found = status(**{"idStatus": 2, "signatarios": list(rows), **changes}).signers[-1]
    return found.status, found.status_detail.rule


def test_published_signers_are_read_in_one_request() -> None:
    """`get` asks once, for the signers, and brings no file."""
    flow = provider().get(PROCESS_ID, NOW)
    played = play(flow, Reply.of(SIGNERS_EXAMPLE))
    (call,) = played.calls
    assert (call.method, call.path, call.query) == ("GET", f"/api/v1/processo/{PROCESS_ID}/dados-signatarios", {})
    process = played.result
    assert (process.id, process.name, process.status) == (
        PROCESS_ID,
        "Contrato 2025-014",
        ProcessStatus.IN_PROGRESS,
    )
    assert (process.status_detail.vendor_status, process.status_detail.rule) == ("3", "arqsign.process.signing")
    assert process.expires_at == datetime(2025, 7, 31, 12, 0, 5, tzinfo=UTC)
    assert process.raw == SIGNERS_EXAMPLE
    (ana,) = process.signers
    assert (ana.id, ana.name, ana.email, ana.phone, ana.order, ana.role) == (
        ANA_ID,
        "Ana Exemplo",
        "ana@example.com",
        None,
        1,
        Role.SIGNER,
    )
    assert (ana.status, ana.status_detail.rule) == (SignerStatus.DONE, "arqsign.signer.signed")
    assert ana.facts == {"idTipoAcao": 1, "idTipoAssinatura": 1, "idMeioEnvioCodigoSeguranca": 3}


def shouted(tree: Any) -> Any:
    """Return a tree with its keys in capitals."""
    if isinstance(tree, dict):
        return {key.upper(): shouted(value) for key, value in tree.items()}
    return [shouted(item) for item in tree] if isinstance(tree, list) else tree


def test_case_of_keys_does_not_matter() -> None:
    """An answer in capitals says the same."""
    assert read(shouted(SIGNERS_EXAMPLE)) == read(SIGNERS_EXAMPLE)


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (True, False), ("true", "false"), ("1", ""), ("True", None)])
def test_flags_may_be_spelled_in_any_way(yes: Any, no: Any) -> None:
    """Booleans, numbers and texts mean the same."""
    assert signer({**OPEN, "assinado": yes, "falhaEnvio": no})[0] is SignerStatus.DONE
    assert signer({**OPEN, "assinado": no, "falhaEnvio": yes})[0] is SignerStatus.DELIVERY_FAILED


@pytest.mark.parametrize(
    ("changes", "wanted", "rule"),
    [
        ({"idStatus": 1}, ProcessStatus.DRAFT, "created"),
        ({"idStatus": 2}, ProcessStatus.IN_PROGRESS, "waiting"),
        ({"idStatus": "3"}, ProcessStatus.IN_PROGRESS, "signing"),
        ({"idStatus": 4, "status": "Cancelado"}, ProcessStatus.COMPLETED, "done"),
        ({"idStatus": 5, "status": "Concluído"}, ProcessStatus.CANCELLED, "cancelled"),
        ({"idStatus": 5, "signatarios": [{**ROW, "assinaturaRecusada": "true"}]}, ProcessStatus.DECLINED, "declined"),
        ({"idStatus": 2, "expirado": 1}, ProcessStatus.EXPIRED, "waiting_overdue"),
        ({"idStatus": 3, "expirado": "true"}, ProcessStatus.EXPIRED, "signing_overdue"),
        ({"idStatus": 3, "expirado": 0, "dataExpiracao": "2025-06-01"}, ProcessStatus.IN_PROGRESS, "signing"),
        ({"idStatus": 4, "expirado": 1}, ProcessStatus.COMPLETED, "done"),
        ({"idStatus": 9}, ProcessStatus.UNKNOWN, "unknown"),
    ],
)
def test_number_decides_about_the_process(changes: dict[str, Any], wanted: ProcessStatus, rule: str) -> None:
    """`idStatus` decides, never the text; overdue and refusal follow from flags."""
    process = status(**changes)
    assert (process.status, process.status_detail.rule) == (wanted, f"arqsign.process.{rule}")
    assert process.status_detail.vendor_status == str(changes["idStatus"])


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Criado", ProcessStatus.DRAFT),
        ("Aguardando", ProcessStatus.IN_PROGRESS),
        ("Em processo", ProcessStatus.IN_PROGRESS),
        ("Concluído", ProcessStatus.COMPLETED),
        ("Cancelado", ProcessStatus.CANCELLED),
        ("Waiting", ProcessStatus.UNKNOWN),
    ],
)
def test_old_answers_have_only_a_text(text: str, wanted: ProcessStatus) -> None:
    """Without a number the documented words are read; a translation is unknown and is kept."""
    process = status(idStatus=None, status=text)
    assert (process.status, process.status_detail.vendor_status) == (wanted, text)
    assert process.status_detail.known == (wanted is not ProcessStatus.UNKNOWN)


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (datetime(2025, 7, 31, 12, 0, 5, tzinfo=UTC), ProcessStatus.IN_PROGRESS),
        (datetime(2025, 7, 31, 12, 0, 6, tzinfo=UTC), ProcessStatus.EXPIRED),
    ],
)
def test_overdue_follows_from_the_date(now: datetime, wanted: ProcessStatus) -> None:
    """Where the answer has no flag, the expiry date is compared with the client's clock."""
    process = read(SIGNERS_EXAMPLE, now)
    assert process.status is wanted
    if wanted is ProcessStatus.EXPIRED:
        detail = process.status_detail
        assert (detail.basis, detail.end_reason, detail.reopenable) == (
            Basis.DERIVED,
            EndReason.DEADLINE_PASSED,
            True,
        )


def test_bare_date_lasts_until_the_day_is_over() -> None:
    """An expiry without a time is overdue on the next day."""
    tree = {**SIGNERS_EXAMPLE, "dataExpiracao": "2025-07-31"}
    last = datetime(2025, 7, 31, 23, 59, tzinfo=UTC)
    assert read(tree, last).status is ProcessStatus.IN_PROGRESS
    assert read(tree, last + timedelta(minutes=2)).status is ProcessStatus.EXPIRED


def test_dates_are_read_in_the_accounts_zone() -> None:
    """The vendor's dates have no zone; UTC is assumed unless the account says otherwise."""
    found = read(SIGNERS_EXAMPLE, time_zone="America/Sao_Paulo").expires_at
    assert found is not None
    assert found.astimezone(UTC) == datetime(2025, 7, 31, 15, 0, 5, tzinfo=UTC)


def test_dates_nobody_can_read_are_left_out() -> None:
    """A strange date costs nothing but itself."""
    assert status(dataExpiracao="em breve", dataConclusao=7).expires_at is None


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, (SignerStatus.NOTIFIED, "asked")),
        ({"assinado": 1}, (SignerStatus.DONE, "signed")),
        ({"assinado": None, "dataAssinatura": "2025-07-02T09:30:00"}, (SignerStatus.DONE, "signed_on")),
        ({"assinado": 0, "dataAssinatura": "2025-07-02T09:30:00"}, (SignerStatus.NOTIFIED, "asked")),
        ({"assinado": 1, "dataAssinatura": None}, (SignerStatus.DONE, "signed")),
        ({"assinado": 1, "assinaturaRecusada": 1}, (SignerStatus.DECLINED, "declined")),
        ({"falhaEnvio": 1}, (SignerStatus.DELIVERY_FAILED, "undelivered")),
        ({"falhaEnvioCodigoSeguranca": 1}, (SignerStatus.DELIVERY_FAILED, "code_undelivered")),
        ({"aguardandoEnvio": "true"}, (SignerStatus.NOT_NOTIFIED, "waiting")),
    ],
)
def test_flags_decide_about_a_signer(changes: dict[str, Any], wanted: tuple[SignerStatus, str]) -> None:
    """There is no word for a person; each flag is a rule with a name."""
    found, rule = signer({**OPEN, **changes})
    assert (found, rule) == (wanted[0], f"arqsign.signer.{wanted[1]}")


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "1900-01-01", "01/01/0001 00:00:00", " ", "-", ""])
@pytest.mark.parametrize("signed", [0, None, "false"])
def test_signature_without_a_date(date: str, signed: Any) -> None:
    """What systems write where there is no date is no signature, and no other fact either."""
    assert signer({**OPEN, "assinado": signed, "dataAssinatura": date})[0] is SignerStatus.NOTIFIED
    process = status(dataExpiracao=date, dataConclusao=date)
    assert (process.expires_at, process.updated_at, process.status) == (None, None, ProcessStatus.IN_PROGRESS)


def test_later_orders_have_not_been_asked() -> None:
    """Whoever comes after somebody who has still to sign has not been notified; afterwards they have."""
    later = {**OPEN, "IdProcessoDestinatario": BIA_ID, "ordem": 2}
    assert signer(OPEN, later) == (SignerStatus.NOT_NOTIFIED, "arqsign.signer.later_order")
    assert signer({**OPEN, "assinado": 1}, later) == (SignerStatus.NOTIFIED, "arqsign.signer.asked")
    assert signer(OPEN, {**later, "ordem": None})[0] is SignerStatus.NOTIFIED


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"idStatus": 1}, SignerStatus.NOT_NOTIFIED),
        ({"idStatus": 5}, SignerStatus.CANCELLED),
        ({"idStatus": 2, "expirado": 1}, SignerStatus.EXPIRED),
    ],
)
def test_process_decides_about_those_who_did_nothing(changes: dict[str, Any], wanted: SignerStatus) -> None:
    """Who has not signed stands where the process stands; who has, has."""
    assert signer(OPEN, **changes)[0] is wanted
    assert signer(ROW, **changes)[0] is SignerStatus.DONE


def test_reason_of_a_refusal_is_kept() -> None:
    """What the person wrote is theirs."""
    process = status(idStatus=5, signatarios=[{**OPEN, "assinaturaRecusada": 1, "motivoRecusa": "Valor errado"}])
    assert process.signers[0].reason == "Valor errado"


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b"12",
        b'"Documento em processamento"',
        b"",
        b"{}",
        b'{"nomeProcesso": "x"}',
        b'{"idStatus": 2, "signatarios": "x"}',
        b'{"idStatus": 2, "signatarios": ["x"]}',
        b'{"idStatus": 2, "signatarios": [{"assinado": "talvez"}]}',
        b'{"idStatus": [2]}',
        b'{"idStatus": 2',
    ],
)
def test_something_else_is_unreadable(body: bytes) -> None:
    """What is no process is named for what it is, without its contents."""
    with pytest.raises(UnreadableReplyError):
        play(provider().get(PROCESS_ID, NOW), Reply(body=body))


def test_unreadable_sentence_is_handed_on() -> None:
    """A bare sentence where an object was due is what the vendor says."""
    with pytest.raises(UnreadableReplyError, match="not a text") as caught:
        play(provider().get(PROCESS_ID, NOW), Reply.of("Documento em processamento"))
    assert caught.value.vendor_message == "Documento em processamento"


def test_published_full_process_is_read() -> None:
    """People, documents with their ids, dates; copies are no signers; type 2 is a certificate as well."""
    copy = {"id": COPY_ID, "nome": "Arquivo Interno", "idTipoAcao": 2, "dadosAssinatura": {"tipoAssinatura": None}}
    tree = {**FULL_EXAMPLE, "signatarios": [*FULL_EXAMPLE["signatarios"], copy]}
    played = play(operations.full_process(provider(), PROCESS_ID), Reply.of(tree))
    (call,) = played.calls
    assert call.path == f"/api/v2/processo/{PROCESS_ID}"
    assert call.query == {"arquivoTipo": "2", "retornarRegistroAssinatura": "false"}
    process = played.result
    assert [(each.id, each.name, each.order) for each in process.documents] == [(DOCUMENT_ID, "contrato.pdf", 1)]
    (ana,) = process.signers
    assert (ana.id, ana.order, ana.status) == (ANA_ID, 1, SignerStatus.DONE)
    assert ana.facts == {"idTipoAcao": 1, "idTipoAssinatura": 1, "numeroDocumentoPessoaFisica": CPF}
    assert CPF not in repr(process)
    assert process.created_at == datetime(2025, 7, 1, 12, tzinfo=UTC)
    assert process.updated_at == datetime(2025, 7, 1, 12, 0, 5, tzinfo=UTC)
    assert process.raw == tree


@pytest.mark.parametrize("name", ["numeroDocumetoPessoaFisica", "NumeroDocumentoPessoaFisica"])
def test_number_of_a_person_is_read_in_both_spellings(name: str) -> None:
    """The page of the full read drops a letter; the webhooks do not."""
    data = {"dadosPessoaFisica": {name: CPF}, "dadosPessoaJuridica": {"numeroDocumentoEmpresa": CNPJ}}
    tree = {**FULL_EXAMPLE, "signatarios": [{"id": ANA_ID, "dadosAssinatura": data}]}
    (signer,) = play(operations.full_process(provider(), PROCESS_ID), Reply.of(tree)).result.signers
    assert signer.facts == {"numeroDocumentoPessoaFisica": CPF, "numeroDocumentoEmpresa": CNPJ}


def test_full_process_asks_for_files_only_when_told() -> None:
    """The vendor's defaults, Base64 and records, have to be asked for here."""
    flow = operations.full_process(provider(), PROCESS_ID, base64=True, records=True, now=NOW)
    (call,) = play(flow, Reply.of(FULL_EXAMPLE)).calls
    assert call.query == {"arquivoTipo": "1", "retornarRegistroAssinatura": "true"}


@pytest.mark.parametrize(
    ("tree", "wanted", "basis"),
    [
        (
            {
                "nomeProcesso": "Contrato 2025-014",
                "status": "Aguardando",
                "idStatus": 2,
                "expirado": 0,
                "dataConclusao": None,
                "dataCancelamento": None,
                "dataExpiracao": "2025-07-31",
            },
            ProcessStatus.IN_PROGRESS,
            Basis.EXACT,
        ),
        ({"NomeProcesso": "x", "Status": "Concluído"}, ProcessStatus.COMPLETED, Basis.EXACT),
        ({"NomeProcesso": "x", "Status": "Cancelado", "IdStatus": 5}, ProcessStatus.CANCELLED, Basis.AMBIGUOUS),
    ],
)
def test_light_status_is_read(tree: dict[str, Any], wanted: ProcessStatus, basis: Basis) -> None:
    """The newer object and the older one, with 200 or 201; whether somebody declined it cannot say."""
    played = play(operations.light_status(provider(), PROCESS_ID), Reply.of(tree, status=201))
    assert played.calls[0].path == f"/api/v1/processo/{PROCESS_ID}/status-do-processo"
    assert (played.result.status, played.result.status_detail.basis) == (wanted, basis)
