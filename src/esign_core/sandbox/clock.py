"""Run a sandbox's clock, which can be moved forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def iso(moment: datetime) -> str:
    """Write a moment as UTC with microseconds, so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Read what `iso` wrote."""
    return datetime.fromisoformat(text)


class Clock:
    """Run from now, from a given start, or as a given source says, plus the time it was moved by."""

    def __init__(self, start: datetime | None = None, *, source: Callable[[], datetime] | None = None) -> None:
        if start is not None and start.tzinfo is None:
            raise ValueError("the start of a sandbox's clock needs a time zone, for example datetime.now(UTC)")
        self._start = start
        self._began = time.monotonic()
        self._source = source
        self.offset = timedelta()

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        return (self._base() + self.offset).astimezone(UTC)

    def move(self, delta: timedelta) -> None:
        """Move forward; a clock cannot be moved back."""
        if delta < timedelta():
            raise ValueError("a sandbox's clock moves forward only; give a positive timedelta")
        self.offset += delta

    def follow(self, source: Callable[[], datetime]) -> None:
        """Follow another clock from now on; the time it was moved by stays."""
        self._source = source

    def _base(self) -> datetime:
        if self._source is not None:
            return self._source()
        if self._start is not None:
            return self._start + timedelta(seconds=time.monotonic() - self._began)
        return datetime.now(UTC)
