"""One story for both modes, and what happens to one that waits for something else."""

from __future__ import annotations

import asyncio

import pytest

from esign_core import Delivery, Feature, NotFoundError
from esign_core.testing import EitherClient, Mode, perform, sample_draft

CONFIG = {"accounts": {"try": {"provider": "auco", "environment": "sandbox"}}}


@pytest.mark.parametrize("mode", Mode)
def test_every_method_is_awaited_alike(mode: Mode) -> None:
    """Methods that do I/O are awaited sync and async; the rest is plain in both."""

    async def story(client: EitherClient) -> str:
        created = await client.create(sample_draft())
        assert client.check(sample_draft()) == ()
        assert (client.provider, client.account) == ("auco", "try")
        assert client.sandbox.requests == 1
        assert "auco" in repr(client)
        assert client.receive(Delivery(headers={}, body=b"")).events == ()
        answer = await client.call("GET", "/document", query={"code": created.id})
        assert answer.json()["code"] == created.id
        read = await client.run(lambda provider, id_: provider._query(id_), created.id)
        assert read is not None
        return client.capabilities.problem(Feature.VIDEO, "here").path

    assert perform(story, mode, "try", config=CONFIG) == "here"


@pytest.mark.parametrize("mode", Mode)
def test_errors_come_through(mode: Mode) -> None:
    """An error in the story is the caller's, and the client is closed."""

    async def story(client: EitherClient) -> None:
        await client.get("nobody")

    with pytest.raises(NotFoundError):
        perform(story, mode, "try", config=CONFIG)


def test_stories_wait_for_their_client_alone() -> None:
    """The synchronous mode runs without an event loop that could wait for anything else."""

    async def story(client: EitherClient) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="may await only its client"):
        perform(story, Mode.SYNC, "try", config=CONFIG)
