"""Connect within a deadline, to judged addresses only, and notice bytes after an answer; sync."""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore

from esign_core.http.addresses import Resolve
from esign_core.http.exchange import AnswerEnd, bound, current
from esign_core.model.errors import UnreadableReplyError

# One piece of a body is written in steps of this size, so that the deadline is looked at between them.
_STEP = 16 * 1024


def look_up(host: str, port: int) -> list[str]:
    """Look up the addresses of a name, as the system orders them."""
    if host.lower().rstrip(".").endswith(".invalid"):
        # RFC 6761, 6.4: no such name exists; those of sandboxes and recordings are not asked for on any network.
        raise socket.gaierror(socket.EAI_NONAME, "no such host")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def judged(host: str, addresses: list[str]) -> list[str]:
    """Return the addresses of a host if the exchange may reach all of them.

    Raises:
        UnreadableReplyError: an answer named this host, and it is not on the internet.
    """
    exchange = current()
    rule = None if exchange is None else exchange.rule
    if rule is not None and not rule.allows_addresses(host, addresses):
        raise refused_address()
    return addresses


def refused_address() -> UnreadableReplyError:
    """Return the error for an address that an answer named and that must not be used."""
    return UnreadableReplyError(
        "the vendor's answer names an address that must not be used: it is not an https address on the internet",
        hint="Nothing was sent there. Ask the vendor what this address is; if it is yours, add its host to file_hosts.",
    )


def literal(host: str) -> list[str] | None:
    """Return a host that is an address already, which nothing has to be looked up for."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        return None


def within(seconds: float | None, host: str, port: int, resolve: Resolve) -> list[str]:
    """Look up a host in a thread of its own, for the system's look-up cannot be interrupted."""
    answer: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer.put(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits
            answer.put(error)

    threading.Thread(target=work, daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except queue.Empty:
        raise httpcore.ConnectTimeout("the look-up took too long") from None
    if isinstance(found, Exception):
        raise found
    return found


@contextlib.contextmanager
def lookup_errors() -> Iterator[None]:
    """Turn a failed look-up into a failed connection."""
    try:
        yield
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(type(error).__name__) from error


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for exchanges."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve a host once, judge its addresses, and connect to one of them."""
        with lookup_errors():
            addresses = literal(host) or within(bound(timeout, httpcore.ConnectTimeout), host, port, self._resolve)
        judged(host, addresses)
        error: Exception = httpcore.ConnectError("the name has no address")
        for index, address in enumerate(addresses):
            limit = bound(timeout, httpcore.ConnectTimeout)
            try:
                # An address that does not answer must leave time for those after it.
                share = None if limit is None else limit / (len(addresses) - index)
                return GuardedStream(self._backend.connect_tcp(address, port, share, local_address, socket_options))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as raised:
                error = raised
        raise error


class GuardedStream(httpcore.NetworkStream):
    """A connection that keeps the limits of the exchange it is used by."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner
        self._end = AnswerEnd()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived."""
        data = self._inner.read(max_bytes, bound(timeout, httpcore.ReadTimeout))
        self._end.feed(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        for start in range(0, len(buffer), _STEP):
            self._inner.write(buffer[start : start + _STEP], bound(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Secure the connection."""
        limit = bound(timeout, httpcore.ConnectTimeout)
        return GuardedStream(self._inner.start_tls(ssl_context, server_hostname, limit))

    def get_extra_info(self, info: str) -> Any:
        """Return what is known about the connection; one with bytes left over counts as readable, so it is closed."""
        if info == "is_readable" and self._end.exceeded:
            return True
        return self._end.exceeded if info == "exceeded" else self._inner.get_extra_info(info)
