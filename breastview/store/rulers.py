"""Depth rulers: the reader's own calibrations, for one file or for the pictures of one size in a folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from breastview.store import audit
from breastview.store._database import Database
from breastview.study.calibration import Ruler


def of_file(sha: str) -> str:
    """Return the scope of one file, whatever its name."""
    return f"file:{sha}"


def of_folder(folder: Path, rows: int, columns: int) -> str:
    """Return the scope of all pictures of one size in a folder."""
    # JSON escapes the bytes of a name that is no valid Unicode, which SQLite would not take.
    return f"folder:{rows}x{columns}:{json.dumps(str(folder))}"


class Rulers:
    """The newest row of a scope counts; one without a ruler takes it away. Older rows are the history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, *scopes: str) -> tuple[str, Ruler] | None:
        """Return the ruler of the first of the scopes that has one, with that scope; None: none has."""
        for scope in scopes:
            rows = self._database.read(
                "SELECT body FROM rulers WHERE scope = ? ORDER BY id DESC LIMIT 1", (scope,)
            )
            if rows and (ruler := _decoded(rows[0][0])) is not None:
                return scope, ruler
        return None

    def history(self, scope: str) -> tuple[Ruler | None, ...]:
        """Return every ruler that a scope ever had, oldest first; None: taken away."""
        rows = self._database.read("SELECT body FROM rulers WHERE scope = ? ORDER BY id", (scope,))
        return tuple(_decoded(body) for (body,) in rows)

    def put(self, scope: str, ruler: Ruler | None, reader: str = "", sha: str = "") -> None:
        """Keep a ruler for a scope, or take it away; `sha` is the file it was drawn on, for the log."""
        before = self.of(scope)
        if (before[1] if before else None) == ruler:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        body = "" if ruler is None else json.dumps(asdict(ruler))
        with self._database.write() as database:
            database.execute(
                "INSERT INTO rulers (scope, reader, changed_at, body) VALUES (?, ?, ?, ?)",
                (scope, reader, now, body),
            )
            audit.append(database, audit.Event.CALIBRATED, reader, sha, None, "")


def _decoded(body: str) -> Ruler | None:
    if not body:
        return None
    values = json.loads(body)
    (x0, y0), (x1, y1) = values["start"], values["end"]
    return Ruler((float(x0), float(y0)), (float(x1), float(y1)), float(values["millimetres"]))
