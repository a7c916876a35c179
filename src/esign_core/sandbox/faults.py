"""Inject network faults into a sandbox: requests that never arrive, replies that are lost, stalled, cut or garbled."""

from __future__ import annotations

import threading
from typing import Final

import attrs

from esign_core.model.headers import Headers
from esign_core.providers.flow import Reply
from esign_core.sandbox.request import Request, json_reply

KINDS: Final = ("refused", "lost", "stalled", "cut", "garbled", "status")


@attrs.define(kw_only=True)
class Fault:
    """One kind of fault, the requests it applies to, and how often it is still due."""

    kind: str
    method: str | None
    path: str | None
    times: int
    status: int | None
    retry_after: str | None

    def applies(self, request: Request) -> bool:
        """Return whether the fault applies to this request."""
        if self.method is not None and self.method.upper() != request.method:
            return False
        # The host counts too: the addresses for uploads and downloads live on hosts of their own.
        return self.path is None or self.path in request.host + request.path

    def before(self) -> Reply | None:
        """Act before the request is handled; a reply takes the place of the vendor's."""
        if self.kind == "refused":
            raise ConnectionRefusedError("the sandbox was asked to refuse this connection")
        if self.kind != "status":
            return None
        headers = {} if self.retry_after is None else {"retry-after": self.retry_after}
        return json_reply(self.status or 503, {"message": "SANDBOX_FAULT"}, headers)

    def after(self, reply: Reply) -> Reply:
        """Act on the vendor's reply, after the request was handled."""
        if self.kind == "lost":
            raise ConnectionResetError("the sandbox was asked to lose this reply")
        if self.kind == "stalled":
            raise TimeoutError("the sandbox was asked to stall this reply")
        if self.kind == "garbled":
            return attrs.evolve(reply, body=b'{"gar\xff\xfebled')
        # Half of the body under the length of the whole is what a broken connection leaves behind.
        headers = Headers({**reply.headers, "content-length": str(len(reply.body) or 1)})
        return attrs.evolve(reply, headers=headers, body=reply.body[: len(reply.body) // 2])


class Faults:
    """The faults that a test has asked for; each applies as often as it says, the oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(
        self,
        kind: str,
        *,
        method: str | None = None,
        path: str | None = None,
        times: int = 1,
        status: int | None = None,
        retry_after: int | str | None = None,
    ) -> None:
        """Ask for a fault: `refused`, `lost`, `stalled`, `cut`, `garbled`, or `status` with the status to answer."""
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        if (kind == "status") != (status is not None):
            raise ValueError("status must be given with the kind 'status', and only with it")
        if times < 1:
            raise ValueError("times must be 1 or more; a fault cannot apply less than once")
        wait = None if retry_after is None else str(retry_after)
        fault = Fault(kind=kind, method=method, path=path, times=times, status=status, retry_after=wait)
        with self._lock:
            self._faults.append(fault)

    def take(self, request: Request) -> Fault | None:
        """Take the fault that applies to this request, if any."""
        with self._lock:
            for fault in self._faults:
                if fault.applies(request):
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Remove all pending faults."""
        with self._lock:
            self._faults.clear()
