"""Files arrive in memory or appear together in a directory; what streams past is scanned, never held."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from esign_core.http import json_member
from esign_core.http.downloads import (
    DirectoryTarget,
    DownloadFile,
    IncompleteFileError,
    MemoryTarget,
    UnexpectedFileError,
    download_target,
    safe_name,
)
from esign_core.http.json_member import Base64Decoder, MemberScanner
from esign_core.model.documents import FileKind
from esign_core.model.errors import InvalidRequestError
from esign_core.providers.flow import Save

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n"


def pieces(content: bytes, cuts: list[int]) -> Iterator[bytes]:
    """Yield the content cut at the given places."""
    places = sorted({cut % (len(content) + 1) for cut in cuts})
    for begin, end in zip([0, *places], [*places, len(content)], strict=True):
        yield content[begin:end]


CUTS = st.lists(st.integers(min_value=0, max_value=10_000), max_size=12)


# --- names -----------------------------------------------------------------------------------------------------------


@given(st.text() | st.text("./\\: con.pdf\0\u202e"))
@example("x" * 300 + ".pdf")
@example("x." + "y" * 300)
@example("é" * 200 + ".pdf")
@example("con.pdf")
@example("COM1")
@example("\ud800.pdf")
def test_no_name_leaves_its_directory(name: str) -> None:
    """For any name of the vendor, the file's name is the last part of a path, printable, short, and not hidden."""
    safe = safe_name(name)
    assert safe
    assert Path("/base", safe).parent == Path("/base")
    assert Path(safe).name == safe
    assert not set(safe) & set('/\\\0\n\r\t:*?"<>|\u202e')
    assert not safe.startswith(".")
    assert len(safe.encode()) <= 151
    assert safe.split(".", maxsplit=1)[0].casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("given_", "safe"),
    [
        ("contract.pdf", "contract.pdf"),
        ("Contrato de Ana.pdf", "Contrato de Ana.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.pdf", "a.pdf"),
        ("a:b?.pdf", "a_b_.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        ("dir/", "document.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("x" * 200 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_keeps_what_is_harmless(given_: str, safe: str) -> None:
    """A reader recognises the file; its ending survives a cut."""
    assert safe_name(given_) == safe


# --- in memory -------------------------------------------------------------------------------------------------------


def test_a_file_in_memory_has_content_size_and_hash() -> None:
    """And no path."""
    writer = MemoryTarget().open(Save("../a.pdf", FileKind.AUDIT_RECORD))
    writer.write(PDF[:5])
    writer.write(PDF[5:])
    file = writer.finish()
    assert (file.name, file.kind, file.content, file.path) == ("a.pdf", FileKind.AUDIT_RECORD, PDF, None)
    assert (file.size, file.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())


def test_what_is_called_a_pdf_must_be_one() -> None:
    """An error page under a PDF's name is not a signed contract; files with other names may hold anything."""
    writer = MemoryTarget().open(Save("a.PDF"))
    writer.write(b"<html>sorry")
    with pytest.raises(UnexpectedFileError, match="is something else"):
        writer.finish()
    assert MemoryTarget().open(Save("a.zip")).finish().size == 0


def test_a_pdf_is_known_by_its_first_kilobyte_however_it_arrives() -> None:
    """Some begin with other bytes; the mark stands within the first 1024."""
    for before, good in ((1000, True), (1024, False)):
        writer = MemoryTarget().open(Save("a.pdf"))
        for byte in b"x" * before + PDF:
            writer.write(bytes((byte,)))
        with contextlib.nullcontext() if good else pytest.raises(UnexpectedFileError):
            writer.finish()


ENDS = {
    "as written": b"%%EOF",
    "with a line end": b"%%EOF\r\n",
    "padded with zeros": b"%%EOF\n" + bytes(5000),
    "padded with spaces": b"%%EOF\n" + b" \r\n\t" * 900,
    "with some bytes after it": b"%%EOF\n" + b"x" * 1000,
}
NO_ENDS = {
    "without it": b"",
    "cut in it": b"%%EO",
    "with it too early": b"%%EOF" + b"x" * 1024,
    "with it split by padding": b"%%E" + bytes(2000) + b"OF",
}


@pytest.mark.parametrize("name", ["a.pdf", "a.bin", "a"])
@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"\xef\xbb\xbf%PDF-1.4", b"\r\n%PDF-1.4"])
@pytest.mark.parametrize("size", [1, 700, 10_000])
def test_pdf_must_have_its_end(name: str, head: bytes, size: int) -> None:
    """Under any name, content that begins as a PDF and does not end as one is incomplete."""
    for end in (*ENDS.values(), *NO_ENDS.values()):
        file = MemoryTarget().open(Save(name))
        content = head + b"x" * 3000 + end
        for start in range(0, len(content), size):
            file.write(content[start : start + size])
        good = end in ENDS.values()
        assert file.proves_end is good
        with contextlib.nullcontext() if good else pytest.raises(IncompleteFileError, match="no end"):
            file.finish()


def test_other_files_need_no_end() -> None:
    """A ZIP that holds a PDF is not one."""
    file = MemoryTarget().open(Save("a.zip"))
    file.write(b"PK\x03\x04 a.pdf %PDF-1.7")
    assert file.finish().size == 19
    assert not file.proves_end


def test_two_files_of_one_name_get_two_names() -> None:
    """Compared as file systems compare; a second try at the same file keeps its name."""
    target = MemoryTarget()
    first, second, third, bare = Save("a.pdf"), Save("x/A.PDF"), Save("a.pdf"), Save("a")
    names = [target.open(save)._name for save in (first, second, third, bare, Save("A"), first)]
    assert names == ["a.pdf", "A (2).PDF", "a (3).pdf", "a", "A (2)", "a.pdf"]
    target.commit()
    target.rollback()


# --- in a directory --------------------------------------------------------------------------------------------------


def write(target: MemoryTarget, name: str, content: bytes = PDF) -> DownloadFile:
    """Write a whole file."""
    writer = target.open(Save(name))
    writer.write(content)
    writer.finish()
    return writer


def visible(directory: Path) -> list[str]:
    """Return the names of everything in a directory, hidden or not."""
    return sorted(path.name for path in directory.iterdir()) if directory.exists() else []


def test_files_appear_together_after_the_last(tmp_path: Path) -> None:
    """Until then no partial set is visible; then all files exist, readable by their owner alone."""
    directory = tmp_path / "new" / "deep"
    target = DirectoryTarget(directory)
    write(target, "a.pdf")
    write(target, "b.pdf")
    assert all(name.startswith(".esign-") for name in visible(directory))
    target.commit()
    assert visible(directory) == ["a.pdf", "b.pdf"]
    assert (directory / "a.pdf").read_bytes() == PDF
    assert stat.S_IMODE((directory / "a.pdf").stat().st_mode) == 0o600


def test_a_file_knows_where_it_will_be(tmp_path: Path) -> None:
    """Its bytes are on disk, not in memory."""
    target = DirectoryTarget(str(tmp_path))
    writer = target.open(Save("a.pdf"))
    writer.write(PDF)
    file = writer.finish()
    assert (file.path, file.content, file.size) == (tmp_path / "a.pdf", None, len(PDF))


def taken(directory: Path, name: str) -> None:
    """Put something else into the place of a file."""
    path = directory / name
    if name == "a.pdf":
        path.write_bytes(b"mine")
    elif name == "b.pdf":
        path.symlink_to(directory / "nowhere")
    elif name == "c.pdf":
        path.mkdir()
    else:
        (directory / "same").write_bytes(PDF)
        path.symlink_to(directory / "same")


@pytest.mark.parametrize("name", ["a.pdf", "b.pdf", "c.pdf", "d.pdf"])
def test_other_files_are_not_overwritten(tmp_path: Path, name: str) -> None:
    """A file, a dangling link, a directory and a link to the same content are in the way, and stay."""
    taken(tmp_path, name)
    before = visible(tmp_path)
    target = DirectoryTarget(tmp_path)
    with pytest.raises(FileExistsError, match="choose another directory"):  # noqa: PT012 - found early or late
        write(target, name)
        target.commit()
    target.rollback()
    assert visible(tmp_path) == before
    assert name != "a.pdf" or (tmp_path / name).read_bytes() == b"mine"


@pytest.mark.parametrize("links", [True, False])
def test_equal_file_is_not_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool) -> None:
    """A download that ended between two names is finished by repeating it; a file that is there is not touched."""
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a.pdf").write_bytes(PDF)
    before = (tmp_path / "a.pdf").stat()
    target = DirectoryTarget(tmp_path)
    write(target, "a.pdf")
    write(target, "b.pdf")
    target.commit()
    assert visible(tmp_path) == ["a.pdf", "b.pdf"]
    after = (tmp_path / "a.pdf").stat()
    # Without the time of access: comparing the contents reads the file.
    assert (after.st_ino, after.st_size, after.st_mtime_ns) == (before.st_ino, before.st_size, before.st_mtime_ns)


def test_equal_file_stays_where_another_is_in_the_way(tmp_path: Path) -> None:
    """What had appeared before is not taken away."""
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "c.pdf").write_bytes(b"x" * len(PDF))
    target = DirectoryTarget(tmp_path)
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        write(target, name)
    with pytest.raises(FileExistsError, match=r"c\.pdf"):
        target.commit()
    assert visible(tmp_path) == ["a.pdf", "c.pdf"]


def test_a_name_taken_meanwhile_keeps_all_files_away(tmp_path: Path) -> None:
    """None appears rather than some, and the stranger's file stays."""
    target = DirectoryTarget(tmp_path)
    write(target, "a.pdf")
    write(target, "b.pdf")
    (tmp_path / "b.pdf").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        target.commit()
    assert visible(tmp_path) == ["b.pdf"]
    assert (tmp_path / "b.pdf").read_bytes() == b"theirs"


def test_what_is_abandoned_leaves_nothing(tmp_path: Path) -> None:
    """Not even an open file, whether it had arrived or not."""
    target = DirectoryTarget(tmp_path)
    write(target, "a.pdf")
    half = target.open(Save("b.pdf"))
    half.write(b"%PDF")
    target.rollback()
    target.rollback()
    assert visible(tmp_path) == []
    with pytest.raises(ValueError, match="closed file"):
        half.write(b"more")


def test_a_second_try_at_a_file_starts_it_anew(tmp_path: Path) -> None:
    """What the first try left is gone."""
    target = DirectoryTarget(tmp_path)
    save = Save("a.pdf")
    first = target.open(save)
    first.write(b"%PDF broken")
    first.discard()
    second = target.open(save)
    second.write(PDF)
    second.finish()
    target.commit()
    assert (tmp_path / "a.pdf").read_bytes() == PDF


@pytest.mark.parametrize("to", ["", "a\0b", b"bytes", 5, object(), "\ud800\0", ["x"]])
def test_target_must_be_a_path(to: Any) -> None:
    """What no directory can be called is refused with the place named, before anything is sent."""
    with pytest.raises(InvalidRequestError) as caught:
        download_target(to)
    (problem,) = caught.value.problems
    assert problem.path == "to"


def test_target_may_be_memory_or_a_directory(tmp_path: Path) -> None:
    """Nothing is made before the first file."""
    assert type(download_target(None)) is MemoryTarget
    assert type(download_target(tmp_path / "new")) is DirectoryTarget
    assert visible(tmp_path) == []


@pytest.mark.parametrize("below", ["", "deeper"])
def test_file_is_not_a_directory(tmp_path: Path, below: str) -> None:
    """Neither is anything below a file; the error says so, at the latest before the first file is written."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidRequestError, match="to:"):
        download_target(tmp_path / "file" / below).open(Save("a.pdf"))


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")])
def test_unwritable_directory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    """The error says what the system said."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(InvalidRequestError, match=error.strerror):
        DirectoryTarget(tmp_path).open(Save("a.pdf"))


def no_links(source: Path, target: Path) -> None:
    """Be a file system without hard links."""
    raise PermissionError(1, "Operation not permitted")


def test_a_file_system_without_links_overwrites_nothing_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is reserved first."""
    monkeypatch.setattr(os, "link", no_links)
    target = DirectoryTarget(tmp_path)
    write(target, "a.pdf")
    target.commit()
    assert (tmp_path / "a.pdf").read_bytes() == PDF
    target = DirectoryTarget(tmp_path)
    write(target, "b.pdf")
    (tmp_path / "b.pdf").write_bytes(b"theirs")
    with pytest.raises(FileExistsError):
        target.commit()
    assert (tmp_path / "b.pdf").read_bytes() == b"theirs"


def test_a_name_reserved_in_vain_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk between reserving and moving leaves no empty file behind."""
    monkeypatch.setattr(os, "link", no_links)
    target = DirectoryTarget(tmp_path)
    write(target, "a.pdf")
    write(target, "b.pdf")
    (next(tmp_path.glob(".esign-*")) / "b.pdf").unlink()
    with pytest.raises(FileNotFoundError):
        target.commit()
    assert visible(tmp_path) == []


# --- Base64 in pieces ------------------------------------------------------------------------------------------------


def decoded(text: bytes, cuts: list[int]) -> bytes:
    """Return what a decoder makes of a text that arrives in pieces."""
    decoder = Base64Decoder()
    return b"".join([*(decoder.decode(piece) for piece in pieces(text, cuts)), decoder.finish()])


@given(
    content=st.binary(max_size=60),
    prefix=st.sampled_from([b"", b"data:application/pdf;base64,", b"data:;base64,", b"data: x; base64,"]),
    cuts=CUTS,
)
@example(content=base64.b64decode(b"data"), prefix=b"", cuts=[])
@example(content=base64.b64decode(b"data"), prefix=b"data:;base64,", cuts=[4, 15])
@example(content=b"", prefix=b"data:;base64,", cuts=[])
def test_base64_in_pieces_is_the_base64_of_the_whole(content: bytes, prefix: bytes, cuts: list[int]) -> None:
    """However it is cut, and with or without a data URI's prefix."""
    assert decoded(prefix + base64.b64encode(content), cuts) == content


@given(content=st.binary(min_size=1, max_size=60), cuts=CUTS, width=st.integers(min_value=1, max_value=76))
def test_base64_in_lines_is_read(content: bytes, cuts: list[int], width: int) -> None:
    """White space between the letters is passed over."""
    text = base64.b64encode(content)
    lines = b"\r\n".join(text[begin : begin + width] for begin in range(0, len(text), width))
    assert decoded(b" " + lines + b"\n", cuts) == content


@given(
    text=st.text("ABCDabcd0189+/=-_?,:;", max_size=24).map(str.encode) | st.just(b"data:" + b"A" * 200),
    cuts=CUTS,
)
@example(text=b"data:" + b"A" * 300, cuts=[5, 155, 160])
@example(text=b"data:A", cuts=[])
@example(text=b"AA==AAAA", cuts=[4])
@example(text=b"AAA", cuts=[])
def test_what_is_no_base64_is_refused_however_it_is_cut(text: bytes, cuts: list[int]) -> None:
    """Exactly what a strict decoder refuses in one piece."""
    try:
        expected = base64.b64decode(text, validate=True)
    except ValueError:
        with pytest.raises((UnexpectedFileError, IncompleteFileError)):
            decoded(text, cuts)
    else:
        assert decoded(text, cuts) == expected


# --- a member of a JSON answer ---------------------------------------------------------------------------------------

KEYS = st.text(max_size=4) | st.sampled_from(
    ["base64", "Base64", "BASE64", "x", 'base64"', "base64\\", "\N{KELVIN SIGN}"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["base64", '"', "\\", "{", ":"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=4,
)


def scanned(answer: bytes, cuts: list[int]) -> tuple[bool, bytes, bytes]:
    """Return whether the member was found, the file in it, and the rest of the answer."""
    file = io.BytesIO()
    scanner = MemberScanner("Base64", DownloadFile(file, Save("x", member="Base64"), "x", None))
    for piece in pieces(answer, cuts):
        scanner.feed(piece)
    scanner.finish()
    return scanner.found, file.getvalue(), scanner.left


@given(
    before=st.dictionaries(KEYS.filter(lambda key: key.lower() != "base64"), VALUES, max_size=3),
    key=st.sampled_from(["base64", "Base64", "BASE64", "bASE64"]),
    content=st.binary(max_size=40),
    after=st.dictionaries(KEYS.filter(lambda key: key.lower() != "base64"), VALUES, max_size=3),
    cuts=CUTS,
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
    escape=st.sampled_from(["/", "\\/", "\\u002f", "\\u002F"]),
)
def test_a_member_is_taken_out_of_an_answer_as_a_decoder_would(
    before: dict[str, Any],
    key: str,
    content: bytes,
    after: dict[str, Any],
    cuts: list[int],
    indent: int | None,
    ascii_only: bool,
    escape: str,
) -> None:
    """Any JSON around it, any case of its key, any escape, cut anywhere: the same file and the same rest."""
    text = base64.b64encode(content).decode()
    tree = {**before, key: "the file", **{name: value for name, value in after.items() if name not in before}}
    answer = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    spelt = answer.replace(f'{json.dumps(key)}: "the file"', f'{json.dumps(key)}: "{text.replace("/", escape)}"', 1)
    found, file, rest = scanned(spelt.encode(), cuts)
    assert (found, file) == (True, content)
    assert json.loads(rest) == {**tree, key: ""}


@given(tree=st.dictionaries(KEYS.filter(lambda key: key.lower() != "base64"), VALUES) | st.lists(VALUES), cuts=CUTS)
def test_an_answer_without_the_member_is_left_whole(tree: Any, cuts: list[int]) -> None:
    """A key of that name deeper down is another one."""
    answer = json.dumps(tree).encode()
    assert scanned(answer, cuts) == (False, b"", answer)


@pytest.mark.parametrize(
    ("answer", "file"),
    [
        (b'{"\\u0062ase64": "QUJD"}', b"ABC"),
        (b'{"base64": null, "BASE64": "QUJD"}', b"ABC"),
        (b'{"base64": "QUJD", "Base64": "x"}', b"ABC"),
        (b'{"base64": ["QUJD"]}', b""),
        (b'{"a": "base64", "base64" : "Q\\nU\\tJ\\rD"}', b"ABC"),
        (b'["base64", "QUJD"]', b""),
        (b'{"\\ud800": 1, "base64": "QUJD"}', b"ABC"),
        (b'{"\xff\\x": 1, "base64": "QUJD"}', b"ABC"),
        (b'"base64"', b""),
    ],
)
def test_odd_answers_are_scanned_too(answer: bytes, file: bytes) -> None:
    """Escaped keys, values of another kind, the member twice, an answer that is not an object."""
    assert scanned(answer, [*range(len(answer))])[1] == file


@pytest.mark.parametrize(
    "answer",
    [
        b'{"base64": "QUJD',
        b'{"base64": "QUJD"',
        b'{"base64": "QUJD", "name": "a',
        b'{"base64": "QUJ"}',
        b'{"base64": "QU\\u00e9D"}',
        b'{"base64": "QU\\u20acD"}',
        b'{"base64": "QU\\"D"}',
        b'{"base64": "QUJ\\"',
        b'{"base64": "\\"QUJD"}',
        b'{"base64": "data:x"}',
    ],
)
@pytest.mark.parametrize("cuts", [[], [*range(40)]])
def test_a_cut_answer_and_a_file_that_is_no_base64_are_refused(answer: bytes, cuts: list[int]) -> None:
    """Half a contract is none."""
    with pytest.raises((UnexpectedFileError, IncompleteFileError)):
        scanned(answer, cuts)


def test_an_endless_rest_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the file may be long."""
    monkeypatch.setattr(json_member, "_LONGEST_REST", 100)
    answer = b'{"name": "' + b"x" * 500 + b'", "base64": "QUJD"}'
    with pytest.raises(UnexpectedFileError, match="too long"):
        scanned(answer, [*range(0, 500, 50)])
    assert scanned(b'{"base64": "' + base64.b64encode(bytes(3000)) + b'"}', [*range(0, 500, 50)])[1] == bytes(3000)
