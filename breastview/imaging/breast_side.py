"""On which side of a mammogram the chest wall lies, from its pixels alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.study.hanging import Wall

_SMALL = 256
"""Longest side in px at which the breast is looked for."""

_CLEAR = 1.5
"""How many times more tissue one side must hold than the other."""

_EDGE = 0.2
"""Share of the breast's height from which on a column counts as the wall."""


def chest_wall(values: NDArray[Any], dark_is_dense: bool = False) -> tuple[Wall | None, float]:
    """Return the side of the chest wall, and how far from the picture's edge the breast begins there.

    The breast is the largest bright region (Otsu's threshold); burned-in markers are smaller. Its height,
    column by column, is largest at the chest wall and falls to the nipple.

    Parameters
    ----------
    values : ndarray
        ``(rows, columns)`` of any number type, or ``(rows, columns, 3)``.
    dark_is_dense : bool
        The picture is MONOCHROME1.

    Returns
    -------
    side : Wall or None
        None where neither side clearly holds more tissue.
    margin : float
        Px of the picture beyond the wall, 0 where the breast reaches the edge.
    """
    import cv2

    step = max(1, max(values.shape[:2]) // _SMALL)
    small = values[::step, ::step].astype(np.float32)
    grey = small.mean(axis=2) if small.ndim == 3 else small
    low, high = float(grey.min()), float(grey.max())
    if high <= low:
        return None, 0.0
    bytes_ = ((grey - low) * (255.0 / (high - low))).astype(np.uint8)
    _, tissue = cv2.threshold(255 - bytes_ if dark_is_dense else bytes_, 0, 1, cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(tissue)
    if count < 2:
        return None, 0.0
    breast = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    height = breast.sum(axis=0).astype(float)
    quarter = max(1, len(height) // 4)
    left, right = float(height[:quarter].mean()), float(height[-quarter:].mean())
    if max(left, right) < _CLEAR * max(min(left, right), 1e-9):
        return None, 0.0
    side = Wall.LEFT if left > right else Wall.RIGHT
    inwards = height if side is Wall.LEFT else height[::-1]
    return side, float(np.argmax(inwards >= _EDGE * height.max()) * step)
