"""Made-up mammograms: an oblique film with its muscle, a label and a strip of tape, and a CC view."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

ROWS, COLUMNS = 400, 320


@dataclass(frozen=True)
class Film:
    """A film whose chest wall lies at the left, unless mirrored; values 0..1, and where its parts are."""

    values: NDArray[np.float64]
    breast: NDArray[np.bool_]
    muscle: NDArray[np.bool_]
    lesion: NDArray[np.bool_]

    def mirrored(self) -> Film:
        parts = (self.values, self.breast, self.muscle, self.lesion)
        return Film(*(np.ascontiguousarray(part[:, ::-1]) for part in parts))


def film(muscle: bool = True, label: bool = True, tape: bool = True, seed: int = 0) -> Film:
    """Return a breast with a skin fading out, in the haze of a film."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    depth = 1 - np.hypot(x / 210, (y - 210) / 180)  # 0 at the skin
    breast = depth > 0
    values = 0.02 + np.where(breast, 0.08 + 0.42 * np.clip(depth * 4, 0, 1), 0)
    triangle = (x / 110 + y / 210 < 1) & (depth > -0.2) if muscle else np.zeros_like(breast)
    breast = breast | triangle
    values[triangle] = 0.85
    lesion = np.hypot(x - 90, y - 260) < 18
    values[lesion] += 0.25
    values += cv2.GaussianBlur(rng.normal(0, 0.05, values.shape), (0, 0), 2)
    values[~breast] = np.clip(values[~breast], 0, 0.03)
    if label:
        values[15:55, 270:300] = 1.0
        values[25:45, 280:284] = 0.05
    if tape:
        values[:, 312:] = 1.0
    return Film(np.clip(cv2.GaussianBlur(values, (0, 0), 0.7), 0, 1), breast, triangle, lesion)


def cranio_caudal(seed: int = 0) -> Film:
    """Return a half disc on black, without muscle, label or tape."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:ROWS, :COLUMNS]
    depth = 1 - np.hypot(x / 230, (y - 200) / 170)
    breast = depth > 0
    texture = cv2.GaussianBlur(rng.normal(0, 1, breast.shape), (0, 0), 6)
    values = np.where(breast, 0.25 + 0.25 * np.clip(depth * 5, 0, 1) + texture, 0)
    lesion = np.hypot(x - 120, y - 150) < 15
    values[lesion] += 0.3
    return Film(np.clip(values, 0, 1) * breast, breast, np.zeros_like(breast), lesion)
