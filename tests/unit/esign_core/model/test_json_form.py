"""Values survive being written as JSON and read again; what is read is checked, and no contents or secrets travel."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.esign_core.providers.test_validation import RICH, odd

from esign_core import from_dict, to_dict
from esign_core.model.documents import Document, FileKind, SignedFile, TemplateDocument
from esign_core.model.drafts import Channel, ProcessDraft, Role, SignerDraft
from esign_core.model.errors import (
    EsignError,
    InvalidRequestError,
    OutcomeUnknownError,
    Problem,
    RateLimitError,
    RefusedError,
)
from esign_core.model.events import Authenticity, Event, EventKind, Receipt, WebhookReply
from esign_core.model.json_form import KINDS
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.resend import Missed, Notified, ResendReport
from esign_core.model.status import Basis, EndReason, ProcessStatus, SignerStatus, StatusDetail

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-5)))
SIGNER = Signer(
    id="S1",
    name="Ana Example",
    email="ana@example.com",
    role=Role.SIGNER,
    order=1,
    status=SignerStatus.VIEWED,
    status_detail=StatusDetail(vendor_status="SEEN", basis=Basis.DERIVED, rule="x.seen", status="VIEWED"),
    link="https://sign.example.com/secret",
    facts={"kind": 1, "signLink": "https://sign.example.com/secret", "list": [1, None, {"a": True}]},
)
PROCESS = Process(
    id="P1",
    provider="auco",
    account="co",
    name="Agreement",
    status=ProcessStatus.DECLINED,
    status_detail=StatusDetail(end_reason=EndReason.SIGNER_DECLINED, reopenable=True),
    signers=[SIGNER],
    documents=[ProcessDocument(id="D1", name="a.pdf", status=ProcessStatus.IN_PROGRESS, order=1)],
    created_at=NOW,
    expires_at=NOW + timedelta(days=3),
    read_at=NOW,
    reference="R1",
    raw={"secret": "https://sign.example.com/secret"},
)
EVENT = Event(
    kind=EventKind.SIGNER_DONE,
    process_id="P1",
    signer=SIGNER,
    documents=[ProcessDocument(id="D1")],
    tags=["a"],
    occurred_at=NOW,
    authenticity=Authenticity.BODY_SIGNED,
    reference="R1",
    name="Agreement",
    basis=Basis.AMBIGUOUS,
    dedupe_key="k",
    dedupe_for=timedelta(days=2, microseconds=5),
    raw={"token": "secret"},
)
RECEIPT = Receipt(reply=WebhookReply(status=200, headers={"X-A": "b"}, body=b"ok"), events=[EVENT], problem="why")
REPORT = ResendReport(
    process_id="P1",
    notified=[Notified(name="Ana", signer_id="S1", channel=Channel.EMAIL, basis=Basis.DERIVED)],
    count=1,
    reopened=True,
    at=NOW,
    raw=[{"secret": 1}],
)
FILE = SignedFile(name="a.pdf", kind=FileKind.AUDIT_RECORD, content=b"secret", size=6, sha256="ab" * 32)
VALUES: list[Any] = [PROCESS, SIGNER, EVENT, RECEIPT, REPORT, attrs.evolve(FILE, content=None, path=Path("/tmp/a.pdf"))]  # noqa: S108 - a name


def again(value: Any, **options: Any) -> Any:
    """Return a value written as JSON text and read again."""
    return from_dict(type(value), json.loads(json.dumps(to_dict(value, **options), allow_nan=False)))


def places(kind: type, data: Any) -> list[str]:
    """Return the places of what is wrong with a form."""
    with pytest.raises(InvalidRequestError) as caught:
        from_dict(kind, data)
    return [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_survive_with_secrets(value: Any) -> None:
    """Everything that is written comes back as it was."""
    read = again(value, secrets=True)
    assert read == value
    assert to_dict(read, secrets=True) == to_dict(value, secrets=True)
    assert to_dict(value)["esign"] == 1


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_hide_secrets(value: Any) -> None:
    """Links, tokens and raw payloads are written only on request."""
    text = json.dumps(to_dict(value))
    assert "secret" not in text
    assert to_dict(again(value)) == to_dict(value)
    assert again(PROCESS).raw == {}
    assert again(SIGNER).facts == {"kind": 1, "list": [1, None, {"a": True}]}


@pytest.mark.parametrize("status", [*ProcessStatus, *SignerStatus], ids=str)
def test_statuses_are_written_by_name(status: ProcessStatus | SignerStatus) -> None:
    """The name is written; the name and the value are read, neither as an unknown word."""
    value: Any = PROCESS if isinstance(status, ProcessStatus) else SIGNER
    form = to_dict(attrs.evolve(value, status=status, status_detail=StatusDetail()))
    assert form["status"] == status.name
    for word in (status.name, status.value):
        read: Any = from_dict(type(value), {**form, "status": word})
        assert (read.status, read.status_detail) == (status, StatusDetail())


class Word(enum.StrEnum):
    """A text that is a member of an enum."""

    FIRST = "first"


def test_texts_of_enums_are_plain() -> None:
    """A caller's own enum of texts is written as its text."""
    assert type(to_dict(Signer(id=Word.FIRST))["id"]) is str


def test_drafts_survive(tmp_path: Path) -> None:
    """Paths and addresses come back as they were, contents of bytes do not; extras may hold documents."""
    path = tmp_path / "annex.pdf"
    path.write_bytes(b"%PDF-1.7 annex")
    documents = [
        Document.from_path(path, name="b.pdf"),
        Document.from_url("https://files.example.com/c.pdf", name="c.pdf"),
        TemplateDocument(template_id="T1", values={"who": "Ana", "n": [1]}),
    ]
    extras = {"annex": Document.from_path(path), "n": {"a": [1.5, None]}}
    draft = attrs.evolve(RICH, documents=documents, extras=extras)
    assert again(draft) == draft
    bytes_ = Document.from_bytes(b"%PDF-1.7 secret", name="a.pdf")
    read = again(attrs.evolve(draft, documents=[bytes_])).documents[0]
    assert (read.name, read.size, read.sha256, read.content) == ("a.pdf", 15, bytes_.sha256, None)
    for use in (read.open, read.verify, lambda: list(read.steps())):
        with pytest.raises(InvalidRequestError, match="contents absent"):
            use()
    assert again(again(attrs.evolve(draft, documents=[bytes_]))).documents[0] == read


def test_missing_files_are_found_when_used(tmp_path: Path) -> None:
    """A draft is read although a file of it is gone; opening it says so."""
    path = tmp_path / "annex.pdf"
    path.write_bytes(b"%PDF-1.7 annex")
    form = to_dict(attrs.evolve(RICH, documents=[Document.from_path(path)]))
    path.unlink()
    with pytest.raises(InvalidRequestError, match="can no longer be opened"):
        from_dict(ProcessDraft, form).documents[0].open()  # type: ignore[union-attr]  # it is a document


def test_signed_files_come_back_without_contents(tmp_path: Path) -> None:
    """Name, size and SHA-256 travel; a file in a directory is still there."""
    read = again(FILE)
    assert (read.content, read.size, read.sha256, read.kind) == (None, 6, FILE.sha256, FileKind.AUDIT_RECORD)
    with pytest.raises(InvalidRequestError, match="contents absent"):
        read.open()
    assert FILE.open().read() == b"secret"
    (tmp_path / "a.pdf").write_bytes(b"there")
    with again(attrs.evolve(FILE, content=None, path=tmp_path / "a.pdf")).open() as file:
        assert file.read() == b"there"


@pytest.mark.parametrize(
    "error",
    [
        RefusedError("no", hint="h", vendor_code="E1", status=422, process_id="P1"),
        InvalidRequestError(problems=[Problem.unsupported("a", "m", "h"), Problem.invalid("b", "n")]),
        OutcomeUnknownError(advice="look"),
        RateLimitError(retry_at=datetime(2026, 3, 1, tzinfo=UTC)),
        RateLimitError(),
    ],
    ids=range(5),
)
def test_missed_errors_survive(error: EsignError) -> None:
    """Their class, texts and facts."""
    report = attrs.evolve(REPORT, missed=[Missed(signer_id="S1", error=error)])
    read = again(report).missed[0].error
    assert (type(read), str(read)) == (type(error), str(error))
    assert {**vars(read), "report": None} == {**vars(error), "report": None}


def test_unknown_error_classes_are_errors() -> None:
    """A newer version may have other classes; nothing but our errors is made."""
    form = to_dict(attrs.evolve(REPORT, missed=[Missed(signer_id="S1", error=RefusedError("no"))]))
    for name in ("NewError", "Problem", "attrs", None):
        form["missed"][0]["error"]["class"] = name
        assert type(from_dict(ResendReport, form).missed[0].error) is EsignError


def test_unknown_words_are_kept() -> None:
    """Statuses and event kinds become UNKNOWN and keep the word."""
    process = from_dict(Process, {"esign": 1, "id": "P1", "status": "archived", "signers": [{"status": "paused"}]})
    assert process.status is ProcessStatus.UNKNOWN
    assert (process.status_detail.vendor_status, process.status_detail.status) == ("archived", "archived")
    assert process.signers[0].status_detail.vendor_status == "paused"
    form = {"esign": 1, "id": "P1", "documents": [{"status": "x"}], "status_detail": {"vendor_status": "ARCH"}}
    process = from_dict(Process, {**form, "status": "archived"})
    assert (process.status_detail.vendor_status, process.status_detail.status) == ("ARCH", "archived")
    assert process.documents[0].status_detail == StatusDetail(vendor_status="x", status="x", basis=Basis.AMBIGUOUS)
    event = from_dict(Event, {"esign": 1, "kind": "signer.teleported"})
    assert (event.kind, event.vendor_status) == (EventKind.UNKNOWN, "signer.teleported")
    event = from_dict(Event, {"esign": 1, "kind": "signer.teleported", "vendor_status": "TELE"})
    assert event.vendor_status == "TELE"
    assert from_dict(Event, {"esign": 1, "kind": "unknown"}).vendor_status == ""


@pytest.mark.parametrize(
    ("kind", "data", "place"),
    [
        (Process, None, "data"),
        (Process, [], "data"),
        (Process, {}, "esign"),
        (Process, {"esign": True, "id": "P1"}, "esign"),
        (Process, {"esign": 0, "id": "P1"}, "esign"),
        (Process, {"esign": 2, "id": "P1"}, "esign"),
        (str, {"esign": 1}, "type"),
        (Process, {"esign": 1}, "id"),
        (Process, {"esign": 1, "id": 5}, "id"),
        (Process, {"esign": 1, "id": "P1", "status": 5}, "status"),
        (Process, {"esign": 1, "id": "P1", "signers": {}}, "signers"),
        (Process, {"esign": 1, "id": "P1", "signers": [5]}, "signers[0]"),
        (Process, {"esign": 1, "id": "P1", "signers": [{"role": "boss"}]}, "signers[0].role"),
        (Process, {"esign": 1, "id": "P1", "signers": [{"order": True}]}, "signers[0].order"),
        (Process, {"esign": 1, "id": "P1", "signers": [{"facts": []}]}, "signers[0].facts"),
        (Process, {"esign": 1, "id": "P1", "signers": [{"facts": {1: 2}}]}, "signers[0].facts"),
        (Process, {"esign": 1, "id": "P1", "created_at": "soon"}, "created_at"),
        (Process, {"esign": 1, "id": "P1", "created_at": 5}, "created_at"),
        (Process, {"esign": 1, "id": "P1", "status_detail": {"basis": "guess"}}, "status_detail.basis"),
        (Event, {"esign": 1, "kind": "unknown", "dedupe_for": 10**400}, "dedupe_for"),
        (Event, {"esign": 1, "kind": "unknown", "authenticity": "very"}, "authenticity"),
        (Receipt, {"esign": 1, "reply": {"status": 200, "body": "?"}}, "reply.body"),
        (Receipt, {"esign": 1, "reply": {"status": 200, "headers": {"a": 1}}}, "reply.headers"),
        (SignedFile, {"esign": 1, "name": "a", "path": 5}, "path"),
        (ResendReport, {"esign": 1, "process_id": "P", "missed": [{"signer_id": "S", "error": 5}]}, "missed[0].error"),
        (ProcessDraft, {"esign": 1, "name": "a", "documents": [5], "signers": []}, "documents[0]"),
        (ProcessDraft, {"esign": 1, "name": "a", "documents": [{"name": "a"}], "signers": []}, "documents[0].sha256"),
        (
            ProcessDraft,
            {"esign": 1, "name": "a", "documents": [], "signers": [], "extras": {"a": {"$document": 5}}},
            "extras",
        ),
    ],
    ids=range(28),
)
def test_forms_must_fit(kind: type, data: Any, place: str) -> None:
    """What cannot be read is refused with its place."""
    assert places(kind, data) == [place]


def test_newer_forms_are_refused() -> None:
    """With a sentence that says what to do."""
    with pytest.raises(InvalidRequestError, match="newer version of esign"):
        from_dict(Process, {"esign": 2})


def test_problems_of_errors_must_fit() -> None:
    """Each row of problems is read like everything else."""
    row: dict[str, Any] = {"signer_id": "S", "error": {"class": "UnsupportedError", "problems": [5]}}
    form = {"esign": 1, "process_id": "P", "missed": [row]}
    assert places(ResendReport, form) == ["missed[0].error.problems[0]"]


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (5, "value"),
        (Document.from_bytes(b"", name="a"), "value"),
        (attrs.evolve(SIGNER, facts={"a": {1}}), "facts.a"),
        (attrs.evolve(PROCESS, id=odd(object())), "id"),
        (attrs.evolve(RICH, remind_every=odd(object())), "remind_every"),
        (ProcessDraft(name="a", documents=(), signers=[SignerDraft(name="A", order=float("nan"))]), "signers[0].order"),  # type: ignore[arg-type]  # on purpose
    ],
    ids=range(6),
)
def test_values_must_be_writable(value: Any, place: str) -> None:
    """What JSON cannot hold is refused with its place."""
    with pytest.raises(InvalidRequestError) as caught:
        to_dict(value)
    assert [problem.path for problem in caught.value.problems] == [place]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def mutated(form: Any) -> st.SearchStrategy[Any]:
    """Return a form of which any part may be something else."""
    if isinstance(form, dict):
        inside: Callable[[], Any] = lambda: st.fixed_dictionaries({key: mutated(form[key]) for key in form})  # noqa: E731 - built when drawn
    elif isinstance(form, list):
        inside = lambda: st.tuples(*map(mutated, form)).map(list)  # noqa: E731 - built when drawn
    else:
        inside = lambda: st.just(form)  # noqa: E731 - built when drawn
    return st.sampled_from([0, 1, 1, 1, 1, 1, 1]).flatmap(lambda way: inside() if way else JSON)


@pytest.mark.parametrize("value", [*VALUES, RICH], ids=lambda value: type(value).__name__)
@given(data=st.data())
@settings(max_examples=15)
def test_garbage_is_refused_in_one_way(value: Any, data: st.DataObject) -> None:
    """A form with any contents is read, or refused with the place."""
    form = data.draw(mutated(to_dict(value, secrets=True)))
    try:
        read = from_dict(type(value), form)
    except InvalidRequestError as error:
        assert all(problem.path for problem in error.problems)  # noqa: PT017 - either is fine
    else:
        json.dumps(to_dict(read, secrets=True))


@given(
    st.builds(
        Process,
        id=st.text(),
        name=st.text(),
        status=st.sampled_from(ProcessStatus),
        created_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        signers=st.lists(st.builds(Signer, name=st.text(), status=st.sampled_from(SignerStatus)), max_size=2),
        raw=st.dictionaries(st.text(), JSON.filter(lambda tree: "nan" not in repr(tree) and "inf" not in repr(tree))),
    )
)
@settings(max_examples=50)
def test_any_process_survives(process: Process) -> None:
    """Lossless there and back, unless a text holds half a character."""
    assert again(process, secrets=True) == process


def test_every_kind_is_tried() -> None:
    """A kind that is added is added here too."""
    assert {type(value) for value in (*VALUES, RICH)} == set(KINDS)
