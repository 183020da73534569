"""Physical size of pixels: a millimetre is true, or there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

DEPTH_RULER = "depth ruler"
"""Source of a calibration that the reader made with the depth scale burned into the picture."""

SHORTEST_PX = 10.0
"""Shortest ruler: on a shorter one the width of a tick would be a sizeable part of the length."""

LONGEST_MM = 1000.0

_SAME = 1e-6
"""Relative difference up to which two spacings count as one."""

SQUARE = 0.005
"""Difference between height and width of a px, as a share, that no eye can see."""


@dataclass(frozen=True)
class Region:
    """A rectangle of a picture with its own spacing (SequenceOfUltrasoundRegions, PS3.3 C.8.5.5).

    Attributes
    ----------
    x0, y0, x1, y1 : int
        Bounds in px, the last row and column included.
    dx, dy : float
        Spacing in mm per px along a row and along a column.
    """

    x0: int
    y0: int
    x1: int
    y1: int
    dx: float
    dy: float

    def holds(self, x: float, y: float) -> bool:
        """Return whether the point (px, centres of pixels at whole numbers) lies on one of its pixels."""
        return self.x0 - 0.5 <= x <= self.x1 + 0.5 and self.y0 - 0.5 <= y <= self.y1 + 0.5

    def scaled_like(self, other: Region) -> bool:
        """Return whether a px is as long here as in another region, both ways."""
        return math.isclose(self.dx, other.dx, rel_tol=_SAME) and math.isclose(
            self.dy, other.dy, rel_tol=_SAME
        )

    @property
    def area(self) -> int:
        """Pixels inside."""
        return (self.x1 - self.x0 + 1) * (self.y1 - self.y0 + 1)


@dataclass(frozen=True)
class Calibration:
    """Where the millimetres of a frame come from.

    Attributes
    ----------
    source : str
        What is shown beside every number: ``"US region"``, ``"PixelSpacing"``,
        ``"ImagerPixelSpacing ÷ magnification"``, ``"ImagerPixelSpacing, at the detector"``,
        ``"depth ruler"``, ... or ``""`` when uncalibrated.
    regions : tuple of Region
        Calibrated parts of the picture; a spacing that holds everywhere is one region over all of it.
    """

    source: str = ""
    regions: tuple[Region, ...] = ()

    @property
    def aspect(self) -> float:
        """Height of a px over its width: 1 where it is within `SQUARE` of it, or regions disagree."""
        shapes = {region.dy / region.dx for region in self.regions if region.dx > 0 and region.dy > 0}
        if not shapes or max(shapes) / min(shapes) > 1 + SQUARE:
            return 1.0
        shape = min(shapes)
        return shape if abs(shape - 1) > SQUARE else 1.0

    def at(self, x: float, y: float) -> Region | None:
        """Return the region that holds the point (px); the smallest one where several do."""
        return min((r for r in self.regions if r.holds(x, y)), key=lambda r: r.area, default=None)

    def common(self, points: Iterable[tuple[float, float]]) -> Region | None:
        """Return the one region that holds all the points, or None: no length crosses two regions.

        Of regions within one another (a colour box in the picture it belongs to) it is the smallest that
        holds all points, unless a point lies in one of another scale.
        """
        points = list(points)
        holding = [r for r in self.regions if all(r.holds(x, y) for x, y in points)]
        found = min(holding, key=lambda r: r.area, default=None)
        if found is None:
            return None
        inner = [r for r in self.regions if r.area < found.area and not r.scaled_like(found)]
        crossed = any(r.holds(x, y) for r in inner for x, y in points)
        return None if crossed else found


@dataclass(frozen=True)
class Ruler:
    """A line over the depth scale of a picture, whose length in mm the reader read off.

    Attributes
    ----------
    start, end : (float, float)
        Its ends, (x, y) in px.
    millimetres : float
        Its length.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    millimetres: float

    @property
    def length_px(self) -> float:
        """Its length in px."""
        return math.dist(self.start, self.end)

    @property
    def sound(self) -> bool:
        """Whether it is long enough to measure with, and its millimetres can be meant."""
        return self.length_px >= SHORTEST_PX and 0 < self.millimetres <= LONGEST_MM

    def calibration(self, rows: int, columns: int) -> Calibration:
        """Return the calibration of a picture of this size; pixels are taken to be square.

        Raises
        ------
        ValueError
            If the ruler is not `sound`.
        """
        if not self.sound:
            raise ValueError("no length can be read off this ruler")
        spacing = self.millimetres / self.length_px
        return everywhere(DEPTH_RULER, rows, columns, spacing, spacing)


UNCALIBRATED = Calibration()


def everywhere(source: str, rows: int, columns: int, row_mm: float, column_mm: float) -> Calibration:
    """Calibrate the whole picture; `row_mm` is the distance between rows (DICOM's first value)."""
    return Calibration(source, (Region(0, 0, columns - 1, rows - 1, column_mm, row_mm),))
