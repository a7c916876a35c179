"""Packages of several documents, in the vendor's own shapes."""

from typing import Any

import pytest
from tests.sandbox.auco.api import ANA, BEN, SPOT, Api, open_api

FIRST = {"name": "Ana", "email": "ana@example.com", "phone": "+573000000001", **SPOT}
SECOND = {"name": "Ben", "email": "ben@example.com", "phone": "+573000000002", **SPOT}
BODY: dict[str, Any] = {
    "name": "API test documents",
    "email": "sender@example.com",
    "documents": [
        {"name": "Test document 1", "signProfile": [FIRST, SECOND]},
        {"name": "Test document 2", "signProfile": [FIRST]},
    ],
}


def send(at: Api, **fields: Any) -> Any:
    """Create a package and upload its PDFs."""
    answer = at.good("POST", "/document/many", {**BODY, **fields})
    for document in answer["documents"]:
        assert at.put(document["url"]) == 200
    return answer


def listed(at: Api, answer: Any, *statuses: str) -> list[dict[str, str]]:
    """The documents of a package as a webhook lists them."""
    return [
        {"code": one["code"], "name": one["name"], "status": status, "url": at.document(one["code"])["url"]}
        for one, status in zip(answer["documents"], statuses, strict=True)
    ]


def test_answer_lists_every_document_with_address() -> None:
    """Ids are told of silenced people only, the same in every document; the addresses hold five minutes."""
    at = open_api()
    silenced = {**FIRST, "notification": False}
    answer = at.good("POST", "/document/many", {**BODY, "documents": [
        {"name": "One", "signProfile": [silenced, SECOND]}, {"signProfile": [FIRST]}]})  # fmt: skip
    one, two = answer["documents"]
    assert list(one) == ["url", "name", "code", "signProfile"]
    assert two["name"] == "Documento 2"
    ana, ben = one["signProfile"]
    assert ana == {"id": ana["id"], "name": "Ana", "email": "ana@example.com"} == two["signProfile"][0]
    assert ben == {"name": "Ben", "email": "ben@example.com"}
    at.later(seconds=300)
    assert at.put(one["url"]) == 200
    at.later(seconds=1)
    assert at.put(two["url"]) == 403
    assert not at.box.deliveries


def test_package_that_all_sign() -> None:
    """The six examples' shapes: nothing more, nothing less."""
    at = open_api()
    answer = send(at)
    package = {"package": answer["id"], "name": "API test documents"}
    assert at.hooks() == [{**package, "status": "CREATE", "documents": listed(at, answer, "CREATE", "CREATE")}]
    at.box.sign_as("ana@example.com")
    assert at.hooks()[-1] == {
        **package,
        "signer": {
            "id": at.signer(answer["documents"][0]["code"], "Ana"),
            "name": "Ana",
            "email": "ana@example.com",
            "phone": "+573000000001",
        },
        "status": "NOTIFICATION",
    }
    # The second document has only one signer; each document ends with its own certificate.
    assert [at.document(one["code"])["status"] for one in answer["documents"]] == ["CREATED", "FINISH"]
    at.box.sign_as("ben@example.com")
    assert at.hooks()[-1] == {
        **package,
        "status": "SIGNED_PACKAGE",
        "documents": listed(at, answer, "FINISH", "FINISH"),
    }
    assert at.words() == ["CREATE", "NOTIFICATION", "NOTIFICATION", "SIGNED_PACKAGE"]


@pytest.mark.parametrize("name", ["code", "package"])
def test_package_is_read_by_either_name(name: str) -> None:
    """The older page's curl sample asks by `code`, its table by `package`."""
    at = open_api()
    answer = send(at, custom={"externalId": "ORDER-123"})
    found = at.good("GET", "/document", **{name: answer["id"]})
    ids = [one.pop("userId") for one in found["signers"]]
    assert all(len(one) == 2 for one in ids)
    assert found == {
        "_id": answer["id"],
        "codes": [one["code"] for one in answer["documents"]],
        "name": "API test documents",
        "signers": [
            {"email": "ana@example.com", "name": "Ana", "phone": "+573000000001", "status": "NOTIFICATION"},
            {"email": "ben@example.com", "name": "Ben", "phone": "+573000000002", "status": "NOTIFICATION"},
        ],
        "signFinish": False,
        "createdAt": "2026-03-01T12:00:00.000Z",
        "updatedAt": "2026-03-01T12:00:00.000Z",
        "status": "CREATED",
        "custom": {"externalId": "ORDER-123"},
    }


def test_one_document_is_declined() -> None:
    """Its own state is told apart from the other's; the package is over, and can be opened again."""
    at = open_api()
    answer = send(at)
    one, two = (document["code"] for document in answer["documents"])
    at.box.decline_as("ana@example.com", "not this one", process_id=one)
    detail, state = at.hooks()[-2:]
    assert list(detail) == ["package", "name", "signer", "status", "message"]
    assert (detail["status"], detail["message"]) == ("REJECTED", "not this one")
    assert [document["status"] for document in state["documents"]] == ["REJECT", "CREATE"]
    assert state["status"] == "DOCUMENT_REJECT"
    assert at.document(one)["status"] == at.good("GET", "/document", package=answer["id"])["status"] == "REJECTED"
    assert at.document(two)["status"] == "CREATED"
    assert at.statuses(one)["Ana"] == "REJECT"
    assert at.statuses(two) == {"Ana": "NOTIFICATION"}
    body = {"email": "manager@example.com"}
    assert at.ask("PUT", "/document/reactivate", {**body, "code": one})[0] == 404
    told = at.good("PUT", "/document/reactivate", {**body, "package": answer["id"]})
    assert told == {"notifications": 2, "users": ["Ana", "Ben"]}
    at.box.sign_as("ana@example.com")
    at.box.sign_as("ben@example.com")
    assert at.words()[-1] == "SIGNED_PACKAGE"


def test_whole_package_is_declined() -> None:
    """Without a document's code every document of the person is rejected."""
    at = open_api()
    answer = send(at)
    at.box.decline_as("ana@example.com", "none")
    assert [at.document(one["code"])["status"] for one in answer["documents"]] == ["REJECTED", "REJECTED"]


def test_someone_signs_one_document_not_done() -> None:
    """A NOTIFICATION comes only when the participant has completed."""
    at = open_api()
    answer = send(at)
    one, two = (document["code"] for document in answer["documents"])
    at.box.sign_as("ana@example.com", process_id=two)
    assert at.words() == ["CREATE"]
    assert at.document(two)["status"] == "FINISH"
    at.box.sign_as("ana@example.com", process_id=one)
    assert at.words() == ["CREATE", "NOTIFICATION"]


def test_someone_blocked() -> None:
    """The package is named, the documents are not; the decision takes the package's id and the signer's."""
    at = open_api()
    answer = send(at)
    at.box.block("ana@example.com")
    ana = at.signer(answer["documents"][0]["code"], "Ana")
    signer = {"id": ana, "name": "Ana", "email": "ana@example.com", "phone": "+573000000001"}
    assert at.hooks()[-1] == {
        "package": answer["id"],
        "name": "API test documents",
        "signer": signer,
        "status": "BLOCKED",
        "message": "OTP_CODE_INVALID",
    }
    body = {"code": answer["id"] + ana, "email": "manager@example.com", "status": "reject"}
    at.good("POST", "/document/unlock", body)
    assert at.refused("POST", "/document/unlock", {**body, "code": answer["id"]}) == "MISSING_SIGNER_ID"
    at.box.sign_as("ana@example.com")


def test_expired_package_announces_nothing_and_reopens() -> None:
    """The vendor knows no such word for a package; its documents are expired, but for those that were finished."""
    at = open_api()
    answer = send(at, expiredDate="2026-03-05T12:00:00.000Z")
    at.box.sign_as("ana@example.com")
    at.later(days=5)
    package = at.good("GET", "/document", package=answer["id"])
    assert package["status"] == "EXPIRED"
    assert [at.document(one["code"])["status"] for one in answer["documents"]] == ["EXPIRED", "FINISH"]
    assert at.words() == ["CREATE", "NOTIFICATION"]
    told = at.good("PUT", "/document/reactivate", {"package": answer["id"], "email": "m@example.com"})
    assert told == {"notifications": 1, "users": ["Ben"]}


def test_reminder_takes_package_and_signer() -> None:
    """The older page answers OK, the newer one in its own word."""
    for dialect, word in (("classic", "OK"), ("current", "REMINDER_SENT")):
        at = open_api(dialect)  # type: ignore[arg-type]  # both are dialects
        answer = send(at)
        ana = at.signer(answer["documents"][0]["code"], "Ana")
        assert at.good("POST", "/document/many/reminder", {"package": answer["id"] + ana}) == {"message": word}
        assert at.refused("POST", "/document/many/reminder", {"package": answer["id"] + "??"}) == "SIGNER_NOT_FOUND"
        assert at.refused("POST", "/document/many/reminder", {"package": "0" * 24 + ana}) == "PACKAGE_NOT_FOUND"
        one = answer["documents"][0]["code"]
        assert at.refused("POST", "/document/reminder", {"code": one + ana}) == "DOCUMENT_NOT_FOUND"


def test_package_from_templates() -> None:
    """Nothing is uploaded; the people come from the variables, the same in every document."""
    at = open_api()
    data = [{"key": "nombre", "value": "Ana"}, {"key": "correo", "value": "ana@example.com"}]
    answer = at.good("POST", "/document/many", {**BODY, "documents": [
        {"name": "One", "document": "64823dc5ce28a265e02d68f3", "data": data},
        {"name": "Two", "document": "64823dc5ce28a265e02d68f4", "data": data}]})  # fmt: skip
    assert [list(one) for one in answer["documents"]] == [["name", "code", "signProfile"]] * 2
    at.box.sign_as("ana@example.com")
    assert at.words() == ["CREATE", "NOTIFICATION", "SIGNED_PACKAGE"]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "one document": ({"documents": BODY["documents"][:1]}, "DOCUMENTS_MIN_TWO"),
    "no e-mail": ({"documents": [{"signProfile": [{"name": "A", **SPOT}]}] * 2}, "SIGNER_EMAIL_REQUIRED"),
    "a check of one signer": ({"documents": [{"signProfile": [{**FIRST, "camera": True}]}] * 2},
                              "SIGNER_VALIDATIONS_NOT_SUPPORTED"),
    "an order": ({"documents": [{"signProfile": [{**FIRST, "order": "1"}]}] * 2}, "SIGNER_SEQUENCE_NOT_SUPPORTED"),
    "a role": ({"documents": [{"signProfile": [{**FIRST, "role": "APPROVER"}]}] * 2}, "SIGNER_SEQUENCE_NOT_SUPPORTED"),
    "tags": ({"tags": ["t"]}, '"tags" is not allowed'),
    "targets": ({"targetWebhooks": ["default"]}, '"targetWebhooks" is not allowed'),
    "a file": ({"file": "JVBERi0="}, '"file" is not allowed'),
    "hours that three does not divide": ({"remember": 5}, '"remember" must be a multiple of 3'),
    "an expiry too near": ({"expiredDate": "2026-03-02T00:00:00Z"}, "EXPIRED_DATE_INVALID"),
    "a reader who signs": ({"readers": [{"name": "A", "email": "ana@example.com"}]},
                           "The emails of the readers must differ from the signers'"),
    "a package that is not in edition": ({"package": "0" * 24}, "PACKAGE_NOT_FOUND"),
    "a package that is none": ({"package": "x"}, "PACKAGE_ID_INVALID"),
    "a document without signers": ({"documents": [{"name": "A"}] * 2}, '"documents[0].signProfile" is required'),
    "templates beside PDFs": ({"documents": [{"signProfile": [FIRST]}, {"document": "6" * 24}]},
                              "[document, signProfile] are mutually exclusive"),
    "a phone of two people": ({"documents": [{"signProfile": [FIRST]},
                                             {"signProfile": [{**SECOND, "phone": FIRST["phone"]}]}]},
                              "The phones of the signers must not be repeated"),
    "somebody twice in a document": ({"documents": [{"signProfile": [FIRST, FIRST]}] * 2},
                                     "The emails of the signers must not be repeated"),
    "whatsapp without phones": ({"options": {"whatsapp": True}, "documents": [
        {"signProfile": [{"name": "A", "email": "a@example.com", **SPOT}]}] * 2}, '"signProfile[0].phone" is required'),
}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG.keys())
def test_what_vendor_refuses(change: dict[str, Any], message: str) -> None:
    """The vendor's code where one is documented."""
    assert open_api().refused("POST", "/document/many", {**BODY, **change}) == message


def test_document_of_package_not_cancelled_alone() -> None:
    """How a package is cancelled is documented nowhere."""
    at = open_api()
    code = send(at)["documents"][0]["code"]
    body = {"codes": [code], "message": "void", "email": "m@example.com"}
    assert at.good("POST", "/document/cancel", body)["errors"] == {"cant": 1, "documents": [code]}


def test_label_is_taken_in_package() -> None:
    """Its table names it, although its PDFs never come in the request."""
    at = open_api()
    documents = [{"signProfile": [ANA]}, {"signProfile": [BEN]}]
    assert at.good("POST", "/document/many", {**BODY, "documents": documents})


def test_package_waits_for_blocked_signer() -> None:
    """The decision to cancel ends it, with a detail that names the package."""
    at = open_api()
    answer = send(at)
    at.box.block("ben@example.com", process_id=answer["id"])
    ben = at.signer(answer["documents"][0]["code"], "Ben")
    body = {"code": answer["id"] + ben, "email": "m@example.com", "status": "cancel", "message": "void"}
    at.good("POST", "/document/unlock", body)
    package = {"package": answer["id"], "name": "API test documents"}
    assert at.hooks()[-1] == {**package, "status": "REJECTED", "message": "void"}
    assert at.good("GET", "/document", package=answer["id"])["status"] == "REJECTED"
