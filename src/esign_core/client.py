"""The client, sync and async: one line per operation.

What both have in common is in `engine/operations`, which makes the operations that the clients run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Self

from esign_core.engine.operations import Clock, Operations, open_account
from esign_core.engine.runner import AsyncRunner, Runner
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import ConfigError, Problem
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import Capabilities
from esign_core.providers.flow import Flow, Reply

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    from esign_core.sandbox import Sandbox

    V = TypeVar("V", bound=Provider, default=Any)
else:  # a default of a type variable is known to type checkers; Python knows it from 3.13 on (PEP 696)
    from typing import TypeVar

    V = TypeVar("V", bound=Provider)

T = TypeVar("T")
P = ParamSpec("P")


def _wall_clock() -> datetime:
    return datetime.now(UTC)


class _Opened:
    """What sync and async clients show of an account without a request."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def __repr__(self) -> str:
        return f"{type(self).__name__}(provider={self.provider!r}, account={self.account!r})"

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._operations.provider.name

    @property
    def account(self) -> str:
        """The account's name."""
        return self._operations.account

    @property
    def capabilities(self) -> Capabilities:
        """The provider's capabilities."""
        return self._operations.provider.capabilities

    @property
    def sandbox(self) -> Any:
        """The vendor's emulator behind an account of the sandbox environment: a `Sandbox`.

        Declared as Any, because each vendor's emulator has attributes of its own.

        Raises:
            ConfigError: the account has another environment.
        """
        if self._operations.box is None:
            hint = 'Only an account with environment = "sandbox" has one.'
            raise ConfigError(f"The account {self.account!r} is not in the sandbox.", hint=hint, provider=self.provider)
        return self._operations.box

    def check(self, draft: ProcessDraft, *, notes: bool = False) -> tuple[Problem, ...]:
        """Return what is malformed in a draft and what this provider cannot carry; sends no request.

        Args:
            draft: the draft to check.
            notes: also return notes (`Problem.note` is True) on what can be sent and should be known; this reads the
                draft's PDFs.
        """
        return self._operations.check(draft, notes=notes)

    def receive(self, delivery: Delivery) -> Receipt:
        """Authenticate and read a webhook, and return what to answer; sends no request.

        Raises:
            ConfigError: the account has no webhook secret.
        """
        return self._operations.receive(delivery)


class Client(_Opened, Generic[V]):
    """One account of one vendor, for programs that wait.

    `Client[Auco]` says whose operations `run` takes; a plain `Client` takes those of any provider.
    """

    def __init__(self, operations: Operations, runner: Runner) -> None:
        super().__init__(operations)
        self._runner = runner

    def create(self, draft: ProcessDraft) -> Process:
        """Create a process and send it."""
        return self._runner.run(self._operations.create(draft))

    def get(self, process: str | Process) -> Process:
        """Read a process, by its id or by what was read of it before."""
        return self._runner.run(self._operations.get(process))

    def resend(self, process: str | Process, resend: Resend = Resend()) -> ResendReport:  # noqa: B008 - a frozen value
        """Put a process back before the people who have not signed it."""
        return self._runner.run(self._operations.resend(process, resend))

    def cancel(self, process: str | Process, *, reason: str = "", requested_by: str | None = None) -> Process:
        """Cancel a process."""
        return self._runner.run(self._operations.cancel(process, reason, requested_by))

    def download(
        self, process: str | Process, to: str | os.PathLike[str] | None = None, *, audit: bool = False
    ) -> tuple[SignedFile, ...]:
        """Fetch the signed files of a finished process, into a directory or into memory.

        Args:
            process: an id, or a process read before.
            to: a directory; None keeps the files in memory.
            audit: also fetch the vendor's audit record (`Feature.AUDIT_RECORD`), which may cost further calls.

        Raises:
            FileExistsError: another file of that name is already there; nothing was overwritten.
        """
        return self._runner.run(self._operations.download(process, to, audit=audit))

    def timeline(self, process: str | Process) -> tuple[TimelineEntry, ...]:
        """Read what happened to a process, oldest first."""
        return self._runner.run(self._operations.timeline(process))

    def run(self, operation: Callable[Concatenate[V, P], Flow[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of the provider's own operations: `client.run(operations.unlock, code, action="approve")`."""
        return self._runner.run(self._operations.own(operation, args, kwargs))

    def call(self, method: str, path: str, *, json: Any = None, query: Mapping[str, str] | None = None) -> Reply:
        """Call any endpoint of the vendor's, by its path below the account's own address."""
        return self._runner.run(self._operations.call(method, path, json, query))

    def close(self) -> None:
        """Close every connection."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(_Opened, Generic[V]):
    """One account of one vendor, for programs that await; equal to `Client` except for waiting.

    `AsyncClient[Auco]` says whose operations `run` takes; a plain `AsyncClient` takes those of any provider.
    """

    def __init__(self, operations: Operations, runner: AsyncRunner) -> None:
        super().__init__(operations)
        self._runner = runner

    async def create(self, draft: ProcessDraft) -> Process:
        """Create a process and send it."""
        return await self._runner.run(self._operations.create(draft))

    async def get(self, process: str | Process) -> Process:
        """Read a process, by its id or by what was read of it before."""
        return await self._runner.run(self._operations.get(process))

    async def resend(self, process: str | Process, resend: Resend = Resend()) -> ResendReport:  # noqa: B008 - a frozen value
        """Put a process back before the people who have not signed it."""
        return await self._runner.run(self._operations.resend(process, resend))

    async def cancel(self, process: str | Process, *, reason: str = "", requested_by: str | None = None) -> Process:
        """Cancel a process."""
        return await self._runner.run(self._operations.cancel(process, reason, requested_by))

    async def download(
        self, process: str | Process, to: str | os.PathLike[str] | None = None, *, audit: bool = False
    ) -> tuple[SignedFile, ...]:
        """Fetch the signed files of a finished process, into a directory or into memory.

        Args:
            process: an id, or a process read before.
            to: a directory; None keeps the files in memory.
            audit: also fetch the vendor's audit record (`Feature.AUDIT_RECORD`), which may cost further calls.

        Raises:
            FileExistsError: another file of that name is already there; nothing was overwritten.
        """
        return await self._runner.run(self._operations.download(process, to, audit=audit))

    async def timeline(self, process: str | Process) -> tuple[TimelineEntry, ...]:
        """Read what happened to a process, oldest first."""
        return await self._runner.run(self._operations.timeline(process))

    async def run(self, operation: Callable[Concatenate[V, P], Flow[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one of the provider's own operations: `client.run(operations.unlock, code, action="approve")`."""
        return await self._runner.run(self._operations.own(operation, args, kwargs))

    async def call(self, method: str, path: str, *, json: Any = None, query: Mapping[str, str] | None = None) -> Reply:
        """Call any endpoint of the vendor's, by its path below the account's own address."""
        return await self._runner.run(self._operations.call(method, path, json, query))

    async def close(self) -> None:
        """Close every connection."""
        await self._runner.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def connect(
    account: str,
    *,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    plugins: Iterable[object] = (),
    clock: Clock | None = None,
) -> Client[Any]:
    """Open an account.

    Args:
        account: its name in the configuration.
        config: a mapping or a path; `$ESIGN_CONFIG`, then `./esign.toml`, where missing.
        plugins: observers, as objects.
        clock: a callable that returns aware datetimes, in place of the machine's clock.

    Raises:
        ConfigError: the configuration is missing, wrong or incomplete; everything is named at once.
    """
    operations = open_account(account, config, plugins, clock, otherwise=_wall_clock)
    if isinstance(operations, ConfigError):
        raise operations
    # The HTTP library is loaded here, by the first program that really needs it.
    from esign_core.http.downloads import download_target
    from esign_core.http.transport import Transport

    box = operations.box
    transport = Transport(operations.provider.settings, box)
    execution = operations.execution()
    if box is None:
        return Client(operations, Runner(execution, transport, download_target))
    return Client(operations, Runner(execution, transport, download_target, lambda seconds: _move_clock(box, seconds)))


def connect_async(
    account: str,
    *,
    config: Mapping[str, Any] | str | os.PathLike[str] | None = None,
    plugins: Iterable[object] = (),
    clock: Clock | None = None,
) -> AsyncClient[Any]:
    """Open an account for a program that awaits; not awaited itself. Takes and raises what `connect` does."""
    operations = open_account(account, config, plugins, clock, otherwise=_wall_clock)
    if isinstance(operations, ConfigError):
        raise operations
    from esign_core.http.downloads import download_target
    from esign_core.http.transport import AsyncTransport

    box = operations.box
    transport = AsyncTransport(operations.provider.settings, box)
    execution = operations.execution()
    if box is None:
        return AsyncClient(operations, AsyncRunner(execution, transport, download_target))

    async def sleep(seconds: float) -> None:
        _move_clock(box, seconds)

    return AsyncClient(operations, AsyncRunner(execution, transport, download_target, sleep))


def _move_clock(box: Sandbox, seconds: float) -> None:
    box.move_clock(timedelta(seconds=seconds))
