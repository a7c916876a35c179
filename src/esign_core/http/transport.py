"""The only room that imports httpx: a call becomes bytes on a wire, or a question to a sandbox.

A transport never raises for bad weather: what became of an attempt is an `Outcome`, so that no frame of the
HTTP library, and no request with its keys, ever hangs on an error.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import functools
import http.cookiejar
import logging
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from esign_core.engine.attempt import Failure, Outcome
from esign_core.http.decoding import ContentDecoder, DecodingError
from esign_core.http.downloads import Destination, UnexpectedFileError, Writer
from esign_core.http.encoding import Outgoing, outgoing
from esign_core.http.json_member import MemberScanner
from esign_core.http.mount import async_handler, handler
from esign_core.model.errors import EsignError, InvalidRequestError, Problem
from esign_core.model.headers import Headers
from esign_core.providers.flow import Call, Reply, Save

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

E = TypeVar("E", bound=Exception)

LONGEST_BODY = 64 * 1024 * 1024
"""How many bytes of an answer are read into memory at most."""
_LONGEST_ERROR = 256 * 1024

_quiet = contextvars.ContextVar("esign_quiet", default=False)


class _NoLogs(logging.Filter):
    """Keeps the HTTP library from logging our addresses and headers, and nobody else's."""

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
    """One attempt: what was seen of it, and what it came to. Everything but the waiting, for both colours."""

    def __init__(self, call: Call, destination: Destination) -> None:
        self.call = call
        self.destination = destination
        self.began = time.perf_counter()
        self.traced = False
        self.written = False
        self.received = 0
        self.sent = 0
        self.status: int | None = None

    def note(self, event: str, _: Any = None) -> None:
        """Hear the HTTP library's trace: the proof of what left and what did not."""
        self.traced = True
        self.written = self.written or event.endswith("send_request_headers.started")

    async def note_async(self, event: str, info: Any = None) -> None:
        """Hear the trace, in the other colour."""
        self.note(event, info)

    def prepare(self, base: str) -> Outgoing | Outcome:
        """Return the call ready to be sent, or the outcome of one that cannot be."""
        try:
            ready = outgoing(self.call, base)
            httpx.Request(ready.method, ready.url, headers=ready.headers)
        except EsignError as error:
            problem = error
        except (ValueError, TypeError, AttributeError, httpx.InvalidURL):
            hint = "look at base_url, at the keys, and at what is put into the call's path and headers"
            told = Problem(path="call", message="holds something that no HTTP request can carry", hint=hint)
            problem = InvalidRequestError(problems=[told])
        else:
            return ready
        failure = Failure(what="the request could not be made", sent=False, final=True, error=_bare(problem))
        return Outcome(failure=failure, **self._counts())

    def content(self, ready: Outgoing) -> bytes | Iterator[bytes] | None:
        """Return the body: whole where it is small, in steps where documents are part of it."""
        if not ready.parts:
            return None
        if all(isinstance(part, bytes) for part in ready.parts):
            return b"".join(self._counted(ready))
        return self._counted(ready)

    def _counted(self, ready: Outgoing) -> Iterator[bytes]:
        for step in ready.steps():
            self.sent += len(step)
            yield step

    def body(self, response: httpx.Response) -> _Body:
        """Return what takes in the answer's body."""
        self.status = response.status_code
        save = self.call.save
        return _Saved(self, response, save) if save and response.is_success else _Body(self, response)

    def done(self, reply: Reply) -> Outcome:
        """Return the outcome of an attempt that was answered."""
        return Outcome(reply=reply, **self._counts())

    def failed(self, error: Exception) -> Outcome:
        """Return the outcome of an attempt that was not, or not whole."""
        full_pool = isinstance(error, httpx.PoolTimeout)
        sent = not full_pool and (self.written or not self.traced)
        local = isinstance(error, (EsignError, OSError)) and not isinstance(error, httpx.HTTPError)
        unreadable = isinstance(error, (DecodingError, UnexpectedFileError, UnicodeDecodeError))
        certificate = isinstance(_root(error), ssl.SSLCertVerificationError)
        failure = Failure(
            what="the vendor's certificate is not valid" if certificate else _what(error, self.status),
            sent=sent,
            final=certificate or local or isinstance(error, UnexpectedFileError),
            unreadable=unreadable,
            status=self.status,
            error=error if local else None,
        )
        return Outcome(failure=failure, **self._counts())

    def _counts(self) -> dict[str, Any]:
        seconds = time.perf_counter() - self.began
        return {"bytes_sent": self.sent, "bytes_received": self.received, "seconds": seconds}


def _root(error: BaseException) -> BaseException:
    while error.__cause__ is not None or error.__context__ is not None:
        error = error.__cause__ or error.__context__ or error
    return error


_WHAT: tuple[tuple[type[Exception], str], ...] = (
    (httpx.PoolTimeout, "too many calls are under way"),
    (httpx.ConnectTimeout, "the connection could not be made in time"),
    (httpx.ConnectError, "the connection could not be made"),
    (httpx.TimeoutException, "no byte came in time"),
    (DecodingError, "the answer cannot be decoded"),
    (UnicodeDecodeError, "the answer is no text"),
    (UnexpectedFileError, "the file that came is not the one that was due"),
    (EsignError, "the request could not be made"),
    (OSError, "a file could not be written"),
)


def _what(error: Exception, status: int | None) -> str:
    said = next((text for kind, text in _WHAT if isinstance(error, kind)), "the connection broke")
    return said if status is None else f"{said} (after HTTP {status})"


class _Body:
    """An answer's body, kept in memory up to a limit."""

    def __init__(self, attempt: _Attempt, response: httpx.Response) -> None:
        self._attempt = attempt
        self._response = response
        self._steps: list[bytes] = []
        self._limit = LONGEST_BODY if response.is_success else _LONGEST_ERROR
        # What an answer made in this process holds has been opened already.
        self._decoder = ContentDecoder(
            "" if response.is_stream_consumed else response.headers.get("content-encoding", "")
        )

    def take(self, raw: bytes) -> bool:
        """Take the next bytes as they came; False where no more are wanted."""
        return all(self.feed(step) for step in self._decoder.decode(raw))

    def feed(self, step: bytes) -> bool:
        """Take the next bytes; False where no more are wanted."""
        self._attempt.received += len(step)
        if self._attempt.received > self._limit:
            if self._response.is_success:
                raise UnexpectedFileError("the answer is too long")
            return False
        self._steps.append(step)
        return True

    def finish(self) -> Reply:
        """Return the whole answer."""
        self._whole()
        body = b"".join(self._steps)
        if self._response.is_success and not _binary(self._response):
            body.decode()
        return self._reply(body)

    def broken(self) -> Reply | None:
        """Return what can be used of an answer that broke off: a refusal's status says all that is needed."""
        return None if self._response.is_success else self._reply(b"".join(self._steps))

    def _reply(self, body: bytes, **more: Any) -> Reply:
        headers = Headers(self._response.headers.multi_items())
        return Reply(status=self._response.status_code, headers=headers, body=body, **more)

    def _whole(self) -> None:
        # The answer to a HEAD says how long another one would be.
        due = "" if self._attempt.call.method == "HEAD" else self._response.headers.get("content-length", "")
        # An answer made in this process, by a sandbox or from a cassette, was downloaded by nobody.
        arrived = self._response.num_bytes_downloaded or self._attempt.received
        if due.isdecimal() and int(due) > arrived and self._response.is_success:
            raise httpx.RemoteProtocolError("the answer is shorter than it says")
        if self._response.is_success:
            self._decoder.finish()


class _Saved(_Body):
    """An answer's body, streamed to the caller's destination."""

    def __init__(self, attempt: _Attempt, response: httpx.Response, save: Save) -> None:
        super().__init__(attempt, response)
        self._writer: Writer = attempt.destination.open(save)
        self._scanner = MemberScanner(save.member, self._writer) if save.member else None

    def feed(self, step: bytes) -> bool:
        self._attempt.received += len(step)
        if self._scanner is not None:
            self._scanner.feed(step)
        else:
            self._writer.write(step)
        return True

    def finish(self) -> Reply:
        self._whole()
        if self._scanner is None:
            return self._reply(b"", file=self._writer.finish())
        self._scanner.finish()
        if not self._scanner.found:
            self._writer.discard()
            return self._reply(self._scanner.left)
        return self._reply(self._scanner.left, file=self._writer.finish())

    def broken(self) -> Reply | None:
        self._writer.discard()
        return None


def _binary(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return bool(kind) and not (kind.startswith("text/") or kind.endswith(("json", "xml")))


@functools.cache
def _certificates() -> ssl.SSLContext:
    # Reading them takes longer than most calls, and they are the same for every account.
    return httpx.create_ssl_context(trust_env=False)


def _options(timeout: float, mount: httpx.MockTransport | None) -> dict[str, Any]:
    _silence()
    nothing = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
    return {
        "transport": mount,
        "verify": True if mount is not None else _certificates(),
        "timeout": httpx.Timeout(timeout),
        # A connection that the vendor closes in the moment it is used again leaves an outcome unknown for nothing:
        # ours are given up long before a server's usual five seconds.
        "limits": httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0),
        "follow_redirects": False,
        # A proxy or a netrc file of the environment must not see documents and keys.
        "trust_env": False,
        "cookies": http.cookiejar.CookieJar(policy=nothing),
    }


class Transport:
    """Sends calls and waits for their answers."""

    def __init__(self, base: str, timeout: float, sandbox: Sandbox | None = None) -> None:
        self.base = base
        mount = None if sandbox is None else httpx.MockTransport(handler(sandbox))
        self._client = httpx.Client(**_options(timeout, mount))

    def send(self, call: Call, destination: Destination) -> Outcome:
        """Make one attempt at a call."""
        attempt = _Attempt(call, destination)
        ready = attempt.prepare(self.base)
        if isinstance(ready, Outcome):
            return ready
        body: _Body | None = None
        try:
            request = self._client.build_request(
                ready.method, ready.url, headers=ready.headers, content=attempt.content(ready)
            )
            request.extensions["trace"] = attempt.note
            with _quietly(), contextlib.closing(self._client.send(request, stream=True)) as response:
                body = attempt.body(response)
                for raw in _raw(response):
                    if not body.take(raw):
                        break
                return attempt.done(body.finish())
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, EsignError, OSError, ValueError) as error:
            problem: Exception = _bare(error)
        partly = body.broken() if body is not None else None
        return attempt.done(partly) if partly is not None else attempt.failed(problem)

    def close(self) -> None:
        """Close every connection."""
        self._client.close()


class AsyncTransport:
    """Sends calls and awaits their answers; equal to `Transport` but for the waiting."""

    def __init__(self, base: str, timeout: float, sandbox: Sandbox | None = None) -> None:
        self.base = base
        mount = None if sandbox is None else httpx.MockTransport(async_handler(sandbox))
        self._client = httpx.AsyncClient(**_options(timeout, mount))

    async def send(self, call: Call, destination: Destination) -> Outcome:
        """Make one attempt at a call."""
        attempt = _Attempt(call, destination)
        ready = attempt.prepare(self.base)
        if isinstance(ready, Outcome):
            return ready
        body: _Body | None = None
        try:
            content = attempt.content(ready)
            request = self._client.build_request(
                ready.method,
                ready.url,
                headers=ready.headers,
                content=content if content is None or isinstance(content, bytes) else _off_the_loop(content),
            )
            request.extensions["trace"] = attempt.note_async
            with _quietly():
                async with contextlib.aclosing(await self._client.send(request, stream=True)) as response:
                    body = attempt.body(response)
                    async for raw in _raw_async(response):
                        if not body.take(raw):
                            break
                    return attempt.done(body.finish())
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, EsignError, OSError, ValueError) as error:
            problem: Exception = _bare(error)
        partly = body.broken() if body is not None else None
        return attempt.done(partly) if partly is not None else attempt.failed(problem)

    async def close(self) -> None:
        """Close every connection."""
        await self._client.aclose()


def _raw(response: httpx.Response) -> Iterator[bytes]:
    return iter((response.content,)) if response.is_stream_consumed else response.iter_raw()


async def _raw_async(response: httpx.Response) -> AsyncIterator[bytes]:
    if response.is_stream_consumed:
        yield response.content
        return
    async for raw in response.aiter_raw():
        yield raw


def _bare(error: E) -> E:
    """Strip an error of the frames that hold the request; its causes are needed to tell certificates from cables."""
    return error.with_traceback(None)


async def _off_the_loop(steps: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield steps that are read from a file in a worker thread."""
    while True:
        step = await asyncio.to_thread(next, steps, None)
        if step is None:
            return
        yield step
