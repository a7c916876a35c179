"""Compressed answers: opened in bounded steps, and only if they are whole."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.http.decoding import STEP, DamagedError, Unpacker


def opened(encoding: str, *steps: bytes) -> bytes:
    unpacker = Unpacker(encoding)
    body = b"".join(piece for step in steps for piece in unpacker.open(step))
    unpacker.finish()
    return body


@given(
    st.binary(max_size=2000), st.integers(1, 50), st.sampled_from(["gzip", "x-gzip", "deflate", "", "identity", "GZip"])
)
def test_what_was_packed_comes_out_however_it_is_cut_up(content: bytes, size: int, encoding: str) -> None:
    """Gzip, deflate and nothing at all, in steps of any size."""
    packed = content
    if "zip" in encoding.lower():
        packed = gzip.compress(content)
    elif encoding == "deflate":
        packed = zlib.compress(content)
    steps = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert opened(encoding, *steps) == content


@given(st.binary(min_size=1, max_size=500), st.integers(1, 20))
def test_what_is_cut_is_damaged(content: bytes, missing: int) -> None:
    """Also where only the end of the compression is missing, and all of the content has come."""
    with pytest.raises(DamagedError):
        opened("gzip", gzip.compress(content)[:-missing])


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_a_compression_that_nobody_asked_for_is_damaged(encoding: str) -> None:
    """What cannot be opened is not handed on."""
    with pytest.raises(DamagedError):
        Unpacker(encoding)


def test_a_bomb_comes_in_bounded_steps() -> None:
    """However much is packed into a step, no opened one is longer than the limit."""
    packed = gzip.compress(bytes(20 * STEP))
    unpacker = Unpacker("gzip")
    sizes = [len(piece) for piece in unpacker.open(packed)]
    assert sum(sizes) == 20 * STEP
    assert max(sizes) <= STEP


def test_nothing_at_all_is_whole() -> None:
    """An answer without a body may still name a compression."""
    assert opened("gzip") == b""


def test_what_follows_the_end_is_passed_over() -> None:
    """Bytes behind the end of the compression are nobody's."""
    assert opened("gzip", gzip.compress(b"a"), b"junk") == b"a"
