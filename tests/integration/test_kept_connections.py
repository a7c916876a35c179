"""A connection is used again only if nothing is left on it, and never for a call with an effect."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from tests.support.acme import DRAFT, PDF, Bench
from tests.support.vendor import KEPT, Answer, Vendor, answer

from esign_core.model.errors import UnavailableError, UnreadableReplyError

pytestmark = pytest.mark.loopback

STRANGER = answer({"id": "STRANGER01"}, connection="keep-alive")
CHUNKED = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: keep-alive\r\ntransfer-encoding: chunked\r\n\r\n"
    b'c\r\n{"id": "P1"}\r\n0\r\n\r\n'
)
CHUNKS = b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n"


@pytest.fixture(autouse=True)
def _keeping(vendor: Vendor) -> None:
    vendor.keeping = True


def test_connection_is_used_again(bench: Bench, vendor: Vendor) -> None:
    """Reads share one connection while nothing is wrong with it, whichever way their answers end."""
    vendor.say(KEPT, CHUNKED, KEPT)
    assert [bench.get("P1").id for _ in range(3)] == ["P1"] * 3
    assert vendor.connections == 1


def test_effects_use_connections_of_their_own(bench: Bench, vendor: Vendor) -> None:
    """Nothing left over on a connection can pass for the answer to an effect."""
    vendor.say(KEPT, KEPT, KEPT, KEPT)
    bench.get("P1")
    bench.create(DRAFT)
    bench.create(DRAFT)
    bench.get("P1")
    assert [heard.connection for heard in vendor.heard] == [1, 2, 3, 1]


@pytest.mark.parametrize("first", [KEPT, CHUNKED], ids=["length", "chunks"])
@pytest.mark.parametrize(
    "stray",
    [STRANGER, CHUNKED.replace(b"P1", b"P9"), STRANGER[:40], b"\r\n", b"x", b"HTTP/1.1 100 Continue\r\n\r\n"],
    ids=["answer", "chunked", "part", "blank", "byte", "informational"],
)
def test_second_answer_is_not_taken(bench: Bench, vendor: Vendor, first: bytes, stray: bytes) -> None:
    """What follows an answer on its connection belongs to no request: the next calls get answers of their own."""
    vendor.say(first + stray, KEPT, KEPT + stray, KEPT)
    assert [bench.get("P1").id, bench.get("P1").id, bench.get("P1").id, bench.create(DRAFT).id] == ["P1"] * 4
    assert [heard.connection for heard in vendor.heard] == [1, 2, 2, 3]


def test_late_second_answer_is_not_taken(bench: Bench, vendor: Vendor) -> None:
    """What arrives while a connection waits is noticed before it is used again."""
    arrived = threading.Event()

    def twice(_: Vendor, connection: socket.socket) -> bool:
        connection.sendall(KEPT)
        assert arrived.wait(10)
        connection.sendall(STRANGER)
        sent.set()
        return True

    sent = threading.Event()
    vendor.say(twice, KEPT, KEPT)
    assert bench.get("P1").id == "P1"
    arrived.set()
    assert sent.wait(10)
    assert bench.get("P1").id == "P1"
    assert bench.create(DRAFT).id == "P1"
    assert [heard.connection for heard in vendor.heard] == [1, 2, 3]


def test_refusal_with_a_second_answer_is_not_reused(bench: Bench, vendor: Vendor) -> None:
    """Also after answers without success."""
    refused = answer({"message": "no"}, 404, connection="keep-alive")
    vendor.say(refused + STRANGER, KEPT)
    with pytest.raises(Exception, match="no"):
        bench.get("P1")
    assert bench.get("P1").id == "P1"
    assert vendor.connections == 2


def test_download_that_is_longer_than_announced_is_not_whole(bench: Bench, vendor: Vendor) -> None:
    """A length that does not fit what arrived proves nothing."""
    for length in (len(PDF) - 7, len(PDF) - 1):
        vendor.say(*[answer(PDF, content_length=str(length))] * 4)
        with pytest.raises((UnreadableReplyError, UnavailableError)):
            bench.download("P1")


ENDS: dict[str, tuple[Answer, bool]] = {
    "closed, whole": (b"HTTP/1.1 200 OK\r\n\r\n" + PDF, True),
    "closed, cut": (b"HTTP/1.1 200 OK\r\n\r\n" + PDF[:-9], False),
    "HTTP/1.0, whole": (b"HTTP/1.0 200 OK\r\n\r\n" + PDF, True),
    "HTTP/1.0, cut": (b"HTTP/1.0 200 OK\r\n\r\n" + PDF[:50], False),
    "length of a cut file": (answer(PDF[:-9]), False),
    "cut chunk": (CHUNKS + b"5\r\n%PDF-\r\n", False),
    "chunks of a cut file": (
        b"HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\n%PDF-\r\n0\r\n\r\n",
        False,
    ),
}


@pytest.mark.parametrize("case", ENDS)
@pytest.mark.parametrize("to_directory", [True, False])
def test_end_of_a_download_is_proven(
    bench: Bench, vendor: Vendor, tmp_path: Path, case: str, *, to_directory: bool
) -> None:
    """By its length, its last chunk, or the file itself; what is not proven is asked for again, then refused."""
    said, whole = ENDS[case]
    audit = answer({"base64": "JVBERi0xLjQKJSVFT0Y="})
    vendor.say(said, audit) if whole else vendor.say(*[said] * 4)
    to = tmp_path if to_directory else None
    if whole:
        assert bench.download("P1", to)[0].size == len(PDF)
        return
    with pytest.raises((UnreadableReplyError, UnavailableError)):
        bench.download("P1", to)
    assert len(vendor.heard) == 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["JVBERi0xLjQK", "JVBERi0xLjQKJSVFTw=="])
def test_cut_pdf_inside_json_is_refused(bench: Bench, vendor: Vendor, content: str) -> None:
    """The JSON is whole, and the file in it is not."""
    vendor.say(answer(PDF), *[answer({"base64": content})] * 4)
    with pytest.raises(UnreadableReplyError):
        bench.download("P1")
