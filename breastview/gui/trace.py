"""Says on standard output how long after the process began the window and the first overlay were painted."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from breastview.gui.room import Room

VARIABLE = "BREASTVIEW_TRACE"
"""Environment variable that turns it on, for `breastview bench`; Linux only."""


class Trace(QObject):
    """Watches a room until its first overlay is on screen."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._room = room
        room.window.painted.connect(lambda: _say("first paint"))
        self._canvases = [room.window.panes.pane(index).canvas for index in range(3)]
        for canvas in self._canvases:
            canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look whether a pane is painted with what the AI says."""
        if event.type() == QEvent.Type.Paint and self._room.showing.analysis is not None:
            for canvas in self._canvases:
                canvas.removeEventFilter(self)
            _say("first overlay")
        return super().eventFilter(watched, event)


def begin(room: Room) -> None:
    """Watch a room where the environment asks for it."""
    if os.environ.get(VARIABLE):
        Trace(room)


def _say(what: str) -> None:
    """Print the seconds since the process began, once the painting that is under way is over."""
    QTimer.singleShot(0, lambda: print(f"{what} after {_age():.3f} s", flush=True))  # noqa: T201


def _age() -> float:
    """Return how long ago this process began, seconds."""
    with Path("/proc/self/stat").open(encoding="ascii") as file:
        ticks = int(file.read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
