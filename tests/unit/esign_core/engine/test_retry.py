"""One table says whether and when a call is made again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.engine.retry import (
    DEFINITE,
    FIRST_WAIT,
    LONGEST_WAIT,
    PASSING,
    READ_ATTEMPTS,
    UNSENT_ATTEMPTS,
    next_wait,
    parse_retry_after,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
STATUSES = st.integers(min_value=100, max_value=599)
ATTEMPTS = st.integers(min_value=1, max_value=8)


@given(status=STATUSES, attempt=ATTEMPTS, sent=st.booleans(), after=st.none() | st.floats(0, 100))
def test_a_call_with_an_effect_is_never_made_again_once_answered(
    status: int, attempt: int, sent: bool, after: float | None
) -> None:
    """Not after any status, and not because the vendor names a time."""
    assert next_wait(repeatable=False, sent=sent, attempt=attempt, status=status, retry_after=after, chance=0.5) is None


@given(attempt=ATTEMPTS)
def test_a_call_with_an_effect_is_made_again_only_while_nothing_was_sent(attempt: int) -> None:
    """Three times in all."""
    assert next_wait(repeatable=False, sent=True, attempt=attempt) is None
    again = next_wait(repeatable=False, sent=False, attempt=attempt) is not None
    assert again == (attempt < UNSENT_ATTEMPTS)


@given(attempt=ATTEMPTS, sent=st.booleans(), status=st.none() | STATUSES)
def test_a_read_is_made_again_when_it_may_help(attempt: int, sent: bool, status: int | None) -> None:
    """After broken connections and passing statuses, four times in all."""
    again = next_wait(repeatable=True, sent=sent, attempt=attempt, status=status) is not None
    assert again == (attempt < READ_ATTEMPTS and (status is None or status in PASSING))


@given(attempt=st.integers(min_value=1, max_value=READ_ATTEMPTS - 1), chance=st.floats(0, 1))
def test_waits_double_and_are_spread(attempt: int, chance: float) -> None:
    """From nothing up to a bound that doubles."""
    assert next_wait(repeatable=True, sent=True, attempt=attempt, chance=chance) == pytest.approx(
        min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * chance
    )


@given(after=st.floats(min_value=-5, max_value=1e6), chance=st.floats(0, 1))
def test_what_the_vendor_asks_for_is_waited_whole(after: float, chance: float) -> None:
    """No chance shortens it, and none is negative."""
    wait = next_wait(repeatable=True, sent=True, attempt=1, status=429, retry_after=after, chance=chance)
    assert wait == max(0.0, after)


def test_the_two_tables_of_statuses_are_what_was_decided() -> None:
    """What a vendor refuses for certain is another thing than what may be gone at the next try."""
    definite = {400, 401, 402, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 422, 429, 431, 451, 501}
    assert definite == DEFINITE
    assert {408, 425, 429, 500, 502, 503, 504} == PASSING


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 1e9),
        ("Sun, 01 Mar 2026 12:02:00 GMT", 120.0),
        ("Sun, 01 Mar 2026 12:02:00 -0000", 120.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 -1200", 1e9),
        ("Mon, 99 Foo 2026 12:02:00 GMT", None),
    ],
)
def test_a_retry_after_header_is_read_in_both_forms(value: str | None, seconds: float | None) -> None:
    """Seconds or a date (RFC 9110, 10.2.3); what cannot be read asks for nothing, and no date lies beyond calendars."""
    assert parse_retry_after(value, NOW) == seconds


@given(st.text(max_size=40) | st.text("0123456789 :,GMTJanFeb+-", max_size=40))
def test_any_header_is_read_or_passed_over(value: str) -> None:
    """A vendor's malformed header does not raise, and the result can be added to a date."""
    seconds = parse_retry_after(value, NOW)
    assert seconds is None or NOW + timedelta(seconds=seconds) >= NOW
