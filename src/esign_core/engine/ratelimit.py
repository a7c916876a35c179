"""A budget of calls: several windows at once, a share kept for calls with an effect, a count that outlives the program.

A vendor may allow as few as 80 requests a month, so every request that reaches the wire is counted, and one that would
go beyond a window is not sent. Windows slide: any stretch of that length holds no more calls than allowed, wherever the
vendor's own month begins. A call is counted at the latest moment at which it can have arrived: while it is under way,
in whatever process, that is now; afterwards it is when its answer came. The count lives in SQLite, in memory or in a
file that several programs share. (pyrate-limiter was looked at: it keeps time by itself, so that it can follow no other
clock, and it has neither a share kept free nor a way to take back a call that was never sent.)

Three rules keep the count right:

* Calls are dated by the budget's own time, which is advanced by elapsed time and never set. Elapsed time comes from the
  machine's time since boot, so a clock that jumps changes nothing. Only where there is no such reading in common with
  the last one (after a boot; under a simulated clock) is it taken from the clock, and then cautiously.
* A call that is not settled counts as made now. If its process has ended, what it handed to the kernel may still leave:
  the call counts as made `_IN_KERNEL` seconds after its end was noticed. Where that cannot be seen (another machine or
  container), it counts as made when the longest call would have ended.
* Counting never changes the outcome of a call: `settle` and `refund` do not raise, and what they could not write is
  written with the next `acquire`. Until then the call counts as now.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import math
import os
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs

from esign_core.accounts.window import SHORT, Window
from esign_core.engine.machine import has_ended, is_visible, this_process
from esign_core.model.errors import ConfigError, EsignError, UnavailableError

_LOG = logging.getLogger("esign_core.engine.ratelimit")
# Seconds: moments are kept as floating-point numbers, and a window must be over, not almost over.
_HAIR = 0.001
# Seconds for which Linux goes on sending what a process wrote before it ended (tcp_orphan_retries: about 100).
_IN_KERNEL = 120.0
LONGEST_CALL = 600.0
"""Seconds after which a call has ended in any case: the default deadline of a call with 60 MB is 510."""
# Kept at least this long: another program with the same store may know a longer window than this one.
_KEPT = timedelta(days=31)
_BUSY_SECONDS = 10.0
_TABLES = """
CREATE TABLE IF NOT EXISTS budget_calls (
    number INTEGER PRIMARY KEY, account TEXT NOT NULL, effect INTEGER NOT NULL,
    at REAL NOT NULL, ends REAL, process TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS budget_calls_by_time ON budget_calls (account, ends, at);
CREATE TABLE IF NOT EXISTS budget_times (
    account TEXT PRIMARY KEY, time REAL NOT NULL, epoch TEXT NOT NULL, steady REAL NOT NULL,
    clock REAL NOT NULL, highest REAL NOT NULL, time_at_highest REAL NOT NULL);
"""
_TEMPORARY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_IOERR", "SQLITE_NOMEM", "ENOSPC", "EDQUOT")

SteadyTime = Callable[[], tuple[str, float]]


@attrs.frozen
class Permit:
    """A call that may be made, and has been counted."""

    number: int


@attrs.frozen
class Denied:
    """A call that must not be made before a moment."""

    until: datetime


class Budget:
    """The calls one account may make."""

    def __init__(
        self,
        windows: Iterable[Window],
        *,
        share: float = 0.5,
        store: Path | None = None,
        account: str = "",
        steady: SteadyTime | None = None,
        longest: float = LONGEST_CALL,
        process: str | None = None,
    ) -> None:
        """Keep the settings; the store is opened by the first `acquire`.

        Args:
            windows: how many calls the vendor allows; all of them hold at once.
            share: the part of each longer window that reads leave for calls with an effect.
            store: the file that keeps the count; in memory where None.
            account: whose calls these are; accounts in one file do not count for each other.
            steady: returns an epoch and seconds since it began; None where the clock given to `acquire` is simulated.
            longest: seconds after which a call has ended in any case.
            process: the name of the process, if it is not this one.
        """
        self.windows = tuple(windows)
        self._share = share
        self._store = store
        self._account = account
        self._steady = steady
        self._longest = longest
        self._process = process
        self._forget()
        _BUDGETS.add(self)

    def _forget(self) -> None:
        """Begin without a connection: at first, and in the child of a fork, which must not use its parent's."""
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._unwritten: dict[int, bool] = {}

    def acquire(self, now: datetime, *, effect: bool) -> Permit | Denied:
        """Count a call and permit it, or say when there will be a call left.

        Args:
            now: an aware datetime.
            effect: the call sends something to somebody; other calls may not use the share kept for these.

        Raises:
            UnavailableError: the store is locked or full; nothing was sent.
            ConfigError: the store cannot be used; nothing was sent.
        """
        if not self.windows:
            return Permit(0)
        with self._lock:
            try:
                with self._transaction() as connection:
                    at = self._advance(connection, now)
                    written = self._write(connection, at)
                    answer = self._acquire(connection, now, at, effect=effect)
                self._drop(written)
                return answer
            except (sqlite3.Error, OSError) as raised:
                error = _store_error(raised)
        raise error

    def settle(self, permit: Permit, now: datetime) -> None:
        """Record that a call has ended: the vendor counts it when it arrives, which was by now at the latest."""
        self._finish(permit, now)

    def refund(self, permit: Permit) -> None:
        """Remove a call from the count: it is proven that nothing of it was sent."""
        self._finish(permit, None)

    def close(self) -> None:
        """Close the connection to the store."""
        with self._lock:
            self._disconnect()

    def _finish(self, permit: Permit, now: datetime | None) -> None:
        if not self.windows:
            return
        with self._lock:
            self._unwritten[permit.number] = now is not None
            try:
                with self._transaction() as connection:
                    written = self._write(connection, self._advance(connection, now) if now else None)
                self._drop(written)
            except (sqlite3.Error, OSError) as error:
                # The call has ended, even if its count could not be written.
                _LOG.warning("the end of a call could not be recorded in call_store: %s", type(error).__name__)

    def _acquire(self, connection: sqlite3.Connection, now: datetime, at: float, *, effect: bool) -> Permit | Denied:
        self._end_calls(connection, at)
        longest = max(_KEPT, *(window.length for window in self.windows)).total_seconds()
        connection.execute(
            "DELETE FROM budget_calls WHERE account = ? AND ends IS NULL AND at <= ?", (self._account, at - longest)
        )
        free = max(self._free(connection, window, at, effect=effect) for window in self.windows)
        if free > at:
            return Denied((now + timedelta(seconds=free - at)).astimezone(UTC))
        permit = Permit(secrets.randbits(62))
        connection.execute(
            "INSERT INTO budget_calls (number, account, effect, at, ends, process) VALUES (?, ?, ?, ?, ?, ?)",
            (permit.number, self._account, int(effect), at, at + self._longest + _IN_KERNEL, self._own_name()),
        )
        return permit

    def _own_name(self) -> str:
        return this_process() if self._process is None else self._process

    def _advance(self, connection: sqlite3.Connection, now: datetime) -> float:
        """Advance the budget's time by what has elapsed since the last reading, and return it."""
        clock = now.timestamp()
        epoch, steady = self._steady() if self._steady else ("", 0.0)
        query = "SELECT time, epoch, steady, clock, highest, time_at_highest FROM budget_times WHERE account = ?"
        last = connection.execute(query, (self._account,)).fetchone()
        if last is None:
            time, highest, time_at_highest = clock, clock, clock
        else:
            before, epoch_before, steady_before, clock_before, highest, time_at_highest = last
            if epoch and epoch == epoch_before:
                time = before + max(0.0, steady - steady_before)
                # A later reading of another process may have been written first.
                steady = max(steady, steady_before)
            elif clock >= highest:
                # Counted from the highest reading: after a jump back and its correction, only this has elapsed.
                time = max(before, time_at_highest + clock - highest)
            else:
                # After a jump ahead and its correction, time runs on from here, not from when the jump is caught up.
                time = before + max(0.0, clock - clock_before)
            if clock >= highest:
                highest, time_at_highest = clock, time
        connection.execute(
            "INSERT OR REPLACE INTO budget_times VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._account, time, epoch, steady, clock, highest, time_at_highest),
        )
        return float(time)

    def _write(self, connection: sqlite3.Connection, at: float | None) -> list[int]:
        """Write the ends of calls: removed where nothing was sent, else dated, if a date is given; return which."""
        written = [number for number, sent in self._unwritten.items() if at is not None or not sent]
        for number in written:
            if self._unwritten[number]:
                connection.execute("UPDATE budget_calls SET at = ?, ends = NULL WHERE number = ?", (at, number))
            else:
                connection.execute("DELETE FROM budget_calls WHERE number = ?", (number,))
        return written

    def _drop(self, written: Iterable[int]) -> None:
        for number in written:
            del self._unwritten[number]

    def _end_calls(self, connection: sqlite3.Connection, at: float) -> None:
        """Date the calls that will not be settled: those of ended processes, and unseen ones that have ended by now."""
        query = "SELECT number, ends, process FROM budget_calls WHERE account = ? AND ends IS NOT NULL"
        for number, ends, process in connection.execute(query, (self._account,)).fetchall():
            if has_ended(process):
                soon = min(ends, at + _IN_KERNEL)
                connection.execute("UPDATE budget_calls SET ends = ?, process = '' WHERE number = ?", (soon, number))
            elif not is_visible(process) and ends <= at:
                connection.execute("UPDATE budget_calls SET at = ends, ends = NULL WHERE number = ?", (number,))

    def _free(self, connection: sqlite3.Connection, window: Window, at: float, *, effect: bool) -> float:
        """Return the moment from which a window allows one more call."""
        seconds = window.length.total_seconds()
        moments = [self._leaves(connection, at, seconds, window.calls, reads_only=False)]
        if not effect and window.length > SHORT:
            reads = window.calls - math.ceil(window.calls * self._share)
            moments.append(self._leaves(connection, at, seconds, max(reads, 1), reads_only=True))
        return max((moment + seconds + _HAIR for moment in moments if moment is not None), default=at)

    def _leaves(
        self, connection: sqlite3.Connection, at: float, seconds: float, limit: int, *, reads_only: bool
    ) -> float | None:
        """Return the moment of the call that must leave the window first; None where another call fits."""
        chosen = "FROM budget_calls WHERE account = ? AND (effect = 0 OR ?)"
        which = (self._account, not reads_only)
        (open_calls,) = connection.execute(f"SELECT count(*) {chosen} AND ends IS NOT NULL", which).fetchone()
        ended = f"{chosen} AND ends IS NULL AND at > ?"
        (ended_calls,) = connection.execute(f"SELECT count(*) {ended}", (*which, at - seconds)).fetchone()
        surplus = open_calls + ended_calls - limit
        if surplus < 0:
            return None
        query = f"SELECT at {ended} ORDER BY at LIMIT 1 OFFSET ?"
        found = connection.execute(query, (*which, at - seconds, surplus)).fetchone()
        return float(found[0]) if found else at

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            # A full or damaged file may have ended the transaction already.
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    def _open(self) -> sqlite3.Connection:
        """Return the connection; it is opened again if the file was replaced by another."""
        if self._connection is not None and self._store is not None and _identity(self._store) != self._file:
            self._disconnect()
        if self._connection is None:
            self._connection = _connect(self._store)
            self._file = None if self._store is None else _identity(self._store)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(sqlite3.Error):
                connection.close()


_BUDGETS: weakref.WeakSet[Budget] = weakref.WeakSet()
# Connections of the parents of this process: neither used nor closed, for closing them would touch the parents' files.
_INHERITED: list[sqlite3.Connection | None] = []


def _after_fork() -> None:
    for budget in _BUDGETS:
        _INHERITED.append(budget._connection)  # noqa: SLF001 - the same module
        budget._forget()  # noqa: SLF001 - the same module


# Systems without fork have no such function.
with contextlib.suppress(AttributeError):
    os.register_at_fork(after_in_child=_after_fork)


def _identity(store: Path) -> tuple[int, int]:
    found = store.stat()
    return found.st_dev, found.st_ino


def _connect(store: Path | None) -> sqlite3.Connection:
    if store is not None:
        store.parent.mkdir(parents=True, exist_ok=True)
        # Made by us, so that it is ours alone; SQLite gives its -wal and -shm files the same rights.
        os.close(os.open(store, os.O_CREAT | os.O_RDWR, 0o600))
    connection = sqlite3.connect(
        store or ":memory:", isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS
    )
    try:
        # Where this cannot be had (another program is writing), the count is as right without it.
        with contextlib.suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        _create(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection) -> None:
    for statement in _TABLES.split(";"):
        connection.execute(statement)


def _store_error(raised: sqlite3.Error | OSError) -> EsignError:
    """Return the error of a store that cannot count a call; it names the setting, never its value."""
    if isinstance(raised, FileNotFoundError):
        return ConfigError(
            "The count of calls (call_store) was deleted while it was in use; nothing was sent.",
            hint="Put the file back, or restart the program to count from nothing.",
        )
    name = getattr(raised, "sqlite_errorname", None) or errno.errorcode.get(getattr(raised, "errno", None) or 0, "")
    if name.startswith(_TEMPORARY):
        return UnavailableError(
            f"The count of calls (call_store) cannot be written now ({name}); nothing was sent.",
            hint="Try again later; see that its disk is not full and that no program keeps it locked.",
        )
    return ConfigError(
        f"The count of calls (call_store) cannot be used ({name or type(raised).__name__}); nothing was sent.",
        hint="It must be an SQLite file, or the name of a new one, that this program may read and write.",
    )
