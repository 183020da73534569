"""Grey levels in, around and behind a lesion on ultrasound, from which margin and echoes are told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from breastview.imaging.mask_editing import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.imaging.contours import Component

_RING = 0.35
"""Width of the ring around a lesion as a share of its mean diameter."""

_GAP = 0.06
"""Left out on either side of the margin, as a share of the mean diameter: a margin is drawn, not known."""

_EMPTY = 3.0
"""Mean grey of a neighbourhood below which there is no scan (the black beside the sector)."""

_CENTRAL = 0.7
"""Share of the width behind which is looked: edges refract and shadow on their own."""

_ENOUGH = 30
"""Pixels below which a mean is not one."""


@dataclass(frozen=True)
class Measured:
    """Ratios of mean grey levels as displayed; None where there is too little to measure on.

    Attributes
    ----------
    echo : float or None
        Inside over the ring around.
    unevenness : float or None
        Standard deviation inside, of the picture smoothed beyond its speckle, over the mean of the ring.
    radial_gradient : float or None
        Share of the grey gradient along the margin that points across it, -1..1, positive for a lesion darker
        than its surroundings or brighter alike (after Horsch et al. 2002, who take the radial direction).
    behind : float or None
        Below the lesion over beside it at the same depth (after the side difference of Horsch et al. 2002).
    behind_halves : tuple of float
        The same for the left and the right half.
    """

    echo: float | None
    unevenness: float | None
    radial_gradient: float | None
    behind: float | None
    behind_halves: tuple[float, float] = (1.0, 1.0)


def measure(grey: NDArray[np.uint8], part: Component) -> Measured:
    """Measure a lesion on a picture, ``(rows, columns)`` uint8 as displayed, the skin above."""
    diameter = float(np.sqrt(4 * part.area / np.pi))
    rows, columns = part.mask.shape
    own = Box(part.x, part.y, part.x + columns, part.y + rows)
    reach = int(np.ceil((_RING + 2 * _GAP) * diameter)) + 2
    near = own.grown(reach, grey.shape)
    picture = grey[near.slices].astype(np.float32)
    inside = np.zeros(picture.shape, bool)
    inside[part.y - near.y0 :, part.x - near.x0 :][:rows, :columns] = part.mask
    distance = _distance(inside)
    gap = _GAP * diameter
    scanned = _scanned(picture)
    ring = scanned & (distance > gap) & (distance <= gap + _RING * diameter)
    core = inside & (distance < -gap)
    around = _mean(picture, ring)
    level = _mean(picture, core)
    behind, halves = _behind(grey, part, diameter)
    known = around is not None and level is not None and around > 0
    return Measured(
        echo=level / around if known and level is not None and around else None,
        unevenness=_spread(picture, core, diameter) / around if known and around else None,
        radial_gradient=_radial_gradient(picture, distance, scanned, diameter),
        behind=behind,
        behind_halves=halves,
    )


def _mean(picture: NDArray[np.float32], where: NDArray[np.bool_]) -> float | None:
    return float(picture[where].mean()) if np.count_nonzero(where) >= _ENOUGH else None


def _distance(inside: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the distance to the margin in px, negative inside."""
    import cv2

    out = cv2.distanceTransform((~inside).view(np.uint8), cv2.DIST_L2, 5)
    within = cv2.distanceTransform(inside.view(np.uint8), cv2.DIST_L2, 5)
    return np.asarray(out - within, np.float32)


def _scanned(picture: NDArray[np.float32]) -> NDArray[np.bool_]:
    import cv2

    return np.asarray(cv2.blur(picture, (9, 9)) >= _EMPTY, bool)


def _spread(picture: NDArray[np.float32], core: NDArray[np.bool_], diameter: float) -> float:
    import cv2

    calm = cv2.GaussianBlur(picture, (0, 0), max(1.5, 0.04 * diameter))
    return float(calm[core].std())


def _radial_gradient(
    picture: NDArray[np.float32], distance: NDArray[np.float32], scanned: NDArray[np.bool_], diameter: float
) -> float | None:
    import cv2

    sigma = max(1.0, 0.03 * diameter)
    calm = cv2.GaussianBlur(picture, (0, 0), sigma)
    gx, gy = (cv2.Sobel(calm, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    # Away from the margin the distance grows: its gradient is the direction across.
    far = cv2.GaussianBlur(distance, (0, 0), sigma)
    nx, ny = (cv2.Sobel(far, cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
    length = np.maximum(np.hypot(nx, ny), 1e-6)
    along = scanned & (np.abs(distance) <= max(1.5, sigma))
    strength = float(np.hypot(gx, gy)[along].sum())
    if np.count_nonzero(along) < _ENOUGH or strength <= 0:
        return None
    return abs(float(((gx * nx + gy * ny) / length)[along].sum())) / strength


def _behind(
    grey: NDArray[np.uint8], part: Component, diameter: float
) -> tuple[float | None, tuple[float, float]]:
    """Return the grey behind the lesion over that beside it, whole and by halves."""
    rows, columns = part.mask.shape
    gap = max(2, round(_GAP * diameter))
    top = part.y + rows + gap
    low = min(grey.shape[0], top + max(rows, round(diameter / 2)))
    inset = round(columns * (1 - _CENTRAL) / 2)
    left, right = part.x + inset, part.x + columns - inset
    band = max(8, columns // 2)
    if low - top < 0.25 * diameter:
        return None, (1.0, 1.0)
    picture = grey[top:low].astype(np.float32)
    scanned = _scanned(picture)
    middle = (left + right) // 2

    def mean(x0: int, x1: int) -> float | None:
        window = slice(max(0, x0), max(0, min(grey.shape[1], x1)))
        return _mean(picture[:, window], scanned[:, window])

    beside = [m for m in (mean(part.x - gap - band, part.x - gap), mean(part.x + columns + gap,
              part.x + columns + gap + band)) if m is not None]  # fmt: skip
    under, halves = mean(left, right), (mean(left, middle), mean(middle, right))
    if not beside or under is None:
        return None, (1.0, 1.0)
    level = max(float(np.mean(beside)), 1.0)
    first, second = ((half if half is not None else level) / level for half in halves)
    return under / level, (first, second)
