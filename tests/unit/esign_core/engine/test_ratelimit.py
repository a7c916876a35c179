"""The budget of calls: several windows at once, a share kept for sends, a count that outlives the program."""

from __future__ import annotations

import errno
import logging
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.accounts.window import Window
from esign_core.engine import ratelimit
from esign_core.engine.machine import has_ended, is_visible, steady_time, this_process
from esign_core.engine.ratelimit import Budget, Denied, Permit
from esign_core.model.errors import ConfigError, EsignError, UnavailableError

START = datetime(2026, 1, 1, tzinfo=UTC)
SECOND, MONTH = Window.parse("4/second"), Window.parse("80/month")
ELSEWHERE = "another-boot:1:2:3"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def permitted(budget: Budget, moment: datetime, *, effect: bool = True) -> Permit:
    """Return the permit of a call that must be permitted."""
    answer = budget.acquire(moment, effect=effect)
    assert isinstance(answer, Permit)
    return answer


def denied(budget: Budget, moment: datetime, *, effect: bool = True) -> datetime:
    """Return until when a call that must be denied is denied."""
    answer = budget.acquire(moment, effect=effect)
    assert isinstance(answer, Denied)
    return answer.until


def called(budget: Budget, moment: datetime, *, effect: bool = True) -> bool:
    """Make a call that ends at once, if it is permitted."""
    answer = budget.acquire(moment, effect=effect)
    if isinstance(answer, Permit):
        budget.settle(answer, moment)
    return isinstance(answer, Permit)


def calls_made(budget: Budget, moment: datetime, *, effect: bool = True) -> int:
    """Make as many calls as are permitted at a moment, and return how many."""
    number = 0
    while called(budget, moment, effect=effect):
        number += 1
    return number


@pytest.mark.parametrize(
    ("text", "calls", "length"),
    [
        ("4/second", 4, timedelta(seconds=1)),
        (" 80 / Minute ", 80, timedelta(minutes=1)),
        ("200/hour", 200, timedelta(hours=1)),
        ("400/day", 400, timedelta(days=1)),
        ("80/month", 80, timedelta(days=31)),
    ],
)
def test_window_written_in_words(text: str, calls: int, length: timedelta) -> None:
    """Number, slash, period; a month is the longest one, so that none can hold more."""
    assert Window.parse(text) == Window(calls, length)


@pytest.mark.parametrize("text", ["", "4", "four/second", "0/second", "-1/hour", "4/fortnight", "4/second/x"])
def test_window_written_otherwise(text: str) -> None:
    """The error shows how to write one."""
    with pytest.raises(ValueError, match="4/second"):
        Window.parse(text)


def test_budget_without_windows() -> None:
    """No limits by default, and nothing is counted."""
    budget = Budget([])
    assert all(isinstance(budget.acquire(START, effect=False), Permit) for _ in range(1000))
    budget.refund(Permit(1))
    budget.settle(Permit(1), START)
    budget.close()


def test_call_beyond_window_is_denied() -> None:
    """The moment named is the one from which the call is permitted."""
    budget = Budget([SECOND])
    assert all(called(budget, at(n / 10)) for n in range(4))
    until = denied(budget, at(0.4))
    assert timedelta(seconds=1) <= until - START < timedelta(seconds=1.01)
    permitted(budget, until)
    budget.close()


def test_longest_wait_of_windows_counts() -> None:
    """All windows hold at once, in any order."""
    for windows in ([Window(1, timedelta(seconds=1)), Window(2, timedelta(hours=1))],) * 2:
        windows.reverse()
        budget = Budget(windows)
        assert called(budget, at(0))
        assert at(1) < denied(budget, at(0.5)) < at(2)
        assert called(budget, at(2))
        assert at(3600) < denied(budget, at(2.5)) < at(3601)
        budget.close()


def test_reads_leave_share_of_sends() -> None:
    """Half of the month's calls stay free for calls with an effect, however many reads are wanted."""
    budget = Budget([MONTH], share=0.5)
    assert calls_made(budget, START, effect=False) == 40
    assert calls_made(budget, at(100)) == 40
    denied(budget, at(200))
    budget.close()


def test_share_does_not_hold_short_windows() -> None:
    """A window that is waited out is open to reads as a whole; a longer one leaves them one call at least."""
    budget = Budget([SECOND], share=1)
    assert calls_made(budget, START, effect=False) == 4
    budget.close()
    budget = Budget([MONTH], share=1)
    assert calls_made(budget, START, effect=False) == 1
    budget.close()


def test_share_is_rounded_up() -> None:
    """Of three calls, two stay free for calls with an effect."""
    budget = Budget([Window(3, timedelta(hours=1))], share=0.5)
    assert calls_made(budget, START, effect=False) == 1
    assert calls_made(budget, START) == 2
    budget.close()


def test_budget_is_used_by_threads() -> None:
    """One connection serves them all, one after the other."""
    budget = Budget([SECOND])
    permitted(budget, START)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(calls_made, budget, START).result() == 3
    budget.close()


def test_readings_out_of_order() -> None:
    """A process may have read the time before another one that wrote first; time stands still for it."""
    readings = iter((10.0, 10.0, 9.0, 10.5, 11.05))
    budget = Budget([Window(1, timedelta(seconds=1))], steady=lambda: ("boot", next(readings)))
    assert called(budget, START)
    denied(budget, START)
    denied(budget, START)
    permitted(budget, START)
    budget.close()


def test_failed_reading_leaves_no_transaction() -> None:
    """The next call is counted as if nothing had happened."""
    failures = [ZeroDivisionError()]

    def steady() -> tuple[str, float]:
        if failures:
            raise failures.pop()
        return "boot", 10.0

    budget = Budget([SECOND], steady=steady)
    with pytest.raises(ZeroDivisionError):
        budget.acquire(START, effect=True)
    assert called(budget, START)
    budget.close()


def test_call_counts_when_answered() -> None:
    """The vendor may have counted it as late as then, so its second begins there and not when it was sent."""
    budget = Budget([Window(1, timedelta(seconds=1))])
    budget.settle(permitted(budget, START), at(0.9))
    assert at(1.9) <= denied(budget, at(1.5)) < at(1.91)
    budget.close()


def test_call_under_way_counts_as_now() -> None:
    """It may arrive at any moment; once it is over, its second runs."""
    budget = Budget([Window(1, timedelta(seconds=1))])
    slow = permitted(budget, START)
    assert denied(budget, at(30)) > at(31)
    budget.settle(slow, at(31))
    assert not called(budget, at(31.9))
    assert called(budget, at(32.1))
    budget.close()


def test_call_never_sent_is_refunded() -> None:
    """Its place is free again, also after it was settled."""
    budget = Budget([Window(1, timedelta(hours=1))])
    budget.refund(permitted(budget, START))
    permit = permitted(budget, START)
    budget.settle(permit, at(1))
    budget.refund(permit)
    permitted(budget, START)
    budget.close()


def test_store_outlives_budget_and_is_shared(tmp_path: Path) -> None:
    """A restart forgets nothing; two accounts in one file do not count for each other; others cannot read the files."""
    store = tmp_path / "calls" / "calls.db"
    for _ in range(2):
        budget = Budget([Window(3, timedelta(days=31))], store=store, account="br", share=0)
        assert called(budget, START, effect=False)
        budget.close()
    both = [Budget([Window(3, timedelta(days=31))], store=store, account="br", share=0) for _ in range(2)]
    permitted(both[0], START, effect=False)
    denied(both[1], START, effect=False)
    other = Budget([Window(3, timedelta(days=31))], store=store, account="co")
    permitted(other, START)
    files = list(store.parent.iterdir())
    assert {file.name for file in files} == {"calls.db", "calls.db-wal", "calls.db-shm"}
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    for budget in (*both, other):
        budget.close()


def test_shorter_windows_keep_longer_count(tmp_path: Path) -> None:
    """A program that knows only a short window does not delete what another one still counts."""
    with opened(tmp_path, MONTH) as month, opened(tmp_path, SECOND) as second:
        assert calls_made(month, START) == 80
        assert called(second, at(86400))
        denied(month, at(86401))


@contextmanager
def opened(folder: Path, *windows: Window, process: str | None = None) -> Iterator[Budget]:
    """Yield a budget in the folder's store, as another process would have it."""
    with closing(Budget(windows, store=folder / "calls.db", account="a", process=process)) as budget:
        yield budget


def test_unsettled_calls_of_others_count_as_now(tmp_path: Path) -> None:
    """Two processes hold a window of four together, though their calls began long ago."""
    with opened(tmp_path, SECOND) as one, opened(tmp_path, SECOND) as other:
        slow = [permitted(one, START) for _ in range(3)]
        slow.append(permitted(other, at(5)))
        denied(other, at(6.5))
        denied(one, at(500_000))
        one.settle(slow[0], at(500_000))
        denied(other, at(500_000.5))
        assert called(other, at(500_001.1))
        denied(one, at(500_001.2))


def test_calls_of_ended_process_leave_later(tmp_path: Path) -> None:
    """What it wrote may still leave the machine for two minutes after its end was noticed."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    boot, namespace, _, started = this_process().split(":")
    gone = f"{boot}:{namespace}:{ended.stdout.strip()}:{started}"
    assert has_ended(gone)
    one = Window(1, timedelta(seconds=1))
    with opened(tmp_path, one, process=gone) as killed, opened(tmp_path, one) as other:
        permitted(killed, START)
        for seconds in (10, 70, 129.9, 130.9):
            denied(other, at(seconds))
        assert called(other, at(131.1))


def test_calls_of_unseen_process_leave_last(tmp_path: Path) -> None:
    """Of another machine or an earlier boot: when the longest call would have ended, and two minutes later."""
    with opened(tmp_path, SECOND, process=ELSEWHERE) as killed, opened(tmp_path, SECOND) as other:
        for _ in range(4):
            permitted(killed, START)
        denied(other, at(700))
        denied(other, at(720.5))
        assert calls_made(other, at(721.1)) == 4


def test_process_names_tell_who_lives() -> None:
    """This process lives; one that took its number at another time does not; others cannot be seen."""
    own = this_process()
    boot, namespace, pid, started = own.split(":")
    assert (is_visible(own), has_ended(own)) == (True, False)
    assert has_ended(f"{boot}:{namespace}:{pid}:{int(started) + 1}")
    assert not is_visible(f"{boot}:another:{pid}:{started}")
    assert not any(map(has_ended, ("", ELSEWHERE)))


class Machine:
    """True time, and a clock that may show another."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.ahead = 0.0

    def steady(self) -> tuple[str, float]:
        return "boot", self.seconds

    def now(self) -> datetime:
        return at(self.seconds + self.ahead)


DAY = 86400.0
YEARS = 3652 * DAY


@pytest.mark.parametrize("jump", [YEARS, -YEARS, 40 * DAY, -40 * DAY, 3600, -3600])
def test_clock_jumps_change_nothing(tmp_path: Path, jump: float) -> None:
    """With a time since boot, 8 calls stay 8, before, during and after a jump, also in another process."""
    machine = Machine()
    one, other = (
        Budget([Window.parse("8/month")], store=tmp_path / "calls.db", account="a", steady=machine.steady)
        for _ in range(2)
    )
    assert calls_made(one, machine.now()) == 8
    for machine.ahead in (jump, 0.0, -jump, 0.0):
        machine.seconds += 1
        assert not any(called(budget, machine.now()) for budget in (one, other))
        assert denied(other, machine.now()) - machine.now() < timedelta(days=31)
    machine.seconds += 31 * DAY
    assert calls_made(other, machine.now()) == 8
    one.close()
    other.close()


def test_clock_ahead_then_right() -> None:
    """Without a time since boot, a clock ten years ahead shuts an account for a window at most, once it is right."""
    budget = Budget([MONTH])
    assert calls_made(budget, at(YEARS)) == 80
    assert denied(budget, START) - START < timedelta(days=31, seconds=1)
    assert calls_made(budget, at(31 * DAY + 1)) == 80
    budget.close()


def test_clock_behind_then_right() -> None:
    """Without a time since boot, a clock that was behind and is corrected brings no second month."""
    budget = Budget([MONTH])
    assert calls_made(budget, START) == 80
    denied(budget, at(-40 * DAY))
    denied(budget, at(-40 * DAY + 5))
    denied(budget, at(60))
    assert calls_made(budget, at(31 * DAY + 1)) == 80
    budget.close()


def test_reboot_is_bridged_by_clock() -> None:
    """Time since another boot says nothing; the clock then says what has elapsed."""
    machine, boots = Machine(), ["one"]
    budget = Budget([MONTH], steady=lambda: (boots[-1], machine.seconds % 1000))
    assert calls_made(budget, machine.now()) == 80
    boots.append("two")
    machine.seconds += 10 * DAY
    denied(budget, machine.now())
    boots.append("three")
    machine.seconds += 22 * DAY
    assert calls_made(budget, machine.now()) == 80
    budget.close()


def test_steady_time_runs_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the epoch of the boot, or of this process where the machine does not tell its boot."""
    (epoch, before), (same, after) = steady_time(), steady_time()
    assert epoch == same
    assert before <= after
    monkeypatch.setattr("esign_core.engine.machine._boot_id", str)
    (other, before), (same, after) = steady_time(), steady_time()
    assert epoch != other == same
    assert before <= after
    assert this_process() == ""


def test_nameless_process_ends_by_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where a machine has no /proc, calls that are not settled count until the longest call would have ended."""
    monkeypatch.setattr("esign_core.engine.machine._PROC", tmp_path / "none")
    assert this_process() == ""
    with opened(tmp_path, SECOND) as budget:
        for _ in range(4):
            permitted(budget, START)
        denied(budget, at(700))
        assert calls_made(budget, at(722)) == 4


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the lock that a writer needs."""
    with closing(sqlite3.connect(store, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a locked store be given up at once."""
    monkeypatch.setattr(ratelimit, "_BUSY_SECONDS", 0.0)


def failure(budget: Budget, moment: datetime) -> EsignError:
    """Return the error of a call that cannot be counted; it says that nothing was sent, and shows no path."""
    with pytest.raises(EsignError) as caught:
        budget.acquire(moment, effect=True)
    assert "nothing was sent" in caught.value.message
    assert "call_store" in caught.value.message
    assert caught.value.hint
    assert "calls.db" not in str(caught.value)
    return caught.value


@pytest.mark.usefixtures("impatient")
def test_locked_store_is_temporary(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A call cannot begin then; one that ends is recorded with the next one, and its refund as well."""
    with opened(tmp_path, Window(3, timedelta(seconds=1))) as budget, opened(tmp_path, SECOND) as other:
        slow, unsent = permitted(budget, START), permitted(budget, START)
        with locked(tmp_path / "calls.db"):
            assert isinstance(failure(budget, at(1)), UnavailableError)
            budget.settle(slow, at(2))
            budget.settle(unsent, at(2))
            budget.refund(unsent)
        assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3
        assert calls_made(other, at(10)) == 2
        assert called(budget, at(20))
        assert calls_made(other, at(20)) == 2
        assert calls_made(other, at(22)) == 4


@pytest.mark.usefixtures("impatient")
def test_refund_leaves_unwritten_settlements(tmp_path: Path) -> None:
    """It brings no date with it that they could get."""
    with opened(tmp_path, Window(2, timedelta(seconds=1))) as budget:
        slow, unsent = permitted(budget, START), permitted(budget, START)
        with locked(tmp_path / "calls.db"):
            budget.settle(slow, at(1))
        budget.refund(unsent)
        assert called(budget, at(5))
        denied(budget, at(5.5))


def test_full_store_is_temporary(tmp_path: Path) -> None:
    """The error says so, and the budget goes on once there is space again."""
    with opened(tmp_path, SECOND) as budget:
        permit = permitted(budget, START)
        connection = budget._connection
        assert connection is not None
        connection.execute("PRAGMA max_page_count = 1")
        budget._account = "a" * 9000
        assert isinstance(failure(budget, at(1)), UnavailableError)
        budget.settle(permit, at(1))
        budget._account = "a"
        connection.execute("PRAGMA max_page_count = 1000")
        budget.settle(permit, at(2))
        assert calls_made(budget, at(2)) == 3


def test_overwritten_store_is_an_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that is not an SQLite file cannot be used for counting; a call under way ends without a failure."""
    with opened(tmp_path, SECOND) as budget:
        permit = permitted(budget, START)
        budget.close()
        for file in tmp_path.iterdir():
            file.write_bytes(b"not a database " * 1000)
        budget.settle(permit, at(1))
        budget.refund(permit)
        assert caplog.records
        assert isinstance(failure(budget, at(2)), ConfigError)


def test_deleted_store_is_an_error(tmp_path: Path) -> None:
    """Counting on from nothing would allow too many calls; put back, the file goes on."""
    store, away = tmp_path / "calls.db", tmp_path / "away.db"
    with opened(tmp_path, SECOND) as budget:
        permit = permitted(budget, START)
        store.rename(away)
        for _ in range(2):
            assert isinstance(failure(budget, at(1)), ConfigError)
        budget.settle(permit, at(1))
        away.rename(store)
        assert calls_made(budget, at(1)) == 3


def test_replaced_store_is_opened_anew(tmp_path: Path) -> None:
    """The count of the file that is there now holds; ends of calls that it does not know change nothing in it."""
    with opened(tmp_path, SECOND) as budget:
        permit = permitted(budget, START)
        (tmp_path / "calls.db").unlink()
        with opened(tmp_path, SECOND) as other:
            assert calls_made(other, at(1)) == 4
            budget.settle(permit, at(1))
            denied(budget, at(1.5))


@pytest.mark.parametrize("kind", ["folder", "file in the way"])
def test_unusable_store_is_an_error(tmp_path: Path, kind: str) -> None:
    """A folder, or a path below a file."""
    if kind == "folder":
        (tmp_path / "calls.db").mkdir()
        store = tmp_path / "calls.db"
    else:
        (tmp_path / "calls.db").write_bytes(b"")
        store = tmp_path / "calls.db" / "calls.db"
    budget = Budget([SECOND], store=store)
    assert isinstance(failure(budget, START), ConfigError)
    budget.settle(Permit(1), START)
    budget.close()


def test_full_disk_is_temporary() -> None:
    """Errors of the file system are distinguished like those of SQLite."""
    assert isinstance(ratelimit._store_error(OSError(errno.ENOSPC, "full")), UnavailableError)
    assert isinstance(ratelimit._store_error(OSError("odd")), ConfigError)


def test_child_of_fork_opens_its_own(tmp_path: Path) -> None:
    """It counts in the same file through another connection, though the parent was counting at that moment."""
    with opened(tmp_path, SECOND) as budget:
        permit = permitted(budget, START)
        parent = budget._connection
        budget._lock.acquire()
        child = os.fork()
        if child == 0:
            try:
                fine = calls_made(budget, at(0.1)) == 3 and budget._connection is not parent
            except BaseException:  # noqa: BLE001 - the child must end here, after any failure
                fine = False
            os._exit(0 if fine else 1)
        budget._lock.release()
        assert os.waitpid(child, 0)[1] == 0
        denied(budget, at(0.2))
        budget.settle(permit, at(0.2))
        assert budget._connection is parent
        assert calls_made(budget, at(1.3)) == 4


def test_connection_of_parent_stays_open(tmp_path: Path) -> None:
    """What a child does first: closing the connection would touch the files of its parent."""
    with opened(tmp_path, SECOND) as budget:
        permitted(budget, START)
        parent = budget._connection
        assert parent is not None
        ratelimit._after_fork()
        assert calls_made(budget, at(0.1)) == 3
        assert parent.execute("SELECT count(*) FROM budget_calls").fetchone() == (4,)
        parent.close()


def test_processes_share_window_despite_kills(tmp_path: Path) -> None:
    """Six processes, two of them killed in the middle of a call: no stretch of a window's length holds too many."""
    limit, seconds, log = 6, 0.2, tmp_path / "log"
    arguments = [str(tmp_path / "calls.db"), str(log), "8", str(limit), str(seconds)]
    program = [sys.executable, "-m", "tests.support.caller", *arguments]
    running = [subprocess.Popen([*program, *(["die"] if number < 2 else [])]) for number in range(6)]  # noqa: S603 - our own code
    ends = [process.wait() for process in running]
    assert sorted(ends) == [-9, -9, 0, 0, 0, 0]
    arrived = sorted(map(float, log.read_text().split()))
    assert len(arrived) == 48
    assert all(later - first >= seconds for first, later in zip(arrived, arrived[limit:], strict=False))


windows = st.lists(
    st.builds(Window, st.integers(1, 6), st.sampled_from([timedelta(seconds=s) for s in (1, 5, 20)])),
    min_size=1,
    max_size=3,
)


def most_in_any(window: Window, arrived: Sequence[float]) -> int:
    """Return how many calls the fullest stretch of a window's length holds."""
    seconds = window.length.total_seconds()
    return max((sum(moment - seconds < other <= moment for other in arrived) for moment in arrived), default=0)


@given(
    windows,
    st.lists(st.tuples(st.floats(0, 3), st.booleans(), st.floats(0, 2), st.floats(0, 1)), max_size=40),
    st.floats(0, 1),
)
def test_no_window_holds_too_many(
    limits: Sequence[Window], calls: Sequence[tuple[float, bool, float, float]], share: float
) -> None:
    """For any calls at any times, every stretch of a window's length holds at most the window's calls."""
    budget = Budget(limits, share=share)
    now, arrived = 0.0, list[float]()
    for pause, effect, seconds, way in calls:
        now += pause
        answer = budget.acquire(at(now), effect=effect)
        if isinstance(answer, Permit):
            arrived.append(now + seconds * way)
            now += seconds
            budget.settle(answer, at(now))
        else:
            assert answer.until > at(now)
    budget.close()
    assert all(most_in_any(window, arrived) <= window.calls for window in limits)


@given(windows, st.integers(0, 2**32))
def test_no_history_of_processes_holds_too_many(limits: Sequence[Window], seed: int) -> None:
    """Several processes in one store, with calls that overlap, kills, refunds, restarts and a clock that jumps."""
    history = History(limits, random.Random(seed))  # noqa: S311 - a simulation
    history.run()
    assert all(most_in_any(window, history.arrived) <= window.calls for window in limits)


class History:
    """A simulated history: processes begin and end calls at random; the vendor notes when each arrives."""

    def __init__(self, limits: Sequence[Window], chance: random.Random) -> None:
        self.limits, self.chance, self.machine = limits, chance, Machine()
        self.arrived: list[float] = []
        self.shared = sqlite3.connect(":memory:", isolation_level=None)
        ratelimit._create(self.shared)
        boot, namespace, _, _ = this_process().split(":")
        self.killed = f"{boot}:{namespace}:{2**22 + 1}:1"
        self.under_way: list[tuple[Budget, Permit, float]] = []

    def budget(self, process: str | None = None) -> Budget:
        budget = Budget(self.limits, account="a", steady=self.machine.steady, process=process, share=0)
        budget._connection = self.shared
        return budget

    def run(self) -> None:
        living = [self.budget() for _ in range(3)]
        for _ in range(40):
            self.machine.seconds += self.chance.choice((0.0, 0.01, 0.3, 1.0, 7.0))
            if self.chance.random() < 0.1:
                self.machine.ahead = self.chance.choice((0.0, 30.0, -30.0, YEARS, -YEARS))
            dies = self.chance.random() < 0.1
            self.begin(self.budget(self.killed) if dies else self.chance.choice(living), dies=dies)
            if self.chance.random() < 0.7:
                self.end()
        self.shared.close()

    def begin(self, budget: Budget, *, dies: bool) -> None:
        permit = budget.acquire(self.machine.now(), effect=self.chance.random() < 0.5)
        if isinstance(permit, Permit) and dies:
            # What it wrote may leave the machine for two minutes.
            self.arrived.append(self.machine.seconds + self.chance.uniform(0, 120))
        elif isinstance(permit, Permit):
            self.under_way.append((budget, permit, self.machine.seconds))

    def end(self) -> None:
        if self.under_way:
            budget, permit, began = self.under_way.pop(self.chance.randrange(len(self.under_way)))
            budget.settle(permit, self.machine.now())
            if self.chance.random() < 0.2:
                budget.refund(permit)
            else:
                self.arrived.append(self.chance.uniform(began, self.machine.seconds))
