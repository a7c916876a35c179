"""What type checkers make of the two clients: equal methods, and operations typed through to their results.

A line marked `type: ignore` must be an error: with `warn_unused_ignores`, which strict turns on, one that mypy would
let pass fails the check.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, assert_type

import esign_core
from esign_core import (
    AsyncClient,
    Call,
    Capabilities,
    Client,
    Delivery,
    Feature,
    Flow,
    Problem,
    Process,
    ProcessDraft,
    Provider,
    Receipt,
    Reply,
    Resend,
    ResendReport,
    SignedFile,
    TimelineEntry,
    connect,
    connect_async,
)


def unlock(provider: Provider, code: str, *, action: str) -> Flow[bool]:
    """Be an operation that only one vendor has."""
    reply = yield Call.post(f"/things/{code}", json={"action": action})
    return reply.status == 200


def plain(draft: ProcessDraft, delivery: Delivery, directory: Path) -> None:
    """Check what the synchronous client returns; only type checkers read this."""
    with connect("legal-co", config="esign.toml") as client:
        assert_type(client, Client)
        assert_type(client.provider, str)
        assert_type(client.account, str)
        assert_type(client.capabilities, Capabilities)
        assert_type(client.capabilities.supports(Feature.OTP), bool)
        assert_type(client.sandbox, Any)
        assert_type(client.check(draft), tuple[Problem, ...])
        process = assert_type(client.create(draft), Process)
        assert_type(client.get(process), Process)
        assert_type(client.get(process.id), Process)
        assert_type(client.resend(process), ResendReport)
        assert_type(client.resend(process, Resend(reopen=True)), ResendReport)
        assert_type(client.cancel(process, reason="mistake", requested_by="legal@example.com"), Process)
        assert_type(client.download(process, to=directory), tuple[SignedFile, ...])
        assert_type(client.timeline(process), tuple[TimelineEntry, ...])
        assert_type(client.receive(delivery), Receipt)
        assert_type(client.call("GET", "/things", query={"page": "1"}), Reply)
        assert_type(client.run(unlock, "K1", action="approve"), bool)
        client.run(unlock, 1, action="approve")  # type: ignore[arg-type]  # a wrong argument is the point
        client.run(unlock, "K1")  # type: ignore[call-arg]  # a missing argument is the point


async def awaited(draft: ProcessDraft, delivery: Delivery, directory: Path) -> None:
    """Check what the asynchronous client returns; only type checkers read this."""
    async with connect_async("legal-co", config={"accounts": {}}) as client:
        assert_type(client, AsyncClient)
        assert_type(client.provider, str)
        assert_type(client.account, str)
        assert_type(client.capabilities, Capabilities)
        assert_type(client.sandbox, Any)
        assert_type(client.check(draft), tuple[Problem, ...])
        process = assert_type(await client.create(draft), Process)
        assert_type(await client.get(process), Process)
        assert_type(await client.resend(process), ResendReport)
        assert_type(await client.resend(process.id, Resend(reopen=True)), ResendReport)
        assert_type(await client.cancel(process, reason="mistake"), Process)
        assert_type(await client.download(process, to=directory), tuple[SignedFile, ...])
        assert_type(await client.timeline(process), tuple[TimelineEntry, ...])
        assert_type(client.receive(delivery), Receipt)
        assert_type(await client.call("GET", "/things"), Reply)
        assert_type(await client.run(unlock, "K1", action="approve"), bool)
        await client.run(unlock, "K1", action=1)  # type: ignore[arg-type]  # a wrong argument is the point


def test_the_clients_names_are_there() -> None:
    """What the checks above import can be imported while the program runs."""
    assert {"AsyncClient", "Client", "connect", "connect_async"} <= set(esign_core.__all__)
