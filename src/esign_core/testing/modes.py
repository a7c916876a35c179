"""Write a test once for `Client` and `AsyncClient`: a client that is always awaited, and a runner."""

from __future__ import annotations

import asyncio
import enum
import inspect
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from esign_core.client import AsyncClient, Client, connect, connect_async
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import Problem
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.providers.capabilities import Capabilities
from esign_core.providers.flow import Reply

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

__all__ = ["EitherClient", "Mode", "Story", "perform"]

T = TypeVar("T")


class Mode(enum.Enum):
    """Which client runs: sync or async."""

    SYNC = "sync"
    ASYNC = "async"


class EitherClient:
    """One interface over `Client` and `AsyncClient`: methods that do I/O are awaited."""

    def __init__(self, client: Client | AsyncClient) -> None:
        self._client = client

    def __repr__(self) -> str:
        return repr(self._client)

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._client.provider

    @property
    def account(self) -> str:
        """The account's name."""
        return self._client.account

    @property
    def capabilities(self) -> Capabilities:
        """The provider's capabilities."""
        return self._client.capabilities

    @property
    def sandbox(self) -> Sandbox:
        """The emulator behind the account."""
        sandbox: Sandbox = self._client.sandbox
        return sandbox

    def check(self, draft: ProcessDraft) -> tuple[Problem, ...]:
        """Return what is wrong with a draft."""
        return self._client.check(draft)

    def receive(self, delivery: Delivery) -> Receipt:
        """Judge and read a webhook."""
        return self._client.receive(delivery)

    async def create(self, draft: ProcessDraft) -> Process:
        """Create a process and send it."""
        return await _settled(self._client.create(draft))

    async def get(self, process: str | Process) -> Process:
        """Read a process."""
        return await _settled(self._client.get(process))

    async def resend(self, process: str | Process, resend: Resend | None = None) -> ResendReport:
        """Put a process back before the people who have not signed it."""
        return await _settled(self._client.resend(process, resend or Resend()))

    async def cancel(self, process: str | Process, *, reason: str = "", requested_by: str | None = None) -> Process:
        """Cancel a process."""
        return await _settled(self._client.cancel(process, reason=reason, requested_by=requested_by))

    async def download(
        self, process: str | Process, to: str | os.PathLike[str] | None = None
    ) -> tuple[SignedFile, ...]:
        """Fetch the files of a finished process."""
        return await _settled(self._client.download(process, to))

    async def timeline(self, process: str | Process) -> tuple[TimelineEntry, ...]:
        """Read what happened to a process."""
        return await _settled(self._client.timeline(process))

    async def run(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Run one of the provider's own operations."""
        return await _settled(self._client.run(operation, *args, **kwargs))

    async def call(self, method: str, path: str, *, json: Any = None, query: Mapping[str, str] | None = None) -> Reply:
        """Call any endpoint of the vendor's."""
        return await _settled(self._client.call(method, path, json=json, query=query))

    async def close(self) -> None:
        """Close every connection."""
        await _settled(self._client.close())


Story = Callable[[EitherClient], Coroutine[Any, Any, T]]
"""A story written once and played sync and async."""


def perform(
    story: Story[T],
    mode: Mode,
    account: str,
    *,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    plugins: Iterable[object] = (),
    clock: Callable[[], datetime] | None = None,
) -> T:
    """Open an account in one mode, play a story with it, close it, and return what the story returns."""
    if mode is Mode.ASYNC:
        return asyncio.run(_played(story, connect_async(account, config=config, plugins=plugins, clock=clock)))
    return _driven(_played(story, connect(account, config=config, plugins=plugins, clock=clock)))


async def _played(story: Story[T], client: Client | AsyncClient) -> T:
    either = EitherClient(client)
    try:
        return await story(either)
    finally:
        await either.close()


def _driven(story: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never suspends, without an event loop."""
    try:
        story.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    story.close()
    raise RuntimeError("a story may await only its client; sync mode runs without an event loop")


async def _settled(value: T | Awaitable[T]) -> T:
    return await value if inspect.isawaitable(value) else value
