"""The reader's masks by the content of their pictures; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from breastview.errors import StoreError
from breastview.imaging.packed_labels import PackedLabels, pack, unpack
from breastview.store import audit
from breastview.store._database import Database
from breastview.study.segmentation import MaskSource, Segmentation

_COLUMNS = "changed_at, source, height, width, x, y, png"
_AI = MaskSource.AI.value


class Segmentations:
    """Masks of frames; the newest one of a frame counts, the older ones are its history."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, sha: str, frame: int) -> Segmentation | None:
        """Return the reader's mask of a frame, None where the AI's stands as it is."""
        row = self._newest(sha, frame)
        return _segmentation(row) if row is not None else None

    def frames(self, sha: str) -> dict[int, Segmentation]:
        """Return the reader's masks of all frames of a file, by frame, those that are the AI's left out."""
        newest = "id IN (SELECT max(id) FROM segmentations WHERE sha = ? GROUP BY frame)"
        rows = self._database.read(f"SELECT frame, {_COLUMNS} FROM segmentations WHERE {newest}", (sha,))
        found = ((frame, _segmentation(tuple(row))) for frame, *row in rows)
        return {frame: one for frame, one in found if one is not None}

    def edited(self, hashes: Iterable[str]) -> frozenset[str]:
        """Return those of the SHA-256 sums with a frame whose mask is the reader's."""
        newest = "id IN (SELECT max(id) FROM segmentations GROUP BY sha, frame)"
        query = f"SELECT DISTINCT sha FROM segmentations WHERE {newest} AND source != ?"
        return frozenset(hashes) & {sha for (sha,) in self._database.read(query, (_AI,))}

    def _newest(self, sha: str, frame: int) -> tuple | None:
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM segmentations WHERE sha = ? AND frame = ? ORDER BY id DESC LIMIT 1",
            (sha, frame),
        )
        return rows[0] if rows else None

    def history(self, sha: str, frame: int) -> tuple[Segmentation | None, ...]:
        """Return every mask that was ever saved of a frame, oldest first; None: given back to the AI."""
        rows = self._database.read(
            f"SELECT {_COLUMNS} FROM segmentations WHERE sha = ? AND frame = ? ORDER BY id", (sha, frame)
        )
        return tuple(_segmentation(row) for row in rows)

    def put(
        self, sha: str, frame: int, segmentation: Segmentation | None, reader: str = ""
    ) -> Segmentation | None:
        """Keep a mask (None: the AI's again) and return it with the time of the change.

        A mask that is the kept one is not kept again.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        source = _AI if segmentation is None else segmentation.source.value
        packed = PackedLabels(0, 0, 0, 0, b"") if segmentation is None else pack(segmentation.labels)
        values = (source, packed.height, packed.width, packed.x, packed.y, packed.png)
        newest = self._newest(sha, frame)
        if newest is None and segmentation is None:
            return None
        if newest is not None and newest[1:] == values:
            return _segmentation(newest)
        with self._database.write() as database:
            database.execute(
                f"INSERT INTO segmentations (sha, frame, reader, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
                (sha, frame, reader, now, *values),
            )
            audit.append(database, audit.Event.EDITED, reader, sha, frame, "")
        if segmentation is None:
            return None
        return Segmentation(segmentation.labels, segmentation.source, now)


def _segmentation(row: tuple) -> Segmentation | None:
    changed_at, source, height, width, x, y, png = row
    if source == _AI:
        return None
    try:
        return Segmentation(unpack(PackedLabels(height, width, x, y, png)), MaskSource(source), changed_at)
    except ValueError as error:
        raise StoreError(
            f"a mask in the record of your work is damaged ({error})",
            remedy="Draw it again; every earlier one is kept in the record.",
        ) from error
