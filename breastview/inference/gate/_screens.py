"""Two pictures side by side: a straight empty strip, or a seam, from top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLACK = 16  # grey levels up to which a px is empty
MIDDLE = (0.3, 0.7)  # share of the width where a divider is looked for
EMPTY = 0.97  # share of the rows that are empty in the strip
HELD = 0.35  # share of the px that are not empty at either side, least
SEAM = 3.5  # times the usual step between columns
SEAM_ROWS = 0.5  # share of the rows that take part in a seam's step
_HEIGHT = 256  # px that are looked at


def divider(grey: NDArray[np.uint8]) -> int | None:
    """Return the column between two pictures side by side on one (rows, columns), uint8; None: it is one."""
    if min(grey.shape) < 64:
        return None
    rows = grey[:: max(1, grey.shape[0] // _HEIGHT)]
    found = _strip(rows)
    return _seam(rows) if found is None else found


def _strip(rows: NDArray[np.uint8]) -> int | None:
    held = rows > BLACK
    used = held.mean(axis=1) > 0.2  # rows with tissue: a frame of text above and below does not count
    if used.sum() < 0.4 * len(rows):
        return None
    empty = 1 - held[used].mean(axis=0)
    first, last = (int(share * rows.shape[1]) for share in MIDDLE)
    columns = first + np.flatnonzero(empty[first:last] >= EMPTY)
    if not len(columns):
        return None
    middle = int(columns[len(columns) // 2])
    sides = held[used][:, : columns[0]], held[used][:, columns[-1] + 1 :]
    thick = len(columns) == columns[-1] - columns[0] + 1 and len(columns) >= 2
    return middle if thick and all(_full(side) for side in sides) else None


def _full(side: NDArray[np.bool_]) -> bool:
    """Return whether a side holds a picture: a block of columns filled well, not a shadow's edge."""
    columns = side.mean(axis=0)
    return bool(side.mean() >= HELD and np.mean(columns > 0.6) >= 0.4)


def _seam(rows: NDArray[np.uint8]) -> int | None:
    """Return the column where almost every row changes at once, as no tissue does."""
    step = np.abs(np.diff(rows.astype(np.int16), axis=1))
    usual = np.median(step.mean(axis=0))
    first, last = (int(share * rows.shape[1]) for share in MIDDLE)
    column = first + int(np.argmax(step[:, first:last].mean(axis=0)))
    jump = step[:, column]
    around = np.median(step[:, max(0, column - 12) : column + 13], axis=1)
    if jump.mean() < SEAM * max(usual, 2.0) or np.mean(jump > np.maximum(3 * around, 8)) < SEAM_ROWS:
        return None
    held = rows > BLACK
    return column + 1 if _full(held[:, :column]) and _full(held[:, column + 1 :]) else None
