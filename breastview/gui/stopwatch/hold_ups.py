"""How long the window is held up, how often, and what it was doing then; in memory that does not grow."""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from PySide6.QtCore import Qt, QTimer

BEAT_MS = 2
LIMIT_MS = 50.0
"""What a hand does not notice; only longer hold-ups are looked into."""
_LOOK_S = 0.005
_PACKAGE = Path(__file__).resolve().parents[2]
_OWN = Path(__file__).resolve().parent


@dataclass
class Cause:
    """Hold-ups at one place of the program.

    Attributes
    ----------
    times, worked : int
        How many there were, and how many of them by the work of the window's thread alone.
    longest, busy : float
        Milliseconds of the longest one, and how many of them the window's thread worked: the rest it waited
        for a processor, for Python's lock or for a disk.
    doing : str
        What the reader did then.
    """

    times: int = 0
    worked: int = 0
    longest: float = 0.0
    busy: float = 0.0
    doing: str = ""


class Watch:
    """A timer that beats in the window's thread, and a thread beside it that looks where a late beat hangs.

    Attributes
    ----------
    doing : str
        What is done at present; whoever drives the window says so.
    pauses, worked : Counter
        Whole milliseconds between two beats -> how often; the same of the thread's processor time.
    causes : dict
        Place in the program -> its hold-ups longer than `LIMIT_MS`.
    worst, worst_work : float
        Longest of each since they were last set to 0.
    """

    def __init__(self) -> None:
        self.doing = ""
        self.pauses: Counter[int] = Counter()
        self.causes: dict[str, Cause] = {}
        self.worked: Counter[int] = Counter()
        self.worst = self.worst_work = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._last = self._busy = 0.0
        self._watched = threading.get_ident()
        self._seen = ""
        self._on = threading.Event()
        threading.Thread(target=self._look, name="hold-ups", daemon=True).start()

    def start(self) -> None:
        """Begin to beat."""
        self._last, self._busy = time.perf_counter(), time.thread_time()
        self._timer.start()
        self._on.set()

    def stop(self) -> None:
        """Beat no more; what happens until the next start is not counted."""
        self._on.clear()
        self._timer.stop()

    def told(self) -> dict[str, Any]:
        """Return the distribution of the pauses, and the causes with the longest hold-ups first."""
        ordered = sorted(self.causes.items(), key=lambda one: -one[1].longest)
        return {
            "pauses": sorted(self.pauses.items()), "worked": sorted(self.worked.items()),
            "causes": [
                {
                    "place": place, "times": one.times, "worked": one.worked, "longest": one.longest,
                    "busy": one.busy, "doing": one.doing,
                }
                for place, one in ordered
            ],
        }  # fmt: skip

    def _beat(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        pause, worked = 1000 * (now - self._last), 1000 * (busy - self._busy)
        self._last, self._busy = now, busy
        self.pauses[int(pause)] += 1
        self.worked[int(worked)] += 1
        self.worst, self.worst_work = max(self.worst, pause), max(self.worst_work, worked)
        if pause >= LIMIT_MS:
            cause = self.causes.setdefault(self._seen or "outside the program", Cause())
            cause.times += 1
            cause.worked += worked > LIMIT_MS
            if pause > cause.longest:
                cause.longest, cause.busy, cause.doing = pause, worked, self.doing
        self._seen = ""

    def _look(self) -> None:
        """Look, once a hold-up is longer than half the limit, at which line of the program it hangs."""
        while self._on.wait():
            time.sleep(_LOOK_S)
            if not self._seen and time.perf_counter() - self._last > LIMIT_MS / 2000:
                self._seen = _place(sys._current_frames().get(self._watched))


def _place(frame: FrameType | None) -> str:
    """Return the innermost line of the program in a stack, without the stopwatch's own."""
    while frame is not None:
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(_PACKAGE) and not file.is_relative_to(_OWN):
            return f"{file.relative_to(_PACKAGE).as_posix()}:{frame.f_code.co_name}"
        frame = frame.f_back
    return ""
