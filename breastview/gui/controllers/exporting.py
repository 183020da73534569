"""Reports and other outputs are written beside the window; the reader goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Signal

from breastview.errors import ExportError, UnreadableFile
from breastview.exporters._protocol import ExportOptions, Record
from breastview.gui.controllers.showing import Showing
from breastview.gui.controllers.working import Working
from breastview.gui.desk import Desk
from breastview.gui.workers.job import Job
from breastview.gui.worklist.model import WorklistModel
from breastview.language import mark, tr
from breastview.study.instance import Refusal

if TYPE_CHECKING:
    from breastview.exporters._protocol import Exporter
    from breastview.session import Session
    from breastview.study.instance import Instance
    from breastview.study.reading import Reading
    from breastview.task import Task

Frames = Sequence[tuple["Instance", int | None] | Refusal]
"""Images to write; None stands for the marked frames of an instance."""


class Scope(StrEnum):
    """Which images an output holds."""

    IMAGE = mark("This image")
    MARKED = mark("Marked images")
    ALL = mark("All listed images")


class Destinations(Protocol):
    """Asks the reader where an output should go; None: better not."""

    def file(self, title: str, suggestion: str, suffix: str) -> Path | None:
        """Ask for a file."""
        ...

    def folder(self, title: str, suggestion: str) -> Path | None:
        """Ask for a folder; the answer is a new one inside it."""
        ...


def file_name(label: str, suffix: str) -> str:
    """Return a file name made from a case's label ("scans.zip/a/b (1).png" becomes "b (1).pdf")."""
    stem = Path(label.replace("\\", "/")).stem or "report"
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", stem) + suffix


class Exporting(Working):
    """Writes outputs of the shown, the marked or all images; one at a time.

    Attributes
    ----------
    done : Signal(tuple of Path)
        Files were written.
    preview_wanted : Signal(list of Reading)
        The report of readings should be shown.
    """

    done = Signal(object)
    preview_wanted = Signal(object)

    def __init__(
        self,
        desk: Desk,
        model: WorklistModel,
        showing: Showing,
        session: Session,
        destinations: Destinations,
        settle: Callable[[], bool],
    ) -> None:
        super().__init__()
        self._desk, self._model, self._showing, self._session = desk, model, showing, session
        self._destinations, self._settle = destinations, settle

    def frames(self, scope: Scope) -> Frames:
        """Return the images of a scope, in the order of the list."""
        if scope is Scope.ALL:
            return list(self._listed())
        if scope is Scope.MARKED:
            rows = (self._model.rows[row] for row in self._model.cases)
            return [(row.instance, None) for row in rows if row.marked and row.instance is not None]
        instance, shown = self._showing.instance, self._showing.shown
        return (
            [] if instance is None or shown is None or shown.pixels is None else [(instance, shown.place[1])]
        )

    def _listed(self) -> Iterator[tuple[Instance, int] | Refusal]:
        for row in (self._model.rows[row] for row in self._model.cases):
            if row.instance is not None:
                yield from ((row.instance, frame) for frame in range(row.instance.frames))
        yield from (row.entry for row in self._model.rows if isinstance(row.entry, Refusal))

    def ask(self, name: str, scope: Scope = Scope.IMAGE) -> None:
        """Ask where to write, then write."""
        frames = self.frames(scope)
        if not frames:
            self.trouble.emit(
                tr("No image is marked yet: press M on the images the output should hold.")
                if scope is Scope.MARKED
                else tr("There is no image to write: open something first.")
            )
            return
        from breastview.session.engine import exporter as exporter_named

        exporter = exporter_named(name)
        title, alone = tr(exporter.title), scope is Scope.IMAGE
        label = self._showing.instance.label if alone and self._showing.instance else f"BreastView {title}"
        if alone or getattr(exporter, "one_file", False):
            # A DICOM picture's own name would offer to write over it.
            ending = f"_{name}.dcm" if exporter.suffix == ".dcm" else exporter.suffix
            destination = self._destinations.file(title, file_name(label, ending), exporter.suffix)
        else:
            destination = self._destinations.folder(title, file_name(label, ""))
        if destination is not None:
            self.write(name, frames, destination)

    def write(self, name: str, frames: Frames, destination: Path) -> None:
        """Write an output; one at a time."""
        from breastview.session.engine import exporter as exporter_named

        exporter, source = exporter_named(name), self._desk.state.look.heat_source
        options = self.options(alone=len(frames) == 1)

        def work(job: Job) -> tuple[Path, ...]:
            readings = self._records(frames, source, job)
            if destination.suffix and not getattr(exporter, "one_file", False):
                return _as_one_file(exporter, readings, destination, job, options)
            return self._session.export(name, readings, destination, job, options)

        text = tr("Writing {name}…").format(name=destination.name)
        self._begin_alone(work, "export", self._succeeded, text)

    def options(self, alone: bool) -> ExportOptions:
        """Return how an output looks: as the panes do; a window belongs to its picture `alone`."""
        look = self._desk.state.look
        return replace(
            ExportOptions.from_settings(self._session.settings),
            heat_map=look.heat_map,
            heat_opacity=look.heat_opacity,
            heat_threshold=look.heat_threshold,
            segmenter_map=look.segmenter_map,
            segmenter_opacity=look.segmenter_opacity,
            segmenter_threshold=look.segmenter_threshold,
            mask_opacity=look.fill_opacity,
            mask_colour=look.mask_colour,
            contour_width=look.contour_width,
            window=look.window if alone else None,
            invert=alone and look.invert,
        )

    def _records(self, frames: Frames, heat_class: str, job: Job) -> Iterator[Record]:
        """Yield the record of each frame (on the export's thread); what the AI has not read, it reads now.

        Among several a file that cannot be read is a record too; alone its error ends the work.
        """
        self._settle()
        for number, one in enumerate(frames):
            job.progress(number, len(frames), "")
            if isinstance(one, Refusal):
                yield one
                continue
            instance, frame = one
            for place in self.marked(instance) if frame is None else (frame,):
                try:
                    reading = self._session.reading(instance, place, job, analyse=True)
                except UnreadableFile as error:
                    if len(frames) == 1:
                        raise
                    yield Refusal(self._session.origin(instance), instance.label, str(error))
                else:
                    yield replace(reading, heat_class=heat_class) if len(frames) == 1 else reading

    def marked(self, instance: Instance) -> Iterator[int]:
        """Yield the frames of a file that are marked."""
        return (frame for frame in range(instance.frames) if self._session.assessment(instance, frame).marked)

    def preview(self) -> None:
        """Gather the shown image's reading and ask for its report to be shown."""
        frames, source = self.frames(Scope.IMAGE), self._desk.state.look.heat_source
        if frames and not self.busy:
            self._begin_alone(
                lambda job: list(self._records(frames, source, job)), "preview", self._preview_ready,
                tr("Making the preview…"),
            )  # fmt: skip

    def _begin_alone(
        self, work: Callable[[Job], Any], name: str, succeeded: Callable[[Any], None], text: str
    ) -> None:
        if self._job is not None:
            self.trouble.emit(
                tr("Another export is still being written; wait for it or stop it in the status bar.")
            )
            return
        self._begin(work, name, succeeded, text)

    def _preview_ready(self, readings: list[Reading]) -> None:
        self._finish()
        self.preview_wanted.emit(readings)

    def _succeeded(self, written: tuple[Path, ...]) -> None:
        self._finish()
        if written:
            self.done.emit(written)
        else:
            self.trouble.emit(tr("Nothing was written: none of these images has what this output holds."))


def _as_one_file(
    exporter: Exporter, readings: Iterator[Record], destination: Path, task: Task, options: ExportOptions
) -> tuple[Path, ...]:
    """Write the one file of an exporter that fills a folder under the name the reader chose."""
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix=".breastview-", dir=destination.parent) as folder:
            written = exporter.export(readings, Path(folder), task, options)
            names = tuple(_numbered(destination, number) for number in range(len(written)))
            for path, name in zip(written, names, strict=True):
                path.replace(name)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ExportError(
            f"it could not be written ({reason})", destination, "Choose another folder."
        ) from error
    return names


def _numbered(path: Path, number: int) -> Path:
    return path.with_stem(f"{path.stem} {number + 1}") if number else path
