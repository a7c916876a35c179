"""No error text, log or traceback shows a secret or personal value, even if the vendor repeats it."""

from __future__ import annotations

import json
import logging
import pickle
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import pytest
from tests.support.acme import DRAFT, KEY, Acme, Bench
from tests.support.vendor import FINE, Vendor, answer
from tests.unit.esign_core.conftest import OpenBench

from esign_core.model.documents import Document, SignedFile
from esign_core.model.drafts import (
    Challenge,
    CopyRecipient,
    Party,
    ProcessDraft,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import EsignError, RefusedError, UnreadableReplyError
from esign_core.model.process import Process, Signer
from esign_core.model.resend import Missed, PartyEdit, Resend, ResendReport, SignatureDataEdit, SignerEdit
from esign_core.providers.base import Provider
from esign_core.providers.flow import Call, Flow, Reply, Save
from esign_core.providers.hookspecs import CallDetails, hookimpl

pytestmark = pytest.mark.loopback

PRIVATE = (
    KEY,
    "Ana Geheim",
    "Geheim",
    "ana.geheim@example.com",
    "+573001112233",
    "0417",
    "Firma Verborgen SAS",
    "901234567",
    "529.982.247-25",
    "CC-7654321",
    "Bo Kopie",
    "bo.kopie@example.com",
    "hidden extra",
    "Eva Neu",
    "eva.neu@example.com",
    "because of Ana",
    "me@example.com",
)
PEOPLE = ProcessDraft(
    name="Services agreement",
    documents=[Document.from_bytes(b"%PDF-1.7 Geheim", name="Ana Geheim.pdf")],
    signers=[
        SignerDraft(
            name="Ana Geheim",
            email="ana.geheim@example.com",
            phone="+573001112233",
            security_code=SecurityCode(code="0417"),
            signature_data=SignatureData(
                company=Party(name="Firma Verborgen SAS", document_number="901234567"),
                signatory=Party(document_number="529.982.247-25"),
            ),
            challenges=[Challenge.id_document(number="CC-7654321", kind="CC", country="CO")],
            extras={"note": "hidden extra"},
        )
    ],
    cc=[CopyRecipient(name="Bo Kopie", email="bo.kopie@example.com")],
)
EDITS = Resend(
    edits=[
        SignerEdit(
            signer_id="S1",
            name="Eva Neu",
            email="eva.neu@example.com",
            signature_data=SignatureDataEdit(company=PartyEdit(document_number="901234567")),
        )
    ],
    requested_by="me@example.com",
)
KNOWN = Process(id="P1", signers=[Signer(id="S1", name="Ana Geheim", email="ana.geheim@example.com")])

ACTS: dict[str, Callable[[Bench], Any]] = {
    "create": lambda bench: bench.create(PEOPLE),
    "resend": lambda bench: bench.resend(KNOWN, EDITS),
    "cancel": lambda bench: bench.cancel("P1", reason="because of Ana", requested_by="me@example.com"),
    "call": lambda bench: bench.call("POST", "/x", json={"p": ["Ana Geheim", {"e": "ana.geheim@example.com"}]}),
    "get": lambda bench: bench.get(KNOWN),
    "run": lambda bench: bench.run(careful, "Ana Geheim", email="ana.geheim@example.com"),
}
GIVEN: dict[str, tuple[str, ...]] = {
    "create": PRIVATE[:13],
    "resend": (*PRIVATE[:4], "901234567", "Eva Neu", "eva.neu@example.com", "me@example.com"),
    "cancel": (KEY, "because of Ana", "me@example.com"),
    "call": (KEY, "Ana Geheim", "ana.geheim@example.com"),
    "get": (KEY, "Ana Geheim", "Geheim", "ana.geheim@example.com"),
    "run": (KEY, "Ana Geheim", "ana.geheim@example.com"),
}


PLAIN = ("reason", "requested_by", "json", "query", "args", "kwargs")
"""The arguments of the client's methods that are plain texts or trees of them."""


def careful(provider: Provider, name: str, *, email: str) -> Flow[Reply]:
    """Be an operation of a provider's own."""
    tree = {"name": name, "email": email}
    return (yield Call.post("/own", json=tree))


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Yield everything that anybody logs, at every level."""
    lines: list[str] = []

    class Everything(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.name} {record.getMessage()} {record.args} {record.exc_info}")

    handler = Everything(level=logging.NOTSET)
    names = (None, "httpx", "httpcore", "httpcore.http11", "httpcore.connection", "esign", "asyncio")
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield lines
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)
    logging.getLogger().removeHandler(handler)


def told(error: BaseException) -> str:
    """Return everything that a report of an error could show: texts, and the locals of every frame but the caller's.

    What a caller hands over as plain texts is in the caller's own frame too, and stays out of account; keys never do.
    """
    seen: list[str] = []
    chain: BaseException | None = error
    while chain is not None:
        seen += [str(chain), repr(chain), repr(chain.args), repr(chain.__dict__)]
        # The first frames are this test's own; the others are the library's, and those of its dependencies.
        frames = [
            frame for frame in traceback.walk_tb(chain.__traceback__) if "/tests/" not in frame[0].f_code.co_filename
        ]
        for frame, _ in frames:
            given = PLAIN if frame.f_code.co_filename.endswith("client.py") else ()
            seen += [f"{name}={value!r}" for name, value in frame.f_locals.items() if name not in given]
            assert KEY not in repr(frame.f_locals)
        chain = chain.__cause__ or chain.__context__
    seen.append(repr(pickle.dumps(error)))
    return "\n".join(seen)


def found(words: Iterable[str], shown: str) -> list[str]:
    """Return the words that a text shows; four digits inside an address of the memory are a coincidence."""
    patterns = {word: re.escape(word) if len(word) > 5 else rf"(?<!\w){word}(?!\w)" for word in words}
    return [word for word, pattern in patterns.items() if re.search(pattern, shown, re.IGNORECASE)]


def echo(status: int) -> bytes:
    """Return an answer that repeats everything private, in several spellings."""
    words = [*PRIVATE, *map(str.upper, PRIVATE), *(json.dumps(word) for word in PRIVATE)]
    return answer({"message": " / ".join(words), "code": "ana.geheim@example.com"}, status)


@pytest.mark.parametrize("status", [400, 401, 404, 422, 500, 302])
@pytest.mark.parametrize("act", ACTS)
def test_no_error_repeats_what_the_vendor_repeats(
    bench: Bench, vendor: Vendor, logged: list[str], act: str, status: int
) -> None:
    """Neither in its text, nor in what it carries, nor in the frames it passed through, nor in a log."""
    vendor.say(*[echo(status)] * 4)
    with pytest.raises(EsignError) as caught:
        ACTS[act](bench)
    shown = told(caught.value) + "\n".join(logged)
    assert found(GIVEN[act], shown) == []
    assert logged


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("said", [b"", answer({"people": list(PRIVATE)}), answer(b"\xff" + repr(PRIVATE).encode())])
def test_no_error_after_a_broken_answer_shows_what_was_sent_or_read(
    bench: Bench, vendor: Vendor, logged: list[str], act: str, said: bytes
) -> None:
    """The request and the answer are in the frames of the HTTP library; none of them hangs on the error."""
    vendor.say(*[said] * 4)
    try:
        ACTS[act](bench)
    except EsignError as error:
        shown = told(error)
    else:
        shown = ""
    shown += "\n".join(logged)
    assert found(GIVEN[act], shown) == []


def test_no_log_of_a_good_call_shows_anything(bench: Bench, vendor: Vendor, logged: list[str]) -> None:
    """One line of ours: account, operation, shape of the path, status, time; none of the HTTP library's."""
    bench.create(PEOPLE)
    bench.call("GET", "/users/ana.geheim@example.com", query={"phone": "+573001112233"})
    lines = [line for line in logged if not line.startswith("asyncio")]
    assert [line.split(" ", 1)[0] for line in lines] == ["esign", "esign"]
    assert "legal create: POST /processes, attempt 1, 200," in lines[0]
    assert "legal call: GET /users/{id}, attempt 1, 200," in lines[1]
    assert found(PRIVATE, "\n".join(logged)) == []


def test_other_peoples_logs_of_the_http_library_are_left_alone(bench: Bench, vendor: Vendor, logged: list[str]) -> None:
    """A program that uses the same library itself still sees its own lines."""
    import httpx

    bench.create(DRAFT)
    with httpx.Client(trust_env=False) as client:
        client.get(f"{vendor.origin}/mine")
    theirs = "\n".join(line for line in logged if line.startswith(("httpx", "httpcore")))
    assert "/mine" in theirs
    assert "/processes" not in theirs


def test_an_upload_address_shows_nowhere(bench: Bench, vendor: Vendor, logged: list[str]) -> None:
    """Anyone who has the address can write to it."""
    vendor.say(answer({"id": "P7", "upload": f"{vendor.origin}/put/token-abc?sig=signature-xyz"}), answer(b"", 403))
    with pytest.raises(EsignError) as caught:
        bench.create(DRAFT)
    shown = told(caught.value) + "\n".join(logged)
    assert "token-abc" not in shown
    assert "signature-xyz" not in shown
    assert "(an address the vendor named)" in shown


class Watcher:
    """An observer that keeps what it receives."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    @hookimpl
    def esign_before_call(self, details: CallDetails) -> None:
        """Keep it."""
        who = (details.provider, details.account, details.operation)
        what = (details.method, details.route)
        self.told.append({"on": "before", "who": who, "what": what, "attempt": details.attempt})

    @hookimpl
    def esign_after_call(self, details: CallDetails) -> None:
        """Keep it."""
        what = (details.method, details.route)
        self.told.append({"on": "after", "what": what, "status": details.status, "sent": details.bytes_sent})
        assert details.bytes_received >= 0
        assert details.seconds >= 0


def test_observers_hear_of_every_try_and_of_nothing_private(vendor: Vendor, open_bench: OpenBench) -> None:
    """Shapes, counts and statuses; the status of a broken try is None."""
    watcher = Watcher()
    vendor.say(b"", FINE)
    open_bench(vendor.origin, plugins=[watcher]).call("GET", "/users/ana.geheim@example.com", query={"a": "secret"})
    assert [(each["on"], each["what"]) for each in watcher.told] == [
        ("before", ("GET", "/users/{id}")),
        ("after", ("GET", "/users/{id}")),
    ] * 2
    assert watcher.told[0]["who"] == ("acme", "legal", "call")
    assert [each["attempt"] for each in watcher.told if each["on"] == "before"] == [1, 2]
    assert [each["status"] for each in watcher.told if each["on"] == "after"] == [None, 200]


def test_observers_hear_how_many_bytes_were_sent(vendor: Vendor, open_bench: OpenBench) -> None:
    """Of a document as of anything else."""
    watcher = Watcher()
    open_bench(vendor.origin, plugins=[watcher]).create(DRAFT)
    assert watcher.told[1]["sent"] == len(vendor.heard[0].body)


def test_an_observer_that_fails_changes_nothing(
    vendor: Vendor, open_bench: OpenBench, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged by its class, and the operation goes on."""

    class Failing:
        @hookimpl
        def esign_before_call(self) -> None:
            raise RuntimeError(KEY)

        @hookimpl
        def esign_after_call(self) -> None:
            raise ValueError(KEY)

    assert open_bench(vendor.origin, plugins=[Failing()]).create(DRAFT).id == "P1"
    assert "esign_before_call: RuntimeError" in caplog.text
    assert "esign_after_call: ValueError" in caplog.text
    assert KEY not in caplog.text


def test_a_report_with_people_who_were_missed_shows_none_of_them(vendor: Vendor, open_bench: OpenBench) -> None:
    """The errors inside a report are cleaned like those that are raised, also where an error carries the report."""

    class Partial(Acme):
        def resend(self, process_id: str, resend: Resend, now: Any, known: Process | None) -> Flow[ResendReport]:
            try:
                yield Call.post("/remind/1")
            except RefusedError as error:
                report = ResendReport(process_id=process_id, missed=[Missed(signer_id="S1", error=error)])
            if resend.reopen:
                failed = UnreadableReplyError("Ana Geheim again")
                failed.report = report
                raise failed
            return report

    bench = open_bench(vendor.origin, Partial)
    vendor.say(echo(422))
    report = bench.resend(KNOWN, EDITS)
    vendor.say(echo(422))
    with pytest.raises(EsignError) as caught:
        bench.resend(KNOWN, attrs.evolve(EDITS, reopen=True))
    assert caught.value.report is not None
    for error in (report.missed[0].error, caught.value.report.missed[0].error, caught.value):
        shown = told(error)
        assert found(GIVEN["resend"], shown) == []


def test_local_errors_hold_no_frames_of_the_flow(vendor: Vendor, open_bench: OpenBench, tmp_path: Any) -> None:
    """A file that is in the way is the caller's matter; what the vendor said before is not shown with it."""

    class Talkative(Acme):
        def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
            people = (yield Call.get("/people")).json()
            reply = yield Call.get("/file", save=Save("a.pdf"))
            assert people
            assert reply.file is not None
            return (reply.file,)

    (tmp_path / "a.pdf").write_bytes(b"mine")
    vendor.say(answer(list(PRIVATE)), answer(b"%PDF-%%EOF"))
    with pytest.raises(FileExistsError) as caught:
        open_bench(vendor.origin, Talkative).download("P1", tmp_path)
    shown = told(caught.value)
    assert found(PRIVATE, shown) == []


@pytest.mark.parametrize("value", [PEOPLE, EDITS, KNOWN], ids=["draft", "edits", "process"])
def test_values_do_not_show_people(value: object) -> None:
    """Nor do they in an assertion that fails, or in a debugger."""
    shown = repr(value) + str(value) + f"{value!s:>5}"
    assert found(PRIVATE, shown) == []


def test_a_client_shows_its_account_and_no_key(bench: Bench) -> None:
    """Nor do its parts."""
    assert repr(bench.client) in (
        "Client(provider='acme', account='legal')",
        "AsyncClient(provider='acme', account='legal')",
    )
    shown = repr(bench.operations.provider) + repr(bench.operations.provider.settings) + repr(bench.client.capabilities)
    assert KEY not in shown
