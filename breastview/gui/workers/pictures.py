"""Pictures, thumbnails and what is known of a case, fetched beside the window; the newest wish first."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.workers.urgent import Urgent
from breastview.imaging.breast_side import chest_wall
from breastview.language import tr
from breastview.study.exam import exam_key
from breastview.study.hanging import Wall

if TYPE_CHECKING:
    from breastview.gui.navigation import Place
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.kind import Kind
    from breastview.study.pixels import FramePixels
    from breastview.study.reading import Assessment, Reading

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
    record : Reading or None
        Of a frame beside another: the reader's own mask and depth ruler, and what is measured by them.
    kind : Kind or None
        Of the picture; None where it is of none that is known.
    """

    generation: int
    place: Place
    pixels: FramePixels | None
    assessment: Assessment
    analysis: Analysis | None
    truth: NDArray[np.bool_] | None
    failure: str = ""
    record: Reading | None = None
    kind: Kind | None = None


class PictureLoader(QObject):
    """Fetches the shown frame on a thread of its own, neighbours and thumbnails on another.

    Attributes
    ----------
    loaded : Signal(Shown)
        The frame asked for; an answer to an older wish is never sent.
    beside_loaded : Signal(Shown, (Wall or None, float))
        A frame to be shown beside it, and where a mammogram's chest wall lies.
    thumbnail : Signal(int, object)
        Row and ``(h, w, 3)`` uint8 RGB, or None where the picture cannot be read.
    dropped : Signal(int)
        A thumbnail was not made because newer ones were asked for.
    """

    loaded = Signal(object)
    beside_loaded = Signal(object, object)
    thumbnail = Signal(int, object)
    dropped = Signal(int)
    _fetched = Signal(object)
    _fetched_beside = Signal(object, object)
    _made = Signal(int, int, object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._generation = self._answered = 0
        self._list = 0
        self._thumbnails = 0
        self._beside = 0
        self._front, self._side, self._back = Urgent(), Urgent(), Urgent()
        self._fetched.connect(self._hand_over)
        self._fetched_beside.connect(self._hand_over_beside)
        self._made.connect(self._hand_over_thumbnail)

    def get_ready(self) -> None:
        """Load what reads and draws pictures before the first one is wanted, which would wait for it most."""
        self._side.start(_load_readers)

    def show(self, place: Place, instance: Instance) -> None:
        """Fetch a frame; a wish not yet begun is forgotten."""
        self._generation += 1
        self._front.clear()
        generation = self._generation
        self._front.start(lambda: self._fetch(generation, place, instance))

    @property
    def on_its_way(self) -> bool:
        """Whether the frame asked for last was fetched and only waits to be taken."""
        return self._answered == self._generation

    def show_beside(self, frames: Sequence[tuple[Place, Instance]]) -> None:
        """Fetch frames to be shown beside it; those asked for before and not begun are forgotten."""
        self._beside += 1
        self._side.clear()
        wish = self._beside
        for place, instance in frames:
            self._side.start(partial(self._fetch_beside, wish, place, instance))

    def forget(self) -> None:
        """Let no frame asked for so far arrive any more."""
        self._generation += 1
        self._front.clear()

    def new_list(self) -> None:
        """Let nothing asked for so far arrive any more: row numbers mean other files now."""
        self._generation += 1
        self._beside += 1
        self._list += 1
        for pool in (self._front, self._side, self._back):
            pool.clear()

    # A worker asks only to save work: whether an answer is still wanted is decided where wishes are made,
    # for the wish may change while the answer is on its way.

    def _hand_over(self, shown: Shown) -> None:
        if shown.generation == self._generation:
            self.loaded.emit(shown)

    def _hand_over_beside(self, shown: Shown, wall: tuple[Wall | None, float]) -> None:
        if shown.generation == self._beside:
            self.beside_loaded.emit(shown, wall)

    def _hand_over_thumbnail(self, listed: int, row: int, made: NDArray[np.uint8] | None) -> None:
        if listed == self._list:
            self.thumbnail.emit(row, made)

    def prepare(self, frames: tuple[tuple[Instance, int], ...]) -> None:
        """Decode neighbours, so that a step finds them in memory."""
        generation = self._generation
        for order, (instance, frame) in enumerate(frames):
            self._back.start(partial(self._warm, generation, instance, frame), 1_000_000 - order)

    def want_thumbnail(self, row: int, instance: Instance) -> None:
        """Fetch a thumbnail; the last one asked for is made first, for it is in sight."""
        self._thumbnails += 1
        wish, listed = self._thumbnails, self._list
        self._back.start(lambda: self._thumbnail(wish, listed, row, instance), min(wish, 999_999))

    def stop(self) -> None:
        """Drop what waits and wait for what runs."""
        self._generation += 1
        self._list += 1
        self._beside += 1
        for pool in (self._front, self._side, self._back):
            pool.clear()
            pool.settle(5000)

    def _pixels(self, instance: Instance, frame: int) -> tuple[FramePixels | None, str]:
        """Return the pixels of a frame, or why there are none."""
        try:
            return self._session.pixels(instance, frame), ""
        except BreastViewError as error:
            return None, str(error)
        except Exception as error:
            log.error("a picture could not be shown: %s", type(error).__name__, exc_info=True)
            sentence = tr("{label}: the picture could not be shown. The log says why.")
            return None, sentence.format(label=instance.label)

    def _fetch_beside(self, wish: int, place: Place, instance: Instance) -> None:
        if wish != self._beside:
            return
        session, frame = self._session, place[1]
        pixels, failure = self._pixels(instance, frame)
        wall: tuple[Wall | None, float] = (None, 0.0)
        if pixels is not None and exam_key(instance):
            wall = chest_wall(pixels.values, pixels.photometric == "MONOCHROME1")
        analysis = session.cached_analysis(instance, frame)
        record = None
        if pixels is not None:
            told = None if session.blinding.hides(instance) else analysis
            record = session.record_alone(instance, frame, pixels, told)
        shown = Shown(
            wish, place, pixels, session.assessment(instance, frame), analysis, truth=None, failure=failure,
            record=record,
        )  # fmt: skip
        self._fetched_beside.emit(shown, wall)

    def _fetch(self, generation: int, place: Place, instance: Instance) -> None:
        frame, session = place[1], self._session
        pixels, failure = self._pixels(instance, frame)
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
            kind=None if pixels is None else self._kind(instance),
        )
        self._answered = generation
        self._fetched.emit(shown)

    def _kind(self, instance: Instance) -> Kind | None:
        try:
            return self._session.kinds.of(instance).kind
        except BreastViewError:
            return None  # the file went away meanwhile

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
        self._made.emit(listed, row, made)


def _load_readers() -> None:
    """Import what the first DICOM file and the first paint would wait for, and start a decoder."""
    import cv2  # noqa: F401

    from breastview.imaging import contours, lesions  # noqa: F401
    from breastview.readers.dicom import description  # noqa: F401
    from breastview.readers.pixels import warm

    warm()


def _small(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a display picture ``(rows, columns[, 3])`` scaled down to `THUMBNAIL`, RGB."""
    import cv2  # a tenth of a second that the first paint need not wait for

    scale = THUMBNAIL / max(picture.shape[:2])
    size = tuple(max(1, round(side * scale)) for side in picture.shape[1::-1])
    small: NDArray[np.uint8] = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.repeat(small[..., None], 3, axis=2) if small.ndim == 2 else small
