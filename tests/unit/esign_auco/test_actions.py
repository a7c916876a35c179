"""Reminding, reopening, cancelling, downloading and the history: what is asked, and what answers mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from tests.unit.esign_auco.support import CODE, NOW, PACKAGE, draft, provider
from tests.unit.esign_auco.test_queries import DOCUMENT_EXAMPLE, PACKAGE_EXAMPLE

from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.drafts import Channel, Role
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    InvalidRequestError,
    NotFoundError,
    RateLimitError,
    RefusedError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.process import Process
from esign_core.model.resend import Resend, SignerEdit
from esign_core.model.status import Basis, EndReason, ProcessStatus
from esign_core.providers.flow import Reply
from esign_core.testing import play

OK = Reply.of({"message": "OK"})
SENT = Reply.of({"message": "REMINDER_SENT"})
REACTIVATED = {"notifications": 2, "users": ["Juan Pérez", "María García"]}


def document(status: str = "CREATED", **people: str) -> dict[str, Any]:
    """Return the answer to a document's query, with people by their ids."""
    signers = [{"id": name, "name": f"Person {name}", "status": word} for name, word in people.items()]
    return {**DOCUMENT_EXAMPLE, "code": CODE, "status": status, "signProfile": signers}


def known(status: str = "CREATED", **people: str) -> Process:
    """Return the process that such an answer is read into."""
    process: Process = play(provider().get(CODE, NOW), Reply.of(document(status, **people))).result
    return process


def test_reminder_goes_to_each_person() -> None:
    """Who has signed, or was not asked yet, is left in peace."""
    flow = provider().resend(CODE, Resend(), NOW, None)
    answer = document(G8="NOTIFICATION", ZR="FINISH", AI="NOTIFICATION", OR="PENDING")
    played = play(flow, Reply.of(answer), OK, SENT)
    read, first, second = played.calls
    assert (read.method, dict(read.query)) == ("GET", {"code": CODE})
    assert [(call.method, call.path) for call in (first, second)] == [("POST", "/document/reminder")] * 2
    assert (first.json, second.json) == ({"code": f"{CODE}G8"}, {"code": f"{CODE}AI"})
    report = played.result
    assert [(each.signer_id, each.name) for each in report.notified] == [("G8", "Person G8"), ("AI", "Person AI")]
    assert (report.count, report.missed, report.reopened) == (2, (), False)
    assert report.raw == ({"message": "OK"}, {"message": "REMINDER_SENT"})


def test_process_read_before_saves_read() -> None:
    """One call for each person is all there is."""
    played = play(provider().resend(CODE, Resend(), NOW, known(G8="NOTIFICATION")), OK)
    assert [call.path for call in played.calls] == ["/document/reminder"]


def test_process_just_created_is_read_first() -> None:
    """What a creation implies knows no signer's id."""
    created = play(provider().create(draft(), NOW), Reply.of({"document": CODE})).result
    played = play(provider().resend(CODE, Resend(), NOW, created), Reply.of(document(G8="NOTIFICATION")), OK)
    assert [call.method for call in played.calls] == ["GET", "POST"]


def test_people_of_package_reminded_by_package() -> None:
    """The package's id and the person's make one code."""
    flow = provider().resend(PACKAGE, Resend(), NOW, None)
    played = play(flow, Reply.of(PACKAGE_EXAMPLE), SENT, SENT)
    assert [call.path for call in played.calls[1:]] == ["/document/many/reminder"] * 2
    assert [call.json for call in played.calls[1:]] == [{"package": f"{PACKAGE}AI"}, {"package": f"{PACKAGE}OR"}]


@pytest.mark.parametrize("refusal", [RefusedError(status=400), ConflictError(status=409), NotFoundError(status=400)])
def test_refused_reminder_is_missed(refusal: EsignError) -> None:
    """One person's refusal costs nobody else their reminder."""
    flow = provider().resend(CODE, Resend(), NOW, known(G8="NOTIFICATION", ZR="NOTIFICATION"))
    report = play(flow, refusal, OK).result
    assert [(each.signer_id, each.error) for each in report.missed] == [("G8", refusal)]
    assert [each.signer_id for each in report.notified] == ["ZR"]
    assert report.count == 1


@pytest.mark.parametrize("failure", [RateLimitError(status=429), AuthenticationError(status=401)])
def test_other_failure_keeps_the_report(failure: EsignError) -> None:
    """The report so far travels on the error."""
    flow = provider().resend(CODE, Resend(), NOW, known(G8="NOTIFICATION", ZR="NOTIFICATION", AI="NOTIFICATION"))
    with pytest.raises(type(failure)) as caught:
        play(flow, OK, failure)
    assert caught.value.report is not None
    assert [each.signer_id for each in caught.value.report.notified] == ["G8"]


@pytest.mark.parametrize("answer", [Reply.of([]), Reply.of({"message": 1}), Reply(body=b"<html>")])
def test_unreadable_confirmation_keeps_the_report(answer: Reply) -> None:
    """Whether that person was reminded is not known, and nobody else is asked meanwhile."""
    flow = provider().resend(CODE, Resend(), NOW, known(G8="NOTIFICATION", ZR="NOTIFICATION"))
    with pytest.raises(UnreadableReplyError) as caught:
        play(flow, OK, answer)
    assert caught.value.report is not None
    assert caught.value.report.count == 1


def test_person_without_id_is_missed() -> None:
    """There is no code to remind them by, and the others are reminded all the same."""
    signers = [{"name": "Ana", "status": "NOTIFICATION"}, {"id": "ZR", "status": "NOTIFICATION"}]
    flow = provider().resend(CODE, Resend(), NOW, None)
    report = play(flow, Reply.of({**document(), "signProfile": signers}), OK).result
    assert [type(each.error) for each in report.missed] == [NotFoundError]
    assert report.count == 1


@pytest.mark.parametrize(
    ("status", "hint"), [("FINISH", None), ("EXPIRED", "reopen=True"), ("REJECTED", "reopen=True")]
)
def test_ended_process_reminds_no_one(status: str, hint: str | None) -> None:
    """It is said at once where the process is known, else after the read, and reopening is named where it helps."""
    ended = known(status, G8="NOTIFICATION")
    with pytest.raises(ConflictError) as caught:
        play(provider().resend(CODE, Resend(), NOW, ended))
    assert (caught.value.hint is None) is (hint is None)
    with pytest.raises(ConflictError):
        play(provider().resend(CODE, Resend(), NOW, None), Reply.of(document(status, G8="NOTIFICATION")))


@pytest.mark.parametrize("reopen", [False, True])
def test_edits_unsupported_before_anything_sent(reopen: bool) -> None:
    """Auco has no way to correct somebody, and says what to do instead."""
    resend = Resend(edits=[SignerEdit(signer_id="G8", name="Ana Luz")], reopen=reopen)
    with pytest.raises(UnsupportedError, match=r"operations\.edit"):
        play(provider().resend(CODE, resend, NOW, None))


@pytest.mark.parametrize(
    ("process_id", "resend", "body"),
    [
        (CODE, Resend(reopen=True), {"code": CODE, "email": "example@auco.ai"}),
        (PACKAGE, Resend(reopen=True, requested_by="m@example.com"), {"package": PACKAGE, "email": "m@example.com"}),
    ],
)
def test_reopening_is_documented_call(process_id: str, resend: Resend, body: dict[str, str]) -> None:
    """By code or by package, in the name of whoever asks or of the sender; the answer tells who was notified."""
    played = play(provider().resend(process_id, resend, NOW, None), Reply.of(REACTIVATED))
    (call,) = played.calls
    assert (call.method, call.path, call.json) == ("PUT", "/document/reactivate", body)
    assert call.process_id == process_id
    report = played.result
    assert [each.name for each in report.notified] == ["Juan Pérez", "María García"]
    assert (report.count, report.reopened, report.raw) == (2, True, REACTIVATED)


@pytest.mark.parametrize("status", ["CREATED", "FINISH"])
def test_open_process_is_not_reopened(status: str) -> None:
    """An open or a finished process is refused without a call."""
    with pytest.raises(ConflictError):
        play(provider().resend(CODE, Resend(reopen=True), NOW, known(status, G8="NOTIFICATION")))


def test_rejected_process_is_reopened() -> None:
    """What was read before does not stand in the way."""
    played = play(provider().resend(CODE, Resend(reopen=True), NOW, known("REJECTED")), Reply.of({"notifications": 0}))
    assert played.result.count == 0


@pytest.mark.parametrize("answer", [{}, {"message": "OK"}, []])
def test_unreadable_answer_to_reopening_is_said(answer: Any) -> None:
    """An answer that says neither how many were notified nor who is unreadable."""
    with pytest.raises(UnreadableReplyError):
        play(provider().resend(CODE, Resend(reopen=True), NOW, None), Reply.of(answer))


def test_user_must_be_address() -> None:
    """Who acts is told by e-mail."""
    with pytest.raises(InvalidRequestError, match="requested_by"):
        play(provider().cancel(CODE, "", "Ana", None))


@pytest.mark.parametrize(("reason", "message"), [("Wrong rent", "Wrong rent"), (" ", "Adiós.")])
def test_cancel_names_reason_and_user(reason: str, message: str) -> None:
    """Auco demands both: the account's own sentence stands in for a missing reason."""
    flow = provider(cancel_message="Adiós.").cancel(CODE, reason, None, None)
    played = play(flow, Reply.of({"success": 1, "errors": {"cant": 0}}))
    (call,) = played.calls
    assert (call.method, call.path) == ("POST", "/document/cancel")
    assert call.json == {"codes": [CODE], "message": message, "email": "example@auco.ai"}
    process = played.result
    assert (process.id, process.status) == (CODE, ProcessStatus.CANCELLED)
    assert process.status_detail.basis is Basis.DERIVED
    assert process.status_detail.end_reason is EndReason.SENDER_CANCELLED
    assert process.status_detail.reopenable


def test_cancelled_process_keeps_its_facts() -> None:
    """Only the status changes; it was not read anew."""
    before = attrs.evolve(known(G8="NOTIFICATION"), read_at=NOW)
    flow = provider().cancel(CODE, "", "m@example.com", before)
    process = play(flow, Reply.of({"success": 1, "errors": {"cant": 0}})).result
    assert process.signers == before.signers
    assert process.read_at is None


def test_tally_with_failures_is_no_success() -> None:
    """HTTP 200 does not mean that it was cancelled."""
    tally = {"success": 0, "errors": {"cant": 1, "documents": [CODE]}}
    with pytest.raises(ConflictError) as caught:
        play(provider().cancel(CODE, "", None, None), Reply.of(tally))
    assert caught.value.process_id == CODE


@pytest.mark.parametrize(
    "tally", [{"success": 0, "errors": {"cant": 0}}, {}, {"success": 1}, {"success": True, "errors": {"cant": 0}}, []]
)
def test_tally_that_counts_nothing_is_unreadable(tally: Any) -> None:
    """Neither a success nor a failure can be made of it."""
    with pytest.raises(UnreadableReplyError):
        play(provider().cancel(CODE, "", None, None), Reply.of(tally))


@pytest.mark.parametrize(("status", "people"), [("FINISH", "FINISH"), ("REJECTED", "REJECT"), ("REJECTED", "FINISH")])
def test_ended_process_is_not_cancelled(status: str, people: str) -> None:
    """It is refused without a call."""
    with pytest.raises(ConflictError):
        play(provider().cancel(CODE, "", None, known(status, G8=people)))


def test_package_cannot_be_cancelled() -> None:
    """Auco documents no way."""
    with pytest.raises(UnsupportedError):
        play(provider().cancel(PACKAGE, "", None, None))


def finished(code: str = CODE, **changes: Any) -> Reply:
    """Return the answer to the query of a finished document."""
    return Reply.of({**document("FINISH", G8="FINISH"), "code": code, **changes})


def fetched(name: str) -> Reply:
    """Return the answer that brought a file."""
    return Reply(file=SignedFile(name=name, size=9))


def test_finished_document_fetched_from_address() -> None:
    """The address is asked for first, for it holds for a while only; no key goes there."""
    played = play(provider().download(CODE, known("FINISH")), finished(), fetched("a.pdf"))
    query, fetch = played.calls
    assert dict(query.query) == {"code": CODE}
    assert (fetch.method, fetch.path, fetch.anonymous) == ("GET", "https://storage.example.com/signed", True)
    assert fetch.save is not None
    assert (fetch.save.name, fetch.save.kind) == ("Service agreement.pdf", FileKind.DOCUMENT)
    assert [file.name for file in played.result] == ["a.pdf"]


def test_every_document_of_package_is_fetched() -> None:
    """The package tells its documents; files of the same name are told apart by their codes."""
    package = Reply.of({**PACKAGE_EXAMPLE, "status": "FINISH"})
    replies = [package, finished("CODEDOC1"), fetched("1"), finished("CODEDOC2"), fetched("2")]
    played = play(provider().download(PACKAGE, None), *replies)
    queries = [dict(call.query) for call in played.calls if call.save is None]
    assert queries == [{"package": PACKAGE}, {"code": "CODEDOC1"}, {"code": "CODEDOC2"}]
    names = [call.save.name for call in played.calls if call.save]
    assert names == ["Service agreement.pdf", "Service agreement (CODEDOC2).pdf"]
    assert len(played.result) == 2
    assert all(call.process_id for call in played.calls)


def test_finished_package_read_before_saves_read() -> None:
    """Its documents are known already."""
    package = play(provider().get(PACKAGE, NOW), Reply.of({**PACKAGE_EXAMPLE, "status": "FINISH"})).result
    replies = [finished("CODEDOC1"), fetched("1"), finished("CODEDOC2", name=""), fetched("2")]
    played = play(provider().download(PACKAGE, package), *replies)
    assert [call.save.name for call in played.calls if call.save] == [
        "Service agreement.pdf",
        "Service agreement (CODEDOC2).pdf",
    ]


@pytest.mark.parametrize("status", ["CREATED", "REJECTED", "EXPIRED", "ARCHIVED"])
def test_unfinished_process_gives_no_files(status: str) -> None:
    """Auco would hand out an unsigned PDF."""
    with pytest.raises(ConflictError):
        play(provider().download(CODE, None), Reply.of(document(status)))
    with pytest.raises(ConflictError):
        play(provider().download(PACKAGE, None), Reply.of({**PACKAGE_EXAMPLE, "status": status}))


@pytest.mark.parametrize("url", [None, ""])
def test_download_before_file_is_there(url: str | None) -> None:
    """A process signed by all whose answer has no address is a conflict that says to wait."""
    tree = {**document("FINISH", G8="FINISH"), "url": url}
    with pytest.raises(ConflictError, match="no address of its file yet"):
        play(provider().download(CODE, None), Reply.of(tree))


def test_signed_without_address_is_finalizing() -> None:
    """`FINISH` with the address of the file is COMPLETED, without it FINALIZING; so is the document."""
    finished = play(provider().get(CODE, NOW), Reply.of(document("FINISH", G8="FINISH"))).result
    waiting = play(provider().get(CODE, NOW), Reply.of({**document("FINISH", G8="FINISH"), "url": None})).result
    package = play(provider().get(PACKAGE, NOW), Reply.of({**PACKAGE_EXAMPLE, "status": "FINISH"})).result
    assert (finished.status, package.status) == (ProcessStatus.COMPLETED, ProcessStatus.COMPLETED)
    assert (waiting.status, waiting.documents[0].status) == (ProcessStatus.FINALIZING, ProcessStatus.FINALIZING)
    assert waiting.status_detail.basis is Basis.DERIVED


def test_finalizing_process_has_ended() -> None:
    """All have signed: it can neither be cancelled nor be reminded of."""
    waiting = play(provider().get(CODE, NOW), Reply.of({**document("FINISH", G8="FINISH"), "url": None})).result
    for flow in (provider().cancel(CODE, "", None, waiting), provider().resend(CODE, Resend(), NOW, waiting)):
        with pytest.raises(ConflictError):
            play(flow)


@pytest.mark.parametrize(
    ("answer", "count", "names"),
    [
        ({"notifications": 2, "users": ["Ana", "Luz"]}, 2, ["Ana", "Luz"]),
        ({"notifications": "2"}, 2, []),
        ({"notifications": 0, "users": []}, 0, []),
        ({"users": ["Ana"]}, None, ["Ana"]),
        ({"notifications": None, "users": ["Ana"]}, None, ["Ana"]),
        ({"notifications": [], "users": "Ana"}, None, []),
    ],
)
def test_reopening_counts_what_vendor_counted(answer: Any, count: int | None, names: list[str]) -> None:
    """The count is the vendor's own: None where it gave none, 0 where it notified no one."""
    report = play(provider().resend(CODE, Resend(reopen=True), NOW, None), Reply.of(answer)).result
    assert (report.count, [each.name for each in report.notified]) == (count, names)
    assert (report.reopened, report.at) == (True, NOW)


def test_download_with_audit_record() -> None:
    """The roadmap of each document is saved as the vendor answers it, after the document itself."""
    finished = Reply.of(document("FINISH", G8="FINISH"))
    played = play(provider().download(CODE, None, audit=True), finished, Reply(), Reply())
    saves = [call.save for call in played.calls if call.save is not None]
    assert [save.kind for save in saves] == [FileKind.DOCUMENT, FileKind.AUDIT_RECORD]
    assert saves[1].name.endswith(".json")
    last = played.calls[-1]
    assert (last.path, dict(last.query), last.anonymous) == ("/document/roadmap", {"code": CODE}, False)
    assert len(play(provider().download(CODE, None), finished, Reply()).calls) == 2


ROADMAP: dict[str, Any] = {
    "name": "Service agreement",
    "documentCode": "CODEDOCUM1",
    "createdAt": "2026-02-10T14:02:11.418Z",
    "author": {"name": "Ana", "email": "ana@example.com"},
    "participants": [
        {
            "id": "01",
            "name": "Juan",
            "role": "SIGNER",
            "email": "juan@example.com",
            "phone": "+573001234567",
            "location": {"lat": 4.65, "lng": -74.05, "street": "Calle 98"},
            "ipAddress": "190.24.10.55 Bogota, Colombia",
        },
        {"name": "Audit", "role": "READER", "email": "audit@example.com"},
    ],
    "activityLog": [
        {
            "action": "NOTIFICATION_SIGN",
            "platform": "EMAIL",
            "participant": "01",
            "timestamp": "2026-02-10T14:02:13.902Z",
            "by": "juan@example.com",
        },
        {
            "action": "PARTICIPANT_REJECT",
            "platform": "WHATSAPP",
            "participant": "01",
            "timestamp": "2026-02-11T16:10:29.775Z",
            "by": "juan@example.com",
            "message": "reason",
        },
        {
            "action": "CANCEL_SIGN",
            "platform": "ARCHIVE",
            "participant": "ARCHIVE",
            "timestamp": "2026-02-11T16:44:02.031Z",
            "by": "ana@example.com",
        },
        {"action": "SOMETHING_NEW", "platform": "SMS", "participant": "77", "timestamp": "later"},
    ],
}


def test_history_in_neutral_words() -> None:
    """Each line keeps the vendor's own, and what is unknown says so."""
    played = play(provider().timeline(CODE), Reply.of(ROADMAP))
    (call,) = played.calls
    assert (call.method, call.path, dict(call.query)) == ("GET", "/document/roadmap", {"code": CODE})
    entries = played.result
    assert [entry.kind for entry in entries] == ["signer.notified", "signer.declined", "process.cancelled", "unknown"]
    first, second, third, last = entries
    assert first.at == datetime(2026, 2, 10, 14, 2, 13, 902000, tzinfo=UTC)
    assert first.participant is not None
    assert (first.participant.id, first.participant.role) == ("01", Role.SIGNER)
    assert (first.channel, second.channel, third.channel) == (Channel.EMAIL, Channel.WHATSAPP, None)
    assert second.message == "reason"
    assert third.participant is None
    assert (last.vendor_status, last.at, last.participant) == ("SOMETHING_NEW", None, None)
    assert [entry.raw for entry in entries] == ROADMAP["activityLog"]


def test_empty_history_is_empty() -> None:
    """A silent process has no lines."""
    assert play(provider().timeline(CODE), Reply.of({"activityLog": []})).result == ()


def test_packages_have_no_history() -> None:
    """It is said without a call, and leads to the documents."""
    with pytest.raises(UnsupportedError, match="documents"):
        play(provider().timeline(PACKAGE))


@pytest.mark.parametrize("tree", [{}, [], {"activityLog": [{}]}, {"activityLog": [], "participants": [{"id": 1}]}])
def test_something_else_than_history_is_unreadable(tree: Any) -> None:
    """A line without an action is none."""
    with pytest.raises(UnreadableReplyError):
        play(provider().timeline(CODE), Reply.of(tree))
