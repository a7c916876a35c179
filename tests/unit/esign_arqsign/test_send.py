"""The request that creates a process: equal to the published example, and its variants field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_arqsign.data import (
    CNPJ,
    CPF,
    CREATED_EXAMPLE,
    IN_A_MONTH,
    NOW,
    SEND_EXAMPLE,
    ana,
    bia,
    document,
    draft,
    provider,
)

from esign_core.model.documents import Document
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    ProcessDraft,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.providers.flow import Call, Reply
from esign_core.testing.play import play

V2 = "/api/v2/processo/enviar-documento-para-assinar"
V3 = "/api/v3/processo/enviar-documento-para-assinar"


def sent(wanted: ProcessDraft, **settings: Any) -> Call:
    """Return the one request that a create makes."""
    (call,) = play(provider(**settings).create(wanted, NOW), Reply.of(CREATED_EXAMPLE)).calls
    return call


def body(wanted: ProcessDraft, **settings: Any) -> dict[str, Any]:
    """Return the body of that request."""
    found: dict[str, Any] = sent(wanted, **settings).json
    return found


def signer_in(wanted: SignerDraft, **settings: Any) -> dict[str, Any]:
    """Return what a lone signer becomes."""
    found: dict[str, Any] = body(draft(wanted), **settings)["destinatarios"][0]
    return found


def online(wanted: SignerDraft, **settings: Any) -> dict[str, Any]:
    """Return how a lone signer signs."""
    found: dict[str, Any] = signer_in(wanted, **settings)["assinarOnline"]
    return found


def test_published_example_comes_out_of_neutral_values_and_extras() -> None:
    """The documented body comes out whole, field for field; what has no neutral field goes in by extras."""
    wanted = draft(
        ana(
            security_code=SecurityCode(code="4821"),
            signature_data=SignatureData(signatory=Party(name="Ana Exemplo", document_number=CPF, validate=False)),
            attachments=[Attachment(name="Selfie")],
            extras={
                "representacaoVisualAssinatura": None,
                "telefone": None,
                "assinarOnline": {
                    "papelPessoaFisica": ["Contratante"],
                    "papelPessoaJuridica": None,
                    "seguranca": {"codigoSegurancaTelefone": None, "reenviarCodigo": None},
                    "mensagemPersonalizada": None,
                    "definirPosicaoAssinaturaManual": None,
                    "dadosAssinatura": {"empresa": None, "dadosComplementares": []},
                },
            },
        ),
        cc=[CopyRecipient(name="Arquivo Interno", email="copia@example.com")],
        ordered=True,
        expires_at=IN_A_MONTH,
        remind_every=timedelta(days=5),
        extras={
            "configuracoesAvancadas": {"avisoAntesExpiracaoDocumentoDias": 3, "gerarQrCode": 1, "obrigarLeitura": 0},
            "renovacaoMeses": None,
            "mensagemPadrao": None,
        },
    )
    call = sent(wanted)
    assert (call.method, call.path, call.repeatable) == ("POST", V2, False)
    assert call.json == SEND_EXAMPLE


def test_portable_draft_sends_what_the_vendor_requires_and_nothing_else() -> None:
    """A name, a PDF and people with e-mails and phones: the required fields with the account's defaults."""
    assert body(draft(ana(), bia())) == {
        "idResponsavel": SEND_EXAMPLE["idResponsavel"],
        "nomeProcesso": "Contrato 2025-014",
        "idPasta": SEND_EXAMPLE["idPasta"],
        "usarOrdemAssinatura": 0,
        "usarPosicaoAssinaturaAutomatica": 1,
        "destinatarios": [
            {
                "idTipoAcao": 1,
                "nome": name,
                "email": email,
                "assinarOnline": {
                    "assinarComo": 1,
                    "idTipoAssinatura": 1,
                    "assinaturaEletronica": {
                        "obrigarSignatarioInformarNome": 1,
                        "obrigarSignatarioInformarNumeroDocumento": 1,
                        "tipoDocumentoAInformar": 1,
                    },
                },
            }
            for name, email in (("Ana Exemplo", "ana@example.com"), ("Bia Exemplo", "bia@example.com"))
        ],
        "documentos": [{"ordemDocumento": 1, "nomeComExtensao": "contrato.pdf", "arquivo": document()}],
    }


def test_flags_are_booleans_where_the_account_says_so() -> None:
    """`bit_style` turns 1 and 0 into true and false everywhere."""
    found = body(draft(ana(attachments=[Attachment(name="Selfie", required=False)])), bit_style="boolean")
    assert (found["usarOrdemAssinatura"], found["usarPosicaoAssinaturaAutomatica"]) == (False, True)
    (asked,) = found["destinatarios"][0]["assinarOnline"]["anexos"]
    assert asked == {"anexoDocumentoNome": "Selfie", "anexoObrigatorio": False, "anexoExibirTodosDestinatarios": False}


def test_subject_and_message_become_the_default_message() -> None:
    """Each is sent where it is given, and neither where it is not."""
    assert body(draft(subject="Assinar", message="Bom dia"))["mensagemPadrao"] == {
        "titulo": "Assinar",
        "texto": "Bom dia",
    }
    assert body(draft(message="Bom dia"))["mensagemPadrao"] == {"texto": "Bom dia"}
    assert "mensagemPadrao" not in body(draft())
    assert "mensagemPadrao" not in body(draft(subject=" ", message="\n"))
    assert body(draft(subject=" ", message="Bom dia"))["mensagemPadrao"] == {"texto": "Bom dia"}


@pytest.mark.parametrize(
    ("subject", "title"), [("Assinar", "Assinar"), (None, "Contrato 2025-014"), (" ", "Contrato 2025-014")]
)
def test_personal_message_gets_the_title_it_needs(subject: str | None, title: str) -> None:
    """A message to one person stands under the subject, or under the process's name."""
    found = body(draft(ana(message="Só para Ana"), subject=subject))["destinatarios"][0]["assinarOnline"]
    assert found["mensagemPersonalizada"] == {"titulo": title, "texto": "Só para Ana"}


def test_order_is_as_given_or_as_people_stand() -> None:
    """An ordered process numbers its signers; copies have no number."""
    copies = [CopyRecipient(name="Arquivo Interno", email="copia@example.com")]
    stand = body(draft(ana(), bia(), ordered=True, cc=copies))["destinatarios"]
    assert [each.get("ordemAssinatura") for each in stand] == [1, 2, None]
    given = body(draft(ana(order=2), bia(order=2), ordered=True))["destinatarios"]
    assert [each["ordemAssinatura"] for each in given] == [2, 2]


def test_whatsapp_sends_the_phone_alone() -> None:
    """Exactly one contact goes out: the one of the channel."""
    found = signer_in(ana(channel=Channel.WHATSAPP))
    assert (found["telefone"], "email" in found) == ("+5511900000001", False)


def test_folder_of_the_draft_comes_before_the_accounts() -> None:
    """A draft may be filed elsewhere."""
    other = "11110000-5555-4e4e-9f9f-000000000001"
    assert body(draft(folder=other))["idPasta"] == other


@pytest.mark.parametrize(
    ("away", "days"),
    [
        (timedelta(microseconds=1), 1),
        (timedelta(hours=2), 1),
        (timedelta(days=1), 1),
        (timedelta(days=1, microseconds=1), 2),
        (timedelta(days=9, hours=1), 10),
        (timedelta(days=29, hours=23, minutes=59, seconds=59), 30),
        (timedelta(days=30), 30),
        (timedelta(days=998, seconds=1), 999),
    ],
)
def test_expiry_rounds_up(away: timedelta, days: int) -> None:
    """The process expires at the moment asked for or less than a day later, never earlier."""
    wanted = draft(expires_at=NOW + away)
    assert body(wanted)["configuracoesAvancadas"] == {"tempoExpiracaoDocumentoDias": days}
    process = play(provider().create(wanted, NOW), Reply.of(CREATED_EXAMPLE)).result
    assert process.expires_at == NOW + timedelta(days=days)
    assert timedelta(0) <= process.expires_at - (NOW + away) < timedelta(days=1)


@pytest.mark.parametrize(
    ("challenges", "number"),
    [([], 1), ([Challenge.certificate()], 3), ([Challenge.certificate(icp_brasil=False)], 4)],
)
def test_certificates_choose_the_type_of_signature(challenges: list[Challenge], number: int) -> None:
    """1 is electronic, 3 ICP-Brasil, 4 another certificate; only the first has things to state."""
    found = online(ana(challenges=challenges))
    assert found["idTipoAssinatura"] == number
    assert ("assinaturaEletronica" in found) == (number == 1)


@pytest.mark.parametrize(
    ("data", "signs_as"),
    [
        (None, 1),
        (SignatureData(), 1),
        (SignatureData(signatory=Party()), 1),
        (SignatureData(company=Party()), 2),
        (SignatureData(signatory=Party(), company=Party()), 3),
    ],
)
def test_parties_choose_who_signs(data: SignatureData | None, signs_as: int) -> None:
    """A person by default, a company where only a company is given, both where both are; empty parties send no data."""
    found = online(ana(signature_data=data))
    assert found["assinarComo"] == signs_as
    assert ("tipoDocumentoEmpresaAInformar" in found["assinaturaEletronica"]) == (signs_as != 1)
    assert "dadosAssinatura" not in found


def test_company_states_what_the_account_says() -> None:
    """Who signs for a company states its name and CNPJ, and the given data go along."""
    data = SignatureData(company=Party(name="Exemplo Ltda", document_number=CNPJ, validate=True))
    found = online(ana(signature_data=data))
    assert found["assinaturaEletronica"] == {
        "obrigarSignatarioInformarNome": 1,
        "obrigarSignatarioInformarNumeroDocumento": 1,
        "tipoDocumentoAInformar": 1,
        "obrigarSignatarioInformarNomeEmpresa": 1,
        "obrigarSignatarioInformarNumeroDocumentoEmpresa": 1,
        "tipoDocumentoEmpresaAInformar": 5,
    }
    assert found["dadosAssinatura"] == {
        "empresa": {"nome": "Exemplo Ltda", "numeroDocumento": CNPJ, "validarDocumento": 1}
    }


@pytest.mark.parametrize(("kind", "number"), [("CPF", 1), ("cnh", 2), (" RG ", 3)])
def test_kinds_of_documents_have_numbers(kind: str, number: int) -> None:
    """The known kinds are recognised in any case."""
    data = SignatureData(signatory=Party(document_kind=kind))
    assert online(ana(signature_data=data))["assinaturaEletronica"]["tipoDocumentoAInformar"] == number


def test_other_kinds_are_described() -> None:
    """Any other kind is number 4, with its name and the account's format."""
    data = SignatureData(signatory=Party(document_kind="Passaporte"), company=Party(document_kind="Inscrição Estadual"))
    found = online(
        ana(signature_data=data), document_length=9, company_document_format="numeric", company_document_length=12
    )["assinaturaEletronica"]
    assert (found["tipoDocumentoAInformar"], found["tipoDocumentoEmpresaAInformar"]) == (4, 4)
    assert found["configuracaoDocumentoOutro"] == {
        "nomeDocumento": "Passaporte",
        "formatoDadosDocumento": 1,
        "qtdeCaracteresDocumento": 9,
    }
    assert found["configuracaoDocumentoEmpresaOutro"] == {
        "nomeDocumento": "Inscrição Estadual",
        "formatoDadosDocumento": 2,
        "qtdeCaracteresDocumento": 12,
    }


@pytest.mark.parametrize(
    ("code", "block"),
    [
        (
            SecurityCode(code="0417", channel=Channel.SMS),
            {
                "codigoSeguranca": "0417",
                "idMeioEnvio": 1,
                "codigoSegurancaTelefone": "+5511900000001",
                "reenviarCodigo": 0,
            },
        ),
        (
            SecurityCode(code="0417", channel=Channel.WHATSAPP, phone="+573001234567", allow_resend=True),
            {
                "codigoSeguranca": "0417",
                "idMeioEnvio": 2,
                "codigoSegurancaTelefone": "+573001234567",
                "reenviarCodigo": 1,
            },
        ),
        (
            SecurityCode(code="0417", email="codigo@example.com"),
            {"codigoSeguranca": "0417", "idMeioEnvio": 3, "codigoSegurancaEmail": "codigo@example.com"},
        ),
        (SecurityCode(code="0417", channel=Channel.NONE), {"codigoSeguranca": "0417", "idMeioEnvio": 4}),
    ],
)
def test_security_codes_travel_in_four_ways(code: SecurityCode, block: Mapping[str, Any]) -> None:
    """The channel decides which contact is needed; the signer's own stands in where none is given."""
    assert online(ana(security_code=code))["seguranca"] == block


def test_attachments_are_visible_where_the_account_says_so() -> None:
    """The vendor wants to know who sees a file; the account decides; extras replace the whole list."""
    asked = [Attachment(name="Selfie"), Attachment(name="Contrato social")]
    assert [each["anexoExibirTodosDestinatarios"] for each in online(ana(attachments=asked))["anexos"]] == [0, 0]
    found = online(ana(attachments=asked), attachments_visible=True)["anexos"]
    assert [each["anexoExibirTodosDestinatarios"] for each in found] == [1, 1]
    extras = {"assinarOnline": {"anexos": [{"anexoDocumentoNome": "RG"}]}}
    assert online(ana(attachments=asked, extras=extras))["anexos"] == [{"anexoDocumentoNome": "RG"}]


def test_boxes_become_millimetres_in_every_document() -> None:
    """A box without a document stands in each; 72 points are 25.4 millimetres."""
    files = [document("a.pdf"), document("b.pdf")]
    found = body(draft(ana(placements=[Placement.box(2, 72, 36, 144, 18)]), documents=files))
    assert found["usarPosicaoAssinaturaAutomatica"] == 0
    box = {"pagina": 2, "altura": 6.35, "largura": 50.8, "posicaoX": 25.4, "posicaoY": 12.7}
    assert found["destinatarios"][0]["assinarOnline"]["definirPosicaoAssinaturaManual"] == [
        {"documentoDeOrdem": 1, "pessoaFisica": box},
        {"documentoDeOrdem": 2, "pessoaFisica": box},
    ]


def test_second_box_is_the_companys() -> None:
    """Who signs as both has two boxes: the person's, then the company's; who signs as a company has the company's."""
    boxes = [Placement.box(1, 72, 72, 72, 72), Placement.box(1, 144, 72, 72, 72)]
    both = SignatureData(signatory=Party(), company=Party())
    (position,) = online(ana(placements=boxes, signature_data=both))["definirPosicaoAssinaturaManual"]
    assert (position["pessoaFisica"]["posicaoX"], position["pessoaJuridica"]["posicaoX"]) == (25.4, 50.8)
    company = SignatureData(company=Party())
    (position,) = online(ana(placements=boxes[:1], signature_data=company))["definirPosicaoAssinaturaManual"]
    assert "pessoaFisica" not in position
    assert position["pessoaJuridica"]["posicaoX"] == 25.4


def test_boxes_belong_to_their_documents() -> None:
    """A box with a document stands there alone."""
    files = [document("a.pdf"), document("b.pdf")]
    boxes = [Placement.box(1, 10, 10, 10, 10, document=1), Placement.box(3, 10, 10, 10, 10, document=0)]
    found = body(draft(ana(placements=boxes), documents=files))["destinatarios"][0]["assinarOnline"]
    assert [each["pessoaFisica"]["pagina"] for each in found["definirPosicaoAssinaturaManual"]] == [3, 1]


def test_silent_process_asks_for_links_by_v3() -> None:
    """Nobody is notified, copies included, and everybody's link is asked for, as the vendor demands."""
    copies = [CopyRecipient(name="Arquivo Interno", email="copia@example.com")]
    call = sent(draft(ana(), bia(notify=True), notify=False, cc=copies))
    assert call.path == V3
    found = [(each.get("alterarNotificacoes"), each.get("retornarLinkProcesso")) for each in call.json["destinatarios"]]
    assert found == [(1, 1), (None, None), (1, 1)]


@pytest.mark.parametrize(
    ("signer", "contact"),
    [
        (ana(notify=False), "email"),
        (ana(channel=Channel.NONE), "email"),
        (ana(channel=Channel.NONE, email=None), "telefone"),
    ],
)
def test_silent_signers_still_have_one_contact(signer: SignerDraft, contact: str) -> None:
    """The vendor wants a contact even of people it does not write to."""
    call = sent(draft(signer))
    assert call.path == V3
    found = call.json["destinatarios"][0]
    assert [name for name in ("email", "telefone") if name in found] == [contact]


def test_link_asked_by_extras_goes_by_v3() -> None:
    """A field that only v3 knows chooses v3, wherever it comes from."""
    assert sent(draft(ana(extras={"retornarLinkProcesso": 1}))).path == V3


def test_documents_by_link_go_by_v3() -> None:
    """The vendor fetches the file itself; nothing is sent in its place."""
    call = sent(draft(documents=[Document.from_url("https://example.com/contrato.pdf", name="contrato")]))
    assert call.path == V3
    assert call.json["documentos"] == [
        {
            "ordemDocumento": 1,
            "nomeComExtensao": "contrato.pdf",
            "linkDoArquivo": "https://example.com/contrato.pdf",
        }
    ]


def test_notes_are_left_out() -> None:
    """Reference and tags have no place at this vendor; nothing of them is sent."""
    assert body(draft(reference="A-1", tags=["x"])) == body(draft())
