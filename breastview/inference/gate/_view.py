"""A picture as the gate looks at it: never larger than it has to be, its parts made once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Box = tuple[float, float, float, float]
    """Column, row, width and height in px of the original."""

LONGEST = 1024
"""Longer side in px beyond which a picture is reduced; what is burned in survives that."""


@dataclass(frozen=True, eq=False)
class View:
    """What the rules look at.

    Attributes
    ----------
    picture : ndarray, shape (rows, columns) or (rows, columns, 3), uint8
        As displayed, reduced to `LONGEST`.
    scale : float
        Px of the original per px of `picture`.
    """

    picture: NDArray[np.uint8]
    scale: float = 1.0

    @cached_property
    def bright(self) -> NDArray[np.uint8]:
        """The largest channel, (rows, columns): yellow marks are as bright as white ones."""
        if self.picture.ndim == 2:
            return self.picture
        import cv2

        red, green, blue = cv2.split(self.picture)
        return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)

    @cached_property
    def grey(self) -> NDArray[np.uint8]:
        """Luminance, (rows, columns)."""
        if self.picture.ndim == 2:
            return self.picture
        import cv2

        return np.asarray(cv2.cvtColor(self.picture, cv2.COLOR_RGB2GRAY), np.uint8)

    def on_original(self, x: float, y: float, width: float, height: float) -> Box:
        """Return a box of `picture` in px of the original."""
        return (x * self.scale, y * self.scale, width * self.scale, height * self.scale)


def view(picture: NDArray[np.uint8]) -> View:
    """Return how the gate looks at a picture (rows, columns) or (rows, columns, 3), uint8."""
    import cv2

    scale = max(picture.shape[:2]) / LONGEST
    if scale <= 1:
        return View(np.ascontiguousarray(picture))
    size = max(1, round(picture.shape[1] / scale)), max(1, round(picture.shape[0] / scale))
    return View(np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8), scale)
