"""Queries: documents, contracts and packages, in every shape the vendor documents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.esign_auco.support import CODE, NOW, PACKAGE, provider

from esign_core.model.drafts import Role
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process
from esign_core.model.status import Basis, EndReason, ProcessStatus, SignerStatus
from esign_core.providers.flow import Reply
from esign_core.testing import play

# The vendor's own example of a package.
PACKAGE_EXAMPLE = {
    "_id": "ID_PACKAGE",
    "codes": ["CODEDOC1", "CODEDOC2"],
    "name": "Prueba paquete de documentos",
    "signers": [
        {
            "userId": "AI",
            "email": "example1@auco.ai",
            "name": "Firmante 1",
            "phone": "+573000000000",
            "status": "NOTIFICATION",
        },
        {
            "userId": "OR",
            "email": "example2@auco.ai",
            "name": "Firmante 2",
            "phone": "+573000000000",
            "status": "NOTIFICATION",
        },
    ],
    "signFinish": False,
    "createdAt": "2024-10-18T20:20:34.970Z",
    "updatedAt": "2024-11-15T02:02:12.775Z",
    "status": "CREATED",
}

PERSON = {"name": "Ana", "email": "ana@example.com", "id": "G8", "status": "NOTIFICATION"}
DOCUMENT_EXAMPLE: dict[str, Any] = {
    "url": "https://storage.example.com/signed",
    "name": "Service agreement",
    "code": "CODEDOCUM1",
    "status": "CREATED",
    "data": {
        "code": "CODEDOCUM1",
        "name": "Service agreement",
        "camera": False,
        "otpCode": False,
        "signFinish": False,
        "signProfile": [PERSON],
        "createdAt": "2025-01-02T16:54:00.297Z",
        "updatedAt": "2025-01-02T16:54:03.105Z",
    },
    "signProfile": [PERSON],
    "custom": {"reference": "ORDER-123"},
}


def read(tree: Any, process_id: str = CODE) -> Process:
    """Return the process an answer is read into."""
    process: Process = play(provider().get(process_id, NOW), Reply.of(tree)).result
    return process


def test_package_asked_for_by_id() -> None:
    """The call is the one the vendor's table and samples show."""
    (call,) = play(provider().get(PACKAGE, NOW), Reply.of(PACKAGE_EXAMPLE)).calls
    assert (call.method, call.path, dict(call.query)) == ("GET", "/document", {"package": PACKAGE})
    assert call.repeatable
    assert call.process_id == PACKAGE


@pytest.mark.parametrize("code", ["GNAZED5HTR", "GNAZED5HT"])
def test_documents_and_contracts_by_code(code: str) -> None:
    """Ten characters or nine, the parameter is the same."""
    (call,) = play(provider().get(code, NOW), Reply.of(DOCUMENT_EXAMPLE)).calls
    assert (call.path, dict(call.query)) == ("/document", {"code": code})


def test_published_package_is_read() -> None:
    """Nothing of the vendor's example is lost."""
    process = read(PACKAGE_EXAMPLE, PACKAGE)
    assert process.id == "ID_PACKAGE"
    assert process.name == "Prueba paquete de documentos"
    assert process.status is ProcessStatus.IN_PROGRESS
    assert [document.id for document in process.documents] == ["CODEDOC1", "CODEDOC2"]
    assert [(signer.id, signer.phone, signer.status) for signer in process.signers] == [
        ("AI", "+573000000000", SignerStatus.NOTIFIED),
        ("OR", "+573000000000", SignerStatus.NOTIFIED),
    ]
    assert process.created_at == datetime(2024, 10, 18, 20, 20, 34, 970000, tzinfo=UTC)
    assert process.updated_at == datetime(2024, 11, 15, 2, 2, 12, 775000, tzinfo=UTC)
    assert process.raw == PACKAGE_EXAMPLE


def test_published_document_is_read() -> None:
    """What stands in `data` is found as well as what stands outside."""
    process = read(DOCUMENT_EXAMPLE)
    assert (process.id, process.name, process.reference) == ("CODEDOCUM1", "Service agreement", "ORDER-123")
    assert [signer.id for signer in process.signers] == ["G8"]
    assert process.created_at == datetime(2025, 1, 2, 16, 54, 0, 297000, tzinfo=UTC)
    (document,) = process.documents
    assert (document.id, document.status) == ("CODEDOCUM1", ProcessStatus.IN_PROGRESS)
    assert process.raw == DOCUMENT_EXAMPLE


def test_inner_object_is_read() -> None:
    """Name, code, people, dates and custom data may stand in `data` alone; what is missing altogether stays empty."""
    inner = {**DOCUMENT_EXAMPLE["data"], "custom": {"reference": 7}, "expiredDate": "2026-08-01T00:00:00.000Z"}
    process = read({"status": "CREATED", "data": inner})
    assert (process.id, process.name, process.reference) == ("CODEDOCUM1", "Service agreement", None)
    assert process.expires_at == datetime(2026, 8, 1, tzinfo=UTC)
    bare = read({"status": "CREATED", "signProfile": [{}]})
    assert (bare.id, bare.name, bare.created_at) == (CODE, "", None)
    assert bare.documents[0].id == CODE


def test_people_with_role_and_order() -> None:
    """Both are read where the answer has them, a number or a text."""
    people = [{**PERSON, "role": "APPROVER", "order": "2"}, {**PERSON, "role": "SIGNER", "order": 1}, {"order": "x"}]
    signers = read({**DOCUMENT_EXAMPLE, "signProfile": people}).signers
    assert [(signer.role, signer.order) for signer in signers] == [(Role.APPROVER, 2), (Role.SIGNER, 1), (None, None)]


@pytest.mark.parametrize(
    ("word", "people", "status", "basis", "reopenable"),
    [
        ("CREATED", ["NOTIFICATION", "PENDING"], ProcessStatus.IN_PROGRESS, Basis.EXACT, False),
        ("CREATED", ["NOTIFICATION", "BLOCK"], ProcessStatus.ON_HOLD, Basis.DERIVED, False),
        ("REJECTED", ["REJECT", "NOTIFICATION"], ProcessStatus.DECLINED, Basis.AMBIGUOUS, True),
        ("REJECTED", ["NOTIFICATION"], ProcessStatus.CANCELLED, Basis.AMBIGUOUS, True),
        ("EXPIRED", ["NOTIFICATION"], ProcessStatus.EXPIRED, Basis.EXACT, True),
        ("FINISH", ["FINISH"], ProcessStatus.COMPLETED, Basis.EXACT, False),
        ("ARCHIVED", ["FINISH"], ProcessStatus.UNKNOWN, Basis.AMBIGUOUS, False),
    ],
)
def test_status_follows_word_and_people(
    word: str, people: list[str], status: ProcessStatus, basis: Basis, reopenable: bool
) -> None:
    """The vendor's word is kept beside the status, with the rule that decided."""
    process = read({**DOCUMENT_EXAMPLE, "status": word, "signProfile": [{"status": each} for each in people]})
    assert process.status is status
    assert process.status_detail.vendor_status == word
    assert (process.status_detail.basis, process.status_detail.reopenable) == (basis, reopenable)


def test_reasons_of_end_are_said_apart() -> None:
    """Somebody's refusal and the sender's cancel share a word, and yet have different reasons."""
    rejected = {**DOCUMENT_EXAMPLE, "status": "REJECTED"}
    declined = read({**rejected, "signProfile": [{"status": "REJECT"}]})
    cancelled = read({**rejected, "signProfile": [{"status": "FINISH"}]})
    assert declined.status_detail.end_reason is EndReason.SIGNER_DECLINED
    assert cancelled.status_detail.end_reason is EndReason.SENDER_CANCELLED


def test_persons_unknown_word_is_kept() -> None:
    """It raises nothing, and says that it is unknown."""
    (signer,) = read({**DOCUMENT_EXAMPLE, "signProfile": [{"status": "WAITING"}]}).signers
    assert signer.status is SignerStatus.UNKNOWN
    assert signer.status_detail.vendor_status == "WAITING"
    assert not signer.status_detail.known


@pytest.mark.parametrize(
    "tree",
    [
        [],
        {},
        {"data": []},
        {"status": "CREATED"},
        {"status": 1, "signProfile": []},
        {"status": "CREATED", "signProfile": ["Ana"]},
        {"status": "CREATED", "signers": {"userId": "AI"}},
        {"status": "CREATED", "signers": [], "codes": [1]},
    ],
)
def test_something_else_than_process_is_unreadable(tree: Any) -> None:
    """A template list, a wrong type or a missing status is never taken for a process."""
    with pytest.raises(UnreadableReplyError):
        read(tree, PACKAGE)
