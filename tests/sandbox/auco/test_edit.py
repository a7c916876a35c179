"""Edition: marking throws away what people did, and the next creation overwrites."""

import pytest
from tests.sandbox.auco.api import ANA, BEN, FILE, LETTER, PDF, SPOT, open_api


def test_document_is_marked_inspected_and_overwritten() -> None:
    """Its code and its day of creation survive; what is not sent again is gone."""
    at = open_api()
    code = at.upload(tags=["t1"], custom={"a": 1})
    at.box.sign_as("ana@example.com")
    assert at.good("POST", "/document/edit", {"code": code}) == {"message": "DOCUMENT_MODIFIED"}
    assert set(at.statuses(code).values()) == {"PENDING"}
    with pytest.raises(ValueError, match="edition"):
        at.box.sign_as("ben@example.com")
    found = at.good("GET", "/document/edit", code=code)
    assert at.fetch(found["documents"][0].pop("url")).body == PDF
    people = [{"name": one["name"], "email": one["email"]} for one in (ANA, BEN)]
    assert found == {
        "name": "Contract",
        "subject": "Please sign",
        "message": "Dear all",
        "signers": [{**one, "status": "pending"} for one in people],
        "documents": [{"code": code, "name": "Contract", "signProfile": people}],
    }
    at.later(days=1)
    assert at.upload(BEN, code=code, name="Contract, mended") == code
    document = at.document(code)
    assert document["name"] == "Contract, mended"
    assert document["data"]["createdAt"] == "2026-03-01T12:00:00.000Z"
    assert "custom" not in document
    at.box.sign_as("ben@example.com")
    assert at.document(code)["status"] == "FINISH"
    assert at.refused("POST", "/document/edit", {"code": code}) == "DOCUMENT_NOT_FOUND"


def test_overwriting_through_save() -> None:
    """The other path that takes the code."""
    at = open_api()
    code = at.upload(ANA)
    at.good("POST", "/document/edit", {"code": code})
    body = {**LETTER, "document": "64823dc5ce28a265e02d68f3", "sign": True, "code": code}
    assert at.good("POST", "/document/save", body) == {"document": code}
    assert at.refused("POST", "/document/save", body) == "DOCUMENT_NOT_FOUND"


def test_package_is_marked_and_overwritten() -> None:
    """Its id survives, the codes of its documents do not."""
    at = open_api()
    spot = {"name": "Ana", "email": "ana@example.com", **SPOT}
    body = {"name": "P", "email": "s@example.com", "documents": [{"signProfile": [spot]}, {"signProfile": [spot]}]}
    first = at.good("POST", "/document/many", body)
    package = {"package": first["id"]}
    code = first["documents"][0]["code"]
    assert at.refused("POST", "/document/edit", {"code": code}) == "DOCUMENT_NOT_FOUND"
    assert at.refused("GET", "/package/edit", **package) == "PACKAGE_NOT_FOUND"
    assert at.good("POST", "/package/edit", package) == {"message": "PACKAGE_MODIFIED"}
    assert [one["code"] for one in at.good("GET", "/package/edit", **package)["documents"]] == [
        one["code"] for one in first["documents"]
    ]
    second = at.good("POST", "/document/many", {**body, **package})
    assert second["id"] == first["id"]
    assert at.refused("GET", "/document", code=code) == "DOCUMENT_NOT_FOUND"


def test_what_cannot_be_edited() -> None:
    """Unknown, over, in edition already, an id of another shape, a body with more in it."""
    at = open_api()
    code = at.upload(ANA)
    assert at.refused("POST", "/document/edit", {"code": "ABCDEF1234"}) == "DOCUMENT_NOT_FOUND"
    assert at.refused("POST", "/package/edit", {"package": "0" * 24}) == "PACKAGE_NOT_FOUND"
    assert at.refused("POST", "/package/edit", {"package": "x"}) == "PACKAGE_ID_INVALID"
    assert at.refused("POST", "/document/edit", {"code": code, "email": "a@example.com"})
    at.good("POST", "/document/edit", {"code": code})
    assert at.refused("POST", "/document/edit", {"code": code}) == "DOCUMENT_NOT_FOUND"
    declined = at.upload(BEN)
    at.box.decline_as("ben@example.com")
    assert at.refused("POST", "/document/edit", {"code": declined}) == "DOCUMENT_NOT_FOUND"
    body = {**LETTER, "file": FILE, "signProfile": [BEN], "code": declined}
    assert at.refused("POST", "/document/upload", body) == "DOCUMENT_NOT_FOUND"
