"""What type checkers make of the public names: `mypy --strict` reads this file, and pytest runs what can be run.

A line marked `type: ignore` must be an error: with `warn_unused_ignores`, which strict turns on, one that mypy would
let pass fails the check.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, assert_type

import attrs
import pytest

import esign_core
from esign_core import (
    Call,
    Document,
    Flow,
    Process,
    ProcessDraft,
    ProcessStatus,
    Provider,
    Reply,
    SignerDraft,
    UnsupportedError,
)
from esign_core.testing import play


class Tiny(Provider):
    """The least that a provider has: two flows, its credentials and the form of its ids."""

    name = "tiny"

    def authorize(self, call: Call) -> Call:
        """Send nothing secret."""
        return call

    def owns(self, process_id: str) -> bool:
        """Take any id."""
        return bool(process_id)

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Send the name, and read back what the vendor made of it."""
        reply = yield Call.post("/processes", json={"name": draft.name})
        return (yield from self.get(reply.json()["id"], now))

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read a process."""
        reply = yield Call.get(f"/processes/{process_id}", process_id=process_id)
        return Process(id=process_id, provider=self.name, name=reply.json()["name"], read_at=now)


def draft() -> ProcessDraft:
    """Return a draft made of lists, as callers write them."""
    return ProcessDraft(
        name="Services agreement",
        documents=[Document.from_bytes(b"%PDF-1.7", name="agreement.pdf")],
        signers=[SignerDraft(name="Ana Example", email="ana@example.com")],
        remind_every=timedelta(hours=3),
    )


def count(provider: Provider, name: str) -> Flow[int]:
    """Be a small flow: one call, and a number made from its reply."""
    reply = yield Call.get(f"/things/{name}")
    return assert_type(reply, Reply).status


def outer(provider: Provider) -> Flow[str]:
    """Be a flow made of another one."""
    number = yield from count(provider, "one")
    return str(assert_type(number, int))


def test_tuple_fields_take_any_iterable() -> None:
    """A list is accepted where a tuple is kept, by the type checker and by the class."""
    assert assert_type(draft().signers, tuple[SignerDraft, ...])[0].name == "Ana Example"


def test_values_are_frozen() -> None:
    """Assigning to a field is an error for the type checker and while the program runs."""
    value = draft()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        value.name = "Another"  # type: ignore[misc]  # frozen is the point


def test_values_are_made_by_keyword() -> None:
    """A positional argument is an error for the type checker and while the program runs."""
    with pytest.raises(TypeError):
        SignerDraft("Ana Example")  # type: ignore[call-arg]  # keyword-only is the point


def test_missing_names_are_seen() -> None:
    """The lazy table hides no misspelt name from the type checker."""
    with pytest.raises(AttributeError):
        _ = esign_core.Conect  # type: ignore[attr-defined]  # a misspelt name is the point


def test_a_whole_provider_fits_on_a_screen() -> None:
    """Two flows, `authorize` and `owns` are all that the type checker and the class itself ask for."""
    replies = (Reply(body=b'{"id": "7"}'), Reply(body=b'{"name": "Services agreement"}'))
    played = play(Tiny(settings=None).create(draft(), datetime(2026, 1, 1, tzinfo=UTC)), *replies)
    assert [call.path for call in played.calls] == ["/processes", "/processes/7"]
    assert (played.result.id, played.result.name) == ("7", "Services agreement")


def test_errors_keep_their_kind() -> None:
    """What is caught as the wider kind may be the narrower one."""
    error = UnsupportedError("no such feature")
    assert isinstance(error, esign_core.InvalidRequestError)


def of_a_flow(provider: Provider, value: ProcessDraft, now: datetime) -> None:
    """Check what a provider's flows return; only type checkers read this."""
    assert_type(provider.create(value, now), Flow[Process])
    assert_type(provider.get("id", now), Flow[Process])
    assert_type(provider.owns("id"), bool)
    assert_type(outer(provider), Flow[str])


def of_a_process(process: Process) -> None:
    """Check what a reader of a process sees; only type checkers read this."""
    assert_type(process.status, ProcessStatus)
    assert_type(process.expires_at, datetime | None)
    assert_type(process.raw, Mapping[str, Any])


def test_flows_compose() -> None:
    """A flow inside a flow hands its result on."""
    played = play(outer(Tiny(settings=None)), Reply(status=204))
    assert played.result == "204"
