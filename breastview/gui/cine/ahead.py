"""Decodes the frames of a cine before they are due, on a thread of its own and within a bound of memory."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from breastview.errors import BreastViewError
from breastview.gui.cine.clock import Clock

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels

log = logging.getLogger(__name__)

LIMIT = 128 * 2**20
"""Bytes of frames held ready at most."""

Ready = tuple["FramePixels", "Analysis | None"]


class Ahead:
    """Holds the frames that are due next, with what the AI said of them before.

    Frames that cannot be decoded are passed over. What was shown longest ago makes room, so that a cine which
    fits is decoded once however often it repeats.

    Parameters
    ----------
    session : Session
    limit : int
        Bytes of pixels at most.
    """

    def __init__(self, session: Session, limit: int = LIMIT) -> None:
        self._session, self._limit = session, limit
        self._wake = threading.Condition()
        self._instance: Instance | None = None
        self._clock: Clock | None = None
        self._index = 0
        self._ready: dict[int, Ready] = {}
        self._bad: set[int] = set()
        self._took = 0.0
        self._stop = False
        self._thread = threading.Thread(target=self._run, name="cine", daemon=True)

    def play(self, instance: Instance, clock: Clock) -> None:
        """Begin to decode ahead of a clock that starts now; of the same file what is there stays."""
        with self._wake:
            if self._instance is None or self._instance.path != instance.path:
                self._ready.clear()
                self._bad.clear()
                self._took = 0.0
            self._instance, self._clock, self._index = instance, clock, 0
            self._wake.notify()
        if not self._thread.is_alive() and not self._stop:
            self._thread.start()

    def rest(self, drop: bool = True) -> None:
        """Decode no more; by default also free what is held."""
        with self._wake:
            self._clock = None
            if drop:
                self._instance = None
                self._ready.clear()

    def stop(self, seconds: float) -> None:
        """End the thread."""
        with self._wake:
            self._stop = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(seconds)

    @property
    def size(self) -> int:
        """Bytes of pixels held."""
        with self._wake:
            return sum(_size(pixels) for pixels, _ in self._ready.values())

    def newest(self, after: int, until: int) -> tuple[int, Ready] | None:
        """Return the latest frame ready among those due after one index and until another, with its index."""
        with self._wake:
            clock = self._clock
            if clock is None:
                return None
            self._index = until
            self._wake.notify()
            for index in range(until, max(after, until - clock.frames), -1):
                found = self._ready.get(clock.frame(index))
                if found is not None:
                    return index, found
        return None

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stop or self._missing() is not None)
                if self._stop:
                    return
                frame, instance = self._missing(), self._instance
            if frame is not None and instance is not None:
                self._decode(instance, frame)

    def _missing(self) -> int | None:
        """Return the next frame to decode: the first one that can be ready in time, else one due now."""
        clock = self._clock
        if clock is None:
            return None
        turn = clock.frames * (2 if clock.sweep else 1)
        late = min(int(self._took * clock.rate) + 1, turn)
        order = list(dict.fromkeys(clock.frame(self._index + n) for n in range(turn)))
        now, soon = order[:late], order[late:]
        each = max((_size(pixels) for pixels, _ in self._ready.values()), default=0)
        fitting = self._limit // each - sum(frame in self._ready for frame in now) if each else len(soon)
        for frame in (*soon[: max(fitting, 1)], *now):
            if frame not in self._ready and frame not in self._bad:
                return frame
        return None

    def _decode(self, instance: Instance, frame: int) -> None:
        began = time.perf_counter()
        try:
            pixels = self._session.pixels(instance, frame)
            ready = pixels, self._session.cached_analysis(instance, frame)
        except BreastViewError as error:
            log.warning("a frame of a cine is passed over: %s", error.what)
            with self._wake:
                self._bad.add(frame)
            return
        except Exception:
            log.exception("a frame of a cine could not be decoded")
            with self._wake:
                self._bad.add(frame)
            return
        took = time.perf_counter() - began
        with self._wake:
            self._took = took if not self._took else 0.8 * self._took + 0.2 * took
            if self._instance is instance:
                self._make_room(_size(pixels))
                self._ready[frame] = ready

    def _make_room(self, size: int) -> None:
        """Drop frames due last until there is room."""
        clock = self._clock
        if clock is None:
            return
        turns = range(self._index, self._index + clock.frames * (2 if clock.sweep else 1))
        due: dict[int, int] = {}
        for index in turns:
            due.setdefault(clock.frame(index), index)
        held = sum(_size(pixels) for pixels, _ in self._ready.values())
        for frame in sorted(self._ready, key=lambda one: due.get(one, 0), reverse=True):
            if held + size <= self._limit:
                return
            held -= _size(self._ready.pop(frame)[0])


def _size(pixels: FramePixels) -> int:
    return pixels.values.nbytes
