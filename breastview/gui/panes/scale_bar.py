"""A bar of true millimetres beside the picture, or none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from breastview.study.calibration import Calibration, Region

SAME = 1e-4
"""Relative difference up to which two spacings count as one."""


@dataclass(frozen=True)
class ScaleBar:
    """A vertical bar.

    Attributes
    ----------
    length : float
        In device px.
    millimetres : float
        What it stands for.
    parts : int
        Equal parts between its ticks.
    """

    length: float
    millimetres: float
    parts: int

    @property
    def label(self) -> str:
        """Its length with the unit."""
        small = self.millimetres < 0.1
        return f"{1000 * self.millimetres:g} µm" if small else f"{self.millimetres:g} mm"


def scale_bar(
    calibration: Calibration,
    seen: tuple[float, float, float, float],
    zoom: float,
    room: float,
    along_rows: bool = False,
) -> ScaleBar | None:
    """Return the longest round bar that fits and is true for everything in sight.

    Parameters
    ----------
    calibration : Calibration
        Of the frame.
    seen : tuple of float
        The visible part of the picture, (x0, y0, x1, y1) in px.
    zoom : float
        Device px per px of the picture along the bar.
    room : float
        Longest bar, in device px.
    along_rows : bool
        The bar runs along the picture's rows, which a picture that was turned has upright.

    Returns
    -------
    ScaleBar or None
        None where nothing in sight is calibrated, or regions of different spacing are.
    """
    there = [region for region in calibration.regions if _overlap(region, seen)]
    spacings = [region.dx if along_rows else region.dy for region in there]
    if not spacings or max(spacings) - min(spacings) > SAME * max(spacings) or min(spacings) <= 0:
        return None
    most = room / zoom * spacings[0]
    if most <= 0:
        return None
    millimetres, parts = _round_below(most)
    return ScaleBar(millimetres / spacings[0] * zoom, millimetres, parts)


def _overlap(region: Region, seen: tuple[float, float, float, float]) -> bool:
    x0, y0, x1, y1 = seen
    return region.x0 < x1 and x0 < region.x1 + 1 and region.y0 < y1 and y0 < region.y1 + 1


def _round_below(most: float) -> tuple[float, int]:
    """Return the largest of 1, 2, 5 times a power of ten up to `most`, and how to divide it."""
    power = 10.0 ** math.floor(math.log10(most))
    for factor, parts in ((5, 5), (2, 2), (1, 2)):
        if factor * power <= most * (1 + 1e-9):
            return factor * power, parts
    return power, 2
