"""Calipers: crosses, upright or lying, that stand out from everything around them and come in pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ARMS = (3, 5, 7)  # px from the middle to an end
STANDS_OUT, HARDLY = 30, 28  # grey levels of the faintest arm above the brightest field between the arms
LIKENESS, LIKE_ENOUGH = 0.65, 0.5  # correlation with a drawn cross
EVEN, EVEN_ENOUGH = 0.5, 1.0  # differences between the arms, as a share of what they stand out by
APART = 12  # px between two marks
CROWD = 12  # marks; more are coarse speckle: three lesions with two diameters each have twelve
MOST = 40  # candidates of a size that are looked at closely
_EDGE = 4  # px


@dataclass(frozen=True)
class Mark:
    """A cross.

    Attributes
    ----------
    x, y : int
        Its middle in px.
    arm : int
        Px from the middle to an end.
    lying : bool
        × rather than +.
    height : float
        Grey levels by which it stands out.
    likeness : float
        Correlation with a drawn cross, -1..1.
    unevenness : float
        How far its arms differ, as a share of their height; drawn ones hardly do, speckle does.
    """

    x: int
    y: int
    arm: int
    lying: bool
    height: float
    likeness: float
    unevenness: float

    @property
    def plain(self) -> bool:
        """Whether it is no speckle even by itself."""
        return self.height >= STANDS_OUT and self.likeness >= LIKENESS and self.unevenness <= EVEN


def marks(bright: NDArray[np.uint8], lettering: Sequence[tuple[int, int, int, int]] = ()) -> list[Mark]:
    """Return the calipers on a picture.

    Parameters
    ----------
    bright : ndarray, shape (rows, columns), uint8
        The largest channel.
    lettering : sequence of (left, top, right, bottom)
        Where text stands; a T or a plus in it is no caliper.

    Returns
    -------
    list of Mark
        At most one a place. A length has two ends: a plain mark counts with another one like it.
    """
    found = [mark for arm in ARMS for lying in (False, True) for mark in _candidates(bright, arm, lying)]
    kept = _paired(_apart([mark for mark in found if not _within(mark, lettering)]))
    if len(kept) > CROWD:
        kept = _paired([mark for mark in kept if mark.plain])
    return kept if len(kept) <= CROWD else []


def _within(mark: Mark, lettering: Sequence[tuple[int, int, int, int]]) -> bool:
    return any(x0 - 3 <= mark.x <= x1 + 3 and y0 - 3 <= mark.y <= y1 + 3 for x0, y0, x1, y1 in lettering)


def _candidates(bright: NDArray[np.uint8], arm: int, lying: bool) -> list[Mark]:
    import cv2

    out = _standing_out(bright, arm, lying)
    if out.size == 0 or out.max() < HARDLY:
        return []
    tops = (out >= HARDLY) & (out == cv2.dilate(out, np.ones((2 * arm + 1, 2 * arm + 1), np.uint8)))
    rows, columns = np.divmod(np.flatnonzero(tops), tops.shape[1])
    order = np.argsort(-out[rows, columns].astype(np.int64), kind="stable")[:MOST]
    found = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        patch = bright[row : row + 2 * (arm + 2) + 1, column : column + 2 * (arm + 2) + 1].astype(np.float32)
        likeness, unevenness = _likeness(patch, arm, lying), _unevenness(patch, arm, lying)
        if likeness >= LIKE_ENOUGH and unevenness <= EVEN_ENOUGH:
            height = float(out[row, column])
            found.append(Mark(column + arm + 2, row + arm + 2, arm, lying, height, likeness, unevenness))
    return found


def _standing_out(bright: NDArray[np.uint8], arm: int, lying: bool) -> NDArray[np.uint8]:
    """Return by how much the faintest arm is brighter than the brightest field, 0 where it is not.

    Of (rows - 2 r, columns - 2 r) for r = arm + 2: where a whole cross with its surroundings fits.
    """
    reach = arm + 2
    if min(bright.shape) <= 2 * reach + 2 * _EDGE:
        return np.zeros((0, 0), np.uint8)
    import cv2

    arms, fields = _diagonals(bright, arm) if lying else _uprights(bright, arm)
    faintest = _at(bright, 0, 0, reach)
    for part, down, right in arms:
        faintest = np.minimum(faintest, _at(part, down, right, reach))
    brightest = _at(*fields[0], reach)
    for part, down, right in fields[1:]:
        brightest = np.maximum(brightest, _at(part, down, right, reach))
    return np.asarray(cv2.subtract(faintest, brightest), np.uint8)


Part = tuple["NDArray[np.uint8]", int, int]
"""A mean over a neighbourhood, and by how far down and right of a cross's middle it is read."""


def _uprights(bright: NDArray[np.uint8], arm: int) -> tuple[list[Part], list[Part]]:
    import cv2

    middle, side = (arm + 1) // 2, arm - 1
    across = np.asarray(cv2.blur(bright, (arm, 1)), np.uint8)
    down = np.asarray(cv2.blur(bright, (1, arm)), np.uint8)
    square = np.asarray(cv2.blur(bright, (side, side)), np.uint8) if side > 1 else bright
    away = 2 + side // 2
    arms = [(across, 0, middle), (across, 0, -middle), (down, middle, 0), (down, -middle, 0)]
    fields = [(square, sign * away, way * away) for sign in (1, -1) for way in (1, -1)]
    return arms, fields


def _diagonals(bright: NDArray[np.uint8], arm: int) -> tuple[list[Part], list[Part]]:
    import cv2

    line = np.eye(arm, dtype=np.float32) / arm
    falling = np.asarray(cv2.filter2D(bright, -1, line), np.uint8)
    rising = np.asarray(cv2.filter2D(bright, -1, line[::-1].copy()), np.uint8)
    middle, side = (arm + 1) // 2, max(2, arm - 2)
    square = np.asarray(cv2.blur(bright, (side, side)), np.uint8)
    away = 2 + side // 2 + (arm > 3)
    arms = [(falling, middle, middle), (falling, -middle, -middle)]
    arms += [(rising, middle, -middle), (rising, -middle, middle)]
    fields = [(square, 0, away), (square, 0, -away), (square, away, 0), (square, -away, 0)]
    return arms, fields


def _at(part: NDArray[np.uint8], down: int, right: int, reach: int) -> NDArray[np.uint8]:
    rows, columns = part.shape
    return part[reach + down : rows - reach + down, reach + right : columns - reach + right]


def _likeness(patch: NDArray[np.float32], arm: int, lying: bool) -> float:
    """Return the correlation of a patch with the drawn cross that is most like it, -1..1."""
    values = patch.ravel() - patch.mean()
    norm = float(np.linalg.norm(values))
    return float((_drawn(arm, lying) @ values).max() / norm) if norm > 0 else 0.0


def _unevenness(patch: NDArray[np.float32], arm: int, lying: bool) -> float:
    """Return the mean range of the four arms' px at one distance from the middle, over how high they stand.

    Arms of a drawn cross fade alike where it was resampled; those of speckle do not.
    """
    middle, steps = arm + 2, np.arange(1, arm + 1)
    ways = ((1, 1), (1, -1), (-1, 1), (-1, -1)) if lying else ((0, 1), (0, -1), (1, 0), (-1, 0))
    arms = np.array([patch[middle + down * steps, middle + right * steps] for down, right in ways])
    height = max(1.0, float(arms.mean() - np.median(patch)))
    return float(np.ptp(arms, axis=0).mean() / height)


@cache
def _drawn(arm: int, lying: bool) -> NDArray[np.float32]:
    """Return crosses with strokes of one and two px, flattened, of mean 0 and norm 1: (n, pixels)."""
    import cv2

    reach, drawn = arm + 2, []
    ends = (
        ((-arm, -arm, arm, arm), (-arm, arm, arm, -arm)) if lying else ((-arm, 0, arm, 0), (0, -arm, 0, arm))
    )
    for width, soft in ((1, False), (1, True), (2, False), (3, False)):
        cross = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
        for x0, y0, x1, y1 in ends:
            cv2.line(cross, (reach + x0, reach + y0), (reach + x1, reach + y1), 1.0, width)
        flat = (cv2.GaussianBlur(cross, (3, 3), 0.6) if soft else cross).ravel()
        flat = flat - flat.mean()
        drawn.append(flat / np.linalg.norm(flat))
    return np.asarray(drawn, np.float32)


def _apart(found: Sequence[Mark]) -> list[Mark]:
    """Return the likest mark of every place."""
    kept: list[Mark] = []
    for mark in sorted(found, key=lambda one: -one.likeness):
        if all(max(abs(mark.x - other.x), abs(mark.y - other.y)) >= APART for other in kept):
            kept.append(mark)
    return kept


def _paired(found: Sequence[Mark]) -> list[Mark]:
    """Return the plain marks that are not alone, and those that make them pairs."""
    return [
        mark
        for mark in found
        if any(
            other is not mark
            and (mark.plain or other.plain)
            and other.lying == mark.lying
            and abs(other.arm - mark.arm) <= 2
            and min(mark.height, other.height) >= 0.5 * max(mark.height, other.height)
            for other in found
        )
    ]
