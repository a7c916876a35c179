"""Reading: lists, images, the roadmap, WhatsApp records; and what is not found."""

from typing import Any

import pytest
from tests.sandbox.auco.api import ANA, BEN, LETTER, open_api


def test_what_is_not_there() -> None:
    """400 with the vendor's code, for a document and for a package."""
    at = open_api()
    assert at.refused("GET", "/document", code="ABCDEF1234") == "DOCUMENT_NOT_FOUND"
    assert at.refused("GET", "/document", package="0" * 24) == "DOCUMENT_NOT_FOUND"
    assert at.refused("GET", "/document/roadmap", code="ABCDEF123") == "DOCUMENT_NOT_FOUND"
    assert at.refused("GET", "/document/roadmap", code="ABC")
    assert at.refused("GET", "/document/roadmap")


def test_container_is_read_as_package() -> None:
    """The older answer names it, so it is a name for the process too."""
    at = open_api()
    answer = at.good("POST", "/document/upload", {**LETTER, "file": "JVBERi0=", "signProfile": [ANA]})
    assert at.good("GET", "/document", package=answer["package"])["codes"] == [answer["code"]]


def test_images_come_when_asked_for() -> None:
    """The picture of a signer who has shown their face, and of the card where that was asked."""
    at = open_api()
    card = {"camera": True, "options": {"camera": "identification", "whatsapp": True, "identificationCardback": True}}
    code = at.upload({**ANA, **card}, BEN)
    assert "photo" not in at.good("GET", "/document", code=code, image="true")["signProfile"][0]
    at.box.sign_as("ana@example.com")
    ana, ben = at.good("GET", "/document", code=code, image="true")["signProfile"]
    assert {name for name in ana if name.startswith(("photo", "ident"))} == {
        "photo",
        "identificationCard",
        "identificationCardBack",
    }
    assert ana["photo"]["type"] == "presigned"
    assert at.fetch(ana["photo"]["data"]).headers["content-type"] == "image/jpeg"
    assert set(ben) == {"name", "email", "id", "status"}
    assert "photo" not in at.document(code)["signProfile"][0]


def test_roadmap_of_reopened_document() -> None:
    """Everything in its order; what does not apply is left out, and readers have no id."""
    at = open_api()
    code = at.upload({**ANA, "order": "1"}, {**BEN, "order": "2"}, readers=[{"name": "R", "email": "r@example.com"}])
    at.box.decline_as("ana@example.com", "reason")
    at.good("PUT", "/document/reactivate", {"code": code, "email": "manager@example.com"})
    at.good("POST", "/document/cancel", {"codes": [code], "message": "void", "email": "manager@example.com"})
    road = at.good("GET", "/document/roadmap", code=code)
    assert (road["documentCode"], road["createdAt"]) == (code, "2026-03-01T12:00:00.000Z")
    assert road["author"]["email"] == "sender@example.com"
    ana, ben, reader = road["participants"]
    assert list(ana) == ["id", "name", "role", "email", "phone"]
    assert list(ben) == ["name", "role", "email", "phone"]
    assert reader == {"name": "R", "role": "READER", "email": "r@example.com"}
    log = road["activityLog"]
    assert [line["action"] for line in log] == [
        "NOTIFICATION_SIGN", "PARTICIPANT_REJECT", "REACTIVATION_SIGN", "NOTIFICATION_SIGN", "CANCEL_SIGN",
    ]  # fmt: skip
    assert log[1] == {
        "action": "PARTICIPANT_REJECT",
        "platform": "EMAIL",
        "participant": ana["id"],
        "timestamp": "2026-03-01T12:00:00.000Z",
        "by": "ana@example.com",
        "message": "reason",
    }
    assert (log[2]["platform"], log[2]["participant"], log[2]["by"]) == ("ARCHIVE", "ARCHIVE", "manager@example.com")


def test_whatsapp_records() -> None:
    """What was written to one person, in milliseconds; nothing to somebody asked by e-mail."""
    at = open_api()
    code = at.upload({**ANA, "options": {"whatsapp": True}}, BEN)
    at.good("POST", "/document/reminder", {"code": code + at.signer(code, "Ana")})
    first, second = at.good("GET", "/whatsapp/records", code=code, userId=at.signer(code, "Ana"))
    assert first == {
        "entity": "auco",
        "phone": "+573000000001",
        "message": "NOTIFICATION_SIGN",
        "date": 1772366400000,
        "actions": [{"action": "sent", "timestamp": 1772366400000}],
    }
    assert second["message"] == "REMINDER_SIGN"
    assert at.good("GET", "/whatsapp/records", code=code, userId=at.signer(code, "Ben")) == []
    line = at.good("GET", "/document/roadmap", code=code)["activityLog"][0]
    assert (line["platform"], line["by"]) == ("WHATSAPP", "+573000000001")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "CODE_REQUIRED"),
        ({"code": "ABC"}, "CODE_NOT_VALID"),
        ({"code": "A" * 16, "userId": "G8"}, "USER_ID_NOT_ALLOWED"),
        ({"code": "A" * 16}, "PROCESS_NOT_FOUND"),
        ({"code": "A" * 10}, "USER_ID_REQUIRED"),
        ({"code": "A" * 10, "userId": "G8"}, "PROCESS_NOT_FOUND"),
        ({"code": "a" * 24, "userId": "G8"}, "PROCESS_NOT_FOUND"),
    ],
)
def test_whatsapp_records_that_cannot_be_read(query: dict[str, str], message: str) -> None:
    """Each mistake has its documented code."""
    assert open_api().refused("GET", "/whatsapp/records", **query) == message


def test_prefilled_document_waits_for_its_recipient() -> None:
    """Nobody is asked to sign before the data is complete."""
    at = open_api()
    body = {
        "email": "sender@example.com", "name": "Contract", "document": "64823dc5ce28a265e02d68f3", "sign": True,
        "preBuild": [{"key": "nombre", "value": "Ana"}, {"key": "correo", "value": "ana@example.com"}],
        "notification": True, "emailTo": "recipient@example.com",
    }  # fmt: skip
    code = at.good("POST", "/document/prebuild", body)["document"]
    assert at.statuses(code) == {"Ana": "PENDING"}
    with pytest.raises(ValueError, match="not their turn"):
        at.box.sign_as("ana@example.com")
    at.box.complete_as("recipient@example.com", process_id=code)
    assert at.statuses(code) == {"Ana": "NOTIFICATION"}
    with pytest.raises(LookupError):
        at.box.complete_as("recipient@example.com")
    unsigned = at.good("POST", "/document/prebuild", {**body, "sign": False})["document"]
    at.box.complete_as("recipient@example.com")
    assert at.document(unsigned)["status"] == "FINISH"
    mistakes: tuple[dict[str, Any], ...] = (
        {"document": "0" * 24},
        {"emailTo": "x"},
        {"subject": "s"},
        {"notification": "true"},
    )
    for wrong in mistakes:
        assert at.refused("POST", "/document/prebuild", {**body, **wrong})


def test_document_generated_from_template() -> None:
    """The people come from its variables; one who is silenced is listed with an id."""
    at = open_api()
    data = [{"key": "nombre", "value": "Ana"}, {"key": "correo", "value": "ana@example.com"}]
    body = {**LETTER, "document": "64823dc5ce28a265e02d68f3", "sign": True, "data": data}
    assert set(at.good("POST", "/document/save", body)) == {"document"}
    (silenced,) = at.good("POST", "/document/save", {**body, "notification": False})["signProfile"]
    assert (silenced["email"], len(silenced["id"])) == ("ana@example.com", 2)
    printed = at.good("POST", "/document/save", {**body, "sign": False})["document"]
    document = at.document(printed)
    assert (document["status"], document["signProfile"]) == ("FINISH", [])
    assert at.fetch(document["url"]).body.startswith(b"%PDF-")
    mistakes: tuple[dict[str, Any], ...] = (
        {"custom": {}},
        {"sign": None},
        {"data": [{"key": "a", "value": 1}]},
        {"document": "0" * 24},
    )
    for wrong in mistakes:
        assert at.refused("POST", "/document/save", {**body, **wrong})
