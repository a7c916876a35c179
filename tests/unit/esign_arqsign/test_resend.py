"""Resending: the published array, what an edit may not say, what a process read before forbids, and the answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from tests.unit.esign_arqsign.data import (
    ANA_ID,
    BIA_ID,
    CNPJ,
    COPY_ID,
    CPF,
    CREATED_EXAMPLE,
    NOW,
    PROCESS_ID,
    RESEND_EXAMPLE,
    RESENT_EXAMPLE,
    SIGNERS_EXAMPLE,
    ana,
    draft,
    provider,
)

from esign_core.model.drafts import Challenge, Channel, Party, SignatureData, SignerDraft
from esign_core.model.errors import ConflictError, InvalidRequestError, UnreadableReplyError, UnsupportedError
from esign_core.model.process import Process
from esign_core.model.resend import PartyEdit, Resend, ResendReport, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.model.status import Basis, ProcessStatus
from esign_core.providers.flow import Reply
from esign_core.testing.play import play

ANSWER = Reply.of(RESENT_EXAMPLE)
PATH = f"/api/v2/processo/{PROCESS_ID}/reenviar-processo"


def edit(**changes: Any) -> SignerEdit:
    """Return an edit of Ana."""
    return SignerEdit(**{"signer_id": ANA_ID, **changes})


def person(**changes: Any) -> SignatureDataEdit:
    """Return an edit of the signing person's data."""
    return SignatureDataEdit(signatory=PartyEdit(**changes))


def sent(*edits: SignerEdit, **settings: Any) -> Any:
    """Return the body of the one request that a resend makes."""
    flow = provider(**settings).resend(PROCESS_ID, Resend(edits=edits), NOW, None)
    (call,) = play(flow, ANSWER).calls
    assert (call.method, call.path, call.process_id, call.repeatable) == ("PATCH", PATH, PROCESS_ID, False)
    return call.json


def known(**changes: Any) -> Process:
    """Return a process read before: Ana has a code, Bia signs with a certificate and has none."""
    row = {**SIGNERS_EXAMPLE["signatarios"][0], "assinado": 0, "dataAssinatura": None}
    other = {
        **row,
        "IdProcessoDestinatario": BIA_ID,
        "idTipoAssinatura": 3,
        "IdMeioEnvioCodigoSeguranca": None,
        "email": "bia@example.com",
    }
    tree = {**SIGNERS_EXAMPLE, "idStatus": 2, "signatarios": [{**row, **changes}, other]}
    process: Process = play(provider().get(PROCESS_ID, NOW), Reply.of(tree)).result
    return process


def resent(resend: Resend, process: Process | None) -> ResendReport:
    """Return the report of a resend."""
    report: ResendReport = play(provider().resend(PROCESS_ID, resend, NOW, process), ANSWER).result
    return report


def test_published_example_comes_out_of_an_edit() -> None:
    """The documented body comes out whole; what stays unset is not in it, and None is null."""
    wanted = edit(
        channel=Channel.WHATSAPP,
        name="Ana Exemplo da Silva",
        email=None,
        phone="+5500900000000",
        security_code=SecurityCodeEdit(channel=Channel.WHATSAPP, email=None, phone="+5500900000000", allow_resend=True),
        signature_data=SignatureDataEdit(
            signatory=PartyEdit(
                name="Ana Exemplo da Silva", document_number=CPF, validate=True, discard_previous=False
            ),
            company=None,
        ),
    )
    assert sent(wanted) == [{**RESEND_EXAMPLE[0], "idMeioEnvioCodigoSeguranca": 2}]
    code = SecurityCodeEdit(channel=Channel.SMS, email=None, phone="+5500900000000", allow_resend=True)
    by_sms = attrs.evolve(wanted, security_code=code)
    assert sent(by_sms) == RESEND_EXAMPLE


def test_nothing_edited_is_an_empty_array() -> None:
    """The body is `[]`, no object around it."""
    assert sent() == []


def test_only_what_is_given_is_sent() -> None:
    """E-mail, the code's way and the company's number are corrected; nothing else is in the body."""
    wanted = edit(
        email="nova@example.com",
        channel=Channel.EMAIL,
        security_code=SecurityCodeEdit(channel=Channel.SMS, phone="+5511900000001"),
        signature_data=SignatureDataEdit(company=PartyEdit(document_number=CNPJ)),
    )
    assert sent(wanted) == [
        {
            "idProcessoDestinatario": ANA_ID,
            "idFormaEnvioProcesso": 1,
            "email": "nova@example.com",
            "idMeioEnvioCodigoSeguranca": 1,
            "telefoneSeguranca": "+5511900000001",
            "dadosAssinatura": {"empresa": {"numeroDocumento": CNPJ}},
        }
    ]


def test_somebody_may_be_named_without_a_correction() -> None:
    """The item holds the id alone."""
    assert sent(edit()) == [{"idProcessoDestinatario": ANA_ID}]


def test_none_is_null_at_every_depth() -> None:
    """A whole block given as None is null in each of its places."""
    assert sent(edit(channel=None, security_code=None, signature_data=None)) == [
        {
            "idProcessoDestinatario": ANA_ID,
            "idFormaEnvioProcesso": None,
            "idMeioEnvioCodigoSeguranca": None,
            "emailSeguranca": None,
            "telefoneSeguranca": None,
            "permitirReenviarCodigo": None,
            "dadosAssinatura": None,
        }
    ]


def test_validation_flag_and_flags_are_the_accounts() -> None:
    """`validar` and booleans are one setting away; the D of DescartarDadosAnteriores is always a capital."""
    wanted = edit(signature_data=person(document_number=CPF, validate=True, discard_previous=None))
    assert sent(wanted, validation_flag="validar", bit_style="boolean")[0]["dadosAssinatura"] == {
        "signatario": {"numeroDocumento": CPF, "validar": True, "DescartarDadosAnteriores": None}
    }
    assert sent(wanted)[0]["dadosAssinatura"]["signatario"] == {
        "numeroDocumento": CPF,
        "validarDocumento": 1,
        "DescartarDadosAnteriores": None,
    }


@pytest.mark.parametrize("side", ["signatory", "company"])
@pytest.mark.parametrize(
    ("field", "party"),
    [
        ("validate", PartyEdit(validate=True)),
        ("validate", PartyEdit(name="Ana", validate=False)),
        ("validate", PartyEdit(document_number=None, validate=True)),
        ("discard_previous", PartyEdit(name="Ana", document_number=CPF, discard_previous=True)),
    ],
)
def test_party_edit_ignored_by_vendor(side: str, field: str, party: PartyEdit) -> None:
    """A flag that the vendor throws away is unsupported, with its place; nothing is sent."""
    wanted = edit(signature_data=SignatureDataEdit(**{side: party}))
    with pytest.raises(UnsupportedError) as caught:
        play(provider().resend(PROCESS_ID, Resend(edits=[wanted]), NOW, None))
    assert [problem.path for problem in caught.value.problems] == [f"edits[0].signature_data.{side}.{field}"]


@pytest.mark.parametrize(
    "party",
    [
        PartyEdit(validate=None),
        PartyEdit(document_number=CPF, discard_previous=True),
        PartyEdit(name="Ana", discard_previous=True),
        PartyEdit(name="Ana", document_number=CPF, discard_previous=False),
        PartyEdit(name="Ana", document_number=CPF, validate=True),
    ],
)
def test_party_edit_heeded_by_vendor(party: PartyEdit) -> None:
    """Flags that have an effect, or say what holds anyway, are sent."""
    assert len(sent(edit(signature_data=SignatureDataEdit(signatory=party)))) == 1


def created(signer: SignerDraft) -> Process:
    """Return a process just created with one signer."""
    process: Process = play(provider().create(draft(signer), NOW), Reply.of(CREATED_EXAMPLE)).result
    return process


NAMED = SignatureDataEdit(signatory=PartyEdit(name="Ana Exemplo da Silva"))
COMPANY = SignatureDataEdit(company=PartyEdit(name="Exemplo Ltda"))
IGNORED: dict[str, tuple[SignerDraft, SignatureDataEdit, str]] = {
    "never had data": (ana(), NAMED, "signature_data"),
    "empty data": (ana(signature_data=SignatureData(signatory=Party())), NAMED, "signature_data"),
    "ICP-Brasil": (ana(challenges=[Challenge.certificate()]), NAMED, "signature_data"),
    "other certificate": (ana(challenges=[Challenge.certificate(icp_brasil=False)]), COMPANY, "signature_data"),
    "company of a person": (
        ana(signature_data=SignatureData(signatory=Party(name="Ana"))),
        COMPANY,
        "signature_data.company",
    ),
}


@pytest.mark.parametrize(("signer", "data", "path"), IGNORED.values(), ids=IGNORED.keys())
def test_signature_data_ignored_by_vendor(signer: SignerDraft, data: SignatureDataEdit, path: str) -> None:
    """What the vendor would accept and throw away is unsupported where the process handed over shows it."""
    wanted = Resend(edits=[edit(signature_data=data)])
    with pytest.raises(UnsupportedError) as caught:
        resent(wanted, created(signer))
    assert [problem.path for problem in caught.value.problems] == [f"edits[0].{path}"]
    assert resent(wanted, None).count == 2


def test_signature_data_unknown_to_process() -> None:
    """Data that were configured, and processes that say nothing of them, forbid no edit."""
    both = ana(signature_data=SignatureData(signatory=Party(name="Ana"), company=Party(name="Exemplo Ltda")))
    for process in (created(both), known()):
        for data in (NAMED, COMPANY, None):
            assert resent(Resend(edits=[edit(signature_data=data)]), process).count == 2


def test_signature_data_by_extras() -> None:
    """Data given by extras count as configured; extras that cannot be read leave it open."""
    given = {"assinarOnline": {"dadosAssinatura": {"signatario": {"nome": "Ana"}}}}
    for extras in (given, {"assinarOnline": None}, {"assinarOnline": 7}):
        assert resent(Resend(edits=[edit(signature_data=NAMED)]), created(ana(extras=extras))).count == 2


def test_signature_data_of_certificate_in_read() -> None:
    """A process read from the vendor shows who signs with a certificate."""
    wanted = Resend(edits=[edit(signer_id=BIA_ID, signature_data=NAMED)])
    with pytest.raises(UnsupportedError, match="certificate"):
        resent(wanted, known())


WRONG: dict[str, tuple[str, SignerEdit, SignerEdit]] = {
    "no id": ("edits[0].signer_id", edit(signer_id="ana"), edit()),
    "e-mail missing": (
        "edits[0].email",
        edit(channel=Channel.EMAIL),
        edit(channel=Channel.EMAIL, email="ana@example.com"),
    ),
    "phone missing": (
        "edits[0].phone",
        edit(channel=Channel.WHATSAPP),
        edit(channel=Channel.WHATSAPP, phone="+5511900000001"),
    ),
    "by SMS": ("edits[0].channel", edit(channel=Channel.SMS), edit(channel=None)),
    "code without e-mail": (
        "edits[0].security_code.email",
        edit(security_code=SecurityCodeEdit(channel=Channel.EMAIL)),
        edit(security_code=SecurityCodeEdit(channel=Channel.EMAIL, email="ana@example.com")),
    ),
    "code by SMS without phone": (
        "edits[0].security_code.phone",
        edit(security_code=SecurityCodeEdit(channel=Channel.SMS)),
        edit(security_code=SecurityCodeEdit(channel=Channel.SMS, phone="+5511900000001")),
    ),
    "code by WhatsApp without phone": (
        "edits[0].security_code.phone",
        edit(security_code=SecurityCodeEdit(channel=Channel.WHATSAPP, phone=None)),
        edit(security_code=SecurityCodeEdit(channel=Channel.WHATSAPP, phone="+573001234567")),
    ),
    "code by SMS abroad": (
        "edits[0].security_code.phone",
        edit(security_code=SecurityCodeEdit(channel=Channel.SMS, phone="+573001234567")),
        edit(security_code=SecurityCodeEdit(channel=Channel.NONE)),
    ),
    "code in two ways": (
        "edits[0].security_code.channel",
        edit(security_code=SecurityCodeEdit(channel=Channel.EMAIL_AND_WHATSAPP)),
        edit(security_code=SecurityCodeEdit(allow_resend=False)),
    ),
    "wrong CPF": (
        "edits[0].signature_data.signatory.document_number",
        edit(signature_data=person(document_number="11111111111", validate=True)),
        edit(signature_data=person(document_number=CPF, validate=True)),
    ),
    "wrong CNPJ": (
        "edits[0].signature_data.company.document_number",
        edit(signature_data=SignatureDataEdit(company=PartyEdit(document_number=CPF, validate=True))),
        edit(
            signature_data=SignatureDataEdit(
                company=PartyEdit(document_number="123", document_kind="Inscrição", validate=True)
            )
        ),
    ),
    "long name": ("edits[0].name", edit(name="x" * 151), edit(name="x" * 150)),
    "long party": (
        "edits[0].signature_data.signatory.name",
        edit(signature_data=person(name="x" * 251)),
        edit(signature_data=person(name="x" * 250)),
    ),
}


@pytest.mark.parametrize(("path", "broken", "mended"), WRONG.values(), ids=WRONG.keys())
def test_condition_of_an_edit_is_kept(path: str, broken: SignerEdit, mended: SignerEdit) -> None:
    """What the edit alone decides is refused before anything is sent, naming the field; its twin is sent."""
    with pytest.raises(InvalidRequestError) as caught:
        play(provider().resend(PROCESS_ID, Resend(edits=[broken]), NOW, None))
    assert [problem.path for problem in caught.value.problems] == [path]
    assert caught.value.problems[0].hint
    assert len(sent(mended)) == 1


def test_process_read_before_forbids_what_only_it_decides() -> None:
    """Copies, people who are done, WhatsApp with a certificate and a code that was never there; all at once."""
    edits = [
        edit(signer_id=COPY_ID),
        edit(email="nova@example.com"),
        edit(
            signer_id=BIA_ID,
            channel=Channel.WHATSAPP,
            phone="+5511900000002",
            security_code=SecurityCodeEdit(channel=Channel.NONE),
        ),
    ]
    with pytest.raises(InvalidRequestError) as caught:
        resent(Resend(edits=edits), known(assinado=1))
    assert [problem.path for problem in caught.value.problems] == [
        "edits[0].signer_id",
        "edits[1].signer_id",
        "edits[2].channel",
        "edits[2].security_code",
    ]
    with pytest.raises(InvalidRequestError, match="declined"):
        resent(Resend(edits=[edit()]), known(assinaturaRecusada=1))
    with pytest.raises(UnsupportedError):
        resent(Resend(edits=edits[2:]), known())


def test_process_read_before_allows_the_rest() -> None:
    """The mended twins go out."""
    edits = [
        edit(security_code=SecurityCodeEdit(channel=Channel.NONE), channel=Channel.WHATSAPP, phone="+5511900000001"),
        edit(signer_id=BIA_ID.upper(), channel=Channel.EMAIL, email="bia@example.com"),
    ]
    assert resent(Resend(edits=edits), known()).count == 2


def test_people_without_ids_forbid_nothing() -> None:
    """What an old answer left out cannot be judged here; the vendor judges it."""
    process = known()
    nameless = attrs.evolve(process, signers=[attrs.evolve(each, id="", facts={}) for each in process.signers])
    assert resent(Resend(edits=[edit()]), nameless).count == 2
    assert resent(Resend(edits=[edit()]), attrs.evolve(process, signers=[])).count == 2


@pytest.mark.parametrize("status", [ProcessStatus.COMPLETED, ProcessStatus.CANCELLED, ProcessStatus.DECLINED])
@pytest.mark.parametrize("reopen", [False, True])
def test_ended_process_cannot_be_resent(status: ProcessStatus, reopen: bool) -> None:
    """What has ended for good is a conflict before anything is sent."""
    with pytest.raises(ConflictError, match=status.value):
        resent(Resend(reopen=reopen), attrs.evolve(known(), status=status))


def test_expired_process_is_brought_back_by_reopen_alone() -> None:
    """Without reopen an expired process is a conflict; with it the same request goes out, and the report says so."""
    expired = attrs.evolve(known(), status=ProcessStatus.EXPIRED)
    with pytest.raises(ConflictError, match=r"reopen=True"):
        resent(Resend(), expired)
    assert resent(Resend(reopen=True), expired).reopened is True
    assert resent(Resend(reopen=True), None).reopened is None


def test_open_process_has_nothing_to_reopen() -> None:
    """Reopening an open process is a conflict; one whose time has run out since it was read is not open."""
    with pytest.raises(ConflictError, match="open"):
        resent(Resend(reopen=True), known())
    late = attrs.evolve(known(), expires_at=NOW - timedelta(minutes=1))
    assert resent(Resend(reopen=True), late).reopened is True
    assert resent(Resend(), known()).reopened is None


def test_report_names_everybody_who_is_asked() -> None:
    """The published answer: two people, edited or not, each with the way and the contact."""
    report = resent(Resend(edits=[edit(name="Ana")]), None)
    assert (report.process_id, report.count, report.missed) == (PROCESS_ID, 2, ())
    assert [(each.name, each.signer_id, each.order, each.channel, each.destination) for each in report.notified] == [
        ("Ana Exemplo da Silva", ANA_ID, 1, Channel.WHATSAPP, "+5500900000000"),
        ("Bia Exemplo", BIA_ID, 1, Channel.EMAIL, "bia@example.com"),
    ]
    assert report.raw == RESENT_EXAMPLE


def test_report_of_pending_people() -> None:
    """The vendor lists who is pending and does not say that each was notified; nobody pending is a count of 0."""
    report = resent(Resend(), None)
    assert {each.basis for each in report.notified} == {Basis.DERIVED}
    assert report.at == NOW
    empty = play(provider().resend(PROCESS_ID, Resend(), NOW, None), Reply.of([])).result
    assert (empty.count, empty.notified) == (0, ())


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Processo reenviado com sucesso para 3 destinatários.", 3),
        ("0 SIGNATÁRIOS notificados com sucesso", 0),
        ("Processo 2025-014 reenviado com sucesso", None),
        ("Processo 12 reenviado com sucesso", None),
    ],
)
def test_report_count_in_sentence(said: str, count: int | None) -> None:
    """Only a number of people or messages is a count."""
    assert play(provider().resend(PROCESS_ID, Resend(), NOW, None), Reply.of(said)).result.count == count


@pytest.mark.parametrize(
    "tree",
    [
        {"Destinatarios": [{"IDPROCESSODESTINATARIO": ANA_ID, "Ordem": "1", "Nome": "Ana", "Anexo": None}]},
        [{"idprocessodestinatario": ANA_ID, "ordem": 1, "formaEnvioProcesso": " ", "Nome": "Ana"}],
    ],
)
def test_answers_in_other_shapes_are_read(tree: Any) -> None:
    """An object around the list, other cases, and people without a contact."""
    flow = provider().resend(PROCESS_ID, Resend(), NOW, None)
    (person,) = play(flow, Reply.of(tree, status=201)).result.notified
    assert (person.signer_id, person.name, person.order, person.channel) == (ANA_ID, "Ana", 1, None)


@pytest.mark.parametrize(
    "reply",
    [
        Reply.of("Processo reenviado com sucesso."),
        Reply.of({"mensagem": "Processo reenviado com sucesso."}),
        Reply(body=b"Processo reenviado com sucesso."),
    ],
)
def test_sentences_of_success_name_nobody(reply: Reply) -> None:
    """Old answers are a sentence; the resend happened, and who was asked is not known."""
    report = play(provider().resend(PROCESS_ID, Resend(), NOW, None), reply).result
    assert (report.count, report.notified) == (None, ())
    assert report.raw


@pytest.mark.parametrize(
    "body",
    [b"", b'[{"idProc', b"<html></html>", b"\xff\xfe", b'{"foo": 1}', b"[1]", b'["x"]', b"true", b'[{"ordem": []}]'],
)
def test_other_answers_are_unreadable(body: bytes) -> None:
    """Whatever else comes is no report; core makes an unknown outcome of it."""
    with pytest.raises(UnreadableReplyError):
        play(provider().resend(PROCESS_ID, Resend(), NOW, None), Reply(body=body))


def test_process_without_known_deadline_is_reopened_by_the_vendors_word() -> None:
    """A process just created may have expired by a deadline that only the vendor knows: it is asked, not refused."""
    created = attrs.evolve(known(), expires_at=None)
    assert resent(Resend(reopen=True), created).reopened is None
