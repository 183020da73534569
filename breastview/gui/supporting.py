"""Tells the reader of what was not foreseen, and makes the report for support beside the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from breastview import atomic
from breastview.gui.dialogs.support import SupportDialog
from breastview.gui.message_bar import Kind
from breastview.gui.workers.job import Job
from breastview.language import tr

if TYPE_CHECKING:
    from breastview.gui.main_window import MainWindow
    from breastview.session import Session

SUGGESTION = "breastview report.txt"


class Supporting(QObject):
    """Opens the dialog.

    Attributes
    ----------
    written : Signal(tuple of Path)
        The report was written.
    dialog : SupportDialog or None
        The one opened last.

    Parameters
    ----------
    ask : callable
        (title, suggestion, suffix) -> where to write, None if the reader thought better of it.
    """

    written = Signal(object)

    def __init__(
        self, session: Session, window: MainWindow, ask: Callable[[str, str, str], Path | None]
    ) -> None:
        super().__init__()
        self._session, self._window, self._ask = session, window, ask
        self._told = False
        self._job: Job | None = None
        self.dialog: SupportDialog | None = None

    def show(self, happened: str = "") -> None:
        """Show what happened, if anything, and offer the report."""
        dialog = self.dialog = SupportDialog(happened, self._make, self._save, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        dialog.open()

    def crashed(self, sentence: str) -> None:
        """Tell of something unforeseen: in a dialog once, then in a line, so that a storm stays readable."""
        if self._told:
            self._say(sentence)
        else:
            self._told = True
            self.show(sentence)

    def look_back(self) -> None:
        """Tell of a run before this one that ended unexpectedly."""
        if not self._session.endings.unexpected:
            return
        name = self._session.ended_on()
        if name:
            text = tr(
                "BreastView ended unexpectedly last time, while the AI was at work on {name}. "
                "What you had saved is there."
            ).format(name=name)
        else:
            text = tr("BreastView ended unexpectedly last time. What you had saved is there.")
        self._say(text)

    def stop(self, seconds: float) -> None:
        """End the work on a report."""
        if self._job is not None:
            self._job.wait(seconds)

    def _say(self, sentence: str) -> None:
        self._window.messages.say(sentence, Kind.WARNING, tr("Report…"), self.show)

    def _closed(self) -> None:
        self.dialog = None

    def _make(self) -> None:
        settings = self._session.settings

        def work(_job: Job) -> str:
            from breastview.session import diagnosis

            return diagnosis.report(settings)

        self._job = job = Job(work, "report for support")
        job.succeeded.connect(partial(self._show_report, self.dialog))
        job.failed.connect(partial(self._show_report, self.dialog))
        job.start()

    def _show_report(self, asked: SupportDialog | None, report: str) -> None:
        if self.dialog is not None and (asked is None or asked is self.dialog):
            self.dialog.show_report(report)

    def _save(self, report: str) -> None:
        target = self._ask(tr("Report for support"), SUGGESTION, ".txt")
        if target is None:
            return
        try:
            with atomic.written(target) as file:
                file.write_text(report, encoding="utf-8")
        except OSError as error:
            sentence = tr("{name} could not be written ({reason}). Choose another folder.")
            reason = (error.strerror or str(error)).lower()
            self._window.messages.say(sentence.format(name=target.name, reason=reason), Kind.ERROR)
            return
        self.written.emit((target,))
