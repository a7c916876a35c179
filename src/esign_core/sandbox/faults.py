"""Bad weather for a sandbox: requests that never arrive, answers that get lost, stall, are cut or garbled."""

from __future__ import annotations

import threading
from typing import Final

import attrs

from esign_core.sandbox.request import Answer, Request

KINDS: Final = ("refused", "lost", "stalled", "cut", "garbled", "status")


@attrs.define(kw_only=True)
class Fault:
    """One kind of bad weather, where it strikes and how often still."""

    kind: str
    method: str | None
    path: str | None
    times: int
    status: int | None
    retry_after: str | None

    def strikes(self, request: Request) -> bool:
        """Tell whether this request is in its way."""
        if self.method is not None and self.method.upper() != request.method:
            return False
        # The host counts too: the addresses for uploads and downloads live on hosts of their own.
        return self.path is None or self.path in request.host + request.path

    def before(self) -> Answer | None:
        """Strike before anything is handled; an answer stands in for the vendor's."""
        if self.kind == "refused":
            raise ConnectionRefusedError("the sandbox was told to refuse this connection")
        if self.kind != "status":
            return None
        headers = {} if self.retry_after is None else {"retry-after": self.retry_after}
        return Answer.json(self.status or 503, {"message": "SANDBOX_FAULT"}, headers)

    def after(self, answer: Answer) -> Answer:
        """Strike after the request was handled, at the vendor's answer."""
        if self.kind == "lost":
            raise ConnectionResetError("the sandbox was told to lose this answer")
        if self.kind == "stalled":
            raise TimeoutError("the sandbox was told to let this answer stall")
        if self.kind == "garbled":
            return attrs.evolve(answer, body=b'{"gar\xff\xfebled')
        # Half of the body under the length of the whole is what a broken connection leaves behind.
        headers = {**answer.headers, "content-length": str(len(answer.body) or 1)}
        return attrs.evolve(answer, headers=headers, body=answer.body[: len(answer.body) // 2])


class Faults:
    """The faults a test has asked for; each strikes as often as it was told to, the oldest first."""

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
            raise ValueError(f"there is no fault of this kind; choose one of {', '.join(KINDS)}")
        if (kind == "status") != (status is not None):
            raise ValueError("a status is given with the kind 'status', and with no other")
        if times < 1:
            raise ValueError("a fault strikes once or more; give times=1 or a larger number")
        wait = None if retry_after is None else str(retry_after)
        fault = Fault(kind=kind, method=method, path=path, times=times, status=status, retry_after=wait)
        with self._lock:
            self._faults.append(fault)

    def take(self, request: Request) -> Fault | None:
        """Take the fault that strikes this request, if any."""
        with self._lock:
            for fault in self._faults:
                if fault.strikes(request):
                    fault.times -= 1
                    if not fault.times:
                        self._faults.remove(fault)
                    return fault
        return None

    def clear(self) -> None:
        """Let the sun come out."""
        with self._lock:
            self._faults.clear()
