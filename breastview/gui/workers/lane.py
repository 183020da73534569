"""A thread that does what it is given, one thing after the other, so that work is kept in its order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from breastview.errors import BreastViewError
from breastview.language import tr

AFTER_PAINTING_MS = 15
"""Work that is begun while a picture comes up holds it up: each thread takes Python's lock in turn. So what
the picture does not need is begun when it is painted."""


class Lane(QObject):
    """Does what it is given, one thing after the other.

    Parameters
    ----------
    after_painting : bool
        Whether work waits until the window has painted. Not for what is to be kept: that is never late.

    Attributes
    ----------
    trouble : Signal(str)
        Something could not be written, with the reason.
    """

    trouble = Signal(str)

    def __init__(self, after_painting: bool = False) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._waits = after_painting
        self._waiting: deque[Callable[[], None]] = deque()
        self._handing_over = threading.Lock()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(AFTER_PAINTING_MS)
        self._pause.timeout.connect(self._begin)

    def start(self, work: Callable[[], None]) -> None:
        """Do something later; a named error is told, not raised."""
        self._waiting.append(work)
        if not self._waits:
            self._begin()
        elif not self._pause.isActive():
            self._pause.start()

    def _begin(self) -> None:
        with self._handing_over:  # whoever settles does so from a thread of its own
            while self._waiting:
                # No QRunnable: one that ends while it is still being handed over is never let go of.
                self._pool.start(partial(self._tried, self._waiting.popleft()))

    def _tried(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (BreastViewError, OSError) as error:
            self.trouble.emit(tr("This could not be kept: {reason}").format(reason=error))

    def settle(self, milliseconds: int = 10_000) -> bool:
        """Wait until everything given so far is done; return whether it is."""
        self._begin()
        return self._pool.waitForDone(milliseconds)
