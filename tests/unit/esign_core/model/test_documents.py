"""Documents open again and again, give their bytes in steps, and are never a mixture of two files."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.model.documents import STEP, Document, SignedFile, TemplateDocument
from esign_core.model.errors import InvalidRequestError

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 8


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """Return a file that looks like a PDF."""
    path = tmp_path / "contract.pdf"
    path.write_bytes(PDF)
    return path


def changed(document: Document) -> str:
    """Return the error's text when a changed document is read."""
    with pytest.raises(InvalidRequestError) as caught:
        b"".join(document.steps())
    (problem,) = caught.value.problems
    assert problem.path == "documents"
    assert "make a new Document" in problem.hint
    return problem.message


def test_a_file_is_known_by_name_size_and_first_bytes(contract: Path) -> None:
    """These are taken at once; the rest stays where it is."""
    document = Document.from_path(contract)
    assert (document.name, document.size, document.is_pdf) == ("contract.pdf", len(PDF), True)
    assert document.head == PDF[:1024]
    assert document.content is None
    assert Document.from_path(str(contract), name="Agreement.pdf").name == "Agreement.pdf"


def test_a_missing_file_is_the_built_in_error(tmp_path: Path) -> None:
    """A caller who names a missing file gets the error where they name it."""
    with pytest.raises(FileNotFoundError):
        Document.from_path(tmp_path / "none.pdf")
    with pytest.raises(IsADirectoryError):
        Document.from_path(tmp_path)


def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    """Its bytes could be read only once, and waiting for them could take forever."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="must be a regular file"):
        Document.from_path(tmp_path / "pipe")


def test_a_relative_path_survives_a_change_of_directory(contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The document keeps the absolute path."""
    monkeypatch.chdir(contract.parent)
    document = Document.from_path("contract.pdf")
    monkeypatch.chdir("/")
    assert b"".join(document.steps()) == PDF


@pytest.mark.parametrize("source", ["file", "bytes"])
def test_content_opens_again_and_again(contract: Path, source: str) -> None:
    """A second try sends what the first one sent."""
    document = Document.from_path(contract) if source == "file" else Document.from_bytes(PDF, name="contract.pdf")
    assert b"".join(document.steps()) == b"".join(document.steps(7)) == PDF
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    with document.open() as file:
        assert file.read() == PDF


@given(content=st.binary(max_size=40), size=st.integers(min_value=1, max_value=9))
def test_steps_join_to_the_content(content: bytes, size: int) -> None:
    """With any step size, nothing is lost, repeated or padded in between."""
    document = Document.from_bytes(content, name="x")
    steps = list(document.steps(size))
    assert b"".join(steps) == content
    assert all(0 < len(step) <= size for step in steps)


@given(content=st.binary(max_size=40))
def test_base64_joins_without_padding_in_between(content: bytes) -> None:
    """It is the Base64 of the whole, with the length that was announced."""
    encoded = b"".join(Document.from_bytes(content, name="x").base64_steps())
    assert encoded == base64.b64encode(content)
    assert Document.from_bytes(content, name="x").base64_size == len(encoded)


def test_base64_of_many_steps_is_the_base64_of_the_whole() -> None:
    """Steps of a size that does not divide the content join as well."""
    content = bytes(range(251)) * (2 * STEP // 251 + 1)
    document = Document.from_bytes(content, name="x")
    assert b"".join(document.base64_steps()) == base64.b64encode(content)


def test_short_reads_join_too(monkeypatch: pytest.MonkeyPatch, contract: Path) -> None:
    """A file system that gives fewer bytes than were asked for changes nothing."""
    monkeypatch.setattr("esign_core.model.documents._read", lambda file, size: file.read(min(size, 5)))
    document = Document.from_path(contract)
    assert b"".join(document.base64_steps()) == base64.b64encode(PDF)


@pytest.mark.parametrize("kind", [bytearray, lambda content: memoryview(bytearray(content))], ids=["array", "view"])
def test_mutable_content_is_copied(kind: Callable[[bytes], bytearray | memoryview]) -> None:
    """A later change of the caller's buffer does not change the document."""
    mutable = kind(PDF)
    document = Document.from_bytes(mutable, name="x.pdf")  # type: ignore[arg-type]  # callers hand over buffers too
    mutable[0:5] = b"xxxxx"
    assert b"".join(document.steps()) == PDF


def test_a_file_that_grew_shrank_or_was_replaced_is_refused(contract: Path) -> None:
    """Its size, its inode or its time of change tell."""
    document = Document.from_path(contract)
    contract.write_bytes(PDF + b"more")
    assert changed(document) == "a document has changed since it was first seen"
    contract.write_bytes(PDF[:-1])
    assert changed(document) == "a document has changed since it was first seen"
    other = contract.with_name("other.pdf")
    other.write_bytes(PDF)
    stamp = document.stamp
    assert stamp is not None
    os.utime(other, ns=(stamp[1], stamp[1]))
    other.replace(contract)
    assert changed(document) == "a document has changed since it was first seen"
    contract.unlink()
    assert changed(document) == "a document can no longer be opened"


@pytest.mark.parametrize("cut", [0, 100])
def test_a_file_that_changes_while_it_is_read_is_refused(contract: Path, cut: int) -> None:
    """The step in hand is not handed on: no mixture leaves."""
    document = Document.from_path(contract)
    steps = document.steps(512)
    first = next(steps)
    contract.write_bytes(PDF[:cut] if cut else PDF.replace(b"\x00", b"\x01"))
    with pytest.raises(InvalidRequestError, match="has changed while it was being read"):
        list(steps)
    assert first == PDF[:512]


def test_a_file_that_stops_giving_bytes_is_refused(contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails is reported in the same words as a file that changed."""

    class Failing:
        def read(self, size: int) -> bytes:
            raise OSError(5, "Input/output error")

    from esign_core.model.documents import _read

    assert _read(Failing(), 5) == b""  # type: ignore[arg-type]  # the least of a file
    monkeypatch.setattr("esign_core.model.documents._read", lambda file, size: b"")
    assert changed(Document.from_path(contract)) == "a document has changed while it was being read"


def test_a_document_at_an_address_has_no_bytes_here() -> None:
    """The vendor fetches it; asking for its bytes says so."""
    document = Document.from_url("https://files.example.com/c.pdf", name="c.pdf")
    assert (document.size, document.is_pdf, document.base64_size) == (None, False, 0)
    with pytest.raises(InvalidRequestError, match="the vendor fetches it"):
        document.open()


def test_contents_and_names_do_not_show(contract: Path) -> None:
    """Names of files often name people, and addresses carry signatures."""
    shown = [
        repr(Document.from_path(contract)),
        repr(Document.from_url("https://files.example.com/ana?sig=1", name="Ana.pdf")),
        repr(TemplateDocument(template_id="T1", values={"who": "Ana"}, name="Ana.pdf")),
        repr(SignedFile(name="Ana.pdf", content=b"%PDF", size=4)),
    ]
    assert not any(word in text for text in shown for word in ("contract", "Ana", "sig", "PDF-"))
