"""Addresses that answers name: judged before and after the look-up, and connected to as resolved."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from tests.support.acme import KEY, AcmeSettings
from tests.support.vendor import Vendor, answer
from tests.unit.esign_core.http.test_addresses import HOSTILE

from esign_core.accounts.settings import Secret
from esign_core.engine.attempt import Outcome
from esign_core.http.downloads import MemoryTarget
from esign_core.http.network import look_up
from esign_core.http.transport import AsyncTransport, Transport
from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.flow import Call, Save

pytestmark = pytest.mark.loopback

PUBLIC = AcmeSettings(base_url="https://api.acme.example/v1", key=Secret(KEY))


@attrs.define
class Names:
    """Resolves names to what a test says, and notes what was asked."""

    addresses: list[str]
    asked: list[str] = attrs.field(factory=list)

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.addresses


@pytest.fixture
def send(mode: str) -> Callable[..., Outcome]:
    """Return what makes one call in the test's mode."""

    def send(settings: AcmeSettings, call: Call, names: Names) -> Outcome:
        if mode == "sync":
            transport = Transport(settings, resolve=names)
            try:
                return transport.send(call, MemoryTarget())
            finally:
                transport.close()

        async def story() -> Outcome:
            transport = AsyncTransport(settings, resolve=names)
            try:
                return await transport.send(call, MemoryTarget())
            finally:
                await transport.close()

        return asyncio.run(story())

    return send


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the addresses that sockets are asked to connect to; none of them is connected to."""
    found: list[Any] = []

    def refuse(_: socket.socket, address: Any) -> None:
        found.append(address)
        raise ConnectionRefusedError

    def numeric(host: str, port: int, *_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", numeric)
    return found


def file_at(host: str, scheme: str = "https") -> Call:
    written = f"[{host}]" if ":" in host and not host.startswith("[") else host
    return Call.get(f"{scheme}://{written}/file.pdf", save=Save("a.pdf"), anonymous=True)


def refused(outcome: Outcome) -> bool:
    """Tell whether a call was refused with nothing sent and nothing to be tried again."""
    failure = outcome.failure
    assert failure is not None
    return isinstance(failure.error, UnreadableReplyError) and not failure.sent and failure.final


@pytest.mark.parametrize("host", HOSTILE)
def test_hostile_address_is_not_connected_to(send: Callable[..., Outcome], connected: list[Any], host: str) -> None:
    """The address is refused in every spelling; its name is not even looked up."""
    names = Names(["127.0.0.1"])
    assert refused(send(PUBLIC, file_at(host), names))
    assert (connected, names.asked) == ([], [])


@pytest.mark.parametrize(
    "url",
    [
        "http://files.acme.example/a",
        "ftp://files.acme.example/a",
        "https://user@files.acme.example/a",
        "https://user:word@files.acme.example/a",
        "https://@files.acme.example/a",
        "https://files.acme.example\\@127.0.0.1/a",
        "https://127.0.0.1#@files.acme.example/a",
        "https://127.0.0.1?@files.acme.example/a",
        "https://files.acme.example:99999/a",
        "https://files.acme.example:x/a",
        "https:///a",
        "https:files.acme.example/a",
        "//files.acme.example/a",
        "https://[::1/a",
        "https://fi les.acme.example/a",
        "https://files.acme.example/a\n",
    ],
)
def test_odd_address_is_not_connected_to(send: Callable[..., Outcome], connected: list[Any], url: str) -> None:
    """Other schemes, credentials in an address, and what two readers read differently."""
    names = Names(["93.184.216.34"])
    assert refused(send(PUBLIC, Call.get(url, save=Save("a.pdf"), anonymous=True), names))
    assert connected == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.7"],
        ["169.254.169.254"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%1"],
        ["93.184.216.34", "192.168.0.1"],
        ["2606:4700::1", "::1"],
    ],
)
@pytest.mark.parametrize(
    "call", [file_at("files.acme.example"), Call.put("https://files.acme.example/up", anonymous=True)]
)
def test_name_of_a_private_address_is_not_connected_to(
    send: Callable[..., Outcome], connected: list[Any], addresses: list[str], call: Call
) -> None:
    """A public name may mean a private address: every address it has is judged, before a connection."""
    assert refused(send(PUBLIC, call, Names(addresses)))
    assert connected == []


def test_public_name_is_looked_up_once(send: Callable[..., Outcome], connected: list[Any]) -> None:
    """The connection goes to the address that was judged, and to the next one if that does not answer."""
    names = Names(["93.184.216.34", "2606:4700::1111"])
    failure = send(PUBLIC, file_at("files.acme.example"), names).failure
    assert failure is not None
    assert (failure.sent, failure.final) == (False, False)
    assert [address[0] for address in connected] == ["93.184.216.34", "2606:4700::1111"]
    assert names.asked == ["files.acme.example"]


def test_own_address_may_be_anywhere(send: Callable[..., Outcome], connected: list[Any]) -> None:
    """The caller chose it; so are the hosts that the account lists."""
    for call in (Call.get("/x"), file_at("api.acme.example"), file_at("files.internal"), file_at("10.1.1.1")):
        connected.clear()
        settings = attrs.evolve(PUBLIC, file_hosts=("files.internal", "10.1.1.1"))
        failure = send(settings, call, Names(["10.1.1.1"])).failure
        assert failure is not None
        assert failure.error is None
        assert [address[0] for address in connected] == ["10.1.1.1"]


def test_loopback_account_gets_loopback_files(send: Callable[..., Outcome], vendor: Vendor) -> None:
    """An account on this machine, as in tests, is given files of this machine."""
    settings = AcmeSettings(base_url=vendor.origin, key=Secret(KEY))
    vendor.say(answer(b"%PDF-1.7 %%EOF"))
    outcome = send(settings, Call.get(f"{vendor.origin}/f", save=Save("a.pdf"), anonymous=True), Names([]))
    assert outcome.reply is not None
    assert outcome.reply.file is not None
    assert refused(send(settings, file_at("10.0.0.1"), Names([])))
    assert refused(send(settings, file_at("169.254.169.254"), Names([])))


def test_sandbox_names_are_not_looked_up(send: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    """Hosts of that kind do not exist, so the client does not ask a name server."""
    asked: list[object] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **_: asked.append(given))
    settings = attrs.evolve(PUBLIC, base_url="https://sandbox.invalid")
    for call in (Call.get("/x"), file_at("files.invalid")):
        failure = send(settings, call, look_up).failure
        assert failure is not None
        assert not failure.sent
    assert asked == []


def test_system_addresses_are_used_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system may give an address several times, for several kinds of sockets."""
    rows = [(0, 0, 0, "", ("192.0.2.1", 1)), (0, 0, 0, "", ("192.0.2.2", 1)), (0, 0, 0, "", ("192.0.2.1", 1))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    assert look_up("api.acme.example", 1) == ["192.0.2.1", "192.0.2.2"]


@pytest.mark.parametrize("problem", [socket.gaierror(-2, "unknown"), UnicodeError("label too long"), OSError("down")])
def test_failed_lookup_is_a_failed_connection(send: Callable[..., Outcome], problem: Exception) -> None:
    """Nothing was sent, and another attempt may succeed."""

    def fail(host: str, port: int) -> list[str]:
        raise problem

    failure = send(PUBLIC, Call.post("/x", json={}), fail).failure
    assert failure is not None
    assert (failure.what, failure.sent, failure.final) == ("the connection could not be made", False, False)


def test_name_without_addresses_is_a_failed_connection(send: Callable[..., Outcome]) -> None:
    """A resolver may know a name and no address of it."""
    failure = send(PUBLIC, Call.post("/x", json={}), Names([])).failure
    assert failure is not None
    assert not failure.sent


def test_slow_lookup_ends_in_time(send: Callable[..., Outcome]) -> None:
    """It counts as connecting."""
    release = threading.Event()

    def slow(host: str, port: int) -> list[str]:
        release.wait(3)
        return []

    failure = send(attrs.evolve(PUBLIC, connect_timeout=0.05), Call.post("/x", json={}), slow).failure
    release.set()
    assert failure is not None
    assert (failure.what, failure.sent) == ("the connection could not be made in time", False)
