"""One PDF: the request against the vendor's own example, and every answer it documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import ANA, BOX, CODE, LUZ, NOW, PDF, ana, draft, paths_of, provider

from esign_core.model.documents import Document
from esign_core.model.drafts import Challenge, Channel, CopyRecipient, Placement, ProcessDraft, Role, SignerDraft
from esign_core.model.errors import (
    ConfigError,
    InvalidRequestError,
    OutcomeUnknownError,
    UnreadableReplyError,
    UnsupportedError,
)
from esign_core.model.status import Basis, ProcessStatus, SignerStatus
from esign_core.providers.capabilities import Feature
from esign_core.providers.flow import Reply
from esign_core.testing import play

BIG = Document.from_bytes(b"%PDF-1.4 " + b"." * 64, name="big.pdf")
URL = "https://storage.example.com/one?signature=once"

# The vendor's own example of a process with automatic reminders.
REMINDERS = {
    "name": "Documento de prueba",
    "subject": "prueba auco",
    "message": "prueba auco",
    "remember": 3,
    "email": "example@auco.ai",
    "signProfile": [{"name": "Jhon Firma", "email": "example@auco.ai", "label": True}],
    "readers": [{"email": "example2@auco.ai", "name": "Frimante 1"}],
    "file": PDF,
}

# The checks of each person in the vendor's second example.
FIRST_PERSON = {
    "type": "firmante1",
    "camera": True,
    "otpCode": True,
    "options": {"camera": "identification", "video": True, "whatsapp": True, "otpCode": "email"},
}
SECOND_PERSON = {"type": "firmante2", "otpCode": True, "options": {"otpCode": "email"}}


def body_of(given: ProcessDraft, **changes: Any) -> dict[str, Any]:
    """Return the body of the call that creates a process."""
    played = play(provider(**changes).create(given, NOW), Reply.of({"document": CODE}))
    assert [(call.method, call.path) for call in played.calls] == [("POST", "/document/upload")]
    body: dict[str, Any] = played.calls[0].json
    return body


def test_published_example_comes_out_whole() -> None:
    """The body equals the vendor's example, with every field that is there and none besides."""
    given = draft(
        name="Documento de prueba",
        subject="prueba auco",
        message="prueba auco",
        remind_every=timedelta(hours=3),
        signers=[SignerDraft(name="Jhon Firma", email="example@auco.ai", placements=[Placement.tag()])],
        cc=[CopyRecipient(name="Frimante 1", email="example2@auco.ai")],
    )
    assert body_of(given) == REMINDERS


def test_published_example_of_individual_checks() -> None:
    """Each person's type, camera, otpCode and options are those of the vendor's second example."""
    card = Challenge.id_document(number="123456789", kind="CC", country="CO")
    given = draft(
        signers=[
            ana(
                channel=Channel.WHATSAPP,
                challenges=[card, Challenge.video(), Challenge.otp(Channel.EMAIL)],
                placements=[Placement.template_role("firmante1")],
            ),
            SignerDraft(
                name="Luz",
                email="luz@example.com",
                challenges=[Challenge.otp(Channel.EMAIL)],
                placements=[Placement.template_role("firmante2")],
            ),
        ]
    )
    people = body_of(given)["signProfile"]
    compared = [
        {key: person[key] for key in ("type", "camera", "otpCode", "options") if key in person} for person in people
    ]
    assert compared == [FIRST_PERSON, SECOND_PERSON]
    assert people[0]["identification"] == "123456789"
    assert (people[0]["identificationType"], people[0]["country"]) == ("CC", "CO")


def test_portable_draft_sends_nothing_unset() -> None:
    """Besides what the draft holds, there are the sender, and a subject and a message for which the name stands in."""
    assert body_of(draft()) == {
        "email": "example@auco.ai",
        "name": "Lease",
        "subject": "Lease",
        "message": "Lease",
        "signProfile": [
            {
                "name": "Ana",
                "email": "ana@example.com",
                "phone": "+573000000001",
                "position": [{"page": 1, "x": 0.3, "y": 0.8, "w": 120, "h": 40}],
            }
        ],
        "file": PDF,
    }


def test_everything_draft_can_say_arrives() -> None:
    """Each field has its place, texts and dates as the vendor writes them."""
    given = draft(
        subject="Please sign",
        message="Until Friday",
        folder="/leases/2026",
        reference="ORDER-1",
        tags=["lease"],
        notify=True,
        ordered=True,
        expires_at=datetime(2026, 7, 1, 5, 0, tzinfo=UTC),
        signers=[
            ana(role=Role.APPROVER, notify=False, challenges=[Challenge.face_photo()]),
            SignerDraft(name="Luz", email="luz@example.com", channel=Channel.NONE, placements=[BOX]),
        ],
        extras={"targetWebhooks": ["second"], "custom": {"team": 7}},
    )
    body = body_of(given)
    assert {key: body[key] for key in ("subject", "message", "folder", "tags", "notification", "expiredDate")} == {
        "subject": "Please sign",
        "message": "Until Friday",
        "folder": "/leases/2026",
        "tags": ["lease"],
        "notification": True,
        "expiredDate": "2026-07-01T05:00:00.000Z",
    }
    assert body["targetWebhooks"] == ["second"]
    assert body["custom"] == {"reference": "ORDER-1", "team": 7}
    first, second = body["signProfile"]
    assert (first["role"], first["order"], first["notification"]) == ("APPROVER", "1", False)
    assert (first["camera"], first["options"]) == (True, {"camera": "photo"})
    assert (second["order"], second["notification"]) == ("2", False)
    assert "role" not in second


def test_extras_of_caller_win_over_draft() -> None:
    """Where both say something, the vendor's own parameter is the more exact word; objects are merged."""
    signer = ana(challenges=[Challenge.face_photo()], extras={"options": {"flow": True}, "name": "A."})
    body = body_of(draft(signers=[signer], extras={"subject": "Otherwise"}))
    assert body["subject"] == "Otherwise"
    assert body["signProfile"][0]["name"] == "A."
    assert body["signProfile"][0]["options"] == {"camera": "photo", "flow": True}


def test_given_order_is_written_as_text() -> None:
    """People of equal order are asked together."""
    body = body_of(draft(ordered=True, signers=[ana(order=2), LUZ_FIRST]))
    assert [person["order"] for person in body["signProfile"]] == ["2", "1"]


LUZ_FIRST = SignerDraft(name="Luz", email="luz@example.com", order=1, placements=[BOX])


@pytest.mark.parametrize(
    ("dialect", "person"),
    [
        ("classic", {"both": True, "options": {"whatsapp": True, "identificationCardback": True}}),
        ("current", {"options": {"whatsapp": True, "both": True, "identificationCardBack": True}}),
    ],
)
def test_dialect_decides_wording(dialect: str, person: dict[str, Any]) -> None:
    """What the vendor's older and newest texts write differently follows the account's dialect."""
    card = Challenge.id_document(number="1", kind="CC", country="CO", back=True)
    signer = ana(channel=Channel.EMAIL_AND_WHATSAPP, challenges=[card])
    written = body_of(draft(signers=[signer]), dialect=dialect)["signProfile"][0]
    assert written.get("both") == person.get("both")
    assert written["options"] == {"camera": "identification", **person["options"]}


@pytest.mark.parametrize(
    ("signer", "needed"),
    [
        (ana(), True),
        (ana(channel=Channel.EMAIL_AND_WHATSAPP), True),
        (ana(channel=Channel.WHATSAPP), False),
        (ana(channel=Channel.NONE), False),
        (ana(notify=False), False),
    ],
)
def test_subject_in_current_needs_mail(signer: SignerDraft, needed: bool) -> None:
    """In the current dialect the name stands in for subject and message only if somebody is asked by e-mail."""
    assert ("subject" in body_of(draft(signers=[signer]), dialect="current")) is needed


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_subject_or_message_is_none(blank: str) -> None:
    """The name stands in for it where the vendor wants a text, and nothing is sent where it wants none."""
    given = draft(subject=blank, message=blank)
    assert {body_of(given)[name] for name in ("subject", "message")} == {"Lease"}
    quiet = body_of(draft(subject=blank, message=blank, notify=False), dialect="current")
    assert not {"subject", "message"} & quiet.keys()


def test_stored_position_names_its_template() -> None:
    """A role of a template goes to the person, the template's id to the process."""
    body = body_of(draft(signers=[ana(placements=[Placement.template_role("codeudor", "64823dc5ce28a265e02d68f3")])]))
    assert body["document"] == "64823dc5ce28a265e02d68f3"
    assert body["signProfile"][0]["type"] == "codeudor"
    assert body["file"] is PDF


def test_pdf_over_limit_is_uploaded() -> None:
    """`compress` stands in for the file, and the PDF goes out at once, without credentials, as what it is."""
    answer = {"document": CODE, "url": URL}
    played = play(provider(inline_limit=20).create(draft(documents=[BIG]), NOW), Reply.of(answer), Reply(status=200))
    create, upload = played.calls
    assert create.json["compress"] is True
    assert "file" not in create.json
    assert (upload.method, upload.path, upload.content, upload.anonymous) == ("PUT", URL, BIG, True)
    assert upload.headers["Content-Type"] == "application/pdf"
    assert upload.process_id == CODE
    assert not upload.repeatable


@pytest.mark.parametrize(("limit", "inline"), [(13, False), (14, True), (15, True)])
def test_limit_counts_bytes_of_pdf(limit: int, inline: bool) -> None:
    """A PDF of exactly the limit still travels inside the request."""
    replies = [Reply.of({"document": CODE, "url": URL}), *([] if inline else [Reply(status=200)])]
    played = play(provider(inline_limit=limit).create(draft(), NOW), *replies)
    assert ("file" in played.calls[0].json) is inline


@pytest.mark.parametrize(
    "answer",
    [
        {"document": "ABCDEF1234"},
        {"package": "PROCESSID", "code": "ABCDEF1234"},
        {"code": "ABCDEF1234", "surprise": {"kept": True}},
    ],
)
def test_every_shape_of_answer_is_read(answer: dict[str, Any]) -> None:
    """The process bears its document's code, whichever generation the answer is of, and keeps the whole answer."""
    process = play(provider().create(draft(reference="ORDER-1"), NOW), Reply.of(answer)).result
    assert process.id == "ABCDEF1234"
    assert process.raw == answer
    assert process.status is ProcessStatus.IN_PROGRESS
    assert process.status_detail.basis is Basis.DERIVED
    assert process.reference == "ORDER-1"
    assert [document.id for document in process.documents] == ["ABCDEF1234"]
    assert [(signer.id, signer.email, signer.status) for signer in process.signers] == [
        ("", "ana@example.com", SignerStatus.NOTIFIED)
    ]
    assert process.read_at is None


def test_older_answer_with_upload_address_read() -> None:
    """`{package, code, url}` leads to the upload as well."""
    answer = {"package": "PROCESSID", "code": "DOCUMENTCODE", "url": "signed_url"}
    played = play(provider(inline_limit=0).create(draft(), NOW), Reply.of(answer), Reply(status=200))
    assert played.calls[1].path == "signed_url"
    assert played.result.id == "DOCUMENTCODE"


def test_silenced_people_get_ids_from_answer() -> None:
    """Auco names an id for those alone whom it does not notify, and their status says so."""
    answer = {
        "document": CODE,
        "signProfile": [
            {"id": "G8", "name": "Ana", "email": "ANA@example.com", "phone": "+573000000001"},
            {"name": "Luz", "email": "luz@example.com", "phone": "+573000000002"},
        ],
    }
    process = play(provider().create(draft(signers=[ana(notify=False), LUZ]), NOW), Reply.of(answer)).result
    assert [(signer.id, signer.status) for signer in process.signers] == [
        ("G8", SignerStatus.NOT_NOTIFIED),
        ("", SignerStatus.NOTIFIED),
    ]


def test_ordered_process_asks_first_only() -> None:
    """Whoever comes later has not been notified yet."""
    process = play(provider().create(draft(ordered=True, signers=[ANA, LUZ]), NOW), Reply.of({"document": CODE})).result
    assert [signer.status for signer in process.signers] == [SignerStatus.NOTIFIED, SignerStatus.NOT_NOTIFIED]
    assert [signer.order for signer in process.signers] == [1, 2]


@pytest.mark.parametrize(
    "answer", [{}, {"document": None}, {"document": "../../etc"}, {"document": ["x"]}, [], "text", {"url": URL}]
)
def test_answer_without_code_is_unreadable(answer: Any) -> None:
    """Nothing is made up where the answer does not say which process it is."""
    with pytest.raises(UnreadableReplyError):
        play(provider().create(draft(), NOW), Reply.of(answer))


@pytest.mark.parametrize("url", [None, "", ["x"]])
def test_missing_upload_address(url: Any) -> None:
    """The process exists without its PDF: the error says which one it is, and what can be done."""
    with pytest.raises(OutcomeUnknownError) as caught:
        play(provider(inline_limit=0).create(draft(), NOW), Reply.of({"document": CODE, "url": url}))
    assert caught.value.process_id == CODE
    for way in ("operations.edit", "operations.overwrite", "client.cancel"):
        assert way in caught.value.advice


@pytest.mark.parametrize(
    ("answer", "process_id"),
    [
        ({"document": 1234567890}, "1234567890"),
        ({"package": "PROCESSID", "code": "DOCUMENTCODE"}, "DOCUMENTCODE"),
        ({"document": "../../etc", "code": CODE}, CODE),
        ({"document": CODE, "url": 7, "signProfile": "none", "documents": "none"}, CODE),
        ({"document": CODE, "signProfile": [None, {"id": ["x"], "email": 7}]}, CODE),
        ({"package": "PROCESSID"}, "PROCESSID"),
    ],
)
def test_id_kept_whatever_else_wrong(answer: Any, process_id: str) -> None:
    """The process exists, so its id is taken wherever it stands, and other fields are read as far as they can be."""
    assert play(provider().create(draft(), NOW), Reply.of(answer)).result.id == process_id


def test_failed_upload_says_can_done() -> None:
    """A document can be cancelled, or put in edition and replaced."""
    failure = OutcomeUnknownError("the upload failed")
    with pytest.raises(OutcomeUnknownError) as caught:
        play(provider(inline_limit=0).create(draft(), NOW), Reply.of({"document": CODE, "url": URL}), failure)
    for way in (CODE, "operations.edit", "operations.overwrite", "client.cancel"):
        assert way in caught.value.advice


def test_flow_refuses_before_first_call() -> None:
    """What `check` finds, and a place that nobody filled in, never leaves."""
    with pytest.raises(InvalidRequestError) as caught:
        play(provider().create(draft(signers=[ana(placements=[]), LUZ]), NOW))
    assert paths_of(caught.value) == ["signers[0].placements"]
    with pytest.raises(InvalidRequestError) as caught:
        play(provider().create(draft(signers=[ana(placements=[Placement.box(1, 0, 0, 9, 9)])]), NOW))
    assert paths_of(caught.value) == ["signers[0].placements[0].page_size"]
    with pytest.raises(UnsupportedError):
        play(provider().create(draft(signers=[ana(message="For you alone")]), NOW))


def test_account_without_sender_creates_nothing() -> None:
    """A process needs somebody by whom it is created."""
    with pytest.raises(ConfigError, match="sender"):
        play(provider(sender=None).create(draft(), NOW))


def test_boxes_need_the_page_size() -> None:
    """The core fills in both, for this provider says that it needs them."""
    assert provider().needs_page_sizes
    assert not provider().capabilities.supports(Feature.OWN_PLACEMENT)
