"""A thread that does what it is given, one thing after the other, so that work is kept in its order."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from breastview.errors import BreastViewError
from breastview.language import tr


class _Run(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Do it."""
        self._work()


class Lane(QObject):
    """Does what it is given, one thing after the other.

    Attributes
    ----------
    trouble : Signal(str)
        Something could not be written, with the reason.
    """

    trouble = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)

    def start(self, work: Callable[[], None]) -> None:
        """Do something later; a named error is told, not raised."""
        self._pool.start(_Run(lambda: self._tried(work)))

    def _tried(self, work: Callable[[], None]) -> None:
        try:
            work()
        except (BreastViewError, OSError) as error:
            self.trouble.emit(tr("This could not be kept: {reason}").format(reason=error))

    def settle(self, milliseconds: int = 10_000) -> bool:
        """Wait until everything given so far is done; return whether it is."""
        return self._pool.waitForDone(milliseconds)
