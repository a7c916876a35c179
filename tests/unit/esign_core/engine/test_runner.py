"""Runners run an operation to its end and close its flow in every case."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any, cast

import pytest
from tests.support.acme import DRAFT, KEY, NOW, AcmeSettings, Minimal
from tests.support.vendor import FINE, Vendor, answer

from esign_core.accounts.settings import Secret
from esign_core.accounts.window import Window
from esign_core.engine.attempt import AttemptTrace, DownloadTarget, Outcome
from esign_core.engine.operations import Operations
from esign_core.engine.ratelimit import Budget, Denied, Permit
from esign_core.engine.runner import AsyncRunner, Runner, SyncSender
from esign_core.engine.steps import Execution, Operation
from esign_core.http.downloads import download_target
from esign_core.http.transport import AsyncTransport
from esign_core.model.errors import (
    AuthenticationError,
    ConfigError,
    EsignError,
    InvalidRequestError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.providers.flow import Call, Flow, Reply
from esign_core.providers.plugins import Plugins

ends: list[str] = []


def execution(provider: type[Minimal] = Minimal) -> Execution:
    """Return what runs operations of the invented vendor."""
    settings = AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY))
    return Execution(provider(settings), "legal", Plugins(), lambda: NOW, Budget(()), secrets=(KEY,))


def runner(transport: object, provider: type[Minimal] = Minimal) -> Runner:
    """Return a runner with a transport."""
    return Runner(execution(provider), cast("SyncSender", transport), download_target)


def flow() -> Flow[str]:
    """Read twice, and write down how it ended."""
    ends.clear()
    try:
        yield Call.get("/one")
        yield Call.get("/two")
        return "done"
    except BaseException as error:
        ends.append(type(error).__name__)
        raise


class Interrupted:
    """A transport that is interrupted by the keyboard."""

    def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
        """Be interrupted."""
        raise KeyboardInterrupt

    def close(self) -> None:
        """Close nothing."""


class Good:
    """A transport that brings a good answer to everything."""

    def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
        """Answer."""
        return Outcome(reply=Reply())

    def close(self) -> None:
        """Close nothing."""
        ends.append("closed")


def test_a_flow_returns_what_it_returns() -> None:
    """Its calls are made in their order; closing the session closes the transport."""
    session = runner(Good())
    assert session.run(Operation(name="x", prepare=flow)) == "done"
    assert ends == []
    session.close()
    assert ends == ["closed"]


def test_an_interrupted_flow_is_closed() -> None:
    """What it holds open is closed with it, and nothing is called after."""
    with pytest.raises(KeyboardInterrupt):
        runner(Interrupted()).run(Operation(name="x", prepare=flow))
    assert ends == ["GeneratorExit"]


@pytest.mark.loopback
def test_a_flow_whose_wait_is_cancelled_is_closed(vendor: Vendor) -> None:
    """Between two tries, too."""
    vendor.say(answer(b"", 503, retry_after="20"), FINE)
    waiting = asyncio.Event()

    async def sleep(seconds: float) -> None:
        waiting.set()
        await asyncio.sleep(seconds)

    async def story() -> None:
        settings = AcmeSettings(base_url=vendor.origin, key=Secret("key"))
        runner_ = AsyncRunner(execution(), AsyncTransport(settings), download_target, sleep)
        operation: Operation[str] = Operation(name="x", prepare=flow)
        task = asyncio.ensure_future(runner_.run(operation))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await runner_.close()

    asyncio.run(story())
    assert ends == ["GeneratorExit"]
    assert len(vendor.heard) == 1


def test_credentials_that_cannot_be_made_are_told_with_their_operation() -> None:
    """An error raised while authorizing is named and masked like any other, and the flow is closed."""

    class Broken(Minimal):
        def authorize(self, call: Call) -> Call:
            raise ConfigError(f"the token {KEY} has expired")

    with pytest.raises(ConfigError) as caught:
        runner(Good(), Broken).run(Operation(name="x", prepare=flow, process_id="P1"))
    assert (caught.value.provider, caught.value.operation, caught.value.process_id) == ("acme", "x", "P1")
    assert KEY not in str(caught.value)
    assert ends == ["GeneratorExit"]


def test_an_error_keeps_the_facts_it_was_given() -> None:
    """A provider that knows better is not overruled."""

    def fail() -> Flow[None]:
        raise AuthenticationError(provider="other", operation="login", process_id="P9")
        yield Call.get("/never")  # a generator, all the same

    with pytest.raises(AuthenticationError) as caught:
        runner(Good()).run(Operation(name="x", prepare=fail, process_id="P1"))
    assert (caught.value.provider, caught.value.operation, caught.value.process_id) == ("other", "login", "P9")


def test_no_reply_and_no_failure_is_no_answer() -> None:
    """A transport that brings nothing is not believed."""

    class Empty(Good):
        def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
            return Outcome()

    with pytest.raises(UnreadableReplyError):
        runner(Empty()).run(Operation(name="x", prepare=flow))


def test_operation_repr_hides_what_was_given() -> None:
    """It stands in the frames of errors."""
    operation: Operation[Any] = Operation(name="x", prepare=flow, sensitive=(KEY,))
    assert "Operation(name='x', process_id=None" in repr(operation)
    assert KEY not in repr(operation)


def test_call_with_path_outside_account_is_refused() -> None:
    """A flow cannot leave the account's own address by a path."""

    def outside() -> Flow[Reply]:
        return (yield Call.get("/a/../../b"))

    operation: Operation[Reply] = Operation(name="x", prepare=outside)
    with pytest.raises(InvalidRequestError, match="path"):
        runner(Good()).run(operation)


def test_exception_of_another_tool_passes_through() -> None:
    """A tool that replaces the network, such as a cassette, explains itself."""

    class ToolError(Exception):
        pass

    class Replaced(Good):
        def send(self, call: Call, target: DownloadTarget, trace: AttemptTrace) -> Outcome:
            raise ToolError("this request was not recorded")

    operation: Operation[str] = Operation(name="x", prepare=flow)
    with pytest.raises(ToolError, match="not recorded"):
        runner(Replaced()).run(operation)


@pytest.mark.parametrize("error", [ConfigError("the store is not a database"), UnavailableError("the store is locked")])
def test_unusable_call_store_sends_nothing(error: EsignError) -> None:
    """The error of the store is raised as it is."""

    class Broken(Budget):
        def acquire(self, now: datetime, *, effect: bool) -> Permit | Denied:
            raise error

    operation: Operation[str] = Operation(name="x", prepare=flow)
    made = execution()
    made.budget = Broken([Window.parse("4/second")])
    with pytest.raises(type(error), match="the store"):
        Runner(made, cast("SyncSender", Good()), download_target).run(operation)


@pytest.mark.parametrize("mode", ["plain", "unreadable"])
def test_operation_of_odd_kind_is_refused_or_run(mode: str) -> None:
    """One that returns no flow is refused; one whose signature cannot be read is run."""

    def operation(provider: Minimal) -> Any:
        return 5 if mode == "plain" else iter_calls()

    def iter_calls() -> Flow[str]:
        yield Call.get("/one")
        return "done"

    if mode == "unreadable":
        operation.__signature__ = "unreadable"  # type: ignore[attr-defined]  # what `inspect` then refuses
    opened = Operations("legal", execution().provider, Plugins(), lambda: NOW, None)
    made = opened.own(operation, (), {})
    if mode == "plain":
        with pytest.raises(InvalidRequestError, match="must return a flow"):
            runner(Good()).run(made)
    else:
        assert runner(Good()).run(made) == "done"


def test_provider_has_no_notes_by_default() -> None:
    """Only a vendor that has something to say overrides it."""
    assert execution().provider.notes(DRAFT, NOW) == ()
