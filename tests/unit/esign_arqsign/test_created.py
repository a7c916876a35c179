"""What a create answers: the published object, the older ones, and the process that follows from each."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.esign_arqsign.data import (
    ANA_ID,
    BIA_ID,
    CREATED_EXAMPLE,
    DOCUMENT_ID,
    IN_A_MONTH,
    NOW,
    PROCESS_ID,
    ana,
    bia,
    draft,
    provider,
)

from esign_core.model.drafts import Challenge, CopyRecipient, ProcessDraft, SecurityCode
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process
from esign_core.model.status import Basis, ProcessStatus, SignerStatus
from esign_core.providers.flow import Reply
from esign_core.testing.play import play

COPY = CopyRecipient(name="Arquivo Interno", email="copia@example.com")


def created(wanted: ProcessDraft, tree: Any) -> Process:
    """Return the process that a create makes of an answer."""
    process: Process = play(provider().create(wanted, NOW), Reply.of(tree, status=201)).result
    return process


def recipient(identifier: str, contact: str, name: str, order: int = 1, **more: Any) -> dict[str, Any]:
    """Return a recipient as the answer lists them."""
    return {"idProcessoDestinatario": identifier, "ordem": order, "formaEnvio": contact, "nomeSignatario": name, **more}


def test_published_answer_is_read() -> None:
    """Ids of process, documents and signers; the copy is nobody who signs; what follows from the draft is derived."""
    wanted = draft(ana(security_code=SecurityCode(code="0417")), cc=[COPY], expires_at=IN_A_MONTH)
    process = created(wanted, CREATED_EXAMPLE)
    assert (process.id, process.name, process.status) == (PROCESS_ID, "Contrato 2025-014", ProcessStatus.IN_PROGRESS)
    assert (process.status_detail.basis, process.status_detail.vendor_status) == (Basis.DERIVED, "")
    assert (process.expires_at, process.read_at, process.raw) == (IN_A_MONTH, None, CREATED_EXAMPLE)
    assert [(each.id, each.name, each.order) for each in process.documents] == [(DOCUMENT_ID, "contrato.pdf", 1)]
    (signer,) = process.signers
    assert (signer.id, signer.email, signer.order, signer.link) == (ANA_ID, "ana@example.com", 1, None)
    assert (signer.status, signer.status_detail.basis) == (SignerStatus.NOTIFIED, Basis.DERIVED)
    assert signer.facts == {
        "idTipoAcao": 1,
        "idTipoAssinatura": 1,
        "idMeioEnvioCodigoSeguranca": 3,
        "assinarComo": 1,
        "dadosAssinatura": False,
    }


@pytest.mark.parametrize(
    "tree",
    [
        {"IdProcesso": PROCESS_ID, "documentos": [{"id": DOCUMENT_ID, "nome": "contrato.pdf"}]},
        {"idprocesso": PROCESS_ID, "destinatarios": None, "documentos": None},
        PROCESS_ID,
    ],
)
def test_older_answers_name_nobody(tree: Any) -> None:
    """Without recipients the people are the draft's, and their ids are empty until they are read."""
    process = created(draft(ana(challenges=[Challenge.certificate()])), tree)
    assert process.id == PROCESS_ID
    assert [(each.id, each.name) for each in process.signers] == [("", "Ana Exemplo")]
    assert [each.name for each in process.documents] == ["contrato.pdf"]
    assert process.signers[0].facts == {
        "idTipoAcao": 1,
        "idTipoAssinatura": 3,
        "idMeioEnvioCodigoSeguranca": None,
        "assinarComo": 1,
        "dadosAssinatura": False,
    }


def test_plain_text_may_be_the_id() -> None:
    """The id alone, without quotes."""
    played = play(provider().create(draft(), NOW), Reply(body=f"{PROCESS_ID}\n".encode()))
    assert played.result.id == PROCESS_ID


def test_later_orders_and_silent_people_have_not_been_asked() -> None:
    """Only the first in order are notified, and none who shall not be."""
    people = [recipient(ANA_ID, "ana@example.com", "Ana Exemplo"), recipient(BIA_ID, "bia@example.com", "Bia", 2)]
    process = created(draft(ana(), bia(), ordered=True), {"IdProcesso": PROCESS_ID, "destinatarios": people})
    assert [(each.order, each.status) for each in process.signers] == [
        (1, SignerStatus.NOTIFIED),
        (2, SignerStatus.NOT_NOTIFIED),
    ]
    silent = created(draft(notify=False), CREATED_EXAMPLE)
    assert [each.status for each in silent.signers] == [SignerStatus.NOT_NOTIFIED]


def test_links_are_handed_to_their_people() -> None:
    """Where links were asked for, each signer has theirs; no repr shows it."""
    people = [
        recipient(BIA_ID, "BIA@example.com", "Bia Exemplo", linkProcesso="https://example.com/b"),
        recipient(ANA_ID, "ana@example.com", "Ana Exemplo", linkProcesso="https://example.com/a"),
    ]
    process = created(draft(ana(), bia(), notify=False), {"IdProcesso": PROCESS_ID, "destinatarios": people})
    assert [(each.id, each.link) for each in process.signers] == [
        (ANA_ID, "https://example.com/a"),
        (BIA_ID, "https://example.com/b"),
    ]
    assert "https" not in repr(process)


def test_one_contact_in_two_places_is_told_apart_by_order_and_name() -> None:
    """A person who signs twice, and gets a copy, is three recipients; each signer finds their own."""
    people = [
        recipient("c0ffee00-2222-4d4d-8e8e-00000000000c", "ana@example.com", "Arquivo"),
        recipient(BIA_ID, "ana@example.com", "Ana Exemplo", 2),
        recipient(ANA_ID, "ana@example.com", "Ana Exemplo", 1),
    ]
    wanted = draft(ana(), ana(), ordered=True, cc=[CopyRecipient(name="Arquivo", email="ana@example.com")])
    process = created(wanted, {"IdProcesso": PROCESS_ID, "destinatarios": people})
    assert [each.id for each in process.signers] == [ANA_ID, BIA_ID]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b'{"IdProcesso": null}',
        b'{"IdProcesso": true}',
        b'{"IdProcesso": 17.5}',
        b'{"IdProcesso": "../../conta"}',
        b'{"IdProcesso": "contrato novo"}',
        b'{"IdProcesso": ""}',
        b'"criado"',
        b"[]",
        b'{"IdProc',
        b"<html>",
    ],
)
def test_answers_without_an_id_are_unreadable(body: bytes) -> None:
    """There is a process perhaps, and nobody knows which: core makes an unknown outcome of it."""
    with pytest.raises(UnreadableReplyError):
        play(provider().create(draft(), NOW), Reply(body=body))


def kept(body: bytes) -> Process:
    """Return the process of an answer to a create, as the client hands it over: read as far as it can be."""
    process: Process = play(provider().create(draft(), NOW), Reply(body=body, lenient=True)).result
    return process


@pytest.mark.parametrize(
    "body",
    [
        f'{{"IdProcesso": "{PROCESS_ID}"}}\0'.encode(),
        f"{PROCESS_ID}\0".encode(),
        f'{{"IdProcesso": "{PROCESS_ID}", "nome": "a", "nome": "b"}}'.encode(),
        f'{{"IdProcesso": "{PROCESS_ID}", "x": NaN}}'.encode(),
        f'{{"IdProcesso": "{PROCESS_ID}", "nome": "José"}}'.encode("latin-1"),
        b"\xef\xbb\xbf" + f'{{"id": "{PROCESS_ID}"}}'.encode(),
        f'{{"IdProcesso": "{PROCESS_ID}", "documentos": 5, "destinatarios": "x"}}'.encode(),
        f'{{"IdProcesso": "{PROCESS_ID}", "documentos": [3], "destinatarios": [null]}}'.encode(),
    ],
)
def test_id_is_kept_in_damaged_answer(body: bytes) -> None:
    """The create cannot be repeated, so whatever else is wrong, the id is read."""
    assert kept(body).id == PROCESS_ID


@pytest.mark.parametrize(("found", "wanted"), [(17, "17"), ("DOC_17-a", "DOC_17-a")])
def test_unusual_id_is_kept(found: Any, wanted: str) -> None:
    """An id of another form is an id as long as it is one plain word."""
    assert created(draft(), {"IdProcesso": found}).id == wanted


def test_unreadable_recipient_field_costs_itself() -> None:
    """The id of a recipient is kept beside an order that cannot be read."""
    row = recipient(ANA_ID, "ana@example.com", "Ana Exemplo", order=[])  # type: ignore[arg-type]  # damaged on purpose
    assert created(draft(), {"IdProcesso": PROCESS_ID, "destinatarios": [row]}).signers[0].id == ANA_ID
