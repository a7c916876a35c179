"""Signatures placed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.arqsign.samples import COMPANY, Door, process, signer
from tests.support.pdfs import page_pdf

from esign_arqsign.sandbox import messages, rules_positions


def box(**change: Any) -> dict[str, Any]:
    """Make a position at the foot of the first page of A4, in millimetres."""
    return {"pagina": 1, "altura": 20, "largura": 60.5, "posicaoX": 20, "posicaoY": 250, **change}


def placed(*positions: Any, files: int = 1, signs_as: int = 1) -> Any:
    """Make a process whose one signer is placed by hand."""
    extra: dict[str, Any] = {} if signs_as == 1 else {"assinaturaEletronica": COMPANY}
    ana = signer("Ana", assinarComo=signs_as, definirPosicaoAssinaturaManual=list(positions), **extra)
    return process(ana, files=files, usarPosicaoAssinaturaAutomatica=0)


GOOD = {
    "one file": placed({"pessoaFisica": box()}),
    "the order of a single file is disregarded": placed({"documentoDeOrdem": 9, "pessoaFisica": box()}),
    "two files": placed(*({"documentoDeOrdem": order, "pessoaFisica": box()} for order in (1, 2)), files=2),
    "a company": placed({"pessoaJuridica": box()}, signs_as=2),
    "both": placed({"pessoaFisica": box(), "pessoaJuridica": box(posicaoX=100)}, signs_as=3),
    "a person's zeros": placed({"pessoaFisica": box(posicaoX=0, posicaoY=0)}),
    "a company's place beside a person": placed({"pessoaFisica": box(), "pessoaJuridica": {"pagina": 99}}),
    "to the very edge": placed({"pessoaFisica": box(posicaoX=149.4, posicaoY=277)}),
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD.keys())
def test_good_positions_are_accepted(door: Door, body: Any) -> None:
    """Every signer has a place on every file, and it is inside the page."""
    door.send(body)


BAD = {
    "none at all": (placed(), 400, messages.NO_PERSON_POSITION),
    "none on a second file": (
        placed({"documentoDeOrdem": 1, "pessoaFisica": box()}, files=2),
        400,
        messages.NO_PERSON_POSITION,
    ),
    "none for the company": (placed({"pessoaFisica": box()}, signs_as=3), 400, messages.NO_COMPANY_POSITION),
    "no order among two files": (
        placed({"pessoaFisica": box()}, {"documentoDeOrdem": 1, "pessoaFisica": box()}, files=2),
        400,
        f"{messages.DOCUMENT_ORDER_MISSING} {messages.NO_PERSON_POSITION}",
    ),
    "an order that is not there": (
        placed(*({"documentoDeOrdem": order, "pessoaFisica": box()} for order in (1, 2, 5)), files=2),
        422,
        "Não existe o documento na ordem 5 informada no parâmetro “documentoDeOrdem”.",
    ),
    "twice on a file": (placed(*({"pessoaFisica": box()},) * 2), 422, messages.SAME_REPRESENTATION),
    "a page that is not there": (
        placed({"pessoaFisica": box(pagina=2)}),
        422,
        'A página "2” não existe no arquivo.',
    ),
    "pages that are not there": (
        placed({"pessoaFisica": box(pagina=7), "pessoaJuridica": box(pagina=3)}, signs_as=3),
        422,
        'As páginas "3. 7” não existem no arquivo.',
    ),
    "over the edge": (placed({"pessoaFisica": box(posicaoX=160)}), 422, messages.OUTSIDE_PAGE),
    "above the edge": (placed({"pessoaFisica": box(posicaoY=-1)}), 422, messages.OUTSIDE_PAGE),
    "a missing number": (
        placed({"pessoaFisica": box(altura=None)}),
        400,
        "O item listado é obrigatório: altura",
    ),
    "a company's zero": (
        placed({"pessoaJuridica": box(posicaoX=0)}, signs_as=2),
        400,
        "O item listado é obrigatório: posicaoX",
    ),
    "page zero": (placed({"pessoaFisica": box(pagina=0)}), 400, "O item listado está com o formato incorreto: pagina"),
}


@pytest.mark.parametrize(("body", "status", "text"), BAD.values(), ids=BAD.keys())
def test_bad_positions_are_refused(door: Door, body: Any, status: int, text: str) -> None:
    """Each rule has its message."""
    assert door.refused(body) == (status, text)


def test_a_file_that_cannot_be_read_has_no_pages(door: Door) -> None:
    """It begins like a PDF and is none."""
    body = placed({"pessoaFisica": box()})
    body["documentos"][0]["arquivo"] = "JVBERi0xLjQK"
    assert door.refused(body) == (422, 'A página "1” não existe no arquivo.')


def test_page_sizes_are_as_displayed() -> None:
    """Cropped, turned, in larger units, in millimetres; a file that cannot be read has none."""
    content = page_pdf(b"/MediaBox [0 720 720 0] /CropBox [-9 -9 360 999] /Rotate 90 /UserUnit 2")
    ((width, height),) = rules_positions.page_sizes(content)
    assert (round(width, 3), round(height, 3)) == (508, 254)
    assert rules_positions.page_sizes(b"%PDF-1.7 broken") == []
