"""The mask belongs to the reader: changed at once, undone at once, kept, and measured anew each time."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from breastview.gui.controllers.describing import Describing, chosen
from breastview.gui.controllers.mask_keeping import MaskKeeping
from breastview.gui.controllers.showing import Showing
from breastview.gui.desk import Desk
from breastview.gui.undoing import Undoing
from breastview.gui.workers.lane import Lane
from breastview.imaging.mask_editing import Box
from breastview.language import mark, tr
from breastview.study.analysis import Finding
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource, Segmentation

if TYPE_CHECKING:
    from collections.abc import Callable

    from breastview.imaging.descriptors import Suggestion
    from breastview.imaging.packed_labels import PackedLabels
    from breastview.inference.bundle import Thresholds
    from breastview.session import Session
    from breastview.study.calibration import Calibration
    from breastview.study.instance import Instance

    State = tuple[PackedLabels, MaskSource] | None
    """A mask as undoing holds it; None: the AI's as it is."""

Frame = tuple[Path, int]

LOCKED = mark("The assessment is final and locked. Reopen it to change the mask (Ctrl+D).")
POINT = mark("Point at the lesion that is to be deleted, then press the key again.")

SMOOTHING = 0.03
"""Radius of smoothing as a share of the square root of the largest lesion's area."""


class Editing(QObject):
    """Holds the mask of the shown frame, changes it and has it kept in order.

    Attributes
    ----------
    changed : Signal()
        The mask that counts, or a number that depends on it, differs from what was on screen.
    drawing : Signal(ndarray)
        A mask is being drawn on; it changes in place, `touched` says where.
    touched_part, redrawn : Signal(Box)
        A part of the mask that is being drawn was changed; what tools draw over it was.
    refused : Signal(str)
        Why nothing was changed.
    kept : Signal()
        A mask is in the record now.
    reading : Reading or None
        What is known of the shown frame, with the mask that counts; its numbers are those of the mask before
        while `pending`.
    describing : Describing
        Measures and describes on a thread.
    """

    changed = Signal()
    drawing = Signal(object)
    touched_part = Signal(object)
    redrawn = Signal(object)
    refused = Signal(str)
    kept = Signal()

    def __init__(
        self,
        showing: Showing,
        desk: Desk,
        undoing: Undoing,
        session: Session,
        writing: Lane,
        locked: Callable[[], bool],
        ruler: Callable[[], Calibration | None],
    ) -> None:
        super().__init__()
        self._showing, self._desk, self._undoing = showing, desk, undoing
        self._session, self._keeping = session, MaskKeeping(session, writing, self.kept.emit)
        self._locked, self._ruler = locked, ruler
        self.reading: Reading | None = None
        self._working: NDArray[np.bool_] | None = None
        self._known_thresholds: Thresholds | None = None
        self.level: float | None = None
        self.pointer: tuple[int, int] | None = None
        self._chosen = 0
        self._held = False
        self.describing = Describing()
        self._of_ai: tuple[object, NDArray[np.uint8]] | None = None
        self.describing.measured.connect(self._measured)
        self.describing.described.connect(self._described)
        showing.picture_changed.connect(lambda _same: self._take())
        showing.frame_played.connect(lambda: self._take(played=True))
        showing.analysis_changed.connect(self.measure)

    # What is shown

    @property
    def frame(self) -> Frame | None:
        """The shown frame."""
        instance, place = self._showing.instance, self._showing.place
        return None if instance is None or place is None else (instance.path, place[1])

    @property
    def size(self) -> tuple[int, int] | None:
        """Rows and columns of the picture, None where there is none."""
        return None if self.reading is None else self.reading.pixels.size

    @property
    def segmentation(self) -> Segmentation | None:
        """The reader's mask, None where the AI's stands as it is."""
        return None if self.reading is None else self.reading.segmentation

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The lesions that count."""
        return () if self.reading is None else self.reading.findings

    @property
    def chosen(self) -> int:
        """Number of the lesion that is described: the one the reader chose, else the largest; 0 for none."""
        return chosen(self.findings, self._chosen)

    def choose(self, number: int) -> None:
        """Describe another lesion."""
        self._chosen = number
        if self.reading is not None:
            self.describing.want(self.reading, number, self.pending)
        self.changed.emit()

    @property
    def pending(self) -> bool:
        """Whether the numbers of the mask are still being computed."""
        return self.describing.pending

    @property
    def holds(self) -> bool:
        """Whether lesions and numbers of the same frame stand until the new ones come."""
        return self.pending and self._held

    def point(self, column: int, row: int) -> None:
        """Take where the mouse is; negative: over no picture."""
        self.pointer = (column, row) if column >= 0 else None

    def tool(self, name: str) -> None:
        """Take a tool, or put it away if it is in the hand."""
        self._desk.look(tool="" if self._desk.state.look.tool == name else name, mask_visible=True)

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """Words for the chosen lesion, those before until the new ones come; only ultrasound has them."""
        return self.describing.suggestions

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The suggestions as descriptors of an assessment; none before they are those of this mask."""
        return () if self.describing.busy else tuple((one.key, one.word) for one in self.suggestions)

    def _take(self, played: bool = False) -> None:
        """Take over the mask of the frame that came up; while a cine is played nothing is read for it."""
        self._working, self._chosen, self.pointer = None, 0, None
        self.describing.rest()
        shown, instance, frame = self._showing.shown, self._showing.instance, self.frame
        if shown is None or shown.pixels is None or instance is None or frame is None:
            self.reading = None
            self.changed.emit()
            return
        if not played:
            self._known_thresholds = self._session.mask_thresholds(instance)
            if instance.frames > 1:
                self._keeping.read_ahead(instance)
        kept = self._keeping.played if played else self._keeping.of
        self.level = None
        bare = Reading(instance, frame[1], shown.pixels, truth=shown.truth, told=self._showing.kind)
        self._show(replace(bare, segmentation=kept(instance, frame[1])), held=False, words=not played)

    def measure(self) -> None:
        """Measure the lesions again where the AI's reading or the calibration is another one."""
        known = self.reading
        if known is None or self._working is not None:
            return
        if known.analysis is not self._showing.analysis or known.ruler != self._ruler():
            self._show(known)

    def _show(self, reading: Reading, held: bool = True, words: bool = True) -> None:
        """Let a mask count at once; what is measured on it comes when it is computed.

        Parameters
        ----------
        reading : Reading
        held : bool
            Whether the numbers are of this frame and stand until then.
        words : bool
            Whether the chosen lesion is to be described.
        """
        from breastview.imaging.lesions import with_segmentation

        known = replace(reading, analysis=self._showing.analysis, ruler=self._ruler())
        own = reading.segmentation
        measure = own is not None and own.labels.shape == reading.pixels.size
        self.reading = known if measure else with_segmentation(known, None)
        self._held = held and (self._held or not self.pending)
        self.describing.want(self.reading, self._chosen, measure, words)
        if self.reading.segmentation is None:
            self.level = self.thresholds.mask if self.thresholds is not None else None
        self.changed.emit()

    def _measured(self, reading: Reading) -> None:
        self.reading = reading
        self._described()

    def _described(self) -> None:
        """Tell what has come; while a stroke is drawn it waits."""
        if self._working is None:
            self.changed.emit()

    # What tools draw on

    def take_up(self) -> NDArray[np.bool_] | None:
        """Return a copy of the mask to be changed in place, None where nothing may be changed."""
        if self.reading is None:
            return None
        if self._locked():
            self.refused.emit(tr(LOCKED))
            return None
        mask = self.reading.mask
        size = self.reading.pixels.size
        fits = mask is not None and mask.shape == size
        self._working = mask.copy() if mask is not None and fits else np.zeros(size, bool)
        self.drawing.emit(self._working)
        return self._working

    def touched(self, box: Box) -> None:
        """Show a part that was changed."""
        self.touched_part.emit(box)

    def redraw(self, box: Box) -> None:
        """Draw again what tools show over a part."""
        self.redrawn.emit(box)

    def put_down(self, text: str) -> None:
        """Keep what was drawn."""
        working, self._working = self._working, None
        if working is not None:
            self.become(working, text)

    def give_up(self) -> None:
        """Show the mask again as it was."""
        self._working = None
        self.changed.emit()

    def grey(self) -> NDArray[np.uint8]:
        """Return the picture as displayed by default, smoothed against speckle: ``(rows, columns)`` uint8."""
        import cv2

        if self.reading is None:
            return np.zeros((1, 1), np.uint8)
        return np.asarray(cv2.medianBlur(self.describing.plane(self.reading.pixels), 5), np.uint8)

    def length(self, at: tuple[float, float], px: float) -> str:
        """Return a length across the picture at a point, in mm where mm are true."""
        region = None if self.reading is None else self.reading.calibration.at(*at)
        if region is None:
            return tr("{pixels:.0f} px").format(pixels=px)
        return tr("{millimetres:.1f} mm").format(millimetres=px * region.dx)

    # What is done to the whole mask

    def become(self, mask: NDArray[np.bool_], text: str, least: int = 1, level: float | None = None) -> None:
        """Take another mask; its lesions keep their numbers.

        Parameters
        ----------
        mask : ndarray, shape (rows, columns), bool
        text : str
            What is done, as it follows "Undo".
        least : int
            Parts of fewer pixels are dropped.
        level : float, optional
            Threshold that the mask comes from. Moving it on is one change.
        """
        from breastview.imaging import lesions

        reading = self.reading
        if reading is None or self._refuses():
            return
        before = self._labels(reading)
        labels = lesions.labelled(mask, before, least)
        drawn = None if reading.analysis is None else reading.analysis.mask
        if np.array_equal(labels, before):
            self.level = level if level is not None else self.level
            self.changed.emit()
            return
        self._do(text, Segmentation(labels, lesions.source(drawn)), level)

    def _labels(self, reading: Reading) -> NDArray[np.uint8]:
        """Return the lesions of the mask that counts with their numbers."""
        from breastview.imaging import lesions

        if reading.segmentation is not None:
            return reading.segmentation.labels
        mask = reading.mask
        if mask is None or mask.shape != reading.pixels.size:
            return np.zeros(reading.pixels.size, np.uint8)
        if self._of_ai is None or self._of_ai[0] is not mask:
            self._of_ai = mask, lesions.labelled(mask)
        return self._of_ai[1]

    def _refuses(self) -> bool:
        if self._locked():
            self.refused.emit(tr(LOCKED))
            self.changed.emit()
        return self._locked()

    def smooth(self) -> None:
        """Calm the outlines of all lesions."""
        from breastview.imaging.mask_editing import smoothed

        if self.reading is not None and (mask := self.reading.mask) is not None and mask.any():
            largest = int(np.bincount(self._labels(self.reading).ravel())[1:].max())
            self.become(smoothed(mask, max(1.0, SMOOTHING * largest**0.5)), tr("smoothed outline"))

    def keep_largest(self) -> None:
        """Keep nothing but the largest lesion."""
        from breastview.imaging.contours import components

        if self.reading is not None and (mask := self.reading.mask) is not None and mask.any():
            largest = components(mask)[0]
            kept = np.zeros_like(mask)
            kept[largest.window] = largest.mask
            self.become(kept, tr("largest lesion kept"))

    def delete(self, number: int) -> None:
        """Delete a lesion by its number."""
        if self.reading is not None:
            labels = self._labels(self.reading)
            text = tr("lesion {number} deleted").format(number=number)
            self.become((labels > 0) & (labels != number), text)

    def delete_here(self) -> None:
        """Delete the lesion under the mouse."""
        if self.reading is None or not self._labels(self.reading).any():
            return
        number = 0
        if self.pointer is not None:
            column, row = self.pointer
            number = int(self._labels(self.reading)[row, column])
        if number:
            self.delete(number)
        else:
            self.refused.emit(tr(POINT))

    def restore(self) -> None:
        """Give the mask back to the AI."""
        if self.segmentation is not None and not self._refuses():
            self._do(tr("the AI’s mask again"), None)

    @property
    def thresholds(self) -> Thresholds | None:
        """Where the AI's mask begins and what it drops; None where that is not known or there is no map."""
        reading = self.reading
        if reading is None or reading.analysis is None or reading.analysis.refused:
            return None
        # A model that draws no mask has a map of one pixel.
        return self._known_thresholds if reading.analysis.mask_probability.size > 1 else None

    def threshold(self, level: float) -> None:
        """Take the AI's probability map above a level (0..1) as the mask; small parts go as in the AI's."""
        from breastview.imaging.lesions import above

        analysis = self.reading.analysis if self.reading is not None else None
        usual = self.thresholds
        if analysis is None or usual is None or self._refuses():
            return
        if self.level is not None and abs(level - self.level) < 0.005:
            return
        text = tr("threshold {level:.2f}").format(level=level)
        if abs(level - usual.mask) < 0.005:
            if self.segmentation is not None:
                self._do(text, None, level)
            return
        least = max(1, math.ceil(usual.min_area_fraction * analysis.mask.size))
        self.become(above(analysis, level), text, least, level)

    # Undoing and keeping

    def _do(self, text: str, after: Segmentation | None, level: float | None = None) -> None:
        frame, instance = self.frame, self._showing.instance
        if frame is None or instance is None:
            return
        before, then, before_level = _packed(self.segmentation), _packed(after), self.level
        self._undoing.do(
            text,
            redo=lambda: self._put(instance, frame, then, level),
            undo=lambda: self._put(instance, frame, before, before_level),
            merge=None if level is None else ("threshold", frame),
            place=frame,
        )

    def _put(self, instance: Instance, frame: Frame, state: State, level: float | None) -> None:
        segmentation = _unpacked(state)
        self._keeping.put(instance, frame[1], segmentation)
        if frame == self.frame and self.reading is not None:
            self.level = level
            before = self.reading
            self._show(
                replace(
                    before,
                    segmentation=segmentation,
                    edited_findings=before.findings,
                    edited_shares=before.heat_shares,
                    edited_flags=before.flags,
                )
            )

    def settle(self) -> bool:
        """Keep what waits and return whether nothing is left."""
        return self._keeping.settle()

    def forget(self) -> None:
        """Forget what is not kept: another workspace is open."""
        self._keeping.forget()

    def stop(self) -> None:
        """Wait for what is measured and described; nothing of it is told any more."""
        self.describing.stop()


def _packed(segmentation: Segmentation | None) -> State:
    from breastview.imaging.packed_labels import pack

    return None if segmentation is None else (pack(segmentation.labels), segmentation.source)


def _unpacked(state: State) -> Segmentation | None:
    from breastview.imaging.packed_labels import unpack

    return None if state is None else Segmentation(unpack(state[0]), state[1])
