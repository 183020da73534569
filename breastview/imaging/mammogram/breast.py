"""Where the breast lies on a mammogram, without labels, tape and the frame of the film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.study.hanging import Wall

SEARCHED = 256
"""Longest side in px at which the breast is looked for."""

_RISE = 0.08
"""Where tissue begins: this share of the way from the background to the bright tissue."""

_TRACE = 0.02
"""The same within its convex hull, above the background right outside of it."""

_OPENING = 0.03
"""Parts thinner than this share of the longest side (scratches, edges of film, tape) are no breast."""

_BLACKED = 0.07
"""Largest share of the dark that may have been blacked out, as names on films are."""

_BODY = 0.16
"""What is left of the breast after opening it by this share of the longest side is its body."""

_LABEL, _APART = 0.7, 0.4
"""Letters are at least so bright, and lie at least this share of the breast's width away from the wall."""

_LEAST = 0.03
"""Smallest share of the picture that is called a breast."""

_WHITE = 0.98
"""Labels, tape and unexposed edges of a film are at least this share of the brightest value ..."""

_SOLID = 0.75
"""... and fill at least this share of their bounding box, or lie along the picture's border."""

_HIGHER = 1.3
"""How many times higher the breast must be at one side than at the other to tell the chest wall by that."""


@dataclass(frozen=True, eq=False)
class Breast:
    """The breast on a picture of H × W pixels.

    Attributes
    ----------
    mask : ndarray, shape (H, W), bool
    wall : Wall
        The side at which the chest wall lies.
    box : tuple[int, int, int, int]
        Bounding box in px: x0, y0, x1, y1, the ends left out.
    """

    mask: NDArray[np.bool_]
    wall: Wall
    box: tuple[int, int, int, int]


def find(values: NDArray[Any]) -> Breast | None:
    """Return the breast, or None where the picture holds nothing like one.

    The largest bright region against a dark background, after labels and tape (white, solid) were taken away;
    threads are opened away, holes are filled.

    Parameters
    ----------
    values : ndarray, shape (H, W)
        Of any number type; dense tissue is bright.
    """
    import cv2

    height, width = values.shape
    scale = min(1.0, SEARCHED / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(
        cv2.resize(np.asarray(values, np.float32), size, interpolation=cv2.INTER_AREA), np.float32
    )
    found = _region(small)
    if found is None:
        return None
    whole = cv2.resize(found.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR) > 0.5
    rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
    if not len(rows):
        return None
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return Breast(whole, _wall(found, small), box)


def _region(small: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    import cv2

    smooth = np.asarray(cv2.GaussianBlur(small, (0, 0), 0.8), np.float32)
    dark, bright = _background(smooth), float(np.percentile(smooth, 99))
    if not bright > dark:
        return None
    white = _white(small)
    tissue = (smooth > dark + _RISE * (bright - dark)) & ~white
    found = _largest(_opened(tissue), _LEAST * small.size)
    if not found.any():
        return None
    found = _with_dark_fat(_filled(found), smooth, white, dark + _TRACE * (bright - dark))
    found = _without_labels(found, small)
    return _filled(_to_the_wall(_filled(found), small))


def _background(smooth: NDArray[np.float32]) -> float:
    """Return the grey of the background: low among what is dark, but for the little that was blacked out."""
    import cv2

    low, high = float(smooth.min()), float(smooth.max())
    if not high > low:
        return high
    levels = ((smooth - low) * (255 / (high - low))).astype(np.uint8)
    split, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    return float(np.percentile(smooth[levels <= split], _BLACKED * 100))


def _without_labels(region: NDArray[np.bool_], small: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Take away labels that a film's haze joins to the breast: bright, outside its body, off the wall."""
    import cv2

    low, high = float(small.min()), float(small.max())
    letters = ((small > low + _LABEL * (high - low)) & region).astype(np.uint8)
    joined = cv2.morphologyEx(letters, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    body = _opened(_filled(_to_the_wall(region, small)), _BODY) > 0
    count, labels, _, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    columns = np.flatnonzero(region.any(axis=0))
    wide = max(1, columns[-1] - columns[0])
    apart = (centres[:, 0] - columns[0]) / wide
    if _wall(region, small) is Wall.RIGHT:
        apart = 1 - apart
    found = np.zeros(region.shape, np.uint8)
    for label in range(1, count):
        part = labels == label
        if apart[label] > _APART and (part & body).sum() < 0.2 * part.sum():
            found |= part.astype(np.uint8)
    if not found.any():
        return region
    around = cv2.dilate(found, np.ones((5, 5), np.uint8)) > 0
    return _largest(_opened(region & ~around), 0)


def _opened(region: NDArray[Any], width: float = _OPENING) -> NDArray[np.uint8]:
    """Return the region without parts thinner than `width`, a share of the longest side."""
    import cv2

    side = max(3, round(width * max(region.shape))) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    # A border of copies, so that the breast keeps its corners at the picture's edge.
    padded = np.pad(region.astype(np.uint8), side, mode="edge")
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, kernel)
    return np.ascontiguousarray(opened[side:-side, side:-side])


def _largest(region: NDArray[np.uint8], least: float) -> NDArray[np.bool_]:
    """Return the largest connected part; nothing where that is smaller than `least` px."""
    import cv2

    count, labels, statistics, _ = cv2.connectedComponentsWithStats(region, connectivity=4)
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if count < 2 or areas.max() < least:
        return np.zeros(region.shape, bool)
    return np.asarray(labels == 1 + int(np.argmax(areas)), bool)


def _with_dark_fat(
    region: NDArray[np.bool_], smooth: NDArray[np.float32], white: NDArray[np.bool_], least: float
) -> NDArray[np.bool_]:
    """Add what the region's convex hull holds brighter than the background right outside of it.

    Digital pictures have a black background and fat hardly brighter; films have a haze there.
    """
    import cv2

    hull = _hull(region)
    near, far = (cv2.dilate(hull, np.ones((side, side), np.uint8)) > 0 for side in (5, 21))
    outside = smooth[far & ~near & ~white]
    if not len(outside):
        return region
    haze = max(least, float(np.percentile(outside, 90)) + least - float(smooth.min()))
    added = region | ((hull > 0) & (smooth > haze) & ~white)
    closed = cv2.morphologyEx(added.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return _largest(_opened(closed), 0)


def _hull(region: NDArray[np.bool_]) -> NDArray[np.uint8]:
    import cv2

    outlines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    hull = np.zeros(region.shape, np.uint8)
    cv2.fillPoly(hull, [cv2.convexHull(np.concatenate(outlines))], (1,))
    return hull


def _white(small: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return labels, tape and unexposed film: as white as the picture gets, solid, of straight edges."""
    import cv2

    low, high = float(small.min()), float(small.max())
    flat = (small >= low + _WHITE * (high - low)).astype(np.uint8)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(flat, connectivity=8)
    result = np.zeros(small.shape, bool)
    for label in range(1, count):
        x, y, wide, tall, area = (int(value) for value in statistics[label])
        at_edge = x == 0 or y == 0 or x + wide == small.shape[1] or y + tall == small.shape[0]
        if area >= _SOLID * wide * tall and at_edge and max(wide, tall) > 2 * min(wide, tall):
            result |= labels == label
    grown = cv2.dilate(result.astype(np.uint8), np.ones((3, 3), np.uint8))
    return np.asarray(grown, bool)


def _filled(region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    outlines, _ = cv2.findContours(region.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros(region.shape, np.uint8)
    cv2.drawContours(filled, outlines, -1, 1, cv2.FILLED)
    return np.asarray(filled, bool)


def _wall(region: NDArray[np.bool_], small: NDArray[np.float32]) -> Wall:
    """Return the side of the chest wall: the breast is highest there, or, where that is open, brightest."""
    height = _extents(_hull(region) > 0)
    edge = max(1, len(height) // 5)
    left, right = float(height[:edge].mean()), float(height[-edge:].mean())
    if max(left, right) < _HIGHER * min(left, right):
        columns = np.flatnonzero(region.any(axis=0))
        inner = small[:, columns[0] : columns[-1] + 1]
        left, right = float(inner[:, :edge].mean()), float(inner[:, -edge:].mean())
    return Wall.LEFT if left >= right else Wall.RIGHT


def _extents(region: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how high each column of the region is, from its uppermost to its lowest pixel."""
    columns = np.flatnonzero(region.any(axis=0))
    inner = region[:, columns[0] : columns[-1] + 1]
    lowest = inner.shape[0] - np.argmax(inner[::-1], axis=0)
    return np.where(inner.any(axis=0), lowest - np.argmax(inner, axis=0), 0).astype(float)


def _to_the_wall(region: NDArray[np.bool_], small: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Join the breast along the chest wall, where fat may be as dark as the background."""
    left = _wall(region, small) is Wall.LEFT
    turned = region if left else region[:, ::-1]
    columns = np.flatnonzero(turned.any(axis=0))
    near = turned[:, : columns[0] + max(2, (columns[-1] - columns[0]) // 12)]
    rows = np.flatnonzero(near.any(axis=1))
    joined = turned.copy()
    joined[rows[0] : rows[-1] + 1, columns[0] : columns[0] + 2] = True
    return joined if left else joined[:, ::-1]
