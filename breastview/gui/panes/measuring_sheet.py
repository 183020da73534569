"""What is measured on the current picture, as the panes know it: one sheet over all panes of a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from breastview.gui.workers.lane import Lane
from breastview.imaging import quantities, regions
from breastview.language import tr
from breastview.study import measured_words
from breastview.study.calibration import UNCALIBRATED, Calibration
from breastview.study.measurement import Measurement, Quantity, Tool, complete
from breastview.study.pixels import FramePixels

RULER = "ruler"
"""Name of the tool that draws over the depth scale, and of its line."""

Box = tuple[float, float, float, float]

Histogram = tuple[NDArray[np.int64], float, float]
"""Counts, and the range they cover."""

LIVE_PX = 500_000
"""Pixels of an area up to which its grey levels are computed at once, beyond on a thread."""

_SHOWN = {
    Tool.DISTANCE: ("length",),
    Tool.ANGLE: ("angle",),
    Tool.AXES: ("long axis", "short axis", "depth/width"),
    Tool.ELLIPSE: ("area", "mean"),
    Tool.RECTANGLE: ("area", "mean"),
    Tool.FREEHAND: ("area", "mean"),
}
"""What stands beside a measurement on the picture; the panel has everything."""


@dataclass(frozen=True)
class Paper:
    """What measurements are drawn on.

    Attributes
    ----------
    pixels : FramePixels or None
        The current picture; None: there is none, and nothing can be measured.
    calibration : Calibration
        Where its millimetres come from.
    modality : str
        DICOM modality.
    """

    pixels: FramePixels | None = None
    calibration: Calibration = UNCALIBRATED
    modality: str = ""

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.pixels.size if self.pixels is not None else (0, 0)


@dataclass
class _Known:
    """What was computed already, or asked for, of one picture."""

    of: dict[Measurement, tuple[Quantity, ...]] = field(default_factory=dict)
    histograms: dict[Measurement, Histogram] = field(default_factory=dict)
    asked: set[Measurement] = field(default_factory=set)


class Sheet(QObject):
    """Measurements of the current picture; follows the controller, tells what the reader draws.

    Attributes
    ----------
    changed : Signal()
        Something else is to be drawn.
    drawn, edited : Signal(Measurement)
        The reader drew one, or let a changed one go.
    chosen : Signal(str)
        The identifier of the one that the reader took, empty for none.
    words_wanted : Signal(Measurement)
        A note was drawn, or double-clicked, and waits for its words.
    ruled : Signal(tuple, tuple)
        A line was drawn over the depth scale.
    measured : Signal()
        Numbers of a large area have come.
    paper : Paper
    measurements : tuple of Measurement
    selected : str
        Identifier, empty for none.
    visible : bool
        Whether measurements are drawn.
    lesions : tuple of Box
        What labels keep clear of if that goes: boxes (x0, y0, x1, y1) around lesions, in px.
    draft : Measurement or None
        What is being drawn, or the changed form of the measurement with this identifier.
    """

    changed = Signal()
    drawn = Signal(object)
    edited = Signal(object)
    chosen = Signal(str)
    words_wanted = Signal(object)
    ruled = Signal(object, object)
    measured = Signal()
    _computed = Signal(object, object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.paper = Paper()
        self.measurements: tuple[Measurement, ...] = ()
        self.selected = ""
        self.visible = True
        self.draft: Measurement | None = None
        self.lesions: tuple[Box, ...] = ()
        self._known = _Known()
        self._draft_known: tuple[Measurement, tuple[Quantity, ...]] | None = None
        self._lane = Lane()
        self._computed.connect(self._take)

    def show(
        self, paper: Paper, measurements: tuple[Measurement, ...], selected: str = "", visible: bool = True
    ) -> None:
        """Take what is measured on what."""
        if paper != self.paper:
            self._known = _Known()
            self.draft = self._draft_known = None
        self.paper, self.measurements = paper, measurements
        self.selected, self.visible = selected, visible
        self.changed.emit()

    def keep_clear(self, lesions: tuple[Box, ...]) -> None:
        """Take where lesions lie."""
        if lesions != self.lesions:
            self.lesions = lesions
            self.changed.emit()

    def shown(self) -> tuple[Measurement, ...]:
        """Return what is drawn: the measurements, with the one at hand as it is at the moment."""
        if not self.visible:
            return (self.draft,) if self.draft is not None else ()
        draft = self.draft
        if draft is None:
            return self.measurements
        same = any(one.identifier == draft.identifier for one in self.measurements)
        put = (draft if one.identifier == draft.identifier else one for one in self.measurements)
        return tuple(put) if same else (*self.measurements, draft)

    def quantities(self, measurement: Measurement) -> tuple[Quantity, ...]:
        """Return what a measurement measures.

        Grey levels of a large area are of some of its pixels while it is drawn; those of all of them come
        from a thread once it is let go, and until then there are none.
        """
        known = self._known.of.get(measurement)
        if known is not None:
            return known
        paper, area = self.paper, self._area(measurement)
        if measurement is self.draft and area:
            return self._roughly(measurement)
        if area > LIVE_PX and paper.pixels is not None:
            self._measure_later(measurement)
            return quantities.quantities(measurement, paper.calibration, None, paper.modality)
        found = quantities.quantities(measurement, paper.calibration, paper.pixels, paper.modality)
        self._know(measurement, found, None)
        return found

    def _roughly(self, draft: Measurement) -> tuple[Quantity, ...]:
        """Return what a shape at hand measures: computed once a change, however many panes show it."""
        if self._draft_known is None or self._draft_known[0] is not draft:
            paper = self.paper
            shape = quantities.quantities(draft, paper.calibration, None, paper.modality)
            rough = quantities.roughly(draft, paper.pixels, LIVE_PX // 4) if paper.pixels else ()
            self._draft_known = draft, (*shape, *rough)
        return self._draft_known[1]

    def histogram(self, measurement: Measurement) -> Histogram | None:
        """Return counts and range of an area's grey levels, None where there are none (yet)."""
        known = self._known.histograms.get(measurement)
        if known is None and self.paper.pixels is not None and 0 < self._area(measurement) <= LIVE_PX:
            known = self._known.histograms[measurement] = quantities.histogram(measurement, self.paper.pixels)
        return known

    def _area(self, measurement: Measurement) -> float:
        """Return the px of the box around an area; 0 for anything else."""
        if measurement.tool not in regions.AREAS or not complete(measurement):
            return 0.0
        line = regions.outline(measurement)
        width, height = line.max(axis=0) - line.min(axis=0)
        return float(width * height)

    def _measure_later(self, measurement: Measurement) -> None:
        known, paper = self._known, self.paper
        if measurement in known.asked or paper.pixels is None:
            return
        known.asked.add(measurement)
        pixels = paper.pixels

        def measure() -> None:
            if known is self._known:
                found = quantities.quantities(measurement, paper.calibration, pixels, paper.modality)
                self._computed.emit(known, measurement, found, quantities.histogram(measurement, pixels))

        self._lane.start(measure)

    def stop(self) -> None:
        """Wait for what is being computed; nothing of it is taken any more."""
        self._known = _Known()
        self._lane.settle()

    def _take(
        self, known: object, measurement: Measurement, found: tuple[Quantity, ...], histogram: Histogram
    ) -> None:
        """Take numbers that were computed on the thread, unless they are of another picture."""
        if known is self._known:
            self._know(measurement, found, histogram)
            self.changed.emit()
            self.measured.emit()

    def _know(
        self, measurement: Measurement, found: tuple[Quantity, ...], histogram: Histogram | None
    ) -> None:
        if len(self._known.of) > 200:
            self._known = _Known()
        self._known.of[measurement] = found
        if histogram is not None:
            self._known.histograms[measurement] = histogram

    def lines(self, measurement: Measurement) -> tuple[str, ...]:
        """Return what stands beside a measurement on the picture."""
        if measurement.tool is Tool.TEXT:
            return tuple(measurement.text.splitlines())
        if measurement.identifier == RULER and len(measurement.points) == 2:
            return (f"{math.dist(*measurement.points):.0f} px",)
        named = (measurement.text,) if measurement.text else ()
        if not complete(measurement):
            return named
        found = {one.name: one for one in self.quantities(measurement)}
        if measurement.tool is Tool.FREEHAND and "area" not in found:
            return (*named, tr(measured_words.CROSSED))
        return (*named, *_numbers(measurement.tool, found))


def _numbers(tool: Tool, found: dict[str, Quantity]) -> list[str]:
    """Return the most important numbers; where px are no mm, that is said once."""
    shown = [found[name] for name in _SHOWN[tool] if name in found]
    if not shown:
        return []
    note = f", {tr(shown[0].note)}" if shown[0].note else ""
    if tool is Tool.AXES:
        first, rest = f"{shown[0].value:.1f} × {shown[1].number}", [_ratio(one) for one in shown[2:]]
    else:
        first, rest = shown[0].number, [_spread(one, found) for one in shown[1:]]
    return [f"{first}{note}", *rest]


def _spread(one: Quantity, found: dict[str, Quantity]) -> str:
    spread = f" ± {found['sd'].number}" if "sd" in found else ""
    return f"{measured_words.name(one)} {one.number}{spread}"


def _ratio(one: Quantity) -> str:
    return f"{measured_words.name(one)} {one.number}, {measured_words.orientation(one.value)}"
