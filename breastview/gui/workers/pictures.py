"""Pictures, thumbnails and what is known of a case, fetched beside the window; the newest wish first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from breastview.errors import BreastViewError

if TYPE_CHECKING:
    from breastview.gui.navigation import Place
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels
    from breastview.study.reading import Assessment

log = logging.getLogger(__name__)

THUMBNAIL = 96
"""Longest side of a thumbnail in px: 44 on screen, sharp at twice the density."""
_WAITING = 60


@dataclass(frozen=True, eq=False)
class Shown:
    """Everything about a frame that needs no AI.

    Attributes
    ----------
    generation : int
        Which wish this answers.
    failure : str
        Why there are no pixels; empty otherwise.
    """

    generation: int
    place: Place
    pixels: FramePixels | None
    assessment: Assessment
    analysis: Analysis | None
    truth: NDArray[np.bool_] | None
    failure: str = ""


class _Run(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Do the work; what goes wrong is logged, the rest goes on."""
        try:
            self._work()
        except Exception:
            log.exception("background work failed")


class PictureLoader(QObject):
    """Fetches the shown frame on a thread of its own, neighbours and thumbnails on another.

    Attributes
    ----------
    loaded : Signal(Shown)
        The frame asked for; an answer to an older wish is never sent.
    thumbnail : Signal(int, object)
        Row and ``(h, w, 3)`` uint8 RGB, or None where the picture cannot be read.
    dropped : Signal(int)
        A thumbnail was not made because newer ones were asked for.
    """

    loaded = Signal(object)
    thumbnail = Signal(int, object)
    dropped = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._generation = 0
        self._list = 0
        self._thumbnails = 0
        self._front, self._back = QThreadPool(), QThreadPool()
        self._front.setMaxThreadCount(1)
        self._back.setMaxThreadCount(1)

    def show(self, place: Place, instance: Instance) -> None:
        """Fetch a frame; a wish not yet begun is forgotten."""
        self._generation += 1
        self._front.clear()
        generation = self._generation
        self._front.start(_Run(lambda: self._fetch(generation, place, instance)))

    def forget(self) -> None:
        """Let no frame asked for so far arrive any more."""
        self._generation += 1
        self._front.clear()

    def new_list(self) -> None:
        """Let no thumbnail asked for so far arrive any more: row numbers mean other files now."""
        self._list += 1
        self._back.clear()

    def prepare(self, frames: tuple[tuple[Instance, int], ...]) -> None:
        """Decode neighbours, so that a step finds them in memory."""
        generation = self._generation
        for order, (instance, frame) in enumerate(frames):
            self._back.start(_Run(partial(self._warm, generation, instance, frame)), 1_000_000 - order)

    def want_thumbnail(self, row: int, instance: Instance) -> None:
        """Fetch a thumbnail; the last one asked for is made first, for it is in sight."""
        self._thumbnails += 1
        wish, listed = self._thumbnails, self._list
        self._back.start(_Run(lambda: self._thumbnail(wish, listed, row, instance)), min(wish, 999_999))

    def stop(self) -> None:
        """Drop what waits and wait for what runs."""
        self._generation += 1
        self._list += 1
        for pool in (self._front, self._back):
            pool.clear()
            pool.waitForDone(5000)

    def _fetch(self, generation: int, place: Place, instance: Instance) -> None:
        frame, session = place[1], self._session
        pixels, failure = None, ""
        try:
            pixels = session.pixels(instance, frame)
        except BreastViewError as error:
            failure = str(error)
        except Exception as error:
            log.error("a picture could not be shown: %s", type(error).__name__, exc_info=True)
            failure = f"{instance.label}: the picture could not be shown. The log says why."
        if generation != self._generation:
            return
        truth = None
        if instance.truth and pixels is not None:
            try:
                truth = session.truth(instance)
            except BreastViewError as error:
                log.warning("ground truth not shown: %s", error.what)
        shown = Shown(
            generation,
            place,
            pixels,
            session.assessment(instance, frame),
            session.cached_analysis(instance, frame),
            truth,
            failure,
        )
        if generation == self._generation:
            self.loaded.emit(shown)

    def _warm(self, generation: int, instance: Instance, frame: int) -> None:
        if generation != self._generation:
            return
        try:
            self._session.pixels(instance, frame)
        except BreastViewError:
            return  # told when the reader gets there

    def _thumbnail(self, wish: int, listed: int, row: int, instance: Instance) -> None:
        if listed != self._list:
            return
        if self._thumbnails - wish > _WAITING:
            self.dropped.emit(row)
            return
        try:
            made = _small(self._session.display(instance, 0))
        except BreastViewError:
            made = None
        if listed == self._list:
            self.thumbnail.emit(row, made)


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a display picture ``(rows, columns[, 3])`` scaled down to `THUMBNAIL`, RGB."""
    import cv2  # a tenth of a second that the first paint need not wait for

    scale = THUMBNAIL / max(picture.shape[:2])
    size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
    small: NDArray[np.uint8] = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.repeat(small[..., None], 3, axis=2) if small.ndim == 2 else small
