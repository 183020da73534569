"""One piece of long work on a thread of its own, with progress, cancellation and an end that is told."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError, Cancelled
from breastview.language import tr

log = logging.getLogger(__name__)

PROGRESS_S = 0.1
"""A reader sees no more often how far a work is."""

_untold: set[Job] = set()
"""Jobs whose end has not been told: the last reference to a QObject must not be dropped on another thread."""


class Job(QObject):
    """Runs `work(job)`; a `Job` is the `Task` that the work reports to.

    Attributes
    ----------
    progressed : Signal(int, object, str)
        Done, total (None: not known yet), text.
    produced : Signal(object)
        Something the work handed over before its end.
    succeeded : Signal(object), failed : Signal(str), stopped : Signal()
        Exactly one of them ends the job.
    """

    progressed = Signal(int, object, str)
    produced = Signal(object)
    succeeded = Signal(object)
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, work: Callable[[Job], Any], name: str) -> None:
        super().__init__()
        self._work = work
        self._cancel = threading.Event()
        self._reported = -PROGRESS_S
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        for ended in (self.succeeded, self.failed, self.stopped):
            ended.connect(self._told)

    def start(self) -> None:
        """Start working."""
        _untold.add(self)
        self._thread.start()

    def _told(self, *_: object) -> None:
        """Let go of a job whose end was told (on the thread that made it)."""
        self._thread.join()  # it has nothing left to do but to let go of the job, too
        _untold.discard(self)

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Report progress (from the worker's thread), at most each `PROGRESS_S`.

        A folder reports thousands of files a second, and each report that is shown lays out the window.
        """
        now = time.monotonic()
        if now - self._reported >= PROGRESS_S:
            self._reported = now
            self.progressed.emit(done, total, text)

    def cancelled(self) -> bool:
        """Return whether the work should stop."""
        return self._cancel.is_set()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._cancel.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; return whether it came."""
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            result = self._work(self)
        except Cancelled:
            self.stopped.emit()
        except BreastViewError as error:
            self.failed.emit(str(error))
        except Exception as error:
            log.error("%s failed: %s", self._thread.name, type(error).__name__, exc_info=True)
            self.failed.emit(tr("This failed unexpectedly; the log says why."))
        else:
            self.succeeded.emit(result)
