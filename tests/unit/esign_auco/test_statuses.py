"""The tables of words: every documented word has a row with its source, and every row its own id."""

from __future__ import annotations

from typing import Any

import pytest

from esign_auco import statuses
from esign_core.model.events import EventKind
from esign_core.model.process import Signer
from esign_core.model.status import ProcessStatus, SignerStatus, Vocabulary

VOCABULARIES: dict[str, tuple[Vocabulary[Any], set[str]]] = {
    "process": (statuses.PROCESS, {"CREATED", "REJECTED", "EXPIRED", "FINISH"}),
    "participant": (statuses.PARTICIPANT, {"NOTIFICATION", "REJECT", "FINISH", "BLOCK", "PENDING"}),
    "document of a package": (statuses.PACKAGE_DOCUMENT, {"CREATE", "FINISH", "REJECT", "EXPIRED"}),
    "attachment": (statuses.ATTACHMENT_SIGNER, {"pending", "uploaded", "approved"}),
    "edition": (statuses.EDITED_SIGNER, {"pending"}),
    "face": (statuses.FACE, {"INPROGRESS", "BLOCKED", "APPROVED", "INVALIDATED", "VALIDATED", "EXPIRED"}),
}
TABLES = {
    "document": (
        statuses.DOCUMENT_EVENTS,
        {"CREATE", "FINISH", "NOTIFICATION", "REJECT", "REJECTED", "BLOCKED", "EXPIRED"},
    ),
    "package": (
        statuses.PACKAGE_EVENTS,
        {"CREATE", "NOTIFICATION", "SIGNED_PACKAGE", "DOCUMENT_REJECT", "REJECTED", "REJECT", "BLOCKED"},
    ),
    "face": (statuses.FACE_EVENTS, {"APPROVED", "BLOCKED", "VALIDATED", "INVALIDATED"}),
}


@pytest.mark.parametrize("name", VOCABULARIES)
def test_every_documented_word_has_its_row(name: str) -> None:
    """No word of the vendor's is missing, none is made up, and each row says where it comes from."""
    vocabulary, words = VOCABULARIES[name]
    assert {rule.word for rule in vocabulary.rules} == words
    assert all(rule.source for rule in vocabulary.rules)
    ids = [rule.id for rule in vocabulary.rules]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", TABLES)
def test_every_webhook_word_has_row(name: str) -> None:
    """The same for the tables of events."""
    table, words = TABLES[name]
    assert [row.word for row in table] == list(dict.fromkeys(row.word for row in table))
    assert {row.word for row in table} == words
    assert all(row.source and row.kinds and row.id == row.word.lower() for row in table)


@pytest.mark.parametrize("name", VOCABULARIES)
def test_unknown_word_never_raises(name: str) -> None:
    """It is UNKNOWN, and keeps its spelling."""
    vocabulary, _ = VOCABULARIES[name]
    for word in ("SOMETHING", "", None, 7):
        status, detail = vocabulary.read(word)
        assert status.name == "UNKNOWN"
        assert not detail.known


def test_same_word_means_two_things() -> None:
    """Asked in a query, signed in a webhook."""
    assert statuses.PARTICIPANT.read("NOTIFICATION")[0] is SignerStatus.NOTIFIED
    row = statuses.event_row(statuses.DOCUMENT_EVENTS, "NOTIFICATION")
    assert row is not None
    assert (row.kinds, row.signer) == ((EventKind.SIGNER_DONE,), SignerStatus.DONE)
    assert statuses.event_row(statuses.DOCUMENT_EVENTS, "SIGNED_PACKAGE") is None


def test_people_decide_where_word_does_not() -> None:
    """A blocked person holds an open process; a finished one is finished whoever was blocked."""
    blocked = statuses.facts((Signer(status=SignerStatus.BLOCKED), Signer(status=SignerStatus.DECLINED)))
    assert blocked == {"signer_blocked", "signer_rejected"}
    assert statuses.PROCESS.read("CREATED", blocked)[0] is ProcessStatus.ON_HOLD
    assert statuses.PROCESS.read("FINISH", blocked)[0] is ProcessStatus.COMPLETED
    assert statuses.facts(()) == frozenset()


def test_every_roadmap_action_has_row() -> None:
    """And an unknown one is unknown."""
    documented = {
        *("NOTIFICATION_SIGN", "NOTIFICATION_APPROVER", "NOTIFICATION_FINISH", "NOTIFICATION_FAILED_SIGN"),
        *("REMINDER_SIGN", "REMINDER_APPROVE", "REMINDER_UPLOAD", "REMINDER_PAYMENT"),
        *("PARTICIPANT_READ", "READ_PARTICIPANT", "PARTICIPANT_SIGN", "PARTICIPANT_APPROVE", "PARTICIPANT_REJECT"),
        *("UPDATE_SIGNER", "UPDATE_SIGN", "CANCEL_SIGN", "REACTIVATION_SIGN"),
    }
    assert {row.word for row in statuses.TIMELINE} == documented
    assert all(row.source for row in statuses.TIMELINE)
    assert statuses.kind_of("CANCEL_SIGN") is EventKind.PROCESS_CANCELLED
    assert statuses.kind_of("DANCE") is EventKind.UNKNOWN


def test_what_can_be_reopened_says_so() -> None:
    """Rejected and expired processes can, all others cannot."""
    reopenable = {rule.word for rule in statuses.PROCESS.rules if rule.reopenable}
    assert reopenable == {"REJECTED", "EXPIRED"}
