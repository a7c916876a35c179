"""One run of a contract test: an account in the sandbox, its requests and its answers recorded."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import attrs
import pytest

from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import UnsupportedError
from esign_core.model.events import Event
from esign_core.model.process import Process
from esign_core.providers.capabilities import Feature
from esign_core.providers.flow import Reply
from esign_core.providers.hookspecs import hookimpl
from esign_core.sandbox import Request, Sandbox
from esign_core.testing.modes import EitherClient

__all__ = ["ContractRun", "Observer", "READS", "hinted", "watched"]

T = TypeVar("T")

READS = ("GET", "HEAD")
"""Methods without an effect."""


class Observer:
    """A plugin that keeps what it receives."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.unknown: list[str] = []

    @hookimpl
    def esign_event(self, event: Event) -> None:
        """Keep an event."""
        self.events.append(event)

    @hookimpl
    def esign_unknown_status(self, vendor_status: str) -> None:
        """Keep an unknown status word."""
        self.unknown.append(vendor_status)


@attrs.define(kw_only=True)
class ContractRun:
    """One account in the sandbox: its client, its emulator, and every request between the two."""

    client: EitherClient
    box: Sandbox
    draft: ProcessDraft
    observer: Observer
    sent: list[Request] = attrs.field(factory=list, repr=False)
    """Every request that reached the emulator, or was on its way there."""
    alter: Callable[[Request, Reply], Reply] | None = None
    """Replaces the sandbox's answers, for tests of other answers."""

    @property
    def effects(self) -> int:
        """How many requests were made that may change something."""
        return sum(request.method not in READS for request in self.sent)

    def supports(self, feature: Feature) -> bool:
        """Tell whether the provider says it can do it."""
        return self.client.capabilities.supports(feature)

    async def sent_process(self, draft: ProcessDraft | None = None) -> Process:
        """Send a draft, the portable one unless another is given, and read the process back."""
        return await self.client.get(await self.client.create(draft or self.draft))

    def sign(self, process: Process, *, leave: int = 0) -> None:
        """Let people sign one after another, all but the last few."""
        people = self.draft.signers
        for signer in people[: len(people) - leave]:
            self.box.sign_as(signer.email or "", process_id=process.id)

    async def able(self, doing: Awaitable[T]) -> T | None:
        """Await an optional operation; None where the provider says that it cannot, says it well, and sent nothing."""
        before = len(self.sent)
        try:
            return await doing
        except UnsupportedError as error:
            unable = error
        assert hinted(unable), "an UnsupportedError says in a hint what to do instead"
        assert len(self.sent) == before, "what a provider cannot do is refused before anything is sent"
        return None


def hinted(error: UnsupportedError) -> bool:
    """Tell whether an error, or each of its problems, has a hint."""
    return bool(error.hint) or (bool(error.problems) and all(problem.hint for problem in error.problems))


@contextlib.contextmanager
def watched(run: ContractRun) -> Iterator[ContractRun]:
    """Note every request on its way to the run's emulator, and let the run alter the answers."""
    respond = run.box.respond

    def noted(request: Request) -> Reply:
        run.sent.append(request)
        answer = respond(request)
        return answer if run.alter is None else run.alter(request, answer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run.box, "respond", noted)
        yield run
