"""Drive a flow: authorize, send, judge, repeat what may be repeated. The only room that waits.

What happens next is decided once, by the generator `Driver.steps`, for both colours: `Session` and `AsyncSession`
only send and wait as it says.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs

from esign_core.accounts.window import SHORT
from esign_core.engine.attempt import DownloadTarget, Outcome
from esign_core.engine.outcomes import advice, judge, unknown
from esign_core.engine.ratelimit import Budget, Permit
from esign_core.engine.retry import next_wait, parse_retry_after
from esign_core.engine.routes import route_of
from esign_core.http.downloads import MemoryTarget
from esign_core.model.errors import EsignError, OutcomeUnknownError, RateLimitError, UnreadableReplyError
from esign_core.model.resend import ResendReport
from esign_core.providers.flow import Call, Flow, Reply
from esign_core.providers.hookspecs import CallDetails
from esign_core.redaction import detach, scrub, sensitive_values_in

if TYPE_CHECKING:
    from esign_core.http.transport import AsyncTransport, Transport
    from esign_core.providers.base import Provider
    from esign_core.providers.plugins import Plugins

T = TypeVar("T")
# Bytes: longer answers are files or lists, which no later refusal repeats.
_LONGEST_TOLD = 64 * 1024
_log = logging.getLogger("esign")
_log.addHandler(logging.NullHandler())


@attrs.frozen(kw_only=True)
class Task(Generic[T]):
    """A flow to be driven, and what is known about it."""

    flow: Flow[T] = attrs.field(repr=False)
    operation: str
    process_id: str | None = None
    private: tuple[str, ...] = attrs.field(default=(), repr=False)
    """Every secret and personal value that no error text may repeat."""
    destination: DownloadTarget = attrs.field(factory=MemoryTarget, repr=False)


@attrs.frozen
class Attempt:
    """Send this call once."""

    call: Call


@attrs.frozen
class Wait:
    """Let this many seconds pass."""

    seconds: float


Step = Attempt | Wait
Steps = Generator[Step, "Outcome | None", T]


@attrs.define
class _Progress:
    """What a task has done so far."""

    operation: str
    process_id: str | None
    acted: bool = False
    """True: a call with an effect has been answered with success."""
    told: list[bytes] = attrs.field(factory=list, repr=False)
    """What reads of this task have brought."""


class Driver:
    """Everything about driving a flow but the waiting."""

    def __init__(
        self,
        provider: Provider,
        account: str,
        plugins: Plugins,
        clock: Callable[[], datetime],
        max_wait: float,
        budget: Budget,
    ) -> None:
        self.provider = provider
        self.budget = budget
        self.account = account
        self.plugins = plugins
        self.clock = clock
        self.max_wait = max_wait

    def steps(self, task: Task[T]) -> Steps[T]:
        """Yield what is to be done next, be sent what came of it, return what the flow returns."""
        progress = _Progress(task.operation, task.process_id)
        error: EsignError | OSError
        try:
            result = yield from self._drive(task.flow, progress)
            if isinstance(result, ResendReport):
                self._name_missed(result, progress, task.private)
            return result
        except (EsignError, OSError) as raised:
            error = detach(raised)
        except Exception as raised:  # a provider's mistake: its traceback is needed to mend it
            if not progress.acted:
                raise
            error = _mistaken(task.operation, raised)
        if isinstance(error, OSError):
            # A file of the caller's. After an effect it must not read as "nothing happened", nor may a mistake.
            if not progress.acted:
                raise error
            error = _mistaken(task.operation, error)
        raise self._named(error, progress, task.private)

    def _drive(self, flow: Flow[T], progress: _Progress) -> Steps[T]:
        try:
            call = next(flow)
            while True:
                progress.process_id = call.process_id or progress.process_id
                answer = yield from self._exchange(attrs.evolve(call, process_id=progress.process_id), progress)
                call = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            flow.close()

    def _exchange(self, call: Call, progress: _Progress) -> Generator[Step, Outcome | None, Reply | Exception]:
        """Make a call as often as it may be made; return its reply, or the error it ended in."""
        number = 0
        while True:
            number += 1
            admitted = yield from self._admitted(call)
            if isinstance(admitted, EsignError):
                return admitted
            try:
                outcome = yield from self._attempt(call, progress, number)
            finally:
                self.budget.settle(admitted, self.clock())
            if outcome.failure is not None and not outcome.failure.sent:
                self.budget.refund(admitted)
            error = judge(self.provider, call, outcome, acted=progress.acted)
            if error is None and outcome.reply is not None:
                progress.acted = progress.acted or not call.repeatable
                if len(outcome.reply.body) <= _LONGEST_TOLD:
                    progress.told.append(outcome.reply.body)
                return outcome.reply
            wait = self._wait(call, outcome, number)
            if wait is None:
                return self._dated(error, outcome) if error else UnreadableReplyError()
            if wait > self.max_wait:
                return RateLimitError(retry_at=self.clock() + timedelta(seconds=wait), status=_status(outcome))
            yield Wait(wait)

    def _admitted(self, call: Call) -> Generator[Step, Outcome | None, Permit | EsignError]:
        """Wait for room in the account's budget of calls, or return the error that says when there will be room."""
        if call.anonymous:
            return Permit(0)
        before = None
        while True:
            now = self.clock()
            answer = self.budget.acquire(now, effect=not call.repeatable)
            if isinstance(answer, Permit):
                return answer
            wait = answer.until - now
            # A clock that stands still, as a recorded one does, would be waited for forever.
            if wait > SHORT + SHORT or now == before:
                hint = "Nothing was sent: the account's own call_limits (or its plan's) leave no room until then."
                return RateLimitError(retry_at=answer.until, hint=hint)
            before = now
            yield Wait(max(0.0, wait.total_seconds()))

    def _attempt(self, call: Call, progress: _Progress, number: int) -> Generator[Step, Outcome | None, Outcome]:
        ready = call if call.anonymous else self.provider.authorize(call)
        details = CallDetails(
            provider=self.provider.name,
            account=self.account,
            operation=progress.operation,
            method=call.method,
            route=route_of(call, self.provider.owns),
            attempt=number,
            started_at=self.clock(),
        )
        self.plugins.before_call(details)
        outcome = cast("Outcome", (yield Attempt(ready)))
        ended = attrs.evolve(
            details,
            status=_status(outcome),
            bytes_sent=outcome.bytes_sent,
            bytes_received=outcome.bytes_received,
            seconds=outcome.seconds,
            problem=outcome.failure.what if outcome.failure else None,
        )
        self.plugins.after_call(ended)
        _log.info(
            "%s %s: %s %s, attempt %d, %s, %d ms",
            self.account,
            progress.operation,
            call.method,
            details.route,
            number,
            _status(outcome) or (outcome.failure.what if outcome.failure else ""),
            round(outcome.seconds * 1000),
        )
        return outcome

    def _wait(self, call: Call, outcome: Outcome, number: int) -> float | None:
        failure, reply = outcome.failure, outcome.reply
        if failure is not None and failure.final:
            return None
        after = None if reply is None else parse_retry_after(reply.headers.get("retry-after"), self.clock())
        wait = next_wait(
            repeatable=call.repeatable,
            sent=failure is None or failure.sent,
            attempt=number,
            status=None if reply is None else reply.status,
            retry_after=after,
            chance=random.random(),  # noqa: S311 - spreads waits, guards nothing
        )
        # Only a wait that the vendor asks for can be too long; one of our own making is shortened.
        return wait if wait is None or after is not None else min(wait, self.max_wait)

    def _dated(self, error: Exception, outcome: Outcome) -> Exception:
        if isinstance(error, RateLimitError) and error.retry_at is None and outcome.reply is not None:
            after = parse_retry_after(outcome.reply.headers.get("retry-after"), self.clock())
            error.retry_at = None if after is None else self.clock() + timedelta(seconds=after)
        return error

    def _named(self, error: EsignError, progress: _Progress, private: tuple[str, ...]) -> EsignError:
        """Give an error its facts, and take out of it what is nobody's business."""
        if progress.acted and isinstance(error, UnreadableReplyError):
            report, status, process_id = error.report, error.status, error.process_id
            error = unknown(f"the vendor accepted the call, and its answer cannot be used: {error.message}")
            error.report, error.status, error.process_id = report, status, process_id
        error.provider = error.provider or self.provider.name
        error.operation = error.operation or progress.operation
        error.process_id = error.process_id or progress.process_id
        if isinstance(error, OutcomeUnknownError) and not error.advice:
            error.advice = advice(error.operation, error.process_id)
        if error.report is not None:
            self._name_missed(error.report, progress, private)
        return scrub(error, (*private, *sensitive_values_in(progress.told)))

    def _name_missed(self, report: ResendReport, progress: _Progress, private: tuple[str, ...]) -> None:
        """Treat the errors that a report tells of as if they had been raised."""
        for missed in report.missed:
            self._named(detach(missed.error), progress, private)


def _mistaken(operation: str, error: Exception) -> EsignError:
    _log.error("%s failed after the vendor had answered: %s", operation, type(error).__name__)
    return UnreadableReplyError(f"what came after it failed with {type(error).__name__}")


def _status(outcome: Outcome) -> int | None:
    return outcome.reply.status if outcome.reply is not None else outcome.failure.status if outcome.failure else None


class Session:
    """Drives flows, one after another, and waits by sleeping."""

    def __init__(self, driver: Driver, transport: Transport, sleep: Callable[[float], None] = time.sleep) -> None:
        self._driver = driver
        self._transport = transport
        self._sleep = sleep

    def run(self, task: Task[T]) -> T:
        """Drive a task to its end."""
        steps = self._driver.steps(task)
        outcome: Outcome | None = None
        try:
            while True:
                step = steps.send(outcome)
                outcome = None
                if isinstance(step, Wait):
                    self._sleep(step.seconds)
                else:
                    outcome = self._transport.send(step.call, task.destination)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            steps.close()

    def close(self) -> None:
        """Close every connection and the count of calls."""
        self._transport.close()
        self._driver.budget.close()


class AsyncSession:
    """Drives flows without blocking; equal to `Session` but for the waiting."""

    def __init__(
        self,
        driver: Driver,
        transport: AsyncTransport,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._driver = driver
        self._transport = transport
        self._sleep = sleep

    async def run(self, task: Task[T]) -> T:
        """Drive a task to its end."""
        steps = self._driver.steps(task)
        outcome: Outcome | None = None
        try:
            while True:
                step = steps.send(outcome)
                outcome = None
                if isinstance(step, Wait):
                    await self._sleep(step.seconds)
                else:
                    outcome = await self._transport.send(step.call, task.destination)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            steps.close()

    async def close(self) -> None:
        """Close every connection and the count of calls."""
        await self._transport.close()
        self._driver.budget.close()
