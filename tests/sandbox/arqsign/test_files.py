"""Files: which are taken, and which are handed out."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any

import pytest
from pypdf import PdfReader
from tests.sandbox.arqsign.samples import SEND3, Door, in_base64, pdf, printed_send, process, signer

from esign_arqsign.sandbox import Dialect, messages


def file(order: int | None, name: str, **rest: Any) -> dict[str, Any]:
    """Make a document of a send request."""
    return {"ordemDocumento": order, "nomeComExtensao": name, **(rest or {"arquivo": in_base64(pdf())})}


def test_up_to_25_files_are_taken(door: Door) -> None:
    """They come back in their order."""
    sent = door.send(process(signer("Ana"), files=25))
    assert [one["ordem"] for one in sent["documentos"]] == list(range(1, 26))
    assert door.refused(process(signer("Ana"), files=26)) == (400, messages.TOO_MANY_FILES)


def test_files_are_counted_before_they_are_encoded(door: Door) -> None:
    """The limit is 100 MB in all; here it is set lower."""
    assert door.box.size_limit == 100 * 1024 * 1024
    door.box.size_limit = 2 * len(pdf())
    door.send(process(signer("Ana"), files=2))
    door.box.size_limit -= 1
    assert door.refused(process(signer("Ana"), files=2)) == (400, messages.TOO_LARGE)


@pytest.mark.parametrize(
    ("files", "status", "text"),
    [
        ([file(1, "a.pdf"), file(None, "b.pdf")], 400, messages.FILE_ORDER_MISSING),
        ([file(1, "a.pdf"), file(1, "b.pdf")], 422, "Não é permitido arquivos com a mesma ordem. a.pdf, b.pdf"),
        ([file(1, "a.pdf"), file(2, "A.pdf")], 422, messages.SAME_FILE_NAME),
        ([file(1, "a.pdf"), file(2, "b.pdf", arquivo=in_base64(b"GIF89a"))], 400, messages.not_a_pdf("b.pdf")),
    ],
)
def test_several_files_need_an_order_and_names(door: Door, files: Any, status: int, text: str) -> None:
    """Each rule has its message."""
    assert door.refused(process(signer("Ana"), documentos=files)) == (status, text)


@pytest.mark.parametrize("name", ["linkDoArquivo", "linkDocumento"])
def test_a_file_may_be_a_link_in_the_third_version(door: Door, name: str) -> None:
    """Both of its documented names are taken."""
    body = process(signer("Ana"), documentos=[file(1, "a.pdf", **{name: "https://example.com/a.pdf"})])
    door.send(body, SEND3)


def test_a_link_is_fetched(door: Door) -> None:
    """What lies behind it is the document; a link to nothing is refused, and so is what is no address."""
    address = "https://example.com/a.pdf"
    body = process(signer("Ana"), documentos=[file(1, "a.pdf", linkDoArquivo=address)])
    door.box.web[address] = pdf(3)
    full = door.full(door.send(body, SEND3)["IdProcesso"], "")
    assert base64.b64decode(full["documentos"][0]["base64Documento"]) == pdf(3)
    door.box.web[address] = None
    assert door.refused(body, SEND3) == (400, messages.BAD_LINK)
    body["documentos"][0]["linkDoArquivo"] = "file:///etc/hosts"
    assert door.refused(body, SEND3) == (400, messages.BAD_LINK)


def test_a_file_is_sent_or_linked(door: Door) -> None:
    """Both at once are refused; neither is a missing item."""
    both = file(1, "a.pdf", arquivo=in_base64(pdf()), linkDoArquivo="https://example.com/a.pdf")
    assert door.refused(process(signer("Ana"), documentos=[both]), SEND3) == (422, messages.FILE_OR_LINK)
    neither = file(1, "a.pdf", arquivo=None)
    text = "O item listado é obrigatório: arquivo"
    assert door.refused(process(signer("Ana"), documentos=[neither]), SEND3) == (400, text)


def test_one_name_of_the_link_can_be_insisted_on(door: Door) -> None:
    """Page and list of changes disagree."""
    door.box.dialect = Dialect(link_field="linkDocumento")
    body = process(signer("Ana"), documentos=[file(1, "a.pdf", linkDoArquivo="https://example.com/a.pdf")])
    assert messages.UNKNOWN_PARAMETER in door.refused(body, SEND3)[1]


def test_a_document_is_as_sent_until_all_have_signed(door: Door) -> None:
    """Afterwards the pages are still there and a page says who signed and when."""
    body = process(signer("Ana"))
    process_id = door.send(body)["IdProcesso"]
    link = door.full(process_id)["documentos"][0]["linkParaBaixarDocumento"]
    before = door.answer("GET", link, keys={})
    assert (before.status, before.body) == (200, base64.b64decode(body["documentos"][0]["arquivo"]))
    door.box.sign_as("ana@example.com")
    after = door.answer("GET", door.full(process_id)["documentos"][0]["linkParaBaixarDocumento"], keys={})
    pages = PdfReader(io.BytesIO(after.body)).pages
    assert len(pages) == 2
    assert "Ana <ana@example.com> signed on 2025-07-01T12:00:05Z." in pages[1].extract_text()
    assert after.headers["content-type"] == "application/pdf"


def test_files_come_in_base64_or_by_link(door: Door) -> None:
    """Base64 is the default, any other value than 2 means it too, and the record is there unless refused."""
    process_id = door.send(printed_send())["IdProcesso"]
    for query in ("", "?arquivoTipo=1", "?arquivoTipo=7", "?ARQUIVOTIPO=x&retornarRegistroAssinatura=1"):
        one = door.full(process_id, query)["documentos"][0]
        assert one["base64Documento"] == "JVBERi0xLjQK"
        assert one["linkParaBaixarDocumento"] is None
        assert one["registroAssinaturas"]["nome"] == "contrato_Registro de assinaturas.pdf"
    one = door.full(process_id, "?arquivoTipo=2&retornarRegistroAssinatura=FALSE")["documentos"][0]
    assert one["base64Documento"] is None
    assert one["linkParaBaixarDocumento"].startswith("https://arqsign-sandbox-files.invalid/")
    assert "registroAssinaturas" not in one


def test_the_audit_record_is_a_pdf_of_its_own(door: Door) -> None:
    """It names the document's digest and whoever has signed."""
    sent = door.send(process(signer("Ana"), signer("Bia")))
    door.box.sign_as("bia@example.com")
    document_id = sent["documentos"][0]["id"]
    status, tree = door.ask("GET", f"/api/v1/processo/{document_id}/registro-assinaturas")
    text = PdfReader(io.BytesIO(base64.b64decode(tree["base64"]))).pages[-1].extract_text()
    assert (status, tree["idArquivoProcesso"]) == (200, document_id)
    assert tree["nome"] == "arquivo 1_Registro de Assinaturas.pdf"
    assert "Bia <bia@example.com> signed on" in text
    assert "Ana <ana@example.com> has not signed." in text


def test_the_record_of_an_unknown_document_is_refused(door: Door) -> None:
    """The id of the process is not the id of a document."""
    sent = door.send(printed_send())
    path = f"/api/v1/processo/{sent['IdProcesso']}/registro-assinaturas"
    assert door.refused(None, path, "GET") == (400, "O id listado não existe: idArquivoProcesso")


def test_a_link_holds_for_a_while(door: Door) -> None:
    """Neither an old link nor a forged one opens anything, and nothing but GET does."""
    process_id = door.send(printed_send())["IdProcesso"]
    link = door.full(process_id)["documentos"][0]["linkParaBaixarDocumento"]
    assert door.answer("POST", link).status == 405
    assert door.answer("GET", link + "0").status == 403
    assert door.answer("GET", link.partition("?")[0]).status == 403
    door.box.move_clock(timedelta(hours=25))
    assert door.answer("GET", link).status == 403
    door.box.link_life = timedelta(hours=48)
    link = door.full(process_id)["documentos"][0]["linkParaBaixarDocumento"]
    door.box.delete(process_id)
    assert door.answer("GET", link).status == 404


@pytest.mark.parametrize("kind", [1, 2])
def test_attachments_come_in_base64_or_by_link(door: Door, kind: int) -> None:
    """They exist once their signer has signed, and are a real picture."""
    process_id = door.send(printed_send())["IdProcesso"]
    path = f"/api/v1/processo/{process_id}/buscar-anexos-signatarios"
    assert door.ask("POST", path, {"arquivoTipo": kind})[1][0]["anexos"] is None
    door.box.sign_as("ana@example.com")
    [ana] = door.ask("POST", path, {"arquivoTipo": kind, "signatarios": []})[1]
    [one] = ana["anexos"]
    content = base64.b64decode(one["arquivo"]) if kind == 1 else door.answer("GET", one["arquivo"], keys={}).body
    assert content.startswith(b"\x89PNG")
    assert (ana["nome"], one["nome"]) == ("Ana Exemplo", "Selfie arquivo.png")


def test_attachments_are_asked_for_by_kind_and_signer(door: Door) -> None:
    """One id that is known is enough; none is an unknown id."""
    sent = door.send(printed_send())
    path = f"/api/v1/processo/{sent['IdProcesso']}/buscar-anexos-signatarios"
    other = "00000000-0000-4000-8000-000000000000"
    ana = sent["destinatarios"][0]["idProcessoDestinatario"]
    assert door.refused({"arquivoTipo": 3}, path) == (400, messages.FILE_KIND)
    assert door.refused({}, path) == (400, "O item listado é obrigatório: arquivoTipo")
    assert door.refused({"arquivoTipo": 1, "signatarios": [other]}, path) == (
        400,
        "O id listado não existe: signatarios",
    )
    assert len(door.ask("POST", path, {"arquivoTipo": 1, "signatarios": [ana, other]})[1]) == 1
