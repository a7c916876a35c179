"""Mount a sandbox as a transport of the HTTP library."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

import httpx

from esign_core.engine.threads import in_thread
from esign_core.sandbox.request import Request

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox


class SandboxTransport(httpx.MockTransport):
    """Answers the requests of a sync client from a sandbox, and never from a network.

    Derived from httpx's transport for answers made in the process, which vcrpy records too.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        super().__init__(self._respond)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        answered = _answered(self._sandbox, request)
        request.extensions["trace"](_trace_of(answered), {})
        if isinstance(answered, httpx.TransportError):
            raise answered
        return answered


class AsyncSandboxTransport(httpx.MockTransport):
    """Answers the requests of an async client from a sandbox, in a thread: sandboxes read PDFs and may write files."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        respond: Callable[[httpx.Request], Coroutine[None, None, httpx.Response]] = self._respond
        super().__init__(respond)

    async def _respond(self, request: httpx.Request) -> httpx.Response:
        answered = await in_thread(_answered, self._sandbox, request)
        await request.extensions["trace"](_trace_of(answered), {})
        if isinstance(answered, httpx.TransportError):
            raise answered
        return answered


def _answered(sandbox: Sandbox, request: httpx.Request) -> httpx.Response | httpx.TransportError:
    """Ask the sandbox; its faults become the HTTP library's errors."""
    headers = dict(request.headers.items())
    asked = Request(method=request.method, url=str(request.url), headers=headers, body=request.content)
    try:
        answer = sandbox.respond(asked)
    except ConnectionRefusedError:
        return httpx.ConnectError("refused", request=request)
    except TimeoutError:
        return httpx.ReadTimeout("stalled", request=request)
    except ConnectionError:
        return httpx.ReadError("lost", request=request)
    return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)


def _trace_of(answered: httpx.Response | httpx.TransportError) -> str:
    """Name the event that the HTTP library would have reported last before this came of a request."""
    refused = isinstance(answered, httpx.ConnectError)
    return "connection.connect_tcp.started" if refused else "http11.send_request_headers.started"
