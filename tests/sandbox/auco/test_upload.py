"""`POST /document/upload`: the vendor's examples are taken, what its tables forbid is refused."""

import base64
from typing import Any

import pytest
from tests.sandbox.auco.api import ANA, BEN, FILE, LETTER, SPOT, open_api

from esign_auco.settings import Dialect
from esign_core.sandbox import Request

EXAMPLE: dict[str, Any] = {
    "name": "Documento de prueba",
    "subject": "prueba auco",
    "message": "prueba auco",
    "remember": 3,
    "email": "example@example.com",
    "signProfile": [{"name": "Jhon Firma", "email": "example@example.com", "label": True}],
    "readers": [{"email": "example2@example.com", "name": "Frimante 1"}],
    "file": FILE,
}
# The second example of the older page, with its own contradictions (path, repeated phone, blank) mended.
COMPRESSED: dict[str, Any] = {
    "name": "Prueba de Anexos Compress y validaciones individuales",
    "email": "owner@example.com",
    "message": "Cargar adjuntos de prueba",
    "subject": "Solicitud de adjuntos",
    "signProfile": [
        {
            "type": "firmante1",
            "name": "Nombre Firmante 1",
            "email": "example@example.com",
            "camera": True,
            "otpCode": True,
            "options": {"camera": "identification", "video": True, "whatsapp": True, "otpCode": "email"},
            "phone": "+573000000000",
        },
        {
            "type": "firmante2",
            "name": "Nombre Firmante 2",
            "email": "example2@example.com",
            "phone": "+573000000001",
            "otpCode": True,
            "options": {"otpCode": "email"},
        },
    ],
    "compress": True,
}
INHERITED: dict[str, Any] = {
    **LETTER,
    "file": FILE,
    "camera": True,
    "otpCode": True,
    "options": {"camera": "identification", "otpCode": "email"},
    "signProfile": [{**ANA, "identification": "123456789", "identificationType": "CC", "country": "CO"}],
}


def create(body: dict[str, Any], dialect: Dialect = "classic") -> Any:
    """The answer to a creation that succeeds."""
    return open_api(dialect).good("POST", "/document/upload", body)


def refuse(body: dict[str, Any], dialect: Dialect = "classic") -> str:
    """The message of a creation that is refused."""
    return open_api(dialect).refused("POST", "/document/upload", body)


def test_older_pages_answer() -> None:
    """The container's 24 hexadecimal characters and the document's ten."""
    answer = create(EXAMPLE)
    assert set(answer) == {"package", "code"}
    assert len(answer["package"]) == 24
    assert len(answer["code"]) == 10


def test_newer_pages_answer() -> None:
    """The code is called document there."""
    assert set(create(EXAMPLE, "current")) == {"document"}


def test_older_pages_answer_to_compress() -> None:
    """An address for the upload stands beside it, on a host of its own."""
    answer = create(COMPRESSED)
    assert set(answer) == {"package", "code", "url"}
    assert answer["url"].startswith("https://uploads.auco-sandbox.invalid/")


@pytest.mark.parametrize("dialect", ["classic", "current"])
def test_checks_for_all(dialect: Dialect) -> None:
    """The validations page's own example."""
    assert create(INHERITED, dialect)


def test_newer_page_lists_signers_when_one() -> None:
    """Only who is silenced has an id."""
    answer = create({**LETTER, "file": FILE, "signProfile": [{**ANA, "notification": False}, BEN]}, "current")
    ana, ben = answer["signProfile"]
    assert len(ana.pop("id")) == 2
    assert ana == {"name": "Ana", "email": "ana@example.com", "phone": "+573000000001"}
    assert ben == {"name": "Ben", "email": "ben@example.com", "phone": "+573000000002"}


def test_every_field_of_table_at_once() -> None:
    """Whatever is documented is taken."""
    signer = {
        "name": "Ana", "email": "ana@example.com", "phone": "+573000000001", "role": "APPROVER", "order": "1",
        "type": "codeudor", "notification": True, "camera": True, "otpCode": True, "both": True,
        "identification": "1", "identificationType": "CC", "country": "CO",
        "options": {"camera": "photo", "otpCode": "phone", "whatsapp": True, "both": True,
                    "identificationCardback": True, "video": True, "flow": True}, **SPOT,
    }  # fmt: skip
    fields = {
        "folder": "/legal/2026", "remember": 6, "expiredDate": "2026-03-04T12:00:00.001Z", "camera": False,
        "otpCode": False, "options": {}, "notification": True, "targetWebhooks": ["default"], "tags": ["t1"],
        "custom": {"externalId": "ORDER-123"}, "readers": [], "document": "64823dc5ce28a265e02d68f3",
    }  # fmt: skip
    code = create({**LETTER, **fields, "file": FILE, "signProfile": [signer]})["code"]
    assert len(code) == 10


WRONG: dict[str, dict[str, Any]] = {
    "no e-mail of the creator": {"email": None},
    "an e-mail with a blank": {"email": "example @example.com"},
    "no name": {"name": None},
    "no subject": {"subject": None},
    "no message": {"message": None},
    "a blank name": {"name": " "},
    "no signers": {"signProfile": None},
    "an empty list of signers": {"signProfile": []},
    "an unknown field": {"webhooks": []},
    "the name of a package": {"packageName": "P"},
    "a number as a name": {"name": 3},
    "a reminder interval that three does not divide": {"remember": 4},
    "a reminder interval as text": {"remember": "3"},
    "a reminder interval that is true": {"remember": True},
    "an expiry exactly three days ahead": {"expiredDate": "2026-03-04T12:00:00.000Z"},
    "an expiry without time": {"expiredDate": "2026-12-01"},
    "an expiry without a zone": {"expiredDate": "2026-12-01T00:00:00"},
    "an expiry that is no date": {"expiredDate": "soon"},
    "a file that is no PDF": {"file": base64.b64encode(b"PK..").decode()},
    "a file that is no Base64": {"file": "%PDF-"},
    "a file and compress": {"compress": True},
    "neither file nor compress": {"file": None},
    "compress switched off instead of a file": {"file": None, "compress": False},
    "options of a camera that is off": {"options": {"camera": "photo"}},
    "options of a code that is off": {"otpCode": False, "options": {"otpCode": "email"}},
    "a code by an unknown way": {"otpCode": True, "options": {"otpCode": "whatsapp"}},
    "a camera option as a flag": {"camera": True, "options": {"camera": True}},
    "a flag as text": {"camera": "true"},
    "both without whatsapp": {"options": {"both": True}},
    "video without whatsapp": {"options": {"video": True}},
    "the newer spelling of the back of the card": {"options": {"whatsapp": True, "identificationCardBack": True}},
    "an unknown option": {"options": {"sms": True}},
    "a code by phone for somebody without one": {
        "otpCode": True, "options": {"otpCode": "phone"},
        "signProfile": [{"name": "A", "email": "a@example.com", "label": True}]},
    "a reader without an e-mail": {"readers": [{"name": "R"}]},
    "tags that are no texts": {"tags": [1]},
    "custom data that is no object": {"custom": "x"},
    "a code that is not in edition": {"code": "ABCDEF1234"},
    "a template that is no id": {"document": 5},
    "a template that does not exist": {"document": "0" * 24},
    "a repeated e-mail": {"signProfile": [ANA, {**BEN, "email": "ANA@example.com"}]},
    "a repeated phone": {"signProfile": [ANA, {**BEN, "phone": ANA["phone"]}]},
    "a phone without a prefix": {"signProfile": [{**ANA, "phone": "3000000000"}]},
    "a signer without a place": {"signProfile": [{"name": "A", "email": "a@example.com"}]},
    "a signer whose only label is false": {"signProfile": [{**ANA, "label": False}]},
    "a signer without an e-mail": {"signProfile": [{"name": "A", "label": True}]},
    "an order that is a number": {"signProfile": [{**ANA, "order": 1}]},
    "an unknown role": {"signProfile": [{**ANA, "role": "signer"}]},
    "a list as a type": {"signProfile": [{**ANA, "type": ["codeudor"]}]},
    "an unsupported kind of card": {"signProfile": [{**ANA, "identificationType": "NIT"}]},
    "a spelt-out country": {"signProfile": [{**ANA, "country": "Colombia"}]},
    "files asked of a signer": {"signProfile": [{**ANA, "files": [{"name": "Card"}]}]},
    "a place outside the page": {"signProfile": [{**ANA, "position": [{"page": 1, "x": 1.2, "y": 0, "w": 1, "h": 1}]}]},
    "a place on page zero": {"signProfile": [{**ANA, "position": [{"page": 0, "x": 1, "y": 0, "w": 1, "h": 1}]}]},
    "a place without a height": {"signProfile": [{**ANA, "position": [{"page": 1, "x": 1, "y": 0, "w": 1}]}]},
    "options of a signer whose switch is at the root": {"camera": True, "signProfile": [
        {**ANA, "options": {"camera": "photo"}}]},
}  # fmt: skip


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_what_vendor_refuses(change: dict[str, Any]) -> None:
    """400, with one message that names no value; nothing is created."""
    body = {**LETTER, "file": FILE, "signProfile": [ANA, BEN], **change}
    at = open_api()
    given = {name: value for name, value in body.items() if value is not None}
    message = at.refused("POST", "/document/upload", given)
    assert "@" not in message
    assert not at.box.deliveries


def test_documented_codes() -> None:
    """What has a code of its own is answered with it."""
    body = {**LETTER, "file": FILE, "signProfile": [ANA]}
    assert refuse({**body, "expiredDate": "2026-03-03T00:00:00Z"}) == "EXPIRED_DATE_INVALID"
    assert refuse({**body, "code": "ABCDEF1234"}) == "DOCUMENT_NOT_FOUND"


def test_label_needs_file_in_request() -> None:
    """Tags are looked for in what comes as Base64 alone."""
    assert "label" in refuse({**LETTER, "compress": True, "signProfile": [ANA]})


def test_what_newer_page_has_dropped() -> None:
    """`both` beside options, video and the older spelling are unknown there; three no longer divides the hours."""
    body: dict[str, Any] = {**LETTER, "file": FILE, "signProfile": [{**ANA, "both": True}]}
    assert create(body)
    assert "both" in refuse(body, "current")
    for name in ("video", "flow", "identificationCardback"):
        older = {**LETTER, "file": FILE, "signProfile": [ANA], "options": {"whatsapp": True, name: True}}
        assert create(older)
        assert name in refuse(older, "current")
    assert create({**LETTER, "file": FILE, "remember": 4, "signProfile": [ANA]}, "current")


def test_what_newer_page_demands() -> None:
    """A face is matched to a card only with number, kind and country; a letter only where somebody gets an e-mail."""
    face = {"camera": True, "options": {"camera": "identification"}}
    assert "identification" in refuse({**LETTER, "file": FILE, "signProfile": [{**ANA, **face}]}, "current")
    bare = {"name": "N", "email": "sender@example.com", "file": FILE, "signProfile": [ANA]}
    assert "message" in refuse(bare, "current")
    assert create({**bare, "notification": False}, "current")
    assert create({**bare, "options": {"whatsapp": True}}, "current")
    assert "message" in refuse({**bare, "options": {"whatsapp": True, "both": True}}, "current")


def test_signer_that_declares_check_inherits_none() -> None:
    """The phone that the root's way needs is not needed by somebody with a way of their own."""
    bare = {"name": "A", "email": "a@example.com", "label": True}
    root = {"otpCode": True, "options": {"otpCode": "phone"}}
    assert "phone" in refuse({**LETTER, **root, "file": FILE, "signProfile": [bare]})
    assert create({**LETTER, **root, "file": FILE, "signProfile": [{**bare, "otpCode": False}]})


@pytest.mark.parametrize(("dialect", "holds"), [("classic", 5), ("current", 300)])
def test_upload_address_holds_seconds_once(dialect: Dialect, holds: int) -> None:
    """Taken at the last moment, refused after it and the second time."""
    body = {**LETTER, "compress": True, "signProfile": [{**ANA, **SPOT, "label": False}]}
    at = open_api(dialect)
    url = at.good("POST", "/document/upload", body)["url"]
    at.later(seconds=holds)
    assert at.put(url) == 200
    assert at.put(url) == 403
    late = at.good("POST", "/document/upload", body)["url"]
    at.later(seconds=holds, milliseconds=1)
    assert at.put(late) == 403
    assert at.words() == ["CREATE"]


def test_until_upload_nothing_happens() -> None:
    """The process exists without a document, nobody is asked, nothing is announced; then it begins."""
    at = open_api()
    answer = at.good("POST", "/document/upload", COMPRESSED)
    before = at.document(answer["code"])
    assert "url" not in before
    assert before["status"] == "CREATED"
    assert set(at.statuses(answer["code"]).values()) == {"PENDING"}
    assert at.put(answer["url"], b"not a PDF") == 400
    assert at.put(answer["url"]) == 200
    assert set(at.statuses(answer["code"]).values()) == {"NOTIFICATION"}
    assert at.words() == ["CREATE"]


def test_storage_refuses_a_key() -> None:
    """A second credential is an error, and so are another path, token or verb."""
    at = open_api()
    url = at.good("POST", "/document/upload", COMPRESSED)["url"]
    assert at.put(url.replace("Signature=", "Signature=0")) == 403
    assert at.put(url.replace(".pdf", "0.pdf")) == 403
    assert at.fetch(url).status == 405
    keyed = Request(method="PUT", url=url, headers={"Authorization": at.key("PUT", "")}, body=b"%PDF-")
    assert at.box.respond(keyed).status == 400


def test_newer_page_takes_name_of_tag() -> None:
    """A label is true or a text there, and nothing but a flag in the older one."""
    body = {**LETTER, "file": FILE, "signProfile": [{**ANA, "label": "signature:0"}]}
    assert create(body, "current")
    assert "label" in refuse(body)
    assert "label" in refuse({**LETTER, "file": FILE, "signProfile": [{**ANA, "label": 7}]}, "current")


def test_address_ends_with_overwriting() -> None:
    """Neither its upload nor what it pointed at is there any more."""
    at = open_api()
    spot = {"name": "Ana", "email": "ana@example.com", **SPOT}
    body = {"name": "P", "email": "s@example.com", "documents": [{"signProfile": [spot]}, {"signProfile": [spot]}]}
    first = at.good("POST", "/document/many", body)
    read = at.fetch("https://documents.auco-sandbox.invalid/documents/none.pdf")
    assert read.status == 403
    assert at.put(first["documents"][1]["url"]) == 200
    link = at.document(first["documents"][1]["code"])["url"]
    at.good("POST", "/package/edit", {"package": first["id"]})
    at.good("POST", "/document/many", {**body, "package": first["id"]})
    assert at.put(first["documents"][0]["url"]) == 400
    assert at.fetch(link).status == 404
