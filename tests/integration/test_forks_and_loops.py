"""A child process and an event loop have connections of their own."""

from __future__ import annotations

import asyncio
import functools
import gc
import json
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from tests.support.acme import KEY, AcmeSettings
from tests.support.vendor import Vendor

from esign_core.accounts.settings import Secret
from esign_core.engine.attempt import Outcome
from esign_core.http.downloads import MemoryTarget
from esign_core.http.transport import AsyncTransport, Transport
from esign_core.model.errors import EsignError
from esign_core.providers.flow import Call

pytestmark = pytest.mark.loopback

TIMES = 24


class Echo(BaseHTTPRequestHandler):
    """Answers with what the request was about, on a connection that is kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Return the path."""
        self._give(self.path)

    def do_POST(self) -> None:
        """Return the body."""
        self._give(self.rfile.read(int(self.headers["content-length"])).decode())

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def _give(self, asked: str) -> None:
        body = json.dumps({"asked": asked, "port": self.client_address[1]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def settings() -> Iterator[AcmeSettings]:
    """Yield the settings of an account at a server that keeps its connections."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield AcmeSettings(base_url=f"http://127.0.0.1:{server.server_port}", key=Secret(KEY))
    server.shutdown()
    thread.join()
    server.server_close()


def asked(outcome: Outcome) -> tuple[str, int]:
    assert outcome.reply is not None, outcome.failure
    tree = outcome.reply.json()
    return tree["asked"], tree["port"]


def calls(name: str) -> Iterator[tuple[Call, str]]:
    """Yield calls, and what their answers have to say."""
    for number in range(TIMES):
        path = f"/{name}/{number}"
        yield Call.get(path), path
        yield Call.post("/x", json=path), f'"{path}"'


def foreign(transport: Transport, name: str) -> int:
    """Make many calls; return how many answers belong to somebody else."""
    return sum(asked(transport.send(call, MemoryTarget()))[0] != due for call, due in calls(name))


async def foreign_async(transport: AsyncTransport, name: str) -> int:
    """Await many calls; return how many answers belong to somebody else."""
    return sum([asked(await transport.send(call, MemoryTarget()))[0] != due for call, due in calls(name)])


def in_child(work: Callable[[], int]) -> int:
    """Start a child process that does some work; return its id."""
    child = os.fork()
    if child:
        return child
    code = 99
    try:
        code = work()
    finally:
        os._exit(code)


def ended(children: list[int]) -> list[int]:
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


forks = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # the server runs in a thread of this process


@forks
def test_forked_workers_get_their_own_answers(settings: AcmeSettings) -> None:
    """After a first call, two children and their parent ask at once: no answer goes to somebody else."""
    transport = Transport(settings)
    _, port = asked(transport.send(Call.get("/first"), MemoryTarget()))
    children = [in_child(functools.partial(foreign, transport, name)) for name in ("a", "b")]
    assert foreign(transport, "parent") == 0
    assert ended(children) == [0, 0]
    assert asked(transport.send(Call.get("/last"), MemoryTarget()))[1] == port
    transport.close()


@forks
def test_child_that_ends_leaves_the_parents_connection(settings: AcmeSettings) -> None:
    """A child that closes the client, and a child that only ends, touch nothing of their parent's."""
    transport = Transport(settings)
    _, port = asked(transport.send(Call.get("/first"), MemoryTarget()))

    def close() -> int:
        transport.close()
        gc.collect()
        return 0

    assert ended([in_child(close), in_child(lambda: gc.collect() * 0)]) == [0, 0]
    assert asked(transport.send(Call.get("/last"), MemoryTarget())) == ("/last", port)
    transport.close()


@forks
def test_lock_held_during_a_fork_does_not_matter(settings: AcmeSettings) -> None:
    """Another thread may hold a lock in the moment of the fork, and does not exist in the child."""
    transport = Transport(settings)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transport._pools._lock:
            held.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    child = in_child(lambda: foreign(transport, "child"))
    assert ended([child]) == [0]
    done.set()
    thread.join()
    transport.close()


@forks
def test_fork_without_pythons_hooks_is_noticed(settings: AcmeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process id is looked at as well."""
    transport = Transport(settings)
    _, port = asked(transport.send(Call.get("/first"), MemoryTarget()))
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert asked(transport.send(Call.get("/next"), MemoryTarget()))[1] != port
    transport.close()


@forks
def test_async_client_works_in_a_child(settings: AcmeSettings) -> None:
    """Forked before, between and while its loop runs."""
    transport = AsyncTransport(settings)
    children = []

    async def story() -> tuple[int, int]:
        _, first = asked(await transport.send(Call.get("/first"), MemoryTarget()))
        children.append(in_child(lambda: asyncio.run(foreign_async(transport, "inside"))))
        assert await foreign_async(transport, "parent") == 0
        _, last = asked(await transport.send(Call.get("/last"), MemoryTarget()))
        return first, last

    first, last = asyncio.run(story())
    children.append(in_child(lambda: asyncio.run(foreign_async(transport, "after"))))
    assert first == last
    assert ended(children) == [0, 0]
    asyncio.run(transport.close())


def test_loops_one_after_another(settings: AcmeSettings) -> None:
    """Each has connections of its own, and those of closed loops go without a warning."""
    transport = AsyncTransport(settings)
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for number in range(4):
            assert asyncio.run(foreign_async(transport, str(number))) == 0
            gc.collect()
        assert len(transport._pools._loops) == 1
        asyncio.run(transport.close())
        gc.collect()
    assert [str(each.message) for each in warned] == []


def test_abandoned_client_gives_no_warning(settings: AcmeSettings) -> None:
    """A program that ends its loop without closing its client gets no warning about sockets."""
    gc.collect()
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        asyncio.run(foreign_async(AsyncTransport(settings), "x"))
        gc.collect()
    assert [str(each.message) for each in warned] == []


def test_loops_in_threads_at_once(settings: AcmeSettings) -> None:
    """One client serves several loops side by side."""
    transport = AsyncTransport(settings)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda name: asyncio.run(foreign_async(transport, name)), "abcdefgh"))
    assert found == [0] * 8
    asyncio.run(transport.close())


def test_threads_share_a_client(settings: AcmeSettings) -> None:
    """Each gets its own answers."""
    transport = Transport(settings)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda name: foreign(transport, name), "abcdefgh")) == [0] * 8
    transport.close()


def test_closing_ends_the_connections_of_other_loops(vendor: Vendor) -> None:
    """A call that is awaited in another thread's loop ends at once, with an outcome."""

    def stall(listening: Vendor, _: Any) -> None:
        listening.stalling.set()
        listening.closing.wait(20)

    vendor.say(stall)
    transport = AsyncTransport(AcmeSettings(base_url=vendor.origin, key=Secret(KEY)))
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(lambda: asyncio.run(transport.send(Call.post("/x", json={}), MemoryTarget())))
        assert vendor.stalling.wait(10)
        asyncio.run(transport.close())
        outcome = pending.result(10)
    assert outcome.failure is not None
    assert outcome.failure.sent


def closed_sync(settings: AcmeSettings) -> Outcome:
    transport = Transport(settings)
    transport.close()
    transport.close()
    return transport.send(Call.post("/x", json={}), MemoryTarget())


def closed_async(settings: AcmeSettings) -> Outcome:
    async def story() -> Outcome:
        transport = AsyncTransport(settings)
        await transport.send(Call.get("/x"), MemoryTarget())
        await transport.close()
        return await transport.send(Call.post("/x", json={}), MemoryTarget())

    return asyncio.run(story())


@pytest.mark.parametrize("close", [closed_sync, closed_async])
def test_closed_transport_sends_nothing(settings: AcmeSettings, close: Callable[[AcmeSettings], Outcome]) -> None:
    """Its outcome says so, with an error of ours."""
    failure = close(settings).failure
    assert failure is not None
    assert isinstance(failure.error, EsignError)
    assert (failure.sent, failure.final) == (False, True)
    assert "Nothing was sent" in (failure.error.hint or "")
