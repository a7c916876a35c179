"""The suite's own promise: no test reaches the network, and only marked ones reach this machine's own addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest
from tests.conftest import NetworkRefusedError

# An address kept for documentation: no host answers there, so that a broken guard shows as a failure, not as traffic.
NOWHERE = ("192.0.2.1", 443)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Yield a socket of this machine that listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_connections_are_refused() -> None:
    """An unmarked test cannot open a connection, even to this machine."""
    with socket.socket() as sock, pytest.raises(NetworkRefusedError, match=r"127\.0\.0\.1"):
        sock.connect(("127.0.0.1", 1))
    with socket.socket() as sock, pytest.raises(NetworkRefusedError):
        sock.connect_ex(NOWHERE)


def test_socket_files_are_refused() -> None:
    """A local daemon behind a socket file is a neighbour too."""
    with socket.socket(socket.AF_UNIX) as sock, pytest.raises(NetworkRefusedError, match="socket file"):
        sock.connect("/run/nobody.sock")


def test_names_are_not_looked_up() -> None:
    """An unmarked test cannot ask for an address."""
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo("api.example.com", 443)
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo(b"api.example.com", 443)


@pytest.mark.anyio
async def test_event_loops_are_refused_too() -> None:
    """An event loop's connections end at the same guard."""
    with pytest.raises(NetworkRefusedError):
        await asyncio.open_connection(*NOWHERE)


@pytest.mark.loopback
def test_marked_tests_reach_this_machine(listener: socket.socket) -> None:
    """The mark opens loopback addresses."""
    host, port = listener.getsockname()
    with socket.create_connection((host, port), timeout=5) as sock:
        assert sock.getpeername() == (host, port)


@pytest.mark.loopback
@pytest.mark.parametrize("host", ["192.0.2.1", "api.example.com", "127.0.0.1.example.com"])
def test_marked_tests_reach_nothing_else(host: str) -> None:
    """The mark opens nothing beyond this machine, for any form of address."""
    with pytest.raises(NetworkRefusedError):
        socket.create_connection((host, 443), timeout=5)
