"""Whether and when a call is made again: pure, so that one table serves both colours and every provider."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

READ_ATTEMPTS = 4
"""How often a call without effect is made at most."""
UNSENT_ATTEMPTS = 3
"""How often a call with an effect is tried at most while nothing of it was sent."""
FIRST_WAIT = 0.5
"""Seconds: the upper bound of the first wait; each further one doubles it."""
LONGEST_WAIT = 20.0
"""Seconds: the upper bound of any wait that the vendor did not ask for."""

_FOREVER = 10.0**9
"""Seconds: the longest wait a vendor can ask for that still ends at a date calendars know."""

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be gone at the next try."""
DEFINITE = frozenset({400, 401, 402, 403, 404, 405, 407, 410, 411, 413, 414, 415, 421, 422, 429, 431, 451, 501})
"""Statuses that mean "refused, without effect" for a call with an effect (RFC 9110, 15.5 and 15.6.2; RFC 6585).

A redirect, another 4xx and any other 5xx leave the outcome unknown.
"""


def next_wait(
    *,
    repeatable: bool,
    sent: bool,
    attempt: int,
    status: int | None = None,
    retry_after: float | None = None,
    chance: float = 1.0,
    read_attempts: int = READ_ATTEMPTS,
) -> float | None:
    """Return how many seconds to wait before the next try, or None for no further try.

    Args:
        repeatable: the call has no effect.
        sent: something of the call may have reached the vendor.
        attempt: how many tries were made, from 1.
        status: what the vendor answered, if it did.
        retry_after: seconds the vendor asked for.
        chance: a number from 0 to 1; waits are spread over it ("full jitter").
        read_attempts: how many times a call without effect is made at most.
    """
    if status is not None and (not repeatable or status not in PASSING):
        return None
    if status is None and sent and not repeatable:
        return None
    if attempt >= (read_attempts if repeatable else UNSENT_ATTEMPTS):
        return None
    if retry_after is not None:
        return max(0.0, retry_after)
    return min(LONGEST_WAIT, FIRST_WAIT * float(2 ** (attempt - 1))) * chance


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Return the seconds a Retry-After header asks for (RFC 9110, 10.2.3), or None where it cannot be read."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return min(float(text), _FOREVER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now).total_seconds()), _FOREVER)
