"""Streams of the async network: their end, and what they say about themselves."""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from typing import Any

import httpcore
import pytest

from esign_core.http import network_async, pools
from esign_core.http.network_async import SocketStream, TlsStream


class Ended(httpcore.AsyncNetworkStream):
    """A connection whose other side has ended it."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - the interface of httpcore
        return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the interface of httpcore
        return None

    async def aclose(self) -> None:
        return None

    def get_extra_info(self, info: str) -> Any:
        return info


def test_tls_ended_without_notice_reads_nothing() -> None:
    """HTTP's framing then tells whether the answer is whole."""

    async def read() -> bytes:
        return await TlsStream(Ended(), ssl.create_default_context(), "api.example.com").read(100)

    assert asyncio.run(read()) == b""


def test_tls_stream_is_readable_while_bytes_wait() -> None:
    """Anything that waits to be decrypted counts."""
    stream = TlsStream(Ended(), ssl.create_default_context(), "api.example.com")
    assert stream.get_extra_info("is_readable") == "is_readable"
    stream._incoming.write(b"waiting")
    assert stream.get_extra_info("is_readable") is True


@pytest.mark.parametrize("polls", [True, False])
def test_socket_stream_tells_whether_bytes_wait(polls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """With poll and, where a system lacks it, with select."""
    if not polls:
        monkeypatch.delattr(select, "poll", raising=False)
    ours, theirs = socket.socketpair()
    stream = SocketStream(ours)
    assert stream.get_extra_info("is_readable") is False
    theirs.send(b"x")
    assert stream.get_extra_info("is_readable") is True
    assert stream.get_extra_info("anything else") is None
    assert stream.get_extra_info("socket") is ours
    ours.close()
    theirs.close()
    assert network_async._is_readable(ours)


def test_after_fork_reaches_every_user() -> None:
    """What a child does first: every client forgets its parent's connections."""
    before = list(pools._users)
    pools._after_fork()
    assert list(pools._users) == before
