"""AucoFace and background checks: their requests, and what their answers say."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import NOW, paths_of, provider

from esign_auco import operations
from esign_core.model.documents import Document
from esign_core.model.errors import InvalidRequestError, UnreadableReplyError
from esign_core.model.status import ProcessStatus
from esign_core.providers.flow import Reply
from esign_core.testing import play

IMAGE = Document.from_bytes(b"\xff\xd8\xff", name="face.jpg")
CARD: dict[str, Any] = {"country": "CO", "kind": "CC", "number": "123456789"}
CARD_SENT = {"country": "CO", "type": "CC", "identification": "123456789"}


def test_identity_validation_is_requested() -> None:
    """Required fields only, over WhatsApp."""
    flow = operations.validate_face(provider(), name="Ana", platform="whatsapp", phone="+573000000001", **CARD)
    (call,), code = play(flow, Reply.of({"code": "JPJD42IDWP3Z6RXA"}))
    assert (call.method, call.path) == ("POST", "/veriface")
    assert call.json == {
        "email": "example@auco.ai",
        "platform": "whatsapp",
        "name": "Ana",
        **CARD_SENT,
        "phone": "+573000000001",
    }
    assert code == "JPJD42IDWP3Z6RXA"


def test_everything_validation_can_say_arrives() -> None:
    """All documented fields, over the web."""
    flow = operations.validate_face(
        provider(),
        name="Ana",
        platform="web",
        user_email="ana@example.com",
        validations=["photo", "identification", "identificationBack"],
        custom={"team": 7},
        expires_at=NOW + timedelta(days=9),
        tags=["t"],
        target_webhooks=["second"],
        requested_by="m@example.com",
        **CARD,
    )
    (call,), _ = play(flow, Reply.of({"code": "JPJD42IDWP3Z6RXA"}))
    assert call.json == {
        "email": "m@example.com",
        "platform": "web",
        "name": "Ana",
        **CARD_SENT,
        "userEmail": "ana@example.com",
        "validationTypes": ["photo", "identification", "identificationBack"],
        "custom": {"team": 7},
        "expiredDate": "2026-06-10T12:00:00.000Z",
        "tags": ["t"],
        "targetWebhooks": ["second"],
    }


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        ({"platform": "whatsapp"}, ["phone"]),
        ({"platform": "whatsapp", "phone": "+573000000001", "validations": ["photo"]}, ["validations"]),
        ({"platform": "web", "validations": ["identificationBack"]}, ["validations"]),
    ],
)
def test_refused_validation_is_not_sent(given: dict[str, Any], paths: list[str]) -> None:
    """WhatsApp needs a phone, kinds of validation the web, and the back of a card its front."""
    with pytest.raises(InvalidRequestError) as caught:
        play(operations.validate_face(provider(), name="Ana", **given, **CARD))
    assert paths_of(caught.value) == paths


FACE = {
    "status": "BLOCKED",
    "attempts": [
        {
            "photo": "https://storage.example.com/1",
            "similarity": 41,
            "errorMessages": [{"key": "photo", "error": "ERROR_IDENTIFICATION_NOT_DOCUMENT"}],
        },
        {},
    ],
    "ocrData": {"name": "ANA"},
    "hash": "abc",
    "custom": {"team": 7},
}


def test_validation_is_read() -> None:
    """Its attempts keep their images in raw; these hold for five minutes."""
    flow = operations.face_validation(provider(), "JPJD42IDWP3Z6RXA", now=NOW)
    (call,), face = play(flow, Reply.of(FACE))
    assert (call.method, call.path, dict(call.query)) == ("GET", "/veriface", {"code": "JPJD42IDWP3Z6RXA"})
    assert (face.code, face.status) == ("JPJD42IDWP3Z6RXA", ProcessStatus.ON_HOLD)
    first, second = face.attempts
    assert (first.similarity, first.errors[0].error) == (41, "ERROR_IDENTIFICATION_NOT_DOCUMENT")
    assert first.raw["photo"] == "https://storage.example.com/1"
    assert (second.similarity, second.errors) == (None, ())
    assert (face.ocr_data, face.hash, face.custom, face.raw) == ({"name": "ANA"}, "abc", {"team": 7}, FACE)
    assert face.images_until == NOW + timedelta(minutes=5)
    assert "storage" not in repr(face)


def test_validation_just_begun_is_read() -> None:
    """No attempt, no end, and no time to count from."""
    flow = operations.face_validation(provider(), "JPJD42IDWP3Z6RXA")
    face = play(flow, Reply.of({"status": "INPROGRESS", "code": "OTHER"})).result
    assert (face.code, face.status, face.attempts) == ("OTHER", ProcessStatus.IN_PROGRESS, ())
    assert face.images_until is None


def test_face_is_compared_with_document() -> None:
    """Images go as Base64 or as addresses."""
    answer = {
        "error": False,
        "similarity": 98.2,
        "code": "X",
        "identificationCard": {"error": False, "isFront": True, "data": {"name": "ANA"}},
    }
    flow = operations.match_face(provider(), document_image=IMAGE, photo="https://example.com/p.jpg", **CARD)
    (call,), match = play(flow, Reply.of(answer))
    assert (call.method, call.path) == ("POST", "/veriface/validate")
    assert call.json == {**CARD_SENT, "documentImage": IMAGE, "photo": "https://example.com/p.jpg"}
    assert (match.error, match.similarity, match.card.is_front, match.raw) == (False, 98.2, True, answer)


def test_card_is_checked() -> None:
    """A fake says why."""
    answer = {"code": "X", "error": True, "message": "DOCUMENT_FAKE", "isFront": True, "data": {}}
    (call,), check = play(operations.check_card(provider(), image=IMAGE, **CARD), Reply.of(answer))
    assert (call.path, call.json) == ("/veriface/check", {**CARD_SENT, "image": IMAGE})
    assert (check.error, check.message, check.raw) == (True, "DOCUMENT_FAKE", answer)


def test_background_check_is_begun() -> None:
    """Required fields only, and all of them."""
    (call,), code = play(
        operations.check_background(provider(), kind="CC", number="1"), Reply.of({"name": "ANA", "code": "BG"})
    )
    assert (call.method, call.path) == ("POST", "/validate/background")
    assert call.json == {"email": "example@auco.ai", "identification": "1", "type": "CC"}
    assert code == "BG"
    flow = operations.check_background(
        provider(),
        kind="PPT",
        number="1",
        name="Ana",
        issued_on=date(1995, 2, 1),
        custom={"team": 7},
        tags=["t"],
        target_webhooks=["second"],
    )
    (call,), _ = play(flow, Reply.of({"code": "BG"}))
    assert call.json == {
        "email": "example@auco.ai",
        "identification": "1",
        "type": "PPT",
        "name": "Ana",
        "expeditionDate": "01/02/1995",
        "custom": {"team": 7},
        "tags": ["t"],
        "targetWebhooks": ["second"],
    }


@pytest.mark.parametrize(("kind", "path"), [("PP", "name"), ("INT", "name"), ("PPT", "issued_on")])
def test_some_documents_need_more(kind: str, path: str) -> None:
    """A passport a name, a permit its date."""
    with pytest.raises(InvalidRequestError) as caught:
        play(operations.check_background(provider(), kind=kind, number="1"))
    assert paths_of(caught.value) == [path]


def test_background_report_is_read() -> None:
    """Its link holds for two minutes, once it is ready."""
    answer = {
        "code": "BG",
        "name": "ANA",
        "email": "ana@example.com",
        "ready": True,
        "url": "https://storage.example.com/r",
        "data": {"a": 1},
        "validation": {"b": 2},
    }
    (call,), report = play(operations.background_report(provider(), "BG", now=NOW), Reply.of(answer))
    assert (call.path, dict(call.query)) == ("/validate/background", {"code": "BG"})
    assert (report.ready, report.data, report.validation, report.raw) == (True, {"a": 1}, {"b": 2}, answer)
    assert report.link.until == NOW + timedelta(minutes=2)
    early = play(operations.background_report(provider(), "BG"), Reply.of({"ready": False, "data": {}})).result
    assert (early.code, early.ready, early.link) == ("BG", False, None)


def test_representatives_of_company_are_checked() -> None:
    """The answer comes as it is."""
    flow = operations.check_representatives(
        provider(), document_number="900123456", complete=True, tags=["t"], target_webhooks=["second"]
    )
    (call,), answer = play(flow, Reply.of({"anything": 1}))
    assert (call.method, call.path) == ("POST", "/validate/company/representatives")
    assert call.json == {
        "email": "example@auco.ai",
        "documentNumber": "900123456",
        "country": "CO",
        "complete": True,
        "tags": ["t"],
        "targetWebhooks": ["second"],
    }
    assert answer == {"anything": 1}
    with pytest.raises(InvalidRequestError, match="nine digits"):
        play(operations.check_representatives(provider(), document_number="900123456-1"))


@pytest.mark.parametrize(
    ("flow", "tree"),
    [
        (operations.face_validation(provider(), "X"), {}),
        (operations.validate_face(provider(), name="A", platform="web", **CARD), {"code": ""}),
        (operations.match_face(provider(), document_image="u", photo="u", **CARD), {}),
        (operations.check_card(provider(), image="u", **CARD), {"error": "perhaps"}),
        (operations.background_report(provider(), "X"), []),
    ],
    ids=["face", "begun", "match", "card", "report"],
)
def test_something_else_than_was_due_unreadable(flow: Any, tree: Any) -> None:
    """Nothing is made up."""
    with pytest.raises(UnreadableReplyError):
        play(flow, Reply.of(tree))


@pytest.mark.parametrize("operation", [operations.face_validation, operations.background_report])
def test_code_is_needed(operation: Any) -> None:
    """Without one, Auco would answer something else."""
    with pytest.raises(InvalidRequestError, match="code"):
        play(operation(provider(), ""))
