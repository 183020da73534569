"""What the reader measures on a frame: points in pixels; lengths and areas are computed from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from breastview.language import mark, said, tr


class Tool(StrEnum):
    """How the points of a measurement are meant.

    distance: two ends. angle: end, vertex, end. ellipse: the two ends of one axis, one end of the other.
    rectangle: two opposite corners. freehand: a closed outline. axes: the ends of the long axis, then those
    of the short one. text: the place a note points at, and where its words stand.
    """

    DISTANCE = "distance"
    ANGLE = "angle"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    FREEHAND = "freehand"
    AXES = "axes"
    TEXT = "text"


@dataclass(frozen=True)
class Measurement:
    """One measurement, as the reader drew it.

    Attributes
    ----------
    identifier : str
        Stable for its life (a UUID's hex digits).
    tool : Tool
    points : tuple of (float, float)
        (x, y) in px of the original; the centre of the first pixel is (0, 0).
    text : str
        The reader's own words, may be empty.
    lesion : int
        Number of the lesion it belongs to (1, 2, ...), 0 for none.
    """

    identifier: str
    tool: Tool
    points: tuple[tuple[float, float], ...]
    text: str = ""
    lesion: int = 0


@dataclass(frozen=True)
class Quantity:
    """A measured number as it is shown and exported.

    Attributes
    ----------
    name : str
        ``"length"``, ``"angle"``, ``"area"``, ``"long axis"``, ``"short axis"``, ``"mean"``, ...
    value : float
    unit : str
        ``"mm"``, ``"mm2"``, ``"px"``, ``"px2"``, ``"deg"``, or empty for grey levels and ratios.
    source : str
        Where the millimetres come from (`Calibration.source`); empty for a number that needs none.
    note : str
        Why it is no millimetre (one of `NOTES`), else empty.
    """

    name: str
    value: float
    unit: str
    source: str = ""
    note: str = ""

    @property
    def number(self) -> str:
        """The value with its unit: ``"12.3 mm"``, ``"45.0°"``, ``"0.80"``."""
        unit = UNITS.get(self.unit, self.unit)
        form = {"depth/width": ".2f", "n": ".0f", "min": ".6g", "max": ".6g"}.get(self.name, ".1f")
        return f"{self.value:{form}}{'' if unit in ('', '°') else ' '}{unit}"

    @property
    def basis(self) -> str:
        """Where its millimetres come from, or why there are none."""
        return said(self.source) or tr(self.note)

    @property
    def text(self) -> str:
        """The value, its unit and where it comes from: ``"12.3 mm (PixelSpacing)"``, ``"98.0 px,
        uncalibrated"``.
        """
        if self.source:
            return f"{self.number} ({said(self.source)})"
        return f"{self.number}, {tr(self.note)}" if self.note else self.number


UNITS = {"mm": "mm", "mm2": "mm²", "px": "px", "px2": "px²", "deg": "°"}
"""Units as they are written."""

UNCALIBRATED_NOTE = mark("uncalibrated")
CROSSING_NOTE = mark("crosses two calibrated regions")
OUTSIDE_NOTE = mark("outside the calibrated region")
NOTES = (UNCALIBRATED_NOTE, CROSSING_NOTE, OUTSIDE_NOTE)
"""Why a number is no millimetre."""

NAMES: dict[str, str] = {
    "length": mark("Length"), "angle": mark("Angle"), "area": mark("Area"), "perimeter": mark("Perimeter"),
    "width": mark("Width"), "height": mark("Height"), "long axis": mark("Long axis"),
    "short axis": mark("Short axis"), "depth/width": mark("Depth/width"), "mean": mark("Mean"),
    "sd": mark("SD"), "min": mark("Min"), "max": mark("Max"), "n": mark("Pixels"),
}  # fmt: skip
"""Names of quantities as they are shown."""

TITLES: dict[Tool, str] = {
    Tool.DISTANCE: mark("Distance"), Tool.ANGLE: mark("Angle"), Tool.ELLIPSE: mark("Ellipse"),
    Tool.RECTANGLE: mark("Rectangle"), Tool.FREEHAND: mark("Freehand area"), Tool.AXES: mark("Two axes"),
    Tool.TEXT: mark("Note"),
}  # fmt: skip
"""Names of measurements that the reader has not named."""


def titles(measurements: tuple[Measurement, ...]) -> dict[str, str]:
    """Return what measurements are called, by identifier: the reader's words, else kind and number."""
    counts: dict[Tool, int] = {}
    found = {}
    for one in measurements:
        counts[one.tool] = counts.get(one.tool, 0) + 1
        found[one.identifier] = one.text or f"{tr(TITLES[one.tool])} {counts[one.tool]}"
    return found


POINTS = {Tool.DISTANCE: 2, Tool.ANGLE: 3, Tool.ELLIPSE: 3, Tool.RECTANGLE: 2, Tool.AXES: 4, Tool.TEXT: 2}
"""Points of each kind; of a freehand area three or more. A note may do with one: the place it points at."""


def complete(measurement: Measurement) -> bool:
    """Return whether a measurement has the points its kind needs."""
    count = len(measurement.points)
    if measurement.tool is Tool.FREEHAND:
        return count >= 3
    if measurement.tool is Tool.TEXT:
        return count in (1, 2)
    return count == POINTS[measurement.tool]
