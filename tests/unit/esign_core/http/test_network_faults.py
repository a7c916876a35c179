"""Answers that are lost, cut, late or garbled: one request and no promise after an effect, another try after a read."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from tests.support.acme import DRAFT, NOW, Bench, Minimal
from tests.support.vendor import FINE, KEPT, Answer, Vendor, answer, reset, stalled
from tests.unit.esign_core.conftest import OpenBench

from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.process import Process
from esign_core.providers.flow import Call, Flow

pytestmark = pytest.mark.loopback

PATIENCE = 0.2
"""Seconds that clients of a vendor who stalls wait for a byte."""

SQUEEZED = gzip.compress(b'{"id": "P1"}')

BROKEN: dict[str, Answer] = {
    "lost": b"",
    "reset": reset,
    "cut in its first line": b"HTTP/1.1 2",
    "cut in its headers": b"HTTP/1.1 200 OK\r\ncontent-le",
    "cut in its body": answer({"id": "P1"}, content_length="500"),
    "cut in a chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\n{",
    "no HTTP": b"\x16\x03\x01 gibberish\r\n\r\n",
    "badly compressed": answer(b"no gzip", content_encoding="gzip"),
    "cut in its compression": answer(SQUEEZED[:-6], content_encoding="gzip"),
    "compressed as nobody asked": answer(SQUEEZED, content_encoding="br"),
    "damaged in its compression": answer(SQUEEZED[:12] + b"\xff\xff" + SQUEEZED[14:], content_encoding="gzip"),
    "no UTF-8": answer(b'{"id": "\xff\xfe"}'),
    "no UTF-8 of unknown kind": answer(b"\xff", content_type=""),
}
LATE: dict[str, Answer] = {
    "stalled": stalled(),
    "stalled in its headers": stalled(b"HTTP/1.1 200 OK\r\n"),
    "stalled in its body": stalled(answer({"id": "P1"})[:-3]),
}
STRANGE: dict[str, Answer] = {
    "no JSON": answer(b"all is well", content_type="text/plain"),
    "empty": answer(b""),
    "no content": b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
    "of another shape": answer(["P1"]),
    "without its id": answer({"ok": True}),
    "with a key twice": answer(b'{"id": "P1", "id": "P2"}'),
    "not a number": answer(b'{"id": NaN}'),
}
LENIENT: dict[str, Answer] = {
    "no UTF-8": answer(b'{"id": "P1", "name": "Jos\xe9"}'),
    "no UTF-8 of unknown kind": answer(b'{"id": "P1", "name": "Jos\xe9"}', content_type=""),
    "with a key twice": answer(b'{"id": "P1", "id": "P1"}'),
    "not a number": answer(b'{"id": "P1", "pages": NaN}'),
    "with zeros after it": answer(b'{"id": "P1"}\0\0'),
}
"""Refused where a read can be asked for again; after an effect, the identifier in it is kept."""
REDIRECTS = (301, 302, 303, 307, 308)
DOUBTFUL = (300, 304, 406, 408, 409, 418, 423, 425, 500, 502, 503, 504, 599)
PASSING = (408, 425, 429, 500, 502, 503, 504)

DEEDS: dict[str, Callable[[Bench], Any]] = {
    "create": lambda bench: bench.create(DRAFT),
    "resend": lambda bench: bench.resend("P1"),
    "cancel": lambda bench: bench.cancel("P1", reason="no longer needed"),
}


@pytest.fixture(params=["fresh", "kept"])
def warm(request: pytest.FixtureRequest, vendor: Vendor) -> Callable[[Bench], Bench]:
    """Return what makes a client keep a connection that a fault can then happen on, or nothing."""

    def prepare(bench: Bench) -> Bench:
        if request.param == "kept":
            vendor.keeping = True
            vendor.say(KEPT)
            bench.get("P1")
            assert vendor.connections == 1
        return bench

    return prepare


@pytest.fixture(params=sorted(DEEDS))
def deed(request: pytest.FixtureRequest) -> str:
    """Return each operation with an effect in turn."""
    return str(request.param)


def doubt(bench: Bench, vendor: Vendor, deed: str) -> OutcomeUnknownError:
    """Run an operation, and return its OutcomeUnknownError: one request, no wait, no second try."""
    with pytest.raises(OutcomeUnknownError) as caught:
        DEEDS[deed](bench)
    assert len(vendor.heard) == 1
    assert bench.waits == []
    error = caught.value
    assert error.__context__ is None
    assert (error.provider, error.operation) == ("acme", deed)
    assert error.process_id == (None if deed == "create" else "P1")
    assert error.advice
    assert error.advice in str(error)
    return error


# --- after an effect -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weather", LENIENT)
def test_answer_to_an_effect_is_read_leniently(bench: Bench, vendor: Vendor, deed: str, weather: str) -> None:
    """The identifier that stands in it is kept."""
    vendor.say(LENIENT[weather])
    DEEDS[deed](bench)
    assert len(vendor.heard) == 1


@pytest.mark.parametrize("weather", sorted({*BROKEN, *STRANGE} - LENIENT.keys()))
def test_a_broken_answer_to_a_deed_leaves_its_outcome_unknown(
    bench: Bench, vendor: Vendor, warm: Callable[[Bench], Bench], deed: str, weather: str
) -> None:
    """The operation may have taken effect: it is never repeated, and the error says what to check."""
    warm(bench)
    vendor.say({**BROKEN, **STRANGE}[weather])
    doubt(bench, vendor, deed)
    assert vendor.heard[0].whole


@pytest.mark.parametrize("weather", LATE)
def test_a_late_answer_to_a_deed_leaves_its_outcome_unknown(
    vendor: Vendor, open_bench: OpenBench, warm: Callable[[Bench], Bench], deed: str, weather: str
) -> None:
    """An exchange without a byte within the account's timeout counts as unanswered."""
    bench = warm(open_bench(vendor.origin, timeout=PATIENCE))
    vendor.say(LATE[weather])
    error = doubt(bench, vendor, deed)
    assert "no byte came in time" in str(error)


@pytest.mark.parametrize(
    ("deed", "status"),
    [*(("create", status) for status in (*REDIRECTS, *DOUBTFUL)), ("resend", 302), ("cancel", 408), ("resend", 500)],
)
def test_a_doubtful_status_of_a_deed_leaves_its_outcome_unknown(
    bench: Bench, vendor: Vendor, deed: str, status: int
) -> None:
    """Only some statuses say that nothing happened; a redirect, a timeout or a server's fault does not."""
    vendor.say(answer({"message": "sorry"}, status, location=f"{vendor.origin}/elsewhere", retry_after="1"))
    error = doubt(bench, vendor, deed)
    assert error.status == status
    assert ("sorry" in str(error)) == (status != 304)


DEFINITE = [
    (400, RefusedError),
    (401, AuthenticationError),
    (403, AuthenticationError),
    (404, RefusedError),
    (405, UnsupportedError),
    (410, NotFoundError),
    (402, RefusedError),
    (407, RefusedError),
    (411, RefusedError),
    (413, RefusedError),
    (414, RefusedError),
    (421, RefusedError),
    (431, RefusedError),
    (451, RefusedError),
    (501, UnavailableError),
    (415, RefusedError),
    (422, RefusedError),
    (429, RateLimitError),
]


@pytest.mark.parametrize(
    ("deed", "status", "kind"),
    [*(("create", *each) for each in DEFINITE), ("resend", 404, NotFoundError), ("cancel", 422, RefusedError)],
)
def test_a_definite_status_of_a_deed_says_that_nothing_happened(
    bench: Bench, vendor: Vendor, deed: str, status: int, kind: type[EsignError]
) -> None:
    """The provider names the error; the operation is still not repeated."""
    vendor.say(answer({"message": "no seal"}, status))
    with pytest.raises(kind) as caught:
        DEEDS[deed](bench)
    assert type(caught.value) is kind
    assert (caught.value.status, caught.value.vendor_message) == (status, "no seal")
    assert len(vendor.heard) == 1
    assert bench.waits == []


@pytest.mark.parametrize("body", [answer({"message": "no seal"}, 422, content_length="500"), answer(b"\xff", 422)])
def test_a_refusal_that_breaks_off_is_a_refusal(bench: Bench, vendor: Vendor, deed: str, body: bytes) -> None:
    """Its status says all that is needed."""
    vendor.say(body)
    with pytest.raises(RefusedError):
        DEEDS[deed](bench)
    assert len(vendor.heard) == 1


def test_a_refusal_before_the_body_was_read_is_a_refusal(bench: Bench, vendor: Vendor) -> None:
    """A vendor that answers early and stops listening is heard nevertheless."""
    vendor.deaf = True
    vendor.say(answer({"message": "too large"}, 413))
    large = Document.from_bytes(b"%PDF-1.7" + bytes(3_000_000), name="large.pdf")
    with pytest.raises((RefusedError, OutcomeUnknownError)):
        bench.create(attrs.evolve(DRAFT, documents=[large]))
    assert len(vendor.heard) == 1


@pytest.mark.parametrize("wrong", [KeyError("id"), TypeError("no"), OSError("disk")])
def test_a_providers_mistake_after_an_effect_is_no_all_clear(
    vendor: Vendor, open_bench: OpenBench, caplog: pytest.LogCaptureFixture, wrong: Exception
) -> None:
    """After the vendor's answer the operation is done, even if a later step fails; the log names the error's class."""

    class Careless(Minimal):
        def create(self, draft: ProcessDraft, now: Any) -> Flow[Process]:
            yield Call.post("/processes")
            raise wrong

    with pytest.raises(OutcomeUnknownError, match=type(wrong).__name__):
        open_bench(vendor.origin, Careless).create(DRAFT)
    assert f"create failed after the vendor had answered: {type(wrong).__name__}" in caplog.text


# --- after a read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("weather", BROKEN)
def test_a_broken_answer_to_a_read_is_asked_for_again(
    bench: Bench, vendor: Vendor, warm: Callable[[Bench], Bench], weather: str
) -> None:
    """A read does not change anything, so the second answer is as good as the first."""
    warm(bench)
    vendor.say(BROKEN[weather], FINE)
    assert bench.get("P1").id == "P1"
    assert [heard.connection for heard in vendor.heard] == [1, 2]
    assert vendor.connections == 2
    (wait,) = bench.waits
    assert 0 <= wait <= 0.5


@pytest.mark.parametrize("weather", LATE)
def test_a_late_answer_to_a_read_is_asked_for_again(
    vendor: Vendor, open_bench: OpenBench, warm: Callable[[Bench], Bench], weather: str
) -> None:
    """As a broken one is."""
    bench = warm(open_bench(vendor.origin, timeout=PATIENCE))
    vendor.say(LATE[weather], FINE)
    assert bench.get("P1").id == "P1"
    assert len(vendor.heard) == 2


@pytest.mark.parametrize("status", PASSING)
def test_a_passing_status_of_a_read_is_asked_again(bench: Bench, vendor: Vendor, status: int) -> None:
    """It may be gone at the next try."""
    vendor.say(answer(b"", status), FINE)
    assert bench.get("P1").id == "P1"
    assert len(vendor.heard) == 2


@pytest.mark.parametrize(
    ("weather", "kind"),
    [
        ("lost", UnavailableError),
        ("no HTTP", UnavailableError),
        ("cut in its body", UnavailableError),
        ("badly compressed", UnreadableReplyError),
        ("no UTF-8", UnreadableReplyError),
    ],
)
def test_a_read_is_given_up_after_four_tries(
    bench: Bench, vendor: Vendor, weather: str, kind: type[EsignError]
) -> None:
    """With waits in between, and an error that says whether an answer came at all."""
    vendor.say(*[BROKEN[weather]] * 9)
    with pytest.raises(kind) as caught:
        bench.get("P1")
    assert type(caught.value) is kind
    assert len(vendor.heard) == 4
    assert len(bench.waits) == 3
    assert all(wait <= limit for wait, limit in zip(bench.waits, (0.5, 1.0, 2.0), strict=True))
    assert caught.value.process_id == "P1"


def test_a_read_that_stays_refused_for_a_while_is_unavailable(bench: Bench, vendor: Vendor) -> None:
    """The vendor's last words are in the error."""
    vendor.say(*[answer({"message": "maintenance"}, 503)] * 4)
    with pytest.raises(UnavailableError, match="maintenance") as caught:
        bench.get("P1")
    assert caught.value.status == 503


@pytest.mark.parametrize("weather", STRANGE)
def test_a_strange_answer_to_a_read_is_unreadable_at_once(bench: Bench, vendor: Vendor, weather: str) -> None:
    """It arrived whole and means something else: asking again would bring the same."""
    vendor.say(STRANGE[weather])
    with pytest.raises(UnreadableReplyError) as caught:
        bench.get("P1")
    assert len(vendor.heard) == 1
    assert (caught.value.operation, caught.value.process_id) == ("get", "P1")


@pytest.mark.parametrize("status", [*REDIRECTS, 300, 304])
def test_a_redirect_of_a_read_is_unreadable_and_never_followed(bench: Bench, vendor: Vendor, status: int) -> None:
    """Wherever it leads, nothing goes there."""
    vendor.say(answer(b"", status, location=f"{vendor.origin}/elsewhere"))
    with pytest.raises(UnreadableReplyError, match="Redirects are never followed") as caught:
        bench.get("P1")
    assert caught.value.status == status
    assert [heard.path for heard in vendor.heard] == ["/v1/processes/P1"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, AuthenticationError),
        (404, NotFoundError),
        (409, ConflictError),
        (599, UnavailableError),
    ],
)
def test_a_lasting_status_of_a_read_is_its_error_at_once(
    bench: Bench, vendor: Vendor, status: int, kind: type[EsignError]
) -> None:
    """What would be the same again is not asked for again."""
    vendor.say(answer(b"", status))
    with pytest.raises(kind):
        bench.get("P1")
    assert len(vendor.heard) == 1


def test_long_answer_is_not_kept(vendor: Vendor, open_bench: OpenBench) -> None:
    """Beyond max_reply nothing is kept: a read is unreadable, an effect unknown, and a refusal stays one."""
    bench = open_bench(vendor.origin, max_reply=1000)
    for coding in ("identity", "gzip"):
        long = b'"' + b"x" * 200_000 + b'"'
        body = gzip.compress(long) if coding == "gzip" else long
        vendor.say(answer(body, content_encoding=coding))
        with pytest.raises(UnreadableReplyError, match="max_reply"):
            bench.get("P1")
        assert len(vendor.heard) == 1
        vendor.say(answer(body, content_encoding=coding))
        assert doubt(bench, vendor, "create").status == 200
        vendor.say(answer(body, 422, content_encoding=coding))
        with pytest.raises(RefusedError):
            bench.create(DRAFT)


# --- nothing sent ----------------------------------------------------------------------------------------------------


def test_a_refused_connection_is_tried_three_times_for_a_deed(vendor: Vendor, open_bench: OpenBench) -> None:
    """It is proven that nothing was sent, so that trying again is safe, and said to be so."""
    vendor.close()
    bench = open_bench(vendor.origin)
    for act, tries in ((DEEDS["create"], 3), (DEEDS["resend"], 3), (lambda each: each.get("P1"), 4)):
        bench.waits.clear()
        with pytest.raises(UnavailableError, match="Nothing happened") as caught:
            act(bench)
        assert type(caught.value) is UnavailableError
        assert len(bench.waits) == tries - 1


def test_an_unknown_host_is_not_sent(open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that cannot be looked up proves it too."""

    def nobody(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    bench = open_bench("https://api.acme.example/v1")
    with pytest.raises(UnavailableError):
        bench.create(DRAFT)
    assert len(bench.waits) == 2


def test_a_stalled_handshake_is_not_sent(vendor: Vendor, open_bench: OpenBench) -> None:
    """No header leaves before the connection is secure."""
    bench = open_bench(vendor.origin.replace("http:", "https:"), timeout=PATIENCE)
    with pytest.raises(UnavailableError, match="could not be made in time"):
        bench.create(DRAFT)
    assert vendor.heard == []
    assert len(bench.waits) == 2


# --- too many calls --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_wait_that_the_vendor_asks_for_is_waited(bench: Bench, vendor: Vendor, status: int) -> None:
    """Exactly as long as it says."""
    vendor.say(answer(b"", status, retry_after="7"), FINE)
    assert bench.get("P1").id == "P1"
    assert bench.waits == [7.0]


@pytest.mark.parametrize("after", ["31", "Sun, 01 Mar 2026 12:00:31 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wait_is_not_waited_but_told(bench: Bench, vendor: Vendor, status: int, after: str) -> None:
    """Beyond max_wait the caller learns when to come back, at once."""
    vendor.say(answer(b"", status, retry_after=after))
    with pytest.raises(RateLimitError) as caught:
        bench.get("P1")
    assert caught.value.retry_at == NOW.replace(second=31)
    assert caught.value.status == status
    assert bench.waits == []
    assert len(vendor.heard) == 1


@pytest.mark.parametrize(("after", "told"), [("5", NOW.replace(second=5)), ("soon", None)])
def test_a_deed_beyond_the_limit_is_told_when_to_come_back(
    bench: Bench, vendor: Vendor, after: str, told: object
) -> None:
    """It is never repeated, even after a short wait; a malformed date is ignored."""
    vendor.say(answer(b"", 429, retry_after=after))
    with pytest.raises(RateLimitError) as caught:
        bench.create(DRAFT)
    assert caught.value.retry_at == told
    assert len(vendor.heard) == 1


def test_a_wait_of_our_own_making_is_never_a_rate_limit(vendor: Vendor, open_bench: OpenBench) -> None:
    """With a short max_wait, tries follow each other faster; the vendor did not report too many calls."""
    vendor.say(b"", b"", b"", FINE)
    bench = open_bench(vendor.origin, max_wait=0.001)
    assert bench.get("P1").id == "P1"
    assert all(wait <= 0.001 for wait in bench.waits)


def test_the_account_keeps_its_own_limit(vendor: Vendor, open_bench: OpenBench) -> None:
    """A call beyond the budget is not sent, and the error says when a call fits again; short windows are waited out."""
    bench = open_bench(vendor.origin, limits=["2/hour"])
    bench.create(DRAFT)
    bench.create(DRAFT)
    with pytest.raises(RateLimitError, match="Nothing was sent") as caught:
        bench.create(DRAFT)
    assert caught.value.retry_at is not None
    assert caught.value.retry_at > NOW
    assert len(vendor.heard) == 2


def test_a_budget_of_seconds_is_waited_out(vendor: Vendor, open_bench: OpenBench) -> None:
    """The client waits through the given wait function, and sends the call once the budget allows it."""
    bench = open_bench(vendor.origin, limits=["1/second"])
    bench.create(DRAFT)
    bench.create(DRAFT)
    (wait,) = bench.waits
    assert wait == pytest.approx(1, abs=0.01)
    assert len(vendor.heard) == 2


def test_a_clock_that_stands_still_is_not_waited_for(
    vendor: Vendor, open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorded clock never reaches the next second: the caller gets an error, instead of waiting forever."""
    bench = open_bench(vendor.origin, limits=["1/second"])
    bench.create(DRAFT)
    monkeypatch.setattr(bench.operations, "clock", lambda: NOW)
    with pytest.raises(RateLimitError, match="Nothing was sent"):
        bench.create(DRAFT)
    assert len(bench.waits) == 1


def test_a_call_that_was_not_sent_is_not_counted(vendor: Vendor, open_bench: OpenBench) -> None:
    """Three tries at a closed door use nothing of the budget."""
    vendor.close()
    bench = open_bench(vendor.origin, limits=["1/hour"])
    for _ in range(2):
        with pytest.raises(UnavailableError):
            bench.create(DRAFT)


def test_a_compressed_answer_is_read(bench: Bench, vendor: Vendor) -> None:
    """Plain text is asked for; a vendor that compresses all the same is understood."""
    vendor.say(answer(SQUEEZED, content_encoding="gzip"))
    assert bench.create(DRAFT).id == "P1"
    assert vendor.heard[0].headers["accept-encoding"] == "identity"
