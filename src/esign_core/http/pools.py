"""Keep connections: one pool for each process, and for each event loop where calls are awaited."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import http.cookiejar
import os
import ssl
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import attrs
import httpcore
import httpx

from esign_core.accounts.settings import Settings
from esign_core.http.addresses import Resolve
from esign_core.http.network import GuardedBackend
from esign_core.http.network_async import AsyncGuardedBackend
from esign_core.model.errors import ConfigError, EsignError

C = TypeVar("C", httpx.Client, httpx.AsyncClient)

# A connection that the vendor closes in the moment it is used again leaves an outcome unknown for nothing: those of
# reads are given up long before a server's usual five seconds, and effects do not use one that was used before.
_MOST_CONNECTIONS, _MOST_KEPT, _KEPT_SECONDS = 100, 20, 2.0


@attrs.frozen
class Pair(Generic[C]):
    """The connections of one process or loop."""

    kept: C
    """For calls that may be repeated: its connections are used again."""
    fresh: C
    """For calls with an effect: each opens a connection, so that nothing left over on one can pass for its answer."""
    drop: Callable[[], None] = lambda: None
    """Closes every connection of a loop that was closed."""
    interrupt: Callable[[], None] = lambda: None
    """Ends every connection of a loop that runs in another thread."""


class _Guarded(httpx.HTTPTransport):
    # httpx offers no way to give its transport a network backend. vcrpy records this class and nothing that overrides
    # its methods, so the pool is put in place and the rest is left alone.
    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool


class _AsyncGuarded(httpx.AsyncHTTPTransport):
    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool


@attrs.frozen
class Network:
    """How an account's connections are made."""

    context: ssl.SSLContext
    resolve: Resolve
    proxy: httpcore.Proxy | None = None

    @classmethod
    def of(cls, settings: Settings, resolve: Resolve) -> Network:
        """Return what the settings say; the environment says nothing.

        Raises:
            ConfigError: the file of certificates cannot be read.
        """
        context = _context(settings.ca_file)
        return cls(context, resolve, _proxy(settings, context))

    def open(self) -> Pair[httpx.Client]:
        """Return new pools for this process."""
        backend = GuardedBackend(self.resolve)

        def client(kept: int) -> httpx.Client:
            pool = httpcore.ConnectionPool(network_backend=backend, **self._limits(kept))
            return httpx.Client(transport=_Guarded(pool), **client_options())

        return Pair(client(_MOST_KEPT), client(0))

    def open_async(self) -> Pair[httpx.AsyncClient]:
        """Return new pools for the running loop."""
        backend = AsyncGuardedBackend(self.resolve)

        def client(kept: int) -> httpx.AsyncClient:
            pool = httpcore.AsyncConnectionPool(network_backend=backend, **self._limits(kept))
            return httpx.AsyncClient(transport=_AsyncGuarded(pool), **client_options())

        return Pair(client(_MOST_KEPT), client(0), backend.drop, backend.interrupt)

    def _limits(self, kept: int) -> dict[str, Any]:
        return {
            "ssl_context": self.context,
            "proxy": self.proxy,
            "max_connections": _MOST_CONNECTIONS,
            "max_keepalive_connections": kept,
            "keepalive_expiry": _KEPT_SECONDS,
        }


def client_options() -> dict[str, Any]:
    """Return how every HTTP client of ours is set up: no redirects, no cookies, nothing from the environment."""
    nothing = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
    return {
        "follow_redirects": False,
        # A proxy or a netrc file of the environment must not see documents and keys.
        "trust_env": False,
        "cookies": http.cookiejar.CookieJar(policy=nothing),
    }


@functools.cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes longer than most calls, and they are the same for every account without a file of its own.
    return httpx.create_ssl_context(trust_env=False)


def _context(ca_file: Path | None) -> ssl.SSLContext:
    if ca_file is None:
        return _certificates()
    # In place of the public ones: a company that has a file of its own decides whom its programs trust.
    with contextlib.suppress(OSError, ValueError):
        return ssl.create_default_context(cafile=os.fspath(ca_file))
    raise ConfigError("ca_file must be a readable file that holds certificates in PEM form.")


def _proxy(settings: Settings, context: ssl.SSLContext) -> httpcore.Proxy | None:
    if settings.proxy is None:
        return None
    parts = urlsplit(settings.proxy.get_secret_value())
    credentials = None
    if parts.username is not None:
        credentials = (unquote(parts.username), unquote(parts.password or ""))
    port = f":{parts.port}" if parts.port is not None else ""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    # Over http:// the name and password are readable on the way to the proxy; that is the caller's choice.
    return httpcore.Proxy(
        f"{parts.scheme}://{host}{port}",
        auth=credentials,
        ssl_context=context if parts.scheme == "https" else None,
    )


# --- one pool for each process and loop ------------------------------------------------------------------------------

_inherited: list[object] = []
"""What a child process got from its parent. It is never used and never released: a close could reach the parent's."""

_users: weakref.WeakSet[_PerProcess] = weakref.WeakSet()


class _PerProcess:
    """Holds what belongs to this process, and starts empty in a child process."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._start()
        _users.add(self)

    def _start(self) -> None:
        self._lock = threading.Lock()
        self._closed = False

    def after_fork(self) -> None:
        """Forget the parent's connections, and its lock, which another thread may have held."""
        if self._process != os.getpid():
            self._process = os.getpid()
            closed = self._closed
            _inherited.append(dict(vars(self)))
            self._start()
            self._closed = closed

    def check(self) -> None:
        """Raise where the client was closed.

        Raises:
            EsignError: it was.
        """
        if self._closed:
            raise EsignError("the client is closed", hint="Nothing was sent. Open another one with connect().")


def _after_fork() -> None:
    for user in list(_users):
        user.after_fork()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows has neither
    os.register_at_fork(after_in_child=_after_fork)


class Pools(_PerProcess):
    """The connections of a sync client."""

    def __init__(self, open_: Callable[[], Pair[httpx.Client]]) -> None:
        self._open = open_
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self._pair: Pair[httpx.Client] | None = None

    def get(self) -> Pair[httpx.Client]:
        """Return this process's connections."""
        self.after_fork()
        with self._lock:
            self.check()
            if self._pair is None:
                self._pair = self._open()
            return self._pair

    def close(self) -> None:
        """Close every connection of this process."""
        self.after_fork()
        with self._lock:
            pair, self._pair, self._closed = self._pair, None, True
        if pair is not None:
            pair.kept.close()
            pair.fresh.close()


@attrs.frozen
class _OfLoop:
    loop: weakref.ref[asyncio.AbstractEventLoop]
    pair: Pair[httpx.AsyncClient]

    def ended(self) -> bool:
        loop = self.loop()
        return loop is None or loop.is_closed()


class AsyncPools(_PerProcess):
    """The connections of an async client, for each event loop its own."""

    def __init__(self, open_: Callable[[], Pair[httpx.AsyncClient]]) -> None:
        self._open = open_
        super().__init__()

    def _start(self) -> None:
        super()._start()
        self._loops: list[_OfLoop] = []

    def get(self) -> Pair[httpx.AsyncClient]:
        """Return the running loop's connections; those of loops that were closed are closed too."""
        self.after_fork()
        loop = asyncio.get_running_loop()
        with self._lock:
            self.check()
            for ended in [entry for entry in self._loops if entry.ended()]:
                ended.pair.drop()
                self._loops.remove(ended)
            for entry in self._loops:
                if entry.loop() is loop:
                    return entry.pair
            pair = self._open()
            # A loop or a client that goes away without an end closes its sockets, instead of a warning that it did not.
            for owner in (loop, self):
                weakref.finalize(owner, pair.drop).atexit = False
            self._loops.append(_OfLoop(weakref.ref(loop), pair))
            return pair

    async def close(self) -> None:
        """Close every connection of this process, whichever loop it belongs to."""
        self.after_fork()
        running = asyncio.get_running_loop()
        with self._lock:
            entries, self._loops, self._closed = self._loops, [], True
        for entry in entries:
            if entry.loop() is running:
                await entry.pair.kept.aclose()
                await entry.pair.fresh.aclose()
            elif entry.ended():
                entry.pair.drop()
            else:
                entry.pair.interrupt()
