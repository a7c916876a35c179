"""Content codings: decoded in bounded chunks, and only if they are whole."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.http.decoding import CHUNK, ContentDecoder, DecodingError


def decoded(encoding: str, *steps: bytes) -> bytes:
    decoder = ContentDecoder(encoding)
    body = b"".join(piece for step in steps for piece in decoder.decode(step))
    decoder.finish()
    return body


def cut(raw: bytes, size: int) -> list[bytes]:
    return [raw[start : start + size] for start in range(0, len(raw), size)]


def raw_deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "GZip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": raw_deflate,
    "gzip, identity": gzip.compress,
    "identity,gzip": gzip.compress,
    "aws-chunked, gzip": gzip.compress,
    "deflate, gzip": lambda content: gzip.compress(zlib.compress(content)),
    "gzip, gzip": lambda content: gzip.compress(gzip.compress(content, mtime=0)),
}


@given(st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(sorted(CODINGS)))
def test_coding_is_decoded_in_any_steps(content: bytes, size: int, encoding: str) -> None:
    """Gzip, zlib, raw deflate and lists of them come out the same, however the body is cut up."""
    assert decoded(encoding, *cut(CODINGS[encoding](content), size)) == content


@pytest.mark.parametrize(
    "encoding",
    ["", "identity", "utf-8", "UTF-8", "none", "aws-chunked", "binary", "8bit", "7bit", "chunked", ",", "utf-8, none"],
)
def test_identity_tokens_change_nothing(encoding: str) -> None:
    """Tokens that compress nothing leave the body unchanged, for any first bytes."""
    assert decoded(encoding, gzip.compress(b"a", mtime=0), b"b") == gzip.compress(b"a", mtime=0) + b"b"
    assert not ContentDecoder(encoding).proves_end


@given(st.lists(st.binary(max_size=300), min_size=2, max_size=5), st.integers(1, 40))
def test_gzip_members_are_all_read(contents: list[bytes], size: int) -> None:
    """A gzip body may have several members, one after another (RFC 1952, 2.2)."""
    packed = b"".join(gzip.compress(content, mtime=0) for content in contents)
    assert decoded("gzip", *cut(packed, size)) == b"".join(contents)


@given(st.binary(min_size=1, max_size=500), st.integers(1, 20), st.sampled_from(sorted(CODINGS)))
def test_truncated_body_is_refused(content: bytes, missing: int, encoding: str) -> None:
    """Also where only the end of the coding is missing, and all of the content has come."""
    packed = CODINGS[encoding](content)
    if missing < len(packed):
        with pytest.raises(DecodingError):
            decoded(encoding, packed[:-missing])


@given(st.integers(1, 19))
def test_truncated_second_member_is_refused(missing: int) -> None:
    """The first member's end is not the body's end."""
    with pytest.raises(DecodingError):
        decoded("gzip", gzip.compress(b"first", mtime=0) + gzip.compress(b"second", mtime=0)[:-missing])


@pytest.mark.parametrize("rubbish", [b"junk", b"\x1f", b"\x1f\x8c", b"\0\0x", b"\0" + gzip.compress(b"late", mtime=0)])
@pytest.mark.parametrize("size", [1, 1000])
def test_rubbish_after_the_end_is_refused(rubbish: bytes, size: int) -> None:
    """Bytes that are neither a member nor padding belong to something else."""
    with pytest.raises(DecodingError):
        decoded("gzip", *cut(gzip.compress(b"a", mtime=0) + rubbish, size))


@pytest.mark.parametrize("packed", [zlib.compress(b"a"), raw_deflate(b"a")])
@pytest.mark.parametrize("rest", [b"x", b"\0"])
def test_rubbish_after_deflate_is_refused(packed: bytes, rest: bytes) -> None:
    """Deflate has neither members nor padding."""
    with pytest.raises(DecodingError):
        decoded("deflate", packed + rest)


@pytest.mark.parametrize("size", [1, 1000])
def test_zero_padding_is_passed_over(size: int) -> None:
    """Trailing zeros are padding, as gzip(1) reads them."""
    assert decoded("gzip", *cut(gzip.compress(b"a", mtime=0) + bytes(30), size)) == b"a"


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", ", ".join(["gzip"] * 5)])
def test_unsupported_coding_is_refused(encoding: str) -> None:
    """What cannot be decoded is not handed on."""
    with pytest.raises(DecodingError):
        ContentDecoder(encoding)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b'{"id": "P1"}'),
        ("gzip", gzip.compress(b"abc" * 90, mtime=0)[:12] + b"\xff\xff" + gzip.compress(b"abc" * 90, mtime=0)[14:]),
        ("deflate", b"\xff\xff\xff"),
    ],
)
def test_damaged_body_is_refused(encoding: str, body: bytes) -> None:
    """Bytes that the coding cannot hold are an error, not a text."""
    with pytest.raises(DecodingError):
        decoded(encoding, body)


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
def test_bomb_comes_in_bounded_chunks(encoding: str) -> None:
    """However much a step holds, no decoded chunk is longer than the limit."""
    chunks = ContentDecoder(encoding).decode(CODINGS[encoding](bytes(20 * CHUNK)))
    sizes = [len(chunk) for chunk in chunks]
    assert sum(sizes) == 20 * CHUNK
    assert max(sizes) <= CHUNK


def test_body_without_bytes_is_whole() -> None:
    """An answer without a body may still name a coding."""
    assert decoded("gzip") == b""
    assert ContentDecoder("gzip").proves_end
