"""What leaves: one request as announced, keys to the account's own origin alone, documents that are still the same."""

from __future__ import annotations

import asyncio
import base64
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.support.acme import DRAFT, KEY, NOW, PDF, Acme, Bench, Minimal
from tests.support.vendor import FINE, Vendor, answer, stalled
from tests.unit.esign_core.conftest import OpenBench

from esign_core.model.documents import STEP, Document, TemplateDocument
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import (
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    UnavailableError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.process import Process
from esign_core.model.resend import Resend
from esign_core.providers.base import Provider
from esign_core.providers.flow import Call, Flow, Reply

pytestmark = pytest.mark.loopback


def paths(vendor: Vendor) -> list[str]:
    """Return the method and path of every request that arrived."""
    return [f"{heard.method} {heard.path}" for heard in vendor.heard]


# --- one request -----------------------------------------------------------------------------------------------------


def test_a_creation_is_one_request_with_its_document_inside(bench: Bench, vendor: Vendor) -> None:
    """Whole, with its length announced, the key in its header, and nothing of the environment's."""
    process = bench.create(DRAFT)
    (heard,) = vendor.heard
    assert (heard.method, heard.path, heard.whole) == ("POST", "/v1/processes", True)
    assert heard.json() == {
        "name": "Services agreement",
        "people": [{"name": "Ana Beispiel", "email": "ana@example.com"}],
        "file": base64.b64encode(PDF).decode(),
    }
    assert set(heard.headers) == {
        "host", "accept", "accept-encoding", "user-agent", "content-type", "content-length", "x-acme-key",
    }  # fmt: skip
    assert heard.headers["x-acme-key"] == KEY
    assert (process.id, process.provider, process.account, process.read_at) == ("P1", "acme", "legal", None)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda bench: bench.get("P1"), ["GET /v1/processes/P1"]),
        (lambda bench: bench.get(Process(id="P1")), ["GET /v1/processes/P1"]),
        (lambda bench: bench.resend("P1", Resend()), ["PATCH /v1/processes/P1/resend"]),
        (lambda bench: bench.cancel("P1"), ["POST /v1/processes/P1/cancel"]),
        (lambda bench: bench.call("get", "/any/thing", query={"a": "b c"}), ["GET /v1/any/thing?a=b%20c"]),
        (lambda bench: bench.call("POST", "/any", json={"a": 1}), ["POST /v1/any"]),
        (lambda bench: bench.call("HEAD", "/any"), ["HEAD /v1/any"]),
    ],
    ids=["get", "get of a process", "resend", "cancel", "call", "call with a body", "head"],
)
def test_each_operation_is_the_requests_it_says(bench: Bench, vendor: Vendor, act: Any, expected: list[str]) -> None:
    """None before, none after, each with the key."""
    act(bench)
    assert paths(vendor) == expected
    assert {heard.headers["x-acme-key"] for heard in vendor.heard} == {KEY}


def test_a_read_knows_when_it_was_made(bench: Bench, vendor: Vendor) -> None:
    """By the account's clock; the vendor's whole payload stays with it."""
    vendor.say(answer({"id": "P1", "more": [1]}))
    process = bench.get("P1")
    assert process.read_at == NOW
    assert process.raw == {"id": "P1", "more": [1]}


def test_the_answer_of_any_endpoint_is_handed_over(bench: Bench, vendor: Vendor) -> None:
    """The caller gets any status, headers and body."""
    vendor.say(answer(b"\xff\x00", 201, content_type="image/png", x_more="yes"))
    reply = bench.call("POST", "/image")
    assert (reply.status, reply.headers["X-More"], reply.body) == (201, "yes", b"\xff\x00")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/../x"), ("GET", "//evil.example.com"), ("TRACE", "/x"), ("GET\r\nX: y", "/x")]
)
def test_a_call_that_leads_elsewhere_is_refused_before_it_is_sent(
    bench: Bench, vendor: Vendor, method: str, path: str
) -> None:
    """Up, out, or by a verb of another kind."""
    with pytest.raises(InvalidRequestError) as caught:
        bench.call(method, path)
    assert (caught.value.provider, caught.value.operation) == ("acme", "call")
    assert vendor.heard == []


@pytest.mark.parametrize("id_", ["X1", "", "../P1", None, 5])
@pytest.mark.parametrize("operation", ["get", "resend", "cancel", "download", "timeline"])
def test_an_id_of_another_vendor_is_not_found_without_asking(
    bench: Bench, vendor: Vendor, operation: str, id_: Any
) -> None:
    """Its form alone tells."""
    with pytest.raises(NotFoundError, match="Nothing was sent") as caught:
        getattr(bench, operation)(id_)
    assert (caught.value.provider, caught.value.operation) == ("acme", operation)
    assert vendor.heard == []


@pytest.mark.parametrize("operation", ["resend", "cancel", "download", "timeline"])
def test_what_a_minimal_provider_has_not_is_unsupported(vendor: Vendor, open_bench: OpenBench, operation: str) -> None:
    """Two flows make a provider; everything else says what to use instead."""
    with pytest.raises(UnsupportedError, match=r"client\.call") as caught:
        getattr(open_bench(vendor.origin, Minimal), operation)("P1")
    assert (caught.value.operation, caught.value.process_id) == (operation, "P1")
    assert vendor.heard == []


def test_a_flow_may_refuse_before_it_begins(vendor: Vendor, open_bench: OpenBench) -> None:
    """A plain function that judges and then returns a flow is reported like one that judges inside."""

    class Eager(Minimal):
        def cancel(self, process_id: str, reason: str, requested_by: Any, known: Any) -> Flow[Process]:
            raise UnsupportedError("not for prk_secret")

    def eager(_: Provider) -> Flow[Process]:
        raise UnsupportedError("not for prk_secret")

    bench = open_bench(vendor.origin, Eager)
    for method, given, operation in (("cancel", "P1", "cancel"), ("run", eager, "eager")):
        with pytest.raises(UnsupportedError) as caught:
            getattr(bench, method)(given)
        assert (caught.value.provider, caught.value.operation) == ("acme", operation)
        assert "prk_" not in str(caught.value)


def test_a_flow_may_mend_what_fails(vendor: Vendor, open_bench: OpenBench) -> None:
    """A failed call is thrown into it as an error, which it may catch and go on."""

    def tolerant(provider: Provider, name: str, *, times: int) -> Flow[list[str]]:
        seen = []
        for _ in range(times):
            try:
                reply = yield Call.get(f"/{name}")
                seen.append(str(reply.status))
            except AuthenticationError as error:
                seen.append(str(error.status))
        return seen

    vendor.say(answer(b"", 401), answer(b""), answer(b"", 403))
    assert open_bench(vendor.origin).run(tolerant, "x", times=3) == ["401", "200", "403"]


def test_a_connection_that_the_vendor_closed_is_not_used_again(bench: Bench, vendor: Vendor) -> None:
    """Each creation arrives once, although the vendor had promised to keep the connection open."""
    kept = answer({"id": "P1"}, connection="keep-alive")
    vendor.say(kept, kept, kept)
    for _ in range(3):
        bench.create(DRAFT)
        vendor.settle()
    assert len(vendor.heard) == 3
    assert bench.waits == []


def test_one_client_serves_many_at_once(mode: str, bench: Bench, vendor: Vendor) -> None:
    """From several threads, or from several tasks: each creation is one request."""
    made: list[Process]
    if mode == "sync":
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(lambda _: bench.create(DRAFT), range(16)))
    else:

        async def story() -> Any:
            return await asyncio.gather(*(bench.client.create(DRAFT) for _ in range(16)))  # type: ignore[arg-type]  # the awaited mode

        made = bench.finish(story())
    assert [process.id for process in made] == ["P1"] * 16
    assert len(vendor.heard) == 16


# --- credentials -----------------------------------------------------------------------------------------------------


@pytest.fixture
def other() -> Any:
    """Yield another origin that listens."""
    listening = Vendor()
    yield listening
    listening.close()


def created(vendor: Vendor, upload: str) -> bytes:
    """Return an answer to a creation that names an address for the document."""
    return answer({"id": "P7", "upload": upload}, set_cookie="session=secret; Path=/")


def test_an_upload_carries_the_document_and_no_credential(bench: Bench, vendor: Vendor) -> None:
    """Neither key nor cookie, even to the account's own origin."""
    vendor.say(created(vendor, f"{vendor.origin}/put/1?sig=a%2Fb"), answer(b""))
    assert bench.create(DRAFT).id == "P7"
    upload = vendor.heard[1]
    assert (upload.method, upload.path, upload.body) == ("PUT", "/put/1?sig=a%2Fb", PDF)
    assert upload.headers["content-type"] == "application/pdf"
    assert "x-acme-key" not in upload.headers
    assert "cookie" not in upload.headers


def test_cookies_are_never_kept(bench: Bench, vendor: Vendor) -> None:
    """A vendor that sets one does not see it again."""
    vendor.say(answer({"id": "P1"}, set_cookie="a=b"), FINE)
    bench.get("P1")
    bench.get("P1")
    assert not any("cookie" in heard.headers for heard in vendor.heard)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_carries_a_key_or_a_document_to_another_origin(
    bench: Bench, vendor: Vendor, other: Vendor, status: int
) -> None:
    """Redirects are not followed: neither of a creation, nor of an upload, nor of a read."""
    away = answer(b"", status, location=f"{other.origin}/steal")
    vendor.say(away)
    with pytest.raises(OutcomeUnknownError):
        bench.create(DRAFT)
    vendor.say(created(vendor, f"{vendor.origin}/put/1"), away)
    with pytest.raises(OutcomeUnknownError):
        bench.create(DRAFT)
    vendor.say(away)
    with pytest.raises(UnreadableReplyError):
        bench.call("GET", "/x")
    assert other.heard == []


def test_an_upload_to_another_plain_origin_is_not_made(bench: Bench, vendor: Vendor, other: Vendor) -> None:
    """Only https may be named; the process exists already, so the outcome is unknown and the error has its id."""
    vendor.say(created(vendor, f"{other.origin}/put"))
    with pytest.raises(OutcomeUnknownError) as caught:
        bench.create(DRAFT)
    assert caught.value.process_id == "P7"
    assert other.heard == []
    assert len(vendor.heard) == 1


@pytest.mark.parametrize("upload", ["", "put/1", ".evil.example.com/x", "@evil.example.com/", "//evil.example.com/", 5])
def test_an_upload_to_half_an_address_is_not_made(bench: Bench, vendor: Vendor, upload: Any) -> None:
    """No address in the answer becomes another host."""
    vendor.say(created(vendor, upload))
    with pytest.raises(OutcomeUnknownError):
        bench.create(DRAFT)
    assert len(vendor.heard) == 1


def test_a_proxy_of_the_environment_sees_nothing(
    vendor: Vendor, other: Vendor, open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither it nor a password file of the environment takes part."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret")
    for name, value in (("http_proxy", other.origin), ("ALL_PROXY", other.origin), ("NETRC", str(netrc))):
        monkeypatch.setenv(name, value)
    open_bench(vendor.origin).create(DRAFT)
    assert other.heard == []
    assert "authorization" not in vendor.heard[0].headers


@pytest.mark.parametrize("key", ["line\r\nX-Evil: 1", "ünïcode", "nul\0"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    vendor: Vendor, open_bench: OpenBench, key: str
) -> None:
    """A provider that puts an invalid value into a header gets an error before anything is sent."""

    class Odd(Acme):
        def authorize(self, call: Call) -> Call:
            return call.with_headers({"X-Acme-Key": key})

    with pytest.raises(InvalidRequestError) as caught:
        open_bench(vendor.origin, Odd).create(DRAFT)
    assert key not in str(caught.value)
    assert vendor.heard == []


# --- uploads ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 408, 413, 422, 429, 500, 503])
def test_an_upload_refused_after_a_creation_leaves_it_unknown_and_names_it(
    bench: Bench, vendor: Vendor, status: int
) -> None:
    """The refusal has not undone the creation; nothing is tried again."""
    vendor.say(created(vendor, f"{vendor.origin}/put/1"), answer({"message": "expired"}, status, retry_after="1"))
    with pytest.raises(OutcomeUnknownError) as caught:
        bench.create(DRAFT)
    assert (caught.value.process_id, caught.value.status, caught.value.operation) == ("P7", status, "create")
    assert "The process P7 exists" in caught.value.advice
    assert "cancel it before you send another" in str(caught.value)
    assert len(vendor.heard) == 2
    assert bench.waits == []


@pytest.mark.parametrize("broken", [b"", b"HTTP/1.1 2", answer(b"{", content_length="9")])
def test_an_upload_whose_answer_is_lost_leaves_the_creation_unknown(
    bench: Bench, vendor: Vendor, broken: bytes
) -> None:
    """The address holds once: it is not tried again."""
    vendor.say(created(vendor, f"{vendor.origin}/put/1"), broken)
    with pytest.raises(OutcomeUnknownError) as caught:
        bench.create(DRAFT)
    assert caught.value.process_id == "P7"
    assert len(vendor.heard) == 2


def test_an_upload_that_stalls_leaves_the_creation_unknown(vendor: Vendor, open_bench: OpenBench) -> None:
    """No byte in time."""
    vendor.say(created(vendor, f"{vendor.origin}/put/1"), stalled())
    with pytest.raises(OutcomeUnknownError) as caught:
        open_bench(vendor.origin, timeout=0.2).create(DRAFT)
    assert caught.value.process_id == "P7"


def test_an_upload_that_never_connects_leaves_the_creation_unknown(
    vendor: Vendor, other: Vendor, open_bench: OpenBench
) -> None:
    """Nothing of it was sent, it may be tried again; but the process is there all the same."""

    class Slammed(Acme):
        def create(self, draft: ProcessDraft, now: Any) -> Flow[Process]:
            made = yield Call.post("/processes")
            vendor.close()
            yield Call.put(f"{vendor.origin}/put", content=document(draft), anonymous=True, process_id="P7")
            return Process(id=made.json()["id"])

    with pytest.raises(OutcomeUnknownError) as caught:
        open_bench(vendor.origin, Slammed).create(DRAFT)
    assert caught.value.process_id == "P7"
    assert len(vendor.heard) == 1


def document(draft: ProcessDraft) -> Document:
    """Return the one document of a draft."""
    (found,) = draft.documents
    assert isinstance(found, Document)
    return found


def test_an_upload_alone_is_judged_by_its_own_status(vendor: Vendor, open_bench: OpenBench) -> None:
    """Where nothing was done before, a definite refusal is one, and a doubtful one is not."""

    def upload(provider: Provider) -> Flow[Reply]:
        return (yield Call.put(f"{vendor.origin}/put", content=document(DRAFT), anonymous=True))

    bench = open_bench(vendor.origin)
    vendor.say(answer(b"", 403))
    with pytest.raises(UnavailableError, match="ask for the file again"):
        bench.run(upload)
    vendor.say(answer(b"", 500))
    with pytest.raises(OutcomeUnknownError):
        bench.run(upload)


# --- documents -------------------------------------------------------------------------------------------------------


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    """Return a file of several steps."""
    path = tmp_path / "contract.pdf"
    path.write_bytes(b"%PDF-1.7\n" + os.urandom(STEP) * 40)
    return path


@pytest.fixture(params=["inline", "upload"])
def way(request: pytest.FixtureRequest) -> str:
    """Return each way a document can travel."""
    return str(request.param)


def from_file(path: Path) -> ProcessDraft:
    """Return a draft with a file."""
    return attrs.evolve(DRAFT, documents=[Document.from_path(path)])


def test_a_file_arrives_byte_for_byte(bench: Bench, vendor: Vendor, contract: Path, way: str) -> None:
    """As Base64 in JSON, and as a whole body."""
    if way == "upload":
        vendor.say(created(vendor, f"{vendor.origin}/put/1"), answer(b""))
    bench.create(from_file(contract))
    last = vendor.heard[-1]
    sent = last.body if way == "upload" else base64.b64decode(last.json()["file"], validate=True)
    assert sent == contract.read_bytes()


def test_a_file_that_changed_before_it_is_sent_is_refused(bench: Bench, vendor: Vendor, contract: Path) -> None:
    """Nothing leaves, nothing is tried again, and the error says what to do."""
    draft = from_file(contract)
    contract.write_bytes(b"%PDF-1.7 another")
    with pytest.raises(InvalidRequestError, match="make a new Document") as caught:
        bench.create(draft)
    assert type(caught.value) is InvalidRequestError
    assert (caught.value.provider, caught.value.operation) == ("acme", "create")
    assert vendor.heard == []
    contract.unlink()
    with pytest.raises(InvalidRequestError, match="can no longer be opened"):
        bench.create(draft)


def test_a_file_that_changes_while_it_is_sent_never_arrives_whole(bench: Bench, vendor: Vendor, contract: Path) -> None:
    """What arrives of the request is cut: no vendor can take a mixture of two files for a contract."""
    draft = from_file(contract)
    vendor.on_headers = lambda: contract.write_bytes(b"%PDF-1.7\n" + bytes(STEP) * 40)
    with pytest.raises(InvalidRequestError, match="has changed"):
        bench.create(draft)
    vendor.close()
    assert [heard.whole for heard in vendor.heard] in ([], [False])
    assert bench.waits == []


def test_a_file_that_changes_between_creation_and_upload_leaves_it_unknown(
    bench: Bench, vendor: Vendor, contract: Path, way: str
) -> None:
    """The process exists without its document: the error names it."""
    draft = from_file(contract)

    def change(listening: Vendor, connection: Any) -> None:
        contract.write_bytes(b"%PDF-1.7 another")
        connection.sendall(created(vendor, f"{vendor.origin}/put/1"))

    vendor.say(change)
    with pytest.raises(OutcomeUnknownError) as caught:
        bench.create(draft)
    assert caught.value.process_id == "P7"
    assert not any(heard.method == "PUT" and heard.whole for heard in vendor.heard)


def test_a_document_without_bytes_is_no_upload(bench: Bench, vendor: Vendor) -> None:
    """A provider that would send what the vendor fetches itself is stopped before anything is sent."""
    draft = attrs.evolve(DRAFT, documents=[Document.from_url("https://files.example.com/a.pdf", name="a.pdf")])
    with pytest.raises(InvalidRequestError, match="the vendor fetches it"):
        bench.create(draft)
    assert vendor.heard == []
    with pytest.raises(InvalidRequestError):
        bench.create(attrs.evolve(DRAFT, documents=[TemplateDocument(template_id="T1")]))
    assert vendor.heard == []


def test_malformed_drafts_send_nothing_and_tell_everything(bench: Bench, vendor: Vendor) -> None:
    """All problems at once, in the order of the draft."""
    draft = ProcessDraft(name="", documents=[Document.from_bytes(b"PK", name="a.zip")], signers=[])
    with pytest.raises(InvalidRequestError) as caught:
        bench.create(draft)
    assert [problem.path for problem in caught.value.problems] == ["name", "signers", "documents[0]"]
    assert caught.value.problems == bench.client.check(draft)
    assert vendor.heard == []
