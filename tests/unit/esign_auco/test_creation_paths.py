"""Templates, packages and requests for files: their requests, and every answer the vendor documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.unit.esign_auco.support import ANA, LUZ, NOW, OTHER_PDF, PACKAGE, PAGE, PDF, ana, draft, provider, settings

from esign_auco.wire.requests import dump_creation
from esign_core.model.documents import TemplateDocument
from esign_core.model.drafts import Attachment, Challenge, Channel, CopyRecipient, Placement, ProcessDraft, SignerDraft
from esign_core.model.errors import InvalidRequestError, OutcomeUnknownError
from esign_core.model.status import SignerStatus
from esign_core.providers.flow import Reply
from esign_core.testing import play

TEMPLATE_ID = "64823dc5ce28a265e02d68f3"
FILES = [Attachment(name="Identity document"), Attachment(name="Bill", required=False)]

PACKAGE_ANSWER = {
    "id": PACKAGE,
    "documents": [
        {
            "url": "https://storage.example.com/1",
            "name": "contract.pdf",
            "code": "GNAZED5HTR",
            "signProfile": [
                {"id": "0Q", "name": "Ana", "email": "ana@example.com"},
                {"name": "Luz", "email": "luz@example.com"},
            ],
        },
        {
            "url": "https://storage.example.com/2",
            "name": "annex.pdf",
            "code": "RC0OO75VL7",
            "signProfile": [{"id": "0Q", "name": "Ana", "email": "ana@example.com"}],
        },
    ],
}


def package(**changes: Any) -> ProcessDraft:
    """Return a draft of two PDFs, of which one person signs both."""
    signers = [
        ana(notify=False),
        SignerDraft(name="Luz", email="luz@example.com", placements=LUZ.placements, documents=[0]),
    ]
    return draft(**{"documents": [PDF, OTHER_PDF], "signers": signers, **changes})


def test_template_becomes_signing_process() -> None:
    """`sign` is always true, the values are texts, and nobody is named."""
    values = {"nombre": "Ana", "cuotas": 12, "fecha": date(2026, 3, 1)}
    given = draft(
        documents=[TemplateDocument(template_id=TEMPLATE_ID, values=values, name="left out")],
        signers=[],
        tags=["t"],
        reference="left out",
        cc=[CopyRecipient(name="Eva", email="eva@example.com")],
    )
    played = play(provider().create(given, NOW), Reply.of({"document": "ABCDEF1234"}))
    (call,) = played.calls
    assert (call.method, call.path) == ("POST", "/document/save")
    assert call.json == {
        "email": "example@auco.ai",
        "name": "Lease",
        "subject": "Lease",
        "message": "Lease",
        "tags": ["t"],
        "readers": [{"name": "Eva", "email": "eva@example.com"}],
        "sign": True,
        "document": TEMPLATE_ID,
        "data": [
            {"key": "nombre", "value": "Ana"},
            {"key": "cuotas", "value": "12"},
            {"key": "fecha", "value": "01/03/2026"},
        ],
    }
    assert played.result.id == "ABCDEF1234"
    assert played.result.signers == ()
    assert played.result.reference is None


@pytest.mark.parametrize(("notify", "needed"), [(None, True), (True, True), (False, False)])
def test_silent_template_needs_no_subject(notify: bool | None, needed: bool) -> None:
    """In the current dialect the name stands in only where Auco writes e-mails."""
    given = draft(documents=[TemplateDocument(template_id=TEMPLATE_ID)], signers=[], notify=notify)
    played = play(provider(dialect="current").create(given, NOW), Reply.of({"document": "ABCDEF1234"}))
    body = played.calls[0].json
    assert ("subject" in body) is needed
    assert "data" not in body


def test_people_of_template_come_from_answer() -> None:
    """Auco tells who signs, and gives an id to those it does not notify."""
    answer = {"document": "ABCDEF1234", "signProfile": [{"id": "ZR", "email": "ana@example.com"}, {"name": "Luz"}]}
    given = draft(documents=[TemplateDocument(template_id=TEMPLATE_ID)], signers=[], notify=False)
    process = play(provider().create(given, NOW), Reply.of(answer)).result
    assert [(signer.id, signer.status) for signer in process.signers] == [
        ("ZR", SignerStatus.NOT_NOTIFIED),
        ("", SignerStatus.NOTIFIED),
    ]


def test_several_pdfs_become_package() -> None:
    """Each document has its people and its upload, and each PDF goes to its own address."""
    given = package(reference="ORDER-1", tags=["left out"], folder="/a")
    played = play(provider().create(given, NOW), Reply.of(PACKAGE_ANSWER), Reply(status=200), Reply(status=200))
    create, first, second = played.calls
    assert (create.method, create.path) == ("POST", "/document/many")
    position = [{"page": 1, "x": 0.3, "y": 0.8, "w": 120, "h": 40}]
    person = {"name": "Ana", "email": "ana@example.com", "phone": "+573000000001", "notification": False}
    other = {"name": "Luz", "email": "luz@example.com", "position": position}
    assert create.json == {
        "email": "example@auco.ai",
        "name": "Lease",
        "subject": "Lease",
        "message": "Lease",
        "folder": "/a",
        "custom": {"reference": "ORDER-1"},
        "documents": [
            {"name": "contract.pdf", "signProfile": [{**person, "position": position}, other]},
            {"name": "annex.pdf", "signProfile": [{**person, "position": position}]},
        ],
    }
    assert (first.path, first.content, first.anonymous) == ("https://storage.example.com/1", PDF, True)
    assert (second.path, second.content, second.process_id) == ("https://storage.example.com/2", OTHER_PDF, PACKAGE)
    process = played.result
    assert process.id == PACKAGE
    assert [document.id for document in process.documents] == ["GNAZED5HTR", "RC0OO75VL7"]
    assert [signer.id for signer in process.signers] == ["0Q", ""]
    assert process.reference == "ORDER-1"


def test_package_without_subject_in_current() -> None:
    """In the current dialect they are sent where the draft has them, and only there."""
    replies = [Reply.of(PACKAGE_ANSWER), Reply(status=200), Reply(status=200)]
    body = play(provider(dialect="current").create(package(), NOW), *replies).calls[0].json
    assert "subject" not in body
    assert "message" not in body


def test_checks_of_package_are_at_root() -> None:
    """A package has one set of checks; who has which identity document is said person by person."""
    people = [
        ana(
            channel=Channel.WHATSAPP,
            challenges=[
                Challenge.id_document(number=str(number), kind="CC", country="CO"),
                Challenge.otp(Channel.SMS),
            ],
            email=f"p{number}@example.com",
            phone=f"+57300000000{number}",
        )
        for number in (1, 2)
    ]
    replies = [Reply.of(PACKAGE_ANSWER), Reply(status=200), Reply(status=200)]
    body = play(provider().create(package(signers=people), NOW), *replies).calls[0].json
    assert body["camera"] is True
    assert body["otpCode"] is True
    assert body["options"] == {"camera": "identification", "whatsapp": True, "otpCode": "phone"}
    first = body["documents"][0]["signProfile"][0]
    assert not {"camera", "otpCode", "options"} & set(first)
    assert (first["identification"], first["identificationType"], first["country"]) == ("1", "CC", "CO")


def test_boxes_and_roles_follow_documents() -> None:
    """A person may sign one document by a box, and everybody by a role stored in a template."""
    boxes = [Placement.box(n + 1, 0, 0, 60.5, 80, page_size=PAGE, document=n) for n in (0, 1)]
    people = [
        ana(placements=boxes),
        SignerDraft(name="Luz", email="l@example.com", placements=[Placement.template_role("r")]),
    ]
    replies = [Reply.of(PACKAGE_ANSWER), Reply(status=200), Reply(status=200)]
    body = play(provider().create(package(signers=people), NOW), *replies).calls[0].json
    pages = [[p["page"] for p in document["signProfile"][0]["position"]] for document in body["documents"]]
    assert pages == [[1], [2]]
    assert body["documents"][0]["signProfile"][0]["position"][0]["w"] == 60.5
    assert [document["signProfile"][1]["type"] for document in body["documents"]] == ["r", "r"]


def test_documents_in_another_order() -> None:
    """A PDF never ends up under another's code."""
    answer = {**PACKAGE_ANSWER, "documents": PACKAGE_ANSWER["documents"][::-1]}
    played = play(provider().create(package(), NOW), Reply.of(answer), Reply(status=200), Reply(status=200))
    assert [(call.path, call.content) for call in played.calls[1:]] == [
        ("https://storage.example.com/1", PDF),
        ("https://storage.example.com/2", OTHER_PDF),
    ]


def test_documents_without_names_taken_in_order() -> None:
    """Where the answer tells no names, the request's order is the only thing to go by."""
    parts = [
        {"code": "GNAZED5HTR", "url": "https://a.example.com"},
        {"code": "RC0OO75VL7", "url": "https://b.example.com"},
    ]
    answer = {"_id": PACKAGE, "documents": parts}
    played = play(provider().create(package(), NOW), Reply.of(answer), Reply(status=200), Reply(status=200))
    assert played.calls[1].path == "https://a.example.com"
    assert played.result.id == PACKAGE


@pytest.mark.parametrize(
    "documents",
    [
        [],
        [{"code": "GNAZED5HTR", "url": "https://a.example.com"}],
        [
            {"code": "A", "name": "x", "url": "https://a.example.com"},
            {"code": "B", "name": "y", "url": "https://b.e.com"},
        ],
        [
            {"code": "A", "name": "x", "url": "https://a.example.com"},
            {"code": "B", "name": "x", "url": "https://b.e.com"},
        ],
        [{"code": "A", "name": "contract.pdf"}, {"code": "B", "name": "annex.pdf"}],
        None,
    ],
)
def test_answer_about_other_documents(documents: Any) -> None:
    """Nothing is uploaded where it is not certain which address is whose, and the error names the package."""
    with pytest.raises(OutcomeUnknownError) as caught:
        play(provider().create(package(), NOW), Reply.of({"id": PACKAGE, "documents": documents}))
    assert caught.value.process_id == PACKAGE


def test_failed_upload_of_package() -> None:
    """A package cannot be cancelled through the API, so that the advice is to put it in edition and replace it."""
    failure = OutcomeUnknownError("the upload failed")
    with pytest.raises(OutcomeUnknownError) as caught:
        play(provider().create(package(), NOW), Reply.of(PACKAGE_ANSWER), Reply(), failure)
    for way in (PACKAGE, "operations.edit", "operations.overwrite"):
        assert way in caught.value.advice
    assert "cancel" not in caught.value.advice


ALL_BY_EXTRAS = {"otpCode": True, "options": {"otpCode": "email"}}


@pytest.mark.parametrize(
    ("person", "extras", "written"),
    [
        (
            {"channel": Channel.WHATSAPP},
            ALL_BY_EXTRAS,
            {"otpCode": True, "options": {"otpCode": "email", "whatsapp": True}},
        ),
        (
            {"challenges": [Challenge.face_photo()]},
            ALL_BY_EXTRAS,
            {"camera": True, "otpCode": True, "options": {"otpCode": "email", "camera": "photo"}},
        ),
        (
            {"challenges": [Challenge.otp(Channel.SMS)]},
            {"camera": True, "options": {"camera": "photo"}},
            {"camera": True, "otpCode": True, "options": {"otpCode": "phone", "camera": "photo"}},
        ),
        ({}, ALL_BY_EXTRAS, {}),
        (
            {"channel": Channel.WHATSAPP, "extras": {"otpCode": False}},
            ALL_BY_EXTRAS,
            {"otpCode": False, "options": {"whatsapp": True}},
        ),
        (
            {"channel": Channel.WHATSAPP},
            {"otpCode": True, "options": None},
            {"otpCode": True, "options": {"whatsapp": True}},
        ),
    ],
)
def test_proofs_asked_of_all_by_extras(person: dict[str, Any], extras: dict[str, Any], written: Any) -> None:
    """A signer with proofs of their own inherits nothing at Auco, so that what is asked of all is written there too."""
    body = dump_creation(draft(signers=[ana(**person)], extras=extras), settings(), "sender@example.com")
    found = {
        name: body["signProfile"][0][name]
        for name in ("camera", "otpCode", "options")
        if name in body["signProfile"][0]
    }
    assert found == written
    assert body["otpCode" if "otpCode" in extras else "camera"] is True


def test_template_with_blank_name_has_none() -> None:
    """Auco takes no empty name, and wants none."""
    nameless = TemplateDocument(template_id=TEMPLATE_ID, name=" ")
    body = dump_creation(draft(documents=[nameless, nameless], signers=[]), settings(), "sender@example.com")
    assert body["documents"] == [{"document": TEMPLATE_ID}] * 2


def test_several_templates_become_package_without_uploads() -> None:
    """Each document names its template and values, and the people come from the answer, each once."""
    first = TemplateDocument(template_id=TEMPLATE_ID, values={"nombre": "Ana"}, name="Deed")
    second = TemplateDocument(template_id="64823dc5ce28a265e02d68f4")
    person = {"id": "0Q", "name": "Ana", "email": "ana@example.com"}
    answer = {
        "id": PACKAGE,
        "documents": [
            {"name": "Deed", "code": "GNAZED5HTR", "signProfile": [person]},
            {"name": "Annex", "code": "RC0OO75VL7", "signProfile": [person]},
        ],
    }
    given = draft(documents=[first, second], signers=[], notify=False, extras={"camera": True})
    played = play(provider().create(given, NOW), Reply.of(answer))
    (call,) = played.calls
    assert call.path == "/document/many"
    assert call.json["documents"] == [
        {"name": "Deed", "document": TEMPLATE_ID, "data": [{"key": "nombre", "value": "Ana"}]},
        {"document": "64823dc5ce28a265e02d68f4"},
    ]
    assert (call.json["notification"], call.json["camera"]) == (False, True)
    assert [signer.id for signer in played.result.signers] == ["0Q"]


def asking(**changes: Any) -> ProcessDraft:
    """Return a draft that asks Ana for files."""
    return draft(**{"signers": [ana(attachments=FILES)], **changes})


def test_files_are_asked_together_with_document() -> None:
    """`packageName` and `name` come from the process's name, and optional files say so."""
    played = play(provider().create(asking(), NOW), Reply.of({"package": PACKAGE, "code": "ABCDEF1234"}))
    (call,) = played.calls
    assert (call.method, call.path) == ("POST", "/package/upload")
    assert call.json == {
        "email": "example@auco.ai",
        "packageName": "Lease",
        "name": "Lease",
        "signProfile": [
            {
                "name": "Ana",
                "email": "ana@example.com",
                "phone": "+573000000001",
                "files": [{"name": "Identity document"}, {"name": "Bill", "optional": True}],
                "position": [{"page": 1, "x": 0.3, "y": 0.8, "w": 120, "h": 40}],
            }
        ],
        "file": PDF,
    }
    assert played.result.id == "ABCDEF1234"
    assert played.result.raw["package"] == PACKAGE


def test_files_are_asked_without_document() -> None:
    """There is no document's name; a label stands where Auco demands a position nobody needs."""
    given = asking(documents=[], signers=[ana(attachments=FILES, placements=[])], reference="left out")
    played = play(provider().create(given, NOW), Reply.of({"package": PACKAGE}))
    body = played.calls[0].json
    assert not {"name", "file", "compress", "custom", "subject"} & set(body)
    assert body["signProfile"][0]["label"] is True
    assert played.result.id == PACKAGE
    assert played.result.documents == ()


def test_files_asked_together_with_large_document() -> None:
    """The PDF follows to its address here as well."""
    answer = {"package": PACKAGE, "code": "ABCDEF1234", "url": "https://storage.example.com/1"}
    played = play(provider(inline_limit=1).create(asking(), NOW), Reply.of(answer), Reply(status=200))
    assert played.calls[0].json["compress"] is True
    assert played.calls[1].content is PDF


def test_files_are_asked_together_with_template() -> None:
    """The template's id goes beside the people, who sign in its roles."""
    signer = ana(attachments=FILES, placements=[Placement.template_role("codeudor")])
    given = asking(documents=[TemplateDocument(template_id=TEMPLATE_ID)], signers=[signer])
    body = play(provider().create(given, NOW), Reply.of({"package": PACKAGE, "code": "ABCDEF1234"})).calls[0].json
    assert body["document"] == TEMPLATE_ID
    assert body["signProfile"][0]["type"] == "codeudor"


def test_template_beside_files_needs_its_roles() -> None:
    """Nobody can place signatures on a page that is not there yet."""
    given = asking(
        documents=[TemplateDocument(template_id=TEMPLATE_ID)], signers=[ana(attachments=FILES, placements=[])]
    )
    with pytest.raises(InvalidRequestError, match="template_role"):
        play(provider().create(given, NOW))


def test_box_at_the_edge() -> None:
    """Fractions never go over 1, however the points were computed."""
    edge = Placement.box(1, 480.004, 760.004, 120, 40, page_size=PAGE)
    body = (
        play(provider().create(draft(signers=[ana(placements=[edge])]), NOW), Reply.of({"document": "A"})).calls[0].json
    )
    assert body["signProfile"][0]["position"] == [{"page": 1, "x": 1.0, "y": 1.0, "w": 120, "h": 40}]


def test_anas_box_fraction_of_far_corner() -> None:
    """X = (60 + 120) / 600 and y = (600 + 40) / 800."""
    body = play(provider().create(draft(signers=[ANA]), NOW), Reply.of({"document": "A"})).calls[0].json
    assert body["signProfile"][0]["position"] == [{"page": 1, "x": 0.3, "y": 0.8, "w": 120, "h": 40}]
