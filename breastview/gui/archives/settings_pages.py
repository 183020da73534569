"""The settings' pages of archives: kept apart from the other settings, and only when the reader says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from breastview.gui.archives import page, receiving_page
from breastview.gui.archives.page import Secrets
from breastview.gui.workers.job import Job
from breastview.language import said, tr
from breastview.pacs import connect, credentials
from breastview.pacs._protocol import Echo
from breastview.pacs.configuration import Archives, ArchiveSettings, ListenerSettings

Keep = Callable[[Archives, Secrets], object]
TRIED = " (?)"
"""Stands behind the name under which a secret is kept that is only tried."""


class SettingsPages(QObject):
    """Makes the pages from what is known, tests archives beside the window, and gives back what was chosen.

    Parameters
    ----------
    known : Archives
    keep : callable
        Takes the archives, and what is to be changed in the keyring.
    """

    _answered = Signal(object, str, bool)

    def __init__(self, known: Archives, keep: Keep) -> None:
        super().__init__()
        self._known, self._keep = known, keep
        self.archives = page.ArchivesPage(known.known)
        self.receiving = receiving_page.ReceivingPage(known)
        self.archives.test_wanted.connect(self._test)
        self._answered.connect(self.archives.answered)
        self._job: Job | None = None

    @property
    def widgets(self) -> dict[str, QWidget]:
        """The pages by their names in English."""
        return {page.TITLE: self.archives, receiving_page.TITLE: self.receiving}

    def chosen(self) -> Archives:
        """Return the archives as the pages have them."""
        return self.receiving.archives(replace(self._known, known=self.archives.archives()))

    def keep(self) -> None:
        """Keep what was chosen."""
        chosen, secrets = self.chosen(), self.archives.secrets()
        if chosen != self._known or secrets != Secrets():
            self._keep(chosen, secrets)

    def close(self) -> None:
        """Want no answer any more."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _test(self, archive: ArchiveSettings, secret: str) -> None:
        self.close()
        listener = self.receiving.form.record()
        self._job = job = Job(lambda job: _tried(archive, listener, secret, job), "test of an archive")

        def answer(sentence: str, well: bool) -> None:
            if job is self._job:
                self._job = None
                self._answered.emit(archive, sentence, well)

        job.succeeded.connect(lambda echo: answer(_written(archive, echo.seconds, said(echo.says)), True))
        job.failed.connect(lambda sentence: answer(said(sentence), False))
        job.start()


def _tried(archive: ArchiveSettings, listener: ListenerSettings, secret: str, job: Job) -> Echo:
    """Ask an archive, with a secret that was typed in place of the one that is kept."""
    if not secret:
        return connect.archive(archive, listener).echo(job)
    other = replace(archive, name=f"{archive.name}{TRIED}")
    credentials.keep(other.name, secret)
    try:
        return connect.archive(other, listener).echo(job)
    finally:
        credentials.keep(other.name, "")


def _written(archive: ArchiveSettings, seconds: float, says: str) -> str:
    text = tr("{archive} answers ({milliseconds} ms). {says}")
    return text.format(archive=archive.name, milliseconds=round(seconds * 1000), says=says).strip()
