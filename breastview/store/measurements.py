"""The reader's measurements by the content of their pictures; nothing is ever deleted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from breastview.store import audit
from breastview.store._database import Database
from breastview.study.measurement import Measurement, Tool, complete

_NEWEST = "SELECT body FROM measurements WHERE sha = ? AND frame = ? ORDER BY id DESC LIMIT 1"


class Measurements:
    """All measurements of a frame together; the newest row of a frame counts, the others are its history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sha: str, frame: int) -> tuple[Measurement, ...]:
        """Return the measurements of a frame in the order of drawing."""
        rows = self._database.read(_NEWEST, (sha, frame))
        return _decoded(rows[0][0]) if rows else ()

    def history(self, sha: str, frame: int) -> tuple[tuple[Measurement, ...], ...]:
        """Return what was ever kept of a frame, oldest first."""
        rows = self._database.read(
            "SELECT body FROM measurements WHERE sha = ? AND frame = ? ORDER BY id", (sha, frame)
        )
        return tuple(_decoded(body) for (body,) in rows)

    def put(self, sha: str, frame: int, measurements: tuple[Measurement, ...], reader: str = "") -> None:
        """Keep the measurements of a frame in place of the earlier ones; the same ones not again."""
        if self.of(sha, frame) == measurements:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._database.write() as database:
            database.execute(
                "INSERT INTO measurements (sha, frame, reader, changed_at, body) VALUES (?, ?, ?, ?, ?)",
                (sha, frame, reader, now, _encoded(measurements)),
            )
            audit.append(database, audit.Event.MEASURED, reader, sha, frame, "")


def _encoded(measurements: tuple[Measurement, ...]) -> str:
    return json.dumps(
        [
            {"id": one.identifier, "tool": one.tool.value, "points": one.points, "text": one.text,
             "lesion": one.lesion}
            for one in measurements
        ]
    )  # fmt: skip


def _decoded(body: str) -> tuple[Measurement, ...]:
    """Return the measurements of a row; those of a kind that a newer version drew are left out."""
    known = {tool.value for tool in Tool}
    found = (_measurement(values) for values in json.loads(body) if values.get("tool") in known)
    return tuple(one for one in found if complete(one))


def _measurement(values: dict[str, Any]) -> Measurement:
    points = tuple((float(x), float(y)) for x, y in values["points"])
    text, lesion = str(values.get("text", "")), int(values.get("lesion", 0))
    return Measurement(str(values["id"]), Tool(values["tool"]), points, text, lesion)
