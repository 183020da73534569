"""Lesions are measured and described beside the window: the numbers first, then the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from breastview.gui.workers.lane import Lane
from breastview.study.analysis import Finding, numbered
from breastview.study.kind import Kind
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from breastview.imaging.descriptors import Suggestion
    from breastview.study.pixels import FramePixels


class Describing(QObject):
    """Measures the newest reading on a thread; answers about an earlier one are dropped.

    Attributes
    ----------
    measured : Signal(Reading)
        The reading with the numbers of its mask.
    described : Signal()
        `suggestions` are those of the newest reading.
    suggestions : tuple of Suggestion
        Words for the chosen lesion; the ones before until the new ones come.
    pending : bool
        The numbers are still being computed.
    busy : bool
        Numbers or words are.
    """

    measured = Signal(object)
    described = Signal()
    _numbers = Signal(int, object)
    _words = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._lane = Lane(after_painting=True)
        self._generation = 0
        self._grey: tuple[object, NDArray[np.uint8]] | None = None
        self.suggestions: tuple[Suggestion, ...] = ()
        self.pending = self.busy = False
        self._numbers.connect(self._take_numbers)
        self._words.connect(self._take_words)

    def want(self, reading: Reading, number: int, measure: bool, words: bool = True) -> None:
        """Ask for the numbers of a reading and for words.

        Parameters
        ----------
        reading : Reading
        number : int
            Lesion that the reader chose; 0: the largest.
        measure : bool
            Whether the numbers of its mask are to be computed.
        words : bool
            Whether a lesion is to be described (not while a cine moves).
        """
        self._generation += 1
        generation = self._generation
        words = words and _ultrasound(reading) and (measure or bool(reading.findings))
        self.pending, self.busy = measure, measure or words
        if not words:
            self.suggestions = ()
        if self.busy:
            self._lane.start(lambda: self._work(generation, reading, number, measure, words))

    def rest(self) -> None:
        """Drop what is under way: there is no reading."""
        self._generation += 1
        self.suggestions, self.pending, self.busy = (), False, False

    def stop(self) -> None:
        """Drop what is under way and wait for it."""
        self.rest()
        self._lane.settle()

    def plane(self, pixels: FramePixels) -> NDArray[np.uint8]:
        """Return a picture as displayed by default, in grey; kept for the newest picture."""
        from breastview.imaging.letterbox import luminance
        from breastview.imaging.window import to_display

        known = self._grey
        if known is None or known[0] is not pixels:
            self._grey = known = pixels, np.ascontiguousarray(luminance(to_display(pixels)))
        return known[1]

    def _work(self, generation: int, reading: Reading, number: int, measure: bool, words: bool) -> None:
        """Measure and describe (on the thread)."""
        from breastview.imaging.lesions import with_segmentation

        if measure and generation == self._generation:
            reading = with_segmentation(reading, reading.segmentation)
            self._numbers.emit(generation, reading)
        if words and generation == self._generation:
            self._words.emit(generation, self._described(reading, chosen(reading.findings, number)))

    def _described(self, reading: Reading, number: int) -> tuple[Suggestion, ...]:
        from breastview.imaging import descriptors
        from breastview.imaging.contours import components
        from breastview.imaging.lesions import labelled

        mask = reading.mask
        if mask is None or mask.shape != reading.pixels.size or not number:
            return ()
        own = reading.segmentation
        labels = labelled(mask) if own is None else own.labels
        parts = components(labels == number)
        ratio = reading.calibration.aspect if reading.calibration.regions else reading.instance.pixel_aspect
        return descriptors.suggestions(self.plane(reading.pixels), parts[0], ratio) if parts else ()

    def _take_numbers(self, generation: int, reading: Reading) -> None:
        if generation == self._generation:
            self.pending = False
            self.measured.emit(reading)

    def _take_words(self, generation: int, suggestions: tuple[Suggestion, ...]) -> None:
        if generation == self._generation:
            self.suggestions, self.pending, self.busy = suggestions, False, False
            self.described.emit()


def _ultrasound(reading: Reading) -> bool:
    """Return whether it is an ultrasound image; a loose picture counts as one until more is known."""
    return reading.kind is Kind.ULTRASOUND or (reading.kind is None and not reading.instance.modality)


def chosen(findings: tuple[Finding, ...], number: int) -> int:
    """Return the number of the lesion to be described: the wanted one, else the largest; 0 for none."""
    numbers = dict(numbered(findings))
    if number in numbers:
        return number
    return next((of for of, one in numbers.items() if one in findings[:1]), 0)
