"""Connected parts of a mask and their outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_JUST_BELOW = 0.5 - 1e-6  # so that pixels which touch only at a corner share one outline


@dataclass(frozen=True, eq=False)
class Component:
    """One 8-connected part of a mask.

    Attributes
    ----------
    x, y : int
        Column and row of the upper left pixel of its bounding box.
    mask : ndarray, shape (h, w), bool
        The part alone, within its bounding box.
    area : int
        Pixels.
    """

    x: int
    y: int
    mask: NDArray[np.bool_]
    area: int

    @property
    def window(self) -> tuple[slice, slice]:
        """Index of its bounding box in the whole mask."""
        rows, columns = self.mask.shape
        return slice(self.y, self.y + rows), slice(self.x, self.x + columns)

    def outline(self) -> NDArray[np.float64]:
        """Return the outer outline of the part, see `outlines`."""
        found = outlines(self.mask)
        longest = max(found, key=lambda line: abs(polygon_area(line)))
        return longest + np.array((self.x, self.y))

    def pixel_hull(self) -> NDArray[np.float64]:
        """Return the corners (n, 2), x and y in px of the mask, of the convex hull of the pixel centres."""
        import cv2

        edge, _ = cv2.findContours(self.mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        corners = cv2.convexHull(edge[0]).reshape(-1, 2).astype(np.float64)
        return np.asarray(corners + np.array((self.x, self.y)))


def components(mask: NDArray[np.bool_], least: int = 1) -> list[Component]:
    """Split a mask into its 8-connected parts.

    Parameters
    ----------
    mask : ndarray, shape (H, W), bool
    least : int
        Parts of fewer pixels are left out.

    Returns
    -------
    list of Component
        Largest first.
    """
    import cv2

    whole = np.asarray(mask, bool).view(np.uint8)
    left, top, across, down = cv2.boundingRect(whole)
    if not across:
        return []
    # Labels take four bytes a pixel: of a large picture only the part with the lesions is looked at.
    part = np.ascontiguousarray(whole[top : top + down, left : left + across])
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    found = []
    for label, (x, y, width, height, area) in enumerate(statistics.tolist()):
        if label == 0 or area < least:
            continue
        shape = labels[y : y + height, x : x + width] == label
        found.append(Component(left + x, top + y, shape, area))
    return sorted(found, key=lambda part: -part.area)


def outlines(mask: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
    """Return the closed outlines of a mask, holes included.

    Marching squares (Lorensen and Cline 1987, in two dimensions) on the pixel centres: the line runs half-way
    between a pixel inside and its neighbour outside, so that n pixels in a row are n px wide.

    Parameters
    ----------
    mask : ndarray, shape (H, W), bool

    Returns
    -------
    list of ndarray, shape (n, 2), float64
        x and y in px, pixel centres at whole numbers; the first point is not repeated at the end. Points on
        a straight line are left out.
    """
    import contourpy

    if not np.any(mask):
        return []
    padded = np.pad(np.asarray(mask, np.float32), 1)
    lines = contourpy.contour_generator(z=padded, corner_mask=False).lines(_JUST_BELOW)
    # contourpy interpolates the level 0.499999; half a pixel is meant.
    return [_without_straights(np.rint(np.asarray(line) * 2) / 2 - 1) for line in lines]


def _without_straights(closed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the corners of a closed line whose last point repeats the first."""
    points = closed[:-1]
    before, after = points - np.roll(points, 1, axis=0), np.roll(points, -1, axis=0) - points
    turns = before[:, 0] * after[:, 1] != before[:, 1] * after[:, 0]
    return points[turns]


def polygon_area(points: NDArray[np.floating]) -> float:
    """Return the signed area of a closed polygon (n, 2), by the shoelace formula."""
    x, y = points[:, 0], points[:, 1]
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
