"""A deadline ends an exchange that is slow in any step: connecting, sending, or an answer that arrives byte by byte."""

from __future__ import annotations

import socket
import time

import attrs
import httpcore
import pytest
from tests.support.acme import DRAFT, KEY, PDF, AcmeSettings, Bench
from tests.support.vendor import FINE, Answer, Vendor, answer
from tests.unit.esign_core.conftest import OpenBench

from esign_core.accounts.settings import Secret
from esign_core.engine.attempt import AttemptTrace, Failure
from esign_core.http.downloads import MemoryTarget
from esign_core.http.exchange import AnswerEnd, Exchange, bound, running
from esign_core.http.transport import Transport
from esign_core.model.documents import Document
from esign_core.model.errors import OutcomeUnknownError, UnavailableError
from esign_core.providers.flow import Call, Save

pytestmark = pytest.mark.loopback

SHORT = 0.5


def dripping(said: bytes, start: int = 0) -> Answer:
    """Return an answer that comes byte by byte, each well within any timeout, and never to its end."""

    def drip(vendor: Vendor, connection: socket.socket) -> None:
        connection.sendall(said[:start])
        for byte in said[start:-1]:
            if vendor.closing.wait(0.05):
                return
            connection.sendall(bytes((byte,)))
        vendor.closing.wait(20)

    return drip


@pytest.fixture
def hasty(vendor: Vendor, open_bench: OpenBench) -> Bench:
    """Return a client with a short deadline and a long timeout."""
    return open_bench(vendor.origin, timeout=30.0, deadline=SHORT)


@pytest.mark.parametrize("start", [0, 30, len(FINE) - 5])
def test_dripping_answer_to_an_effect_is_unknown(hasty: Bench, vendor: Vendor, start: int) -> None:
    """In its first line, its headers or its body; no timeout between two bytes passes."""
    vendor.say(dripping(FINE, start))
    began = time.monotonic()
    with pytest.raises(OutcomeUnknownError, match="the deadline passed"):
        hasty.create(DRAFT)
    assert time.monotonic() - began < 15
    assert len(vendor.heard) == 1


def test_dripping_answer_to_a_read_is_asked_for_again(hasty: Bench, vendor: Vendor) -> None:
    """Each attempt has its own deadline."""
    vendor.say(dripping(FINE), FINE)
    assert hasty.get("P1").id == "P1"
    assert len(vendor.heard) == 2


def test_dripping_download_is_given_up(hasty: Bench, vendor: Vendor) -> None:
    """A file that never ends is not waited for."""
    vendor.say(*[dripping(answer(PDF), 200)] * 4)
    with pytest.raises(UnavailableError, match="the deadline passed"):
        hasty.download("P1")
    assert len(vendor.heard) == 4


def test_upload_that_is_not_read_ends(hasty: Bench, vendor: Vendor) -> None:
    """A server that takes a few bytes now and then holds an upload for no longer than the deadline."""
    large = Document.from_bytes(b"%PDF-1.7" + bytes(8_000_000) + b"%%EOF", name="large.pdf")

    def slow() -> None:
        vendor.closing.wait(5)

    vendor.on_headers = slow
    with pytest.raises(OutcomeUnknownError, match="the deadline passed"):
        hasty.create(attrs.evolve(DRAFT, documents=[large]))


def test_silent_connection_counts_too(vendor: Vendor, open_bench: OpenBench) -> None:
    """A handshake that is never answered ends with the deadline, and nothing was sent."""
    bench = open_bench(vendor.origin.replace("http:", "https:"), timeout=30.0, deadline=SHORT)
    with pytest.raises(UnavailableError, match="deadline"):
        bench.create(DRAFT)
    assert vendor.heard == []


# --- with a clock of our own -----------------------------------------------------------------------------------------


class Hands:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("size", "received", "deadline", "expected"),
    [
        (0, 0, None, 30.0),
        (128 * 1024 * 10, 0, None, 40.0),
        (0, 128 * 1024 * 5, None, 35.0),
        (128 * 1024, 128 * 1024, None, 32.0),
        (10**9, 10**9, 7.0, 7.0),
    ],
)
def test_deadline_allows_for_the_size(size: int, received: int, deadline: float | None, expected: float) -> None:
    """30 s, and a second for every 128 KiB that were sent or have arrived; a deadline of one's own stands alone."""
    clock = Hands()
    exchange = Exchange(method="GET", size=size, deadline=deadline, clock=clock)
    exchange.received = received
    assert exchange.remaining() == expected
    clock.now += expected
    assert exchange.remaining() == 0


def test_timeouts_are_shortened() -> None:
    """The shorter of the timeout and what is left; outside of an exchange, the timeout."""
    clock = Hands()
    assert bound(3.0, httpcore.ReadTimeout) == 3.0
    with running(Exchange(method="GET", deadline=10.0, clock=clock)):
        assert bound(3.0, httpcore.ReadTimeout) == 3.0
        assert bound(None, httpcore.ReadTimeout) == 10.0
        clock.now += 8
        assert bound(3.0, httpcore.ReadTimeout) == 2.0
        clock.now += 2
        with pytest.raises(httpcore.WriteTimeout):
            bound(3.0, httpcore.WriteTimeout)


def failure_of(vendor: Vendor, call: Call, *, after: float) -> Failure:
    """Make a call whose clock jumps when the vendor has it, and return how it failed."""
    clock = Hands()

    def jump() -> None:
        clock.now += after

    vendor.on_headers = jump
    transport = Transport(AcmeSettings(base_url=vendor.origin, key=Secret(KEY)), clock=clock)
    trace = AttemptTrace()
    outcome = transport.send(call, MemoryTarget(), trace)
    transport.close()
    assert outcome.failure is not None
    assert trace.headers_sent
    assert trace.may_have_been_sent
    return outcome.failure


def test_default_deadline_ends_small_calls(vendor: Vendor) -> None:
    """After more than 30 s by the clock, the client does not wait for the rest of the answer."""
    vendor.say(dripping(FINE, 30), dripping(answer(PDF), 200))
    for call in (Call.post("/x", json={}), Call.get("/x", save=Save("a.pdf"))):
        failure = failure_of(vendor, call, after=31)
        assert failure.what.startswith("the deadline passed")
        assert failure.sent


def test_bytes_outside_of_an_exchange_are_left_over() -> None:
    """A connection that brings something when nothing was asked is not used again."""
    end = AnswerEnd()
    end.feed(b"HTTP/1.1 200 OK\r\n\r\n")
    assert end.exceeded


@pytest.mark.parametrize("said", [b"gibberish\r\n\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n"])
def test_garbled_answer_spoils_its_connection(said: bytes) -> None:
    """Where the end of an answer cannot be found, nothing else is read from the connection."""
    end = AnswerEnd()
    with running(Exchange(method="GET")):
        end.feed(said)
    assert end.exceeded


def test_switched_protocol_ends_the_answer() -> None:
    """An answer that switches from HTTP to another protocol does not end by itself."""
    end = AnswerEnd()
    with running(Exchange(method="GET")):
        end.feed(b"HTTP/1.1 101 Switching Protocols\r\n\r\nwhatever")
        end.feed(b"")
    assert end.exceeded
