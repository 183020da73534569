"""What a measurement measures: lengths, angles, areas and grey levels; in mm only where mm are true."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.imaging import measure, regions
from breastview.imaging.contours import polygon_area
from breastview.study.calibration import UNCALIBRATED
from breastview.study.measurement import (
    CROSSING_NOTE,
    OUTSIDE_NOTE,
    UNCALIBRATED_NOTE,
    Measurement,
    Quantity,
    Tool,
    complete,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.calibration import Calibration, Region
    from breastview.study.pixels import FramePixels

BINS = 64
"""Bars of a histogram."""

_LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue in a grey level (ITU-R BT.601)."""


@dataclass(frozen=True)
class Scale:
    """How long a px is where something was drawn.

    Attributes
    ----------
    region : Region or None
        The one calibrated region that holds all of it; None: numbers are in px.
    source : str
        Where the millimetres come from, empty without.
    note : str
        Why there are none, empty with.
    """

    region: Region | None
    source: str = ""
    note: str = ""

    @property
    def spacing(self) -> NDArray[np.float64]:
        """mm per px along a row and along a column; 1 and 1 in px."""
        return np.array((self.region.dx, self.region.dy)) if self.region else np.ones(2)

    def length(self, name: str, value: float) -> Quantity:
        """Return a length that was computed with `spacing`."""
        return Quantity(name, float(value), "mm" if self.region else "px", self.source, self.note)

    def area(self, name: str, value: float) -> Quantity:
        """Return an area that was computed with `spacing`."""
        return Quantity(name, float(value), "mm2" if self.region else "px2", self.source, self.note)

    def derived(self, name: str, value: float, unit: str) -> Quantity:
        """Return an angle or a ratio of lengths: true only where the shape of a px is known."""
        return Quantity(name, float(value), unit, self.source, self.note)


def scale(outline: NDArray[np.float64], calibration: Calibration, closed: bool = False) -> Scale:
    """Return how long a px is along an outline.

    Parameters
    ----------
    outline : ndarray, shape (n, 2), float64
        x and y in px.
    calibration : Calibration
        Of the frame.
    closed : bool
        Whether what lies inside the outline is measured too.
    """
    if not calibration.regions:
        return Scale(None, note=UNCALIBRATED_NOTE)
    points = [(float(x), float(y)) for x, y in outline]
    region = calibration.common(points)
    if region is None:
        there = {calibration.at(x, y) for x, y in points}
        return Scale(None, note=CROSSING_NOTE if len(there - {None}) > 1 else OUTSIDE_NOTE)
    if _meets_another(outline, region, calibration, closed):
        return Scale(None, note=CROSSING_NOTE)
    return Scale(region, calibration.source)


def _meets_another(
    outline: NDArray[np.float64], region: Region, calibration: Calibration, closed: bool
) -> bool:
    """Return whether the way between the points leads through a smaller region of another scale."""
    inner = [r for r in calibration.regions if r.area < region.area and not r.scaled_like(region)]
    if not inner:
        return False
    ends = np.roll(outline, -1, axis=0) if closed else outline[1:]
    way = [
        np.linspace(start, end, max(2, math.ceil(float(np.abs(end - start).max())) + 1))
        for start, end in zip(outline, ends, strict=False)
    ]
    if closed:
        way.append(np.array([((r.x0 + r.x1) / 2, (r.y0 + r.y1) / 2) for r in inner if _holds(outline, r)]))
    points = np.concatenate([part.reshape(-1, 2) for part in way])
    return any(r.holds(float(x), float(y)) for r in inner for x, y in points)


def _holds(outline: NDArray[np.float64], region: Region) -> bool:
    import cv2

    middle = (region.x0 + region.x1) / 2, (region.y0 + region.y1) / 2
    return cv2.pointPolygonTest(outline.astype(np.float32), middle, measureDist=False) >= 0


def quantities(
    measurement: Measurement,
    calibration: Calibration = UNCALIBRATED,
    pixels: FramePixels | None = None,
    modality: str = "",
) -> tuple[Quantity, ...]:
    """Return what a measurement measures, the most important first.

    Parameters
    ----------
    measurement : Measurement
        One that lacks points, and a note, measure nothing.
    calibration : Calibration
        Of the frame.
    pixels : FramePixels, optional
        Of the frame: areas then have grey levels, too (modality values; of colour pictures their luma).
    modality : str
        DICOM modality; depth and width have their meaning in ultrasound only ("US", or "" for a picture
        without a modality).
    """
    if measurement.tool is Tool.TEXT or not complete(measurement):
        return ()
    line = regions.outline(measurement)
    there = scale(line, calibration, closed=measurement.tool in regions.AREAS)
    found = _SHAPES[measurement.tool](measurement, line, there)
    if measurement.tool is Tool.AXES and modality in ("", "US"):
        found = (*found, *_orientation(line, there))
    if measurement.tool in regions.AREAS and pixels is not None:
        found = (*found, *_greys(measurement, pixels))
    return found


def _distance(_measurement: Measurement, line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    return (there.length("length", np.hypot(*((line[1] - line[0]) * there.spacing))),)


def _angle(_measurement: Measurement, line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    (ax, ay), (bx, by) = (line[[0, 2]] - line[1]) * there.spacing
    turned = math.atan2(abs(ax * by - ay * bx), ax * bx + ay * by)
    return (there.derived("angle", math.degrees(turned), "deg"),)


def _axes(_measurement: Measurement, line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    lengths = np.hypot(*((line[[1, 3]] - line[[0, 2]]) * there.spacing).T)
    return there.length("long axis", lengths.max()), there.length("short axis", lengths.min())


def _orientation(line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    """Return depth by width: of the two axes the steeper one is the depth (from the skin inwards)."""
    ways = (line[[1, 3]] - line[[0, 2]]) * there.spacing
    lengths = np.hypot(*ways.T)
    if lengths.min() <= 0:
        return ()
    steep = int(np.argmax(np.abs(ways[:, 1]) / lengths))
    return (there.derived("depth/width", lengths[steep] / lengths[1 - steep], ""),)


def _ellipse(measurement: Measurement, _line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    _, half, other = regions.ellipse_axes(np.asarray(measurement.points, np.float64))
    # On px that are not square the axes as drawn are no longer at right angles; these are the true ones.
    long, short = np.linalg.svd(np.stack((half, other)) * there.spacing, compute_uv=False)
    return (
        there.area("area", math.pi * long * short),
        there.length("long axis", 2 * long),
        there.length("short axis", 2 * short),
    )


def _rectangle(_measurement: Measurement, line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    width, height = np.abs(line[2] - line[0]) * there.spacing
    return (
        there.area("area", width * height),
        there.length("width", width),
        there.length("height", height),
    )


def _freehand(_measurement: Measurement, line: NDArray[np.float64], there: Scale) -> tuple[Quantity, ...]:
    true = line * there.spacing
    if regions.crosses_itself(line):
        return ()
    around = np.hypot(*(np.roll(true, -1, axis=0) - true).T).sum()
    found = there.area("area", abs(polygon_area(true))), there.length("perimeter", around)
    if found[0].value <= 0:
        return found
    axes = measure.axes(true)
    return (*found, there.length("long axis", axes.long), there.length("short axis", axes.short))


_SHAPES = {
    Tool.DISTANCE: _distance,
    Tool.ANGLE: _angle,
    Tool.AXES: _axes,
    Tool.ELLIPSE: _ellipse,
    Tool.RECTANGLE: _rectangle,
    Tool.FREEHAND: _freehand,
}


def _inside(measurement: Measurement, pixels: FramePixels) -> tuple[NDArray[Any], NDArray[np.uint8]]:
    """Return the part of a frame around an area, and which of its pixels have their centres inside.

    Modality values; of colour pictures the luma, which of greys stored in colour is the grey itself.
    """
    rows, columns = pixels.size
    x, y, mask = regions.inside(regions.outline(measurement), rows, columns)
    values = pixels.values[y : y + mask.shape[0], x : x + mask.shape[1]]
    if values.ndim == 3:
        values = values @ np.array(_LUMA)
    if values.dtype not in (np.uint8, np.uint16, np.int16, np.float32):  # what OpenCV counts in
        values = values.astype(np.float64)
    return np.ascontiguousarray(values), mask.view(np.uint8)


def _greys(measurement: Measurement, pixels: FramePixels) -> tuple[Quantity, ...]:
    """Return mean, standard deviation (of the sample), least, greatest and number."""
    import cv2

    values, mask = _inside(measurement, pixels)
    count = int(np.count_nonzero(mask))
    if not count:
        return (Quantity("n", 0.0, ""),)
    means, deviations = cv2.meanStdDev(values, mask=mask)
    low, high, _, _ = cv2.minMaxLoc(values, mask)
    of_sample = math.sqrt(count / (count - 1)) if count > 1 else 0.0
    return (
        Quantity("mean", float(means[0, 0]), ""),
        Quantity("sd", float(deviations[0, 0]) * of_sample, ""),
        Quantity("min", float(low), ""),
        Quantity("max", float(high), ""),
        Quantity("n", float(count), ""),
    )


def roughly(measurement: Measurement, pixels: FramePixels, most: int) -> tuple[Quantity, ...]:
    """Return mean and standard deviation of a large area from some of its rows and columns.

    Parameters
    ----------
    measurement : Measurement
        An area.
    pixels : FramePixels
        Of the frame.
    most : int
        About how many pixels of the box around it are looked at.
    """
    line = regions.outline(measurement)
    width, height = line.max(axis=0) - line.min(axis=0)
    step = max(1, math.ceil(math.sqrt(width * height / most)))
    fewer = replace(pixels, values=pixels.values[::step, ::step])
    smaller = replace(measurement, points=tuple((x / step, y / step) for x, y in measurement.points))
    return tuple(one for one in _greys(smaller, fewer) if one.name in ("mean", "sd"))


def histogram(measurement: Measurement, pixels: FramePixels) -> tuple[NDArray[np.int64], float, float]:
    """Return how many pixels of an area fall into each of `BINS` parts of their range, and that range."""
    import cv2

    values, mask = _inside(measurement, pixels)
    if not np.any(mask):
        return np.zeros(BINS, np.int64), 0.0, 0.0
    low, high, _, _ = cv2.minMaxLoc(values, mask)
    counted = values if values.dtype in (np.uint8, np.uint16) else values.astype(np.float32)
    # The upper end is left out of OpenCV's range; of whole numbers a half more takes the last one in.
    beyond = high + max((high - low) * 1e-6, 0.5 if counted.dtype != np.float32 else 1e-6)
    counts = cv2.calcHist([counted], [0], mask, [BINS], [low, beyond])
    return counts.ravel().astype(np.int64), float(low), float(high)
