"""Measuring the lesions of a mask: long and short axis, width, depth, area; in mm only where mm are true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging.contours import Component, components
from breastview.study.analysis import Finding
from breastview.study.calibration import UNCALIBRATED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.calibration import Calibration, Region

_CHORDS = 256
"""Most places along the long axis at which the short axis is looked for."""


@dataclass(frozen=True)
class Axes:
    """The two diameters of an outline, in the unit of its points.

    Attributes
    ----------
    long, short : float
        Longest caliper diameter; longest chord at right angles to it.
    long_ends, short_ends : ndarray, shape (2, 2), float64
        End points (x, y).
    """

    long: float
    short: float
    long_ends: NDArray[np.float64]
    short_ends: NDArray[np.float64]


def axes(outline: NDArray[np.float64]) -> Axes:
    """Return the long axis of an outline and the longest extent at right angles to it.

    The long axis is the largest distance of two points (maximum Feret diameter). The short axis is measured
    as a reader sets the second pair of calipers: from margin to margin on one line at right angles to the
    first, where that line is longest.

    Parameters
    ----------
    outline : ndarray, shape (n, 2), float64
        Closed polygon, x and y in one unit of length that is the same along both.

    Returns
    -------
    Axes
    """
    start, end = _farthest(_hull(outline))
    along = (end - start) / np.hypot(*(end - start))
    across = np.array((-along[1], along[0]))
    u, v = (outline - start) @ along, (outline - start) @ across
    place, low, high = _longest_chord(u, v)
    short_ends = start + place * along + np.array((low, high))[:, None] * across
    return Axes(float(np.hypot(*(end - start))), high - low, np.array((start, end)), short_ends)


def _hull(points: NDArray[np.float64]) -> NDArray[np.float64]:
    import cv2

    corners = cv2.convexHull(points.astype(np.float32), returnPoints=False).ravel()
    return points[corners]


def _farthest(hull: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two corners of a convex hull that are farthest apart, the left one first."""
    squared = np.sum((hull[:, None] - hull[None]) ** 2, axis=2)
    first, second = np.unravel_index(int(squared.argmax()), squared.shape)
    a, b = hull[first], hull[second]
    return (a, b) if tuple(a) <= tuple(b) else (b, a)


def _longest_chord(u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return where along u a closed polygon is widest in v, and the lowest and highest v there.

    The width is linear between corners, so the corners are where to look; of a long outline, every n-th.
    """
    places = u[:: max(1, len(u) // _CHORDS)]
    next_u, next_v = np.roll(u, -1), np.roll(v, -1)
    # Each side of the polygon crosses the few places between its ends, which lie together once sorted.
    order = np.argsort(places, kind="stable")
    first = np.searchsorted(places[order], np.minimum(u, next_u), "left")
    count = np.searchsorted(places[order], np.maximum(u, next_u), "right") - first
    side = np.repeat(np.arange(len(u)), count)
    place = order[np.arange(len(side)) - np.repeat(np.cumsum(count) - count - first, count)]
    rise = np.where(next_u == u, 1.0, next_u - u)[side]
    crossing = v[side] + (places[place] - u[side]) * (next_v - v)[side] / rise
    low, high = np.full(len(places), np.inf), np.full(len(places), -np.inf)
    np.minimum.at(low, place, crossing)
    np.maximum.at(high, place, crossing)
    best = int((high - low).argmax())
    return float(places[best]), float(low[best]), float(high[best])


def findings(
    mask: NDArray[np.bool_], calibration: Calibration = UNCALIBRATED, least: int = 1
) -> tuple[Finding, ...]:
    """Measure the lesions of a mask.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
        On the original's pixels.
    calibration : Calibration
        Of the frame. Millimetres are given only where one region holds every pixel of the lesion; the axes
        are then the longest in mm, which on pixels that are not square are not the longest in px.
    least : int
        Connected parts of fewer pixels are no lesions.

    Returns
    -------
    tuple of Finding
        One for each connected part, largest first.
    """
    return tuple(finding(part, calibration) for part in components(mask, least))


def finding(part: Component, calibration: Calibration) -> Finding:
    """Measure one part of a mask, see `findings`."""
    outline = part.outline()
    region = calibration.common([(float(x), float(y)) for x, y in part.pixel_hull()])
    spacing = np.array((region.dx, region.dy)) if region else np.ones(2)
    measured = axes(outline * spacing)
    long_ends, short_ends = measured.long_ends / spacing, measured.short_ends / spacing
    width, depth = np.ptp(outline, axis=0)
    return Finding(
        contour=tuple((x, y) for x, y in outline.tolist()),
        area_px=part.area,
        long_px=float(np.hypot(*(long_ends[1] - long_ends[0]))),
        short_px=float(np.hypot(*(short_ends[1] - short_ends[0]))),
        long_ends=_pair(long_ends),
        short_ends=_pair(short_ends),
        width_px=float(width),
        depth_px=float(depth),
        long_mm=measured.long if region else None,
        short_mm=measured.short if region else None,
        area_mm2=_area_mm2(part, region),
        calibration_source=calibration.source if region else "",
    )


def _area_mm2(part: Component, region: Region | None) -> float | None:
    return part.area * region.dx * region.dy if region else None


def _pair(ends: NDArray[np.float64]) -> tuple[tuple[float, float], tuple[float, float]]:
    (x0, y0), (x1, y1) = ends.tolist()
    return (x0, y0), (x1, y1)
