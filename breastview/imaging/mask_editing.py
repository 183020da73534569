"""Changing a mask by hand: strokes, polygons, fills; each changes an array in place and says where.

Coordinates are px of the picture, the centre of the first pixel at (0, 0). A pixel belongs to a shape when
its centre does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Point = tuple[float, float]

_HALF = 128
"""Level of a blurred mask of 0 and 255 from which a pixel is inside."""


@dataclass(frozen=True)
class Box:
    """A part of a picture: columns x0 to x1 and rows y0 to y1, the ends left out.

    Attributes
    ----------
    x0, y0, x1, y1 : int
        In px; empty where an end is not beyond its beginning.
    """

    x0: int
    y0: int
    x1: int
    y1: int

    @property
    def empty(self) -> bool:
        """Whether nothing lies inside."""
        return self.x0 >= self.x1 or self.y0 >= self.y1

    @property
    def slices(self) -> tuple[slice, slice]:
        """Index of the part in an array."""
        return slice(self.y0, self.y1), slice(self.x0, self.x1)

    def grown(self, by: int, shape: tuple[int, ...]) -> Box:
        """Return the part with a border, cut at the edges of an array of `shape`."""
        x0, y0 = max(0, self.x0 - by), max(0, self.y0 - by)
        return Box(x0, y0, min(shape[1], self.x1 + by), min(shape[0], self.y1 + by))

    def united(self, other: Box) -> Box:
        """Return the smallest part that holds both."""
        if self.empty or other.empty:
            return other if self.empty else self
        x0, y0 = min(self.x0, other.x0), min(self.y0, other.y0)
        return Box(x0, y0, max(self.x1, other.x1), max(self.y1, other.y1))


NOWHERE = Box(0, 0, 0, 0)


def bounds(mask: NDArray[np.bool_] | NDArray[np.uint8]) -> Box:
    """Return the smallest part of an array that holds everything but 0."""
    import cv2

    x, y, across, down = cv2.boundingRect(mask.view(np.uint8))
    return Box(x, y, x + across, y + down)


def stroke(mask: NDArray[np.bool_], start: Point, end: Point, radius: float, value: bool) -> Box:
    """Draw a stroke of a round brush from one point to another.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
        Changed in place.
    start, end : (float, float)
        In px; may lie outside.
    radius : float
        Of the brush in px: a pixel is touched when its centre is no farther from the line.
    value : bool
        What the touched pixels become.

    Returns
    -------
    Box
        The part that may have changed.
    """
    reach = radius + 1
    x0, x1 = sorted((start[0], end[0]))
    y0, y1 = sorted((start[1], end[1]))
    box = Box(*(int(np.floor(v)) for v in (x0 - reach, y0 - reach, x1 + reach + 1, y1 + reach + 1)))
    box = box.grown(0, mask.shape)
    if box.empty:
        return NOWHERE
    x = np.arange(box.x0, box.x1, dtype=np.float32)[None] - start[0]
    y = np.arange(box.y0, box.y1, dtype=np.float32)[:, None] - start[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = np.clip((x * dx + y * dy) / length, 0, 1) if length > 1e-9 else np.float32(0)
    touched = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= max(radius, 0.5) ** 2
    mask[box.slices][touched] = value
    return box


def polygon(mask: NDArray[np.bool_], corners: Sequence[Point], value: bool) -> Box:
    """Fill a closed polygon by the even-odd rule; see `stroke`."""
    if len(corners) < 3:
        return NOWHERE
    points = np.asarray(corners, np.float64)
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int) + 1
    box = Box(int(low[0]), int(low[1]), int(high[0]), int(high[1])).grown(0, mask.shape)
    if box.empty:
        return NOWHERE
    mask[box.slices][_inside(points - (box.x0, box.y0), box.y1 - box.y0, box.x1 - box.x0)] = value
    return box


def _inside(points: NDArray[np.float64], rows: int, columns: int) -> NDArray[np.bool_]:
    """Return which pixel centres of a field lie within a polygon: those with an odd number of edges left."""
    turns = np.zeros((rows, columns + 1), np.uint8)
    for (ax, ay), (bx, by) in zip(points, np.roll(points, -1, axis=0), strict=True):
        first, last = max(0, int(np.ceil(min(ay, by)))), min(rows, int(np.ceil(max(ay, by))))
        if first >= last:
            continue
        crossed = np.arange(first, last)
        x = ax + (crossed - ay) * (bx - ax) / (by - ay)
        turns[crossed, np.clip(np.ceil(x), 0, columns).astype(np.intp)] ^= 1
    return np.bitwise_xor.accumulate(turns[:, :-1], axis=1).astype(bool)


def hole(mask: NDArray[np.bool_], at: Point) -> Box:
    """Fill the hole of a lesion at a point; NOWHERE if the point is in no hole.

    A hole is background that no path of neighbours (above, below, left, right) leads out of.
    """
    import cv2

    column, row = round(at[0]), round(at[1])
    if not (0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]) or mask[row, column]:
        return NOWHERE
    around = bounds(mask).grown(1, mask.shape)
    if around.empty or not (around.x0 <= column < around.x1 and around.y0 <= row < around.y1):
        return NOWHERE
    free = (~mask[around.slices]).view(np.uint8)
    _, labels = cv2.connectedComponents(free, connectivity=4)
    found = labels == labels[row - around.y0, column - around.x0]
    if found[[0, -1]].any() or found[:, [0, -1]].any():
        return NOWHERE
    mask[around.slices][found] = True
    return around


def alike(grey: NDArray[np.uint8], at: Point, tolerance: int) -> NDArray[np.bool_]:
    """Return the pixels that are connected to a point through pixels of about its grey level.

    Parameters
    ----------
    grey : ndarray, shape (rows, columns), uint8
        As displayed, smoothed against speckle.
    at : (float, float)
        In px.
    tolerance : int
        Largest difference from the grey level at the point.

    Returns
    -------
    ndarray, shape (rows, columns), bool
    """
    import cv2

    rows, columns = grey.shape
    seed = min(max(round(at[0]), 0), columns - 1), min(max(round(at[1]), 0), rows - 1)
    reached = np.zeros((rows + 2, columns + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
    cv2.floodFill(np.ascontiguousarray(grey), reached, seed, 0, tolerance, tolerance, flags)
    return reached[1:-1, 1:-1].astype(bool)


def smoothed(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """Return a mask with calmer outlines, of about the same area.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
    radius : float
        Standard deviation in px of the Gaussian that rounds the edge; detail finer than this goes.
    """
    import cv2

    edge = int(np.ceil(4 * radius)) + 1
    box = bounds(mask).grown(edge, mask.shape)
    found = np.zeros_like(mask)
    if not box.empty:
        part = mask[box.slices].view(np.uint8) * np.uint8(255)
        # Mirrored beyond the picture, so that a lesion at its edge is not eaten away there.
        blurred = cv2.GaussianBlur(part, (0, 0), radius, borderType=cv2.BORDER_REFLECT)
        found[box.slices] = blurred >= _HALF
    return found
