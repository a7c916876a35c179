"""The life of a document: turns, rejection, identity checks, reminders, expiry, reopening, cancelling."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.sandbox.auco.api import ANA, BEN, LETTER, open_api, secret

from esign_auco.settings import Dialect


def test_document_that_all_sign() -> None:
    """CREATE, one NOTIFICATION for each who has signed, FINISH; the PDF gets a page that says who and when."""
    at = open_api()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(300, 400)
    sent = io.BytesIO()
    writer.write(sent)
    answer = at.good("POST", "/document/upload", {**LETTER, "compress": True, "signProfile": [
        {"name": "Ana", "email": "ana@example.com", "type": "a"},
        {"name": "Ben", "email": "ben@example.com", "type": "b"},
    ]})  # fmt: skip
    code = answer["code"]
    assert at.put(answer["url"], sent.getvalue()) == 200
    assert at.fetch(at.document(code)["url"]).body == sent.getvalue()
    at.box.sign_as("ana@example.com")
    assert at.statuses(code) == {"Ana": "FINISH", "Ben": "NOTIFICATION"}
    at.box.sign_as("BEN@example.com", process_id=code)
    document = at.document(code)
    assert (document["status"], document["data"]["signFinish"]) == ("FINISH", True)
    assert at.words() == ["CREATE", "NOTIFICATION", "NOTIFICATION", "FINISH"]
    first, last = pypdf.PdfReader(io.BytesIO(at.fetch(document["url"]).body)).pages
    assert tuple(first.mediabox)[2:] == (300, 400)
    assert "Signed by Ana (ana@example.com) on 2026-03-01T12:00:00.000Z" in last.extract_text().replace("\n", " ")


def test_download_address_holds_for_five_minutes() -> None:
    """After them, or with a changed letter, or with a key, storage refuses."""
    at = open_api()
    url = at.document(at.upload())["url"]
    at.later(minutes=5)
    assert at.fetch(url).status == 200
    assert at.put(url) == 405
    assert at.fetch(url.replace("Signature=", "Signature=0")).status == 403
    at.later(seconds=1)
    assert at.fetch(url).status == 403


def test_people_sign_in_their_order() -> None:
    """Who is not asked yet is PENDING, gets no reminder and cannot act; an approver approves in turn."""
    at = open_api()
    code = at.upload({**ANA, "order": "2"}, {**BEN, "order": "1", "role": "APPROVER"})
    assert at.statuses(code) == {"Ana": "PENDING", "Ben": "NOTIFICATION"}
    with pytest.raises(ValueError, match="not their turn"):
        at.box.sign_as("ana@example.com")
    with pytest.raises(ValueError, match="not their turn"):
        at.box.decline_as("ana@example.com", process_id=code)
    assert at.refused("POST", "/document/reminder", {"code": code + at.signer(code, "Ana")})
    at.box.sign_as(at.signer(code, "Ben"))
    assert at.statuses(code) == {"Ana": "NOTIFICATION", "Ben": "FINISH"}
    at.box.sign_as("+573000000001")
    actions = [line["action"] for line in at.good("GET", "/document/roadmap", code=code)["activityLog"]]
    assert actions == [
        "NOTIFICATION_APPROVER", "PARTICIPANT_APPROVE", "NOTIFICATION_SIGN", "PARTICIPANT_SIGN", "NOTIFICATION_FINISH",
    ]  # fmt: skip


def test_silenced_signer_may_sign() -> None:
    """They stay PENDING in a query, because nobody has written to them."""
    at = open_api("current")
    code = at.upload({**ANA, "notification": False})
    assert at.statuses(code) == {"Ana": "PENDING"}
    at.box.sign_as("ana@example.com")
    assert at.document(code)["status"] == "FINISH"


def test_rejection_and_its_reopening() -> None:
    """The detail comes first, without a code, then the state; reopening writes to all who have not signed."""
    at = open_api()
    code = at.upload(ANA, BEN, {"name": "Cy", "email": "cy@example.com", "label": True}, tags=["t1"])
    at.box.sign_as("cy@example.com")
    at.box.decline_as("ana@example.com", "I do not agree")
    assert at.document(code)["status"] == "REJECTED"
    assert at.statuses(code) == {"Ana": "REJECT", "Ben": "NOTIFICATION", "Cy": "FINISH"}
    detail, state = at.hooks()[-2:]
    assert detail == {
        "name": "Contract",
        "signer": {
            "id": at.signer(code, "Ana"), "name": "Ana", "email": "ana@example.com", "phone": "+573000000001",
        },
        "status": "REJECTED",
        "message": "I do not agree",
        "tags": ["t1"],
    }  # fmt: skip
    assert (state["code"], state["status"]) == (code, "REJECT")
    with pytest.raises(ValueError, match="over"):
        at.box.sign_as("ben@example.com", process_id=code)
    with pytest.raises(LookupError):
        at.box.sign_as("ben@example.com")
    assert at.good("PUT", "/document/reactivate", {"code": code, "email": "manager@example.com"}) == {
        "notifications": 2,
        "users": ["Ana", "Ben"],
    }
    assert at.statuses(code) == {"Ana": "NOTIFICATION", "Ben": "NOTIFICATION", "Cy": "FINISH"}
    at.box.sign_as("ana@example.com")
    at.box.sign_as("ben@example.com")
    assert at.document(code)["status"] == "FINISH"


@pytest.mark.parametrize(("dialect", "status"), [("classic", 404), ("current", 400)])
def test_reopening_what_is_not_there(dialect: Dialect, status: int) -> None:
    """The older page says 404, the newer one 400, both the same code."""
    at = open_api(dialect)
    for body in ({"code": "ABCDEF1234"}, {"package": "0" * 24}):
        answer = at.ask("PUT", "/document/reactivate", {**body, "email": "manager@example.com"})
        assert answer == (status, {"message": "PROCESS_NOT_FOUND"})


def test_reopening_needs_an_ended_process() -> None:
    """Both, none, no actor or an open process: 400."""
    at = open_api()
    answer = at.upload()
    body = {"code": answer, "email": "manager@example.com"}
    assert at.refused("PUT", "/document/reactivate", {**body, "package": "0" * 24})
    assert at.refused("PUT", "/document/reactivate", {"email": "manager@example.com"})
    assert at.refused("PUT", "/document/reactivate", {"code": answer})
    assert at.refused("PUT", "/document/reactivate", body) == "INVALID_PROCESS_STATUS"


def test_reopened_document_gets_thirty_days() -> None:
    """EXPIRED is announced with code, tags and custom data as texts; reopened, it can be signed."""
    at = open_api()
    code = at.upload(ANA, expiredDate="2026-03-05T12:00:00.000Z", tags=["t1"], custom={"info": "required"})
    at.later(days=4)
    assert at.document(code)["status"] == "EXPIRED"
    assert at.words() == ["CREATE", "EXPIRED"]
    last = at.hooks()[-1]
    assert list(last) == ["code", "name", "status", "url", "tags", "custom"]
    assert last["custom"] == ["{'info':'required'}"]
    assert at.document(code)["custom"] == {"info": "required"}
    assert at.good("PUT", "/document/reactivate", {"code": code, "email": "m@example.com"})["users"] == ["Ana"]
    at.later(days=29)
    assert at.document(code)["status"] == "CREATED"
    at.later(days=1)
    assert at.document(code)["status"] == "EXPIRED"


def test_reminders_come_every_n_hours_until() -> None:
    """Whoever has not signed is reminded; a finished process reminds nobody."""
    at = open_api()
    code = at.upload(remember=3)
    at.later(hours=7)
    at.box.sign_as("ana@example.com")
    at.later(hours=2)
    at.box.sign_as("ben@example.com")
    at.later(days=9)
    log = at.good("GET", "/document/roadmap", code=code)["activityLog"]
    reminders = [(line["by"][:3], line["timestamp"][11:16]) for line in log if line["action"] == "REMINDER_SIGN"]
    assert reminders == [("ana", "15:00"), ("ben", "15:00"), ("ana", "18:00"), ("ben", "18:00"), ("ben", "21:00")]


def test_reminder_by_hand() -> None:
    """The document's code and the signer's id, joined; anything else is refused."""
    at = open_api()
    code = at.upload()
    ana = at.signer(code, "Ana")
    assert at.good("POST", "/document/reminder", {"code": code + ana}) == {"message": "OK"}
    assert at.refused("POST", "/document/reminder", {"code": "ABCDEF1234" + ana}) == "DOCUMENT_NOT_FOUND"
    assert at.refused("POST", "/document/reminder", {"code": code + "??"}) == "SIGNER_NOT_FOUND"
    assert at.refused("POST", "/document/reminder", {"code": code}) == "DOCUMENT_NOT_FOUND"
    assert at.refused("POST", "/document/reminder", {"code": [code + ana]})
    at.box.sign_as("ana@example.com")
    assert at.refused("POST", "/document/reminder", {"code": code + ana}) == "INVALID_PROCESS_STATUS"


def test_three_failed_checks_block() -> None:
    """BLOCKED names neither code nor address; approve, reject and reset let the person go on."""
    at = open_api()
    code = at.upload(ANA, tags=["t1"], custom={"info": "required"})
    ana = at.signer(code, "Ana")
    body = {"code": code + ana, "email": "manager@example.com"}
    for _ in range(2):
        at.box.fail_identity("ana@example.com")
    assert at.statuses(code) == {"Ana": "NOTIFICATION"}
    assert at.refused("POST", "/document/unlock", {**body, "status": "reset"}) == "NOT_BLOCKED_PROCESS"
    at.box.fail_identity("ana@example.com")
    assert at.hooks()[-1] == {
        "name": "Contract",
        "signer": {"id": ana, "name": "Ana", "email": "ana@example.com", "phone": "+573000000001"},
        "status": "BLOCKED",
        "message": "OTP_CODE_INVALID",
        "tags": ["t1"],
        "custom": ["{'info':'required'}"],
    }
    assert at.document(code)["status"] == "CREATED"
    for decision in ({"status": "approve", "message": "known"}, {"status": "reject"}, {"status": "reset"}):
        assert at.statuses(code) == {"Ana": "BLOCK"}
        with pytest.raises(ValueError, match="blocked"):
            at.box.sign_as("ana@example.com")
        assert at.good("POST", "/document/unlock", {**body, **decision}) == {"message": "OK"}
        assert at.statuses(code) == {"Ana": "NOTIFICATION"}
        at.box.block("ana@example.com")
    at.good("POST", "/document/unlock", {**body, "status": "cancel", "message": "no"})
    assert at.document(code)["status"] == "REJECTED"


@pytest.mark.parametrize("message", [{}, {"message": "known"}])
def test_approval_with_or_without_message(message: dict[str, str]) -> None:
    """The older texts refuse the message and the newest demand it: both wordings pass."""
    at = open_api()
    code = at.upload(ANA)
    at.box.block("ana@example.com")
    body = {"code": code + at.signer(code, "Ana"), "email": "manager@example.com", "status": "approve", **message}
    at.good("POST", "/document/unlock", body)
    assert at.statuses(code) == {"Ana": "NOTIFICATION"}


def test_what_unlock_refuses() -> None:
    """A message where none is due, none where one is, no signer, an unknown word or process."""
    at = open_api("current")
    code = at.upload(ANA)
    at.box.block("ana@example.com")
    body = {"code": code + at.signer(code, "Ana"), "email": "manager@example.com"}
    for wrong in ({"status": "approve"}, {"status": "cancel"}, {"status": "reject", "message": "x"},
                  {"status": "reset", "message": "x"}, {"status": "open"}, {}):  # fmt: skip
        assert at.refused("POST", "/document/unlock", {**body, **wrong})
    assert at.refused("POST", "/document/unlock", {**body, "status": "reset", "code": code}) == "MISSING_SIGNER_ID"
    unknown = {**body, "status": "reset", "code": "ABCDEF1234G8"}
    assert at.refused("POST", "/document/unlock", unknown) == "PROCESS_NOT_FOUND"


def test_cancel_is_tally() -> None:
    """What is finished, rejected, unknown or part of a package cannot be cancelled, and 200 says so."""
    at = open_api()
    one, two, done = at.upload(ANA), at.upload(BEN), at.upload(ANA)
    at.box.sign_as("ana@example.com", process_id=done)
    body = {"message": "void", "email": "manager@example.com"}
    assert at.good("POST", "/document/cancel", {**body, "codes": [one]}) == {"success": 1, "errors": {"cant": 0}}
    assert at.document(one)["status"] == "REJECTED"
    assert at.statuses(one) == {"Ana": "NOTIFICATION"}
    assert at.hooks()[-1] == {"name": "Contract", "status": "REJECTED", "message": "void"}
    assert at.good("POST", "/document/cancel", {**body, "codes": [one, two, done, "ABCDEF1234"]}) == {
        "success": 1,
        "errors": {"cant": 3, "documents": [one, done, "ABCDEF1234"]},
    }
    mistakes: tuple[dict[str, Any], ...] = (
        {"codes": []}, {"codes": one}, {"codes": [one], "message": ""}, {"codes": [one], "email": "x"},
    )  # fmt: skip
    for wrong in mistakes:
        assert at.refused("POST", "/document/cancel", {**body, **wrong})


def test_people_who_are_not_there() -> None:
    """The sentence says what to do and names nobody."""
    at = open_api()
    code = at.upload(ANA)
    for deed in (at.box.sign_as, at.box.decline_as, at.box.block, at.box.fail_identity, at.box.upload_as):
        with pytest.raises(LookupError) as caught:
            deed("nobody@example.com")
        assert "nobody@" not in str(caught.value)
        assert "client.get" in str(caught.value)
    with pytest.raises(LookupError):
        at.box.sign_as("ana@example.com", process_id="ABCDEF1234")
    with pytest.raises(ValueError, match="not ask"):
        at.box.upload_as("ana@example.com", process_id=code)


def test_shared_file_keeps_processes(tmp_path: Path) -> None:
    """The second box sees the first one's process, its PDF and the moved clock."""
    one = open_api(sandbox_file=tmp_path / "box.sqlite3")
    code = one.upload(ANA)
    one.later(days=2)
    two = open_api(sandbox_file=tmp_path / "box.sqlite3")
    two.box.sign_as("ana@example.com")
    assert one.document(code)["status"] == "FINISH"
    assert one.box.deliveries == two.box.deliveries
    assert two.upload(ANA) != code


def test_static_header_goes_with_every_webhook() -> None:
    """Its name and the newest of its values are the account's; a value is invented, unless none is wanted."""
    at = open_api(webhook_header="X-Hook", webhook_secrets=(secret("first"), secret("second")))
    at.upload(ANA)
    assert [delivery.headers["x-hook"] for delivery in at.box.deliveries] == ["first"]
    assert open_api().box.settings.webhook_secrets
    bare = open_api(insecure_webhooks=True)
    bare.upload(ANA)
    assert "authorization" not in bare.box.deliveries[0].headers


def test_programs_sharing_a_file(tmp_path: Path) -> None:
    """Two boxes create at once; every process is there, under a code of its own."""
    desks = [open_api(sandbox_file=tmp_path / "box.sqlite3") for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda turn: desks[turn % 2].upload(ANA), range(24)))
    assert len(set(codes)) == 24
    assert all(desks[0].document(code)["status"] == "CREATED" for code in codes)
    ids = {desks[1].signer(code, "Ana") for code in codes}
    assert len(ids) == 24


def test_approver_is_reminded_to_approve() -> None:
    """The roadmap has a word of its own for it."""
    at = open_api()
    code = at.upload({**ANA, "role": "APPROVER"})
    at.good("POST", "/document/reminder", {"code": code + at.signer(code, "Ana")})
    assert at.good("GET", "/document/roadmap", code=code)["activityLog"][-1]["action"] == "REMINDER_APPROVE"


def test_reminder_and_expiry_during_edition() -> None:
    """What people did is thrown away with what was to be sent to them; a rejected process reminds nobody either."""
    at = open_api()
    edited = at.upload(ANA, remember=3, expiredDate="2026-03-06T00:00:00Z")
    declined = at.upload(BEN, remember=3, expiredDate="2026-03-06T00:00:00Z")
    at.good("POST", "/document/edit", {"code": edited})
    at.box.decline_as("ben@example.com")
    at.later(days=9)
    assert at.document(edited)["status"] == "CREATED"
    assert at.document(declined)["status"] == "REJECTED"
    told = at.good("PUT", "/document/reactivate", {"code": declined, "email": "m@example.com"})
    assert told["users"] == ["Ben"]
    at.later(hours=3)
    log = at.good("GET", "/document/roadmap", code=declined)["activityLog"]
    assert [line["action"] for line in log][-2:] == ["NOTIFICATION_SIGN", "REMINDER_SIGN"]


def test_process_expired_before_its_upload() -> None:
    """Nobody is written to, because there is still nothing to sign."""
    at = open_api("current")
    fields = {"compress": True, "expiredDate": "2026-03-06T00:00:00Z", "remember": 3}
    signers = [{"name": "Ana", "email": "ana@example.com", "type": "a"}]
    answer = at.good("POST", "/document/upload", {**LETTER, **fields, "signProfile": signers})
    at.later(days=9)
    assert at.document(answer["document"])["status"] == "EXPIRED"
    body = {"code": answer["document"], "email": "m@example.com"}
    assert at.good("PUT", "/document/reactivate", body) == {"notifications": 0, "users": []}
    with pytest.raises(ValueError, match="not been uploaded"):
        at.box.sign_as("ana@example.com")


def test_notes_come_back_in_every_webhook() -> None:
    """Tags and custom data are announced with every status of a document, as the vendor's table says."""
    at = open_api()
    code = at.upload(ANA, tags=["t1"], custom={"reference": "ORDER-1"})
    at.box.decline_as("ana@example.com", "no")
    at.good("PUT", "/document/reactivate", {"code": code, "email": "sender@example.com"})
    at.box.sign_as("ana@example.com")
    assert at.words() == ["CREATE", "REJECTED", "REJECT", "NOTIFICATION", "FINISH"]
    assert {str(body["tags"]) for body in at.hooks()} == {"['t1']"}
    assert {str(body["custom"]) for body in at.hooks()} == {"""["{'reference':'ORDER-1'}"]"""}
