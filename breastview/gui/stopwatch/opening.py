"""A folder is opened: when its first picture is painted, and how long the window is ever held up."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer

from breastview.gui.stopwatch.stage import Painted, idle, room, until
from breastview.settings import Settings

BEAT_MS = 2


class Heart:
    """A timer that beats in the window's thread; the longest pause between two beats is how long it hung.

    Attributes
    ----------
    pauses, busy : list of float
        Milliseconds between beats, and how many of them the window itself worked: the rest it waited for a
        processor, or for another thread that held Python's lock.
    """

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self.pauses: list[float] = []
        self.busy: list[float] = []
        self._last = self._last_busy = 0.0

    def start(self) -> None:
        """Begin to beat."""
        self._last, self._last_busy = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Beat no more."""
        self._timer.stop()

    def _beat(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.pauses.append(1000 * (now - self._last))
        self.busy.append(1000 * (busy - self._last_busy))
        self._last, self._last_busy = now, busy


def opened(path: Path, count: int) -> dict[str, Any]:
    """Open a folder of `count` files in a window that is on screen already."""
    one = room(Settings(analyse_in_background=False))
    one.start()
    until(lambda: one.inference.running)
    idle(1.0)
    panes = [one.window.panes.pane(index) for index in range(3)]
    heart, quiet = Heart(), Heart()
    painted = Painted(panes, lambda: one.showing.place is not None)
    quiet.start()
    idle(2.0)  # what the machine itself holds up
    quiet.stop()
    heart.start()
    start = time.perf_counter()
    one.opening.open([path])
    until(lambda: painted.all)
    first = time.perf_counter() - start
    until(lambda: not one.opening.reading)
    whole = time.perf_counter() - start
    idle(0.5)
    heart.stop()
    assert len(one.model.rows) == count, f"{len(one.model.rows)} of {count} files were listed"
    return {
        "first": first, "whole": whole, "pauses": sorted(heart.pauses)[-20:], "busy": max(heart.busy),
        "quiet": max(quiet.pauses),
    }  # fmt: skip
