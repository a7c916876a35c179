"""The steps of an operation: what to do next, decided once for sync and async, without I/O.

`Execution.steps` is a generator: it yields a `Send`, a `Wait` or a `Blocking` step, receives the result, and returns
what the operation returns. `Runner` and `AsyncRunner` perform the steps.
"""

from __future__ import annotations

import logging
import os
import random
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import attrs

from esign_core.accounts.settings import Settings
from esign_core.accounts.window import SHORT
from esign_core.engine.attempt import AttemptTrace, DownloadTarget, Failure, Outcome
from esign_core.engine.outcomes import advice, interpret, unknown
from esign_core.engine.ratelimit import Budget, Permit
from esign_core.engine.retry import next_wait, parse_retry_after
from esign_core.engine.routes import route_of
from esign_core.model.errors import (
    EsignError,
    OutcomeUnknownError,
    RateLimitError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.model.resend import ResendReport
from esign_core.providers.convert import plain_id
from esign_core.providers.flow import Call, Flow, Reply, is_absolute, path_problem
from esign_core.providers.hookspecs import CallDetails
from esign_core.redaction import detach, mask, scrub, sensitive_values, sensitive_values_in

if TYPE_CHECKING:
    from esign_core.providers.base import Provider
    from esign_core.providers.plugins import Plugins

T = TypeVar("T")
# Bytes: longer answers are files or lists, which no later refusal quotes.
_LONGEST_QUOTED = 64 * 1024
_NETWORK_STACK = frozenset(
    {"builtins", "esign_core", "httpx", "httpcore", "h11", "anyio", "sniffio", "asyncio", "ssl", "socket", "sqlite3"}
)
_log = logging.getLogger("esign")
_log.addHandler(logging.NullHandler())

NOTE = "esign: "
"""How the note begins that an interruption carries when a request with an effect may have been sent."""


@attrs.frozen(kw_only=True)
class Operation(Generic[T]):
    """One operation of a client: how its flow starts, and what is done with the flow's result."""

    name: str
    prepare: Callable[[], Flow[Any]] = attrs.field(repr=False)
    """Check the arguments and return the flow; raises what is wrong with them."""
    finish: Callable[[Any], T] = attrs.field(default=lambda result: result, repr=False)
    """Complete the flow's result with what only the client knows."""
    process_id: str | None = None
    sensitive: tuple[Any, ...] = attrs.field(default=(), repr=False)
    """What the caller gave; no error text may repeat the personal values in it."""
    reads_files: bool = False
    """True: `prepare` reads files, so it is a blocking step."""
    to: str | os.PathLike[str] | None = None
    """The directory that files are downloaded to; None: memory."""


@attrs.frozen
class Send:
    """Make one attempt at a call; its result is an `Outcome`."""

    call: Call
    target: DownloadTarget
    trace: AttemptTrace


@attrs.frozen
class Wait:
    """Let this many seconds pass."""

    seconds: float


@attrs.frozen
class Blocking:
    """Call a function that may block: files, locks, databases. Its result is the function's."""

    work: Callable[[], Any]


Step = Send | Wait | Blocking
Steps = Generator[Step, Any, T]


@attrs.define
class _Progress:
    """What an operation has done so far."""

    operation: str
    process_id: str | None
    target: DownloadTarget | None = None
    had_side_effect: bool = False
    """True: a call with an effect has been answered with success."""
    may_have_had_side_effect: bool = False
    """True: bytes of a call with an effect may have been sent."""
    responses: list[bytes] = attrs.field(factory=list, repr=False)
    """Response bodies seen so far; a later error may quote them."""
    unobserved: list[Callable[[], None]] = attrs.field(factory=list, repr=False)
    """Notifications of observers that wait for the end of the flow."""

    def notify(self) -> None:
        """Notify the observers of what they have not been notified of yet, in order."""
        while self.unobserved:
            self.unobserved.pop(0)()


class Execution:
    """Everything about running an account's operations except I/O and waiting."""

    def __init__(
        self,
        provider: Provider,
        account: str,
        plugins: Plugins,
        clock: Callable[[], datetime],
        budget: Budget,
        *,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.provider = provider
        self.account = account
        self.plugins = plugins
        self.clock = clock
        self.budget = budget
        self.secrets = secrets

    @property
    def settings(self) -> Settings:
        """The account's settings."""
        return cast("Settings", self.provider.settings)

    def steps(self, operation: Operation[T], open_target: Callable[[Any], DownloadTarget]) -> Steps[T]:
        """Yield each next step, receive its result, return what the operation returns.

        Raises:
            EsignError: with its context, and without sensitive values.
        """
        id_ = operation.process_id if isinstance(operation.process_id, str) else None
        progress = _Progress(operation.name, id_)
        error: EsignError | OSError
        try:
            result = yield from self._run(operation, progress, open_target)
            yield from self._notify(progress)
            return operation.finish(result)
        except (EsignError, OSError) as raised:
            error = detach(raised)
        except Exception as raised:  # a provider's mistake: its traceback is needed to correct it
            if not progress.had_side_effect:
                progress.notify()
                raise
            error = as_internal_error(operation.name, raised)
        except BaseException as raised:
            # Not a step: nothing is waited for after an interruption.
            progress.notify()
            if progress.may_have_had_side_effect:
                _add_note(raised, operation.name, progress.process_id)
            raise
        yield from self._notify(progress)
        if isinstance(error, OSError):
            # A file of the caller's. After an effect it must not read as "nothing happened", nor may a mistake.
            if not progress.had_side_effect:
                raise error
            error = as_internal_error(operation.name, error)
        raise self.with_context(error, progress, (*self.secrets, *sensitive_values(*operation.sensitive)))

    def _run(
        self, operation: Operation[T], progress: _Progress, open_target: Callable[[Any], DownloadTarget]
    ) -> Steps[Any]:
        """Prepare the flow and drive it; commit its files, or remove them."""
        flow = (yield Blocking(operation.prepare)) if operation.reads_files else operation.prepare()
        target = progress.target = open_target(operation.to)
        try:
            result = yield from self._drive(flow, progress)
            if operation.to is not None:
                yield Blocking(target.commit)
        except GeneratorExit:
            target.rollback()
            raise
        except BaseException:
            yield from self._roll_back(operation, target)
            raise
        if isinstance(result, ResendReport):
            self._complete_report(result, progress, operation)
        yield from self._roll_back(operation, target)
        return result

    def _roll_back(self, operation: Operation[Any], target: DownloadTarget) -> Generator[Step, Any, None]:
        """Remove what was not committed: an open file, a hidden directory."""
        if operation.to is None:
            target.rollback()
        else:
            yield Blocking(target.rollback)

    def _drive(self, flow: Flow[T], progress: _Progress) -> Steps[T]:
        try:
            call = next(flow)
            while True:
                answer = yield from self._answer(call, progress)
                call = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        except StopIteration as done:
            result: T = done.value
            return result
        finally:
            flow.close()

    def _answer(self, call: Call, progress: _Progress) -> Generator[Step, Any, Reply | Exception]:
        """Make a call with the process id that is known, unless that came in an answer and is not a plain word."""
        id_ = call.process_id
        if progress.had_side_effect and id_ is not None and id_ != progress.process_id:
            try:
                plain_id(id_)
            except UnreadableReplyError as error:
                return error
        progress.process_id = id_ or progress.process_id
        return (yield from self._exchange(attrs.evolve(call, process_id=progress.process_id), progress))

    def _exchange(self, call: Call, progress: _Progress) -> Generator[Step, Any, Reply | Exception]:
        """Make a call as often as it may be made; return its reply, or the error it ended in."""
        if not is_absolute(call) and (problem := path_problem(call)) is not None:
            return problem
        number = 0
        while True:
            number += 1
            permit = yield from self._permitted(call)
            if isinstance(permit, EsignError):
                return permit
            outcome: Outcome | None = None
            try:
                outcome = yield from self._attempt(call, progress, number)
            finally:
                # Not a step: a generator that is being closed cannot yield one.
                if outcome is None:
                    self._settle(permit, None)
            yield from self._off_the_loop(lambda: self._settle(permit, outcome))  # noqa: B023 - called at once
            error = interpret(
                self.provider, call, outcome, progress.operation, had_side_effect=progress.had_side_effect
            )
            if error is None and outcome.reply is not None:
                progress.had_side_effect = progress.had_side_effect or not call.repeatable
                if len(outcome.reply.body) <= _LONGEST_QUOTED:
                    progress.responses.append(outcome.reply.body)
                # After an effect nothing can be asked for again: an id is read wherever it can be found.
                return attrs.evolve(outcome.reply, lenient=True) if not call.repeatable else outcome.reply
            wait = None if _ends_repeating(error) else self._wait(call, outcome, number)
            if wait is None:
                return self.with_retry_at(error, outcome) if error else UnreadableReplyError()
            if wait > self.settings.max_wait:
                return RateLimitError(retry_at=self.clock() + timedelta(seconds=wait), status=_status(outcome))
            yield Wait(wait)

    def _permitted(self, call: Call) -> Generator[Step, Any, Permit | EsignError]:
        """Wait for room in the account's budget of calls, or return the error that says when there will be room."""
        if call.anonymous:
            return Permit(0)
        before = None
        while True:
            now = self.clock()
            try:
                answer = yield from self._off_the_loop(lambda: self.budget.acquire(now, effect=not call.repeatable))  # noqa: B023 - called at once
            except EsignError as error:
                return detach(error)
            except Exception as error:  # noqa: BLE001 - a database fails in many ways, and nothing was sent yet
                what = f"the call store cannot be used ({type(error).__name__}); nothing was sent"
                return UnavailableError(what, hint="Look at the file of call_store and its folder, then try again.")
            if isinstance(answer, Permit):
                return answer
            wait = answer.until - now
            # A clock that stands still, as a recorded one does, would be waited for forever.
            if wait > SHORT + SHORT or now == before:
                hint = "Nothing was sent: the account's own call_limits (or its plan's) leave no room until then."
                return RateLimitError(retry_at=answer.until, hint=hint)
            before = now
            yield Wait(max(0.0, wait.total_seconds()))

    def _off_the_loop(self, work: Callable[[], Any]) -> Generator[Step, Any, Any]:
        """Count calls in a blocking step where there is anything to count."""
        return (yield Blocking(work)) if self.budget.windows else work()

    def _settle(self, permit: Permit, outcome: Outcome | None) -> None:
        """Count the call as made now; refund it where it is proven that nothing was sent. Never raises."""
        try:
            self.budget.settle(permit, self.clock())
            if outcome is not None and outcome.failure is not None and not outcome.failure.sent:
                self.budget.refund(permit)
        except Exception as error:  # noqa: BLE001 - counting must not change the outcome of a call that was made
            _log.warning("%s: a call could not be counted as finished: %s", self.account, type(error).__name__)

    def _attempt(self, call: Call, progress: _Progress, number: int) -> Generator[Step, Any, Outcome]:
        """Send the call once, tell observers, and write the log line."""
        ready = call if call.anonymous else self.provider.authorize(call)
        trace = AttemptTrace()
        details = self._details(call, progress, number)
        if progress.responses or number > 1:
            # An observer must not delay the next step of a flow: an upload address may live for seconds only.
            progress.unobserved.append(lambda: self.plugins.before_call(details))
        else:
            progress.unobserved.append(lambda: self.plugins.before_call(details))
            yield from self._notify(progress)
        try:
            outcome = cast("Outcome", (yield Send(ready, cast("DownloadTarget", progress.target), trace)))
        except Exception as raised:
            if not trace.traced and _is_of_another_tool(raised):
                raise
            # Every exception of a transport goes through the outcome table.
            outcome = _escaped(raised, trace)
        except BaseException:
            effect = not call.repeatable and trace.may_have_been_sent
            progress.may_have_had_side_effect = progress.may_have_had_side_effect or effect
            sent, received = trace.bytes_sent, trace.bytes_received
            ended = attrs.evolve(
                details, problem="interrupted", status=trace.status, bytes_sent=sent, bytes_received=received
            )
            self._observe(ended, progress)
            raise
        if not call.repeatable and (outcome.failure is None or outcome.failure.sent):
            progress.may_have_had_side_effect = True
        problem = outcome.failure.what if outcome.failure else None
        ended = attrs.evolve(
            details,
            status=_status(outcome),
            bytes_sent=outcome.bytes_sent,
            bytes_received=outcome.bytes_received,
            seconds=outcome.seconds,
            problem=problem,
        )
        self._observe(ended, progress)
        return outcome

    def _details(self, call: Call, progress: _Progress, number: int) -> CallDetails:
        return CallDetails(
            provider=self.provider.name,
            account=self.account,
            operation=progress.operation,
            method=call.method,
            route=route_of(call, self.provider.owns),
            attempt=number,
            started_at=self.clock(),
        )

    def _notify(self, progress: _Progress) -> Generator[Step, Any, None]:
        """Notify the observers, if there are any, off the event loop: a slow one must not delay other operations."""
        if progress.unobserved and self.plugins.observe_calls:
            yield Blocking(progress.notify)
        progress.unobserved.clear()

    def _observe(self, details: CallDetails, progress: _Progress) -> None:
        progress.unobserved.append(lambda: self.plugins.after_call(details))
        _log.info(
            "%s %s: %s %s, attempt %d, %s, %d ms",
            details.account,
            details.operation,
            details.method,
            details.route,
            details.attempt,
            details.status or details.problem or "",
            round(details.seconds * 1000),
        )

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
            read_attempts=self.settings.read_attempts,
        )
        # Only a wait that the vendor asks for can be too long; one of our own making is shortened.
        return wait if wait is None or after is not None else min(wait, self.settings.max_wait)

    def with_retry_at(self, error: Exception, outcome: Outcome) -> Exception:
        """Add to a rate-limit error the moment that the vendor names."""
        if isinstance(error, RateLimitError) and error.retry_at is None and outcome.reply is not None:
            after = parse_retry_after(outcome.reply.headers.get("retry-after"), self.clock())
            error.retry_at = None if after is None else self.clock() + timedelta(seconds=after)
        return error

    def with_context(self, error: EsignError, progress: _Progress, sensitive: tuple[str, ...]) -> EsignError:
        """Add context to an error and redact sensitive values."""
        quoted = ""
        if progress.had_side_effect and not isinstance(error, OutcomeUnknownError) and not error.definite:
            if isinstance(error, UnreadableReplyError) and error.hint and "othing was" not in error.hint:
                quoted = mask(error.hint, sensitive) + " "
            error = as_unknown(error)
        error.provider = error.provider or self.provider.name
        error.operation = error.operation or progress.operation
        error.process_id = error.process_id or progress.process_id
        if isinstance(error, OutcomeUnknownError) and not error.advice:
            error.advice = quoted + advice(error.operation, error.process_id)
        if error.report is not None:
            self._complete_missed(error.report, progress, sensitive)
        return scrub(error, (*sensitive, *sensitive_values_in(progress.responses)))

    def _complete_report(self, report: ResendReport, progress: _Progress, operation: Operation[Any]) -> None:
        if report.missed:
            self._complete_missed(report, progress, (*self.secrets, *sensitive_values(*operation.sensitive)))

    def _complete_missed(self, report: ResendReport, progress: _Progress, sensitive: tuple[str, ...]) -> None:
        """Give the errors of a report the context that raised ones get; each speaks of one person alone."""
        alone = attrs.evolve(progress, had_side_effect=False)
        for missed in report.missed:
            self.with_context(detach(missed.error), alone, sensitive)


def _ends_repeating(error: Exception | None) -> bool:
    """Tell whether the provider read in a reply that another attempt would end the same."""
    return isinstance(error, EsignError) and error.definite and not isinstance(error, RateLimitError)


def as_internal_error(operation: str, error: Exception) -> EsignError:
    """Return the error for a failure of our own, a provider's or the caller's code after the vendor had answered."""
    _log.error("%s failed after the vendor had answered: %s", operation, type(error).__name__)
    return UnreadableReplyError(f"what followed failed with {type(error).__name__}")


def as_unknown(error: EsignError) -> OutcomeUnknownError:
    """Return an error of a flow that already had an effect as one that does not say that nothing happened."""
    if isinstance(error, UnreadableReplyError):
        what = f"the vendor accepted the call, and its answer cannot be used: {error.message}"
    else:
        reason = type(error).summary if "nothing" in error.message else error.message
        what = "a later step of the operation failed" + ("" if "nothing" in reason else f": {reason}")
    changed = unknown(what, status=error.status)
    for name in ("provider", "operation", "process_id", "vendor_code", "vendor_message", "report"):
        setattr(changed, name, getattr(error, name))
    retry_at = getattr(error, "retry_at", None)
    if retry_at is not None:
        changed.hint = f"The vendor takes further calls from {retry_at.isoformat()}."
    return changed


def _is_of_another_tool(raised: Exception) -> bool:
    """Tell whether an exception comes from a tool that replaced the network, such as a cassette: it explains itself."""
    return type(raised).__module__.partition(".")[0] not in _NETWORK_STACK


def _escaped(raised: Exception, trace: AttemptTrace) -> Outcome:
    """Return the outcome of an attempt whose transport raised: an exception's class proves nothing."""
    _log.error("the transport raised %s", type(raised).__name__)
    failure = Failure(
        what=f"the transport failed with {type(raised).__name__}",
        sent=trace.may_have_been_sent,
        final=True,
        status=trace.status,
        error=detach(raised) if isinstance(raised, EsignError) else None,
    )
    return Outcome(failure=failure, bytes_sent=trace.bytes_sent, bytes_received=trace.bytes_received)


def _add_note(raised: BaseException, operation: str, process_id: str | None) -> None:
    raised.add_note(f"{NOTE}{OutcomeUnknownError.summary}. {advice(operation, process_id)}")


def _status(outcome: Outcome) -> int | None:
    return outcome.reply.status if outcome.reply is not None else outcome.failure.status if outcome.failure else None
