"""Read an answer's body: refusals keep their status, and a file's end must be proven."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import httpx
import pytest

from esign_core.engine.attempt import AttemptTrace
from esign_core.http.body import MemoryBody, body_of
from esign_core.http.downloads import IncompleteFileError, MemoryTarget
from esign_core.providers.flow import Call, Save


class Stream(httpx.SyncByteStream):
    """A body that has not been read."""

    def __iter__(self) -> Iterator[bytes]:
        yield b""


def body(status: int, headers: dict[str, str], *, save: str = "") -> MemoryBody:
    """Return what reads the body of an answer with this status and these headers."""
    call = Call.get("/x", save=Save(save) if save else None)
    response = httpx.Response(status, headers=headers, stream=Stream())
    return body_of(call, response, AttemptTrace(), 1000, MemoryTarget())


@pytest.mark.parametrize("status", [400, 401, 429, 503])
def test_refusal_in_unknown_coding_keeps_status(status: int) -> None:
    """A body that cannot be decoded is left out; the status says all that is needed."""
    refused = body(status, {"content-encoding": "br"})
    assert not refused.take(b"\x0b\x02\x80")
    reply = refused.finish()
    assert (reply.status, reply.body) == (status, b"")


def test_refusal_with_damaged_coding_keeps_status() -> None:
    """The same for a body that begins well."""
    refused = body(422, {"content-encoding": "gzip"})
    packed = gzip.compress(b"the vendor's sentence")
    assert refused.take(packed[:10])
    assert not refused.take(b"\x07" * 40)
    reply = refused.finish()
    assert (reply.status, reply.body) == (422, b"")


def test_file_without_marked_end_is_incomplete() -> None:
    """A body that ends with its connection proves nothing, unless its content has an end of its own."""
    download = body(200, {"content-type": "application/zip"}, save="files.zip")
    assert download.take(b"PK\x03\x04 the first half")
    with pytest.raises(IncompleteFileError, match="whole file"):
        download.finish()
