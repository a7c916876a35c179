"""Where downloaded files go: memory, or a directory in which they appear together, after the last has arrived.

Also the scanner that finds a file inside a JSON answer while it streams past, so that no document is ever held whole.
"""

from __future__ import annotations

import binascii
import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path
from typing import BinaryIO

import attrs

from esign_core.documents import SignedFile
from esign_core.flow import Save

_LONGEST_NAME = 150
_LONGEST_ENDING = 12
_LONGEST_REST = 4 * 1024 * 1024
_ESCAPE = re.compile(rb"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CUT_ESCAPE = re.compile(rb"\\(u[0-9a-fA-F]{0,3})?$")
_DEVICES = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


class UnexpectedFileError(ValueError):
    """What arrived is not the file that was due; the text says what it is instead, never its contents."""


def safe_name(given: str) -> str:
    """Return a vendor's name for a file as one that can do no harm as the last part of a path."""
    name = given.replace("\\", "/").rpartition("/")[2]
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = re.sub(r'[:*?"<>|]', "_", name).strip(" .")
    if len(name.encode()) > _LONGEST_NAME:
        _, dot, ending = name.rpartition(".")
        tail = dot + ending if len(ending.encode()) < _LONGEST_ENDING else ""
        name = name.encode()[: _LONGEST_NAME - len(tail.encode())].decode(errors="ignore").rstrip(" .") + tail
    if name.lower() == "pdf":
        return "document.pdf"
    return f"_{name}" if _DEVICES.match(name) else name or "document.pdf"


class Writer:
    """One file on its way in: written, counted and hashed as it comes."""

    def __init__(self, file: BinaryIO, save: Save, name: str, path: Path | None) -> None:
        self._file = file
        self._save = save
        self._name = name
        self._path = path
        self._digest = hashlib.sha256()
        self._size = 0
        self._head = b""

    def write(self, step: bytes) -> None:
        """Take the next bytes."""
        self._file.write(step)
        self._digest.update(step)
        self._size += len(step)
        if len(self._head) < 1024:
            self._head = (self._head + step)[:1024]

    def finish(self) -> SignedFile:
        """Return the file, now whole.

        Raises:
            UnexpectedFileError: it is called a PDF and is none.
        """
        if self._save.name.lower().endswith(".pdf") and b"%PDF-" not in self._head:
            self.discard()
            raise UnexpectedFileError("a PDF was due, and something else came")
        content = None
        if isinstance(self._file, io.BytesIO):
            content = self._file.getvalue()
        else:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        return SignedFile(
            name=self._name,
            kind=self._save.kind,
            content=content,
            path=self._path,
            size=self._size,
            sha256=self._digest.hexdigest(),
        )

    def discard(self) -> None:
        """Give up: what has arrived so far is worth nothing."""
        self._file.close()


class Destination:
    """Where the files of one operation go: here, into memory."""

    def __init__(self) -> None:
        self._names: dict[str, Save] = {}
        self._writer: Writer | None = None

    def open(self, save: Save) -> Writer:
        """Return a writer for a file; a second try at the same file starts it anew."""
        return Writer(io.BytesIO(), save, self._name(save), None)

    def commit(self) -> None:
        """Let the files appear, all together."""

    def abandon(self) -> None:
        """Leave nothing behind, not even an open file of a download that was cancelled."""
        if self._writer is not None:
            self._writer.discard()

    def _name(self, save: Save) -> str:
        for name, taken in self._names.items():
            if taken is save:
                return name
        stem, dot, ending = safe_name(save.name).rpartition(".")
        number, name = 1, safe_name(save.name)
        while name.casefold() in {taken.casefold() for taken in self._names}:
            number += 1
            name = f"{stem} ({number}){dot}{ending}" if dot else f"{ending} ({number})"
        self._names[name] = save
        return name


class InDirectory(Destination):
    """Writes files into a directory; they are readable by their owner alone and overwrite nothing."""

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._hidden: Path | None = None
        self._arrived: dict[Path, Path] = {}

    def open(self, save: Save) -> Writer:
        """Return a writer into a hidden place beside the file's own.

        Raises:
            FileExistsError: a file of that name is already there.
        """
        name = self._name(save)
        final = self._directory / name
        if final.exists() or final.is_symlink():
            raise FileExistsError(f"{final} is already there, and nothing is overwritten; choose another directory")
        if self._hidden is None:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._hidden = Path(tempfile.mkdtemp(prefix=".esign-", dir=self._directory))
        hidden = self._hidden / name
        hidden.unlink(missing_ok=True)
        descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        self._arrived[hidden] = final
        self._writer = Writer(os.fdopen(descriptor, "wb"), save, name, final)
        return self._writer

    def commit(self) -> None:
        """Let the files appear together.

        Raises:
            FileExistsError: a name was taken meanwhile; then none of the files appears.
        """
        appeared: list[Path] = []
        try:
            for hidden, final in self._arrived.items():
                _appear(hidden, final)
                appeared.append(final)
        except OSError:
            for final in appeared:
                final.unlink(missing_ok=True)
            raise
        finally:
            self.abandon()

    def abandon(self) -> None:
        """Remove what has not appeared."""
        super().abandon()
        if self._hidden is not None:
            shutil.rmtree(self._hidden, ignore_errors=True)
            self._hidden = None
        self._arrived.clear()


def _appear(hidden: Path, final: Path) -> None:
    try:
        os.link(hidden, final)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: reserve the name first, so that still nothing is overwritten.
        os.close(os.open(final, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            hidden.replace(final)
        except OSError:
            final.unlink(missing_ok=True)
            raise


@attrs.define
class Base64Decoder:
    """Decodes Base64 that arrives in pieces; a data URI's prefix and white space are passed over."""

    _rest: bytes = b""
    _begun: bool = False
    _ended: bool = False

    def decode(self, piece: bytes) -> bytes:
        """Return the bytes that the pieces so far have completed."""
        text = self._rest + piece.translate(None, b" \r\n\t")
        if not self._begun:
            begun = _after_prefix(text)
            if begun is None:
                self._rest = text
                return b""
            text, self._begun = begun, True
        cut = len(text) - len(text) % 4
        self._rest = text[cut:]
        if cut and self._ended:
            raise UnexpectedFileError("the file is no Base64")
        self._ended = self._ended or text[:cut].endswith(b"=")
        try:
            return binascii.a2b_base64(text[:cut], strict_mode=True) if cut else b""
        except binascii.Error:
            pass
        raise UnexpectedFileError("the file is no Base64")

    def finish(self) -> bytes:
        """Return what was held back, and make sure that nothing is missing at the end."""
        last = b""
        if not self._begun:
            held, self._rest, self._begun = self._rest, b"", True
            last = self.decode(held)
        if self._rest:
            raise UnexpectedFileError("the file's Base64 is cut")
        return last


def _after_prefix(text: bytes) -> bytes | None:
    """Return the text without a data URI's prefix, or None where more of it is needed to tell."""
    if not text.startswith(b"data:"):
        return None if b"data:".startswith(text) else text
    _, mark, rest = text.partition(b"base64,")
    if mark:
        return rest
    if len(text) > _LONGEST_NAME:
        raise UnexpectedFileError("the file is no Base64")
    return None


class MemberScanner:
    """Passes a JSON object through, taking out the text of one top-level member as it streams past.

    The key is compared without regard to case (RFC 8259 knows none). What is left is the same JSON with an empty text.
    """

    def __init__(self, member: str, writer: Writer) -> None:
        self._member = member.lower()
        self._writer = writer
        self._decoder = Base64Decoder()
        self._left = bytearray()
        self._depth = 0
        self._string = bytearray()
        self._quoted = False
        self._held = b""
        self._escaped = False
        self._due = False
        self._key = ""
        self._awaiting_value = False
        self.found = False

    @property
    def left(self) -> bytes:
        """The JSON without the member's text."""
        return bytes(self._left)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes of the answer."""
        if len(self._left) > _LONGEST_REST:
            raise UnexpectedFileError("the answer is too long")
        position = 0
        while position < len(chunk):
            if self._due:
                position = self._in_member(chunk, position)
            elif self._quoted:
                position = self._in_string(chunk, position)
            else:
                self._outside(chunk[position : position + 1])
                position += 1

    def finish(self) -> None:
        """Make sure that the answer came to its end, and the file with it."""
        if self._due or self._quoted or self._depth > 0:
            raise UnexpectedFileError("the answer is cut")
        self._writer.write(self._decoder.finish())

    def _outside(self, byte: bytes) -> None:
        self._left += byte
        if byte in b"{[":
            self._depth += 1
            self._awaiting_value = False
        elif byte in b"}]":
            self._depth -= 1
        elif byte == b":":
            self._awaiting_value = self._depth == 1
        elif byte == b",":
            self._awaiting_value = False
        elif byte == b'"':
            if self._awaiting_value and self._key == self._member and not self.found:
                self._due = self.found = True
            else:
                self._string.clear()
                self._quoted = True

    def _in_string(self, chunk: bytes, position: int) -> int:
        byte = chunk[position : position + 1]
        self._left += byte
        if self._escaped:
            self._escaped = False
        elif byte == b"\\":
            self._escaped = True
        elif byte == b'"':
            if self._depth == 1 and not self._awaiting_value:
                self._key = _key(bytes(self._string))
            self._quoted = False
            return position + 1
        self._string += byte
        return position + 1

    def _in_member(self, chunk: bytes, position: int) -> int:
        # A quotation mark ends the text whatever stands before it: no Base64 holds one, escaped or not.
        end = chunk.find(b'"', position)
        text = self._held + chunk[position : end if end >= 0 else len(chunk)]
        self._held = b""
        if end < 0 and (cut := _CUT_ESCAPE.search(text)):
            text, self._held = text[: cut.start()], cut[0]
        self._writer.write(self._decoder.decode(_ESCAPE.sub(_unescaped, text) if b"\\" in text else text))
        if end < 0:
            return len(chunk)
        self._due = False
        self._left += b'"'
        return end + 1


def _key(text: bytes) -> str:
    try:
        return str(json.loads(b'"' + text + b'"')).lower()
    except ValueError:
        # Nothing is called like that, and whoever reads what is left of the answer will say what is wrong with it.
        return ""


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """Return what an escape of JSON stands for, as far as Base64 can hold it."""
    if escape[1].startswith(b"u"):
        code = int(escape[1][1:], 16)
        return bytes((code,)) if code < 128 else b"?"
    return {b"/": b"/", b"n": b"", b"r": b"", b"t": b""}.get(escape[1], b"?")
