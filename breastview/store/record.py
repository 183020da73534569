"""What is remembered between two starts, by the files' content: a moved picture keeps its assessment."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from breastview.store import audit, workspace
from breastview.store._database import Database
from breastview.store.audit import AuditLog, Event
from breastview.store.batches import Batches
from breastview.store.kinds import Kinds
from breastview.store.measurements import Measurements
from breastview.store.pairs import Pairs
from breastview.store.reveals import Reveals
from breastview.store.rulers import Rulers
from breastview.store.segmentations import Segmentations
from breastview.study.analysis import Analysis
from breastview.study.reading import ALL_CATEGORIES, Assessment, ReadState

RECENT = 15
_HASHES_KEPT = 200_000
_T = TypeVar("_T")
_AT_ONCE = 400  # SQLite allows 999 values a statement in its oldest builds


@dataclass(frozen=True)
class AnalysisSummary:
    """What a list shows of an analysis, without its pictures.

    Attributes
    ----------
    frame : int
        Counted from 0.
    probabilities : mapping of str to float or None
        Calibrated probability by class; None where the input gate refused.
    abstained : bool
        Whether the model does not commit itself.
    flags : tuple of str
        Codes of what weakens the reading.
    refused : bool
        Whether the input gate allows no score.
    suspicious : str
        Name of the class that is to be found.
    """

    frame: int
    probabilities: dict[str, float] | None
    abstained: bool
    flags: tuple[str, ...]
    refused: bool
    suspicious: str = "malignant"

    @classmethod
    def of(cls, analysis: Analysis, frame: int) -> AnalysisSummary:
        """Return the summary of an analysis."""
        numbers = analysis.probabilities
        return cls(
            frame=frame,
            probabilities=None
            if numbers is None
            else {name: float(number) for name, number in zip(analysis.classes, numbers, strict=True)},
            abstained=analysis.abstained,
            flags=tuple(flag.code for flag in analysis.flags),
            refused=analysis.refused,
            suspicious=analysis.suspicious,
        )


@dataclass(frozen=True)
class LastSession:
    """What was on screen: enough to show it again.

    Attributes
    ----------
    sources : tuple of Path
        Files and folders that were opened.
    path : Path or None
        The current case; `label` and `sha` find it again where its path is a new one (a ZIP's folder).
    frame : int
        Its frame, counted from 0.
    view : dict
        The window's own state, plain JSON values.
    """

    sources: tuple[Path, ...] = ()
    path: Path | None = None
    label: str = ""
    sha: str = ""
    frame: int = 0
    view: dict[str, Any] | None = None


class Store:
    """The reader's record in one SQLite file (write-ahead log, synchronous commits); safe from any thread.

    A method that returns has its change on the disk. Several instances of the application may share the file.

    Parameters
    ----------
    path : Path or None
        The file, made when missing; None keeps everything in memory until `close`.

    Attributes
    ----------
    notice : str
        A sentence for the reader when a damaged record was set aside on opening, else empty.
    audit, pairs, reveals, segmentations, measurements, rulers, batches
        The log of what was done, lesions seen twice, opinions before and after the AI, the reader's masks,
        measurements and depth rulers; runs over whole archives.

    Raises
    ------
    StoreError
        If the file cannot be opened, or a newer application wrote it. Every method raises it on failure.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._database = Database(path)
        self.audit = AuditLog(self._database)
        self.pairs = Pairs(self._database)
        self.reveals = Reveals(self._database)
        self.segmentations = Segmentations(self._database)
        self.kinds = Kinds(self._database)
        self.measurements = Measurements(self._database)
        self.rulers = Rulers(self._database)
        self.batches = Batches(self._database)

    @classmethod
    def of_user(cls) -> Store:
        """Open the user's own record: the workspace that was open last."""
        return cls(workspace.chosen().path)

    @property
    def path(self) -> Path | None:
        """The file; None where everything is kept in memory."""
        return self._database.path

    @property
    def notice(self) -> str:
        """What happened on opening, for the reader."""
        return self._database.notice

    def close(self) -> None:
        """Close the file; may be called twice."""
        self._database.close()

    # Files by content

    def known_hash(self, path: Path, size: int, mtime_ns: int) -> str:
        """Return the SHA-256 of an unchanged file seen before, or an empty string."""
        rows = self._database.read("SELECT size, mtime_ns, sha FROM hashes WHERE path = ?", (_text(path),))
        return rows[0][2] if rows and rows[0][:2] == (size, mtime_ns) else ""

    def known_hashes(self, files: Iterable[tuple[Path, int, int]]) -> dict[Path, str]:
        """Return the SHA-256 of those of the files (path, size, mtime_ns) that were seen before unchanged."""
        found: dict[Path, str] = {}
        for some in _chunks(files):
            wanted = {_text(path): (path, size, mtime_ns) for path, size, mtime_ns in some}
            query = f"SELECT path, size, mtime_ns, sha FROM hashes WHERE path IN ({_marks(wanted)})"
            for name, size, mtime_ns, sha in self._database.read(query, tuple(wanted)):
                if wanted[name][1:] == (size, mtime_ns):
                    found[wanted[name][0]] = sha
        return found

    def path_of(self, sha: str) -> Path | None:
        """Return where a file of this SHA-256 was last seen, None where it never was."""
        rows = self._database.read("SELECT path FROM hashes WHERE sha = ? LIMIT 1", (sha,))
        return _path(rows[0][0]) if rows else None

    def remember_hash(self, path: Path, size: int, mtime_ns: int, sha: str) -> None:
        """Keep the SHA-256 of a file so that it need not be read again."""
        with self._database.write() as database:
            row = (_text(path), size, mtime_ns, sha)
            database.execute("INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?)", row)
            (count,) = database.execute("SELECT count(*) FROM hashes").fetchone()
            if count > _HASHES_KEPT:
                database.execute("DELETE FROM hashes")

    # Assessments

    def assessment(self, sha: str, frame: int) -> Assessment:
        """Return the newest assessment of a frame, an empty one where there is none."""
        rows = self._database.read(
            "SELECT body FROM assessments WHERE sha = ? AND frame = ? ORDER BY id DESC LIMIT 1", (sha, frame)
        )
        return _decoded(rows[0][0]) if rows else Assessment()

    def assessments(self, hashes: Iterable[str]) -> dict[str, dict[int, Assessment]]:
        """Return the newest assessments of many files: SHA-256 -> frame -> assessment."""
        found: dict[str, dict[int, Assessment]] = {}
        for some in _chunks(dict.fromkeys(hashes)):
            query = (
                "SELECT sha, frame, body FROM assessments WHERE id IN "
                f"(SELECT max(id) FROM assessments WHERE sha IN ({_marks(some)}) GROUP BY sha, frame)"
            )
            for sha, frame, body in self._database.read(query, tuple(some)):
                found.setdefault(sha, {})[frame] = _decoded(body)
        return found

    def history(self, sha: str, frame: int) -> tuple[Assessment, ...]:
        """Return every assessment that was ever saved of a frame, oldest first."""
        rows = self._database.read(
            "SELECT body FROM assessments WHERE sha = ? AND frame = ? ORDER BY id", (sha, frame)
        )
        return tuple(_decoded(body) for (body,) in rows)

    def assess(self, sha: str, frame: int, assessment: Assessment, reader: str = "") -> Assessment:
        """Save an assessment beside the earlier ones and return it with the time of the change.

        One that changes nothing is not saved again. The audit log says that it was `reader` (by default the
        assessment's own).
        """
        before = self.assessment(sha, frame)
        if replace(before, changed_at="") == replace(assessment, changed_at=""):
            return before
        saved = replace(assessment, changed_at=datetime.now(UTC).isoformat(timespec="milliseconds"))
        with self._database.write() as database:
            database.execute(
                "INSERT INTO assessments (sha, frame, changed_at, body) VALUES (?, ?, ?, ?)",
                (sha, frame, saved.changed_at, json.dumps(asdict(saved))),
            )
            if (event := _event(before, saved)) is not None:
                category = saved.category if saved.category in ALL_CATEGORIES else ""
                audit.append(database, event, reader or saved.reader, sha, frame, category)
        return saved

    # What the AI said, for lists

    def remember_analyses(self, bundle: str, analyses: Iterable[tuple[str, AnalysisSummary]]) -> None:
        """Keep summaries (SHA-256, summary) of one bundle (its hash) in one transaction."""
        rows = [
            (sha, one.frame, bundle, json.dumps({k: v for k, v in asdict(one).items() if k != "frame"}))
            for sha, one in analyses
        ]
        with self._database.write() as database:
            database.executemany("INSERT OR REPLACE INTO analyses VALUES (?, ?, ?, ?)", rows)

    def analyses(self, hashes: Iterable[str], bundle: str) -> dict[str, tuple[AnalysisSummary, ...]]:
        """Return the summaries of many files by one bundle: SHA-256 -> summaries in order of their frames."""
        found: dict[str, tuple[AnalysisSummary, ...]] = {}
        for some in _chunks(dict.fromkeys(hashes)):
            query = (
                f"SELECT sha, frame, body FROM analyses WHERE bundle = ? AND sha IN ({_marks(some)}) "
                "ORDER BY sha, frame"
            )
            for sha, frame, body in self._database.read(query, (bundle, *some)):
                values = json.loads(body)
                values["flags"] = tuple(values["flags"])
                one = AnalysisSummary(frame=frame, **_known(AnalysisSummary, values))
                found[sha] = (*found.get(sha, ()), one)
        return found

    # What was open

    def remember_opened(self, sources: Sequence[Path]) -> None:
        """Put sources at the head of the recent list, which holds the last `RECENT` of them."""
        with self._database.write() as database:
            now = time.time()
            # Of several sources opened together the first one heads the list.
            for rank, source in enumerate(sources):
                row = (_text(source), now - rank * 1e-6)
                database.execute("INSERT OR REPLACE INTO recent VALUES (?, ?)", row)
            newest = "SELECT source FROM recent ORDER BY opened_at DESC LIMIT ?"
            database.execute(f"DELETE FROM recent WHERE source NOT IN ({newest})", (RECENT,))

    def recent(self) -> tuple[Path, ...]:
        """Return what was opened, newest first."""
        rows = self._database.read("SELECT source FROM recent ORDER BY opened_at DESC")
        return tuple(_path(source) for (source,) in rows)

    def forget_recent(self) -> None:
        """Empty the recent list."""
        with self._database.write() as database:
            database.execute("DELETE FROM recent")

    def save_session(self, last: LastSession) -> None:
        """Keep what is on screen."""
        values = asdict(last)
        values["sources"] = [str(source) for source in last.sources]
        values["path"] = None if last.path is None else str(last.path)
        with self._database.write() as database:
            database.execute("INSERT OR REPLACE INTO last_session VALUES (1, ?)", (json.dumps(values),))

    def last_session(self) -> LastSession | None:
        """Return what was on screen, None before the first time."""
        rows = self._database.read("SELECT body FROM last_session")
        if not rows:
            return None
        values = _known(LastSession, json.loads(rows[0][0]))
        values["sources"] = tuple(Path(source) for source in values.get("sources", ()))
        values["path"] = Path(values["path"]) if values.get("path") else None
        return LastSession(**values)


def _event(before: Assessment, after: Assessment) -> Event | None:
    """Return what the audit log calls a change; having looked at a picture is no assessment."""
    if after.state is ReadState.SEEN and before.state is ReadState.UNREAD:
        return None
    if after.state is not before.state and ReadState.FINAL in (before.state, after.state):
        return Event.FINALISED if after.state is ReadState.FINAL else Event.REOPENED
    return Event.ASSESSED


def _decoded(body: str) -> Assessment:
    values = _known(Assessment, json.loads(body))
    values["descriptors"] = tuple((str(k), str(v)) for k, v in values.get("descriptors", ()))
    values["state"] = ReadState(values.get("state", ReadState.UNREAD))
    return Assessment(**values)


def _known(kind: type, values: dict[str, Any]) -> dict[str, Any]:
    """Drop what this version does not know, so that a newer record still opens."""
    names = {item.name for item in fields(kind)}
    return {name: value for name, value in values.items() if name in names}


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)


def _chunks(values: Iterable[_T]) -> Iterator[tuple[_T, ...]]:
    remaining = iter(values)
    while chunk := tuple(islice(remaining, _AT_ONCE)):
        yield chunk


def _text(path: Path) -> str:
    # JSON escapes the bytes of a name that is no valid Unicode, which SQLite would not take.
    return json.dumps(str(path))


def _path(text: str) -> Path:
    return Path(json.loads(text))
