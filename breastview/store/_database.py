"""The SQLite file: what was acknowledged survives a crash, and a damaged file loses nothing silently."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from breastview.errors import StoreError
from breastview.store import _schema

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_WAIT_S = 10.0
_AT_ONCE = 1000


class Database:
    """A reading and a writing connection, so that a list on screen never waits for a commit.

    Parameters
    ----------
    path : Path or None
        The file; None keeps everything in memory.

    Attributes
    ----------
    notice : str
        A sentence when a damaged file was set aside, else empty.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.notice = ""
        self._writer = self._opened()
        self._writer_lock = threading.RLock()
        # Memory belongs to one connection; a file may have two.
        self._reader = self._writer if path is None else _connect(path)
        self._reader_lock = self._writer_lock if path is None else threading.RLock()

    def read(self, query: str, values: tuple[object, ...] = ()) -> list[tuple]:
        """Return all rows of a query."""
        with self._reader_lock, _explained(self.path):
            return self._reader.execute(query, values).fetchall()

    def stream(self, query: str) -> Iterator[tuple]:
        """Yield the rows of a query as they were when it began, some at a time."""
        with self._reader_lock, _explained(self.path):
            cursor = self._reader.execute(query)
        while True:
            with self._reader_lock, _explained(self.path):
                rows = cursor.fetchmany(_AT_ONCE)
            if not rows:
                return
            yield from rows

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """Run a block as one transaction; when the block is left, its changes are on the disk."""
        with self._writer_lock, _explained(self.path):
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def close(self) -> None:
        """Close both connections; may be called twice."""
        with self._reader_lock, self._writer_lock:
            self._reader.close()
            self._writer.close()

    def _opened(self) -> sqlite3.Connection:
        if self.path is None:
            connection = _connect(None)
            _schema.migrate(connection)
            return connection
        with _explained(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not self.path.exists():
                self.path.touch(mode=0o600)
            try:
                return _checked(self.path)
            except sqlite3.DatabaseError as error:
                if _code(error) not in _DAMAGE:
                    raise
        return self._replaced(self.path)

    def _replaced(self, path: Path) -> sqlite3.Connection:
        """Set a damaged file aside, begin a new one and carry over every row that can still be read."""
        aside = path.with_name(f"{path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{path.suffix}")
        with _explained(path):
            # The write-ahead log goes along: it may hold the newest work.
            for ending in ("-wal", "-shm", ""):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + ending).rename(aside.with_name(aside.name + ending))
            path.touch(mode=0o600)
            connection = _checked(path)
            saved = _salvage(aside, connection)
        self.notice = (
            f"The record of your work was damaged. It is kept as {aside.name} in {aside.parent} and a new "
            f"one begun; {saved} entries of assessments could be carried over."
        )
        return connection


def _connect(path: Path | None) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path or ":memory:", timeout=_WAIT_S, isolation_level=None, check_same_thread=False
    )
    # FULL: a commit is on the disk when it returns, also when the power fails.
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _checked(path: Path) -> sqlite3.Connection:
    """Connect, check the file's structure and bring it to the newest schema."""
    connection = _connect(path)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        _schema.migrate(connection)
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except BaseException:
        connection.close()
        raise
    if verdict != "ok":
        connection.close()
        raise _damaged(verdict)
    return connection


def _damaged(verdict: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(verdict)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _code(error: sqlite3.Error) -> int:
    # The low byte of an extended code is the primary one.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _salvage(damaged: Path, target: sqlite3.Connection) -> int:
    """Copy what can be read of the tables that cannot be made again; return the number of assessments."""
    saved = 0
    source = sqlite3.connect(damaged)
    try:
        for table in _schema.KEPT:
            rows = list(_readable(source, table))
            with suppress(sqlite3.Error):
                target.execute("BEGIN")
                for row in rows:
                    with suppress(sqlite3.Error):
                        target.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
                        saved += table == "assessments"
                target.execute("COMMIT")
    finally:
        source.close()
    return saved


def _readable(source: sqlite3.Connection, table: str) -> Iterator[tuple]:
    """Yield the rows up to the first damaged page."""
    try:
        yield from source.execute(f"SELECT * FROM {table}")
    except (sqlite3.Error, UnicodeError):
        return


@contextmanager
def _explained(path: Path | None) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        if _code(error) == sqlite3.SQLITE_FULL:
            remedy = "Free some disk space, then try again."
        elif _code(error) in _DAMAGE:
            remedy = "Start BreastView again: it keeps the damaged file and saves what can be read."
        elif _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            remedy = "Another BreastView is writing to it; try again."
        else:
            remedy = "Check that the folder can be written to."
        raise StoreError(f"the record of your work failed ({error})", path, remedy) from error
    except OSError as error:
        raise StoreError(
            f"the record of your work cannot be opened ({error.strerror or error})",
            path,
            "Check that the folder exists and can be written to.",
        ) from error
