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
        self._levels = {(0, 0): values.astype(np.float32) if whole else values}

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the whole array."""
        rows, columns = self._levels[0, 0].shape[:2]
        return rows, columns

    def level(self, across: int, down: int) -> NDArray[Any]:
        """Return the array with its rows shortened by ``2 ** across``, its columns by ``2 ** down``."""
        if (across, down) not in self._levels:
            # Both together as long as both are wanted: square px then go through square levels only.
            before = self.level(across - (across >= down), down - (down >= across))
            self._levels[across, down] = _halved(before, across >= down, down >= across)
        return self._levels[across, down]

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
        exact = projection.zoom == 1 and projection.aspect == 1
        if exact or (projection.zoom >= 1 and not smooth):
            return self._nearest(projection, box)
        return self._linear(projection, box)

    def _nearest(self, projection: Projection, box: Box) -> NDArray[Any]:
        """Take the px under each device px; rows and columns are looked up apart, whatever way they lie."""
        values, (a, b, c, d) = self._levels[0, 0], projection.orientation.matrix
        right = np.arange(box[0], box[2]) + 0.5 - projection.left
        below = np.arange(box[1], box[3]) + 0.5 - projection.top
        swaps, (across, down) = projection.orientation.swaps, projection.zooms
        columns = _places(below * c if swaps else right * a, across, values.shape[1])
        rows = _places(right * b if swaps else below * d, down, values.shape[0])
        taken = values[_run(rows)][:, _run(columns)]
        return np.ascontiguousarray(taken.swapaxes(0, 1) if swaps else taken)

    def _linear(self, projection: Projection, box: Box) -> NDArray[Any]:
        import cv2  # a tenth of a second: paid with the first picture, not when the window opens

        reduced = tuple(max(0, int(np.floor(-np.log2(zoom) + 1e-9))) for zoom in projection.zooms)
        source = self.level(*reduced)
        step_x, step_y = (1 / (zoom * 2**by) for zoom, by in zip(projection.zooms, reduced, strict=True))
        x0, y0, x1, y1 = box
        right, below = x0 + 0.5 - projection.left, y0 + 0.5 - projection.top
        a, b, c, d = projection.orientation.matrix
        # Centres of pixels lie at halves here and at whole numbers in OpenCV.
        back = np.array(
            [
                [a * step_x, c * step_x, (a * right + c * below) * step_x - 0.5],
                [b * step_y, d * step_y, (b * right + d * below) * step_y - 0.5],
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


def _places(distance: NDArray[np.floating], zoom: float, count: int) -> NDArray[np.intp]:
    """Return which of `count` rows or columns lie at distances in device px from the picture's corner."""
    places: NDArray[np.intp] = np.clip(np.floor(distance / zoom), 0, count - 1).astype(np.intp)
    return places


def _run(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """Return neighbours as a slice, which copies nothing; others as they are."""
    first, last = int(places[0]), int(places[-1])
    if abs(last - first) + 1 != len(places):
        return places
    if first <= last:
        return slice(first, last + 1)
    return slice(first, last - 1 if last > 0 else None, -1)


def _halved(values: NDArray[Any], across: bool, down: bool) -> NDArray[Any]:
    """Return values averaged over pairs of columns, of rows, or over squares."""
    import cv2

    rows, columns = values.shape[:2]
    odd_rows, odd_columns = rows % 2 * down, columns % 2 * across
    if odd_rows or odd_columns:  # an odd edge is repeated: every level is exactly half the one before
        values = cv2.copyMakeBorder(values, 0, odd_rows, 0, odd_columns, cv2.BORDER_REPLICATE)
    size = (-(-columns // 2) if across else columns, -(-rows // 2) if down else rows)
    half: NDArray[Any] = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    return half
