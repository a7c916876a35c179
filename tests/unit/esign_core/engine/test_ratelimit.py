"""The budget of calls: several windows at once, a share kept for sends, a count that outlives the program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.accounts.window import Window
from esign_core.engine.ratelimit import Admitted, Budget, Deferred

START = datetime(2026, 1, 1, tzinfo=UTC)
SECOND, MONTH = Window.parse("4/second"), Window.parse("80/month")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def over(budget: Budget, moment: datetime, *, effect: bool) -> bool:
    """Make a call that is over at once, if it is admitted."""
    answer = budget.ask(moment, effect=effect)
    if isinstance(answer, Admitted):
        budget.settle(answer, moment)
    return isinstance(answer, Admitted)


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
def test_window_written_otherwise_is_refused(text: str) -> None:
    """The error shows how to write one."""
    with pytest.raises(ValueError, match="4/second"):
        Window.parse(text)


def test_budget_without_windows_admits_everything() -> None:
    """No limits by default, and nothing is counted."""
    budget = Budget([])
    assert all(isinstance(budget.ask(START, effect=False), Admitted) for _ in range(1000))
    budget.take_back(Admitted(1))
    budget.settle(Admitted(1), START)
    budget.close()


def test_call_beyond_a_window_is_deferred_until_the_first_leaves_it() -> None:
    """The moment named is the one from which the call is admitted."""
    budget = Budget([SECOND])
    assert all(over(budget, at(n / 10), effect=True) for n in range(4))
    deferred = budget.ask(at(0.4), effect=True)
    assert isinstance(deferred, Deferred)
    assert timedelta(seconds=1) <= deferred.until - START < timedelta(seconds=1.01)
    assert isinstance(budget.ask(deferred.until, effect=True), Admitted)
    budget.close()


def test_reads_leave_the_share_of_sends() -> None:
    """Half of the month's calls stay free for calls with an effect, however many reads are wanted."""
    budget = Budget([MONTH], share=0.5)
    answers = [budget.ask(at(n), effect=False) for n in range(80)]
    assert sum(isinstance(answer, Admitted) for answer in answers) == 40
    assert all(isinstance(budget.ask(at(100 + n), effect=True), Admitted) for n in range(40))
    assert isinstance(budget.ask(at(200), effect=True), Deferred)
    assert budget.used(MONTH, at(200)) == 80
    budget.close()


def test_call_is_counted_when_its_answer_came() -> None:
    """The vendor may have counted it as late as then, so its second begins there and not when it set out."""
    budget = Budget([Window(1, timedelta(seconds=1))])
    slow = budget.ask(START, effect=True)
    assert isinstance(slow, Admitted)
    budget.settle(slow, at(0.9))
    deferred = budget.ask(at(1.5), effect=True)
    assert isinstance(deferred, Deferred)
    assert at(1.9) <= deferred.until < at(1.91)
    budget.close()


def test_call_under_way_is_in_every_window() -> None:
    """Nobody knows yet when it arrives; once it is over, its second runs."""
    budget = Budget([Window(1, timedelta(seconds=1))])
    slow = budget.ask(START, effect=True)
    assert isinstance(slow, Admitted)
    assert not over(budget, at(30), effect=True)
    budget.settle(slow, at(31))
    assert not over(budget, at(31.9), effect=True)
    assert over(budget, at(32.1), effect=True)
    budget.close()


def test_call_that_was_never_sent_is_taken_back() -> None:
    """Its place is free again."""
    budget = Budget([Window(1, timedelta(hours=1))])
    first = budget.ask(START, effect=True)
    assert isinstance(first, Admitted)
    budget.take_back(first)
    assert isinstance(budget.ask(START, effect=True), Admitted)
    budget.close()


def test_count_in_a_file_outlives_the_budget_and_is_shared(tmp_path: Path) -> None:
    """A restart forgets nothing; two accounts in one file do not count for each other; nobody else reads the file."""
    store = tmp_path / "calls" / "book.db"
    for _ in range(2):
        budget = Budget([Window(3, timedelta(days=31))], store=store, account="br", share=0)
        assert isinstance(budget.ask(START, effect=False), Admitted)
        budget.close()
    both = [Budget([Window(3, timedelta(days=31))], store=store, account="br", share=0) for _ in range(2)]
    assert isinstance(both[0].ask(START, effect=False), Admitted)
    assert isinstance(both[1].ask(START, effect=False), Deferred)
    other = Budget([Window(3, timedelta(days=31))], store=store, account="co")
    assert isinstance(other.ask(START, effect=True), Admitted)
    for budget in (*both, other):
        budget.close()
    assert store.stat().st_mode & 0o077 == 0


windows = st.lists(
    st.builds(Window, st.integers(1, 6), st.sampled_from([timedelta(seconds=s) for s in (1, 5, 20)])),
    min_size=1,
    max_size=3,
)


@given(
    windows,
    st.lists(st.tuples(st.floats(0, 3), st.booleans(), st.floats(0, 2), st.floats(0, 1)), max_size=40),
    st.floats(0, 1),
)
def test_no_window_ever_holds_more_than_allowed(
    limits: Sequence[Window], calls: Sequence[tuple[float, bool, float, float]], share: float
) -> None:
    """Whatever is asked for, and whenever it arrives: every stretch of a window's length holds at most its calls."""
    budget = Budget(limits, share=share)
    now, arrived = START, list[datetime]()
    for pause, effect, seconds, way in calls:
        now += timedelta(seconds=pause)
        answer = budget.ask(now, effect=effect)
        if isinstance(answer, Admitted):
            arrived.append(now + timedelta(seconds=seconds * way))
            now += timedelta(seconds=seconds)
            budget.settle(answer, now)
        else:
            assert answer.until > now
    budget.close()
    for window in limits:
        for moment in arrived:
            assert sum(moment - window.length < other <= moment for other in arrived) <= window.calls
