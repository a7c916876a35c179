"""How many requests an account may make: all windows of its plan at once."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from esign_core.sandbox import State
from esign_core.sandbox.clock import iso, moment


@attrs.frozen(kw_only=True)
class Plan:
    """Requests allowed per second, minute, hour and month; None where there is no limit.

    A second, a minute and an hour are any second, minute and hour; a month is one of the calendar (UTC), unless
    `month` says how long any month is.
    """

    per_second: int | None = None
    per_minute: int | None = None
    per_hour: int | None = None
    per_month: int | None = None
    month: timedelta | None = None

    def admit(self, state: State, now: datetime) -> int:
        """Count a request, or say after how many seconds there is room for it again; 0 means it was counted."""
        seen: list[str] = state.tree.setdefault("seen", [])
        oldest = iso(now - (self.month or timedelta(days=31)))
        seen[:] = [at for at in seen if at > oldest]
        moments = [moment(at) for at in seen]
        waits = [wait for wait in self._waits(moments, now) if wait > timedelta()]
        if waits:
            return math.ceil(max(waits).total_seconds())
        seen.append(iso(now))
        return 0

    def _waits(self, seen: Sequence[datetime], now: datetime) -> Iterator[timedelta]:
        spans = ((self.per_second, 1), (self.per_minute, 60), (self.per_hour, 3600))
        for limit, seconds in spans:
            if limit is not None:
                yield _sliding(seen, now, limit, timedelta(seconds=seconds))
        if self.per_month is None:
            return
        if self.month is not None:
            yield _sliding(seen, now, self.per_month, self.month)
            return
        first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        if sum(at >= first for at in seen) >= self.per_month:
            yield (first + timedelta(days=32)).replace(day=1) - now


def _sliding(seen: Sequence[datetime], now: datetime, limit: int, span: timedelta) -> timedelta:
    within = [at for at in seen if at > now - span]
    if len(within) < limit:
        return timedelta()
    # Room comes when the oldest of the last `limit` requests leaves the window.
    return within[-limit] + span - now if limit else span
