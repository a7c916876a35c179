"""Requests for attachments, with a document to sign and without."""

from typing import Any

import pytest
from tests.sandbox.auco.api import FILE, SPOT, open_api

ANA: dict[str, Any] = {
    "name": "Ana",
    "email": "ana@example.com",
    "phone": "+573000000001",
    "type": "codeudor",
    "files": [{"name": "Card"}, {"name": "Letter", "optional": True}],
}
BEN: dict[str, Any] = {**ANA, "name": "Ben", "email": "ben@example.com", "phone": "+573000000002"}
BODY: dict[str, Any] = {"email": "sender@example.com", "packageName": "Proceso 001", "signProfile": [ANA, BEN]}


def test_attachments_alone() -> None:
    """Pending, uploaded, approved; the process ends when everybody's are approved."""
    at = open_api()
    package = at.good("POST", "/package/upload", BODY)
    assert list(package) == ["package"]
    who = at.good("GET", "/attachments", **package)
    assert (who["name"], who["finish"], [one["name"] for one in who["signers"]]) == (
        "Proceso 001",
        False,
        ["Ana", "Ben"],
    )
    ana = who["signers"][0]["userId"]
    before = at.good("GET", "/attachments", **package, userId=ana)["signer"]
    assert (before["status"], before["files"]) == ("pending", [{"name": "Card"}, {"name": "Letter"}])
    at.box.upload_as("ana@example.com", {"Card": b"%PDF-card"})
    uploaded = at.good("GET", "/attachments", **package, userId=ana)["signer"]
    assert uploaded["status"] == "uploaded"
    assert at.fetch(uploaded["files"][0]["url"]).body == b"%PDF-card"
    assert "url" not in uploaded["files"][1]
    at.box.approve_attachments("ana@example.com")
    at.box.upload_as("ben@example.com")
    at.box.approve_attachments()
    assert at.good("GET", "/attachments", **package)["finish"] is True
    assert at.good("GET", "/document", **package)["status"] == "FINISH"
    assert not at.box.deliveries


def test_attachments_with_document() -> None:
    """What is required comes before the signature; the document is announced like any other."""
    at = open_api()
    answer = at.good("POST", "/package/upload", {**BODY, "name": "Contract", "file": FILE, "signProfile": [ANA]})
    assert list(answer) == ["package", "code"]
    with pytest.raises(ValueError, match="upload_as"):
        at.box.sign_as("ana@example.com")
    at.box.upload_as("ana@example.com", process_id=answer["code"])
    at.box.sign_as("ana@example.com")
    assert at.document(answer["code"])["status"] == "FINISH"
    assert at.good("GET", "/attachments", code=answer["code"])["finish"] is False
    at.box.approve_attachments(process_id=answer["package"])
    assert at.good("GET", "/attachments", code=answer["code"])["finish"] is True
    assert at.words() == ["CREATE", "NOTIFICATION", "FINISH"]


@pytest.mark.parametrize("dialect", ["classic", "current"])
def test_upload_address_holds_five_seconds_both(dialect: Any) -> None:
    """This page has kept what the other one changed."""
    at = open_api(dialect)
    body = {**BODY, "name": "Contract", "compress": True}
    answer = at.good("POST", "/package/upload", body)
    assert list(answer) == ["package", "code", "url"]
    at.later(seconds=6)
    assert at.put(answer["url"]) == 403
    assert at.put(at.good("POST", "/package/upload", body)["url"]) == 200


def test_document_from_template() -> None:
    """The third of the three sources, of which at most one is given."""
    body = {**BODY, "name": "Contract", "document": "64823dc5ce28a265e02d68f3"}
    assert "code" in open_api().good("POST", "/package/upload", body)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "two sources": ({"name": "C", "file": FILE, "compress": True}, "mutually exclusive"),
    "a source and a template": ({"name": "C", "file": FILE, "document": "6" * 24}, "mutually exclusive"),
    "a document without a name": ({"file": FILE}, '"name" is required'),
    "no name of the package": ({"packageName": ""}, "packageName"),
    "notification at the root": ({"notification": False}, '"notification" is not allowed'),
    "notification of a signer": ({"signProfile": [{**ANA, "notification": False}]},
                                 "SIGNER_NOTIFICATION_NOT_SUPPORTED"),
    "custom data": ({"custom": {}}, '"custom" is not allowed'),
    "no files": ({"signProfile": [{name: ANA[name] for name in ANA if name != "files"}]}, "files"),
    "an empty list of files": ({"signProfile": [{**ANA, "files": []}]}, "files"),
    "no phone": ({"signProfile": [{name: ANA[name] for name in ANA if name != "phone"}]}, "phone"),
    "two kinds of place": ({"signProfile": [{**ANA, **SPOT}]}, "exactly one"),
    "no place": ({"signProfile": [{name: ANA[name] for name in ANA if name != "type"}]}, "exactly one"),
    "a label without the file": ({"name": "C", "compress": True, "signProfile": [
        {**{name: ANA[name] for name in ANA if name != "type"}, "label": True}]}, "label"),
    "hours that three does not divide": ({"remember": 2}, "multiple of 3"),
    "a template that does not exist": ({"name": "C", "document": "0" * 24}, "DOCUMENT_NOT_FOUND"),
    "a repeated phone": ({"signProfile": [ANA, {**BEN, "phone": ANA["phone"]}]}, "repeated"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_vendor_refuses(change: dict[str, Any], message: str) -> None:
    """The vendor's code where one is documented, and nothing is created."""
    at = open_api()
    assert message in at.refused("POST", "/package/upload", {**BODY, **change})


def test_reading_attachments_that_are_not_there() -> None:
    """No id, an unknown one, a process without attachments, an unknown person."""
    at = open_api()
    package = at.good("POST", "/package/upload", BODY)["package"]
    code = at.upload()
    assert at.refused("GET", "/attachments")
    assert at.refused("GET", "/attachments", package="0" * 24) == "ATTACHMENT_NOT_FOUND"
    assert at.refused("GET", "/attachments", code=code) == "ATTACHMENT_NOT_FOUND"
    assert at.refused("GET", "/attachments", package=package, userId="??") == "ATTACHMENT_NOT_FOUND"


def test_two_ids_at_once() -> None:
    """The older page ignores one of them, the newer one refuses."""
    for dialect, status in (("classic", 200), ("current", 400)):
        at = open_api(dialect)  # type: ignore[arg-type]  # both are dialects
        package = at.good("POST", "/package/upload", BODY)["package"]
        assert at.ask("GET", "/attachments", package=package, code="ABCDEF1234")[0] == status


def test_only_asked_files_can_be_uploaded() -> None:
    """Another name is a mistake of the story, and nothing is approved that was not uploaded."""
    at = open_api()
    at.good("POST", "/package/upload", BODY)
    with pytest.raises(ValueError, match="asked for"):
        at.box.upload_as("ana@example.com", {"Passport": b"x"})
    with pytest.raises(ValueError, match="not ask"):
        at.box.approve_attachments("ana@example.com")
    with pytest.raises(ValueError, match="not ask"):
        at.box.sign_as("ana@example.com")


def test_reminders_ask_for_upload_until() -> None:
    """The roadmap has a word of its own for it."""
    at = open_api()
    body = {**BODY, "name": "Contract", "file": FILE, "remember": 3, "signProfile": [ANA]}
    code = at.good("POST", "/package/upload", body)["code"]
    at.later(hours=3)
    at.box.upload_as("ana@example.com", {"Letter": b"%PDF-"})
    at.later(hours=3)
    at.box.upload_as("ana@example.com", {"Card": b"%PDF-"})
    at.later(hours=3)
    log = at.good("GET", "/document/roadmap", code=code)["activityLog"]
    assert [line["action"] for line in log] == [
        "NOTIFICATION_SIGN", "REMINDER_UPLOAD", "REMINDER_UPLOAD", "REMINDER_SIGN",
    ]  # fmt: skip
