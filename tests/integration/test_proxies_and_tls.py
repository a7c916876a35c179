"""Proxies and certificates: from the settings alone, sync and async."""

from __future__ import annotations

import base64
import contextlib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.support.acme import DRAFT, KEY, AcmeSettings, Bench
from tests.support.proxy import Proxy
from tests.support.tls import certificate_file, server_context
from tests.support.vendor import KEPT, Vendor, answer
from tests.unit.esign_core.conftest import OpenBench

from esign_core.accounts.settings import Secret
from esign_core.http.pools import Network
from esign_core.model.errors import ConfigError, UnavailableError, UnreadableReplyError
from esign_core.providers.flow import Call

pytestmark = pytest.mark.loopback


class SecureVendor(Vendor):
    """A vendor that speaks TLS."""

    def __init__(self, folder: Path) -> None:
        self._context = server_context(folder)
        super().__init__()
        self.origin = self.origin.replace("http:", "https:")

    def _serve(self, connection: socket.socket, number: int) -> None:
        with (
            connection,
            contextlib.suppress(OSError),
            self._context.wrap_socket(connection, server_side=True) as secure,
        ):
            super()._serve(secure, number)


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[SecureVendor]:
    """Yield a vendor that speaks TLS."""
    vendor = SecureVendor(tmp_path)
    yield vendor
    vendor.close()


@pytest.fixture
def open_proxy() -> Iterator[Callable[..., Proxy]]:
    """Yield what opens proxies that end with the test."""
    opened: list[Proxy] = []

    def open_(*args: Any, **kwargs: Any) -> Proxy:
        opened.append(Proxy(*args, **kwargs))
        return opened[-1]

    yield open_
    for proxy in opened:
        proxy.close()


def test_certificate_of_ca_file_is_trusted(secure: SecureVendor, open_bench: OpenBench, tmp_path: Path) -> None:
    """And a connection with TLS is kept, unless something is left on it."""
    secure.keeping = True
    bench = open_bench(secure.origin, ca_file=certificate_file(tmp_path))
    secure.say(KEPT, KEPT, KEPT + KEPT.replace(b"P1", b"P9"), KEPT, KEPT)
    assert [bench.get("P1").id for _ in range(4)] == ["P1"] * 4
    assert bench.create(DRAFT).id == "P1"
    assert [heard.connection for heard in secure.heard] == [1, 1, 1, 2, 3]


def test_unknown_certificate_is_refused(secure: SecureVendor, open_bench: OpenBench) -> None:
    """Without its file, nothing is sent, and nothing is tried again."""
    bench = open_bench(secure.origin)
    with pytest.raises(UnavailableError, match="certificate is not valid"):
        bench.create(DRAFT)
    assert (secure.heard, bench.waits) == ([], [])


def test_certificate_of_another_host_is_refused(
    secure: SecureVendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy], tmp_path: Path
) -> None:
    """The name in the address is what is verified, behind a proxy too."""
    proxy = Secret(f"http://{open_proxy(secure.origin).address}")
    bench = open_bench("https://other.acme.example", ca_file=certificate_file(tmp_path), proxy=proxy)
    with pytest.raises(UnavailableError, match="certificate is not valid"):
        bench.create(DRAFT)
    assert secure.heard == []


def test_unreadable_ca_file_is_a_config_error(tmp_path: Path) -> None:
    """Also one that disappeared after the settings were read."""
    (tmp_path / "empty.pem").write_bytes(b"")
    for name in ("empty.pem", "missing.pem"):
        settings = AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY), ca_file=tmp_path / name)
        with pytest.raises(ConfigError, match="ca_file"):
            Network.of(settings, lambda host, port: [])


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_tunnels_to_the_vendor(
    secure: SecureVendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy], tmp_path: Path, scheme: str
) -> None:
    """CONNECT with the credentials, decoded; neither they nor the key are shown to the other side."""
    context = server_context(tmp_path) if scheme == "https" else None
    proxy = open_proxy(secure.origin, context=context)
    bench = open_bench(
        "https://api.acme.example/v1",
        ca_file=certificate_file(tmp_path),
        proxy=Secret(f"{scheme}://ana:p%40ss@{proxy.address}"),
    )
    assert bench.create(DRAFT).id == "P1"
    (asked,) = proxy.asked
    assert asked.startswith("CONNECT api.acme.example:443 HTTP/1.1\r\n")
    assert base64.b64encode(b"ana:p@ss").decode() in asked
    assert KEY not in asked
    assert "proxy-authorization" not in secure.heard[0].headers
    assert secure.heard[0].headers["host"] == "api.acme.example"


def test_proxy_forwards_plain_requests(vendor: Vendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy]) -> None:
    """An address of this machine without TLS is asked for as a whole."""
    proxy = open_proxy(vendor.origin)
    bench = open_bench(f"{vendor.origin}/v1", proxy=Secret(f"http://{proxy.address}"))
    assert bench.get("P1").id == "P1"
    assert proxy.asked[0].startswith(f"GET {vendor.origin}/v1/processes/P1 HTTP/1.1\r\n")
    assert "authorization" not in proxy.asked[0].lower()


@pytest.mark.parametrize("refusal", [answer(b"", 407), answer(b"", 502), b"", b"HTTP/1.1 2"])
def test_proxy_that_refuses_sends_nothing(
    secure: SecureVendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy], refusal: bytes
) -> None:
    """Asking a proxy for a tunnel is not sending: an effect may be tried again, and nothing is unknown."""
    proxy = open_proxy(secure.origin, refusal=refusal or b"HTTP")
    bench = open_bench("https://api.acme.example/v1", proxy=Secret(f"http://ana:secret@{proxy.address}"))
    with pytest.raises(UnavailableError) as caught:
        bench.create(DRAFT)
    assert secure.heard == []
    assert "secret" not in str(caught.value)


def test_environment_names_no_proxy(
    vendor: Vendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor certificates: documents and keys go where the settings say."""
    proxy = open_proxy(vendor.origin)
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://{proxy.address}")
    monkeypatch.setenv("NO_PROXY", "")
    assert open_bench(f"{vendor.origin}/v1").get("P1").id == "P1"
    assert proxy.asked == []


def named(bench: Bench, url: str) -> Any:
    """Fetch something from an address as if an answer had named it."""

    def ask(provider: Any) -> Any:
        reply = yield Call.get(url, anonymous=True)
        return reply.json()["id"]

    return bench.run(ask)


def test_named_address_behind_a_proxy_is_judged_by_name(
    secure: SecureVendor, open_bench: OpenBench, open_proxy: Callable[..., Proxy], tmp_path: Path
) -> None:
    """The proxy looks names up; literal addresses and local names are refused before it is asked."""
    proxy = open_proxy(secure.origin)
    bench = open_bench(
        "https://api.acme.example/v1",
        ca_file=certificate_file(tmp_path),
        proxy=Secret(f"http://{proxy.address}"),
    )
    for host in ("127.0.0.1", "10.0.0.1", "[::1]", "metadata.google.internal", "localhost", "0x7f.1"):
        with pytest.raises(UnreadableReplyError):
            named(bench, f"https://{host}/file")
    assert proxy.asked == []
    assert named(bench, "https://files.acme.example/file") == "P1"
    assert proxy.asked[0].startswith("CONNECT files.acme.example:443")


def test_proxy_address_may_be_ipv6() -> None:
    """Its brackets are kept."""
    settings = AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY))
    network = Network.of(attrs.evolve(settings, proxy=Secret("http://[::1]:3128")), lambda host, port: [])
    assert network.proxy is not None
    assert network.proxy.url.host == b"::1"
    assert network.proxy.auth is None
