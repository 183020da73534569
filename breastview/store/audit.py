"""What was done, by whom and when, without patient data: an append-only table whose rows are chained."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from breastview import atomic, registry
from breastview.store._database import Database
from breastview.study.reading import ALL_CATEGORIES


class Event(StrEnum):
    """What can be logged."""

    OPENED = "opened"
    ASSESSED = "assessed"
    FINALISED = "finalised"
    REOPENED = "reopened"
    COMMITTED = "committed"
    REVEALED = "revealed"
    CHANGED_AFTER_REVEAL = "changed after reveal"
    MEASURED = "measured"
    CALIBRATED = "calibrated"
    KIND_CHOSEN = "kind chosen"
    EDITED = "edited"
    PAIRED = "paired"
    UNPAIRED = "unpaired"
    EXPORTED = "exported"
    SENT = "sent"
    QUERIED = "queried"
    RETRIEVED = "retrieved"
    RECEIVED = "received"


@dataclass(frozen=True)
class Entry:
    """One row of the log.

    Attributes
    ----------
    number : int
        Counted from 1.
    at : str
        ISO 8601, UTC.
    reader : str
        Name from the settings, may be empty.
    event : str
        Value of `Event`.
    sha : str
        SHA-256 of the file's bytes, empty where no one file is meant.
    frame : int or None
        Counted from 0.
    detail : str
        A category or the name of an output; nothing else is taken.
    previous, hash : str
        SHA-256 of the row before, and of this row with it.
    """

    number: int
    at: str
    reader: str
    event: str
    sha: str
    frame: int | None
    detail: str
    previous: str
    hash: str


COLUMNS = tuple(item.name for item in fields(Entry))
_QUERY = "SELECT id, at, reader, event, sha, frame, detail, previous, hash FROM audit"


class AuditLog:
    """Adds to the log, reads it and checks it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, event: Event, reader: str = "", sha: str = "", frame: int | None = None, detail: str = ""
    ) -> None:
        """Append a row.

        Raises
        ------
        ValueError
            If `sha` is no SHA-256 or `detail` is neither a category nor an output: free text could hold a
            patient's name.
        """
        with self._database.write() as database:
            append(database, event, reader, sha, frame, detail)

    def add_all(self, event: Event, reader: str, hashes: Iterable[str], detail: str = "") -> None:
        """Append a row for each file (SHA-256), all at once."""
        with self._database.write() as database:
            for sha in hashes:
                append(database, event, reader, sha, None, detail)

    def count(self) -> int:
        """Return the number of rows."""
        return int(self._database.read("SELECT count(*) FROM audit")[0][0])

    def entries(self, newest: int | None = None) -> tuple[Entry, ...]:
        """Return the rows, oldest first; only the last `newest` of them where a number is given."""
        if newest is None:
            rows = self._database.read(f"{_QUERY} ORDER BY id")
        else:
            rows = self._database.read(f"{_QUERY} ORDER BY id DESC LIMIT ?", (newest,))[::-1]
        return tuple(Entry(*row) for row in rows)

    def broken_at(self) -> int | None:
        """Return the number of the first row that was changed or follows a missing one; None: whole."""
        return first_break(self.entries())

    def write_csv(self, path: Path) -> None:
        """Write the whole log as a table.

        Raises
        ------
        OSError
            If it cannot be written; nothing incomplete is left.
        """
        with (
            atomic.written(path) as temporary,
            temporary.open("w", encoding="utf-8", newline="") as file,
        ):
            table = csv.writer(file)
            table.writerow(COLUMNS)
            table.writerows(_safe(entry) for entry in self.entries())


def append(
    database: sqlite3.Connection, event: Event, reader: str, sha: str, frame: int | None, detail: str
) -> None:
    """Append a row within a transaction that is open already, so that deed and row are kept together."""
    _check(sha, detail)
    last = database.execute("SELECT hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    previous = last[0] if last else ""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    row = (at, reader, Event(event).value, sha, frame, detail)
    database.execute(
        "INSERT INTO audit (at, reader, event, sha, frame, detail, previous, hash) VALUES (?,?,?,?,?,?,?,?)",
        (*row, previous, chained(previous, row)),
    )


def chained(previous: str, row: tuple[object, ...]) -> str:
    """Return the hash of a row (time, reader, event, SHA-256, frame, detail) and of all rows before it."""
    return hashlib.sha256(json.dumps([previous, *row]).encode("ascii")).hexdigest()


def first_break(entries: Iterable[Entry]) -> int | None:
    """Return the number of the first row at which the chain does not hold."""
    previous = ""
    for number, entry in enumerate(entries, 1):
        row = (entry.at, entry.reader, entry.event, entry.sha, entry.frame, entry.detail)
        if entry.number != number or entry.previous != previous or entry.hash != chained(previous, row):
            return entry.number
        previous = entry.hash
    return None


def _check(sha: str, detail: str) -> None:
    if sha and (len(sha) != 64 or not set(sha) <= set("0123456789abcdef")):
        raise ValueError("the audit log takes SHA-256 sums only")
    if detail and detail not in ALL_CATEGORIES and detail not in registry.names("breastview.exporters"):
        raise ValueError("the audit log takes categories and names of outputs only")


def _safe(entry: Entry) -> tuple[object, ...]:
    """Return a row in which no cell is taken for a formula by a spreadsheet."""
    return tuple(
        f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@") else value
        for value in astuple(entry)
    )
