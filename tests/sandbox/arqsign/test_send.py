"""The send methods: what the manual prints is accepted, and everything it forbids is refused in its own words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from tests.sandbox.arqsign.samples import (
    COMPANY,
    SEND3,
    Door,
    in_base64,
    pdf,
    printed_send,
    process,
    signer,
)
from tests.unit.esign_arqsign.data import CNPJ, CPF

from esign_arqsign.sandbox import Credits, Dialect, messages


def recased(tree: Any, case: Callable[[str], str]) -> Any:
    """Write all keys in another case."""
    if isinstance(tree, dict):
        return {case(key): recased(value, case) for key, value in tree.items()}
    return [recased(item, case) for item in tree] if isinstance(tree, list) else tree


def test_the_printed_example_is_accepted(door: Door) -> None:
    """The answer has the printed form, with ids that look like the vendor's."""
    tree = door.send(printed_send())
    ana, copy = tree["destinatarios"]
    assert set(tree) == {"IdProcesso", "documentos", "destinatarios"}
    assert tree["documentos"] == [{"id": tree["documentos"][0]["id"], "ordem": 1, "nome": "contrato.pdf"}]
    assert ana == {
        "idProcessoDestinatario": ana["idProcessoDestinatario"],
        "ordem": 1,
        "formaEnvio": "ana@example.com",
        "nomeSignatario": "Ana Exemplo",
        "configuracoesAnexos": [{"id": ana["configuracoesAnexos"][0]["id"], "nome": "Selfie"}],
    }
    assert (copy["ordem"], copy["formaEnvio"], copy["configuracoesAnexos"]) == (1, "copia@example.com", None)


def test_the_third_version_takes_the_same_body(door: Door) -> None:
    """Its answer has the access link besides, null where none was asked for."""
    assert [one["linkProcesso"] for one in door.send(printed_send(), SEND3)["destinatarios"]] == [None, None]


@pytest.mark.parametrize("case", [str.lower, str.upper, lambda key: key[0].upper() + key[1:]])
def test_keys_are_read_whatever_their_case(door: Door, case: Callable[[str], str]) -> None:
    """Programs in the field send the whole body in another case than the manual."""
    door.send(recased(printed_send(), case))


def test_the_same_key_in_two_cases_is_refused(door: Door) -> None:
    """Nobody knows which of the two the vendor would take."""
    assert door.refused({**printed_send(), "NomeProcesso": "x"}) == (400, messages.UNKNOWN_PARAMETER)


@pytest.mark.parametrize("yes", [1, True])
def test_flags_may_be_numbers_or_booleans(door: Door, yes: object) -> None:
    """The manual uses both."""
    door.send(process(signer("Ana"), usarPosicaoAssinaturaAutomatica=yes))


@pytest.mark.parametrize("odd", [2, "1", "true", 1.0, []])
def test_flags_of_another_kind_have_the_wrong_format(door: Door, odd: object) -> None:
    """Neither texts nor other numbers are flags."""
    body = process(signer("Ana"), usarPosicaoAssinaturaAutomatica=odd)
    assert door.refused(body) == (400, "O item listado está com o formato incorreto: usarPosicaoAssinaturaAutomatica")


def test_a_wrong_format_may_be_a_server_error(door: Door) -> None:
    """The manual lists it under 400 and under 500."""
    door.box.dialect = Dialect(wrong_format=500)
    assert door.refused({**process(signer("Ana")), "idPasta": "x"})[0] == 500


def test_everything_that_is_missing_is_named_at_once(door: Door) -> None:
    """Missing, misshapen and unknown items come in one answer."""
    status, text = door.refused({"idPasta": "x", "renovacaoMeses": "1", "extra": 1})
    assert status == 400
    assert text == (
        "Os itens listados são obrigatórios: idResponsavel, nomeProcesso, usarOrdemAssinatura, "
        "usarPosicaoAssinaturaAutomatica, destinatarios, documentos. "
        "Os itens listados estão com o formato incorreto: idPasta, renovacaoMeses. "
        "Algum parâmetro está incorreto ou é inexistente."
    )


def edited(path: str, value: Any) -> Any:
    """Give the printed example with one value changed; `path` goes through keys and indices."""
    body = printed_send()
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    here: Any = body
    for step in way:
        here = here[step]
    here[last] = value
    return body


ANA = "destinatarios.0."
ONLINE = ANA + "assinarOnline."


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("nomeProcesso", None, "O item listado é obrigatório: nomeProcesso"),
        ("nomeProcesso", "  ", "O item listado é obrigatório: nomeProcesso"),
        ("nomeProcesso", "x" * 251, "O item listado está com o formato incorreto: nomeProcesso"),
        ("idPasta", "3a1c9b70", "O item listado está com o formato incorreto: idPasta"),
        ("destinatarios", {}, "O item listado está com o formato incorreto: destinatarios"),
        ("destinatarios.0", "Ana", "O item listado está com o formato incorreto: destinatarios"),
        ("configuracoesAvancadas.tempoExpiracaoDocumentoDias", 1000, "formato incorreto: tempoExpiracaoDocumentoDias"),
        ("configuracoesAvancadas.frequenciaLembretesDias", 0, "formato incorreto: frequenciaLembretesDias"),
        ("configuracoesAvancadas.lembretes", 1, messages.UNKNOWN_PARAMETER),
        (ANA + "nome", "x" * 151, "O item listado está com o formato incorreto: nome"),
        (ANA + "nome", None, "O item listado é obrigatório: nome"),
        (ANA + "idFormaEnvio", 1, messages.UNKNOWN_PARAMETER),
        (ANA + "assinarOnline", None, "O item listado é obrigatório: assinarOnline"),
        (ANA + "idTipoAcao", None, "O item listado é obrigatório: idTipoAcao"),
        (ONLINE + "assinarComo", 4, "O item listado está com o formato incorreto: assinarComo"),
        (ONLINE + "assinaturaEletronica", None, "O item listado é obrigatório: assinaturaEletronica"),
        (ONLINE + "seguranca.codigoSeguranca", "12a4", "O item listado está com o formato incorreto: codigoSeguranca"),
        (ONLINE + "seguranca.idMeioEnvio", None, "O item listado é obrigatório: idMeioEnvio"),
        (ONLINE + "anexos.0.anexoDocumentoNome", "x" * 76, "formato incorreto: anexoDocumentoNome"),
        (ONLINE + "mensagemPersonalizada", {"titulo": "Olá"}, "O item listado é obrigatório: texto"),
        (ONLINE + "dadosAssinatura.signatario.validar", 1, messages.UNKNOWN_PARAMETER),
        ("documentos.0.arquivo", "não é base64", "O item listado está com o formato incorreto: arquivo"),
        ("documentos.0.arquivo", None, "O item listado é obrigatório: arquivo"),
        ("documentos.0.linkDoArquivo", "https://example.com/a.pdf", messages.UNKNOWN_PARAMETER),
    ],
)
def test_what_cannot_be_understood_is_a_bad_request(door: Door, path: str, value: object, text: str) -> None:
    """Each has the vendor's template with the name of the item."""
    status, said = door.refused(edited(path, value))
    assert status == 400
    assert said.endswith(text)


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("idResponsavel", "00000000-0000-4000-8000-000000000000", "O id listado não existe: idResponsavel"),
        ("idPasta", "00000000-0000-4000-8000-000000000000", messages.UNKNOWN_FOLDER),
        (ANA + "idTipoAcao", 3, "O id listado não existe: idTipoAcao"),
    ],
)
def test_unknown_ids_are_named(door: Door, path: str, value: object, text: str) -> None:
    """An id of another account is unknown to this one."""
    assert door.refused(edited(path, value)) == (400, text)


@pytest.mark.parametrize(
    ("path", "value", "status", "text"),
    [
        (ANA + "ordemAssinatura", None, 400, messages.ORDER_MISSING),
        (ANA + "ordemAssinatura", 0, 400, messages.ORDER_MISSING),
        (ANA + "representacaoVisualAssinatura", 4, 400, messages.REPRESENTATION),
        (ANA + "email", None, 400, messages.NO_CONTACT),
        (ANA + "email", "ana(at)example.com", 400, messages.BAD_EMAIL),
        (ANA + "telefone", "+5500900000000", 422, messages.TWO_CONTACTS),
        (ONLINE + "papelPessoaFisica", ["Padrinho"], 422, messages.UNKNOWN_ROLE),
        (ONLINE + "seguranca.idMeioEnvio", 5, 400, messages.CODE_CHANNEL),
        (ONLINE + "seguranca.codigoSegurancaEmail", None, 400, messages.CODE_EMAIL),
        (ONLINE + "seguranca.codigoSegurancaEmail", "ana", 400, messages.BAD_EMAIL),
        (ONLINE + "seguranca.idMeioEnvio", 1, 400, messages.CODE_PHONE),
        (ONLINE + "seguranca.idMeioEnvio", 2, 400, messages.CODE_PHONE),
        (ONLINE + "anexos.0.anexoObrigatorio", None, 400, messages.PARTIAL_ATTACHMENT),
        (ONLINE + "idTipoAssinatura", 2, 400, messages.SIGNATURE_TYPE),
        (ONLINE + "assinaturaEletronica.tipoDocumentoAInformar", 5, 400, messages.PERSON_DOCUMENT_TYPE),
        (ONLINE + "assinaturaEletronica.tipoDocumentoAInformar", 4, 400, messages.PERSON_OTHER_BLOCK),
        (ONLINE + "dadosAssinatura.signatario.nome", "x" * 251, 400, messages.NAME_TOO_LONG),
        (ONLINE + "dadosAssinatura.signatario.numeroDocumento", "00000000000", 422, messages.PERSON_NUMBER),
        (ONLINE + "dadosAssinatura.signatario.numeroDocumento", "52998224726", 422, messages.PERSON_NUMBER),
        (ONLINE + "dadosAssinatura.dadosComplementares", [{"valor": "x"}], 400, messages.LABEL_MISSING),
        (ONLINE + "dadosAssinatura.dadosComplementares", [{"label": "x"}], 400, messages.VALUE_MISSING),
        ("documentos", [], 400, messages.NO_FILE),
        ("documentos.0.arquivo", "R0lGODlh", 400, messages.not_a_pdf("contrato.pdf")),
        ("documentos.0.arquivo", "data:application/pdf;base64,JVBERi0xLjQK", 400, messages.wrong_format(["arquivo"])),
        ("documentos.0.nomeComExtensao", "x" * 147 + ".pdf", 400, messages.FILE_NAME_TOO_LONG),
    ],
)
def test_each_rule_about_the_printed_example_has_its_message(
    door: Door, path: str, value: object, status: int, text: str
) -> None:
    """One change breaks one rule; unchanged, the example is accepted."""
    assert door.refused(edited(path, value)) == (status, text)


def test_broken_rules_come_all_at_once(door: Door) -> None:
    """What cannot be understood decides the status."""
    body = edited(ANA + "telefone", "12")
    body["destinatarios"][0]["assinarOnline"]["papelPessoaFisica"] = ["Padrinho"]
    status, text = door.refused(body)
    assert status == 400
    assert all(said in text for said in (messages.TWO_CONTACTS, messages.BAD_PHONE, messages.UNKNOWN_ROLE))


def test_a_company_needs_its_own_fields(door: Door) -> None:
    """Whoever signs for a company states the company's name and document."""
    status, text = door.refused(process(signer("Ana", assinarComo=3)))
    assert status == 400
    assert "tipoDocumentoEmpresaAInformar" in text
    door.send(process(signer("Ana", assinarComo=3, assinaturaEletronica=COMPANY)))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"tipoDocumentoEmpresaAInformar": 1}, messages.COMPANY_DOCUMENT_TYPE),
        ({"tipoDocumentoEmpresaAInformar": 4}, messages.COMPANY_OTHER_BLOCK),
    ],
)
def test_a_companys_document_is_a_cnpj_or_described(door: Door, change: dict[str, int], text: str) -> None:
    """Kinds 4 and 5 exist, and 4 needs its block."""
    body = process(signer("Ana", assinarComo=2, assinaturaEletronica={**COMPANY, **change}))
    assert door.refused(body) == (400, text)


@pytest.mark.parametrize("number", ["11222333000182", "11111111111111", CPF, "x"])
def test_a_companys_number_is_checked(door: Door, number: str) -> None:
    """A wrong check digit and one repeated digit are no CNPJ."""
    data = {"empresa": {"nome": "Exemplo", "numeroDocumento": number}}
    body = process(signer("Ana", assinarComo=2, assinaturaEletronica=COMPANY, dadosAssinatura=data))
    assert door.refused(body) == (422, messages.COMPANY_NUMBER)


@pytest.mark.parametrize("number", [CNPJ, "11.222.333/0001-81", "12ABC34501DE35"])
def test_a_cnpj_may_have_letters_and_signs(door: Door, number: str) -> None:
    """The tax office hands out alphanumeric numbers."""
    data = {"empresa": {"numeroDocumento": number, "validarDocumento": True}}
    door.send(process(signer("Ana", assinarComo=2, assinaturaEletronica=COMPANY, dadosAssinatura=data)))


@pytest.mark.parametrize(
    ("kind", "number", "good"),
    [(2, "12345678900", True), (2, "1234", False), (3, "12.345.678-X", True), (4, "12345", True), (4, "12a", False)],
)
def test_other_documents_are_checked_by_what_is_known_of_them(
    door: Door, kind: int, number: str, *, good: bool
) -> None:
    """A licence has eleven digits; the free kind is described in the request."""
    block = {
        "obrigarSignatarioInformarNome": 1,
        "obrigarSignatarioInformarNumeroDocumento": 1,
        "tipoDocumentoAInformar": kind,
        "configuracaoDocumentoOutro": {
            "nomeDocumento": "Matrícula",
            "formatoDadosDocumento": 2,
            "qtdeCaracteresDocumento": 5,
        },
    }
    data = {"signatario": {"numeroDocumento": number}}
    body = process(signer("Ana", assinaturaEletronica=block, dadosAssinatura=data))
    if good:
        door.send(body)
    else:
        assert door.refused(body) == (422, messages.PERSON_NUMBER)


@pytest.mark.parametrize("kind", [3, 4])
def test_whatsapp_is_for_electronic_signatures(door: Door, kind: int) -> None:
    """A certificate's owner cannot be asked by WhatsApp; an electronic signer and a copy can."""
    phone = "+5511900000000"
    assert door.refused(process(signer("Ana", phone=phone, idTipoAssinatura=kind))) == (422, messages.NO_WHATSAPP)
    copy = {"idTipoAcao": 2, "nome": "Arquivo", "telefone": "+5511911111111"}
    door.send(process(signer("Ana", phone=phone), copy))


def test_the_same_person_twice_in_an_order_is_refused(door: Door) -> None:
    """In another order the same address is fine; without an order everybody is first."""
    twice = [signer("Ana", order=1), signer("Bia", order=2, email="ANA@example.com")]
    assert door.refused(process(*twice)) == (422, messages.SAME_PERSON_TWICE)
    door.send(process(*twice, ordered=True))


def test_attachments_need_different_names(door: Door) -> None:
    """Case does not make a difference."""
    asked = [{"anexoDocumentoNome": name, "anexoObrigatorio": 1, "anexoExibirTodosDestinatarios": 0} for name in "aA"]
    assert door.refused(process(signer("Ana", anexos=asked))) == (422, messages.SAME_ATTACHMENT)


def test_an_sms_goes_to_brazil_alone(door: Door) -> None:
    """A code by WhatsApp may go anywhere."""
    code = {"codigoSeguranca": "1234", "codigoSegurancaTelefone": "+4915100000000"}
    sms = process(signer("Ana", seguranca={**code, "idMeioEnvio": 1}))
    assert door.refused(sms) == (400, messages.BAD_PHONE)
    door.send(process(signer("Ana", seguranca={**code, "idMeioEnvio": 2})))


def test_somebody_has_to_sign(door: Door) -> None:
    """A process of copies alone is none."""
    copy = {"idTipoAcao": 2, "nome": "Arquivo", "email": "copia@example.com"}
    assert door.refused(process(copy)) == (422, messages.NO_SIGNER)


IGNORED: dict[str, Any] = {
    "a copy's signature": process(
        signer("Ana"), {"idTipoAcao": 2, "nome": "C", "email": "c@example.com", "assinarOnline": {"x": 1}}
    ),
    "security without a code": process(signer("Ana", seguranca={"codigoSeguranca": None, "idMeioEnvio": 9})),
    "a phone for a code by e-mail": process(
        signer(
            "Ana",
            seguranca={
                "codigoSeguranca": "1234",
                "idMeioEnvio": 3,
                "codigoSegurancaEmail": "a@example.com",
                "codigoSegurancaTelefone": "none",
            },
        )
    ),
    "contacts for a code that is not sent": process(
        signer(
            "Ana",
            seguranca={
                "codigoSeguranca": "1234",
                "idMeioEnvio": 4,
                "codigoSegurancaEmail": "x",
                "codigoSegurancaTelefone": "x",
                "reenviarCodigo": 1,
            },
        )
    ),
    "company data of a person": process(
        signer("Ana", dadosAssinatura={"empresa": {"nome": "E", "numeroDocumento": "x"}})
    ),
    "company roles of a person": process(signer("Ana", papelPessoaJuridica=["Padrinho"])),
    "personal roles of a company": process(
        signer("Ana", assinarComo=2, papelPessoaFisica=["Padrinho"], assinaturaEletronica=COMPANY)
    ),
    "signature data of a certificate": process(
        signer("Ana", idTipoAssinatura=3, dadosAssinatura={"signatario": {"numeroDocumento": "x"}})
    ),
    "positions beside automatic ones": process(signer("Ana", definirPosicaoAssinaturaManual=[{"pagina": 99}])),
    "orders without an order": process(signer("Ana", order=7), signer("Bia", order=9)),
    "the order of a single file": {
        **process(signer("Ana")),
        "documentos": [{"nomeComExtensao": "a.pdf", "arquivo": in_base64(pdf())}],
    },
    "an empty phone": process({**signer("Ana"), "telefone": ""}),
    "an attachment of nulls": process(signer("Ana", anexos=[{"anexoDocumentoNome": None}])),
    "defaults of the account": process(
        signer("Ana"),
        configuracoesAvancadas={"tempoExpiracaoDocumentoDias": 0, "avisoAntesExpiracaoDocumentoDias": None},
    ),
}


@pytest.mark.parametrize("body", IGNORED.values(), ids=IGNORED.keys())
def test_what_the_vendor_disregards_is_disregarded(door: Door, body: Any) -> None:
    """However wrong it is, it changes nothing."""
    door.send(body)


def test_roles_are_compared_loosely(door: Door) -> None:
    """Case and extra blanks make no difference."""
    door.send(process(signer("Ana", papelPessoaFisica=["  CONTRATANTE "])))


def test_without_an_order_everybody_is_first(door: Door) -> None:
    """The orders that were sent are forgotten."""
    sent = door.send(process(signer("Ana", order=7), signer("Bia", order=9)))
    assert [one["ordem"] for one in sent["destinatarios"]] == [1, 1]


def test_notifications_can_be_switched_off_with_a_link(door: Door) -> None:
    """Whoever is not told needs the access link."""
    ana = {**signer("Ana"), "alterarNotificacoes": 1}
    assert door.refused(process(ana), SEND3) == (422, messages.LINK_NEEDED)
    sent = door.send(process({**ana, "retornarLinkProcesso": True}, signer("Bia")), SEND3)
    assert sent["destinatarios"][0]["linkProcesso"].startswith("https://")
    assert sent["destinatarios"][1]["linkProcesso"] is None


def test_the_second_version_may_lack_notifications(door: Door) -> None:
    """Its page does not list what programs in the field send to it."""
    body = process({**signer("Ana"), "alterarNotificacoes": 2})
    door.send(body)
    door.box.dialect = Dialect(v2_notifications=False)
    assert door.refused(body) == (400, messages.UNKNOWN_PARAMETER)


def test_lengths_of_further_data_are_those_of_the_third_version(door: Door) -> None:
    """The second version's page states none."""
    body = process(signer("Ana", dadosAssinatura={"dadosComplementares": [{"label": "x" * 41, "valor": "y" * 57}]}))
    door.send(body)
    assert door.refused(body, SEND3) == (400, "Os itens listados estão com o formato incorreto: label, valor")


def test_credits_are_used_up(door: Door) -> None:
    """A process, a message by WhatsApp and a code by SMS each cost one."""
    code = {"codigoSeguranca": "1234", "idMeioEnvio": 1, "codigoSegurancaTelefone": "+5511900000000"}
    body = process(signer("Ana", phone="+5511900000000", seguranca=code))
    door.box.credits = Credits(sends=2, whatsapp=1, sms=1)
    door.send(body)
    assert door.box.credits == Credits(sends=1, whatsapp=0, sms=0)
    assert door.refused(body) == (400, messages.NO_CREDIT)
    assert door.box.credits.sends == 1
    door.send(process(signer("Ana")))
    assert door.refused(process(signer("Ana"))) == (400, messages.NO_CREDIT)


@pytest.mark.parametrize(("keys", "name"), [("pascal", "Documentos"), ("camel", "idProcesso")])
def test_answers_can_be_spelled_in_another_case(door: Door, keys: Any, name: str) -> None:
    """Live answers are known to differ from the manual's spelling."""
    door.box.dialect = Dialect(keys=keys)
    assert name in door.send(printed_send())


def test_two_boxes_with_one_seed_agree() -> None:
    """The ids are the same, so that recorded exchanges can be played again."""
    from tests.sandbox.arqsign.samples import SETTINGS

    from esign_arqsign.sandbox import Box

    one, two = (Door(Box(attrs.evolve(SETTINGS, sandbox_seed="seed"))) for _ in range(2))
    assert json.dumps(one.send(printed_send())) == json.dumps(two.send(printed_send()))
