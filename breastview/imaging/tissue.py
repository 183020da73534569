"""Where a slide shows tissue, and where the bare glass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMOOTHED = 3.0
"""Standard deviation in px of the smoothing: the gaps between fibres are tissue, bare glass is not."""

LIGHTEST, DARKEST = 0.08, 0.2
"""Bounds of the optical density from which there is tissue: glass is lighter than one, any stain darker."""


def tissue(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where a stained slide absorbs light.

    The mean optical density of the three colours is parted by Otsu's threshold (IEEE Trans SMC 9:62, 1979),
    kept within what glass and stains can have: a field full of tissue has nothing to part.

    Parameters
    ----------
    picture : ndarray, shape (H, W, 3) or (H, W), uint8
        RGB, or grey.

    Returns
    -------
    ndarray, shape (H, W), bool
    """
    import cv2

    light = picture if picture.ndim == 2 else cv2.transform(picture, np.full((1, 3), 1 / 3))
    smooth = cv2.GaussianBlur(light, (0, 0), SMOOTHED)
    dense, light_enough = (_level(density) for density in (DARKEST, LIGHTEST))
    parted = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[0]
    limit = float(np.clip(parted, dense, light_enough))
    return np.asarray(smooth.reshape(picture.shape[:2]) <= limit)


def _level(density: float) -> float:
    """Return the grey level 0..255 of an optical density."""
    return float(256 * np.exp(-density) - 1)
