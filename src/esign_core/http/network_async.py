"""Connect within a deadline, to judged addresses only, and notice bytes after an answer; async.

Plain sockets on the running loop, TLS in memory: a connection holds nothing of its loop between two calls, so it can be
dropped after the loop was closed or the process forked, without a warning and without touching the other process.
"""

# ruff: noqa: ASYNC109 - the timeouts are parameters of httpcore's interface

from __future__ import annotations

import asyncio
import contextlib
import functools
import select
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, TypeVar

import httpcore

from esign_core.engine.threads import in_daemon_thread
from esign_core.http.addresses import Resolve
from esign_core.http.exchange import AnswerEnd, bound
from esign_core.http.network import judged, literal, lookup_errors

T = TypeVar("T")
Late = type[httpcore.TimeoutException]
Broken = type[httpcore.NetworkError]

_READ = 64 * 1024


@contextlib.asynccontextmanager
async def _limited(timeout: float | None, late: Late, broken: Broken) -> AsyncIterator[None]:
    """Bound what is awaited inside, and raise the HTTP library's errors."""
    try:
        async with asyncio.timeout(bound(timeout, late)):
            yield
    except TimeoutError as error:
        raise late(str(error)) from error
    except OSError as error:
        raise broken(str(error)) from error


class AsyncGuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens connections for exchanges, and knows them all, to close them without their loop."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._sockets: set[socket.socket] = set()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,  # noqa: ARG002 - httpcore's interface
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """Resolve a host once, judge its addresses, and connect to one of them."""
        with lookup_errors():
            addresses = literal(host)
            if addresses is None:
                async with _limited(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
                    addresses = await in_daemon_thread(self._resolve, host, port)
        judged(host, addresses)
        error: Exception = httpcore.ConnectError("the name has no address")
        for index, address in enumerate(addresses):
            # An address that does not answer must leave time for those after it.
            share = None if timeout is None else timeout / (len(addresses) - index)
            try:
                return await self._connect(address, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as raised:
                error = raised
        raise error

    async def _connect(self, address: str, port: int, timeout: float | None) -> httpcore.AsyncNetworkStream:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.settimeout(0)
            async with _limited(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
                await asyncio.get_running_loop().sock_connect(sock, (address, port))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            sock.close()
            raise
        self._sockets = {sock, *(known for known in self._sockets if known.fileno() >= 0)}
        return AsyncGuardedStream(SocketStream(sock))

    def drop(self) -> None:
        """Close every connection without its loop, or where nothing is awaited on it."""
        for sock in self._sockets:
            sock.close()

    def interrupt(self) -> None:
        """End every connection from another thread: what is awaited on it in its own loop ends at once."""
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class SocketStream(httpcore.AsyncNetworkStream):
    """A socket on the running loop."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived."""
        async with _limited(timeout, httpcore.ReadTimeout, httpcore.ReadError):
            return await asyncio.get_running_loop().sock_recv(self._socket, max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        async with _limited(timeout, httpcore.WriteTimeout, httpcore.WriteError):
            await asyncio.get_running_loop().sock_sendall(self._socket, buffer)

    async def aclose(self) -> None:
        """Close the socket."""
        self._socket.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Secure the connection."""
        return await _secured(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known about the connection."""
        if info == "socket":
            return self._socket
        return _is_readable(self._socket) if info == "is_readable" else None


class TlsStream(httpcore.AsyncNetworkStream):
    """TLS over another stream."""

    def __init__(
        self, inner: httpcore.AsyncNetworkStream, context: ssl.SSLContext, server_hostname: str | None
    ) -> None:
        self._inner = inner
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=server_hostname)

    async def handshake(self) -> None:
        """Agree on keys, and verify the certificate."""
        await self._perform(self._tls.do_handshake)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived; where TLS ends without saying so, HTTP's framing tells whether the answer is whole."""
        async with _limited(timeout, httpcore.ReadTimeout, httpcore.ReadError):
            try:
                return await self._perform(lambda: self._tls.read(max_bytes))
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        async with _limited(timeout, httpcore.WriteTimeout, httpcore.WriteError):
            for start in range(0, len(buffer), _READ):
                await self._perform(functools.partial(self._tls.write, buffer[start : start + _READ]))

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Secure the connection once more, to the host behind a proxy."""
        return await _secured(self, ssl_context, server_hostname, timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return what is known about the connection; it is readable as soon as anything waits to be decrypted."""
        if info == "ssl_object":
            return self._tls
        if info == "is_readable" and (self._incoming.pending or self._tls.pending()):
            return True
        return self._inner.get_extra_info(info)

    async def _perform(self, operation: Callable[[], T]) -> T:
        while True:
            try:
                result = operation()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._inner.read(_READ)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
            else:
                await self._flush()
                return result

    async def _flush(self) -> None:
        if self._outgoing.pending:
            await self._inner.write(self._outgoing.read())


class AsyncGuardedStream(httpcore.AsyncNetworkStream):
    """A connection that notices bytes after the answer of the exchange it is used by."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._end = AnswerEnd()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has arrived."""
        data = await self._inner.read(max_bytes, timeout)
        self._end.feed(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        await self._inner.write(buffer, timeout)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Secure the connection."""
        return AsyncGuardedStream(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Return what is known about the connection; one with bytes left over counts as readable, so it is closed."""
        if info == "is_readable" and self._end.exceeded:
            return True
        return self._end.exceeded if info == "exceeded" else self._inner.get_extra_info(info)


async def _secured(
    stream: httpcore.AsyncNetworkStream, context: ssl.SSLContext, server_hostname: str | None, timeout: float | None
) -> TlsStream:
    secured = TlsStream(stream, context, server_hostname)
    try:
        async with _limited(timeout, httpcore.ConnectTimeout, httpcore.ConnectError):
            await secured.handshake()
    except BaseException:
        await stream.aclose()
        raise
    return secured


def _is_readable(sock: socket.socket) -> bool:
    """Tell whether something, or the other side's end, waits on an idle socket."""
    if sock.fileno() < 0:
        return True
    if not hasattr(select, "poll"):
        return bool(select.select([sock], [], [], 0)[0])
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
