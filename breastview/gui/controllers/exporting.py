"""Reports and other outputs are written beside the window; the reader goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.exporters._protocol import ExportOptions
from breastview.gui.controllers.showing import Showing
from breastview.gui.desk import Desk
from breastview.gui.workers.job import Job
from breastview.gui.worklist.model import WorklistModel

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.instance import Instance
    from breastview.study.reading import Reading

Frames = Sequence[tuple["Instance", int | None]]
"""Images to write; None stands for the marked frames of an instance."""
AskDestination = Callable[[str, str, str], Path | None]
"""(title, suggested file name, suffix) -> where to write, None if the reader thought better of it."""


def file_name(label: str, suffix: str) -> str:
    """Return a file name made from a case's label ("scans.zip/a/b (1).png" becomes "b (1).pdf")."""
    stem = Path(label.replace("\\", "/")).stem or "report"
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", stem) + suffix


class Exporting(QObject):
    """Writes outputs of the shown or the marked images.

    Attributes
    ----------
    began : Signal(str), progressed : Signal(int, object, str), ended : Signal()
        An export, for the status bar.
    done : Signal(tuple of Path)
        Files were written.
    trouble : Signal(str)
        Nothing was written, with the reason.
    preview_wanted : Signal(Reading)
        The report of a reading should be shown.
    """

    began = Signal(str)
    progressed = Signal(int, object, str)
    ended = Signal()
    done = Signal(object)
    trouble = Signal(str)
    preview_wanted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        model: WorklistModel,
        showing: Showing,
        session: Session,
        ask_destination: AskDestination,
        settle: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._desk, self._model, self._showing, self._session = desk, model, showing, session
        self._ask_destination, self._settle = ask_destination, settle
        self._job: Job | None = None

    def frames(self, marked: bool) -> Frames:
        """Return the marked images in the order of the list, or the shown one."""
        if marked:
            rows = self._model.rows
            listed = (rows[row] for row in self._model.cases)
            return [(row.instance, None) for row in listed if row.marked and row.instance is not None]
        instance, shown = self._showing.instance, self._showing.shown
        return (
            [] if instance is None or shown is None or shown.pixels is None else [(instance, shown.place[1])]
        )

    def ask(self, name: str, marked: bool = False) -> None:
        """Ask where to write, then write."""
        frames = self.frames(marked)
        if not frames:
            self.trouble.emit("No image is marked yet: press M on the images the report should hold.")
            return
        from breastview.session.engine import exporter as exporter_named

        exporter = exporter_named(name)
        label = frames[0][0].label if len(frames) == 1 else "BreastView report"
        destination = self._ask_destination(
            exporter.title, file_name(label, exporter.suffix), exporter.suffix
        )
        if destination is not None:
            self.write(name, frames, destination)

    def write(self, name: str, frames: Frames, destination: Path) -> None:
        """Write an output; one at a time."""
        if self._job is not None:
            self.trouble.emit(
                "Another export is still being written; wait for it or stop it in the status bar."
            )
            return
        source, options = self._desk.state.look.heat_source, self.options(alone=len(frames) == 1)
        job = Job(
            lambda job: self._session.export(
                name, self._readings(frames, source, job), destination, job, options
            ),
            "export",
        )
        self._job = job
        job.progressed.connect(self.progressed)
        job.succeeded.connect(self._succeeded)
        job.failed.connect(self._failed)
        job.stopped.connect(self._over)
        self.began.emit(f"Writing {destination.name}…")
        job.start()

    def options(self, alone: bool) -> ExportOptions:
        """Return how an output looks: as the panes do; a window belongs to its picture `alone`."""
        look = self._desk.state.look
        return replace(
            ExportOptions.from_settings(self._session.settings),
            heat_map=look.heat_map,
            heat_opacity=look.heat_opacity,
            heat_threshold=look.heat_threshold,
            mask_opacity=look.fill_opacity,
            mask_colour=look.mask_colour,
            contour_width=look.contour_width,
            window=look.window if alone else None,
            invert=alone and look.invert,
        )

    def _readings(self, frames: Frames, heat_class: str, job: Job) -> Iterator[Reading]:
        """Yield the record of each frame (on the export's thread); what the AI has not read, it reads now."""
        self._settle()
        for number, (instance, frame) in enumerate(frames):
            job.progress(number, len(frames), "")
            for one in self._marked(instance) if frame is None else (frame,):
                reading = self._session.reading(instance, one, job, analyse=True)
                yield replace(reading, heat_class=heat_class) if len(frames) == 1 else reading

    def _marked(self, instance: Instance) -> Iterator[int]:
        return (frame for frame in range(instance.frames) if self._session.assessment(instance, frame).marked)

    def preview(self) -> None:
        """Gather the shown image's reading and ask for its report to be shown."""
        frames, source = self.frames(marked=False), self._desk.state.look.heat_source
        if not frames or self._job is not None:
            return
        job = Job(lambda job: list(self._readings(frames, source, job)), "preview")
        self._job = job
        job.succeeded.connect(self._preview_ready)
        job.failed.connect(self._failed)
        job.stopped.connect(self._over)
        self.began.emit("Making the preview…")
        job.start()

    def _preview_ready(self, readings: list[Reading]) -> None:
        self._over()
        self.preview_wanted.emit(readings)

    def cancel(self) -> None:
        """Stop writing; nothing incomplete is left."""
        if self._job is not None:
            self._job.cancel()

    def stop(self, seconds: float) -> None:
        """Stop writing and wait for it."""
        if self._job is not None:
            self._job.cancel()
            self._job.wait(seconds)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

    def _succeeded(self, written: object) -> None:
        self._over()
        self.done.emit(written)

    def _failed(self, sentence: str) -> None:
        self._over()
        self.trouble.emit(sentence)

    def _over(self) -> None:
        self._job = None
        self.ended.emit()
