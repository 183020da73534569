"""What a run over an archive covers and what came of it: the place it goes on from after any interruption.

An item is what is analysed as a whole: a file, or a study of an archive. Units are neighbouring items that
go to one worker together. A result counts for an item as long as the item's version (size and time of change,
or what its source tells instead) is the same.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from breastview.store._database import Database

_ITEMS = "batch_items (path, position, unit, label, version, frames)"
_RESULTS = "batch_results (path, version, sha, bundles, state, frames, abstained, refused, failed, made_at)"


class State(StrEnum):
    """What came of an item."""

    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Item:
    """What is analysed as a whole.

    Attributes
    ----------
    path : str
        Its name in results: an absolute path, a URL.
    label : str
        Its name within its source.
    version : str
        What changes when its content changes.
    frames : int
        As far as they are known beforehand, for the progress.
    """

    path: str
    label: str
    version: str
    frames: int = 1


@dataclass(frozen=True)
class Row:
    """A row of the table with its place in it.

    Attributes
    ----------
    sort : bytes
        Compared byte by byte; rows of the same go in the order of the items.
    body : mapping
        Column -> plain JSON value.
    """

    sort: bytes
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Finished:
    """What came of an item.

    Attributes
    ----------
    sha : str
        SHA-256 of its content, empty where it has none of its own (a study).
    bundles : tuple of str
        Hashes of the bundles that read its frames.
    analyses : tuple of (str, int, str, mapping)
        SHA-256 of a file, frame, hash of the bundle, what lists show (`AnalysisSummary` as plain values).
    frames, abstained, refused, failed : int
        Frames that were read; those the model abstains on, those the input gate refused; rows without a
        reading.
    """

    item: Item
    state: State
    rows: tuple[Row, ...]
    sha: str = ""
    bundles: tuple[str, ...] = ()
    analyses: tuple[tuple[str, int, str, Mapping[str, Any]], ...] = ()
    frames: int = 0
    abstained: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Totals:
    """What came of all items of the present run so far."""

    items: int = 0
    quarantined: int = 0
    frames: int = 0
    abstained: int = 0
    refused: int = 0
    failed: int = 0


class Batches:
    """Items and results of runs; safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._listed = 0

    def begin(self, bundles: Collection[str], again: bool = False) -> None:
        """Begin a run: forget what the last one covered, and results by other bundles than these (hashes).

        Parameters
        ----------
        again : bool
            Whether what failed or was quarantined is forgotten, too, and thereby tried again.
        """
        known = self._database.read("SELECT DISTINCT bundles FROM batch_results")
        stale = [(text,) for (text,) in known if not set(json.loads(text)) <= set(bundles)]
        with self._database.write() as database:
            database.execute("DELETE FROM batch_items")
            database.executemany("DELETE FROM batch_results WHERE bundles = ?", stale)
            if again:
                database.execute("DELETE FROM batch_results WHERE state != ?", (State.DONE,))
            database.execute("DELETE FROM batch_rows WHERE path NOT IN (SELECT path FROM batch_results)")
        self._listed = 0

    def list_unit(self, unit: int, items: Sequence[Item]) -> int:
        """Note the items of a unit (counted from 0); return how many of its frames are done already."""
        with self._lock, self._database.write() as database:
            for item in items:
                values = (_text(item.path), self._listed, unit, _text(item.label), item.version, item.frames)
                database.execute(f"INSERT OR IGNORE INTO {_ITEMS} VALUES (?, ?, ?, ?, ?, ?)", values)
                self._listed += 1
            (done,) = database.execute(
                "SELECT total(i.frames) FROM batch_items i JOIN batch_results r USING (path, version) "
                "WHERE i.unit = ?", (unit,),
            ).fetchone()  # fmt: skip
        return int(done)

    def waiting(self, unit: int) -> tuple[Item, ...]:
        """Return the items of a unit that have no result yet, in their order."""
        rows = self._database.read(
            "SELECT i.path, i.label, i.version, i.frames FROM batch_items i "
            "LEFT JOIN batch_results r USING (path, version) WHERE i.unit = ? AND r.path IS NULL "
            "ORDER BY i.position", (unit,),
        )  # fmt: skip
        return tuple(Item(json.loads(path), json.loads(label), *rest) for path, label, *rest in rows)

    def known(self) -> Iterator[tuple[str, str]]:
        """Yield path and version of every result that another file of the same content can take over."""
        query = "SELECT path, version FROM batch_results WHERE sha != '' AND state = 'done'"
        for path, version in self._database.stream(query):
            yield json.loads(path), version

    def adopt(self, item: Item, sha: str) -> bool:
        """Take over the result of the same content under another name; return whether there was one."""
        new, columns = _text(item.path), "sha, bundles, state, frames, abstained, refused, failed, made_at"
        with self._database.write() as database:
            found = database.execute(
                "SELECT path FROM batch_results WHERE sha = ? AND state = 'done' LIMIT 1", (sha,)
            ).fetchone()
            if found is None:
                return False
            query = "SELECT number, sort, body FROM batch_rows WHERE path = ?"
            rows = database.execute(query, found).fetchall()
            database.execute(
                f"INSERT OR REPLACE INTO batch_results (path, version, {columns}) "
                f"SELECT ?, ?, {columns} FROM batch_results WHERE path = ?", (new, item.version, *found),
            )  # fmt: skip
            database.execute("DELETE FROM batch_rows WHERE path = ?", (new,))
            moved = [(new, n, sort, _body(json.loads(body) | {"path": item.path})) for n, sort, body in rows]
            database.executemany("INSERT INTO batch_rows VALUES (?, ?, ?, ?)", moved)
        return True

    def finish(self, results: Iterable[Finished]) -> None:
        """Keep results; when this returns they are on the disk, with what lists show of the analyses."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.write() as database:
            for one in results:
                path = _text(one.item.path)
                database.execute(
                    f"INSERT OR REPLACE INTO {_RESULTS} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (path, one.item.version, one.sha, json.dumps(sorted(one.bundles)), one.state, one.frames,
                     one.abstained, one.refused, one.failed, now),
                )  # fmt: skip
                database.execute("DELETE FROM batch_rows WHERE path = ?", (path,))
                rows = [(path, n, row.sort, _body(row.body)) for n, row in enumerate(one.rows)]
                database.executemany("INSERT INTO batch_rows VALUES (?, ?, ?, ?)", rows)
                seen = [(sha, frame, bundle, _body(values)) for sha, frame, bundle, values in one.analyses]
                database.executemany("INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?)", seen)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of the present run in their order, some at a time from the disk."""
        query = (
            "SELECT r.body FROM batch_items i JOIN batch_results d USING (path, version) "
            "JOIN batch_rows r USING (path) ORDER BY r.sort, i.position, r.number"
        )
        for (body,) in self._database.stream(query):
            yield json.loads(body)

    def totals(self) -> Totals:
        """Return what came of the present run so far."""
        (row,) = self._database.read(
            "SELECT count(*), total(state = 'quarantined'), total(d.frames), total(abstained), "
            "total(refused), total(failed) FROM batch_items i JOIN batch_results d USING (path, version)"
        )
        return Totals(*map(int, row))

    def quarantined(self) -> tuple[str, ...]:
        """Return the items of the present run that are in quarantine, in their order."""
        rows = self._database.read(
            "SELECT i.path FROM batch_items i JOIN batch_results r USING (path, version) "
            "WHERE r.state = 'quarantined' ORDER BY i.position"
        )
        return tuple(json.loads(path) for (path,) in rows)


def _body(values: Mapping[str, Any]) -> str:
    return json.dumps(values, allow_nan=False)


def _text(text: str | Path) -> str:
    # JSON escapes the bytes of a name that is no valid Unicode, which SQLite would not take.
    return json.dumps(str(text))
