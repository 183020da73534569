"""Which frame of a cine is due when: arithmetic on seconds, without a timer."""

from __future__ import annotations

from dataclasses import dataclass

SLOWEST, FASTEST = 1 / 8, 4.0
"""Limits of the speed, as a factor of the file's own rate."""


@dataclass(frozen=True)
class Clock:
    """A running cine.

    Attributes
    ----------
    frames : int
        Number of frames, at least 2.
    start : int
        Frame shown at second 0, counted from 0.
    rate : float
        Frames a second.
    sweep : bool
        Forwards and backwards by turns, instead of beginning again.
    """

    frames: int
    start: int
    rate: float
    sweep: bool = False

    def index(self, seconds: float) -> int:
        """Return how many frames are over after some time; it goes on growing while the cine repeats."""
        return int(seconds * self.rate + 1e-9)

    def due(self, index: int) -> float:
        """Return when a frame, counted as `index` counts, is due, in seconds."""
        return index / self.rate

    def frame(self, index: int) -> int:
        """Return the frame of the file that is due."""
        if not self.sweep:
            return (self.start + index) % self.frames
        last = self.frames - 1
        place = (self.start + index) % (2 * last)
        return place if place <= last else 2 * last - place


def rate_of(frame_time: float, usual: float) -> float:
    """Return the frames a second of a file: its own, else the usual one.

    Parameters
    ----------
    frame_time : float
        Milliseconds between frames, 0 where the file does not tell.
    usual : float
        Frames a second to take then.
    """
    return 1000.0 / frame_time if frame_time > 0 else usual


def faster(speed: float, by: int) -> float:
    """Return the next faster (by 1) or slower (by -1) speed: steps of the square root of two."""
    return float(min(max(speed * 2 ** (by / 2), SLOWEST), FASTEST))


class Tempo:
    """How many frames a second were truly painted, over the last moments."""

    def __init__(self, seconds: float = 1.0) -> None:
        self._seconds = seconds
        self._painted: list[float] = []

    def painted(self, now: float) -> None:
        """Note that a new frame came on the screen."""
        self._painted = [when for when in self._painted if now - when <= self._seconds]
        self._painted.append(now)

    def rate(self) -> float | None:
        """Return the frames a second, None before there was half the time to tell."""
        span = self._painted[-1] - self._painted[0] if self._painted else 0.0
        return (len(self._painted) - 1) / span if span >= self._seconds / 2 else None
