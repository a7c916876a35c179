"""Test what an operation says once a request with an effect was sent or answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from tests.support.acme import DRAFT, KEY, NOW, PDF, Acme, AcmeSettings
from tests.unit.esign_core.conftest import OpenBench

from esign_core.accounts.settings import Secret
from esign_core.accounts.window import Window
from esign_core.engine.attempt import AttemptTrace, DownloadTarget, Failure, Outcome
from esign_core.engine.operations import Operations
from esign_core.engine.ratelimit import Budget, Denied, Permit
from esign_core.engine.runner import AsyncRunner, AsyncSender, Runner, SyncSender
from esign_core.engine.steps import Execution, Operation
from esign_core.http.downloads import download_target
from esign_core.model.documents import Document
from esign_core.model.errors import (
    AuthenticationError,
    ConfigError,
    ConflictError,
    EsignError,
    InvalidRequestError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.model.process import Process
from esign_core.model.resend import Resend
from esign_core.providers.base import Provider
from esign_core.providers.flow import Call, Flow, Reply
from esign_core.providers.hookspecs import CallDetails, hookimpl
from esign_core.providers.plugins import Plugins

NOWHERE = "https://api.acme.example/v1"
FINE = Outcome(reply=Reply.of({"id": "P1"}))
LOST = Outcome(failure=Failure(what="the connection was lost", sent=True))
UNSENT = Outcome(failure=Failure(what="no connection", sent=False))
Scripted = Outcome | BaseException


def reply(status: int, tree: Any = None, **headers: str) -> Outcome:
    """Return the outcome of a call that was answered."""
    made = Reply.of(tree if tree is not None else {}, status)
    return Outcome(reply=Reply(status=status, headers={**made.headers, **headers}, body=made.body))


class Script:
    """A transport that brings the outcomes it was given, one after another; an exception is raised mid-way."""

    def __init__(self, *outcomes: Scripted, traced: bool = True, headers_sent: bool = True) -> None:
        self.outcomes = list(outcomes)
        self.calls: list[Call] = []
        self.traced = traced
        self.headers_sent = headers_sent

    def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
        """Bring the next outcome."""
        del target
        self.calls.append(call)
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, BaseException):
            trace.traced, trace.headers_sent, trace.bytes_sent = self.traced, self.headers_sent, 3
            raise outcome
        return outcome

    def close(self) -> None:
        """Close nothing."""


class AsyncScript(Script):
    """The same, awaited."""

    async def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:  # type: ignore[override]  # an await
        """Bring the next outcome."""
        return super().send(call, target, trace)

    async def close(self) -> None:  # type: ignore[override]  # an await
        """Close nothing."""


class Watcher:
    """An observer that keeps what it is given."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, CallDetails]] = []

    @hookimpl
    def esign_before_call(self, details: CallDetails) -> None:
        """Keep it."""
        self.seen.append(("before", details))

    @hookimpl
    def esign_after_call(self, details: CallDetails) -> None:
        """Keep it."""
        self.seen.append(("after", details))


class Account:
    """An account whose transport follows a script."""

    def __init__(self, kind: type[Provider], *plugins: object, budget: Budget | None = None, **settings: Any) -> None:
        provider = kind(AcmeSettings(base_url=NOWHERE, key=Secret(KEY), **settings))
        loaded = Plugins()
        loaded.load_observers(objects=plugins)
        self.waits: list[float] = []
        self.time = NOW
        self.operations = Operations("legal", provider, loaded, lambda: self.time, None)
        self.execution = Execution(provider, "legal", loaded, self.operations.now, budget or Budget(()), secrets=(KEY,))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.time += timedelta(seconds=seconds)

    def run(self, operation: Operation[Any], *outcomes: Scripted, **trace: bool) -> Any:
        """Run an operation over a script."""
        self.script = Script(*outcomes, **trace)
        return Runner(self.execution, cast("SyncSender", self.script), download_target, self.wait).run(operation)

    async def run_async(self, operation: Operation[Any], *outcomes: Scripted, **trace: bool) -> Any:
        """Run an operation over a script, awaited."""
        self.script = AsyncScript(*outcomes, **trace)
        return await AsyncRunner(self.execution, cast("AsyncSender", self.script), download_target).run(operation)


def error_of(account: Account, operation: Operation[Any], *outcomes: Scripted, **trace: bool) -> EsignError:
    """Return the error that an operation ends in."""
    with pytest.raises(EsignError) as caught:
        account.run(operation, *outcomes, **trace)
    return caught.value


# --- closed clients --------------------------------------------------------------------------------------------------

METHODS: list[tuple[str, tuple[Any, ...]]] = [
    ("create", (DRAFT,)),
    ("get", ("P1",)),
    ("resend", ("P1", Resend())),
    ("cancel", ("P1",)),
    ("download", ("P1",)),
    ("timeline", ("P1",)),
    ("run", (lambda provider: Acme.get(provider, "P1", NOW),)),
    ("call", ("GET", "/x")),
]


@pytest.mark.parametrize(("method", "args"), METHODS, ids=[name for name, _ in METHODS])
def test_closed_client_sends_nothing(open_bench: OpenBench, method: str, args: tuple[Any, ...]) -> None:
    """The error says so, however often the client was closed."""
    bench = open_bench(NOWHERE)
    bench.close()
    bench.close()
    with pytest.raises(EsignError, match="closed; nothing was sent") as caught:
        getattr(bench, method)(*args)
    assert caught.value.provider == "acme"


# --- interruptions ---------------------------------------------------------------------------------------------------

INTERRUPTIONS = [KeyboardInterrupt(), SystemExit(3), asyncio.CancelledError(), GeneratorExit()]


@pytest.mark.parametrize("interruption", INTERRUPTIONS, ids=lambda each: type(each).__name__)
def test_interrupted_effect_has_advice_in_note(interruption: BaseException, caplog: pytest.LogCaptureFixture) -> None:
    """It passes through as itself, and log and observers know of the request."""
    caplog.set_level(logging.INFO, "esign")
    interruption = type(interruption)(*interruption.args)
    watcher = Watcher()
    account = Account(Acme, watcher)
    with pytest.raises(type(interruption)) as caught:
        account.run(account.operations.create(DRAFT), interruption)
    assert caught.value is interruption
    (note,) = caught.value.__notes__
    assert OutcomeUnknownError.summary in note
    assert "Do not send it again before you have looked" in note
    assert [(when, details.status) for when, details in watcher.seen] == [("before", None), ("after", None)]
    assert (watcher.seen[1][1].problem, watcher.seen[1][1].bytes_sent) == ("interrupted", 3)
    assert "legal create: POST /processes, attempt 1, interrupted" in caplog.text


def test_cancelled_effect_has_advice_in_note() -> None:
    """A task that is cancelled is cancelled, and its exception says what may have happened."""
    watcher = Watcher()
    account = Account(Acme, watcher)

    class Stalling(AsyncScript):
        async def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:  # type: ignore[override]  # an await
            trace.traced = trace.headers_sent = True
            began.set()
            await asyncio.sleep(60)
            raise AssertionError(call, target)

    async def story() -> asyncio.CancelledError:
        runner = AsyncRunner(account.execution, cast("AsyncSender", Stalling()), download_target)
        task = asyncio.ensure_future(runner.run(account.operations.create(DRAFT)))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        return caught.value

    began = asyncio.Event()
    error = asyncio.run(story())
    assert "Do not send it again" in error.__notes__[0]
    assert [when for when, _ in watcher.seen] == ["before", "after"]


@pytest.mark.parametrize(
    ("make", "trace"),
    [
        (lambda account: account.operations.get("P1"), {}),
        (lambda account: account.operations.create(DRAFT), {"headers_sent": False}),
    ],
    ids=["read", "unsent effect"],
)
def test_interrupted_without_effect_has_no_note(make: Callable[[Account], Any], trace: dict[str, bool]) -> None:
    """A read, or an effect of which no header was sent."""
    account = Account(Acme)
    with pytest.raises(KeyboardInterrupt) as caught:
        account.run(make(account), KeyboardInterrupt(), **trace)
    assert not hasattr(caught.value, "__notes__")


def test_interrupted_after_effect_has_note() -> None:
    """Also where the interruption meets a later read of the same operation, with the id that is known."""

    def flow(provider: Acme) -> Flow[None]:
        yield Call.post("/processes")
        yield Call.get("/processes/P7", process_id="P7")

    account = Account(Acme)
    with pytest.raises(KeyboardInterrupt) as caught:
        account.run(account.operations.own(flow, (), {}), FINE, KeyboardInterrupt())
    assert "Read the process" in caught.value.__notes__[0]


@pytest.mark.parametrize("raised", [RuntimeError("Event loop is closed"), ValueError("x"), MemoryError()])
def test_escaped_exception_after_headers_is_unknown(raised: Exception) -> None:
    """Any exception of the transport while an effect is under way leaves the outcome unknown."""
    account = Account(Acme)
    error = error_of(account, account.operations.create(DRAFT), raised)
    assert isinstance(error, OutcomeUnknownError)
    assert error.advice
    error = error_of(account, account.operations.create(DRAFT), raised, traced=False, headers_sent=False)
    assert isinstance(error, OutcomeUnknownError)


def test_escaped_exception_before_headers_is_unavailable() -> None:
    """Nothing was sent, as the trace proves; a read is not unknown either."""
    account = Account(Acme)
    error = error_of(account, account.operations.create(DRAFT), *[RuntimeError("x")] * 3, headers_sent=False)
    assert isinstance(error, UnavailableError)
    error = error_of(account, account.operations.get("P1"), *[RuntimeError("x")] * 4)
    assert isinstance(error, UnavailableError)


# --- statuses --------------------------------------------------------------------------------------------------------

DEFINITE = [400, 401, 402, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 422, 429, 431, 451, 501]


@pytest.mark.parametrize("status", [*range(300, 309), *range(400, 600)])
def test_status_of_effect_is_definite_or_unknown(status: int) -> None:
    """Those by which a server refuses before acting are definite; every other leaves the outcome unknown."""
    account = Account(Acme)
    error = error_of(account, account.operations.create(DRAFT), reply(status))
    assert isinstance(error, OutcomeUnknownError) is (status not in DEFINITE)
    assert error.status == status
    assert len(account.script.calls) == 1


@pytest.mark.parametrize("status", [402, 409, 412, 423, 500, 503, 599])
def test_definite_error_of_provider_is_raised(status: int) -> None:
    """A provider reads in the reply that the vendor refused; without that, the status decides."""

    class Business(Acme):
        def error(self, call: Call, reply: Reply) -> EsignError:
            error = RefusedError("no credits", status=reply.status)
            error.definite = reply.json() == {"rule": "broken"}
            return error

    account = Account(Business)
    error = error_of(account, account.operations.create(DRAFT), reply(status, {"rule": "broken"}))
    assert (type(error), error.status, error.definite) == (RefusedError, status, True)
    error = error_of(account, account.operations.create(DRAFT), reply(status, {"rule": "kept"}))
    assert isinstance(error, RefusedError if status in DEFINITE else OutcomeUnknownError)


def test_failing_error_of_provider_hides_nothing() -> None:
    """The status decides where a provider cannot name an error."""

    class Broken(Acme):
        def error(self, call: Call, reply: Reply) -> EsignError:
            raise KeyError("x")

    account = Account(Broken)
    assert isinstance(error_of(account, account.operations.create(DRAFT), reply(500)), OutcomeUnknownError)
    assert isinstance(error_of(account, account.operations.create(DRAFT), reply(422)), RefusedError)


@pytest.mark.parametrize("status", [408, 425, 500, 503])
def test_read_status_that_passes_is_unavailable(status: int) -> None:
    """After as many attempts as the account allows."""
    for attempts in (1, 2, 4):
        account = Account(Acme, read_attempts=attempts)
        error = error_of(account, account.operations.get("P1"), *[reply(status)] * attempts)
        assert isinstance(error, UnavailableError)
        assert len(account.script.calls) == attempts


def test_definite_error_ends_repeating_of_read() -> None:
    """A vendor that fails the same way each time costs one call."""

    class Deterministic(Acme):
        def error(self, call: Call, reply: Reply) -> EsignError:
            error = UnavailableError("broken for good", status=reply.status)
            error.definite = True
            return error

    account = Account(Deterministic)
    assert error_of(account, account.operations.get("P1"), reply(500)).message == "broken for good"
    assert len(account.script.calls) == 1


MISSING_ROUTES = [
    "Método não encontrado.",
    "metodo nao encontrado",
    "Cannot GET /v1/processes/P1",
    "Cannot POST /v1/processes",
    "Route not found",
    "No such route",
    "no Route matched with those values",
    "Endpoint not found.",
    "The requested URL was not found on the server.",
    "No HTTP resource was found that matches the request URI",
    "Ruta no encontrada",
    "El método no existe",
    "Rota não encontrada",
    "No static resource v1/processes.",
]


@pytest.mark.parametrize("text", MISSING_ROUTES)
def test_missing_route_is_not_missing_process(text: str) -> None:
    """The hint names base_url; the identifier is not what is wrong."""
    account = Account(Acme)
    for body in ({"message": text}, text):
        error = error_of(account, account.operations.get("P1"), reply(404, body))
        assert type(error) is RefusedError
        assert "base_url" in (error.hint or "")


@pytest.mark.parametrize("text", ["Process not found", "Processo não encontrado", "", "The document does not exist"])
def test_missing_process_is_not_found(text: str) -> None:
    """A 404 that says nothing of an address is about the identifier."""
    account = Account(Acme)
    assert type(error_of(account, account.operations.get("P1"), reply(404, {"message": text}))) is NotFoundError


def test_missing_address_of_create_is_refused() -> None:
    """Nothing exists yet that could be missing under an identifier."""
    account = Account(Acme)
    error = error_of(account, account.operations.create(DRAFT), reply(404, {"message": "not found"}))
    assert type(error) is RefusedError
    assert "base_url" in (error.hint or "")


# --- later steps of a flow -------------------------------------------------------------------------------------------


def two_steps(provider: Acme, second: Call) -> Flow[str]:
    """Create, and do something more."""
    made = yield Call.post("/processes", process_id="P7")
    yield second
    return str(made.status)


FILE = Document.from_bytes(PDF, name="a.pdf")
SECOND = [
    Call.get("/more"),
    Call.post("/more"),
    Call.put("https://files.example.com/x", anonymous=True, content=FILE, process_id="P7"),
]
LATER: list[tuple[Scripted, ...]] = [
    (reply(400, {"message": "no"}),),
    (reply(401),),
    (reply(404),),
    (reply(409),),
    (reply(429, None, **{"retry-after": "900"}),),
    (reply(302),),
    (LOST,) * 4,
    (UNSENT,) * 4,
    (reply(503),) * 4,
    (reply(500),) * 4,
]


@pytest.mark.parametrize("second", SECOND, ids=["read", "effect", "upload"])
@pytest.mark.parametrize("outcomes", LATER, ids=range(len(LATER)))
def test_failure_after_effect_is_unknown(second: Call, outcomes: tuple[Scripted, ...]) -> None:
    """No later failure of a flow that had an effect says that nothing happened."""
    account = Account(Acme)
    error = error_of(account, account.operations.own(two_steps, (second,), {}), FINE, *outcomes)
    assert isinstance(error, OutcomeUnknownError)
    assert (error.process_id, error.definite) == ("P7", False)
    assert error.advice
    text = str(error).lower()
    assert "nothing happened" not in text
    assert "nothing was" not in text
    assert "safe" not in text


ENDINGS: list[Exception] = [
    InvalidRequestError("x"),
    ConfigError("x"),
    ConflictError(),
    AuthenticationError(),
    UnavailableError(),
    RateLimitError(),
    UnreadableReplyError("odd"),
    KeyError("x"),
    FileExistsError("x"),
]


@pytest.mark.parametrize("raised", ENDINGS, ids=lambda each: type(each).__name__)
def test_error_of_flow_after_effect_is_unknown(raised: Exception) -> None:
    """Any exception of a provider's code after the effect leaves the outcome unknown."""

    def flow(provider: Acme) -> Flow[None]:
        yield Call.post("/processes", process_id="P7")
        raise raised

    account = Account(Acme)
    error = error_of(account, account.operations.own(flow, (), {}), FINE)
    assert isinstance(error, OutcomeUnknownError)
    assert error.process_id == "P7"
    assert "nothing happened" not in str(error)


def test_definite_error_of_flow_after_effect_is_kept() -> None:
    """A provider that knows what happened is not overruled."""

    def flow(provider: Acme) -> Flow[None]:
        yield Call.post("/cancel", process_id="P7")
        error = ConflictError("it had ended already")
        error.definite = True
        raise error

    account = Account(Acme)
    error = error_of(account, account.operations.own(flow, (), {}), FINE)
    assert (type(error), error.message, error.process_id) == (ConflictError, "it had ended already", "P7")


def test_advice_of_provider_after_effect_is_kept() -> None:
    """A provider knows how to finish what was begun."""

    def flow(provider: Acme) -> Flow[None]:
        yield Call.post("/processes", process_id="P7")
        try:
            yield Call.get("/more")
        except EsignError as error:
            raise OutcomeUnknownError("half made", advice="Finish it with edit and overwrite.") from error

    account = Account(Acme)
    error = error_of(account, account.operations.own(flow, (), {}), FINE, reply(400))
    assert isinstance(error, OutcomeUnknownError)
    assert error.advice == "Finish it with edit and overwrite."


# --- ids in answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id_", ["../../etc", "a b", "", "x" * 65, "ñ", "a/b", "P1\n", "P1\0", "%2e%2e", 7.5, None, ["P1"]]
)
def test_odd_id_of_effect_is_unknown(id_: Any) -> None:
    """The advice quotes it, and no path is built from it."""

    class Odd(Acme):
        def create(self, draft: Any, now: Any) -> Flow[Process]:
            made = yield Call.post("/processes")
            id_ = made.json()["id"]
            yield Call.get(f"/processes/{id_}", process_id=id_)
            return Process(id=id_)

    for kind in (Odd, Acme) if id_ else (Acme,):
        account = Account(kind)
        error = error_of(account, account.operations.create(DRAFT), reply(200, {"id": id_}), FINE)
        assert isinstance(error, OutcomeUnknownError)
        assert error.process_id is None
        assert len(account.script.calls) == 1
        if id_ and isinstance(id_, str):
            assert repr(id_)[1:20] in error.advice


@pytest.mark.parametrize("id_", ["P1", "a-b_C", "x" * 64, "0"])
def test_plain_id_of_effect_is_kept(id_: str) -> None:
    """Letters, digits, "-" and "_", at most 64."""
    account = Account(Acme)
    assert account.run(account.operations.create(DRAFT), reply(200, {"id": id_})).id == id_


def test_odd_id_of_effect_is_masked() -> None:
    """What looks personal is not quoted."""
    account = Account(Acme)
    error = error_of(account, account.operations.create(DRAFT), reply(200, {"id": "ana@example.com"}))
    assert "ana@example.com" not in str(error)


# --- processes handed over -------------------------------------------------------------------------------------------


def test_process_handed_over_is_trusted() -> None:
    """Its id was read before; a text is judged by its form."""
    account = Account(Acme)
    read = account.run(account.operations.get(Process(id="DOCUMENTCODE")), FINE)
    assert (read.id, account.script.calls[0].path) == ("P1", "/processes/DOCUMENTCODE")
    with pytest.raises(NotFoundError, match="Nothing was sent"):
        account.run(account.operations.get("DOCUMENTCODE"))


# --- observers -------------------------------------------------------------------------------------------------------


def test_observer_delays_no_later_step() -> None:
    """All that follows the first request is delivered when the operation has ended, in order and with its time."""
    account: Account

    class Slow(Watcher):
        @hookimpl
        def esign_after_call(self, details: CallDetails) -> None:
            super().esign_after_call(details)
            calls_made.append(len(account.script.calls))

        @hookimpl
        def esign_before_call(self, details: CallDetails) -> None:
            super().esign_before_call(details)
            calls_made.append(len(account.script.calls))

    calls_made: list[int] = []
    slow = Slow()
    account = Account(Acme, slow)
    account.run(account.operations.own(two_steps, (Call.get("/more"),), {}), FINE, reply(503), FINE)
    assert [when for when, _ in slow.seen] == ["before", "after"] * 3
    assert calls_made == [0, 3, 3, 3, 3, 3]
    assert [details.started_at for _, details in slow.seen][::2] == sorted(
        details.started_at for when, details in slow.seen if when == "before" and details.started_at
    )
    assert slow.seen[4][1].started_at == account.time


@pytest.mark.parametrize("ending", [reply(400), KeyboardInterrupt()], ids=["error", "interruption"])
def test_observer_is_called_whatever_the_end(ending: Scripted) -> None:
    """An error or an interruption ends an operation too."""
    watcher = Watcher()
    account = Account(Acme, watcher)
    with pytest.raises((EsignError, KeyboardInterrupt)):
        account.run(account.operations.own(two_steps, (Call.get("/more"),), {}), FINE, ending)
    assert [(when, details.route) for when, details in watcher.seen] == [
        ("before", "/processes"),
        ("after", "/processes"),
        ("before", "/more"),
        ("after", "/more"),
    ]


# --- the count of calls ----------------------------------------------------------------------------------------------


class Fragile(Budget):
    """A budget whose store fails from one of its uses on."""

    def __init__(self, failing_from: int, error: Exception) -> None:
        super().__init__([Window.parse("4/second")])
        self.uses_left = failing_from
        self.error = error

    def acquire(self, now: datetime, *, effect: bool) -> Permit | Denied:
        """Count a call, or fail."""
        self._use()
        return super().acquire(now, effect=effect)

    def settle(self, permit: Permit, now: datetime) -> None:
        """Count a call as made, or fail."""
        self._use()
        super().settle(permit, now)

    def refund(self, permit: Permit) -> None:
        """Take a call back, or fail."""
        self._use()
        super().refund(permit)

    def _use(self) -> None:
        self.uses_left -= 1
        if self.uses_left < 0:
            raise self.error


STORE_ERRORS = [OSError(28, "No space left on device"), RuntimeError("locked"), MemoryError()]


@pytest.mark.parametrize("error", STORE_ERRORS, ids=lambda each: type(each).__name__)
def test_failing_count_changes_no_outcome(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """What happened at the vendor is returned or raised as without a count; the log says that it failed."""
    account = Account(Acme, budget=Fragile(1, error))
    assert account.run(account.operations.create(DRAFT), FINE).id == "P1"
    for outcome, kind in ((LOST, OutcomeUnknownError), (UNSENT, UnavailableError)):
        account = Account(Acme, budget=Fragile(1, error))
        assert isinstance(error_of(account, account.operations.create(DRAFT), outcome), kind)
    assert type(error).__name__ in caplog.text


@pytest.mark.parametrize("error", STORE_ERRORS, ids=lambda each: type(each).__name__)
def test_failing_count_before_sending_is_typed(error: Exception) -> None:
    """Nothing was sent, and the error says so."""
    account = Account(Acme, budget=Fragile(0, error))
    raised = error_of(account, account.operations.create(DRAFT))
    assert "nothing was sent" in str(raised)
    assert not isinstance(raised, OutcomeUnknownError)
    assert account.script.calls == []
