"""An account is opened by its name, in both modes, in the sandbox and out of it, and fails at once or not at all."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.acme import DRAFT, KEY, NOW, Acme, AcmeBox, Boxed

from esign_core import AsyncClient, Client, connect, connect_async
from esign_core.model.errors import ConfigError, EsignError, OutcomeUnknownError, RateLimitError, UnavailableError
from esign_core.model.process import Process
from esign_core.providers.capabilities import Feature
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, json_reply

ACCOUNT = {"provider": "acme", "base_url": "https://api.acme.example/v1", "key": KEY}
BOXED = {"provider": "acme", "environment": "sandbox"}
CONFIG = {
    "accounts": {"legal": ACCOUNT, "try": BOXED, "bad": {**ACCOUNT, "kye": KEY}, "far": {**BOXED, "provider": "farr"}}
}

OPENERS: dict[str, Callable[..., Client | AsyncClient]] = {"sync": connect, "async": connect_async}


def run(result: Any) -> Any:
    """Return a result, awaited where it is to be."""

    async def awaited() -> Any:
        return await result

    return asyncio.run(awaited()) if inspect.isawaitable(result) else result


@pytest.fixture
def open_account(mode: str, acme_installed: None) -> Any:
    """Return what opens accounts in the test's mode."""
    return OPENERS[mode]


# --- opening ---------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_by_its_name(open_account: Any) -> None:
    """Nothing is awaited and no server is asked."""
    client = open_account("legal", config=CONFIG)
    assert (client.provider, client.account) == ("acme", "legal")
    assert client.capabilities.supports(Feature.ORDER)
    assert client.check(DRAFT) == ()
    run(client.close())


@pytest.mark.usefixtures("acme_installed")
def test_a_client_is_a_context_manager() -> None:
    """In both modes; when it ends, its connections are closed."""

    async def story() -> None:
        async with connect_async("try", config=CONFIG) as client:
            assert (await client.create(DRAFT)).id == "P1"
        with pytest.raises(EsignError, match="closed"):
            await client.create(DRAFT)

    with connect("try", config=CONFIG) as client:
        assert client.create(DRAFT).id == "P1"
    with pytest.raises(EsignError, match="closed"):
        client.create(DRAFT)
    asyncio.run(story())


@pytest.mark.parametrize("account", ["nobody", "bad", "far"])
def test_a_configuration_that_cannot_be_used_fails_at_once_and_shows_no_key(open_account: Any, account: str) -> None:
    """In `connect` itself, with a sentence that names the key; not even the frames of the error hold its value."""
    with pytest.raises(ConfigError) as caught:
        open_account(account, config=CONFIG)
    assert caught.value.__context__ is None
    assert KEY not in str(caught.value)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    held = [repr(value) for frame in frames for name, value in frame.f_locals.items() if name != "config"]
    assert not any(KEY in each for each in held)
    assert frames[-1].f_code.co_name.startswith("connect")


def test_a_provider_without_a_sandbox_cannot_be_opened_in_one(
    open_account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is the configuration's fault."""
    monkeypatch.setattr(Boxed, "sandbox", Acme.sandbox)
    with pytest.raises(ConfigError, match="another environment"):
        open_account("try", config=CONFIG)


def test_a_clock_without_a_zone_is_refused(open_account: Any) -> None:
    """Every moment is aware."""
    with pytest.raises(ConfigError, match="time zone"):
        open_account("legal", config=CONFIG, clock=lambda: NOW.replace(tzinfo=None))


def test_a_client_outside_the_sandbox_has_none(open_account: Any) -> None:
    """And says which environment has one."""
    client = open_account("legal", config=CONFIG)
    with pytest.raises(ConfigError, match='environment = "sandbox"'):
        _ = client.sandbox
    run(client.close())


def test_both_colours_have_equal_methods_and_parameters() -> None:
    """What does I/O is awaited in one of them; names, kinds, defaults and docstrings are the same."""
    plain = {name: method for name, method in inspect.getmembers(Client, callable) if not name.startswith("_")}
    awaited = {name: method for name, method in inspect.getmembers(AsyncClient, callable) if not name.startswith("_")}
    assert set(plain) == set(awaited) >= {"create", "get", "resend", "cancel", "download", "timeline", "run", "call"}
    for name, method in plain.items():
        assert inspect.signature(method).parameters == inspect.signature(awaited[name]).parameters
        assert inspect.getdoc(method) == inspect.getdoc(awaited[name])
        assert inspect.iscoroutinefunction(awaited[name]) == (name not in ("check", "receive"))


# --- the sandbox -----------------------------------------------------------------------------------------------------


def test_an_account_in_the_sandbox_needs_no_key_and_no_network(open_account: Any) -> None:
    """Its own key is invented, its documents arrive, its clock is the client's."""
    client = open_account("try", config=CONFIG)
    assert isinstance(client.sandbox, AcmeBox)
    client.sandbox.move_clock(timedelta(days=400))
    before = datetime.now(UTC)

    async def story() -> Process:
        found: Process = await client.get("P1")
        await client.close()
        return found

    process = asyncio.run(story()) if isinstance(client, AsyncClient) else client.get("P1")
    assert process.raw["key"] == "acme-invented"
    assert process.read_at is not None
    assert process.read_at - before > timedelta(days=399)


def test_a_clock_that_is_passed_is_the_sandboxs_too(open_account: Any) -> None:
    """So that a recording can be played again."""
    client = open_account("try", config=CONFIG, clock=lambda: NOW)
    assert client.sandbox.clock.now() == NOW
    process = run(client.get("P1"))
    assert process.read_at == NOW


FAULTS: list[tuple[str, dict[str, Any], type[Exception], int]] = [
    ("refused", {"times": 9}, UnavailableError, 0),
    ("lost", {}, OutcomeUnknownError, 1),
    ("stalled", {}, OutcomeUnknownError, 1),
    ("cut", {}, OutcomeUnknownError, 1),
    ("garbled", {}, OutcomeUnknownError, 1),
    ("status", {"status": 500}, OutcomeUnknownError, 1),
    ("status", {"status": 429, "retry_after": 99}, RateLimitError, 1),
]


@pytest.mark.parametrize(("kind", "how", "error", "requests"), FAULTS, ids=range(len(FAULTS)))
def test_the_sandboxs_weather_is_the_wires(
    open_account: Any, kind: str, how: dict[str, Any], error: type[Exception], requests: int
) -> None:
    """The same faults end in the same errors, as often asked for as on a real wire."""
    client = open_account("try", config=CONFIG)
    client.sandbox.faults.add(kind, **how)
    with pytest.raises(error):
        run(client.create(DRAFT))
    assert client.sandbox.requests == requests


@pytest.mark.parametrize("kind", ["refused", "lost", "stalled", "cut", "garbled"])
def test_a_read_survives_the_sandboxs_weather(open_account: Any, kind: str) -> None:
    """It is read again."""
    client = open_account("try", config=CONFIG)
    client.sandbox.faults.add(kind)
    assert run(client.get("P1")).id == "P1"


def test_waits_move_the_sandboxs_clock(open_account: Any) -> None:
    """The client does not sleep while it waits for an emulator."""
    client = open_account("try", config=CONFIG)
    client.sandbox.faults.add("status", status=429, retry_after=20)
    before = client.sandbox.clock.now()
    run(client.get("P1"))
    assert client.sandbox.clock.now() - before >= timedelta(seconds=20)


def test_an_answer_too_long_to_be_told_from_is_still_an_answer(
    open_account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it says of people is not looked through, and it is read all the same."""
    monkeypatch.setattr(AcmeBox, "_answer", lambda *_: json_reply(200, {"id": "P1", "much": "x" * 100_000}))
    assert len(run(open_account("try", config=CONFIG).get("P1")).raw["much"]) == 100_000


def test_a_head_is_answered_with_a_length_and_no_body(open_account: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says how long another answer would be."""

    def answer(_: AcmeBox, __: Any, request: Request) -> Reply:
        assert request.method == "HEAD"
        return Reply(status=200, headers={"content-length": "500"})

    monkeypatch.setattr(AcmeBox, "_answer", answer)
    assert run(open_account("try", config=CONFIG).call("HEAD", "/x")).headers["content-length"] == "500"
