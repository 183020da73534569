"""Which lesions of two pictures are the same one, as the reader said; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from breastview.store import audit
from breastview.store._database import Database
from breastview.study.pair import LesionPlace, Pair

_NEWEST = "id IN (SELECT max(id) FROM pairs GROUP BY pair) AND NOT removed"
_COLUMNS = (
    "pair, one_sha, one_frame, one_lesion, other_sha, other_frame, other_lesion, reader, made_at, removed"
)


class Pairs:
    """Pairs by the content of their pictures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sha: str, frame: int) -> tuple[Pair, ...]:
        """Return the pairs with one end at a frame, oldest first."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM pairs WHERE {_NEWEST} AND "
            "((one_sha = ? AND one_frame = ?) OR (other_sha = ? AND other_frame = ?)) ORDER BY id",
            (sha, frame, sha, frame),
        )
        return tuple(_pair(row) for row in rows)

    def files(self, hashes: Iterable[str]) -> frozenset[str]:
        """Return those of the SHA-256 sums that take part in a pair."""
        rows = self._database.read(f"SELECT one_sha, other_sha FROM pairs WHERE {_NEWEST}")
        return frozenset(hashes) & {sha for row in rows for sha in row}

    def put(self, pair: Pair, reader: str = "") -> Pair:
        """Keep a pair and return it with the time."""
        return self._write(pair, reader, removed=False)

    def remove(self, pair: Pair, reader: str = "") -> Pair:
        """Take a pair apart; its history stays."""
        return self._write(pair, reader, removed=True)

    def _write(self, pair: Pair, reader: str, removed: bool) -> Pair:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        saved = replace(pair, reader=pair.reader or reader, made_at=now)
        one, other = saved.one, saved.other
        event = audit.Event.UNPAIRED if removed else audit.Event.PAIRED
        with self._database.write() as database:
            database.execute(
                f"INSERT INTO pairs ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
                (
                    saved.identifier, one.sha, one.frame, one.lesion, other.sha, other.frame, other.lesion,
                    saved.reader, now, removed,
                ),
            )  # fmt: skip
            for end in (one, other):
                audit.append(database, event, reader, end.sha, end.frame, "")
        return saved


def _pair(row: tuple) -> Pair:
    name, one_sha, one_frame, one_lesion, other_sha, other_frame, other_lesion, reader, made_at, _ = row
    return Pair(
        name, LesionPlace(one_sha, one_frame, one_lesion), LesionPlace(other_sha, other_frame, other_lesion),
        reader, made_at,
    )  # fmt: skip
