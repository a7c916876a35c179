"""The provider itself: keys, ids, cancelling, downloading, and what refusals mean."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import attrs
import pytest
from tests.unit.esign_arqsign.data import (
    ANA_ID,
    CREATED_EXAMPLE,
    FULL_EXAMPLE,
    NOW,
    PROCESS_ID,
    SIGNERS_EXAMPLE,
    bia,
    draft,
    provider,
)

import esign_arqsign
from esign_arqsign.plugin import esign_provider
from esign_arqsign.provider import ArqSign
from esign_arqsign.settings import ArqSignSettings
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import (
    AuthenticationError,
    ConfigError,
    ConflictError,
    EsignError,
    NotFoundError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.process import Process
from esign_core.model.status import Basis, EndReason, ProcessStatus, SignerStatus
from esign_core.providers.capabilities import Feature
from esign_core.providers.flow import Call, Reply
from esign_core.testing.play import play

CANCEL = f"/api/v1/processo/{PROCESS_ID}/cancelar-processo"
LINK = "https://files.example.com/contrato?once=1"
DONE = Reply.of("Documento cancelado com sucesso")


def known(**changes: Any) -> Process:
    """Return the process of the published read."""
    process: Process = play(provider().get(PROCESS_ID, NOW), Reply.of(SIGNERS_EXAMPLE)).result
    return attrs.evolve(process, **changes)


def cancelled(reply: Reply, process: Process | None = None) -> Process:
    """Return what a cancel makes of an answer."""
    result: Process = play(provider().cancel(PROCESS_ID, "engano", "legal@example.com", process), reply).result
    return result


def test_plugin_gives_the_provider() -> None:
    """The entry point's module names the class; the package hands out its three names lazily."""
    assert esign_provider() is ArqSign
    assert (ArqSign.name, ArqSign.Settings) == ("arqsign", ArqSignSettings)
    assert esign_arqsign.ArqSign is ArqSign
    assert esign_arqsign.operations.__name__ == "esign_arqsign.operations"
    assert set(esign_arqsign.__all__) <= set(dir(esign_arqsign))
    assert not hasattr(esign_arqsign, "nothing")


def test_both_keys_go_with_a_call() -> None:
    """The headers are spelled as the manual spells them; a key that is not set is not sent."""
    call = provider().authorize(Call.get("/api/v1/conta/papeis-signatarios"))
    assert dict(call.headers) == {"AppKey": "fake-app-key", "SubscriptionKey": "fake-subscription-key"}
    assert dict(provider(subscription_key=None).authorize(Call.get("/x")).headers) == {"AppKey": "fake-app-key"}


@pytest.mark.parametrize("identifier", ["", "contrato", PROCESS_ID[:-1], f"{PROCESS_ID}/x", PROCESS_ID + "\n"])
def test_ids_are_guids(identifier: str) -> None:
    """Nothing else can be a process here."""
    assert provider().owns(PROCESS_ID)
    assert provider().owns(PROCESS_ID.upper())
    assert not provider().owns(identifier)


def test_sandbox_is_the_vendors_own() -> None:
    """The box carries the settings that the provider is built with."""
    box = ArqSign.sandbox(ArqSignSettings(environment="sandbox"))
    assert isinstance(box.settings, ArqSignSettings)


def test_timeline_is_nothing_this_vendor_has() -> None:
    """The capabilities and the flow say the same."""
    assert not ArqSign.capabilities.supports(Feature.TIMELINE)
    with pytest.raises(UnsupportedError):
        play(provider().timeline(PROCESS_ID))


@pytest.mark.parametrize(
    "reply",
    [
        DONE,
        Reply.of({"mensagem": "Documento cancelado com sucesso."}, status=201),
        Reply.of({"Message": "Document cancelled"}),
        Reply(body=b"Documento cancelado com sucesso"),
        Reply(body=b""),
    ],
)
def test_cancel_takes_every_form_of_success(reply: Reply) -> None:
    """A bare text, an object, plain text and nothing mean that it is done."""
    process = cancelled(reply)
    assert (process.id, process.status, process.signers) == (PROCESS_ID, ProcessStatus.CANCELLED, ())
    detail = process.status_detail
    assert (detail.basis, detail.end_reason, detail.rule) == (
        Basis.DERIVED,
        EndReason.SENDER_CANCELLED,
        "arqsign.command.cancel",
    )


def test_cancel_is_one_request_without_a_body() -> None:
    """There is no place for a reason or for who asked."""
    (call,) = play(provider().cancel(PROCESS_ID, "engano", "legal@example.com", None), DONE).calls
    assert (call.method, call.path, bool(call.json), call.process_id) == ("PATCH", CANCEL, False, PROCESS_ID)


def test_cancel_keeps_what_was_known() -> None:
    """People who have signed have signed; the others are released."""
    before: Process = play(provider().create(draft(bia()), NOW), Reply.of(CREATED_EXAMPLE)).result
    assert [each.status for each in cancelled(DONE, before).signers] == [SignerStatus.CANCELLED]
    after = cancelled(DONE, known())
    assert (after.name, after.read_at) == ("Contrato 2025-014", None)
    assert [each.status for each in after.signers] == [SignerStatus.DONE]


@pytest.mark.parametrize("status", [ProcessStatus.COMPLETED, ProcessStatus.CANCELLED, ProcessStatus.DECLINED])
def test_cancel_of_an_ended_process_is_a_conflict_at_once(status: ProcessStatus) -> None:
    """What was read to have ended needs no request."""
    with pytest.raises(ConflictError):
        play(provider().cancel(PROCESS_ID, "", None, known(status=status)))


@pytest.mark.parametrize("body", [b"{}", b"[]", b"true", b'"Aguarde"', b'{"mens', b"<html>", b"\xff", b"ok\x00"])
def test_cancel_with_another_answer_is_unreadable(body: bytes) -> None:
    """Nothing else counts as done."""
    with pytest.raises(UnreadableReplyError):
        cancelled(Reply(body=body))


def finished(*documents: Any, **changes: Any) -> Reply:
    """Return a full read of a completed process."""
    return Reply.of({**FULL_EXAMPLE, "idStatus": 4, "status": "Concluído", "documentos": list(documents), **changes})


def linked(name: str, link: str | None = LINK) -> dict[str, Any]:
    """Return a document with a link."""
    return {"id": ANA_ID, "ordemDocumento": 1, "nomeDocumento": name, "linkParaBaixarDocumento": link}


def test_download_streams_each_document_from_its_link() -> None:
    """One light read without files or records, then one anonymous request for each document."""
    files = [SignedFile(name="a.pdf"), SignedFile(name="b.pdf")]
    replies = [finished(linked("a.pdf"), linked("b.pdf")), *(Reply(file=file) for file in files)]
    played = play(provider().download(PROCESS_ID, known(status=ProcessStatus.COMPLETED)), *replies)
    read, first, second = played.calls
    assert read.query == {"arquivoTipo": "2", "retornarRegistroAssinatura": "false"}
    assert (first.path, first.anonymous, first.process_id) == (LINK, True, PROCESS_ID)
    assert first.save is not None
    assert second.save is not None
    assert (first.save.name, first.save.kind, second.save.name) == ("a.pdf", FileKind.DOCUMENT, "b.pdf")
    assert played.result == tuple(files)


def test_download_of_an_unfinished_process_is_a_conflict() -> None:
    """The vendor would hand out an unsigned PDF."""
    with pytest.raises(ConflictError, match="in_progress"):
        play(provider().download(PROCESS_ID, None), Reply.of({**FULL_EXAMPLE, "documentos": [linked("a.pdf")]}))
    with pytest.raises(ConflictError, match="cancelled"):
        play(provider().download(PROCESS_ID, known(status=ProcessStatus.CANCELLED)))


@pytest.mark.parametrize(
    "documents",
    [[], [linked("a.pdf", None)], [linked("a.pdf"), {"nomeDocumento": "b.pdf", "base64Documento": "JVBERi0xLjQK"}]],
)
def test_download_without_links_fetches_nothing(documents: list[Any]) -> None:
    """Files inside JSON cannot be streamed; the error names the read that brings them."""
    with pytest.raises(UnreadableReplyError, match="full_process"):
        play(provider().download(PROCESS_ID, None), finished(*documents))


def refusal(status: int, tree: Any) -> EsignError:
    """Return the error of a refusal."""
    body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return provider().error(Call.patch(CANCEL), Reply(status=status, body=body))


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (422, "Documento concluído.", ConflictError),
        (422, "Documento cancelado.", ConflictError),
        (422, 'Documento com status "Criado".', ConflictError),
        (422, "Documento com status “Criado”.", ConflictError),
        (400, "Documento excluído.", NotFoundError),
        (400, "Processo excluído.", NotFoundError),
        (400, "O id listado não existe: idProcesso", NotFoundError),
        (400, "Os ids listados não existem: idProcesso, idPasta", NotFoundError),
        (400, "O id listado não existe: idProcessoDestinatario", RefusedError),
        (400, "idPasta não encontrado.", RefusedError),
        (400, "E-mail inválido.", RefusedError),
        (422, "E-mail inválido.", ConflictError),
        (422, "", ConflictError),
        (400, "Os itens listados são obrigatórios: nome, email", RefusedError),
        (500, "O item listado está com o formato incorreto: email", RefusedError),
        (500, "Algum parâmetro está incorreto ou é inexistente.", RefusedError),
        (500, "Erro interno.", UnavailableError),
        (401, "Acesso não autorizado.", AuthenticationError),
        (403, "Documento concluído.", AuthenticationError),
        (404, "Método não encontrado.", NotFoundError),
        (429, "Limite de requisições excedido.", RateLimitError),
    ],
)
def test_sentences_name_the_error(status: int, said: str, kind: type[EsignError]) -> None:
    """A documented sentence says more than its status, as a bare text, in an object, in a list or as plain text."""
    shapes = [said, {"mensagem": said}, {"Mensagem": said}, {"erros": [said]}, {"error": {"message": said}}]
    for tree in [*shapes, said.encode()]:
        error = refusal(status, tree)
        assert type(error) is kind
        assert (error.status, error.vendor_message) == (status, said or None)
        assert error.hint


def test_code_of_an_error_is_handed_on() -> None:
    """Where the body has a code, it is the vendor's; a truth value is none."""
    assert refusal(400, {"codigo": 400, "mensagem": "x"}).vendor_code == "400"
    assert refusal(400, {"Codigo": "E17", "mensagem": "x"}).vendor_code == "E17"
    assert refusal(400, {"codigo": True, "mensagem": "x"}).vendor_code is None
    assert refusal(400, {"mensagem": "x"}).vendor_code is None
    assert refusal(400, "x").vendor_code is None


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (
            {"title": "Bad Request", "errors": {"email": ["inválido", "longo"], "nome": "vazio"}},
            "email: inválido; longo",
        ),
        ({"erros": [{"campo": "email", "mensagem": "inválido"}, {"mensagem": "longo"}]}, "inválido; longo"),
        ({"title": "Bad Request", "errors": {}}, "Bad Request"),
    ],
)
def test_lists_of_sentences_are_handed_on(tree: Any, said: str) -> None:
    """By field, as frameworks write them, or one object each."""
    assert str(refusal(400, tree).vendor_message).startswith(said)


def test_what_is_no_sentence_is_not_handed_on() -> None:
    """A number where a sentence should be says nothing to anybody."""
    assert refusal(400, {"erros": 5}).vendor_message is None


def test_gateways_own_refusal_is_read() -> None:
    """The gateway in front answers in its own shape."""
    error = refusal(401, {"statusCode": 401, "message": "Access denied due to missing subscription key."})
    assert isinstance(error, AuthenticationError)
    assert error.vendor_message == "Access denied due to missing subscription key."


@pytest.mark.parametrize("body", [b"", b"<html><h1>Bad Gateway</h1></html>", b'{"mens', b"{}", b"[]"])
def test_bodies_that_say_nothing_leave_the_status(body: bytes) -> None:
    """Without a sentence the status decides."""
    assert isinstance(refusal(502, body), UnavailableError)
    assert isinstance(refusal(400, body), RefusedError)


CREATE = Call.post("/api/v2/processo/enviar-documento-para-assinar", json={})
RESEND = Call.patch(f"/api/v2/processo/{PROCESS_ID}/reenviar-processo", json=[], process_id=PROCESS_ID)
READ = Call.get(f"/api/v1/processo/{PROCESS_ID}/dados-signatarios", process_id=PROCESS_ID)


def refused(call: Call, status: int, said: str) -> EsignError:
    """Return the error of a refused call."""
    return provider().error(call, Reply.of(said, status=status))


NO_PROCESS = [
    "O(s) id(s) listado(s) não existe(m): “idProcesso”.",
    'O(s) id(s) listado(s) não existe(m): "idProcesso"',
    "O id listado não existe: \u2018idProcesso\u2019.",
    "Os ids listados não existem: «idProcesso», «idPasta»",
    "OS IDS LISTADOS NAO EXISTEM: IDPROCESSO",
    "O  id listado nao existe:  idprocesso",
]


@pytest.mark.parametrize("said", NO_PROCESS)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKD"])
def test_unknown_process_in_any_spelling(said: str, form: Any) -> None:
    """The seed's sentence, singular or plural, with any quotes, with or without accents, composed or not."""
    error = refused(READ, 400, unicodedata.normalize(form, said))
    assert type(error) is NotFoundError
    assert "process_id" in {problem.path for problem in error.problems}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Documentos concluídos.", ConflictError),
        ("DOCUMENTO CONCLUIDO", ConflictError),
        ("Processo expirado", ConflictError),
        ("Documento excluido", NotFoundError),
        ("O(s) item(ns) listado(s) é(são) obrigatório(s): “email”", RefusedError),
        ("O(s) item(ns) listado(s) está(ão) com o formato incorreto: “email”", RefusedError),
        ("Alguns parâmetros estão incorretos ou são inexistentes.", RefusedError),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("status", [400, 500])
def test_sentence_is_a_definite_refusal(said: str, kind: type[EsignError], form: Any, status: int) -> None:
    """A documented sentence says that nothing happened, whatever the status it comes with."""
    error = refused(CREATE, status, unicodedata.normalize(form, said))
    assert (type(error), error.definite) == (kind, True)


def test_other_sentence_of_500_is_open() -> None:
    """A server error without a documented sentence proves nothing."""
    assert not refused(CREATE, 500, "Erro interno.").definite


@pytest.mark.parametrize(
    ("call", "said", "paths"),
    [
        (CREATE, "O item listado é obrigatório: nomeProcesso.", ["name"]),
        (CREATE, "Os itens listados são obrigatórios: nome, email", ["signers[].name", "signers[].email"]),
        (
            CREATE,
            "O(s) item(ns) listado(s) é(são) obrigatório(s): “idPasta, idResponsavel”.",
            ["folder", "responsible_id"],
        ),
        (CREATE, "O item listado está com o formato incorreto: destinatarios[1].email", ["signers[1].email"]),
        (
            CREATE,
            "Os ids listados não existem: idTipoAssinatura e idMeioEnvio",
            ["signers[].challenges[]", "signers[].security_code.channel"],
        ),
        (CREATE, "O item listado é obrigatório: campoNovo", ["camponovo"]),
        (
            CREATE,
            "O item listado é obrigatório: email. O id listado não existe: idPasta.",
            ["signers[].email", "folder"],
        ),
        (RESEND, "O id listado não existe: idProcessoDestinatario", ["edits[].signer_id"]),
        (
            RESEND,
            "Os itens listados estão com o formato incorreto: telefone, emailSeguranca",
            ["edits[].phone", "edits[].security_code.email"],
        ),
        (RESEND, "O item listado é obrigatório: idFormaEnvio", ["edits[].channel"]),
        (
            RESEND,
            "O item listado está com o formato incorreto: dadosAssinatura.empresa.numeroDocumento",
            ["edits[].signature_data.company.document_number"],
        ),
    ],
)
def test_items_of_a_sentence_have_neutral_paths(call: Call, said: str, paths: list[str]) -> None:
    """Messages a to c name items; each becomes a problem with the place where the caller gave it."""
    problems = refused(call, 400, said).problems
    assert [problem.path for problem in problems] == paths
    assert all(problem.message and problem.hint for problem in problems)


def test_refused_cancel_is_a_conflict() -> None:
    """Whatever the sentence, a cancel that cannot be processed meets a process in another state."""
    cancel = Call.patch(CANCEL, process_id=PROCESS_ID)
    assert type(refused(cancel, 422, "Situação inválida")) is ConflictError
    assert type(refused(RESEND, 422, "Situação inválida")) is RefusedError


@pytest.mark.parametrize(
    ("call", "said", "address"),
    [
        (READ, "Método não encontrado.", True),
        (READ, unicodedata.normalize("NFD", "metodo NÃO encontrado"), True),
        (CREATE, "", True),
        (READ, "Processo não localizado", False),
    ],
)
def test_missing_method_names_base_url(call: Call, said: str, address: bool) -> None:
    """An address that the vendor does not know is a wrong base_url, not a wrong identifier."""
    error = refused(call, 404, said)
    assert type(error) is NotFoundError
    assert ("base_url" in str(error)) == address


def test_download_with_audit_records() -> None:
    """The records come after the documents, one request each; without the second key they are not asked for."""
    files = [SignedFile(name=name) for name in ("a.pdf", "b.pdf", "a_record.pdf", "b_record.pdf")]
    rows = [linked("a.pdf"), {**linked("b.pdf"), "id": PROCESS_ID}]
    replies = [finished(*rows), *(Reply(file=file) for file in files)]
    played = play(provider().download(PROCESS_ID, None, audit=True), *replies)
    assert played.result == tuple(files)
    record = played.calls[3]
    assert record.path == f"/api/v1/processo/{ANA_ID}/registro-assinaturas"
    assert record.save is not None
    assert (record.save.name, record.save.kind) == ("a_Registro de assinaturas.pdf", FileKind.AUDIT_RECORD)
    with pytest.raises(ConfigError, match="subscription_key"):
        play(provider(subscription_key=None).download(PROCESS_ID, None, audit=True))


def test_process_of_unusual_id_can_be_used() -> None:
    """An id that a create has answered is trusted, whatever plain word it is."""
    (call,) = play(provider().get("DOC_17", NOW), Reply.of(SIGNERS_EXAMPLE)).calls
    assert call.path == "/api/v1/processo/DOC_17/dados-signatarios"
    with pytest.raises(UnreadableReplyError):
        play(provider().get("../conta", NOW))
