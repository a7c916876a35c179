"""Take one Base64 member out of a JSON answer while it streams past."""

from __future__ import annotations

import binascii
import json
import re

import attrs

from esign_core.engine.attempt import DownloadFile
from esign_core.http.downloads import IncompleteFileError, UnexpectedFileError

_LONGEST_PREFIX = 150
_LONGEST_REST = 4 * 1024 * 1024
_ESCAPE = re.compile(rb"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_CUT_ESCAPE = re.compile(rb"\\(u[0-9a-fA-F]{0,3})?$")


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
            raise UnexpectedFileError("the file is not Base64")
        self._ended = self._ended or text[:cut].endswith(b"=")
        try:
            return binascii.a2b_base64(text[:cut], strict_mode=True) if cut else b""
        except binascii.Error:
            pass
        raise UnexpectedFileError("the file is not Base64")

    def finish(self) -> bytes:
        """Return what was held back, and make sure that nothing is missing at the end."""
        last = b""
        if not self._begun:
            held, self._rest, self._begun = self._rest, b"", True
            last = self.decode(held)
        if self._rest:
            raise IncompleteFileError("the file's Base64 is truncated")
        return last


def _after_prefix(text: bytes) -> bytes | None:
    """Return the text without a data URI's prefix, or None where more of it is needed to tell."""
    if not text.startswith(b"data:"):
        return None if b"data:".startswith(text) else text
    _, mark, rest = text.partition(b"base64,")
    if mark:
        return rest
    if len(text) > _LONGEST_PREFIX:
        raise UnexpectedFileError("the file is not Base64")
    return None


class MemberScanner:
    """Passes a JSON object through, taking out the text of one top-level member as it streams past.

    The key is compared without regard to case (RFC 8259 knows none). The rest is the same JSON with an empty text.
    """

    def __init__(self, member: str, file: DownloadFile) -> None:
        self._member = member.lower()
        self._file = file
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
            raise IncompleteFileError("the answer is truncated")
        self._file.write(self._decoder.finish())

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
        # A quotation mark always ends the text: Base64 contains none, escaped or not.
        end = chunk.find(b'"', position)
        text = self._held + chunk[position : end if end >= 0 else len(chunk)]
        self._held = b""
        if end < 0 and (cut := _CUT_ESCAPE.search(text)):
            text, self._held = text[: cut.start()], cut[0]
        self._file.write(self._decoder.decode(_ESCAPE.sub(_unescaped, text) if b"\\" in text else text))
        if end < 0:
            return len(chunk)
        self._due = False
        self._left += b'"'
        return end + 1


def _key(text: bytes) -> str:
    try:
        return str(json.loads(b'"' + text + b'"')).lower()
    except ValueError:
        # Such a key matches nothing; the code that decodes the rest of the answer reports the damage.
        return ""


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """Return what an escape of JSON stands for, as far as Base64 can hold it."""
    if escape[1].startswith(b"u"):
        code = int(escape[1][1:], 16)
        return bytes((code,)) if code < 128 else b"?"
    return {b"/": b"/", b"n": b"", b"r": b"", b"t": b""}.get(escape[1], b"?")
