"""The client, in both colours: one line per operation.

What is common to both stands in the room `desk`, which makes tasks; the clients only run them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Self, TypeVar

from esign_core.engine.operations import Clock, Desk, begun, opened
from esign_core.engine.runner import AsyncSession, Session
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import ConfigError, Problem
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.providers.capabilities import Capabilities
from esign_core.providers.flow import Flow, Reply

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

T = TypeVar("T")
P = ParamSpec("P")


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class _Opened:
    """What both colours show of an account without asking anybody."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __repr__(self) -> str:
        return f"{type(self).__name__}(provider={self.provider!r}, account={self.account!r})"

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._desk.provider.name

    @property
    def account(self) -> str:
        """The account's name."""
        return self._desk.account

    @property
    def capabilities(self) -> Capabilities:
        """What this provider can carry."""
        return self._desk.provider.capabilities

    @property
    def sandbox(self) -> Sandbox:
        """The emulator behind an account of the sandbox environment.

        Raises:
            ConfigError: the account lives elsewhere.
        """
        if self._desk.box is None:
            hint = 'Only an account with environment = "sandbox" has one.'
            raise ConfigError(f"The account {self.account!r} is not in the sandbox.", hint=hint, provider=self.provider)
        return self._desk.box

    def check(self, draft: ProcessDraft) -> tuple[Problem, ...]:
        """Return what is malformed in a draft and what this provider cannot carry; nobody is asked."""
        return self._desk.check(draft)

    def receive(self, delivery: Delivery) -> Receipt:
        """Judge and read a webhook, and say what to answer; nobody is asked.

        Raises:
            ConfigError: the account has no secret to judge it by.
        """
        return self._desk.receive(delivery)


class Client(_Opened):
    """One account of one vendor, for programs that wait."""

    def __init__(self, desk: Desk, session: Session) -> None:
        super().__init__(desk)
        self._session = session

    def create(self, draft: ProcessDraft) -> Process:
        """Create a process and send it."""
        return self._desk.stamped(self._session.run(self._desk.create(self._desk.complete(draft))))

    def get(self, process: str | Process) -> Process:
        """Read a process, by its id or by what was read of it before."""
        return self._desk.stamped(self._session.run(self._desk.get(process)), read=True)

    def resend(self, process: str | Process, resend: Resend = Resend()) -> ResendReport:  # noqa: B008 - a frozen value
        """Put a process back before the people who have not signed it."""
        return self._session.run(self._desk.resend(process, resend))

    def cancel(self, process: str | Process, *, reason: str = "", requested_by: str | None = None) -> Process:
        """Cancel a process."""
        return self._desk.stamped(self._session.run(self._desk.cancel(process, reason, requested_by)))

    def download(self, process: str | Process, to: str | os.PathLike[str] | None = None) -> tuple[SignedFile, ...]:
        """Fetch the signed files of a finished process, into a directory or into memory.

        Raises:
            FileExistsError: a file of that name is already there; nothing was overwritten.
        """
        task = self._desk.download(process, to)
        try:
            files = self._session.run(task)
            task.destination.commit()
        finally:
            task.destination.rollback()
        return files

    def timeline(self, process: str | Process) -> tuple[TimelineEntry, ...]:
        """Read what happened to a process, oldest first."""
        return self._desk.entries(self._session.run(self._desk.timeline(process)))

    def run(self, operation: Callable[Concatenate[Any, P], Flow[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of the provider's own operations: `client.run(operations.unlock, code, action="approve")`."""
        flow = begun(operation, self._desk.provider, *args, **kwargs)
        return self._desk.result(self._session.run(self._desk.operation(flow, _name(operation), args, kwargs)))

    def call(self, method: str, path: str, *, json: Any = None, query: Mapping[str, str] | None = None) -> Reply:
        """Call any endpoint of the vendor's, by its path below the account's own address."""
        return self._session.run(self._desk.call(method, path, json, query))

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Opened):
    """One account of one vendor, for programs that await; equal to `Client` but for the waiting."""

    def __init__(self, desk: Desk, session: AsyncSession) -> None:
        super().__init__(desk)
        self._session = session

    async def create(self, draft: ProcessDraft) -> Process:
        """Create a process and send it."""
        complete = await asyncio.to_thread(self._desk.complete, draft)
        return self._desk.stamped(await self._session.run(self._desk.create(complete)))

    async def get(self, process: str | Process) -> Process:
        """Read a process, by its id or by what was read of it before."""
        return self._desk.stamped(await self._session.run(self._desk.get(process)), read=True)

    async def resend(self, process: str | Process, resend: Resend = Resend()) -> ResendReport:  # noqa: B008 - a frozen value
        """Put a process back before the people who have not signed it."""
        return await self._session.run(self._desk.resend(process, resend))

    async def cancel(self, process: str | Process, *, reason: str = "", requested_by: str | None = None) -> Process:
        """Cancel a process."""
        return self._desk.stamped(await self._session.run(self._desk.cancel(process, reason, requested_by)))

    async def download(
        self, process: str | Process, to: str | os.PathLike[str] | None = None
    ) -> tuple[SignedFile, ...]:
        """Fetch the signed files of a finished process, into a directory or into memory.

        Raises:
            FileExistsError: a file of that name is already there; nothing was overwritten.
        """
        task = self._desk.download(process, to)
        try:
            files = await self._session.run(task)
            task.destination.commit()
        finally:
            task.destination.rollback()
        return files

    async def timeline(self, process: str | Process) -> tuple[TimelineEntry, ...]:
        """Read what happened to a process, oldest first."""
        return self._desk.entries(await self._session.run(self._desk.timeline(process)))

    async def run(self, operation: Callable[Concatenate[Any, P], Flow[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of the provider's own operations: `client.run(operations.unlock, code, action="approve")`."""
        flow = begun(operation, self._desk.provider, *args, **kwargs)
        return self._desk.result(await self._session.run(self._desk.operation(flow, _name(operation), args, kwargs)))

    async def call(self, method: str, path: str, *, json: Any = None, query: Mapping[str, str] | None = None) -> Reply:
        """Call any endpoint of the vendor's, by its path below the account's own address."""
        return await self._session.run(self._desk.call(method, path, json, query))

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _name(operation: Callable[..., Any]) -> str:
    return getattr(operation, "__name__", "operation")


def connect(
    account: str,
    *,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    plugins: Iterable[object] = (),
    clock: Clock | None = None,
) -> Client:
    """Open an account.

    Args:
        account: its name in the configuration.
        config: a mapping or a path; `$ESIGN_CONFIG`, then `./esign.toml`, where missing.
        plugins: observers, as objects.
        clock: a callable that returns aware datetimes, in place of the machine's clock.

    Raises:
        ConfigError: the configuration is missing, wrong or incomplete; everything is said at once.
    """
    desk = opened(account, config, plugins, clock, otherwise=_wall_clock)
    if isinstance(desk, ConfigError):
        raise desk
    # The HTTP library is loaded here, by the first program that really needs it.
    from esign_core.http.transport import Transport

    settings, box = desk.provider.settings, desk.box
    transport = Transport(settings, box)
    driver = desk.driver()
    if box is None:
        return Client(desk, Session(driver, transport))
    return Client(desk, Session(driver, transport, sleep=lambda seconds: box.move_clock(timedelta(seconds=seconds))))


def connect_async(
    account: str,
    *,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    plugins: Iterable[object] = (),
    clock: Clock | None = None,
) -> AsyncClient:
    """Open an account for a program that awaits; not awaited itself. Takes and raises what `connect` does."""
    desk = opened(account, config, plugins, clock, otherwise=_wall_clock)
    if isinstance(desk, ConfigError):
        raise desk
    from esign_core.http.transport import AsyncTransport

    settings, box = desk.provider.settings, desk.box
    transport = AsyncTransport(settings, box)
    driver = desk.driver()
    if box is None:
        return AsyncClient(desk, AsyncSession(driver, transport))

    async def sleep(seconds: float) -> None:
        box.move_clock(timedelta(seconds=seconds))

    return AsyncClient(desk, AsyncSession(driver, transport, sleep=sleep))
