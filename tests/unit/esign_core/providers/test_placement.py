"""Completing placements: boxes get the size of their page, signers without one get a box at the foot of the last."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import RectangleObject
from tests.support.pdfs import page_pdf

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import Placement, ProcessDraft, SignerDraft
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.providers.placement import complete, document_notes
from esign_core.providers.validation import outside

LETTER = (612.0, 792.0)


def pdf(*sizes: tuple[float, float], turn: int = 0, crop: Sequence[float] = ()) -> Document:
    """Return a PDF whose pages have the given sizes."""
    writer = PdfWriter()
    for width, height in sizes:
        page = writer.add_blank_page(width, height)
        if turn:
            page.rotate(turn)
        if crop:
            page.cropbox = RectangleObject(tuple(crop))
    out = io.BytesIO()
    writer.write(out)
    return Document.from_bytes(out.getvalue(), name="a.pdf")


def draft(*placements: Placement, documents: Any = None, people: int = 1, signs: Any = None) -> ProcessDraft:
    """Return a draft in which the first person has the placements and the others have none."""
    signers = [SignerDraft(name=f"Person {n}", email=f"p{n}@example.com", documents=signs) for n in range(people)]
    signers[0] = attrs.evolve(signers[0], placements=placements)
    return ProcessDraft(name="Agreement", documents=documents or [pdf(LETTER, LETTER)], signers=signers)


def placed(given_: ProcessDraft, *, place: bool = False) -> tuple[Placement, ...]:
    """Return the placements of the first person after the draft was completed."""
    return complete(given_, place=place, sizes=True).signers[0].placements


def wrong(given_: ProcessDraft, *, place: bool = False) -> tuple[Problem, ...]:
    """Return what keeps a draft from being completed."""
    with pytest.raises(InvalidRequestError) as caught:
        complete(given_, place=place, sizes=True)
    return caught.value.problems


def test_box_gets_size_of_page() -> None:
    """Of the page it lies on, in every document it is meant for."""
    documents = [pdf(LETTER, (300, 400)), pdf(LETTER, (500, 600))]
    boxes = placed(draft(Placement.box(2, 10, 10, 100, 50), documents=documents))
    assert [(box.document, box.page_size) for box in boxes] == [(0, (300, 400)), (1, (500, 600))]


def test_box_for_one_document() -> None:
    """And one for somebody who signs only some of them is in these."""
    documents = [pdf(LETTER), pdf((300, 400))]
    (box,) = placed(draft(Placement.box(1, 10, 10, 100, 50, document=1), documents=documents))
    assert (box.document, box.page_size) == (1, (300, 400))
    (box,) = placed(draft(Placement.box(1, 10, 10, 100, 50), documents=documents, signs=[1]))
    assert box.document == 1


def test_page_size_given_is_kept() -> None:
    """The document is not even opened."""
    (box,) = placed(
        draft(Placement.box(9, 1, 1, 1, 1, page_size=(50, 60)), documents=[Document.from_bytes(b"%PDF-", name="x")])
    )
    assert box.page_size == (50, 60)


def test_tags_and_roles_stay() -> None:
    """Tags and templates' roles do not have a size."""
    marks = (Placement.tag(), Placement.template_role("buyer"))
    assert placed(draft(*marks)) == marks


def test_boxes_checked_where_sizes_unneeded() -> None:
    """A vendor that measures from the page's corner needs no size, and yet no box may lie outside its page."""
    fine = draft(Placement.box(2, 10, 10, 100, 40))
    assert complete(fine, place=False, sizes=False) == fine
    with pytest.raises(InvalidRequestError) as caught:
        complete(draft(Placement.box(3, 1, 1, 1, 1), Placement.box(1, 600, 1, 20, 1)), place=False, sizes=False)
    assert [problem.path for problem in caught.value.problems] == [
        "signers[0].placements[0].page",
        "signers[0].placements[1]",
    ]


def test_unreadable_pdf_where_sizes_unneeded() -> None:
    """A provider that places by itself and measures from the corner gets the draft as it is."""
    given_ = draft(Placement.box(9, 1, 1, 1, 1), documents=[Document.from_bytes(b"%PDF-", name="x")], people=2)
    assert complete(given_, place=False, sizes=False) == given_


@pytest.mark.parametrize(
    ("turn", "crop", "size"),
    [
        (0, (), (612, 792)),
        (90, (), (792, 612)),
        (180, (), (612, 792)),
        (270, (), (792, 612)),
        (0, (0, 0, 200, 300), (200, 300)),
    ],
)
def test_page_size_is_as_displayed(turn: int, crop: tuple[float, ...], size: tuple[float, float]) -> None:
    """Turned by a quarter, its sides are exchanged; cropped, it is smaller."""
    (box,) = placed(draft(Placement.box(1, 10, 10, 100, 50), documents=[pdf(LETTER, turn=turn, crop=crop)]))
    assert box.page_size == size


def test_box_on_missing_page() -> None:
    """So is one over the edge, with the size of the page; all at once."""
    problems = wrong(draft(Placement.box(3, 1, 1, 1, 1), Placement.box(1, 600, 1, 20, 1)))
    assert problems == (
        Problem(path="signers[0].placements[0].page", message="does not exist", hint="document 0 has 2 pages"),
        Problem(
            path="signers[0].placements[1]",
            message="lies outside its page",
            hint="page 1 of document 0 is 612 by 792 points",
        ),
    )


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\nstartxref\n0\n%%EOF"])
def test_unreadable_pdf_reported_once(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """However many boxes lie in it, with what to do, and without pypdf's own lines in the log."""
    caplog.set_level(logging.DEBUG)
    broken = Document.from_bytes(content, name="a.pdf")
    (problem,) = wrong(draft(Placement.box(1, 1, 1, 1, 1), Placement.box(2, 1, 1, 1, 1), documents=[broken]))
    assert problem.path == "documents[0]"
    assert "page_size" in problem.hint
    assert caplog.text == ""


def test_crop_box_wider_than_page() -> None:
    """The page as displayed is where both boxes overlap; fractions of a page are of that."""
    content = page_pdf(b"/MediaBox [0 0 600 800] /CropBox [-100 -100 1000 1000]")
    (box,) = placed(draft(Placement.box(1, 72, 72, 120, 50), documents=[Document.from_bytes(content, name="a.pdf")]))
    assert box.page_size == (600, 800)


def test_count_of_one_page_named() -> None:
    """The hint counts pages in good English."""
    (problem,) = wrong(draft(Placement.box(2, 1, 1, 1, 1), documents=[pdf(LETTER)]))
    assert problem.hint == "document 0 has 1 page"


def protected(password: str) -> Document:
    """Return an encrypted PDF."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(*LETTER)
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(out)
    return Document.from_bytes(out.getvalue(), name="a.pdf")


def test_encrypted_pdf_says_so() -> None:
    """With what to do; one that opens without a password is read."""
    (problem,) = wrong(draft(Placement.box(1, 1, 1, 1, 1), documents=[protected("secret")]))
    assert problem == Problem(
        path="documents[0]",
        message="is encrypted",
        hint="save it without a password, or give placements with page_size",
    )
    (box,) = placed(draft(Placement.box(1, 1, 1, 1, 1), documents=[protected("")]))
    assert box.page_size == LETTER


def notes(*documents: Any) -> list[tuple[str, str]]:
    """Return path and message of each note, which all say that they are notes."""
    found = document_notes(draft(documents=list(documents)))
    assert all(problem.note and problem.hint for problem in found)
    return [(problem.path, problem.message) for problem in found]


def test_notes_about_plain_documents() -> None:
    """There are none; nor about templates, links and what is not a PDF."""
    linked = Document.from_url("https://files.example.com/a.pdf", name="a.pdf")
    word = Document.from_bytes(b"PK..", name="a.docx")
    assert notes(pdf(LETTER), TemplateDocument(template_id="T"), linked, word) == []


def test_notes_about_special_documents() -> None:
    """Each property is a note at its document."""
    form = b"/AcroForm << /Fields [<< /FT /Sig /V << /Type /Sig >> >>] /XFA [] >> /Perms << /DocMDP 2 0 R >>"
    content = page_pdf(b"", catalog=form + b" /Collection << >>")
    found = notes(pdf(LETTER), Document.from_bytes(content, name="a.pdf"), protected(""), protected("secret"))
    assert found == [
        ("documents[1]", "is certified: its signature restricts later changes (DocMDP)"),
        ("documents[1]", "is already signed"),
        ("documents[1]", "has an XFA form, which most viewers do not show"),
        ("documents[1]", "is a portfolio: most vendors show its cover page only"),
        ("documents[2]", "is encrypted, though it opens without a password"),
        ("documents[3]", "is encrypted"),
    ]


def test_notes_about_unreadable_documents(tmp_path: Path) -> None:
    """A damaged PDF is a note; a file that has changed is a problem, as it is when it is sent."""
    assert notes(Document.from_bytes(b"%PDF-1.7 broken", name="a.pdf")) == [
        ("documents[0]", "is a PDF that cannot be read here")
    ]
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(LETTER).content or b"")
    document = Document.from_path(path)
    path.write_bytes(b"%PDF-1.7 another")
    (problem,) = document_notes(draft(documents=[document]))
    assert "has changed" in problem.message
    assert not problem.note


def test_notes_without_pypdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The note names the extra."""
    document = pdf(LETTER)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (problem,) = document_notes(draft(documents=[document]))
    assert problem.note
    assert "esign[pdf]" in problem.hint


def test_pdf_without_pages() -> None:
    """The PDF does not have a page to sign on."""
    assert wrong(draft(documents=[pdf()]), place=True)[0].message == "is a PDF whose pages cannot be read"


def test_file_changed_since(tmp_path: Path) -> None:
    """In the same words as everywhere."""
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(LETTER).content or b"")
    document = Document.from_path(path)
    path.write_bytes(b"%PDF-1.7 another")
    assert "has changed" in wrong(draft(Placement.box(1, 1, 1, 1, 1), documents=[document]))[0].message


def test_document_without_bytes() -> None:
    """The caller says the size, or gives the bytes."""
    linked = Document.from_url("https://files.example.com/a.pdf", name="a.pdf")
    (problem,) = wrong(draft(Placement.box(1, 1, 1, 1, 1), documents=[linked]))
    assert (problem.path, problem.hint) == ("documents[0]", "give page_size")


def test_pypdf_missing_names_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bare library says what to install."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (problem,) = wrong(draft(Placement.box(1, 1, 1, 1, 1)))
    assert 'install "esign[pdf]"' in problem.hint


def test_signers_without_place_get_boxes() -> None:
    """Side by side, in every document they sign; those who have a place keep it, templates have none."""
    documents = [pdf((300, 400), LETTER), TemplateDocument(template_id="T"), pdf(LETTER)]
    given_ = complete(draft(Placement.tag(), documents=documents, people=3), place=True, sizes=True)
    assert given_.signers[0].placements == (Placement.tag(),)
    one, other = given_.signers[1].placements, given_.signers[2].placements
    assert [(box.document, box.page, box.page_size) for box in one] == [(0, 2, LETTER), (2, 1, LETTER)]
    assert one[0].y == other[0].y > 650
    assert one[0].x + one[0].width < other[0].x


@given(
    people=st.integers(min_value=1, max_value=40),
    width=st.floats(min_value=60, max_value=3000),
    height=st.floats(min_value=60, max_value=3000),
)
def test_foot_boxes_do_not_overlap(people: int, width: float, height: float) -> None:
    """However many people, however small the page."""
    given_ = draft(documents=[pdf((width, height))], people=people)
    boxes = [signer.placements[0] for signer in complete(given_, place=True, sizes=True).signers]
    assert not any(outside(box) for box in boxes)
    assert all(box.x > 0 and box.y > 0 and box.width > 0 and box.height > 0 for box in boxes)
    for index, one in enumerate(boxes):
        for other in boxes[:index]:
            apart_x = one.x + one.width <= other.x or other.x + other.width <= one.x
            apart_y = one.y + one.height <= other.y or other.y + other.height <= one.y
            assert apart_x or apart_y
