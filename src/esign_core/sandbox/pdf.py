"""Make finished PDFs: the pages that were sent, followed by a page that says who signed and when."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from esign_core.model.errors import ConfigError
from esign_core.model.pdf import UnreadablePdfError, quiet_pypdf, use_reader

if TYPE_CHECKING:
    from pypdf import PdfReader, PdfWriter

_WIDTH: Final = 612
_HEIGHT: Final = 792
_LINES_PER_PAGE: Final = 42
_LETTERS_PER_LINE: Final = 88
_STAMP: Final = "Made by a sandbox. This signature has no legal force."
_UNREADABLE: Final = "The pages sent could not be read, so they are missing here."


def finished_pdf(pages: bytes, *, title: str, lines: Sequence[str]) -> bytes:
    """Return the finished PDF of the pages sent: they stay as they are, and a page with the title and lines follows.

    Raises:
        ConfigError: pypdf is not installed.
    """
    try:
        from pypdf import PdfWriter
    except ImportError as error:
        raise ConfigError(
            "Finished PDFs of a sandbox need pypdf, which is not installed.",
            hint="Install the extra: pip install 'esign[sandbox]'.",
        ) from error
    head = [_STAMP, ""]
    try:
        writer = use_reader(io.BytesIO(pages), _copied)
    # A vendor takes anything that begins like a PDF; its copy in the sandbox is then without pages.
    except UnreadablePdfError:
        writer, head = PdfWriter(), [_STAMP, _UNREADABLE, ""]
    with quiet_pypdf():
        wrapped = [piece for line in [*head, *lines] for piece in (textwrap.wrap(line, _LETTERS_PER_LINE) or [""])]
        for start in range(0, len(wrapped), _LINES_PER_PAGE):
            _certificate(writer, title, wrapped[start : start + _LINES_PER_PAGE])
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()


def _copied(reader: PdfReader) -> PdfWriter:
    """Copy a whole document: its catalog holds what the pages need, such as the form (/AcroForm) of their fields."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=reader)
    if not writer.pages:
        raise ValueError("no pages")
    return writer


def _certificate(writer: PdfWriter, title: str, lines: Sequence[str]) -> None:
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    page = writer.add_blank_page(width=_WIDTH, height=_HEIGHT)
    names = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    font = DictionaryObject({NameObject(key): NameObject(value) for key, value in names.items()})
    fonts = DictionaryObject({NameObject("/F1"): font})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(_drawing(title, lines))
    # A stream has to be an object of its own, and this is the public way to make it one.
    page.replace_contents(stream.flate_encode())


def _drawing(title: str, lines: Sequence[str]) -> bytes:
    shown = [b"BT /F1 16 Tf 54 732 Td (" + _escaped(title[:60]) + b") Tj ET", b"BT /F1 10 Tf 54 704 Td 15 TL"]
    shown += [b"(" + _escaped(line) + b") Tj T*" for line in lines]
    return b"\n".join([*shown, b"ET"])


def _escaped(text: str) -> bytes:
    raw = text.encode("cp1252", errors="replace")
    raw = bytes(max(byte, 0x20) for byte in raw)
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
