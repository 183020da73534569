"""Shapes that a reader draws: their outline, and the pixels inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.study.measurement import Measurement, Tool

if TYPE_CHECKING:
    from numpy.typing import NDArray

CORNERS = 128
"""Corners of the polygon that stands for an ellipse; its area is 0.04 % less than the ellipse's."""

AREAS = frozenset({Tool.ELLIPSE, Tool.RECTANGLE, Tool.FREEHAND})
"""Tools that enclose an area."""


def ellipse_axes(
    points: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return centre and the two half axes of an ellipse.

    Parameters
    ----------
    points : ndarray, shape (3, 2), float64
        The two ends of one axis, and a point whose distance from that axis is half of the other one.

    Returns
    -------
    centre, half, other : ndarray, shape (2,), float64
        `other` is at right angles to `half` in px.
    """
    start, end, aside = points
    centre, half = (start + end) / 2, (end - start) / 2
    length = np.hypot(*half)
    normal = np.array((-half[1], half[0])) / length if length else np.array((0.0, 1.0))
    return centre, half, normal * float((aside - centre) @ normal)


def outline(measurement: Measurement) -> NDArray[np.float64]:
    """Return the closed outline (n, 2) of an area in px; of anything else its points."""
    points = np.asarray(measurement.points, np.float64).reshape(-1, 2)
    if measurement.tool is Tool.ELLIPSE and len(points) == 3:
        centre, half, other = ellipse_axes(points)
        turn = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)[:, None]
        return np.asarray(centre + np.cos(turn) * half + np.sin(turn) * other)
    if measurement.tool is Tool.RECTANGLE and len(points) == 2:
        (x0, y0), (x1, y1) = points
        return np.array(((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    return points


def strokes(measurement: Measurement) -> list[tuple[NDArray[np.float64], bool]]:
    """Return the lines a measurement is drawn with: points (n, 2) in px, and whether they are closed."""
    line = outline(measurement)
    if measurement.tool is Tool.AXES:
        return [(line[at : at + 2], False) for at in range(0, len(line) - 1, 2)]
    if len(line) < 2:
        return []
    if measurement.tool is Tool.TEXT:
        return [(line[:2], False), (_arrow_head(*line[:2]), False)]
    return [(line, measurement.tool in AREAS)]


def _arrow_head(tip: NDArray[np.float64], tail: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the two barbs at the end of an arrow as one line through its tip."""
    back = (tail - tip) * 0.16
    across = np.array((-back[1], back[0])) * 0.45
    return np.array((tip + back + across, tip, tip + back - across))


def inside(polygon: NDArray[np.float64], rows: int, columns: int) -> tuple[int, int, NDArray[np.bool_]]:
    """Return which pixels have their centres inside a closed polygon.

    Even-odd rule along rows; OpenCV's filling would take in every pixel that the outline touches.

    Parameters
    ----------
    polygon : ndarray, shape (n, 2), float64
        x and y in px, pixel centres at whole numbers.
    rows, columns : int
        Size of the picture.

    Returns
    -------
    x, y : int
        Column and row of the upper left pixel of the part of the picture that is returned.
    mask : ndarray, shape (h, w), bool
        May have no rows or columns.
    """
    low, high = np.floor(polygon.min(axis=0)), np.ceil(polygon.max(axis=0))
    x0, y0 = (int(max(0, value)) for value in low)
    x1, y1 = int(min(columns - 1, high[0])), int(min(rows - 1, high[1]))
    height, width = max(0, y1 - y0 + 1), max(0, x1 - x0 + 1)
    flips = np.zeros((height, width + 1), bool)
    crossed, at = _crossings(polygon, y0, y1)
    columns_after = np.clip(np.ceil(at) - x0, 0, width).astype(np.intp)
    np.logical_xor.at(flips, (crossed - y0, columns_after), True)
    return x0, y0, np.logical_xor.accumulate(flips[:, :width], axis=1)


def _crossings(
    polygon: NDArray[np.float64], first: int, last: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return which of the rows from `first` to `last` a closed polygon's sides cross, and at which x."""
    (ax, ay), (bx, by) = polygon.T, np.roll(polygon, -1, axis=0).T
    above = np.maximum(first, np.ceil(np.minimum(ay, by))).astype(np.intp)
    below = np.minimum(last + 1, np.ceil(np.maximum(ay, by))).astype(np.intp)
    counts = np.maximum(below - above, 0)
    side = np.repeat(np.arange(len(polygon)), counts)
    row = np.arange(counts.sum()) + np.repeat(above - (np.cumsum(counts) - counts), counts)
    # No row lies between the ends of a level side.
    return row, ax[side] + (row - ay[side]) * (bx - ax)[side] / (by - ay)[side]


def crosses_itself(polygon: NDArray[np.float64]) -> bool:
    """Return whether two sides of a closed polygon that are no neighbours cross.

    Corners that leave the line by less than a quarter of a px do not count: every pair of sides is looked at.
    """
    import cv2

    a = cv2.approxPolyDP(polygon.astype(np.float32)[:, None], 0.25, closed=True)[:, 0].astype(np.float64)
    b = np.roll(a, -1, axis=0)
    along = b - a

    def side(origin: NDArray[np.float64], way: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray:
        towards = of[None] - origin[:, None]
        return np.sign(way[:, None, 0] * towards[..., 1] - way[:, None, 1] * towards[..., 0])

    starts, ends = side(a, along, a), side(a, along, b)
    apart = starts * ends < 0
    return bool(np.any(apart & apart.T))
