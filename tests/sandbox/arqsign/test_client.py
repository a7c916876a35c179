"""What a client keeps and says over the ArqSign sandbox: documents, deadlines, pending people, audit records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from tests.sandbox.arqsign.samples import pdf

from esign_core import Client, Document, NotFoundError, ProcessDraft, ProcessStatus, SignerDraft, connect
from esign_core.model.documents import FileKind

ACCOUNT = {"accounts": {"br": {"provider": "arqsign", "environment": "sandbox"}}}


@pytest.fixture
def client() -> Iterator[Client]:
    """Give a client of a fresh sandbox."""
    with connect("br", config=ACCOUNT) as opened:
        yield opened


def draft(**changes: object) -> ProcessDraft:
    """Return a draft with one document and one signer."""
    given = {
        "name": "Contract",
        "documents": [Document.from_bytes(pdf(), name="contract.pdf")],
        "signers": [SignerDraft(name="Ana Example", email="ana@example.com")],
    }
    return ProcessDraft(**{**given, **changes})  # type: ignore[arg-type]  # fields given by name


def test_read_keeps_documents(client: Client) -> None:
    """A read that lists no documents keeps those of the process handed over; a bare id has none to keep."""
    created = client.create(draft())
    assert client.get(created).documents == created.documents != ()
    assert client.get(created.id).documents == ()


@pytest.mark.parametrize("away", [timedelta(hours=1), timedelta(days=9, minutes=30), timedelta(days=9, hours=13)])
def test_sandbox_is_open_until_the_moment_asked(client: Client, away: timedelta) -> None:
    """The process is open at the moment asked for, and expired less than a day later."""
    wanted = client.sandbox.clock.now() + away
    created = client.create(draft(expires_at=wanted))
    client.sandbox.move_clock(wanted - client.sandbox.clock.now())
    assert client.get(created.id).status is ProcessStatus.IN_PROGRESS
    client.sandbox.move_clock(timedelta(days=1))
    assert client.get(created.id).status is ProcessStatus.EXPIRED


def test_download_brings_audit_record(client: Client) -> None:
    """The record comes beside the document where it is asked for."""
    created = client.create(draft())
    client.sandbox.sign_as("ana@example.com")
    assert [file.kind for file in client.download(created)] == [FileKind.DOCUMENT]
    assert [file.kind for file in client.download(created, audit=True)] == [FileKind.DOCUMENT, FileKind.AUDIT_RECORD]


def test_note_on_deadline(client: Client) -> None:
    """A deadline that the vendor's days cannot keep exactly is noted, and never a problem."""
    wanted = draft(expires_at=client.sandbox.clock.now() + timedelta(days=9, hours=1))
    assert client.check(wanted) == ()
    assert [note.path for note in client.check(wanted, notes=True) if note.note] == ["expires_at"]


def test_unknown_process_is_not_found(client: Client) -> None:
    """The sandbox's sentence about an unknown id names the process."""
    with pytest.raises(NotFoundError) as caught:
        client.get("3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01")
    assert [problem.path for problem in caught.value.problems] == ["process_id"]
