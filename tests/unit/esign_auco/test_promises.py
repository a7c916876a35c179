"""Whole operations against the sandbox: what advice, events and statuses promise can be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import ANA, LUZ, OTHER_PDF, PDF, draft

from esign_auco import operations
from esign_core import connect
from esign_core.client import Client
from esign_core.model.documents import FileKind
from esign_core.model.errors import NotFoundError, OutcomeUnknownError
from esign_core.model.events import Event
from esign_core.model.process import Process
from esign_core.model.status import Basis, ProcessStatus

LOST = operations.SIGNATURES_WILL_BE_LOST


@pytest.fixture(params=["classic", "current"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Return a client of the sandbox in which every PDF is uploaded to an address of its own."""
    account = {"provider": "auco", "environment": "sandbox", "dialect": request.param, "inline_limit": 0}
    with connect("try", config={"accounts": {"try": account}}) as opened:
        yield opened


def received(client: Client) -> list[Event]:
    """Return the events of every webhook that the sandbox has sent."""
    return [event for delivery in client.sandbox.deliveries for event in client.receive(delivery).events]


@pytest.mark.parametrize("documents", [[PDF], [PDF, OTHER_PDF]])
def test_advice_after_failed_upload(client: Client, documents: list[Any]) -> None:
    """The process is put in edition and replaced, keeps its id, and can be signed by all."""
    given = draft(documents=documents, signers=[ANA, LUZ])
    client.sandbox.faults.add("status", path="uploads.auco-sandbox.invalid", status=503)
    with pytest.raises(OutcomeUnknownError) as caught:
        client.create(given)
    process_id = caught.value.process_id
    assert process_id is not None
    for way in (process_id, "operations.edit", "operations.overwrite"):
        assert way in caught.value.advice
    client.run(operations.edit, process_id, confirm=LOST)
    again = client.run(operations.overwrite, process_id, given, now=datetime.now(UTC), confirm=LOST)
    assert again.id == process_id
    for person in ("ana@example.com", "luz@example.com"):
        client.sandbox.sign_as(person)
    assert client.get(process_id).status is ProcessStatus.COMPLETED
    assert len(client.download(process_id)) == len(documents)


def test_own_cancel_names_no_signer(client: Client) -> None:
    """Its webhook looks like a rejection without a signer: no signer has declined, and the event is ambiguous."""
    process = client.create(draft(signers=[ANA]))
    client.cancel(process, reason="a mistake")
    event = received(client)[-1]
    assert (event.kind.value, event.signer, event.basis) == ("process.declined", None, Basis.AMBIGUOUS)


@pytest.mark.parametrize("documents", [[PDF], [PDF, OTHER_PDF]])
def test_reference_comes_back_in_every_event(client: Client, documents: list[Any]) -> None:
    """Whoever receives an event knows the process by the caller's own key, even where it names no process."""
    process = client.create(draft(documents=documents, reference="O'Neil 12", tags=["t1"]))
    client.sandbox.decline_as("ana@example.com", "no")
    assert {event.reference for event in received(client)} == {"O'Neil 12"}
    assert {event.name for event in received(client)} == {"Lease"}
    assert client.get(process).reference == "O'Neil 12"


def test_audit_record_is_roadmap(client: Client) -> None:
    """Each document of a package comes with its history, as the JSON that Auco answers."""
    process = client.create(draft(documents=[PDF, OTHER_PDF]))
    client.sandbox.sign_as("ana@example.com")
    files = client.download(process, audit=True)
    assert [file.kind for file in files] == [FileKind.DOCUMENT, FileKind.AUDIT_RECORD] * 2
    assert all(b"PARTICIPANT_SIGN" in (file.content or b"") for file in files[1::2])
    assert [file.kind for file in client.download(process)] == [FileKind.DOCUMENT] * 2


def test_process_handed_over_is_trusted(client: Client) -> None:
    """The published answer's id has another form; a process that was returned is asked for, a bare text is not."""
    stranger = Process(id="DOCUMENTCODE", provider="auco", account="try")
    with pytest.raises(NotFoundError) as asked:
        client.run(operations.edit, stranger, confirm=LOST)
    with pytest.raises(NotFoundError) as judged:
        client.run(operations.edit, "DOCUMENTCODE", confirm=LOST)
    assert asked.value.status is not None
    assert judged.value.status is None


def test_expiry_needs_more_than_three_days(client: Client) -> None:
    """The moment just after three days is sent; three days themselves are a problem."""
    soon = datetime.now(UTC) + timedelta(days=3)
    assert [problem.path for problem in client.check(draft(expires_at=soon - timedelta(minutes=1)))] == ["expires_at"]
    assert client.check(draft(expires_at=soon + timedelta(hours=1))) == ()
