"""As what kind of picture the reader has files read, and what those without a header look like."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from breastview.store import audit
from breastview.store._database import Database
from breastview.study.kind import Kind, KindOf, Said

_AT_ONCE = 400
_AUTOMATIC, _NONE = "", "-"
KEPT = 200_000
"""Looks that are kept at most; one costs some hundred bytes and is found again in a moment."""


class Kinds:
    """Kinds by the content of the files; the reader's choices are only ever added to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def chosen(self, hashes: Iterable[str]) -> dict[str, Kind]:
        """Return what the reader chose, of those of the SHA-256 sums for which there is a choice."""
        query = (
            "SELECT sha, kind FROM kinds WHERE id IN "
            "(SELECT max(id) FROM kinds WHERE sha IN ({marks}) GROUP BY sha)"
        )
        rows = self._read(query, hashes)
        return {sha: Kind(kind) for sha, kind in rows if kind != _AUTOMATIC}

    def choose(self, sha: str, kind: Kind | None, reader: str = "") -> None:
        """Keep what the reader wants a file read as; None: as it is. What is so already is not kept again."""
        if self.chosen([sha]).get(sha) is kind:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        value = _AUTOMATIC if kind is None else kind.value
        with self._database.write() as database:
            database.execute(
                "INSERT INTO kinds (sha, kind, reader, changed_at) VALUES (?, ?, ?, ?)",
                (sha, value, reader, now),
            )
            audit.append(database, audit.Event.KIND_CHOSEN, reader, sha, None, "")

    def looks(self, hashes: Iterable[str], revision: str, like_none: str) -> dict[str, KindOf]:
        """Return what files look like, of those that were looked at by the rules of a revision.

        Parameters
        ----------
        like_none : str
            The sentence for those of no kind.
        """
        rows = self._read("SELECT sha, kind, revision FROM looks WHERE sha IN ({marks})", hashes)
        return {sha: _look(kind, like_none) for sha, kind, made_by in rows if made_by == revision}

    def remember_look(self, sha: str, found: KindOf, revision: str) -> None:
        """Keep what a file looks like."""
        value = _NONE if found.kind is None else found.kind.value
        with self._database.write() as database:
            database.execute("INSERT OR REPLACE INTO looks VALUES (?, ?, ?)", (sha, value, revision))
            database.execute(
                "DELETE FROM looks WHERE sha IN "
                "(SELECT sha FROM looks LIMIT max(0, (SELECT count(*) FROM looks) - ?))",
                (KEPT,),
            )

    def _read(self, query: str, hashes: Iterable[str]) -> list[tuple]:
        wanted = [sha for sha in dict.fromkeys(hashes) if sha]
        found: list[tuple] = []
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            found += self._database.read(query.format(marks=",".join("?" * len(some))), tuple(some))
        return found


def _look(kind: str, like_none: str) -> KindOf:
    return KindOf(None, Said.LOOK, like_none) if kind == _NONE else KindOf(Kind(kind), Said.LOOK)
