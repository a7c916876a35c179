"""The resend: who may be edited, under which conditions, and what the vendor disregards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.sandbox.arqsign.samples import COMPANY, Door, printed_resend, printed_send, process, signer
from tests.unit.esign_arqsign.data import CNPJ, CPF

from esign_arqsign.sandbox import Credits, Dialect, messages

CODE = {"codigoSeguranca": "4821", "idMeioEnvio": 3, "codigoSegurancaEmail": "ana@example.com"}
DATA = {
    "signatario": {"nome": "Ana", "numeroDocumento": CPF, "validarDocumento": 1},
    "empresa": {"nome": "Exemplo", "numeroDocumento": CNPJ, "validarDocumento": 0},
}


def sent(door: Door, *people: Any, **root: Any) -> tuple[str, list[str]]:
    """Send a process; give its id and those of its recipients."""
    tree = door.send(process(*people, **root))
    return tree["IdProcesso"], [one["idProcessoDestinatario"] for one in tree["destinatarios"]]


def company(**rest: Any) -> Any:
    """Make a signer who signs for a company too, with a code and signature data."""
    given = {"seguranca": CODE, "dadosAssinatura": DATA, **rest}
    return signer("Ana", assinarComo=3, assinaturaEletronica=COMPANY, **given)


def data_of(door: Door, process_id: str, name: str = "Ana") -> Any:
    """Let the signer sign and read what they stated."""
    door.box.sign_as("ana@example.com", process_id=process_id)
    found = next(one for one in door.full(process_id)["signatarios"] if one["nome"] == name)
    return found["dadosAssinatura"]


def test_the_printed_example_is_accepted(door: Door) -> None:
    """It moves the signer to WhatsApp and the code to SMS, and the answer has the printed form."""
    tree = door.send(printed_send())
    ana = tree["destinatarios"][0]["idProcessoDestinatario"]
    status, [one] = door.resend(tree["IdProcesso"], printed_resend(ana))
    assert status == 200
    assert one == {
        "idProcessoDestinatario": ana,
        "ordem": 1,
        "formaEnvioProcesso": "+5500900000000",
        "nome": "Ana Exemplo da Silva",
        "anexos": [{"idConfiguracaoAnexo": one["anexos"][0]["idConfiguracaoAnexo"], "nomeAnexo": "Selfie"}],
    }
    [read] = door.signers(tree["IdProcesso"])["signatarios"]
    assert (read["IdFormaEnvioProcesso"], read["telefone"]) == (2, "+5500900000000")
    assert (read["IdMeioEnvioCodigoSeguranca"], read["telefoneSeguranca"]) == (1, "+5500900000000")
    assert (read["emailSeguranca"], read["permitirReenviarCodigo"]) == (None, 1)


def test_all_who_have_not_signed_are_listed(door: Door) -> None:
    """Edited or not, of the current order or a later one; without copies, and without those who have signed."""
    copy = {"idTipoAcao": 2, "nome": "C", "email": "c@example.com"}
    people = [signer("Ana", order=1), signer("Bia", order=1), signer("Caio", order=2), copy]
    process_id, ids = sent(door, *people, ordered=True)
    assert [one["nome"] for one in door.resend(process_id, [])[1]] == ["Ana", "Bia", "Caio"]
    assert len(door.resend(process_id, [{"idProcessoDestinatario": ids[1], "nome": "Beatriz"}])[1]) == 3
    door.box.sign_as("ana@example.com")
    assert [one["nome"] for one in door.resend(process_id, [])[1]] == ["Beatriz", "Caio"]


def test_only_the_current_order_may_be_listed(door: Door) -> None:
    """The manual's title speaks of the current order."""
    door.box.dialect = Dialect(pending="current")
    process_id, _ = sent(door, signer("Ana", order=1), signer("Bia", order=2), ordered=True)
    assert [one["nome"] for one in door.resend(process_id, [])[1]] == ["Ana"]


@pytest.mark.parametrize("body", [{}, {"destinatarios": []}, "x"])
def test_the_body_is_a_bare_array(door: Door, body: Any) -> None:
    """The first version's object is gone."""
    process_id, _ = sent(door, signer("Ana"))
    path = f"/api/v2/processo/{process_id}/reenviar-processo"
    assert door.refused(body, path, "PATCH") == (400, messages.UNKNOWN_PARAMETER)


CONDITIONS: list[tuple[dict[str, Any], dict[str, Any], int, str]] = [
    ({"idFormaEnvioProcesso": 1}, {"email": "ana@example.com"}, 400, "O item listado é obrigatório: email"),
    ({"idFormaEnvioProcesso": 2}, {"telefone": "+5511900000000"}, 400, "O item listado é obrigatório: telefone"),
    (
        {"idMeioEnvioCodigoSeguranca": 3},
        {"emailSeguranca": "ana@example.com"},
        400,
        "O item listado é obrigatório: emailSeguranca",
    ),
    (
        {"idMeioEnvioCodigoSeguranca": 1},
        {"telefoneSeguranca": "+5511900000000"},
        400,
        "O item listado é obrigatório: telefoneSeguranca",
    ),
    (
        {"idMeioEnvioCodigoSeguranca": 2},
        {"telefoneSeguranca": "+4915100000000"},
        400,
        "O item listado é obrigatório: telefoneSeguranca",
    ),
    ({"email": "ana"}, {"email": "a@example.com"}, 400, "O item listado está com o formato incorreto: email"),
    ({"telefone": "12"}, {"telefone": "11900000000"}, 400, "O item listado está com o formato incorreto: telefone"),
    ({"emailSeguranca": "x"}, {"emailSeguranca": "a@example.com"}, 400, messages.wrong_format(["emailSeguranca"])),
    (
        {"idMeioEnvioCodigoSeguranca": 1, "telefoneSeguranca": "+4915100000000"},
        {"telefoneSeguranca": "+5511900000000"},
        400,
        messages.wrong_format(["telefoneSeguranca"]),
    ),
    ({"idFormaEnvioProcesso": 3}, {"idFormaEnvioProcesso": None}, 400, messages.unknown_ids(["idFormaEnvioProcesso"])),
    (
        {"idMeioEnvioCodigoSeguranca": 5},
        {"idMeioEnvioCodigoSeguranca": 4},
        400,
        messages.unknown_ids(["idMeioEnvioCodigoSeguranca"]),
    ),
    (
        {"dadosAssinatura": {"signatario": {"numeroDocumento": "1"}}},
        {"dadosAssinatura": {"signatario": {"numeroDocumento": CPF}}},
        422,
        messages.PERSON_NUMBER,
    ),
    (
        {"dadosAssinatura": {"empresa": {"numeroDocumento": CPF}}},
        {"dadosAssinatura": {"empresa": {"numeroDocumento": CNPJ}}},
        422,
        messages.COMPANY_NUMBER,
    ),
    (
        {"dadosAssinatura": {"signatario": {"nome": "x" * 251}}},
        {"dadosAssinatura": {"signatario": {"nome": "x" * 250}}},
        400,
        messages.NAME_TOO_LONG,
    ),
    ({"idFormaEnvio": 1}, {"idFormaEnvio": ...}, 400, messages.UNKNOWN_PARAMETER),
    (
        {"permitirReenviarCodigo": 3},
        {"permitirReenviarCodigo": True},
        400,
        messages.wrong_format(["permitirReenviarCodigo"]),
    ),
]


@pytest.mark.parametrize(("edit", "mended", "status", "text"), CONDITIONS)
def test_each_condition_is_refused_beside_its_mended_twin(
    door: Door, edit: dict[str, Any], mended: dict[str, Any], status: int, text: str
) -> None:
    """A refused edit changes nothing, and the mended one is taken."""
    process_id, [ana] = sent(door, company())
    before = door.signers(process_id)
    path = f"/api/v2/processo/{process_id}/reenviar-processo"
    assert door.refused([{"idProcessoDestinatario": ana, **edit}], path, "PATCH") == (status, text)
    assert door.signers(process_id) == before
    good = {key: value for key, value in {**edit, **mended}.items() if value is not ...}
    assert door.resend(process_id, [{"idProcessoDestinatario": ana, **good}])[0] == 200


def refusal(door: Door, process_id: str, *edits: Any) -> tuple[int, str]:
    """Read how a resend is refused."""
    return door.refused(list(edits), f"/api/v2/processo/{process_id}/reenviar-processo", "PATCH")


def test_an_edit_names_its_recipient(door: Door) -> None:
    """Without an id it is incomplete, with a strange one it is unknown, twice it is ambiguous."""
    process_id, [ana] = sent(door, signer("Ana"))
    strange = {"idProcessoDestinatario": "00000000-0000-4000-8000-000000000000"}
    assert refusal(door, process_id, {"nome": "x"}) == (400, "O item listado é obrigatório: idProcessoDestinatario")
    assert refusal(door, process_id, strange) == (400, "O id listado não existe: idProcessoDestinatario")
    ana_edit = {"idProcessoDestinatario": ana.upper()}
    assert refusal(door, process_id, ana_edit, ana_edit) == (422, messages.EDITED_TWICE)


def test_copies_and_those_who_have_signed_cannot_be_edited(door: Door) -> None:
    """Both are refused, together."""
    copy = {"idTipoAcao": 2, "nome": "C", "email": "c@example.com"}
    process_id, [ana, _, c] = sent(door, signer("Ana"), signer("Bia"), copy)
    door.box.sign_as(ana)
    edits = [{"idProcessoDestinatario": one, "nome": "x"} for one in (ana, c)]
    assert refusal(door, process_id, edits[0]) == (422, messages.ALREADY_SIGNED)
    assert refusal(door, process_id, edits[1]) == (422, messages.COPY_RECIPIENT)
    assert refusal(door, process_id, *edits) == (422, f"{messages.ALREADY_SIGNED} {messages.COPY_RECIPIENT}")


def test_whatsapp_is_for_electronic_signatures(door: Door) -> None:
    """A certificate's owner is asked by e-mail."""
    process_id, [ana] = sent(door, signer("Ana", idTipoAssinatura=4))
    edit = {"idProcessoDestinatario": ana, "idFormaEnvioProcesso": 2, "telefone": "+5511900000000"}
    assert refusal(door, process_id, edit) == (422, messages.RESEND_NO_WHATSAPP)
    mended = {"idProcessoDestinatario": ana, "idFormaEnvioProcesso": 1, "email": "ana2@example.com"}
    assert door.resend(process_id, [mended])[1][0]["formaEnvioProcesso"] == "ana2@example.com"


@pytest.mark.parametrize(
    "edit",
    [
        {"idMeioEnvioCodigoSeguranca": 3, "emailSeguranca": "ana@example.com"},
        {"idMeioEnvioCodigoSeguranca": 4},
        {"permitirReenviarCodigo": 1},
    ],
)
def test_a_code_cannot_be_added(door: Door, edit: dict[str, Any]) -> None:
    """It can be sent another way where there is one."""
    process_id, [ana] = sent(door, signer("Ana"))
    assert refusal(door, process_id, {"idProcessoDestinatario": ana, **edit}) == (422, messages.NO_CODE_YET)
    process_id, [ana] = sent(door, signer("Ana", seguranca=CODE))
    assert door.resend(process_id, [{"idProcessoDestinatario": ana, **edit}])[0] == 200


def test_empty_security_fields_add_no_code(door: Door) -> None:
    """Null is as good as nothing."""
    process_id, [ana] = sent(door, signer("Ana"))
    edit = {"idProcessoDestinatario": ana, "nome": "A", "idMeioEnvioCodigoSeguranca": None, "telefoneSeguranca": ""}
    assert door.resend(process_id, [edit])[0] == 200


@pytest.mark.parametrize(
    "edit",
    [
        {"dadosAssinatura": {"signatario": {"nome": "X", "numeroDocumento": "1"}}},
        {"dadosAssinatura": {"empresa": {"numeroDocumento": "1"}}},
    ],
)
def test_signature_data_is_disregarded_where_there_was_none(door: Door, edit: dict[str, Any]) -> None:
    """However wrong it is, it is neither refused nor kept."""
    process_id, [ana] = sent(door, signer("Ana"))
    assert door.resend(process_id, [{"idProcessoDestinatario": ana, **edit}])[0] == 200
    assert data_of(door, process_id)["dadosPessoaFisica"]["nomePessoaFisica"] == "Ana"


def test_company_data_is_disregarded_for_a_person(door: Door) -> None:
    """Who signs for themselves has no company."""
    process_id, [ana] = sent(door, signer("Ana", dadosAssinatura={"signatario": {"nome": "Ana"}}))
    edit = {"idProcessoDestinatario": ana, "dadosAssinatura": {"empresa": {"nome": "X", "numeroDocumento": "1"}}}
    assert door.resend(process_id, [edit])[0] == 200
    assert data_of(door, process_id)["dadosPessoaJuridica"]["nomeEmpresa"] is None


@pytest.mark.parametrize(
    ("edit", "name", "number"),
    [
        ({"nome": "Novo"}, "Novo", CNPJ),
        ({"nome": "Novo", "DescartarDadosAnteriores": 0}, "Novo", CNPJ),
        ({"nome": "Novo", "DescartarDadosAnteriores": None}, "Novo", CNPJ),
        ({"nome": "Novo", "DescartarDadosAnteriores": 1}, "Novo", "11222333000181-stated"),
        ({"numeroDocumento": "11444777000161"}, "Exemplo", "11444777000161"),
        ({"numeroDocumento": "11444777000161", "DescartarDadosAnteriores": 1}, "stated", "11444777000161"),
        (
            {"nome": "Novo", "numeroDocumento": "11444777000161", "DescartarDadosAnteriores": 1},
            "Novo",
            "11444777000161",
        ),
    ],
)
def test_what_is_not_sent_is_kept_or_discarded(door: Door, edit: dict[str, Any], name: str, number: str) -> None:
    """Discarding drops what the edit does not give, and means nothing where it gives both."""
    process_id, [ana] = sent(door, company())
    assert door.resend(process_id, [{"idProcessoDestinatario": ana, "dadosAssinatura": {"empresa": edit}}])[0] == 200
    stated = data_of(door, process_id)["dadosPessoaJuridica"]
    assert stated["nomeEmpresa"] == ("Empresa Exemplo Ltda." if name == "stated" else name)
    assert stated["numeroDocumentoEmpresa"] == number.removesuffix("-stated")


@pytest.mark.parametrize("name", ["validarDocumento", "validar"])
def test_the_validation_flag_has_two_names(door: Door, name: Any) -> None:
    """Both are taken, unless the dialect insists on the other one."""
    other: Any = {"validarDocumento": "validar", "validar": "validarDocumento"}[name]
    process_id, [ana] = sent(door, company())
    edit = {
        "idProcessoDestinatario": ana,
        "dadosAssinatura": {"signatario": {"numeroDocumento": CPF, name: True}},
    }
    assert door.resend(process_id, [edit])[0] == 200
    door.box.dialect = Dialect(validation_flag=name)
    assert door.resend(process_id, [edit])[0] == 200
    door.box.dialect = Dialect(validation_flag=other)
    assert refusal(door, process_id, edit) == (400, messages.UNKNOWN_PARAMETER)


def test_a_resend_moves_the_expiry(door: Door) -> None:
    """The days count from the resend, and an expired process can be signed again."""
    process_id, _ = sent(door, signer("Ana"), configuracoesAvancadas={"tempoExpiracaoDocumentoDias": 5})
    assert door.signers(process_id)["dataExpiracao"] == "2025-07-06T12:00:05"
    door.box.move_clock(timedelta(days=6))
    assert door.status(process_id)["expirado"] == 1
    assert door.resend(process_id, [])[0] == 200
    assert door.status(process_id)["expirado"] == 0
    assert door.signers(process_id)["dataExpiracao"] == "2025-07-12T12:00:05"
    assert door.full(process_id)["dataReenvio"] == "2025-07-07T12:00:05"
    door.box.sign_as("ana@example.com")


def test_a_process_that_has_ended_is_not_resent(door: Door) -> None:
    """The reason is the status, in the words of the cancel method."""
    concluded, _ = sent(door, signer("Ana"))
    door.box.sign_as("ana@example.com")
    cancelled, _ = sent(door, signer("Ana"))
    door.cancel(cancelled)
    assert refusal(door, concluded) == (422, "Documento concluído.")
    assert refusal(door, cancelled) == (422, "Documento cancelado.")
    assert refusal(door, door.box.draft()) == (422, 'Documento com status "Criado".')


def test_an_unknown_or_deleted_process_is_not_resent(door: Door) -> None:
    """A deleted one is told apart."""
    process_id, _ = sent(door, signer("Ana"))
    door.box.delete(process_id)
    assert refusal(door, process_id) == (400, "Documento excluído.")
    assert refusal(door, "00000000-0000-4000-8000-000000000000") == (400, "O id listado não existe: idProcesso")
    assert refusal(door, "x") == (400, "O item listado está com o formato incorreto: idProcesso")


def test_a_resend_that_cannot_be_paid_changes_nothing(door: Door) -> None:
    """A message by WhatsApp costs one."""
    process_id, [ana] = sent(door, signer("Ana"))
    door.box.credits = Credits(whatsapp=0)
    edit = {"idProcessoDestinatario": ana, "idFormaEnvioProcesso": 2, "telefone": "+5511900000000"}
    before = door.signers(process_id)
    assert refusal(door, process_id, edit) == (400, messages.NO_CREDIT)
    assert door.signers(process_id) == before
    assert door.resend(process_id, [])[0] == 200
