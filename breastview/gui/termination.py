"""When the system asks the program to end (log-out, `kill`, Ctrl+C) it closes as if the reader did it."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))


class Termination(QObject):
    """Takes the system's word on the thread of the window.

    Python could take it only between two of its own instructions, and Qt's loop waits without any: a socket
    wakes it. Who asks twice is not kept waiting: the second time ends the process at once.

    Parameters
    ----------
    end : callable
        Closes everything; called once, from the event loop.
    """

    def __init__(self, end: Callable[[], object]) -> None:
        super().__init__()
        self._end = end
        self._read, self._written = socket.socketpair()
        self._read.setblocking(False)
        self._written.setblocking(False)
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._asked)
        self._woke = signal.set_wakeup_fd(self._written.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, self._caught) for number in SIGNALS}

    def stop(self) -> None:
        """Leave the system's word to whoever took it before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._woke)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._read.close()
        self._written.close()

    def _caught(self, number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)

    def _asked(self) -> None:
        self._notifier.setEnabled(False)
        self._end()
