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
_WAYS = {False: ((0, 1), (0, -1), (1, 0), (-1, 0)), True: ((1, 1), (1, -1), (-1, 1), (-1, -1))}
"""Which ways the arms of an upright and of a lying cross go, down and right; fields lie the other way."""


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
    found = [mark for arm in ARMS for mark in _crosses(bright, arm)]
    kept = _paired(_apart([mark for mark in found if not _within(mark, lettering)]))
    if len(kept) > CROWD:
        kept = _paired([mark for mark in kept if mark.plain])
    return kept if len(kept) <= CROWD else []


def _within(mark: Mark, lettering: Sequence[tuple[int, int, int, int]]) -> bool:
    return any(x0 - 3 <= mark.x <= x1 + 3 and y0 - 3 <= mark.y <= y1 + 3 for x0, y0, x1, y1 in lettering)


def _crosses(bright: NDArray[np.uint8], arm: int) -> list[Mark]:
    """Return the upright and the lying crosses of one size."""
    import cv2

    sides = {lying: max(2, arm - 2) if lying else arm - 1 for lying in _WAYS}
    squares = {side: np.asarray(cv2.blur(bright, (side, side)), np.uint8) for side in set(sides.values())}
    return [mark for lying, side in sides.items() for mark in _candidates(bright, squares[side], arm, lying)]


def _candidates(bright: NDArray[np.uint8], square: NDArray[np.uint8], arm: int, lying: bool) -> list[Mark]:
    import cv2

    out = _standing_out(bright, square, arm, lying)
    if not out.any():
        return []
    tops = (out > 0) & (out == cv2.dilate(out, np.ones((2 * arm + 1, 2 * arm + 1), np.uint8)))
    rows, columns = np.divmod(np.flatnonzero(tops), tops.shape[1])
    order = np.argsort(-out[rows, columns].astype(np.int64), kind="stable")[:MOST]
    rows, columns = rows[order], columns[order]
    around = np.arange(2 * (arm + 2) + 1)
    whole = bright[rows[:, None, None] + around[:, None], columns[:, None, None] + around]
    patches = whole.astype(np.float32)
    likeness, unevenness = _likeness(patches, arm, lying), _unevenness(patches, arm, lying)
    return [
        Mark(
            int(columns[one]) + arm + 2, int(rows[one]) + arm + 2, arm, lying,
            float(out[rows[one], columns[one]]), float(likeness[one]), float(unevenness[one]),
        )
        for one in np.flatnonzero((likeness >= LIKE_ENOUGH) & (unevenness <= EVEN_ENOUGH))
    ]  # fmt: skip


def _standing_out(
    bright: NDArray[np.uint8], square: NDArray[np.uint8], arm: int, lying: bool
) -> NDArray[np.uint8]:
    """Return by how much the faintest arm is brighter than the brightest field, 0 where it is hardly so.

    Of (rows - 2 r, columns - 2 r) for r = arm + 2: where a whole cross with its surroundings fits.

    Parameters
    ----------
    square : ndarray, shape of `bright`, uint8
        The mean of a square of a field's size around each px.
    """
    reach = arm + 2
    if min(bright.shape) <= 2 * reach + 2 * _EDGE:
        return np.zeros((0, 0), np.uint8)
    import cv2

    fields = _fields(square, arm, lying)
    # The middle alone rules out nearly all of a picture; the arms are asked for only where it does not.
    places = np.flatnonzero(cv2.subtract(_at(bright, 0, 0, reach), fields) >= HARDLY)
    rows, columns = np.divmod(places, fields.shape[1])
    fit, height = _heights(bright, rows + reach, columns + reach, fields.ravel()[places], arm, lying)
    out = np.zeros(fields.size, np.uint8)
    out[places[fit]] = height
    return out.reshape(fields.shape)


def _fields(square: NDArray[np.uint8], arm: int, lying: bool) -> NDArray[np.uint8]:
    """Return the mean of the brightest of the four fields between the arms, wherever a cross fits."""
    import cv2

    away = (arm + 3) // 2  # px from the middle to that of a field
    one, two, three, four = (
        _at(square, down * away, right * away, arm + 2) for down, right in _WAYS[not lying]
    )
    return np.asarray(cv2.max(cv2.max(one, two), cv2.max(three, four)), np.uint8)


def _heights(
    bright: NDArray[np.uint8], rows: NDArray[np.intp], columns: NDArray[np.intp], fields: NDArray[np.uint8],
    arm: int, lying: bool,
) -> tuple[NDArray[np.intp], NDArray[np.int16]]:  # fmt: skip
    """Return which of some places stand out, and by how much: the middle px, or the mean of the faintest arm.

    Parameters
    ----------
    rows, columns, fields : ndarray, shape (n,)
        Where a cross may be, and the brightest field around it.
    """
    flat, wide = bright.ravel(), bright.shape[1]
    spots, fit = rows * wide + columns, np.arange(len(rows))
    below = fields.astype(np.int16)
    height = flat[spots] - below
    for down, right in _WAYS[lying]:
        whole = np.zeros(len(spots), np.int16)
        for step in range(1, arm + 1):
            whole += flat[spots + step * (down * wide + right)]
        height = np.minimum(height, (2 * whole + arm) // (2 * arm) - below)
        kept = np.flatnonzero(height >= HARDLY)  # each arm leaves fewer for the next one
        spots, fit, below, height = spots[kept], fit[kept], below[kept], height[kept]
    return fit, height


def _at(part: NDArray[np.uint8], down: int, right: int, reach: int) -> NDArray[np.uint8]:
    """Return a picture moved, wherever a cross of this reach fits."""
    rows, columns = part.shape
    return part[reach + down : rows - reach + down, reach + right : columns - reach + right]


def _likeness(patches: NDArray[np.float32], arm: int, lying: bool) -> NDArray[np.float32]:
    """Return the correlation of each patch with the drawn cross that is most like it, -1..1."""
    values = patches.reshape(len(patches), -1)
    values = values - values.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(values, axis=1)
    best = (values @ _drawn(arm, lying).T).max(axis=1)
    return np.asarray(np.where(norm > 0, best / np.where(norm > 0, norm, 1), 0), np.float32)


def _unevenness(patches: NDArray[np.float32], arm: int, lying: bool) -> NDArray[np.float32]:
    """Return the mean range of the four arms' px at one distance from the middle, over how high they stand.

    Arms of a drawn cross fade alike where it was resampled; those of speckle do not.
    """
    middle, steps = arm + 2, np.arange(1, arm + 1)
    arms = np.stack(
        [patches[:, middle + down * steps, middle + right * steps] for down, right in _WAYS[lying]], axis=1
    )
    height = np.maximum(1, arms.mean(axis=(1, 2)) - np.median(patches, axis=(1, 2)))
    return np.asarray(np.ptp(arms, axis=1).mean(axis=1) / height, np.float32)


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
