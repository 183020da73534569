"""Asking archives and fetching from them, beside the window: answers stream in, late ones are dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from breastview.gui.controllers.working import Working
from breastview.gui.workers.indexing import index
from breastview.gui.workers.job import Job
from breastview.language import said, tr, trn
from breastview.pacs import connect
from breastview.pacs._protocol import Address, Query
from breastview.pacs.configuration import Archives

if TYPE_CHECKING:
    from breastview.pacs._protocol import Archive
    from breastview.session import Session


class Querying(QObject):
    """Searches one archive at a time.

    Attributes
    ----------
    found : Signal(tuple of Row)
        Some more of what was asked for.
    ended : Signal(str)
        The search is over: why it failed, or empty.
    """

    found = Signal(object)
    ended = Signal(str)

    def __init__(self, session: Session, known: Callable[[], Archives]) -> None:
        super().__init__()
        self._session, self._known = session, known
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._job is not None

    def ask(self, name: str, query: Query) -> None:
        """Ask an archive; an earlier question is forgotten."""
        self._drop()
        known, archiving = self._known(), self._session.archiving

        def work(job: Job) -> int:
            archive = connect.archive(known.named(name), known.listener)
            return index(job, archiving.find(archive, query, job), tuple)

        self._job = job = Job(work, "query")
        job.produced.connect(lambda rows: self._take(job, rows))
        job.succeeded.connect(lambda _count: self._over(job))
        job.failed.connect(lambda sentence: self._over(job, said(sentence)))
        job.stopped.connect(lambda: self._over(job))
        job.start()

    def cancel(self) -> None:
        """Want no answer any more."""
        if self._drop():
            self.ended.emit("")

    def _drop(self) -> bool:
        """Let go of what is being asked; return whether anything was."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        return job is not None

    def stop(self, seconds: float) -> None:
        """Wait for the end of a search that nobody wants any more."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.wait(seconds)

    def _take(self, job: Job, rows: Sequence[Any]) -> None:
        if job is self._job:
            self.found.emit(rows)

    def _over(self, job: Job, sentence: str = "") -> None:
        if job is self._job:
            self._job = None
            self.ended.emit(sentence)


class Retrieving(Working):
    """Fetches studies; each is opened when it is whole.

    Attributes
    ----------
    arrived : Signal(Path)
        The folder of a study that is whole now.
    done : Signal(str)
        What was fetched, in a sentence.
    """

    arrived = Signal(object)
    done = Signal(str)

    def __init__(self, session: Session, known: Callable[[], Archives]) -> None:
        super().__init__()
        self._session, self._known = session, known

    def fetch(self, name: str, wanted: Sequence[Address]) -> None:
        """Fetch studies from an archive."""
        if self.busy:
            self.trouble.emit(tr("Studies are being retrieved already; wait for them or stop it."))
            return
        known, archiving = self._known(), self._session.archiving

        def work(job: Job) -> int:
            archive: Archive = connect.archive(known.named(name), known.listener)
            images = 0
            for found in archiving.retrieve(archive, wanted, known.studies(), job):
                images += len(found.files)
                job.produced.emit(found.folder)
            return images

        self._begin(
            work, "retrieve", lambda images: self._succeeded(len(wanted), images),
            tr("Retrieving from {archive}…").format(archive=name), self._arrived,
        )  # fmt: skip

    def _arrived(self, folder: Path) -> None:
        self.arrived.emit(folder)

    def _succeeded(self, studies: int, images: int) -> None:
        self._finish()
        what = trn("{count} study was retrieved", "{count} studies were retrieved", studies)
        self.done.emit(tr("{what}: {images} images.").format(what=what, images=images))
