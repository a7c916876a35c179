"""A month on the vendor's smallest plan: the client keeps within it, and the sandbox refuses whatever goes beyond."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.sandbox.arqsign.samples import pdf

from esign_arqsign.sandbox import Box, Plan
from esign_core import Client, Document, ProcessDraft, RateLimitError, SignerDraft, connect
from esign_core.sandbox import State


@attrs.frozen(kw_only=True)
class Counted(Plan):
    """A plan that also notes when the requests arrived that it admitted."""

    arrivals: list[datetime] = attrs.field(factory=list)

    def admit(self, state: State, now: datetime) -> int:
        """Count a request, and note when it arrived: not when its answer was read, which is later on a busy machine."""
        wait = Plan.admit(self, state, now)
        if not wait:
            self.arrivals.append(now)
        return wait


def smallest() -> Counted:
    """Return the vendor's smallest plan."""
    return Counted(per_second=4, per_minute=80, per_hour=80, per_month=80, month=timedelta(days=31))


SENDS = 20
"""What the smallest plan pays for in a month."""


@attrs.define
class Program:
    """A program that uses an account, starts anew when asked to, and notes what came of each thing it wanted."""

    folder: Path
    limits: dict[str, Any] = attrs.field(factory=lambda: {"plan": "profissional"})
    kept: bool = True
    """Whether the vendor and the count of calls outlive a restart; files are slow."""
    client: Client = attrs.field(init=False)
    ids: list[str] = attrs.field(factory=list)
    tally: Counter[str] = attrs.field(factory=Counter)
    plan: Counted = attrs.field(factory=smallest)

    def __attrs_post_init__(self) -> None:
        self.client = self._started()

    def _started(self) -> Client:
        files = (
            {}
            if not self.kept
            else {"sandbox_file": str(self.folder / "vendor.db"), "call_store": str(self.folder / "calls.db")}
        )
        account = {"provider": "arqsign", "environment": "sandbox", **self.limits, **files}
        client = connect("br", config={"accounts": {"br": account}})
        assert isinstance(client.sandbox, Box)
        client.sandbox.plan = self.plan
        return client

    def restart(self) -> None:
        """End the program and start it again: the vendor and the count of calls stay."""
        now = self.client.sandbox.clock.now()
        self.client.close()
        self.client = self._started()
        assert self.client.sandbox.clock.now() >= now

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.client.sandbox.move_clock(timedelta(**length))

    def send(self) -> None:
        """Send a contract, which must not fail."""
        number = len(self.ids) + 1
        with self._noted("send"):
            self.ids.append(self.client.create(_draft(number)).id)

    def read(self, process_id: str) -> None:
        """Ask how a process stands, or be told to come back later."""
        error = self._read(process_id)
        if error is not None:
            assert error.status is None, "the vendor had to refuse it"
            assert error.retry_at is not None
            assert error.retry_at > self.client.sandbox.clock.now()
            self.tally["held back"] += 1

    def _read(self, process_id: str) -> RateLimitError | None:
        try:
            with self._noted("read"):
                self.client.get(process_id)
        except RateLimitError as error:
            return error
        return None

    def _noted(self, what: str) -> _Noted:
        return _Noted(self, what)


@attrs.define
class _Noted:
    """Count the requests that reached the vendor meanwhile."""

    program: Program
    what: str
    before: int = 0

    def __enter__(self) -> None:
        self.before = self.program.client.sandbox.requests

    def __exit__(self, *_: object) -> None:
        box = self.program.client.sandbox
        reached = box.requests - self.before
        assert reached <= 1, "nothing may have to be repeated"
        self.program.tally[self.what] += reached


def _draft(number: int) -> ProcessDraft:
    return ProcessDraft(
        name=f"Contract {number}",
        documents=[Document.from_bytes(pdf(), name="contract.pdf")],
        signers=[SignerDraft(name="Ana Example", email="ana@example.com")],
    )


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Give a program whose account is on the smallest plan."""
    started = Program(tmp_path)
    yield started
    started.client.close()


def test_month_of_polling_starves_no_send(program: Program) -> None:
    """All sends of the plan go out, no request is beyond a window, and the reads have what is left to them."""
    for day in range(31):
        if day % 3 != 2 and len(program.ids) < SENDS:
            program.send()
        for process_id in program.ids[-8:]:
            program.read(process_id)
        program.wait(hours=12)
        for process_id in program.ids[-4:]:
            program.read(process_id)
        program.wait(hours=11, minutes=59)
        if day % 5 == 4:
            program.restart()
    assert program.tally["send"] == len(program.ids) == SENDS
    assert program.tally["read"] == 40
    assert program.tally["held back"] > 100
    program.wait(days=1)
    program.read(program.ids[0])
    assert program.tally["read"] == 41


def test_burst_waits_out_the_second_window_alone(tmp_path: Path) -> None:
    """Sends as fast as they come: four in any second, none refused, each but waited for."""
    program = Program(tmp_path, kept=False)
    began = program.client.sandbox.clock.now()
    for _ in range(SENDS):
        program.send()
    assert program.tally == {"send": SENDS}
    assert program.client.sandbox.clock.now() - began >= timedelta(seconds=SENDS // 4 - 1)
    arrivals = program.plan.arrivals
    assert len(arrivals) == SENDS
    for moment in arrivals:
        assert sum(moment - timedelta(seconds=1) < other <= moment for other in arrivals) <= 4
    program.client.close()


def test_spent_month_sends_nothing_and_says_when_to_come_back(tmp_path: Path) -> None:
    """The error names a moment a month after the first call, also to a program that was started anew; then it works."""
    program = Program(tmp_path, limits={"plan": "profissional", "send_share": 0})
    first = program.client.sandbox.clock.now()
    program.send()
    sent = program.client.sandbox.clock.now()
    for _ in range(79):
        program.read(program.ids[0])
    assert program.tally == {"send": 1, "read": 79}
    program.restart()
    program.wait(days=2)
    with pytest.raises(RateLimitError) as caught:
        program.send()
    assert program.tally == {"send": 1, "read": 79}
    assert caught.value.status is None
    assert caught.value.retry_at is not None
    assert first <= caught.value.retry_at - timedelta(days=31) <= sent + timedelta(seconds=1)
    program.wait(seconds=(caught.value.retry_at - program.client.sandbox.clock.now()).total_seconds())
    program.send()
    program.client.close()


def test_without_a_plan_the_vendor_itself_refuses(tmp_path: Path) -> None:
    """The sandbox's plan is real: a client that is held to nothing runs into it."""
    careless = Program(tmp_path, limits={}, kept=False)
    for _ in range(4):
        careless.send()
    with pytest.raises(RateLimitError) as caught:
        careless.send()
    assert caught.value.status == 429
    careless.client.close()
