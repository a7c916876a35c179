"""Decode gzip and deflate in bounded chunks; reject truncated bodies.

Accept-Encoding asks for identity. A server that compresses all the same is understood for gzip and deflate
(RFC 9110, 8.4.1), also where several codings were applied one after another.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

CHUNK = 256 * 1024
"""How many bytes a decoded chunk has at most."""

_INPUT = 64 * 1024
_MOST_CODINGS = 4
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
# What servers write there although it compresses nothing: `identity` is RFC 9110's word, `aws-chunked` is left over
# from uploads to object stores, `chunked` belongs into Transfer-Encoding, the others are charsets and MIME encodings.
_IDENTITY = frozenset(
    {"", "identity", "none", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1"}
    | {"aws-chunked", "chunked", "binary", "8bit", "7bit", "plain", "null"}
)


class DecodingError(ValueError):
    """A compressed body is truncated, damaged, or in a coding that was not asked for and is not supported."""


class ContentDecoder:
    """Decodes one body as it streams past."""

    def __init__(self, encoding: str) -> None:
        """Take the value of Content-Encoding.

        Raises:
            DecodingError: it names a coding that is not supported.
        """
        names = [name.strip().strip("\"'").lower() for name in encoding.split(",")]
        coded = [name for name in names if name not in _IDENTITY]
        if len(coded) > _MOST_CODINGS or not _CODINGS.issuperset(coded):
            raise DecodingError("the body has a content coding that is not supported")
        # The codings are listed in the order in which they were applied (RFC 9110, 8.4).
        self._layers = [_Inflater(raw_deflate=name == "deflate") for name in reversed(coded)]

    @property
    def proves_end(self) -> bool:
        """Tell whether the coding itself marks its end, so that `finish` notices a truncated body."""
        return bool(self._layers)

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Yield what the next bytes decode to."""
        chunks: Iterator[bytes] = iter((raw,))
        for layer in self._layers:
            chunks = _through(layer, chunks)
        return chunks

    def finish(self) -> None:
        """Check that every coding came to its end.

        Raises:
            DecodingError: the body is truncated.
        """
        for layer in self._layers:
            layer.finish()


def _through(layer: _Inflater, chunks: Iterator[bytes]) -> Iterator[bytes]:
    return (decoded for chunk in chunks for decoded in layer.decode(chunk))


class _Inflater:
    """Decodes one coding; gzip, zlib and raw deflate are recognised by their first two bytes."""

    def __init__(self, *, raw_deflate: bool) -> None:
        self._raw_deflate = raw_deflate
        self._head = b""
        self._stream: zlib._Decompress | None = None
        self._gzip = False
        self._padding = False

    def decode(self, raw: bytes) -> Iterator[bytes]:
        """Yield what the next bytes decode to, in chunks of bounded size."""
        for start in range(0, len(raw), _INPUT):
            yield from self._decode(raw[start : start + _INPUT])

    def _decode(self, raw: bytes) -> Iterator[bytes]:
        while raw:
            if self._stream is None:
                raw = self._start(self._head + raw)
                if self._stream is None:
                    return
            if self._stream.eof:
                raw = self._after_end(raw)
                continue
            yield from self._inflate(self._stream, raw)
            raw = self._stream.unused_data

    def _inflate(self, stream: zlib._Decompress, raw: bytes) -> Iterator[bytes]:
        more = True
        while more and not stream.eof:
            try:
                chunk = stream.decompress(raw, CHUNK)
            except zlib.error:
                chunk = None
            if chunk is None:
                raise DecodingError("the body's compression is damaged")
            raw = stream.unconsumed_tail
            # A full chunk may have left something inside, though all input has been taken in.
            more = bool(raw) or len(chunk) == CHUNK
            if chunk:
                yield chunk

    def _start(self, head: bytes) -> bytes:
        """Choose the format by the first two bytes, once they are there; return what is to be decoded."""
        self._head = head
        if len(head) < 2:
            return b""
        self._head = b""
        self._gzip = head.startswith(b"\x1f\x8b")
        # RFC 1950, 2.2. The servers that send raw deflate, without this header, are as many as those that send it.
        zlib_header = head[0] & 0x0F == 8 and int.from_bytes(head[:2]) % 31 == 0
        if not (self._gzip or zlib_header or self._raw_deflate):
            raise DecodingError("the body's compression is damaged")
        bits = zlib.MAX_WBITS
        self._stream = zlib.decompressobj(bits | 16 if self._gzip else bits if zlib_header else -bits)
        return head

    def _after_end(self, raw: bytes) -> bytes:
        """Start the next gzip member (RFC 1952, 2.2); pass over zero padding, as gzip(1) does; refuse anything else."""
        if self._gzip and not raw.strip(b"\0"):
            self._padding = True
            return b""
        if self._gzip and not self._padding and raw.startswith(b"\x1f\x8b"[: len(raw)]):
            self._stream = None
            return raw
        raise DecodingError("bytes follow the end of the body's compression")

    def finish(self) -> None:
        """Check that the end was there; a body without a single byte has nothing that could be missing."""
        if self._head or (self._stream is not None and not self._stream.eof):
            raise DecodingError("the body's compression is truncated")
