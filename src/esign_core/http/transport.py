"""Make one attempt at a call, sync or async: send it, read its answer, and say what is proven about it."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from esign_core.accounts.settings import Settings
from esign_core.engine.attempt import AttemptTrace, DownloadTarget, Failure, Outcome
from esign_core.engine.threads import in_thread
from esign_core.http.addresses import NamedHostRule, Resolve
from esign_core.http.body import LocalFileError, MemoryBody, ReplyTooLongError, body_of, local_files
from esign_core.http.decoding import DecodingError
from esign_core.http.downloads import IncompleteFileError, UnexpectedFileError
from esign_core.http.encoding import PreparedRequest, host_of, prepare
from esign_core.http.exchange import Clock, Exchange, running
from esign_core.http.mount import AsyncSandboxTransport, SandboxTransport
from esign_core.http.network import look_up
from esign_core.http.pools import AsyncPools, Network, Pair, Pools, client_options
from esign_core.model.errors import EsignError, InvalidRequestError, Problem
from esign_core.providers.flow import Call, Reply, is_absolute

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

_quiet = contextvars.ContextVar("esign_quiet", default=False)


class _NoLogs(logging.Filter):
    """Keeps the HTTP library from logging our addresses and headers; other programs' records pass."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - the base class's signature
        return not _quiet.get()


def _silence() -> None:
    names = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "http2", "proxy", "socks")))
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(known, _NoLogs) for known in logger.filters):
            logger.addFilter(_NoLogs())


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


class _Attempt:
    """One attempt: everything but the waiting, for sync and async."""

    def __init__(
        self, settings: Settings, call: Call, target: DownloadTarget, trace: AttemptTrace | None, clock: Clock
    ) -> None:
        self.settings = settings
        self.call = call
        self.target = target
        self.trace = AttemptTrace() if trace is None else trace
        self.body: MemoryBody | None = None
        self._began = time.perf_counter()
        self._clock = clock
        self._exchange: Exchange | None = None

    def observe(self, event: str, info: Any = None) -> None:
        """Take an event of the HTTP library's trace: the proof of what was sent and what was not."""
        self.trace.traced = True
        if event.endswith("send_request_headers.started"):
            request = (info or {}).get("request")
            # What asks a proxy for a way to the vendor is not part of the call.
            self.trace.headers_sent |= request is None or request.method != b"CONNECT"

    async def observe_async(self, event: str, info: Any = None) -> None:
        """Take an event of the trace, in an async client."""
        self.observe(event, info)

    def prepare(self) -> PreparedRequest | Outcome:
        """Return the call ready to be sent, or the outcome of one that cannot be."""
        try:
            prepared = prepare(self.call, self.settings.address, self.settings.file_hosts)
            httpx.Request(prepared.method, prepared.url, headers=prepared.headers)
        except EsignError as error:
            problem = error
        except (ValueError, TypeError, AttributeError, RecursionError, httpx.InvalidURL):
            hint = "look at base_url, at the keys, and at what is put into the call's path and headers"
            found = Problem(path="call", message="holds something that no HTTP request can carry", hint=hint)
            problem = InvalidRequestError(problems=[found])
        else:
            return prepared
        return self.refused(problem)

    def refused(self, error: EsignError) -> Outcome:
        """Return the outcome of a call that was not begun."""
        what = "the request could not be made"
        failure = Failure(what=what, sent=False, final=True, error=error.with_traceback(None))
        return Outcome(failure=failure, **self._counts())

    def start(self, prepared: PreparedRequest) -> Exchange:
        """Return the limits of the exchange that begins now."""
        rule = None
        if is_absolute(self.call) and self.settings.proxy is None:
            # Behind a proxy, the proxy resolves: then the name alone is judged, when the request is prepared.
            rule = NamedHostRule(host_of(self.settings.address), self.settings.file_hosts)
        self._exchange = Exchange(
            method=prepared.method,
            size=prepared.length,
            deadline=self.settings.deadline,
            rule=rule,
            clock=self._clock,
        )
        return self._exchange

    def client(self, pair: Pair[Any]) -> Any:
        """Return the connections that this call may use."""
        return pair.kept if self.call.repeatable else pair.fresh

    def request(self, prepared: PreparedRequest, content: Any, trace: Any) -> httpx.Request:
        """Return the request as the HTTP library takes it."""
        settings = self.settings
        timeout = httpx.Timeout(settings.timeout, connect=settings.connect_timeout)
        extensions = {"trace": trace, "timeout": timeout.as_dict()}
        return httpx.Request(
            prepared.method, prepared.url, headers=prepared.headers, content=content, extensions=extensions
        )

    def content(self, prepared: PreparedRequest) -> bytes | Iterator[bytes] | None:
        """Return the body: whole where it is small, in steps where documents are part of it."""
        if not prepared.parts:
            return None
        if all(isinstance(part, bytes) for part in prepared.parts):
            return b"".join(self._counted(prepared))
        return self._counted(prepared)

    def _counted(self, prepared: PreparedRequest) -> Iterator[bytes]:
        with local_files():
            for step in prepared.steps():
                self.trace.bytes_sent += len(step)
                yield step

    def open_body(self, response: httpx.Response) -> MemoryBody:
        """Return what reads the answer's body."""
        self.body = body_of(self.call, response, self.trace, self.settings.max_reply, self.target)
        return self.body

    @property
    def blocks(self) -> bool:
        """Tell whether reading the body writes files."""
        return self.call.save is not None

    def done(self, reply: Reply) -> Outcome:
        """Return the outcome of an attempt that was answered."""
        return Outcome(reply=reply, **self._counts())

    def is_foreign(self, error: Exception) -> bool:
        """Tell whether an error comes from a tool in the HTTP library's place, such as a replayed recording."""
        return not self.trace.traced and not isinstance(error, _OURS)

    def failed(self, raised: Exception) -> Outcome:
        """Return the outcome of an attempt that was not answered, or not in a way that can be used."""
        partly = None if self.body is None else self.body.broken()
        if partly is not None:
            return self.done(partly)
        error = raised.error if isinstance(raised, LocalFileError) else raised
        local = isinstance(raised, LocalFileError | EsignError)
        certificate = isinstance(_root(raised), ssl.SSLCertVerificationError)
        late = isinstance(raised, httpx.TimeoutException) and self._exchange is not None and self._exchange.limited
        failure = Failure(
            what="the deadline passed" if late else _what(raised, self.trace.status),
            sent=not isinstance(raised, httpx.PoolTimeout) and self.trace.may_have_been_sent and not _is_unsent(raised),
            final=certificate or local or isinstance(raised, UnexpectedFileError | ReplyTooLongError),
            unreadable=isinstance(raised, _UNREADABLE),
            status=self.trace.status,
            error=error.with_traceback(None) if local else None,
        )
        return Outcome(failure=failure, **self._counts())

    def _counts(self) -> dict[str, Any]:
        seconds = time.perf_counter() - self._began
        return {
            "bytes_sent": self.trace.bytes_sent,
            "bytes_received": self.trace.bytes_received,
            "seconds": seconds,
        }


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error


def _is_unsent(error: Exception) -> bool:
    """Tell whether an error can only come from the time before sending."""
    return isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError)


_OURS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, EsignError, LocalFileError, OSError, ValueError)
_UNREADABLE = (DecodingError, UnexpectedFileError, IncompleteFileError, ReplyTooLongError, UnicodeDecodeError)
_WHAT: tuple[tuple[type[Exception], str], ...] = (
    (httpx.PoolTimeout, "too many calls are under way"),
    (httpx.ConnectTimeout, "the connection could not be made in time"),
    (httpx.ConnectError, "the connection could not be made"),
    (httpx.ProxyError, "the proxy refused the connection"),
    (httpx.TimeoutException, "no byte came in time"),
    (httpx.TransportError, "the connection broke"),
    (httpcore.NetworkError, "the connection broke"),
    (DecodingError, "the answer cannot be decoded"),
    (UnicodeDecodeError, "the answer is not UTF-8 text"),
    (ReplyTooLongError, "the answer is longer than max_reply"),
    (UnexpectedFileError, "the file that came is not the expected one"),
    (IncompleteFileError, "the file did not arrive whole"),
    (EsignError, "the request could not be made"),
    (LocalFileError, "a file could not be read or written"),
)


def _what(error: Exception, status: int | None) -> str:
    if isinstance(_root(error), ssl.SSLCertVerificationError):
        return "the vendor's certificate is not valid"
    text = next((text for kind, text in _WHAT if isinstance(error, kind)), None)
    text = text or f"the connection failed with {type(error).__name__}"
    return text if status is None else f"{text} (after HTTP {status})"


class Transport:
    """Sends calls and waits for their answers; usable from any thread, and in a child process after a fork."""

    def __init__(
        self,
        settings: Settings,
        sandbox: Sandbox | None = None,
        *,
        resolve: Resolve = look_up,
        clock: Clock = time.monotonic,
    ) -> None:
        _silence()
        self._settings = settings
        self._clock = clock
        if sandbox is None:
            self._pools = Pools(Network.of(settings, resolve).open)
        else:
            client = httpx.Client(transport=SandboxTransport(sandbox), **client_options())
            self._pools = Pools(lambda: Pair(client, client))

    def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace | None = None) -> Outcome:
        """Make one attempt at a call; `trace` shows how far it came, also where it is interrupted."""
        attempt = _Attempt(self._settings, call, target, trace, self._clock)
        prepared = attempt.prepare()
        if isinstance(prepared, Outcome):
            return prepared
        try:
            pair = self._pools.get()
        except EsignError as error:
            return attempt.refused(error)
        try:
            with _quietly(), running(attempt.start(prepared)):
                return self._exchange(attempt, prepared, pair)
        except Exception as error:
            if attempt.is_foreign(error):
                raise
            return attempt.failed(error.with_traceback(None))

    def _exchange(self, attempt: _Attempt, prepared: PreparedRequest, pair: Pair[httpx.Client]) -> Outcome:
        client = attempt.client(pair)
        request = attempt.request(prepared, attempt.content(prepared), attempt.observe)
        with contextlib.closing(client.send(request, stream=True)) as response:
            body = attempt.open_body(response)
            for raw in _raw(response):
                if not body.take(raw):
                    break
            return attempt.done(body.finish())

    def close(self) -> None:
        """Close every connection."""
        self._pools.close()


class AsyncTransport:
    """Sends calls and awaits their answers; usable in any event loop, and in a child process after a fork."""

    def __init__(
        self,
        settings: Settings,
        sandbox: Sandbox | None = None,
        *,
        resolve: Resolve = look_up,
        clock: Clock = time.monotonic,
    ) -> None:
        _silence()
        self._settings = settings
        self._clock = clock
        if sandbox is None:
            self._pools = AsyncPools(Network.of(settings, resolve).open_async)
        else:
            client = httpx.AsyncClient(transport=AsyncSandboxTransport(sandbox), **client_options())
            self._pools = AsyncPools(lambda: Pair(client, client))

    async def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace | None = None) -> Outcome:
        """Make one attempt at a call; `trace` shows how far it came, also where it is cancelled."""
        attempt = _Attempt(self._settings, call, target, trace, self._clock)
        prepared = await in_thread(attempt.prepare)
        if isinstance(prepared, Outcome):
            return prepared
        try:
            pair = self._pools.get()
        except EsignError as error:
            return attempt.refused(error)
        try:
            with _quietly(), running(attempt.start(prepared)):
                return await self._exchange(attempt, prepared, pair)
        except Exception as error:
            if attempt.is_foreign(error):
                raise
            return attempt.failed(error.with_traceback(None))

    async def _exchange(self, attempt: _Attempt, prepared: PreparedRequest, pair: Pair[httpx.AsyncClient]) -> Outcome:
        client = attempt.client(pair)
        content = attempt.content(prepared)
        steps = content if content is None or isinstance(content, bytes) else _off_the_loop(content)
        request = attempt.request(prepared, steps, attempt.observe_async)
        async with contextlib.aclosing(await client.send(request, stream=True)) as response:
            if not attempt.blocks:
                body = attempt.open_body(response)
                async for raw in _raw_async(response):
                    if not body.take(raw):
                        break
                return attempt.done(body.finish())
            body = await in_thread(attempt.open_body, response)
            async for raw in _raw_async(response):
                await in_thread(body.take, raw)
            return attempt.done(await in_thread(body.finish))

    async def close(self) -> None:
        """Close every connection."""
        await self._pools.close()


def _raw(response: httpx.Response) -> Iterator[bytes]:
    return iter((response.content,)) if response.is_stream_consumed else response.iter_raw()


async def _raw_async(response: httpx.Response) -> AsyncIterator[bytes]:
    if response.is_stream_consumed:
        yield response.content
        return
    async for raw in response.aiter_raw():
        yield raw


async def _off_the_loop(steps: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield steps that are read from a file in a worker thread."""
    while True:
        step = await asyncio.to_thread(next, steps, None)
        if step is None:
            return
        yield step
