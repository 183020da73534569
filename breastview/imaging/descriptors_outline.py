"""Numbers of a lesion's outline that shape, orientation and margin are told from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.imaging.contours import Component

_SMOOTH = 0.02
"""Radius of the smoothing before perimeters are compared, as a share of the lesion's mean diameter: the steps
of pixels are no lobules."""


@dataclass(frozen=True)
class Measured:
    """All without unit, but for the angle.

    Attributes
    ----------
    solidity : float
        Area over that of the convex hull, 0..1 (Chang et al. 2005).
    ellipse : float
        Dice of the lesion and the ellipse of its area and second moments, 0..1.
    axis_ratio : float
        Short over long axis of that ellipse, 0..1.
    depth_width : float
        Extent along the beam over that along the skin (Stavros et al. 1995).
    angle : float
        Of the ellipse's long axis to the rows, 0..90 degrees.
    convexity : float
        Perimeter of the convex hull over that of the outline, 0..1 (Chang et al. 2005).
    """

    solidity: float
    ellipse: float
    axis_ratio: float
    depth_width: float
    angle: float
    convexity: float


def measure(part: Component, aspect: float = 1.0) -> Measured:
    """Measure a lesion; `aspect` is the height of a px over its width."""
    import cv2

    filled = _without_holes(part.mask)
    corners = _outline(filled, aspect)
    hull = cv2.convexHull(corners)
    long, short, angle, overlap = _ellipse(filled, aspect)
    width, depth = np.ptp(corners.reshape(-1, 2), axis=0)
    calm = _calm(filled, aspect)
    return Measured(
        solidity=min(1.0, float(cv2.contourArea(corners) / max(cv2.contourArea(hull), 1e-6))),
        ellipse=overlap,
        axis_ratio=short / long,
        depth_width=float(depth / max(width, 1e-6)),
        angle=angle,
        convexity=min(1.0, cv2.arcLength(cv2.convexHull(calm), True) / max(cv2.arcLength(calm, True), 1e-6)),
    )


def _without_holes(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    edge, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(mask.shape, np.uint8)
    cv2.drawContours(filled, edge, -1, 1, cv2.FILLED)
    return filled.astype(bool)


def _calm(mask: NDArray[np.bool_], aspect: float) -> NDArray[np.float32]:
    """Return the largest outline of the smoothed lesion, (n, 1, 2): a line without the steps of pixels."""
    import contourpy
    import cv2

    radius = max(1.0, _SMOOTH * float(np.sqrt(4 * np.count_nonzero(mask) / np.pi)))
    padded = np.pad(mask.astype(np.float32), int(np.ceil(4 * radius)) + 1)
    field = cv2.GaussianBlur(padded, (0, 0), radius)
    lines = contourpy.contour_generator(z=field).lines(0.5)
    if not lines:
        return _outline(mask, aspect)
    longest = max((np.asarray(line)[:-1] for line in lines), key=len)
    return (longest * (1.0, aspect)).astype(np.float32)[:, None]


def _outline(mask: NDArray[np.bool_], aspect: float) -> NDArray[np.float32]:
    """Return the largest outline between the pixels, (n, 1, 2), in px of the picture's rows."""
    from breastview.imaging.contours import outlines, polygon_area

    longest = max(outlines(mask), key=lambda line: abs(polygon_area(line)))
    return (longest * (1.0, aspect)).astype(np.float32)[:, None]


def _ellipse(mask: NDArray[np.bool_], aspect: float) -> tuple[float, float, float, float]:
    """Return long and short axis, angle to the rows in degrees, and Dice with the lesion, of its ellipse."""
    y, x = np.nonzero(mask)
    points = np.stack([x, y * aspect], axis=1).astype(np.float64)
    centre = points.mean(axis=0)
    # A px is a little square, whose own moments count where a lesion is small.
    spread = np.cov(points.T, bias=True) + np.diag((1.0, aspect**2)) / 12
    values, vectors = np.linalg.eigh(spread)
    direction = vectors[:, 1]
    angle = float(np.degrees(np.arctan2(abs(direction[1]), abs(direction[0]))))
    # With as much area as the lesion, whatever its shape.
    rows, columns = mask.shape
    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows) * aspect), axis=-1) - centre
    distance = np.einsum("...i,ij,...j->...", grid, np.linalg.inv(spread), grid)
    scale = len(points) * aspect / (np.pi * np.sqrt(values.prod()))
    inside = distance <= scale
    common = np.count_nonzero(inside & mask)
    # What of the ellipse lies beyond the bounding box is its whole area less what lies within.
    overlap = 2 * common / (2 * len(points))
    return 4 * float(np.sqrt(values[1])), 4 * float(np.sqrt(values[0])), angle, overlap
