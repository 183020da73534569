"""Tiles put together to one picture, made smaller as they come."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

GLASS = 255
"""Grey level of what no tile covers: bare glass is bright."""


class Mosaic:
    """A picture of ``rows × columns`` px, reduced by a whole `factor` that divides the tiles' sides.

    Attributes
    ----------
    picture : ndarray, shape (rows // factor, columns // factor, 3) or without the last axis, uint8
    """

    def __init__(self, rows: int, columns: int, factor: int = 1, coloured: bool = True) -> None:
        self._rows, self._columns, self._factor = rows, columns, factor
        shape = (rows // factor, columns // factor)
        self.picture: NDArray[np.uint8] = np.full((*shape, 3) if coloured else shape, GLASS, np.uint8)

    def add(self, tile: NDArray[Any], top: int, left: int) -> None:
        """Put in a tile (h, w) or (h, w, channels) at a place in px of the whole; what leaves it is cut."""
        import cv2

        factor = self._factor
        part = tile[: self._rows - top, : self._columns - left, ...]
        rows, columns = part.shape[0] // factor, part.shape[1] // factor
        if not rows or not columns:
            return
        part = part[: rows * factor, : columns * factor, ...]
        if part.ndim == 3:
            part = part[..., :3] if self.picture.ndim == 3 else part[..., 0]
        if factor > 1:
            part = cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA)
        place = self.picture[top // factor : top // factor + rows, left // factor : left // factor + columns]
        place[...] = part[: place.shape[0], : place.shape[1]]
