"""Physical size of pixels: a millimetre is true, or there is none."""

from __future__ import annotations

from dataclasses import dataclass


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
        """Return whether the point (px) lies inside."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


@dataclass(frozen=True)
class Calibration:
    """Where the millimetres of a frame come from.

    Attributes
    ----------
    source : str
        What is shown beside every number: ``"US region"``, ``"PixelSpacing"``,
        ``"ImagerPixelSpacing ÷ magnification"``, ``"depth ruler"`` or ``""`` when uncalibrated.
    regions : tuple of Region
        Calibrated parts of the picture; a spacing that holds everywhere is one region over all of it.
    """

    source: str = ""
    regions: tuple[Region, ...] = ()

    def at(self, x: float, y: float) -> Region | None:
        """Return the region that holds the point (px); the smallest one where several do."""
        holding = [r for r in self.regions if r.holds(x, y)]
        return min(holding, key=lambda r: (r.x1 - r.x0) * (r.y1 - r.y0), default=None)

    def common(self, points: list[tuple[float, float]]) -> Region | None:
        """Return the one region that holds all the points, or None: no length crosses two regions."""
        found = {self.at(x, y) for x, y in points}
        return found.pop() if len(found) == 1 else None


UNCALIBRATED = Calibration()


def everywhere(source: str, rows: int, columns: int, row_mm: float, column_mm: float) -> Calibration:
    """Calibrate the whole picture; `row_mm` is the distance between rows (DICOM's first value)."""
    return Calibration(source, (Region(0, 0, columns - 1, rows - 1, column_mm, row_mm),))
