"""AucoFace and background checks."""

import base64
from typing import Any

import pytest
from tests.sandbox.auco.api import open_api

FACE: dict[str, Any] = {
    "email": "sender@example.com", "platform": "web", "name": "Ana", "country": "CO", "type": "CC",
    "identification": "123456789",
}  # fmt: skip
JPEG = base64.b64encode(b"\xff\xd8\xff\xe0 face").decode()
FORGED = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nFORGED").decode()


@pytest.mark.parametrize(
    ("decision", "status", "finish"),
    [
        ("APPROVED", "APPROVED", True),
        ("VALIDATED", "APPROVED", True),
        ("INVALIDATED", "INVALIDATED", True),
        ("BLOCKED", "BLOCKED", False),
    ],
)
def test_face_is_decided(decision: str, status: str, finish: bool) -> None:
    """A query's words are fewer than a webhook's; its similarity is a hundred times larger."""
    at = open_api()
    code = at.good("POST", "/veriface", {**FACE, "custom": {"a": "b"}, "validationTypes": ["photo"]})["code"]
    assert len(code) == 16
    before = at.good("GET", "/veriface", code=code)
    assert (before["status"], before["attempts"], before["custom"]) == ("INPROGRESS", [], {"a": "b"})
    at.box.decide_face(code, decision, message="ERROR_IDENTIFICATION_NOT_DOCUMENT")
    after = at.good("GET", "/veriface", code=code)
    assert (after["status"], after["attempts"][0]["similarity"]) == (status, 92.0)
    assert after["attempts"][0]["errorMessages"] == [{"key": "photo", "error": "ERROR_IDENTIFICATION_NOT_DOCUMENT"}]
    assert at.hooks() == [
        {
            "code": code,
            "type": "veriface",
            "finish": finish,
            "status": decision,
            "message": "ERROR_IDENTIFICATION_NOT_DOCUMENT",
            "data": {"name": "Ana", "documentName": "Ana"},
            "similarity": 0.92,
        }
    ]


def test_face_expires_and_talks() -> None:
    """Its expiry is seen in the query; by WhatsApp there is something to read."""
    at = open_api()
    body = {**FACE, "platform": "whatsapp", "phone": "+573000000001", "expiredDate": "2026-03-06T00:00:00Z"}
    code = at.good("POST", "/veriface", body)["code"]
    assert at.good("GET", "/whatsapp/records", code=code)[0]["message"] == "VERIFACE"
    at.later(days=6)
    assert at.good("GET", "/veriface", code=code)["status"] == "EXPIRED"
    with pytest.raises(ValueError, match="APPROVED"):
        at.box.decide_face(code, "FINE")
    with pytest.raises(LookupError, match="code"):
        at.box.decide_face("A" * 16, "APPROVED")


def test_what_face_refuses() -> None:
    """The documented conditions, and the code of a near expiry."""
    at = open_api()
    for wrong in (
        {"platform": "sms"}, {"platform": "whatsapp"}, {"validationTypes": ["identificationBack"]}, {"other": 1},
        {"platform": "whatsapp", "phone": "+573000000001", "validationTypes": ["photo"]},
    ):  # fmt: skip
        assert at.refused("POST", "/veriface", {**FACE, **wrong})
    assert at.refused("POST", "/veriface", {**FACE, "expiredDate": "2026-03-02T00:00:00Z"}) == "EXPIRED_DATE_INVALID"
    assert at.refused("GET", "/veriface", code="A" * 16) == "PROCESS_NOT_FOUND"
    assert at.refused("GET", "/veriface", code="A")


def test_pictures_are_compared() -> None:
    """A good pair, a forged card, an address, and what is no picture."""
    at = open_api()
    person = {"country": "CO", "type": "CC", "identification": "123456789"}
    good = at.good(
        "POST", "/veriface/validate", {**person, "documentImage": JPEG, "photo": "https://example.com/a.jpg"}
    )
    assert (good["error"], good["similarity"], good["identificationCard"]["isFront"]) == (False, 97.5, True)
    bad = at.good("POST", "/veriface/validate", {**person, "documentImage": FORGED, "photo": JPEG})
    assert (bad["error"], bad["identificationCard"]["message"]) == (True, "DOCUMENT_FAKE")
    assert at.good("POST", "/veriface/check", {**person, "image": JPEG})["error"] is False
    card = at.good("POST", "/veriface/check", {**person, "image": FORGED})
    assert (card["error"], card["message"]) == (True, "DOCUMENT_FAKE")
    for wrong in ("not base64!", base64.b64encode(b"GIF89a").decode(), ""):
        assert at.refused("POST", "/veriface/check", {**person, "image": wrong})


def test_background_check_is_ready_after_minute() -> None:
    """Its report has an address that holds two minutes."""
    at = open_api()
    body = {"email": "sender@example.com", "identification": "1", "type": "CC", "name": "Ana"}
    answer = at.good("POST", "/validate/background", body)
    assert set(answer) == {"name", "code"}
    early = at.good("GET", "/validate/background", code=answer["code"])
    assert (early["ready"], "url" in early) == (False, False)
    at.later(minutes=1)
    ready = at.good("GET", "/validate/background", code=answer["code"])
    assert ready["ready"] is True
    assert at.fetch(ready["url"]).status == 200
    at.later(minutes=2, seconds=1)
    assert at.fetch(ready["url"]).status == 403
    assert at.refused("GET", "/validate/background", code="A" * 10) == "VALIDATION_NOT_FOUND"
    for wrong in ({"type": "PP", "name": None}, {"type": "PPT"}, {"type": "TI"},
                  {"type": "PPT", "expeditionDate": "1995-01-01"}):  # fmt: skip
        given: dict[str, Any] = {**body, **wrong}
        kept = {name: value for name, value in given.items() if value is not None}
        assert at.refused("POST", "/validate/background", kept)
    assert at.good("POST", "/validate/background", {**body, "type": "PPT", "expeditionDate": "01/01/1995"})


def test_companys_representatives() -> None:
    """Nine digits of a Colombian company."""
    at = open_api()
    body = {"email": "sender@example.com", "documentNumber": "900123456", "country": "CO", "complete": True}
    code = at.good("POST", "/validate/company/representatives", body)["code"]
    at.later(minutes=1)
    assert at.good("GET", "/validate/background", code=code)["data"] == {"documentNumber": "900123456", "country": "CO"}
    assert at.refused("POST", "/validate/company/representatives", {**body, "documentNumber": "90012345"})
    assert at.refused("POST", "/validate/company/representatives", {**body, "country": "MX"})
