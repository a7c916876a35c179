"""Perform the steps of an operation: `Runner` blocks, `AsyncRunner` awaits. The only module that waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from esign_core.engine.attempt import AttemptTrace, DownloadTarget, Outcome
from esign_core.engine.steps import Execution, Operation, Send, Step, Steps, Wait
from esign_core.engine.threads import in_thread
from esign_core.model.errors import EsignError

if TYPE_CHECKING:
    from esign_core.providers.flow import Call

T = TypeVar("T")
OpenTarget = Callable[[Any], DownloadTarget]


class SyncSender(Protocol):
    """Sends calls and waits for their answers."""

    def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
        """Make one attempt at a call."""

    def close(self) -> None:
        """Close every connection."""


class AsyncSender(Protocol):
    """Sends calls and awaits their answers."""

    async def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
        """Make one attempt at a call."""

    async def close(self) -> None:
        """Close every connection."""


class Runner:
    """Runs operations in the calling thread."""

    def __init__(
        self,
        execution: Execution,
        transport: SyncSender,
        open_target: OpenTarget,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._execution = execution
        self._transport = transport
        self._open_target = open_target
        self._sleep = sleep
        self._closed = False

    def run(self, operation: Operation[T]) -> T:
        """Run an operation to its end."""
        if self._closed:
            raise _closed_error(self._execution, operation)
        steps = self._execution.steps(operation, self._open_target)
        result: Any = None
        error: BaseException | None = None
        try:
            while True:
                step = _next_step(steps, result, error)
                try:
                    result, error = self._perform(step), None
                except BaseException as raised:  # noqa: BLE001 - handed to the steps, which raise it again
                    error = raised
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            steps.close()

    def _perform(self, step: Step) -> Any:
        if isinstance(step, Send):
            return self._transport.send(step.call, step.target, step.trace)
        if isinstance(step, Wait):
            return self._sleep(step.seconds)
        return step.work()

    def close(self) -> None:
        """Close every connection and the count of calls."""
        self._closed = True
        self._transport.close()
        self._execution.budget.close()


class AsyncRunner:
    """Runs operations without blocking the event loop; equal to `Runner` except for waiting."""

    def __init__(
        self,
        execution: Execution,
        transport: AsyncSender,
        open_target: OpenTarget,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._execution = execution
        self._transport = transport
        self._open_target = open_target
        self._sleep = sleep
        self._closed = False

    async def run(self, operation: Operation[T]) -> T:
        """Run an operation to its end."""
        if self._closed:
            raise _closed_error(self._execution, operation)
        steps = self._execution.steps(operation, self._open_target)
        result: Any = None
        error: BaseException | None = None
        try:
            while True:
                step = _next_step(steps, result, error)
                try:
                    result, error = await self._perform(step), None
                except BaseException as raised:  # noqa: BLE001 - handed to the steps, which raise it again
                    error = raised
        except StopIteration as done:
            value: T = done.value
            return value
        finally:
            steps.close()

    async def _perform(self, step: Step) -> Any:
        if isinstance(step, Send):
            return await self._transport.send(step.call, step.target, step.trace)
        if isinstance(step, Wait):
            return await self._sleep(step.seconds)
        return await in_thread(step.work)

    async def close(self) -> None:
        """Close every connection and the count of calls."""
        self._closed = True
        await self._transport.close()
        await asyncio.to_thread(self._execution.budget.close)


def _next_step(steps: Steps[Any], result: Any, error: BaseException | None) -> Step:
    return steps.send(result) if error is None else steps.throw(error)


def _closed_error(execution: Execution, operation: Operation[Any]) -> EsignError:
    return EsignError(
        "the client is closed; nothing was sent",
        provider=execution.provider.name,
        operation=operation.name,
        process_id=operation.process_id if isinstance(operation.process_id, str) else None,
        hint="Open the account again with connect or connect_async.",
    )
