"""Burned-in text: bright strokes of one grey that stand on one line, as high as one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Line = tuple[int, int, int, int]
    """Left, top, right, bottom in px, the last ones outside."""

STROKE = 9  # px: what is wider than this in both directions is no stroke of a letter
STEPS = (
    35,
    60,
    100,
)  # grey levels above what lies around; thin grey letters need a low one, crowded ones a high
LOWEST, HIGHEST = 6, 40  # px, height of a letter
FEWEST = 3  # letters a line, where they are not as alike as two printed letters are
ALIKE = 10  # grey levels between the strokes of two printed letters
FLAT = 0.3  # share of a printed letter's px within `ALIKE` of its grey
MOST = 600  # letters looked at
LONGEST = 1024  # px, longer side beyond which a picture is reduced; printed text survives that


def boxes(picture: NDArray[np.uint8]) -> list[tuple[int, int, int, int]]:
    """Return where lines of text stand on a picture of any size.

    Parameters
    ----------
    picture : ndarray, shape (rows, columns) or (rows, columns, 3), uint8
        As displayed.

    Returns
    -------
    list of (int, int, int, int)
        Column, row, width and height in px of `picture`.
    """
    import cv2

    bright = picture if picture.ndim == 2 else picture.max(axis=2)
    rows, columns = bright.shape
    scale = max(max(rows, columns) / LONGEST, 1.0)
    if scale > 1:
        size = max(1, round(columns / scale)), max(1, round(rows / scale))
        bright = np.asarray(cv2.resize(bright, size, interpolation=cv2.INTER_AREA), np.uint8)
    lines = text_lines(np.ascontiguousarray(bright))
    return [_enlarged(line, scale, rows, columns) for line in lines]


def _enlarged(line: Line, scale: float, rows: int, columns: int) -> tuple[int, int, int, int]:
    left, top = int(line[0] * scale), int(line[1] * scale)
    right, bottom = min(int(np.ceil(line[2] * scale)), columns), min(int(np.ceil(line[3] * scale)), rows)
    return left, top, right - left, bottom - top


def text_lines(bright: NDArray[np.uint8]) -> list[Line]:
    """Return where lines of text stand on a picture (rows, columns), uint8."""
    import cv2

    block = np.ones((STROKE, STROKE), np.uint8)
    raised = np.asarray(cv2.subtract(bright, cv2.morphologyEx(bright, cv2.MORPH_OPEN, block)), np.uint8)
    found = [line for step in STEPS for line in _lines(_letters(bright, raised, step))]
    return _united(found, bright.shape) if found else []


def _letters(bright: NDArray[np.uint8], raised: NDArray[np.uint8], step: int) -> NDArray[np.int64]:
    """Return left, top, right, bottom, grey and 1 for an even grey of what may be letters, (n, 6)."""
    import cv2

    above = cv2.threshold(raised, step, 255, cv2.THRESH_BINARY)[1]
    if not cv2.countNonZero(above):
        return np.zeros((0, 6), np.int64)
    # The default algorithm of OpenCV 5 gives the same, in three times the time where little is white.
    _, labels, parts, _ = cv2.connectedComponentsWithStatsWithAlgorithm(above, 8, cv2.CV_32S, cv2.CCL_GRANA)
    x, y, width, height, area = parts.T.astype(np.int64)
    box = width * height
    stroke = width <= 0.45 * height  # I, 1: all ink
    good = (height >= LOWEST) & (height <= HIGHEST) & (width <= 1.4 * height)
    good &= (area >= 6) & (area >= 0.18 * box) & ((area < 0.92 * box) | stroke)
    good[0] = False  # all the rest of the picture
    letters = []
    for part in np.flatnonzero(good)[:MOST]:
        x0, y0, x1, y1 = x[part], y[part], x[part] + width[part], y[part] + height[part]
        ink = bright[y0:y1, x0:x1][labels[y0:y1, x0:x1] == part]
        grey = int(np.partition(ink, int(0.85 * ink.size))[int(0.85 * ink.size)])
        letters.append((x0, y0, x1, y1, grey, int(np.mean(ink >= grey - ALIKE) >= FLAT)))
    return np.array(letters, np.int64).reshape(-1, 6)


def _lines(letters: NDArray[np.int64]) -> list[Line]:
    """Chain letters that stand on one line, with gaps below their height."""
    letters = letters[np.argsort(letters[:, 3], kind="stable")]
    chain, printed = list(range(len(letters))), np.zeros(len(letters), bool)
    for here, letter in enumerate(letters):
        after = letters[here:]
        near = _beside(letter, after)
        same = near & _alike(letter, after)
        for other in here + np.flatnonzero(near):
            chain[_root(chain, int(other))] = _root(chain, here)
        printed[here] |= bool(same.any())
        printed[here:] |= same
    roots = np.array([_root(chain, one) for one in range(len(letters))], np.int64)
    count, alike = np.bincount(roots), np.bincount(roots, printed) if len(roots) else np.zeros(0)
    kept = [
        root for root in np.unique(roots) if count[root] >= FEWEST or (count[root] == 2 and alike[root] == 2)
    ]
    return [_line(letters[roots == root]) for root in kept]


def _line(letters: NDArray[np.int64]) -> Line:
    left, top = letters[:, :2].min(axis=0)
    right, bottom = letters[:, 2:4].max(axis=0)
    return int(left), int(top), int(right), int(bottom)


def _beside(one: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which letters stand beside one, on its line: Q may reach below, t stay below."""
    height = one[3] - one[1]
    slack = 1 + int(height > 14)
    ends = np.abs(others[:, (1, 3)] - one[[1, 3]])
    level = (ends.max(axis=1) <= slack) | (
        (ends.min(axis=1) <= slack - 1) & (ends.max(axis=1) <= 0.3 * height)
    )
    gap = np.maximum(others[:, 0] - one[2], one[0] - others[:, 2])
    near: NDArray[np.bool_] = level & (gap >= -1) & (gap <= 0.9 * max(height, 8))
    return near


def _alike(one: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which letters are printed in one's grey, as high and evenly."""
    same = (np.abs(others[:, 4] - one[4]) <= ALIKE) & (one[5] == 1) & (others[:, 5] == 1)
    same &= (np.abs(others[:, 1] - one[1]) <= 1) & (np.abs(others[:, 3] - one[3]) <= 1)
    alike: NDArray[np.bool_] = same & (one[3] - one[1] >= LOWEST + 2)
    return alike


def _root(chain: list[int], one: int) -> int:
    while chain[one] != one:
        chain[one] = chain[chain[one]]
        one = chain[one]
    return one


def _united(lines: list[Line], size: tuple[int, ...]) -> list[Line]:
    """Return the lines on a picture of (rows, columns) with those that touch made one."""
    import cv2

    canvas = np.zeros(size, np.uint8)
    for left, top, right, bottom in lines:
        canvas[top:bottom, left:right] = 1
    parts = cv2.connectedComponentsWithStats(canvas, connectivity=8)[2][1:]
    return [(int(x), int(y), int(x + width), int(y + height)) for x, y, width, height, _ in parts]
