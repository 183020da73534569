"""Outputs that do not say whose they are, written beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.exporting import Scope
from breastview.gui.controllers.working import Working
from breastview.gui.workers.job import Job
from breastview.language import mark, tr
from breastview.study.instance import Refusal
from breastview.task import check

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from breastview.exporters._protocol import ExportOptions
    from breastview.gui.controllers.exporting import Destinations, Exporting, Frames
    from breastview.gui.deidentifying.dialog import DeidentifyDialog, Parting
    from breastview.session import Session
    from breastview.session.outgoing import Outcome
    from breastview.study.instance import Instance
    from breastview.study.reading import Reading

PICTURE_FILES = mark("Pictures (DICOM files)")


class Deidentifying(Working):
    """Asks what is wanted and where, and writes it; one at a time.

    Attributes
    ----------
    done : Signal(tuple of Path)
        Files were written.

    Parameters
    ----------
    exporting : Exporting
        Knows which images there are, and how outputs look.
    settle : callable
        Saves what the reader has changed.
    """

    done = Signal(object)

    def __init__(
        self, session: Session, exporting: Exporting, destinations: Destinations,
        settle: Callable[[], object], window: QWidget,
    ) -> None:  # fmt: skip
        super().__init__()
        self._session, self._exporting, self._destinations = session, exporting, destinations
        self._settle, self._window = settle, window
        self._last: Parting | None = None
        self.dialog: DeidentifyDialog | None = None

    def ask(self) -> None:
        """Ask what is to be written."""
        from breastview.gui.deidentifying.dialog import DeidentifyDialog, Parting
        from breastview.session import outgoing
        from breastview.session.engine import exporter

        titles = {
            kind: PICTURE_FILES if kind == outgoing.PICTURES else exporter(kind).title
            for kind in outgoing.kinds()
        }
        counts = {scope: len(self._exporting.frames(scope)) for scope in Scope}
        self.dialog = dialog = DeidentifyDialog(counts, titles, self._last or Parting(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self.take)
        dialog.open()

    def take(self, parting: Parting) -> None:
        """Ask where what the reader wants should go, and write it."""
        self._last = parting
        if self.busy:
            self.trouble.emit(tr("De-identified files are being written already; wait for them or stop it."))
            return
        folder = self._destinations.folder(tr("Export de-identified"), "BreastView de-identified")
        if folder is not None:
            self.write(parting, folder)

    def write(self, parting: Parting, folder: Path) -> None:
        """Write it."""
        frames = self._exporting.frames(parting.scope)
        options = replace(self._exporting.options(alone=len(frames) == 1), reader="", institution="")
        self._begin(
            lambda job: self._written(parting, frames, folder, options, job), "de-identify",
            lambda told: self._succeeded(*told), tr("Writing {name}…").format(name=folder.name),
        )  # fmt: skip

    def _written(
        self, parting: Parting, frames: Frames, folder: Path, options: ExportOptions, job: Job
    ) -> tuple[tuple[Path, ...], Outcome]:
        """Write everything (on the job's thread); what fails of one image keeps back no other."""
        from breastview.deidentify import Deidentifier
        from breastview.deidentify.key import own_key
        from breastview.session.outgoing import DOCUMENTS, Outgoing

        self._settle()
        cleaner = Deidentifier(own_key(), parting.options, self._session.pixels)
        outgoing = Outgoing(parting.kinds, folder, options, cleaner)
        with outgoing.opened():
            for case, record in self._records(frames, job):
                if isinstance(record, Refusal):
                    outgoing.refuse(record)
                elif case is not None:
                    outgoing.add(record, case)
        if set(DOCUMENTS) & set(parting.kinds):
            outgoing.report(self._session.export, self._records(frames, job), job)
        return tuple(outgoing.files), outgoing.outcome

    def _records(self, frames: Frames, job: Job) -> Iterator[tuple[Instance | None, Reading | Refusal]]:
        for number, one in enumerate(frames):
            check(job)
            job.progress(number, len(frames), "")
            if isinstance(one, Refusal):
                yield None, one
                continue
            case, frame = one
            for place in self._exporting.marked(case) if frame is None else (frame,):
                try:
                    yield case, self._session.reading(case, place, job, analyse=True)
                except BreastViewError as error:
                    yield case, Refusal(self._session.origin(case), case.label, str(error))

    def _succeeded(self, files: tuple[Path, ...], outcome: Outcome) -> None:
        self._finish()
        self.done.emit(files)
        self._tell(outcome.failures)
        if not outcome.failures and not files:
            self.trouble.emit(tr("There is nothing to write: these images hold none of what was chosen."))
