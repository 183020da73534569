"""How fast a run goes and when it will be done, from the last minute."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 60.0


class Pace:
    """Counts and their times.

    Parameters
    ----------
    clock : callable
        Seconds, never going back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque([(clock(), 0)])

    def note(self, done: int) -> None:
        """Note that `done` frames are done in all."""
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - WINDOW_S:
            self._marks.popleft()

    @property
    def rate(self) -> float:
        """Frames a second over the last minute; 0 where nothing was done."""
        (began, before), (_, done) = self._marks[0], self._marks[-1]
        seconds = self._clock() - began
        return (done - before) / seconds if seconds > 0 else 0.0

    def left(self, frames: int) -> float | None:
        """Return the seconds that `frames` more take at this rate, None where there is no rate."""
        return frames / self.rate if self.rate > 0 else None


def words(done: int, total: int, counted: bool, rate: float, left: float | None) -> str:
    """Return where a run is, in words.

    Parameters
    ----------
    counted : bool
        Whether `total` is all there is; else the listing goes on.
    left : float or None
        Seconds to the end.
    """
    known = f"{total:,}" if counted else f"{total:,} found so far"
    text = f"{done:,} of {known} frames, {rate:.1f} a second"
    return f"{text}, {_span(left)} left" if left is not None and counted else text


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{round(seconds)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h" if seconds < 172800 else f"{seconds / 86400:.1f} days"
