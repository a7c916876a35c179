"""The client in both modes: it checks drafts, foresees resends, and reports events."""

from __future__ import annotations

import functools
import io
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from pypdf import PdfWriter
from tests.support.acme import DRAFT, KEY, NOW, PDF, Acme, Bench
from tests.unit.esign_core.conftest import OpenBench

from esign_core.model.documents import Document
from esign_core.model.drafts import Placement, ProcessDraft
from esign_core.model.errors import ConfigError, InvalidRequestError, Problem, UnreadableReplyError, UnsupportedError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.process import Process, ProcessDocument, Signer, TimelineEntry
from esign_core.model.resend import Resend, SignerEdit
from esign_core.model.status import StatusDetail
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.flow import Call, Flow
from esign_core.providers.hookspecs import hookimpl

NOWHERE = "https://api.acme.example/v1"
NOTHING: Any = None


# --- drafts ----------------------------------------------------------------------------------------------------------


class Picky(Acme):
    """Offers no places of its own, and requires a short name."""

    capabilities = Capabilities(features=set(Feature) - {Feature.OWN_PLACEMENT})
    seen: tuple[Placement, ...] = ()

    def check(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Judge the name and the end, and stumble over names that are none."""
        problems = [Problem(path="name", message="is long", hint="")] if len(draft.name) > 20 else []
        if draft.expires_at is not None and draft.expires_at < now + timedelta(hours=1):
            problems.append(Problem(path="expires_at", message="is too near", hint=""))
        return tuple(problems)

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Keep the places."""
        type(self).seen = draft.signers[0].placements
        raise UnreadableReplyError
        yield Call.get("/never")  # a generator, all the same


@pytest.mark.parametrize(
    ("draft", "paths"),
    [
        ("no draft", ["draft"]),
        (attrs.evolve(DRAFT, signers=5), ["signers"]),
        (attrs.evolve(DRAFT, name="x" * 21), ["name"]),
        (attrs.evolve(DRAFT, name="x" * 21, documents=[]), ["documents", "name"]),
        (attrs.evolve(DRAFT, name="\0" * 21), ["name"]),
        (attrs.evolve(DRAFT, name=NOTHING, documents=[]), ["name", "documents"]),
        (attrs.evolve(DRAFT, expires_at=NOW + timedelta(minutes=1)), ["expires_at"]),
        (attrs.evolve(DRAFT, expires_at=datetime(2027, 1, 1), name="x" * 21), ["expires_at", "name"]),  # noqa: DTZ001 - the point
    ],
    ids=range(8),
)
def test_a_check_tells_everything_at_once(open_bench: OpenBench, draft: Any, paths: list[str]) -> None:
    """All malformed fields and this provider's own problems; each path is reported once; a creation raises the same."""
    bench = open_bench(NOWHERE, Picky)
    problems = bench.client.check(draft)
    assert [problem.path for problem in problems] == paths
    with pytest.raises(InvalidRequestError) as caught:
        bench.create(draft)
    assert caught.value.problems == problems


def test_a_provider_that_stumbles_over_a_good_draft_is_not_hidden(open_bench: OpenBench) -> None:
    """Only what is malformed excuses it."""

    class Clumsy(Acme):
        def check(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
            raise KeyError("x")

    with pytest.raises(KeyError):
        open_bench(NOWHERE, Clumsy).client.check(DRAFT)


def test_what_only_another_provider_can_do_is_unsupported(open_bench: OpenBench) -> None:
    """The whole list is reported, and nothing is sent."""

    class Poor(Acme):
        capabilities = Capabilities(features=())

    with pytest.raises(UnsupportedError) as caught:
        open_bench(NOWHERE, Poor).create(attrs.evolve(DRAFT, ordered=True, folder="a"))
    assert [problem.path for problem in caught.value.problems] == ["ordered", "folder"]


def test_a_box_that_cannot_be_completed_is_an_invalid_request(open_bench: OpenBench) -> None:
    """Named like every other error."""
    with pytest.raises(InvalidRequestError, match="cannot be read") as caught:
        open_bench(NOWHERE, Picky).create(DRAFT)
    assert (caught.value.provider, caught.value.operation) == ("acme", "create")


def test_places_are_found_where_the_vendor_finds_none(open_bench: OpenBench) -> None:
    """A provider without places of its own gets complete boxes."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(612, 792)
    writer.write(out)
    document = Document.from_bytes(out.getvalue(), name="a.pdf")
    with pytest.raises(UnreadableReplyError):
        open_bench(NOWHERE, Picky).create(attrs.evolve(DRAFT, documents=[document]))
    (box,) = Picky.seen
    assert (box.document, box.page_size) == (0, (612.0, 792.0))


def test_a_changed_file_is_found_with_its_place_in_the_draft(open_bench: OpenBench, tmp_path: Path) -> None:
    """Before anything else is done with it."""
    path = tmp_path / "a.pdf"
    path.write_bytes(PDF)
    documents = [Document.from_bytes(PDF, name="b.pdf"), Document.from_path(path)]
    path.write_bytes(PDF + b"more")
    with pytest.raises(InvalidRequestError) as caught:
        open_bench(NOWHERE).create(attrs.evolve(DRAFT, documents=documents))
    assert [problem.path for problem in caught.value.problems] == ["documents[1]"]


# --- resends ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (UnsupportedError(problems=[Problem(path="edits", message="are not known", unsupported=True)]), ["edits"]),
        (KeyError("x"), []),
        (None, []),
    ],
    ids=["refuses", "stumbles", "is content"],
)
@pytest.mark.parametrize("eager", [True, False])
def test_a_malformed_resend_is_told_with_what_the_provider_would_refuse(
    open_bench: OpenBench, raised: Exception | None, told: list[str], eager: bool
) -> None:
    """All at once, whether the provider judges inside its flow or before it, and nothing is sent."""

    class Judging(Acme):
        def resend(self, process_id: str, resend: Resend, now: datetime, known: Any) -> Flow[Any]:
            if eager and raised is not None:
                raise raised
            return self._resend()

        def _resend(self) -> Flow[Any]:
            if raised is not None:
                raise raised
            yield Call.post("/never")

    with pytest.raises(InvalidRequestError) as caught:
        open_bench(NOWHERE, Judging).resend("P1", Resend(edits=[SignerEdit(signer_id="S1", email="ana")]))
    assert [problem.path for problem in caught.value.problems] == ["edits[0].email", *told]
    assert caught.value.process_id == "P1"


# --- what is heard ---------------------------------------------------------------------------------------------------


class Ear:
    """An observer of events and of words that no table knows."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.words: list[tuple[str, str, str, str]] = []

    @hookimpl
    def esign_event(self, event: Event) -> None:
        """Keep it."""
        self.events.append(event)

    @hookimpl
    def esign_unknown_status(self, provider: str, account: str, vocabulary: str, vendor_status: str) -> None:
        """Keep it."""
        self.words.append((provider, account, vocabulary, vendor_status))


class Receiving(Acme):
    """Believes what says that it is true, and has strange statuses."""

    def receive(self, delivery: Delivery) -> Receipt:
        """Read a word."""
        if delivery.body == b"no secret":
            raise ConfigError(f"no secret for {KEY}")
        if delivery.headers.get("X-Hook") != "true":
            return Receipt(reply=WebhookReply(status=400), problem="forged")
        kind = EventKind.SIGNER_DONE if delivery.body == b"DONE" else EventKind.UNKNOWN
        event = Event(kind=kind, occurred_at=delivery.received_at, vendor_status=delivery.body.decode())
        return Receipt(reply=WebhookReply(status=200), events=[event], authenticity=Authenticity.SENDER_ONLY)

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Say what is in no table."""
        odd = StatusDetail(vendor_status="ODD", rule="acme.process.unknown")
        person = Signer(status_detail=StatusDetail(vendor_status="EVEN", rule="acme.signer.unknown"))
        paper = ProcessDocument(status_detail=StatusDetail(vendor_status="FLAT", rule="acme.document.unknown"))
        return Process(
            id=process_id, status_detail=odd, signers=[person, Signer()], documents=[paper, ProcessDocument()]
        )
        yield Call.get("/never")  # a generator, all the same

    def timeline(self, process_id: str) -> Flow[tuple[TimelineEntry, ...]]:
        """Tell of two things."""
        return (TimelineEntry(kind="signer.done"), TimelineEntry(kind="unknown", vendor_status="WHAT"))
        yield Call.get("/never")  # a generator, all the same


def heard(open_bench: OpenBench) -> tuple[Bench, Ear]:
    """Return a client of the receiving provider, and who listens to it."""
    ear = Ear()
    return open_bench(NOWHERE, Receiving, plugins=[ear]), ear


def test_an_event_is_stamped_and_told(open_bench: OpenBench) -> None:
    """With the account and the moment, and to every observer; nothing is awaited."""
    bench, ear = heard(open_bench)
    receipt = bench.client.receive(Delivery(headers={"x-hook": "true"}, body=b"DONE"))
    (event,) = receipt.events
    assert (event.provider, event.account, event.received_at, event.occurred_at) == ("acme", "legal", NOW, NOW)
    assert (receipt.reply.status, receipt.authenticity) == (200, Authenticity.SENDER_ONLY)
    assert ear.events == [event]
    assert ear.words == []
    later = NOW + timedelta(hours=1)
    (event,) = bench.client.receive(Delivery(headers={"x-hook": "true"}, body=b"DONE", received_at=later)).events
    assert event.received_at == later


def test_an_unknown_event_is_told_as_an_unknown_word_too(open_bench: OpenBench) -> None:
    """So that a table can be corrected."""
    bench, ear = heard(open_bench)
    bench.client.receive(Delivery(headers={"x-hook": "true"}, body=b"NEWS"))
    assert ear.words == [("acme", "legal", "webhook", "NEWS")]


def test_a_forged_delivery_tells_nobody(open_bench: OpenBench) -> None:
    """It does not contain events."""
    bench, ear = heard(open_bench)
    receipt = bench.client.receive(Delivery(headers={}, body=b"DONE"))
    assert (receipt.events, receipt.reply.status, receipt.authenticity) == ((), 400, Authenticity.NONE)
    assert ear.events == []


def test_a_missing_secret_is_the_configurations_fault(open_bench: OpenBench) -> None:
    """Named and masked like every error, and without the frames that held it."""
    bench, _ = heard(open_bench)
    with pytest.raises(ConfigError) as caught:
        bench.client.receive(Delivery(headers={}, body=b"no secret"))
    assert (caught.value.provider, caught.value.operation) == ("acme", "receive")
    assert KEY not in str(caught.value)


def test_what_is_no_delivery_is_told_how_to_make_one(open_bench: OpenBench) -> None:
    """A framework's request is not one."""
    bench, _ = heard(open_bench)
    with pytest.raises(InvalidRequestError, match="Make a Delivery"):
        bench.client.receive({"body": b"DONE"})  # type: ignore[arg-type]  # wrong on purpose


def test_words_that_no_table_knows_are_told(open_bench: OpenBench) -> None:
    """Of the process, of its people, of its documents and of its history."""
    bench, ear = heard(open_bench)
    process = bench.get("P1")
    assert (process.provider, process.account, process.read_at) == ("acme", "legal", NOW)
    assert [entry.kind for entry in bench.timeline("P1")] == ["signer.done", "unknown"]
    assert [(vocabulary, word) for _, _, vocabulary, word in ear.words] == [
        ("acme.process", "ODD"),
        ("acme.signer", "EVEN"),
        ("acme.document", "FLAT"),
        ("timeline", "WHAT"),
    ]


def test_a_process_from_an_operation_of_the_providers_own_is_stamped_too(open_bench: OpenBench) -> None:
    """Like any other; another result is handed over as it is."""

    def one(_: Provider, id_: str) -> Flow[Process]:
        return Process(id=id_)
        yield Call.get("/never")  # a generator, all the same

    def other(_: Provider) -> Flow[int]:
        return 5
        yield Call.get("/never")  # a generator, all the same

    bench = open_bench(NOWHERE)
    assert bench.run(one, "P9") == Process(id="P9", provider="acme", account="legal")
    assert bench.run(other) == 5


def test_a_mistake_of_a_provider_before_any_effect_is_not_hidden(open_bench: OpenBench) -> None:
    """Its own traceback is what its author needs."""

    def wrong(_: Provider) -> Flow[None]:
        raise KeyError("x")
        yield Call.get("/never")

    with pytest.raises(KeyError) as caught:
        open_bench(NOWHERE).run(wrong)
    assert any(frame.f_code.co_name == "wrong" for frame, _ in traceback.walk_tb(caught.value.__traceback__))


def test_an_operation_without_a_name_has_one(open_bench: OpenBench) -> None:
    """A partial function is an operation too."""

    def fail(_: Provider, why: str) -> Flow[None]:
        raise UnsupportedError(why)
        yield Call.get("/never")  # a generator, all the same

    with pytest.raises(UnsupportedError) as caught:
        open_bench(NOWHERE).run(functools.partial(fail, why="no"))
    assert caught.value.operation == "operation"
