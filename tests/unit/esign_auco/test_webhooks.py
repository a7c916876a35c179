"""Webhooks: every published example, the documented gaps, and whatever else may come through that door."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.esign_auco.support import HOOK_VALUE, delivered

from esign_core.accounts.settings import Secret
from esign_core.model.errors import ConfigError
from esign_core.model.events import Authenticity, EventKind, Receipt
from esign_core.model.status import ProcessStatus, SignerStatus

PERSON = {"id": "participant_id", "name": "participant name", "email": "email", "phone": "phone"}


def listed(*statuses: str) -> list[dict[str, str]]:
    """Return the documents of a package's delivery."""
    return [
        {
            "code": f"DOCUMENTCODE{number}",
            "name": f"Test document {number}",
            "status": status,
            "url": f"https://test.example.com/{number}.pdf",
        }
        for number, status in enumerate(statuses, start=1)
    ]


NAMED = {"package": "idPackage", "name": "API test documents"}

# The six examples of the vendor's page on packages.
PACKAGES: list[tuple[dict[str, Any], list[str]]] = [
    ({**NAMED, "status": "CREATE", "documents": listed("CREATE", "CREATE")}, ["process.created"]),
    ({**NAMED, "signer": PERSON, "status": "NOTIFICATION"}, ["signer.done"]),
    (
        {**NAMED, "status": "SIGNED_PACKAGE", "documents": listed("FINISH", "FINISH")},
        ["process.completed", "files.ready"],
    ),
    ({**NAMED, "status": "DOCUMENT_REJECT", "documents": listed("REJECT", "CREATE")}, ["document.declined"]),
    (
        {**NAMED, "signer": PERSON, "status": "REJECTED", "message": "message"},
        ["signer.declined", "process.declined"],
    ),
    ({**NAMED, "signer": PERSON, "status": "BLOCKED", "message": "OTP_CODE_INVALID"}, ["signer.blocked"]),
]

ANA = {"id": "G8", "name": "Ana", "email": "ana@example.com", "phone": "+573000000000"}
URL = "https://test.example.com/contract.pdf"

# The vendor's page on documents: some of its examples name no code.
DOCUMENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"code": "ABCDEF1234", "name": "Contract", "status": "CREATE", "url": URL}, ["process.created"]),
    ({"code": "ABCDEF1234", "name": "Contract", "status": "NOTIFICATION", "signer": ANA}, ["signer.done"]),
    ({"code": "ABCDEF1234", "name": "Contract", "status": "FINISH", "url": URL}, ["process.completed", "files.ready"]),
    (
        {"code": "ABCDEF1234", "name": "Contract", "status": "REJECT", "url": URL},
        ["process.declined"],
    ),
    (
        {"name": "Contract", "status": "REJECTED", "message": "I do not agree", "tags": ["t1"], "signer": ANA},
        ["signer.declined", "process.declined"],
    ),
    (
        {
            "name": "Contract",
            "status": "BLOCKED",
            "message": "OTP_CODE_INVALID",
            "tags": ["t1"],
            "custom": ["{'info':'required'}"],
            "signer": ANA,
        },
        ["signer.blocked"],
    ),
    (
        {"code": "ABCDEF1234", "name": "Contract", "status": "EXPIRED", "url": URL, "tags": ["t1"]},
        ["process.expired"],
    ),
]

FACES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {
            "code": "JPJD42IDWP3Z6RXA",
            "type": "veriface",
            "finish": finish,
            "status": status,
            "data": {"name": "Ana", "documentName": "Ana Luz"},
            "similarity": 0.92,
        },
        [kind],
    )
    for status, finish, kind in (
        ("APPROVED", True, "signer.auth_passed"),
        ("BLOCKED", False, "signer.blocked"),
        ("VALIDATED", True, "signer.auth_passed"),
        ("INVALIDATED", True, "signer.auth_failed"),
    )
]


def received(tree: Any, **changes: Any) -> Receipt:
    """Return what a delivery of a tree is worth."""
    return delivered(json.dumps(tree), **changes)


@pytest.mark.parametrize(("tree", "kinds"), [*PACKAGES, *DOCUMENTS, *FACES])
def test_every_published_example_is_read(tree: dict[str, Any], kinds: list[str]) -> None:
    """Each gives its events, keeps its whole payload, and is answered with 200."""
    receipt = received(tree)
    assert (receipt.reply.status, receipt.authenticity, receipt.problem) == (200, Authenticity.SENDER_ONLY, None)
    assert [event.kind.value for event in receipt.events] == kinds
    for event in receipt.events:
        assert event.process_id == tree.get("package", tree.get("code"))
        assert event.vendor_status == tree["status"]
        assert event.message == tree.get("message")
        assert event.tags == tuple(tree.get("tags", ()))
        assert event.raw == tree
        assert event.authenticity is Authenticity.SENDER_ONLY
        assert len(event.documents) == len(tree.get("documents", ()))


def test_notification_means_has_signed_here() -> None:
    """The word that means "was asked" in a query is told apart by its table."""
    (event,) = received(PACKAGES[1][0]).events
    assert event.signer is not None
    assert (event.signer.id, event.signer.status) == ("participant_id", SignerStatus.DONE)
    assert event.signer.status_detail.rule == "auco.webhook.package.notification"


def test_refusal_and_block_keep_their_reasons() -> None:
    """What the person wrote, or why they were blocked, stands with the person."""
    declined, ended = received(PACKAGES[4][0]).events
    assert declined.signer is not None
    assert (declined.signer.status, declined.signer.reason) == (SignerStatus.DECLINED, "message")
    assert ended.signer == declined.signer
    (blocked,) = received(DOCUMENTS[5][0]).events
    assert blocked.signer is not None
    assert (blocked.signer.status, blocked.signer.reason) == (SignerStatus.BLOCKED, "OTP_CODE_INVALID")
    (face,) = received(FACES[3][0]).events
    assert face.signer is not None
    assert (face.signer.name, face.signer.status) == ("Ana", SignerStatus.FAILED)


def test_documents_of_package_have_own_words() -> None:
    """One is declined, the other still open."""
    (event,) = received(PACKAGES[3][0]).events
    assert [document.status for document in event.documents] == [ProcessStatus.DECLINED, ProcessStatus.IN_PROGRESS]
    assert event.documents[0].id == "DOCUMENTCODE1"


@pytest.mark.parametrize(
    "tree",
    [
        {"code": "ABCDEF1234", "status": "ARCHIVED"},
        {"package": "idPackage", "status": "FINISH", "signer": PERSON},
        {"code": "JPJD42IDWP3Z6RXA", "type": "veriface", "status": "EXPIRED"},
        {"status": ""},
    ],
)
def test_unknown_word_is_one_unknown_event(tree: dict[str, Any]) -> None:
    """It is answered like any other, and nothing of it is lost."""
    receipt = received(tree)
    assert receipt.reply.status == 200
    (event,) = receipt.events
    assert event.kind is EventKind.UNKNOWN
    assert event.vendor_status == tree["status"]
    if event.signer:
        assert (event.signer.status, event.signer.status_detail.known) == (SignerStatus.UNKNOWN, False)


def test_person_given_as_text() -> None:
    """An old page types the person so."""
    (event,) = received({"code": "ABCDEF1234", "status": "NOTIFICATION", "signer": "Ana"}).events
    assert event.signer is not None
    assert (event.signer.name, event.signer.id) == ("Ana", "")
    assert event.raw["signer"] == "Ana"


def keys(tree: dict[str, Any]) -> list[str]:
    """Return the keys by which repeated deliveries are known."""
    return [event.dedupe_key for event in received(tree).events]


def test_repeated_delivery_has_same_keys() -> None:
    """However its JSON is laid out, and with whatever address of the PDF."""
    for tree, _ in (*PACKAGES, *DOCUMENTS, *FACES):
        again = dict(reversed(tree.items())) | ({"url": "https://test.example.com/later"} if "url" in tree else {})
        assert keys(tree) == keys(again)


def test_different_happenings_have_different_keys() -> None:
    """Another person, process, word or reason is another event; so are the two events of one delivery."""
    base = DOCUMENTS[4][0]
    others = [
        base,
        {**base, "signer": {**ANA, "id": "ZR"}},
        {**base, "signer": {"name": "Luz"}},
        {**base, "signer": {"email": "luz@example.com"}},
        {**base, "name": "Other contract"},
        {**base, "message": "Too dear"},
        {**base, "status": "BLOCKED"},
        {**base, "code": "ABCDEF1234"},
        {**base, "package": "idPackage"},
        {key: value for key, value in base.items() if key != "signer"},
        PACKAGES[3][0],
        {**PACKAGES[3][0], "documents": listed("REJECT", "REJECT")},
    ]
    found = [key for tree in others for key in keys(tree)]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-Hook": "other"}, {"X-Hook": ""}, {"X-Other": HOOK_VALUE}, [("X-Hook", HOOK_VALUE), ("x-hook", "a")]],
)
def test_delivery_without_the_value_is_forged(headers: Any) -> None:
    """No events, 400, and a problem that repeats nothing of it."""
    receipt = delivered(json.dumps(PACKAGES[0][0]), headers)
    assert (receipt.reply.status, receipt.events, receipt.authenticity) == (400, (), Authenticity.NONE)
    assert receipt.problem is not None
    assert "other" not in receipt.problem


def test_any_of_accepted_values_will_do() -> None:
    """While a value is being changed, the old one and the new one both count; the header's name has no case."""
    both = (Secret("newer"), Secret(HOOK_VALUE))
    body = json.dumps(PACKAGES[0][0])
    for value in ("newer", HOOK_VALUE):
        assert delivered(body, {"x-hook": value}, webhook_secrets=both).reply.status == 200
    assert delivered(body, {"authorization": HOOK_VALUE}, webhook_header="Authorization").reply.status == 200


@pytest.mark.parametrize("secrets", [(), (Secret(" "),)])
def test_account_without_value_says_so(secrets: tuple[Secret[str], ...]) -> None:
    """Otherwise anybody could tell it anything."""
    with pytest.raises(ConfigError, match="webhook_secrets"):
        delivered(b"{}", webhook_secrets=secrets)


def test_account_without_secrets_by_choice() -> None:
    """Then deliveries are read, and their events say that nothing proves them."""
    receipt = received(PACKAGES[0][0], webhook_secrets=(), insecure_webhooks=True, headers=())
    assert receipt.authenticity is Authenticity.NONE
    assert [event.authenticity for event in receipt.events] == [Authenticity.NONE]
    assert received(PACKAGES[0][0], headers=(), insecure_webhooks=True).reply.status == 400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff{}",
        b'{"status": "CREATE", "status": "FINISH"}',
        b'{"status": NaN}',
        b'{"a": ' + b"[" * 5000,
        b'{"code": "ABCDEF1234"}',
        b'{"status": 1}',
        b'{"status": null}',
    ],
)
def test_unreadable_delivery_is_not_repeated(body: bytes) -> None:
    """No events, 200, and a problem that says what is wrong with it."""
    receipt = delivered(body)
    assert (receipt.reply.status, receipt.events) == (200, ())
    assert receipt.authenticity is Authenticity.SENDER_ONLY
    assert receipt.problem


trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = ("status", "package", "code", "name", "type", "signer", "documents", "message", "tags", "data", "custom")


@given(st.binary() | st.dictionaries(st.sampled_from(FIELDS), trees).map(lambda tree: json.dumps(tree).encode()))
def test_nothing_that_arrives_makes_it_fail(body: bytes) -> None:
    """Whatever the bytes are, there is a receipt, and the sender is not asked to come again."""
    receipt = delivered(body)
    assert receipt.reply.status == 200
    assert bool(receipt.events) is (receipt.problem is None)


@given(st.dictionaries(st.sampled_from(("X-Hook", "x-hook", "Other")), st.text()))
def test_no_header_makes_it_fail(headers: dict[str, str]) -> None:
    """What is not the value is forged."""
    assert delivered(b"{}", headers).reply.status == 400


def test_personal_data_does_not_show() -> None:
    """Neither a receipt nor an event prints whom it is about."""
    shown = repr(received(DOCUMENTS[4][0]))
    assert "ana@example.com" not in shown
    assert "Contract" not in shown
    assert "agree" not in shown
