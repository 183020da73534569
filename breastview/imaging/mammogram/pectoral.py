"""The pectoral muscle on an oblique mammogram: the bright triangle in the upper corner at the chest wall."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEARCHED = 160
"""Longest side in px at which its edge is looked for."""

_ACROSS = 4.0
"""How far to either side of a candidate edge brightness is compared, px."""

_SAMPLES = 40
_CLEAR = 0.05
"""Least mean step of brightness at its edge, as a share of the breast's range of grey."""

_LONG = 0.25
"""How much a longer edge counts for more, as a power of its length."""

_STEADY = 0.7
"""Least share of the edge's length along which brightness falls outwards."""


def find(plane: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Return the muscle as a mask, or None where no clear edge of it is seen (as on most CC views).

    Its edge is taken as a straight line from the upper border to the chest wall: of all such lines the one
    along which brightness falls most, steadily, from inside to outside.

    Parameters
    ----------
    plane : ndarray, shape (H, W), uint8
        The cropped breast, chest wall at the left, dense tissue bright.
    inside : ndarray, shape (H, W), bool
        Where the breast is.

    Returns
    -------
    ndarray, shape (H, W), bool, or None
    """
    import cv2

    height, width = plane.shape
    scale = min(1.0, SEARCHED / max(height, width))
    size = (max(2, round(width * scale)), max(2, round(height * scale)))
    reduced = cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small = np.asarray(cv2.GaussianBlur(reduced, (0, 0), 1.2), np.float32)
    known = cv2.resize(inside.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
    line = _edge(small, known)
    if line is None:
        return None
    top, down = line[0] * width / size[0], line[1] * height / size[1]
    muscle = np.zeros((height, width), np.uint8)
    corners = np.array([[0, 0], [round(top), 0], [0, round(down)]], np.int32)
    cv2.fillConvexPoly(muscle, corners, 1)
    return (muscle > 0) & inside


def _edge(small: NDArray[np.float32], known: NDArray[np.bool_]) -> tuple[float, float] | None:
    """Return where the best line leaves the upper border (x) and the chest wall (y), or None."""
    import cv2

    height, width = small.shape
    lines = np.stack(
        np.meshgrid(
            np.arange(0.12 * width, 0.95 * width, 1.5),
            np.arange(0.2 * height, 0.98 * height, 2.0),
            indexing="ij",
        )
    ).reshape(2, -1)
    # Between 35° and 80° from the horizontal, as the muscle lies on an oblique view.
    slope = lines[1] / lines[0]
    tops, downs = lines[:, (slope > 0.7) & (slope < 6.0)]
    if not len(tops):
        return None
    along = np.linspace(0.06, 0.9, _SAMPLES)
    x = tops[:, None] * (1 - along)
    y = downs[:, None] * along
    length = np.hypot(tops, downs)[:, None]
    out_x, out_y = downs[:, None] / length * _ACROSS, tops[:, None] / length * _ACROSS

    def at(px: NDArray[np.float64], py: NDArray[np.float64]) -> NDArray[np.float32]:
        looked = cv2.remap(
            small,
            px.astype(np.float32),
            py.astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(looked, np.float32)

    step = at(x - out_x, y - out_y) - at(x + out_x, y + out_y)
    spread = float(np.ptp(np.percentile(small[known], (2, 99)))) if known.any() else 0.0
    if spread <= 0:
        return None
    step /= spread
    # Beyond the skin everything is darker: that edge is not the muscle's.
    beyond = cv2.remap(
        known.astype(np.float32),
        (x + 2 * out_x).astype(np.float32),
        (y + 2 * out_y).astype(np.float32),
        cv2.INTER_NEAREST,
    )
    step = np.where(beyond > 0, step, 0)
    # Steps are cut so that a short, sharp edge of something else does not outweigh a long soft one.
    steady = (step > 0.01).mean(axis=1)
    score = np.clip(step, -0.15, 0.2).mean(axis=1) * (length[:, 0] / height) ** _LONG
    score[steady < _STEADY] = -1
    best = int(np.argmax(score))
    if score[best] < _CLEAR * (length[best, 0] / height) ** _LONG:
        return None
    return float(tops[best]), float(downs[best])
