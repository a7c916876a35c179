"""A budget of calls: several windows at once, a share kept for calls with an effect, a count that outlives the program.

A vendor may allow as few as 80 requests a month, so every request that reaches the wire is counted, and one that would
go beyond a window is not sent. Windows slide: whatever stretch of that length one looks at holds no more calls than
allowed, wherever the vendor's own month begins. A call is counted at the latest moment at which it can have arrived:
while it is under way that is now, afterwards when its answer came. The count lives in SQLite, in memory or in a file
that several programs share. (pyrate-limiter was looked at: it keeps time by itself, so that it can follow no other
clock, and it has neither a share kept free nor a way to take back a call that was never sent.)
"""

from __future__ import annotations

import contextlib
import math
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs

from esign_core.accounts.window import SHORT, Window

# Seconds: moments are kept as floating-point numbers, and a window must be over, not almost over.
_HAIR = 0.001


@attrs.frozen
class Admitted:
    """A call that may be made, and has been counted."""

    number: int


@attrs.frozen
class Deferred:
    """A call that must not be made before a moment."""

    until: datetime


class Budget:
    """The calls one account may make."""

    def __init__(
        self, windows: Iterable[Window], *, share: float = 0.5, store: Path | None = None, account: str = ""
    ) -> None:
        self.windows = tuple(windows)
        self._share = share
        self._account = account
        self._lock = threading.Lock()
        self._store = store
        self._book: sqlite3.Connection | None = None
        self._under_way: set[int] = set()

    def ask(self, now: datetime, *, effect: bool) -> Admitted | Deferred:
        """Count a call and admit it, or say when there is room for it.

        Args:
            now: an aware datetime.
            effect: the call sends something to somebody; others may not use the share kept for such.
        """
        if not self.windows:
            return Admitted(0)
        at = now.timestamp()
        with self._written() as book:
            self._stamp(book, self._under_way, at)
            longest = max(window.length for window in self.windows)
            book.execute(
                "DELETE FROM calls WHERE account = ? AND at <= ?", (self._account, at - longest.total_seconds())
            )
            free = max(self._free(book, window, at, effect=effect) for window in self.windows)
            if free > at:
                return Deferred(datetime.fromtimestamp(free, UTC))
            row = book.execute(
                "INSERT INTO calls (account, at, effect) VALUES (?, ?, ?)", (self._account, at, int(effect))
            )
            number = row.lastrowid or 0
            self._under_way.add(number)
            return Admitted(number)

    def settle(self, admitted: Admitted, now: datetime) -> None:
        """Note that a call is over: the vendor counts it when it arrives, which was by now at the latest."""
        if self.windows:
            with self._written() as book:
                self._stamp(book, {admitted.number}, now.timestamp())
                self._under_way.discard(admitted.number)

    def take_back(self, admitted: Admitted) -> None:
        """Strike a call from the count: it is proven that nothing of it was sent."""
        if self.windows:
            with self._written() as book:
                book.execute("DELETE FROM calls WHERE number = ?", (admitted.number,))
                self._under_way.discard(admitted.number)

    def used(self, window: Window, now: datetime) -> int:
        """Return how many calls the window that ends now holds."""
        with self._written() as book:
            return self._count(book, now.timestamp() - window.length.total_seconds(), reads_only=False)

    def close(self) -> None:
        """Close the book."""
        with self._lock:
            if self._book is not None:
                self._book.close()
                self._book = None

    def _stamp(self, book: sqlite3.Connection, numbers: Iterable[int], at: float) -> None:
        """Count calls as made at this moment: earlier ones would leave the window before they leave the vendor's."""
        book.executemany("UPDATE calls SET at = max(at, ?) WHERE number = ?", [(at, number) for number in numbers])

    def _free(self, book: sqlite3.Connection, window: Window, at: float, *, effect: bool) -> float:
        """Return the moment from which the window has room for one more call."""
        seconds = window.length.total_seconds()
        moments = [self._room(book, at - seconds, window.calls, reads_only=False)]
        if not effect and window.length > SHORT:
            reads = window.calls - math.ceil(window.calls * self._share)
            moments.append(self._room(book, at - seconds, max(reads, 1), reads_only=True))
        return max((moment + seconds + _HAIR for moment in moments if moment is not None), default=at)

    def _room(self, book: sqlite3.Connection, after: float, limit: int, *, reads_only: bool) -> float | None:
        """Return the moment of the call that must leave the window first, or None where there is room already."""
        surplus = self._count(book, after, reads_only=reads_only) - limit
        if surplus < 0:
            return None
        query = "SELECT at FROM calls WHERE account = ? AND at > ? AND (effect = 0 OR ?) ORDER BY at LIMIT 1 OFFSET ?"
        found = book.execute(query, (self._account, after, not reads_only, surplus)).fetchone()
        return float(found[0])

    def _count(self, book: sqlite3.Connection, after: float, *, reads_only: bool) -> int:
        query = "SELECT count(*) FROM calls WHERE account = ? AND at > ? AND (effect = 0 OR ?)"
        return int(book.execute(query, (self._account, after, not reads_only)).fetchone()[0])

    @contextlib.contextmanager
    def _written(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            book = self._book = self._book or _opened(self._store)
            book.execute("BEGIN IMMEDIATE")
            try:
                yield book
            finally:
                book.execute("COMMIT")


def _opened(store: Path | None) -> sqlite3.Connection:
    if store is not None:
        store.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(store, os.O_CREAT | os.O_RDWR, 0o600))
    book = sqlite3.connect(store or ":memory:", isolation_level=None, check_same_thread=False, timeout=10)
    book.execute(
        "CREATE TABLE IF NOT EXISTS calls ("
        "number INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, at REAL NOT NULL, effect INTEGER NOT NULL)"
    )
    book.execute("CREATE INDEX IF NOT EXISTS calls_by_time ON calls (account, at)")
    return book
