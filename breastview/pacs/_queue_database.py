"""The one SQLite file of the queue: each change is a transaction, and on the disk when it is over."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from breastview.errors import StoreError

_WAIT_S = 10.0
_AT_ONCE = 400  # SQLite allows 999 values a statement in its oldest builds
_SCHEMA = """
CREATE TABLE IF NOT EXISTS outgoing (
    id INTEGER PRIMARY KEY AUTOINCREMENT, archive TEXT NOT NULL, instance TEXT NOT NULL,
    series TEXT NOT NULL, study TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL,
    state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
    unsure INTEGER NOT NULL DEFAULT 0, changed_at TEXT NOT NULL, due REAL NOT NULL DEFAULT 0,
    UNIQUE (archive, instance)
);
CREATE INDEX IF NOT EXISTS outgoing_by_state ON outgoing (state, due, id);
CREATE INDEX IF NOT EXISTS outgoing_by_change ON outgoing (state, changed_at, id);
"""


class Database:
    """The file; safe from any thread. Every method raises `StoreError` on failure."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        with explained(self._folder):
            self._connection = connected(folder / "queue.sqlite3")
            self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file; may be called twice."""
        with self._lock:
            self._connection.close()

    def each(self, identifiers: Iterable[int], query: str, *values: str) -> int:
        """Change the rows of some identifiers, which follow the values; return how many there were."""
        count = 0
        with self.written() as database:
            for some in chunks(identifiers):
                done = database.execute(query.format(marks=marks(some)), (*values, *some))
                count += done.rowcount
        return count

    def read(self, query: str, values: tuple = ()) -> list[tuple]:
        """Return the rows of a query."""
        with self._lock, explained(self._folder):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def written(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction; when the block is left, its changes are on the disk."""
        with self._lock, explained(self._folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # on a full disk SQLite may have ended it itself
                    self._connection.execute("ROLLBACK")
                raise


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn what goes wrong in a block with the queue's folder into a sentence."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        what = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"the queue of what is to be sent failed ({what})", folder,
            "Check that its folder can be written to and the disk is not full.",
        ) from error  # fmt: skip


def connected(path: Path, wait_s: float = _WAIT_S) -> sqlite3.Connection:
    """Open a file that only the user can read; with no time to wait, for its lock alone."""
    connection = sqlite3.connect(path, timeout=wait_s, isolation_level=None, check_same_thread=False)
    if wait_s:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    path.chmod(0o600)
    return connection


def chunks(values: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Yield values, as many together as go into one statement."""
    many = tuple(values)
    for at in range(0, len(many), _AT_ONCE):
        yield many[at : at + _AT_ONCE]


def marks(values: Sequence[int]) -> str:
    """Return the place holders of values."""
    return ",".join("?" * len(values))
