"""Pages of PDFs: the values of ISO 32000, and where files are malformed, what PDFium, MuPDF and Poppler show."""

from __future__ import annotations

import io
import logging
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError
from tests.support.pdfs import AES_256, page_pdf, pdf_of, square, tree_pdf

from esign_core.model import pdf
from esign_core.model.pdf import Traits, Unreadable, UnreadablePdfError, read_pages, read_traits, use_reader

MEDIA = b"/MediaBox [0 0 600 800] "


def size(content: bytes) -> tuple[float, float]:
    """Return the size of the only page."""
    pages = read_pages(io.BytesIO(content), [1])
    assert pages.count == 1
    return pages.sizes[1]


def sides(content: bytes) -> list[float]:
    """Return the widths of all pages."""
    return [width for width, _ in read_pages(io.BytesIO(content)).sizes.values()]


def reason(content: bytes) -> Unreadable:
    """Return why a PDF cannot be read, whichever pages are wanted."""
    with pytest.raises(UnreadablePdfError) as caught:
        read_pages(io.BytesIO(content))
    with pytest.raises(UnreadablePdfError):
        read_pages(io.BytesIO(content), [1])
    return caught.value.reason


def encrypted(password: str) -> bytes:
    """Return a PDF encrypted with RC4, which needs no further package."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(600, 800)
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (b"[0 792 612 0]", (612, 792)),
        (b"[612 0 0 792]", (612, 792)),
        (b"[612 792 0 0]", (612, 792)),
        (b"[-10.5 -10 600.25 800]", (610.75, 810)),
        (b"[4 0 R 0 600 800]", (575, 800)),
        (b"5 0 R", (200, 300)),
        (b"[null 0 600 800]", (600, 800)),
    ],
)
def test_media_box_in_any_form(media: bytes, expected: tuple[float, float]) -> None:
    """Two opposite corners in any order (7.9.5), reals, references; a null number counts as 0."""
    assert size(page_pdf(b"/MediaBox " + media, more={4: b"25", 5: b"[100 100 300 400]"})) == expected


@pytest.mark.parametrize(
    "media",
    [
        b"[]",
        b"[0 0 600]",
        b"[0 0 600 800 900]",
        b"[0 0 0 0]",
        b"[9 9 9 800]",
        b"(x)",
        b"[0 0 600 (800)]",
        b"7 0 R",
    ],
)
def test_media_box_unusable_is_letter(media: bytes) -> None:
    """Two of the three renderers take Letter and do not look above; so does a page without any."""
    assert size(page_pdf(b"/MediaBox " + media)) == (612, 792)
    assert size(page_pdf(b"")) == (612, 792)


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        (b"[-100 -100 1000 1000]", (600, 800)),
        (b"[100 100 300 400]", (200, 300)),
        (b"[300 400 100 100]", (200, 300)),
        (b"[500 700 900 900]", (100, 100)),
        (b"[700 900 900 1000]", (600, 800)),
        (b"[600 0 900 800]", (600, 800)),
        (b"[0 0 0 0]", (600, 800)),
        (b"[1 2]", (600, 800)),
        (b"null", (600, 800)),
    ],
)
def test_crop_box_counts_inside_media(crop: bytes, expected: tuple[float, float]) -> None:
    """The visible part is where both overlap (14.11.2); a crop box without an area in it does not count."""
    assert size(page_pdf(MEDIA + b"/CropBox " + crop)) == expected


def test_crop_box_without_media_box() -> None:
    """It crops Letter."""
    assert size(page_pdf(b"/CropBox [0 0 200 300]")) == (200, 300)
    assert size(page_pdf(b"/CropBox [0 0 2000 3000]")) == (612, 792)


@pytest.mark.parametrize(
    ("page", "above", "expected"),
    [
        (b"", b"/MediaBox [0 0 300 400]", (300, 400)),
        (b"/MediaBox null", b"/MediaBox [0 0 300 400]", (300, 400)),
        (b"/MediaBox [0 0 30 40]", b"/MediaBox [0 0 300 400]", (30, 40)),
        (MEDIA, b"/CropBox [0 0 200 250]", (200, 250)),
        (MEDIA + b"/CropBox null", b"/CropBox [0 0 200 250]", (200, 250)),
        (MEDIA, b"/Rotate 90", (800, 600)),
        (MEDIA + b"/Rotate 0", b"/Rotate 90", (600, 800)),
        (MEDIA, b"/UserUnit 2", (600, 800)),
    ],
)
def test_entries_inherited_from_parent(page: bytes, above: bytes, expected: tuple[float, float]) -> None:
    """Boxes and rotation are (7.7.3.4), the user unit is not; null is the same as absent (7.3.9)."""
    assert size(page_pdf(page, above=above)) == expected


def test_entries_inherited_from_grandparent() -> None:
    """The nearest node that has the entry decides; parents in a circle end the search."""
    inner = b"<< /Type /Pages /Parent 2 0 R /Kids [4 0 R] /Count 1 >>"
    root = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 400] /Rotate 270 >>"
    assert size(tree_pdf(root, [inner, b"<< /Type /Page /Parent 3 0 R >>"])) == (400, 300)
    circle = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>"
    assert size(tree_pdf(circle, [b"<< /Type /Page /Parent 2 0 R >>"])) == (612, 792)


@pytest.mark.parametrize(
    ("turn", "turned"),
    [
        (b"0", False), (b"90", True), (b"180", False), (b"270", True), (b"-90", True), (b"-180", False), (b"450", True),
        (b"90.0", True), (b"4 0 R", True), (b"null", False), (b"(90)", False), (b"[90]", False), (b"5 0 R", False),
        (b"45", False), (b"44", False), (b"89", False), (b"91", False), (b"135", False),
    ],
)  # fmt: skip
def test_rotation_swaps_the_sides(turn: bytes, turned: bool) -> None:
    """By an odd number of quarters; a value that is not a multiple of 90 is ignored, as in Poppler and pdf.js."""
    expected = (800, 600) if turned else (600, 800)
    assert size(page_pdf(MEDIA + b"/Rotate " + turn, more={4: b"90"})) == expected


@pytest.mark.parametrize(
    ("unit", "factor"), [(b"2", 2), (b"0.5", 0.5), (b"4 0 R", 1.5), (b"0", 1), (b"-1", 1), (b"null", 1), (b"(2)", 1)]
)
def test_user_unit_multiplies(unit: bytes, factor: float) -> None:
    """It is the size of a unit in 1/72 inch (table 30); one that is not positive does not count."""
    content = page_pdf(MEDIA + b"/CropBox [0 0 300 400] /Rotate 90 /UserUnit " + unit, more={4: b"1.5"})
    assert size(content) == (400 * factor, 300 * factor)


@pytest.mark.parametrize("count", [b"3", b"5", b"0", b"-1", b"null", b"(3)", b"4.5"])
def test_count_missing_or_too_high(count: bytes) -> None:
    """The leaves are counted."""
    root = b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count %b >>" % count
    content = tree_pdf(root, [square(100), square(200), square(300)])
    assert sides(content) == [100, 200, 300]
    assert read_pages(io.BytesIO(content), [2, 9]).sizes == {2: (200, 200), 3: (300, 300)}


def test_count_too_low_hides_pages() -> None:
    """PDFium, MuPDF and Poppler show no page beyond it."""
    root = b"<< /Type /Pages /Kids [3 0 R 4 0 R 5 0 R] /Count 2 >>"
    assert sides(tree_pdf(root, [square(100), square(200), square(300)])) == [100, 200]


@pytest.mark.parametrize(
    ("kids", "count", "expected"),
    [
        (b"[null 3 0 R]", 1, [100]),
        (b"[null 3 0 R]", 2, [612, 100]),
        (b"[9 0 R 3 0 R 4 0 R]", 3, [612, 100, 200]),
        (b"[3 0 R null]", 2, [100]),
        (b"[3 0 R 3 0 R]", 2, [100, 100]),
        (b"[2 0 R 3 0 R]", 2, [100]),
        (b"[3 0 R 2 0 R 4 0 R]", 2, [100, 200]),
        (b"[5 0 R 3 0 R]", 1, [100]),
        (b"[6 0 R 4 0 R]", 2, [100, 200]),
        (b"[<< /MediaBox [0 0 50 50] >> 3 0 R]", 2, [50, 100]),
        (b"7 0 R", 2, [200, 100]),
    ],
)
def test_kids_odd_or_missing(kids: bytes, count: int, expected: list[float]) -> None:
    """Missing kids take a page's place where the count says so; circles and empty nodes are passed over."""
    root = b"<< /Type /Pages /Kids %b /Count %d >>" % (kids, count)
    empty, inner = b"<< /Type /Pages /Kids [] /Count 0 >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    content = tree_pdf(root, [square(100), square(200), empty, inner, b"[4 0 R 3 0 R]"])
    assert sides(content) == expected
    pages = read_pages(io.BytesIO(content), range(1, 9))
    assert [width for width, _ in pages.sizes.values()] == expected


def test_nested_tree_found_by_counts() -> None:
    """A page is found through the counts of the nodes above it; where they do not fit, by walking."""
    for counts in ((2, 2), (2, 7), (0, 4), (4, 0)):
        nodes = [
            b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (n, n + 1, c)
            for n, c in zip((5, 7), counts, strict=True)
        ]
        content = tree_pdf(b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 4 >>", [*nodes, *map(square, (1, 2, 3, 4))])
        assert sides(content) == [1, 2, 3, 4]
        assert read_pages(io.BytesIO(content), [3]).sizes == {3: (3, 3), 4: (4, 4)}


def test_tree_root_is_the_page() -> None:
    """A file of a single page may leave out the tree."""
    assert sides(tree_pdf(square(70))) == [70]


def test_tree_without_pages_is_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is one without a catalog, and one of more nodes than any real file has."""
    monkeypatch.setattr(pdf, "_NODES", 1000)
    assert reason(tree_pdf(b"<< /Type /Pages /Kids [] /Count 0 >>")) is Unreadable.DAMAGED
    assert reason(tree_pdf(b"<< /Type /Pages /Kids [2 0 R] /Count 3 >>")) is Unreadable.DAMAGED
    assert reason(tree_pdf(b"null")) is Unreadable.DAMAGED
    assert reason(pdf_of({1: b"null"})) is Unreadable.DAMAGED
    doubling = [b"<< /Type /Pages /Kids [%d 0 R %d 0 R] >>" % (n, n) for n in range(3, 33)]
    assert reason(tree_pdf(doubling[0], [*doubling[1:], square(1)])) is Unreadable.DAMAGED


def test_large_flat_tree_reads_few_pages() -> None:
    """Of 20,000 pages only the wanted ones are read."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 20003))
    root = b"<< /Type /Pages /Kids [%b] /Count 20000 >>" % kids
    content = io.BytesIO(tree_pdf(root, [square(100)] * 19999 + [square(200)]))
    found, read = use_reader(content, lambda reader: (pdf._pages(reader, {7}), len(reader.resolved_objects)))
    assert (found.count, found.sizes) == (20000, {7: (100, 100), 20000: (200, 200)})
    assert read < 10


def damaged_copies() -> list[bytes]:
    """Return a PDF damaged in ways that viewers repair."""
    whole = page_pdf(MEDIA)
    return [
        b"junk\n" * 3 + whole,
        whole + bytes(5000) + b"<html>",
        whole + bytes(100_000),
        whole[: whole.rindex(b"startxref")],
        whole[: whole.rindex(b"xref\n0")],
        whole.replace(b"startxref\n", b"startxref\n9"),
        whole.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%%abcdefgh\n"),
        re.sub(rb"\d{10} 00000 n", b"0000000001 00000 n", whole),
    ]


@pytest.mark.parametrize("number", range(8))
def test_damaged_file_is_repaired(number: int) -> None:
    """Offsets that are wrong, an end or a table that is missing, other bytes before or after."""
    assert size(damaged_copies()[number]) == (600, 800)


def test_damaged_file_of_any_size(tmp_path: Path) -> None:
    """A file of more than 8 MB is repaired like a small one."""
    large = page_pdf(MEDIA, more={4: b"<< /Length 9000000 >> stream\n%b\nendstream" % bytes(9_000_000)})
    path = tmp_path / "large.pdf"
    path.write_bytes(large[: large.rindex(b"xref\n0")])
    with path.open("rb") as file:
        assert read_pages(file, [1]).sizes == {1: (600, 800)}


def test_catalog_in_object_stream_is_found() -> None:
    """Also where no trailer names it."""
    inner = b"1 0 2 34 3 81 "
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>      ", square(90)]
    body = inner + b"\n".join([objects[0], objects[1][:46], objects[2]])
    stream = b"<< /Type /ObjStm /N 3 /First %d /Length %d >> stream\n%b\nendstream" % (len(inner), len(body), body)
    assert sides(b"%PDF-1.7\n9 0 obj\n" + stream + b"\nendobj\n") == [90]


def test_encrypted_file_without_password_is_read() -> None:
    """An empty user password opens it, as in every viewer."""
    for content in (encrypted(""), AES_256):
        assert size(content) == (600, 800)
        assert read_traits(io.BytesIO(content)).encrypted


def test_encrypted_file_with_password_is_not() -> None:
    """The reason says so; a handler that is not a password's is the same."""
    assert reason(encrypted("secret")) is Unreadable.ENCRYPTED
    handler = b"<< /Filter /Adobe.PubSec /V 4 >>"
    other = page_pdf(MEDIA, more={4: handler}).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R")
    assert reason(other) is Unreadable.ENCRYPTED


def test_nesting_without_end_is_damaged() -> None:
    """What exhausts the interpreter's stack says nothing about encryption."""
    deep = b"[" * 20_000 + b"]" * 20_000
    assert reason(tree_pdf(b"<< /Type /Pages /Count 1 /Kids %b >>" % deep)) is Unreadable.DAMAGED

    def read(_: PdfReader) -> None:
        raise RecursionError

    with pytest.raises(UnreadablePdfError) as caught:
        use_reader(io.BytesIO(page_pdf(MEDIA)), read)
    assert caught.value.reason is Unreadable.DAMAGED


def test_encryption_without_cryptography_names_it() -> None:
    """The error of pypdf for a missing package does not derive from its own root."""

    def read(_: PdfReader) -> None:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    with pytest.raises(UnreadablePdfError) as caught:
        use_reader(io.BytesIO(page_pdf(MEDIA)), read)
    assert caught.value.reason is Unreadable.PACKAGE_MISSING


def test_aes_without_cryptography_in_a_process(tmp_path: Path) -> None:
    """The whole way, in an interpreter that cannot import the package."""
    path = tmp_path / "aes.pdf"
    path.write_bytes(AES_256)
    code = (
        "import sys; sys.modules.update({'cryptography': None, 'Crypto': None})\n"
        "from esign_core.model.pdf import read_pages, UnreadablePdfError\n"
        "try: read_pages(open(sys.argv[1], 'rb'))\n"
        "except UnreadablePdfError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)  # noqa: S603 - our own code
    assert done.stdout == "the PDF cannot be read: package_missing\n"


SIGNED = b"<< /Type /Sig /Filter /Adobe.PPKLite >>"
DOCMDP = b"<< /Type /Sig /Reference [null << /TransformMethod /DocMDP >>] >>"


@pytest.mark.parametrize(
    ("catalog", "more", "found"),
    [
        (b"", {}, set()),
        (b"/AcroForm << /Fields [] /SigFlags 1 >>", {}, set()),
        (b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /FT /Sig /T (a) >>"}, set()),
        (b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /FT /Tx /T (a) /V (text) >>"}, set()),
        (b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /FT /Sig /V 5 0 R >>", 5: SIGNED}, {"signed"}),
        (b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /FT /Btn /V << >> >>"}, set()),
        (
            b"/AcroForm << /Fields [4 0 R 6 0 R] >>",
            {4: b"<< /FT /Sig /V 5 0 R >>", 5: SIGNED, 6: b"<< /FT /Tx /Kids [<< >>] >>"},
            {"signed"},
        ),
        (b"/AcroForm << /Fields [4 0 R] >>", {4: b"<< /FT /Sig /V 5 0 R >>", 5: DOCMDP}, {"signed", "certified"}),
        (
            b"/AcroForm << /Fields [null 4 0 R 4 0 R] >>",
            {4: b"<< /FT /Sig /Kids [6 0 R 4 0 R] >>", 6: b"<< /V 5 0 R /Parent 4 0 R >>", 5: SIGNED},
            {"signed"},
        ),
        (b"/Perms << /DocMDP 5 0 R >>", {5: SIGNED}, {"certified"}),
        (b"/Perms << /UR3 5 0 R >>", {5: SIGNED}, set()),
        (b"/AcroForm << /XFA [(template) 4 0 R] >>", {4: b"<< >>"}, {"xfa"}),
        (b"/AcroForm << /XFA null >>", {}, set()),
        (b"/Collection << /Type /Collection >>", {}, {"portfolio"}),
    ],
)
def test_traits_of_a_catalog(catalog: bytes, more: dict[int, bytes], found: set[str]) -> None:
    """A signature field counts once it has a value; what is null is absent."""
    names = ("encrypted", "signed", "certified", "xfa", "portfolio")
    traits = read_traits(io.BytesIO(page_pdf(MEDIA, catalog=catalog, more=more)))
    assert traits == Traits(**{name: name in found for name in names})


def test_pypdf_is_quiet_while_reading(caplog: pytest.LogCaptureFixture) -> None:
    """However many files are read at once; its records pass again afterwards, and meanwhile in other threads."""
    caplog.set_level(logging.DEBUG)
    broken = [damaged_copies()[4]] * 40
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(size, broken))
    assert caplog.text == ""
    with pdf.quiet_pypdf(), ThreadPoolExecutor(1) as pool:
        pool.submit(logging.getLogger("pypdf._reader").warning, "elsewhere").result()
        logging.getLogger("pypdf._reader").warning("here")
    logging.getLogger("pypdf._reader").warning("later")
    assert [record.message for record in caplog.records] == ["elsewhere", "later"]
