"""The visible part of an array at screen resolution, and nothing else of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.gui.panes.view import Projection

Box = tuple[int, int, int, int]


class Pyramid:
    """An array and its halves, quarters, ... averaged over areas, made when first needed.

    Bilinear sampling from the level between once and twice the wanted size keeps fine detail (speckle,
    microcalcifications) from flickering while panning, at a cost that depends on the screen only.

    Parameters
    ----------
    values : ndarray
        ``(rows, columns)`` of any numeric type or ``(rows, columns, 3)`` uint8.
    """

    def __init__(self, values: NDArray[Any]) -> None:
        # OpenCV averages and interpolates no 32-bit integers; float32 is exact up to 2**24.
        whole = values.dtype not in (np.uint8, np.uint16, np.int16, np.float32)
        self._levels = [values.astype(np.float32) if whole else values]

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the whole array."""
        rows, columns = self._levels[0].shape[:2]
        return rows, columns

    def level(self, index: int) -> NDArray[Any]:
        """Return the array reduced by ``2 ** index``."""
        while len(self._levels) <= index:
            self._levels.append(_halved(self._levels[-1]))
        return self._levels[index]

    def sample(self, projection: Projection, box: Box, smooth: bool) -> NDArray[Any]:
        """Return the values at the centres of device px.

        Parameters
        ----------
        projection : Projection
            Where the picture lies in the pane.
        box : tuple of int
            Device px wanted, (x0, y0, x1, y1) with the ends left out, within `Projection.visible`.
        smooth : bool
            Whether to interpolate when enlarged.

        Returns
        -------
        ndarray, shape (y1 - y0, x1 - x0) or (y1 - y0, x1 - x0, 3)
            In the type of the pyramid. At zoom 1 the values themselves.
        """
        if projection.zoom == 1 or (projection.zoom > 1 and not smooth):
            return self._nearest(projection, box)
        return self._linear(projection, box)

    def _nearest(self, projection: Projection, box: Box) -> NDArray[Any]:
        values = self._levels[0]
        x0, y0, x1, y1 = box
        across = (np.arange(x0, x1) + 0.5 - projection.left) / projection.zoom
        down = (np.arange(y0, y1) + 0.5 - projection.top) / projection.zoom
        columns = np.clip(across.astype(np.intp), 0, values.shape[1] - 1)
        rows = np.clip(down.astype(np.intp), 0, values.shape[0] - 1)
        return np.ascontiguousarray(values[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns])

    def _linear(self, projection: Projection, box: Box) -> NDArray[Any]:
        import cv2  # a tenth of a second: paid with the first picture, not when the window opens

        index = max(0, int(np.floor(-np.log2(projection.zoom) + 1e-9)))
        source = self.level(index)
        step = 1 / (projection.zoom * 2**index)
        x0, y0, x1, y1 = box
        # Centres of pixels lie at halves here and at whole numbers in OpenCV.
        back = np.array(
            [
                [step, 0, (x0 + 0.5 - projection.left) * step - 0.5],
                [0, step, (y0 + 0.5 - projection.top) * step - 0.5],
            ]
        )
        sampled: NDArray[Any] = cv2.warpAffine(
            source,
            back,
            (x1 - x0, y1 - y0),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return sampled


def _halved(values: NDArray[Any]) -> NDArray[Any]:
    import cv2

    rows, columns = values.shape[:2]
    if rows % 2 or columns % 2:  # an odd edge is repeated, so that every level is exactly half the one before
        values = cv2.copyMakeBorder(values, 0, rows % 2, 0, columns % 2, cv2.BORDER_REPLICATE)
    half: NDArray[Any] = cv2.resize(values, (-(-columns // 2), -(-rows // 2)), interpolation=cv2.INTER_AREA)
    return half
