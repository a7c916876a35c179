"""Operations about one person and about whole processes: their requests, and what their answers say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import CODE, NOW, OTHER_PDF, PACKAGE, PDF, ana, draft, paths_of, provider
from tests.unit.esign_auco.test_actions import ROADMAP

from esign_auco import operations
from esign_core.model.documents import FileKind, SignedFile, TemplateDocument
from esign_core.model.drafts import Attachment
from esign_core.model.errors import InvalidRequestError, NotFoundError, UnreadableReplyError, UnsupportedError
from esign_core.model.status import SignerStatus
from esign_core.providers.flow import Call, Flow, Reply
from esign_core.testing import play

OK = Reply.of({"message": "OK"})
LOST = operations.SIGNATURES_WILL_BE_LOST


def only(flow: Flow[Any], reply: Reply) -> tuple[Call, Any]:
    """Return the one call a flow makes, and its result."""
    (call,), result = play(flow, reply)
    return call, result


def test_access_codes_are_process_and_person() -> None:
    """A package says so; nothing is asked of anybody."""
    assert play(operations.access_code(provider(), CODE, "G8")).result == operations.AccessCode(document=f"{CODE}G8")
    package = play(operations.access_code(provider(), PACKAGE, "77"))
    assert package.calls == ()
    assert (package.result.document, package.result.sign_flow) == (f"{PACKAGE}77", "package")
    assert CODE not in repr(operations.AccessCode(document=f"{CODE}G8"))


@pytest.mark.parametrize("signer", ["", "G 8", "G/8", "é"])
def test_wrong_signer_id_is_refused(signer: str) -> None:
    """It would name another person, or nobody."""
    with pytest.raises(InvalidRequestError, match="signer_id"):
        play(operations.access_code(provider(), CODE, signer))


def test_id_of_another_vendor_not_found() -> None:
    """Nothing is sent."""
    with pytest.raises(NotFoundError):
        play(operations.remind(provider(), "not-one-of-ours", "G8"))


def test_one_person_is_reminded() -> None:
    """Of a document or of a package."""
    call, result = only(operations.remind(provider(), CODE, "G8"), OK)
    assert (call.method, call.path, call.json) == ("POST", "/document/reminder", {"code": f"{CODE}G8"})
    assert result == {"message": "OK"}
    call, _ = only(operations.remind(provider(), PACKAGE, "77"), Reply.of({"message": "REMINDER_SENT"}))
    assert (call.path, call.json) == ("/document/many/reminder", {"package": f"{PACKAGE}77"})


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"action": "approve", "message": "I know her"}, {"status": "approve", "message": "I know her"}),
        ({"action": "approve"}, {"status": "approve", "message": operations.APPROVED}),
        ({"action": "cancel"}, {"status": "cancel", "message": "Adiós."}),
        ({"action": "reject"}, {"status": "reject"}),
        ({"action": "reset", "requested_by": "m@example.com"}, {"status": "reset", "email": "m@example.com"}),
        ({"action": "approve", "dialect": "classic"}, {"status": "approve"}),
        ({"action": "cancel", "dialect": "classic", "message": "No"}, {"status": "cancel", "message": "No"}),
    ],
)
def test_blocked_person_is_decided_about(given: dict[str, Any], sent: dict[str, str]) -> None:
    """A message goes where Auco demands one, and nowhere else."""
    flow = operations.unlock(provider(cancel_message="Adiós."), f"{CODE}G8", **given)
    call, result = only(flow, OK)
    assert (call.method, call.path) == ("POST", "/document/unlock")
    assert call.json == {"code": f"{CODE}G8", "email": "example@auco.ai", **sent}
    assert call.process_id == CODE
    assert result == {"message": "OK"}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"action": "reject", "message": "No"}, "message"),
        ({"action": "approve", "message": "Yes", "dialect": "classic"}, "message"),
        ({"action": "forgive"}, "action"),
    ],
)
def test_refused_decision_is_not_sent(given: dict[str, Any], path: str) -> None:
    """A message where it has no place, and an unknown action."""
    with pytest.raises(InvalidRequestError) as caught:
        play(operations.unlock(provider(), f"{CODE}G8", **given))
    assert paths_of(caught.value) == [path]


def test_code_without_person_is_sent() -> None:
    """How long a code has to be, only the vendor knows for certain."""
    call, _ = only(operations.unlock(provider(), CODE, action="reject"), OK)
    assert (call.json["code"], call.process_id) == (CODE, None)


def test_code_with_signs_in_not_found() -> None:
    """It can be nobody's."""
    with pytest.raises(NotFoundError):
        play(operations.unlock(provider(), f"{CODE}-G8", action="approve"))


RECORDS = [
    {
        "entity": "auco",
        "phone": "+573001234567",
        "message": "Hello",
        "date": 1746028800000,
        "actions": [
            {"action": "sent", "timestamp": 1746028800000},
            {"action": "failed", "timestamp": 1746028802000, "errors": ["WHATSAPP_NUMBER_NOT_REGISTERED"]},
        ],
    },
    {"entity": "signer", "phone": "+573001234567", "message": "comenzar", "date": 1746028900000},
]


def test_conversation_is_read() -> None:
    """Times are instants, and a failure says why."""
    call, records = only(operations.whatsapp_records(provider(), CODE, "G8"), Reply.of(RECORDS))
    assert (call.method, call.path, dict(call.query)) == ("GET", "/whatsapp/records", {"code": CODE, "userId": "G8"})
    first, second = records
    assert first.at == datetime(2025, 4, 30, 16, 0, tzinfo=UTC)
    assert first.actions[1].at == first.at + timedelta(seconds=2)
    assert first.actions[1].errors == ("WHATSAPP_NUMBER_NOT_REGISTERED",)
    assert (second.entity, second.actions, second.raw) == ("signer", (), RECORDS[1])
    call, records = only(operations.whatsapp_records(provider(), "JPJD42IDWP3Z6RXA"), Reply.of([]))
    assert dict(call.query) == {"code": "JPJD42IDWP3Z6RXA"}
    assert records == ()


@pytest.mark.parametrize("tree", [{}, [{"entity": "auco"}], [{"entity": "auco", "date": "today"}]])
def test_something_else_than_conversation_is_unreadable(tree: Any) -> None:
    """A message has a writer and a time."""
    with pytest.raises(UnreadableReplyError):
        play(operations.whatsapp_records(provider(), CODE, "G8"), Reply.of(tree))


IMAGES = {
    "signProfile": [
        {
            "id": "G8",
            "name": "Ana",
            "email": "ana@example.com",
            "identificationCard": {"type": "presigned", "data": "https://storage.example.com/card"},
            "photo": {"type": "base64", "data": "data:image/jpeg;base64,AAAA"},
            "similarity": 97.5,
            "scores": {"liveness": 1},
        },
        {"id": "ZR", "name": "Luz"},
    ]
}


def test_images_are_read_when_asked_for() -> None:
    """Links say until when they hold; what a person did not show is missing."""
    call, evidence = only(operations.signer_images(provider(), CODE, now=NOW), Reply.of(IMAGES))
    assert (call.path, dict(call.query)) == ("/document", {"code": CODE, "image": "true"})
    first, second = evidence
    assert first.identification_card.link.until == NOW + timedelta(minutes=5)
    assert first.photo.data == "data:image/jpeg;base64,AAAA"
    assert (first.similarity, first.scores) == (97.5, {"liveness": 1})
    assert (second.photo, second.identification_card_back, second.email) == (None, None, None)
    assert "storage" not in repr(evidence)
    with pytest.raises(UnsupportedError, match="documents"):
        play(operations.signer_images(provider(), PACKAGE))
    with pytest.raises(UnreadableReplyError):
        play(operations.signer_images(provider(), CODE), Reply.of({}))


@pytest.mark.parametrize(
    ("date", "until"),
    [
        ("Mon, 01 Jun 2026 12:00:00 GMT", NOW + timedelta(minutes=5)),
        ("Mon, 01 Jun 2026 12:00:00 -0000", NOW + timedelta(minutes=5)),
        ("soon", None),
        (None, None),
    ],
)
def test_links_count_from_answers_date(date: str | None, until: datetime | None) -> None:
    """Where there is neither, nothing is made up; the lifetime is known in any case."""
    headers = {} if date is None else {"Date": date}
    reply = Reply(headers=headers, body=Reply.of(IMAGES).body)
    _, evidence = only(operations.signer_images(provider(), CODE), reply)
    link = evidence[0].identification_card.link
    assert (link.until, link.lifetime) == (until, timedelta(minutes=5))


def test_roadmap_is_read_whole() -> None:
    """Who created the document, and from where people acted."""
    call, roadmap = only(operations.roadmap(provider(), CODE), Reply.of(ROADMAP))
    assert dict(call.query) == {"code": CODE}
    assert roadmap.author.email == "ana@example.com"
    assert roadmap.participants[0].ip_address == "190.24.10.55 Bogota, Colombia"
    assert roadmap.raw == ROADMAP


def test_several_documents_are_cancelled_at_once() -> None:
    """The tally says which could not be."""
    tally = {"success": 2, "errors": {"cant": 1, "documents": ["RC0OO75VL7"]}}
    flow = operations.cancel_documents(provider(), [CODE, "RC0OO75VL7"], reason="Over", requested_by="m@example.com")
    call, result = only(flow, Reply.of(tally))
    assert call.json == {"codes": [CODE, "RC0OO75VL7"], "message": "Over", "email": "m@example.com"}
    assert (result.success, result.errors.count, result.errors.documents) == (2, 1, ("RC0OO75VL7",))
    with pytest.raises(NotFoundError):
        play(operations.cancel_documents(provider(), ["../x"]))


def test_form_is_filled_in_beforehand() -> None:
    """Every documented field is there; what is not given is not sent."""
    flow = operations.prebuild(
        provider(),
        template_id="64823dc5ce28a265e02d68f3",
        name="Lease",
        email_to="luz@example.com",
        values={"nombre": "Ana"},
        extras={"camera": True, "options": {"camera": "photo"}},
    )
    call, code = only(flow, Reply.of({"document": "ABCDEF1234"}))
    assert (call.method, call.path) == ("POST", "/document/prebuild")
    assert call.json == {
        "email": "example@auco.ai",
        "name": "Lease",
        "document": "64823dc5ce28a265e02d68f3",
        "preBuild": [{"key": "nombre", "value": "Ana"}],
        "sign": True,
        "notification": True,
        "emailTo": "luz@example.com",
        "camera": True,
        "options": {"camera": "photo"},
    }
    assert code == "ABCDEF1234"


def test_form_may_have_folder_and_end() -> None:
    """Dates are written as everywhere."""
    flow = operations.prebuild(
        provider(),
        template_id="t",
        name="Lease",
        email_to="luz@example.com",
        values={},
        folder="/a",
        expires_at=NOW + timedelta(days=9),
    )
    call, _ = only(flow, Reply.of({"document": "ABCDEF1234"}))
    assert (call.json["folder"], call.json["expiredDate"]) == ("/a", "2026-06-10T12:00:00.000Z")
    with pytest.raises(InvalidRequestError, match="email_to"):
        play(operations.prebuild(provider(), template_id="t", name="n", email_to="luz", values={}))


LISTED = {
    "package": "paquete123",
    "name": "Proceso 001",
    "finish": True,
    "signers": [{"userId": "01", "email": "u1@example.com", "name": "Usuario Uno"}],
}


def one_person(status: str) -> dict[str, Any]:
    """Return the answer about one person's files."""
    files: list[dict[str, str]] = [{"name": "Documento Identidad"}]
    if status != "pending":
        files[0]["url"] = "https://storage.example.com/id"
    person = {"userId": "01", "email": "u1@example.com", "name": "Usuario Uno", "status": status, "files": files}
    return {"package": "paquete123", "name": "Proceso 001", "finish": False, "signer": person}


@pytest.mark.parametrize(("process_id", "name"), [(PACKAGE, "package"), (CODE, "code")])
def test_attachments_asked_for_by_one_id(process_id: str, name: str) -> None:
    """By package or by code, never by both."""
    call, asked = only(operations.attachments(provider(), process_id), Reply.of(LISTED))
    assert (call.method, call.path, dict(call.query)) == ("GET", "/attachments", {name: process_id})
    assert (asked.package, asked.name, asked.finished, asked.raw) == ("paquete123", "Proceso 001", True, LISTED)
    (person,) = asked.signers
    assert (person.signer.id, person.signer.status, person.files) == ("01", SignerStatus.UNKNOWN, ())


@pytest.mark.parametrize(
    ("word", "status", "linked"),
    [
        ("pending", SignerStatus.NOTIFIED, False),
        ("uploaded", SignerStatus.DONE, True),
        ("approved", SignerStatus.DONE, True),
    ],
)
def test_attachments_of_one_person(word: str, status: SignerStatus, linked: bool) -> None:
    """Files have links once they are there, which hold for 300 seconds."""
    flow = operations.attachments(provider(), PACKAGE, "01", now=NOW)
    call, asked = only(flow, Reply.of(one_person(word)))
    assert dict(call.query) == {"package": PACKAGE, "userId": "01"}
    (person,) = asked.signers
    assert (person.signer.status, person.signer.status_detail.vendor_status) == (status, word)
    (file,) = person.files
    assert file.name == "Documento Identidad"
    assert (file.link.until if file.link else None) == (NOW + timedelta(seconds=300) if linked else None)


def test_attachments_without_people_are_unreadable() -> None:
    """The answer has to be about somebody."""
    with pytest.raises(UnreadableReplyError):
        play(operations.attachments(provider(), PACKAGE), Reply.of({"package": PACKAGE}))


def test_uploaded_attachments_are_fetched() -> None:
    """Each from its own address, without a key; what is not there yet is passed over."""
    answer = one_person("uploaded")
    answer["signer"]["files"].append({"name": "Later"})
    answer["signer"]["files"].append({"url": "https://storage.example.com/nameless"})
    fetched = [Reply(file=SignedFile(name=name, kind=FileKind.ATTACHMENT)) for name in ("id", "nameless")]
    played = play(operations.download_attachments(provider(), PACKAGE, "01"), Reply.of(answer), *fetched)
    saves = [call.save for call in played.calls[1:]]
    assert [(save.name, save.kind) for save in saves if save] == [
        ("Documento Identidad", FileKind.ATTACHMENT),
        ("attachment", FileKind.ATTACHMENT),
    ]
    assert all(call.anonymous for call in played.calls[1:])
    assert [file.name for file in played.result] == ["id", "nameless"]


def test_edition_asks_for_explicit_word() -> None:
    """Without it nothing is sent, and the error says what would be lost."""
    for flow in (
        operations.edit(provider(), CODE, confirm="yes"),
        operations.overwrite(provider(), CODE, draft(), now=NOW, confirm=""),
    ):
        with pytest.raises(InvalidRequestError, match="signatures will be lost"):
            play(flow)


@pytest.mark.parametrize(
    ("process_id", "path", "name", "said"),
    [(CODE, "/document/edit", "code", "DOCUMENT_MODIFIED"), (PACKAGE, "/package/edit", "package", "PACKAGE_MODIFIED")],
)
def test_edition_marks_shows_private_key(process_id: str, path: str, name: str, said: str) -> None:
    """Both calls go to the same place; the read is the one that wants the private key."""
    mark, result = only(operations.edit(provider(), process_id, confirm=LOST), Reply.of({"message": said}))
    assert (mark.method, mark.path, mark.json) == ("POST", path, {name: process_id})
    assert result == {"message": said}
    show, _ = only(operations.edition(provider(), process_id), Reply.of({"name": "Lease"}))
    assert (show.method, show.path, dict(show.query)) == ("GET", path, {name: process_id})
    assert provider().authorize(show).headers["Authorization"] == "prk_invented"


EDITION = {
    "name": "Lease contracts",
    "subject": "Signature",
    "message": "Please sign",
    "signers": [{"name": "Luz", "email": "luz@example.com", "status": "pending"}],
    "documents": [
        {
            "code": "CRSD8I9AJ1",
            "name": "Lease",
            "url": "https://documents.example.com/1",
            "signProfile": [{"name": "Luz", "email": "luz@example.com"}],
        }
    ],
}


def test_package_in_edition_is_read() -> None:
    """Its links hold for five minutes."""
    _, edition = only(operations.edition(provider(), PACKAGE, now=NOW), Reply.of(EDITION))
    assert (edition.name, edition.subject, edition.message) == ("Lease contracts", "Signature", "Please sign")
    assert [signer.status for signer in edition.signers] == [SignerStatus.NOT_NOTIFIED]
    (document,) = edition.documents
    assert (document.code, document.name) == ("CRSD8I9AJ1", "Lease")
    assert document.link.until == NOW + timedelta(minutes=5)
    assert [signer.status for signer in document.signers] == [SignerStatus.UNKNOWN]
    assert edition.raw == EDITION


def test_document_in_edition_process_of_one() -> None:
    """Its people and its link stand outside."""
    tree = {"name": "Lease", "url": "https://documents.example.com/1", "signProfile": [{"id": "G8", "name": "Ana"}]}
    _, edition = only(operations.edition(provider(), CODE), Reply.of(tree))
    (document,) = edition.documents
    assert (document.code, document.link.url, document.link.until) == (CODE, "https://documents.example.com/1", None)
    assert [signer.id for signer in edition.signers] == ["G8"]


@pytest.mark.parametrize(
    ("process_id", "documents", "path", "name"),
    [
        (CODE, [PDF], "/document/upload", "code"),
        (CODE, [TemplateDocument(template_id="t")], "/document/save", "code"),
        (PACKAGE, [TemplateDocument(template_id="t"), TemplateDocument(template_id="u")], "/document/many", "package"),
    ],
)
def test_overwriting_sends_everything_anew_with_id(process_id: str, documents: list[Any], path: str, name: str) -> None:
    """It is the creation's request, with the identifier of the process it stands in for."""
    signers = draft().signers if documents == [PDF] else ()
    given = draft(documents=documents, signers=signers)
    flow = operations.overwrite(provider(), process_id, given, now=NOW, confirm=LOST)
    call, process = only(flow, Reply.of({"document": process_id}))
    assert (call.path, call.json[name], call.process_id) == (path, process_id, process_id)
    assert process.id == process_id


@pytest.mark.parametrize(("process_id", "documents"), [(CODE, [PDF, OTHER_PDF]), (PACKAGE, [PDF])])
def test_overwriting_another_kind_process_refused(process_id: str, documents: list[Any]) -> None:
    """A document stays a document, and a package a package."""
    flow = operations.overwrite(provider(), process_id, draft(documents=documents), now=NOW, confirm=LOST)
    with pytest.raises(UnsupportedError, match="replace"):
        play(flow)


def test_overwriting_judges_draft_like_creation() -> None:
    """What no vendor, what not Auco, and what not this path could carry is refused."""
    malformed = draft(name="")
    unplaced = draft(signers=[ana(placements=[])])
    asking = draft(signers=[ana(attachments=[Attachment(name="Bill")])])
    for given in (malformed, unplaced, asking):
        with pytest.raises(InvalidRequestError):
            play(operations.overwrite(provider(), CODE, given, now=NOW, confirm=LOST))
