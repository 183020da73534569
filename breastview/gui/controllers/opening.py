"""Opening files and folders: rows stream into the list, the first picture comes up at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from breastview import paths
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.controllers.working import Working
from breastview.gui.desk import Desk
from breastview.gui.workers.indexing import index
from breastview.gui.workers.job import Job
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row, listed
from breastview.language import tr
from breastview.study.instance import Entry, Instance

if TYPE_CHECKING:
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.gui.workers.pictures import PictureLoader
    from breastview.session import Session

DEMO = "demo"

GATHERING_MS = 80
"""So long a list may grow before its first case is shown: what is read first is seldom at its top."""

GIVE_WAY_S = 0.3
"""So long at most the list waits for its first picture: both want Python's lock, and a reader the picture."""

PAINTING_MS = 30
"""What painting takes once a picture was fetched."""


@dataclass(frozen=True)
class Goal:
    """The case to come back to while a list is read again: its file, its name, and the frame."""

    path: str
    label: str
    frame: int

    def meets(self, entry: Entry) -> bool:
        """Return whether an entry is the case; a member of a ZIP has another path each time, but its name."""
        return str(entry.path) == self.path or entry.label == self.label


@dataclass(frozen=True)
class Within:
    """The first case of a folder, to be shown when it comes."""

    folder: Path
    frame: int = 0

    def meets(self, entry: Entry) -> bool:
        """Return whether an entry is a case in the folder."""
        return isinstance(entry, Instance) and entry.path.is_relative_to(self.folder)


class Opening(Working):
    """Reads sources into the worklist; what was found stays when reading is stopped.

    Parameters
    ----------
    settle : callable
        Waits until what the reader did is kept; called on the indexing thread.

    Attributes
    ----------
    emptied : Signal()
        The list was cleared for another one.
    recent_changed : Signal()
        The list of recent sources changed.
    """

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
        settle: Callable[[], object],
    ) -> None:
        super().__init__()
        self._settle = settle
        self._gathering = QTimer(self)
        self._gathering.setSingleShot(True)
        self._gathering.setInterval(GATHERING_MS)
        self._gathering.timeout.connect(self._show_first)
        self._desk, self._model, self._stepping = desk, model, stepping
        self._session, self._loader, self._inference = session, loader, inference
        self._goal: Goal | Within | None = None
        self._waiting: list[tuple[Path, bool]] = []
        self._clear = threading.Event()
        self._clear.set()
        self._painting = QTimer(self)
        self._painting.setSingleShot(True)
        self._painting.setInterval(PAINTING_MS)
        self._painting.timeout.connect(self._clear.set)
        loader.loaded.connect(lambda _shown: self._painting.start())
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
        self._gathering.start()
        first = self.sources[0].name
        reading = tr("Reading {name} and {count} more…") if len(self.sources) > 1 else tr("Reading {name}…")
        text = reading.format(name=first, count=len(self.sources) - 1)
        asked = self.sources
        self._read(lambda job: self._session.open(asked, job), text, self._finished)

    def add(self, folder: Path, show: bool = False) -> None:
        """List what a folder holds beside what is open; `show` steps to its first case."""
        if self._job is not None:
            self._waiting.append((folder, show))
            return
        self.sources = tuple(dict.fromkeys((*self.sources, folder)))
        self._goal = Within(folder) if show else None
        self._read(
            lambda job: self._session.open([folder], job, add=True, remember=False),
            tr("Reading what came in…"), lambda job, _count: self._added(job),
        )  # fmt: skip

    def _read(
        self, entries: Callable[[Job], Iterable[Entry]], text: str, finished: Callable[[Job, int], None]
    ) -> None:
        """Read entries on a thread of their own and list them."""

        def work(job: Job) -> int:
            found = entries(job)
            self._settle()  # The rows say what the reader has done, not what was written of it by now.
            return index(job, found, self._rows, self._give_way)

        self._job = job = Job(work, "indexing")
        job.produced.connect(lambda rows: self._take(job, rows))
        job.progressed.connect(self.progressed)
        job.succeeded.connect(lambda count: finished(job, count))
        job.failed.connect(lambda sentence: self._failed(job, sentence))
        job.stopped.connect(lambda: self._over(job))
        self.began.emit(text)
        job.start()

    def _give_way(self) -> None:
        """Wait while the first picture comes up (on the indexing thread)."""
        if not self._clear.wait(GIVE_WAY_S):
            self._clear.set()

    def close_all(self) -> None:
        """Empty the list."""
        self._empty()
        self._session.forget()

    def _empty(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self.ended.emit()
        self._waiting.clear()
        self._gathering.stop()
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
        if self._desk.state.case is None and not self._gathering.isActive():
            self._show_first()

    def _show_first(self) -> None:
        """Show the picture at the top of the list, as far as it is known."""
        if self._desk.state.case is not None or self._goal is not None:
            return
        rows = self._model.rows
        order = (*self._model.cases, *range(len(rows)))  # A filter may hide all of them.
        found = next((n for n in order if rows[n].instance is not None), None)
        if found is not None:
            self._clear.clear()
        self._stepping.to(None if found is None else (found, 0))

    def _finished(self, job: Job, count: int) -> None:
        if job is not self._job:
            return
        self._over(job)
        self._goal = None
        self.plan_background()
        self._gathering.stop()
        self._show_first()
        if self._desk.state.case is None:
            self._stepping.image(1)  # nothing but files that are refused
        if count == 0:
            names = ", ".join(source.name for source in self.sources[:3])
            sentence = tr(
                "{names}: no pictures were found. BreastView opens DICOM, PNG, JPEG, BMP, TIFF, ZIP."
            )
            self.trouble.emit(sentence.format(names=names))
        self.recent_changed.emit()

    def _added(self, job: Job) -> None:
        if job is self._job:
            self._step_to(0)  # what was listed already brought no row
            self._goal = None
            self._over(job)
            self.plan_background()

    def _failed(self, job: Job, sentence: str) -> None:
        if job is self._job:
            self._over(job)
            self.plan_background()
            self.trouble.emit(sentence)

    def _over(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.ended.emit()
            if self._waiting:
                self.add(*self._waiting.pop(0))

    @property
    def reading(self) -> bool:
        """Whether sources are being read."""
        return self.busy
