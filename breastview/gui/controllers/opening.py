"""Opening files and folders: rows stream into the list, the first picture comes up at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview import paths
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.desk import Desk
from breastview.gui.workers.indexing import index
from breastview.gui.workers.job import Job
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row, listed
from breastview.study.instance import Entry, Instance

if TYPE_CHECKING:
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.gui.workers.pictures import PictureLoader
    from breastview.session import Session

DEMO = "demo"


@dataclass(frozen=True)
class Goal:
    """The case to come back to while a list is read again: its file, its name, and the frame."""

    path: str
    label: str
    frame: int

    def meets(self, entry: Entry) -> bool:
        """Return whether an entry is the case; a member of a ZIP has another path each time, but its name."""
        return str(entry.path) == self.path or entry.label == self.label


class Opening(QObject):
    """Reads sources into the worklist.

    Attributes
    ----------
    began : Signal(str), progressed : Signal(int, object, str), ended : Signal()
        Indexing, for the status bar.
    trouble : Signal(str)
        Nothing could be opened, or indexing failed.
    emptied : Signal()
        The list was cleared for another one.
    recent_changed : Signal()
        The list of recent sources changed.
    """

    began = Signal(str)
    progressed = Signal(int, object, str)
    ended = Signal()
    trouble = Signal(str)
    emptied = Signal()
    recent_changed = Signal()

    def __init__(
        self,
        desk: Desk,
        model: WorklistModel,
        stepping: Stepping,
        session: Session,
        loader: PictureLoader,
        inference: InferenceQueue,
    ) -> None:
        super().__init__()
        self._desk, self._model, self._stepping = desk, model, stepping
        self._session, self._loader, self._inference = session, loader, inference
        self._job: Job | None = None
        self._goal: Goal | None = None
        self.sources: tuple[Path, ...] = ()

    def demo(self) -> None:
        """Open the study that comes with the application."""
        self.open([paths.resources() / DEMO])

    def open(self, sources: Sequence[Path], goal: Goal | None = None) -> None:
        """Replace the list by what these sources hold; step to `goal` when it comes."""
        self._empty()
        self.sources = tuple(Path(source) for source in sources)
        if not self.sources:
            return
        self._goal = goal
        job = Job(lambda job: index(job, self._session.open(self.sources, job), self._rows), "indexing")
        self._job = job
        job.produced.connect(lambda rows: self._take(job, rows))
        job.progressed.connect(self.progressed)
        job.succeeded.connect(lambda count: self._finished(job, count))
        job.failed.connect(lambda sentence: self._failed(job, sentence))
        job.stopped.connect(lambda: self._over(job))
        first = self.sources[0].name
        more = f" and {len(self.sources) - 1} more" if len(self.sources) > 1 else ""
        self.began.emit(f"Reading {first}{more}…")
        job.start()

    def close_all(self) -> None:
        """Empty the list."""
        self._empty()
        self._session.forget()

    def cancel(self) -> None:
        """Stop reading; what was found stays."""
        if self._job is not None:
            self._job.cancel()

    def stop(self, seconds: float) -> None:
        """Stop reading and wait for it."""
        if self._job is not None:
            self._job.cancel()
            self._job.wait(seconds)

    def _empty(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.ended.emit()
        self.sources = ()
        self._desk.change(case=None, frame=0)
        self._inference.want([])
        self._inference.background([])
        self._loader.new_list()
        self._model.clear()
        self.emptied.emit()

    def _take(self, job: Job, rows: Sequence[Row]) -> None:
        if job is not self._job:
            return
        first = len(self._model.rows)
        self._model.extend(rows)
        self._step_to(first)

    def _rows(self, entries: Sequence[Entry]) -> tuple[Row, ...]:
        """Return rows with what is known from earlier days (on the indexing thread)."""
        known = self._session.summaries(entry for entry in entries if isinstance(entry, Instance))
        return tuple(listed(entry, known.get(entry.path)) for entry in entries)

    def plan_background(self) -> None:
        """Have the AI work through the list when nothing else is wanted, if the settings say so."""
        rows = self._model.rows if self._session.settings.analyse_in_background else ()
        waiting = (row.instance for row in rows if row.score is None)
        self._inference.background([(instance, 0) for instance in waiting if instance is not None])

    def _step_to(self, first: int) -> None:
        """Go to the goal when it is among the rows from `first` on; until then to the first case there is."""
        rows = self._model.rows
        if self._goal is not None:
            found = next((n for n in range(first, len(rows)) if self._goal.meets(rows[n].entry)), None)
            if found is not None:
                instance = rows[found].instance
                last = instance.frames - 1 if instance is not None else 0
                self._stepping.to((found, min(self._goal.frame, last)))
                self._goal = None
            return
        if self._desk.state.case is None:
            found = next((n for n in range(first, len(rows)) if rows[n].instance is not None), None)
            self._stepping.to(None if found is None else (found, 0))

    def _finished(self, job: Job, count: int) -> None:
        if job is not self._job:
            return
        self._over(job)
        self._goal = None
        self.plan_background()
        if self._desk.state.case is None:
            self._stepping.image(1)
        if count == 0:
            names = ", ".join(source.name for source in self.sources[:3])
            self.trouble.emit(
                f"{names}: no pictures were found. BreastView opens DICOM, PNG, JPEG, BMP, TIFF, ZIP."
            )
        self.recent_changed.emit()

    def _failed(self, job: Job, sentence: str) -> None:
        if job is self._job:
            self._over(job)
            self.plan_background()
            self.trouble.emit(sentence)

    def _over(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.ended.emit()

    @property
    def reading(self) -> bool:
        """Whether sources are being read."""
        return self._job is not None
