"""Keep a sandbox's state: one JSON-ready tree and the bytes of files, in SQLite, in a file or in memory."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esign_core.model.errors import ConfigError
from esign_core.sandbox.ids import UPPER_ALPHANUMERIC, make_guid, make_id

_TABLES = """
CREATE TABLE IF NOT EXISTS trees (name TEXT PRIMARY KEY, tree TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blobs (
    name TEXT NOT NULL, key TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (name, key)
);
"""


class State:
    """Hold what a transaction works on; changes are kept when the transaction ends without an error."""

    def __init__(self, tree: dict[str, Any], connection: sqlite3.Connection, name: str) -> None:
        self.tree = tree
        self._connection = connection
        self._name = name

    def number(self, counter: str) -> int:
        """Count: 1, 2, 3 and so on, for each counter."""
        counters = self.tree.setdefault("counters", {})
        counters[counter] = int(counters.get(counter, 0)) + 1
        return int(counters[counter])

    def make_id(self, kind: str, number: int, *, alphabet: str = UPPER_ALPHANUMERIC, length: int = 10) -> str:
        """Return an identifier that depends on this sandbox's seed."""
        return make_id(kind, number, seed=self.seed, alphabet=alphabet, length=length)

    def make_guid(self, kind: str, number: int) -> str:
        """Return a GUID that depends on this sandbox's seed."""
        return make_guid(kind, number, seed=self.seed)

    @property
    def seed(self) -> str:
        """The text that this sandbox's identifiers are made from."""
        return str(self.tree.get("seed", ""))

    def put_blob(self, key: str, content: bytes) -> None:
        """Keep the bytes of a file."""
        self._connection.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?, ?)", (self._name, key, content))

    def blob(self, key: str) -> bytes | None:
        """Return the bytes of a file, or None."""
        row = self._connection.execute(
            "SELECT content FROM blobs WHERE name = ? AND key = ?", (self._name, key)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def drop_blob(self, key: str) -> None:
        """Delete a file."""
        self._connection.execute("DELETE FROM blobs WHERE name = ? AND key = ?", (self._name, key))


class Store:
    """Store the state of sandboxes; several of them, each under its name, may share one file."""

    def __init__(self, path: str | Path | None, *, name: str) -> None:
        self._path = None if path is None else Path(path)
        self._name = name
        self._lock = threading.Lock()
        self._memory: sqlite3.Connection | None = None
        self._tree: dict[str, Any] = {}
        if self._path is None:
            self._memory = _connect(":memory:")
            self._memory.executescript(_TABLES)
            return
        with _as_config_error():
            _prepare(self._path)
            with contextlib.closing(_connect(self._path)) as connection:
                connection.executescript(_TABLES)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[State]:
        """Open the state for reading and writing; no other program sees or changes it meanwhile.

        In a file, a transaction that fails changes nothing; in memory, what it changed before it failed stays.
        """
        with self._lock, self._connection() as connection:
            with _as_config_error():
                connection.execute("BEGIN IMMEDIATE")
            try:
                if self._memory is not None:
                    # It is not shared, so the tree itself is the state; what people do is checked before it changes.
                    yield State(self._tree, connection, self._name)
                else:
                    before = self._load(connection)
                    state = State(json.loads(before), connection, self._name)
                    yield state
                    after = json.dumps(state.tree, ensure_ascii=False)
                    if after != before:
                        connection.execute("INSERT OR REPLACE INTO trees VALUES (?, ?)", (self._name, after))
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close the database in memory."""
        if self._memory is not None:
            self._memory.close()

    def __del__(self) -> None:
        # A sandbox that was not closed must not end in a ResourceWarning of the database's connection.
        with contextlib.suppress(AttributeError, sqlite3.ProgrammingError):
            self.close()

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._memory is not None:
            yield self._memory
            return
        with contextlib.closing(_connect(self._path or "")) as connection:
            yield connection

    def _load(self, connection: sqlite3.Connection) -> str:
        row = connection.execute("SELECT tree FROM trees WHERE name = ?", (self._name,)).fetchone()
        return "{}" if row is None else str(row[0])


def _prepare(path: Path) -> None:
    # The file holds the people of a trial run: only its owner may read it, from its first byte on.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)


def _connect(path: str | Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)


@contextlib.contextmanager
def _as_config_error() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise ConfigError(
            "The sandbox cannot be kept where the setting sandbox_file says.",
            hint="Name a file in an existing folder you may write to, or an SQLite file made by a sandbox before.",
        ) from error
