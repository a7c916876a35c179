"""Mount a sandbox as a transport of the HTTP library."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING

import httpx

from esign_core.sandbox.request import Request

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox


def _plain(request: httpx.Request) -> Request:
    headers = dict(request.headers.items())
    return Request(method=request.method, url=str(request.url), headers=headers, body=request.content)


def _answered(sandbox: Sandbox, request: httpx.Request) -> httpx.Response | httpx.TransportError:
    """Ask the sandbox; its faults become the HTTP library's errors."""
    try:
        answer = sandbox.respond(_plain(request))
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


def handler(sandbox: Sandbox) -> Callable[[httpx.Request], httpx.Response]:
    """Return the function that answers requests from a sandbox."""

    def handle(request: httpx.Request) -> httpx.Response:
        answered = _answered(sandbox, request)
        request.extensions["trace"](_trace_of(answered), {})
        if isinstance(answered, httpx.TransportError):
            raise answered
        return answered

    return handle


def async_handler(sandbox: Sandbox) -> Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]:
    """Return the coroutine function that answers requests from a sandbox."""

    async def handle(request: httpx.Request) -> httpx.Response:
        answered = _answered(sandbox, request)
        await request.extensions["trace"](_trace_of(answered), {})
        if isinstance(answered, httpx.TransportError):
            raise answered
        return answered

    return handle
