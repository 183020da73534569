"""What controllers with one piece of long work have in common: it is told of, can be stopped, and ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from breastview.gui.workers.job import Job
from breastview.language import said, tr


class Working(QObject):
    """Holds the job at work, if any.

    Attributes
    ----------
    began : Signal(str), progressed : Signal(int, object, str), ended : Signal()
        The work, for the status bar.
    trouble : Signal(str)
        Nothing came of it, with the reason.
    """

    began = Signal(str)
    progressed = Signal(int, object, str)
    ended = Signal()
    trouble = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._job: Job | None = None

    @property
    def busy(self) -> bool:
        """Whether something is at work."""
        return self._job is not None

    def cancel(self) -> None:
        """Ask the work to stop."""
        if self._job is not None:
            self._job.cancel()

    def stop(self, seconds: float) -> None:
        """Stop the work and wait for it; what it still has to tell comes too late."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
            job.wait(seconds)

    def _begin(
        self, work: Callable[[Job], Any], name: str, succeeded: Callable[[Any], object], text: str,
        produced: Callable[[Any], object] | None = None,
    ) -> None:  # fmt: skip
        """Begin the work, of which nothing else is at work.

        Parameters
        ----------
        work : callable
            Runs on a thread of its own.
        name : str
            Of the work, for the log.
        succeeded : callable
            Takes the result on the window's thread; calls `_finish` first.
        text : str
            What the status bar says.
        produced : callable, optional
            Takes what the work hands out on its way.
        """
        self._job = job = Job(work, name)
        if produced is not None:
            job.produced.connect(produced)
        job.progressed.connect(self.progressed)
        job.succeeded.connect(succeeded)
        job.failed.connect(self._fail)
        job.stopped.connect(self._finish)
        self.began.emit(text)
        job.start()

    def _tell(self, failures: Sequence[str]) -> None:
        """Tell what went wrong beside what was done: the first sentence, and how many more there are."""
        if failures:
            first, others = said(failures[0]), len(failures) - 1
            more = tr("{sentence} ({count} more)").format(sentence=first, count=others)
            self.trouble.emit(more if others else first)

    def _fail(self, sentence: str) -> None:
        self._finish()
        self.trouble.emit(said(sentence))

    def _finish(self) -> None:
        self._job = None
        self.ended.emit()
