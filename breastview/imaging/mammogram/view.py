"""A mammogram as the networks see it: the breast alone, chest wall at the left, one scale of grey.

Training and reading both come here, so that they cannot differ. Whatever the file holds (8 to 16 bits, either
polarity, any window), the same breast gives the same picture: grey values are stretched between two
percentiles of the tissue itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.imaging.letterbox import Letterbox, luminance, squared
from breastview.imaging.mammogram import breast, pectoral
from breastview.imaging.window import to_display
from breastview.study.hanging import Wall

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.study.pixels import FramePixels

LONGEST = 1024
"""Longest side in px that a view is made from: three times what a network sees of it."""

MARGIN = 0.02
"""Room left around the breast, as a share of its longer side."""

_TAILS = (1.0, 99.7)
"""Percentiles of the breast, without the pectoral muscle, that become `_DARK` and white."""

_DARK = 12
"""Grey of the darkest tissue: black is the cut-away background alone."""


@dataclass(frozen=True)
class Placed(Letterbox):
    """The geometry of a square that shows a part of a picture, and may reach beyond its edges.

    Attributes
    ----------
    x0, y0 : int
        Upper left corner of the square, in picture pixels; may be negative.
    length : int
        Side of the square in picture pixels.
    shown : int
        Pixels of the picture that it was made to show.
    """

    x0: int = 0
    y0: int = 0
    length: int = 1
    shown: int = 0

    @property
    def area(self) -> int:
        """Pixels of the picture that the square was made to show."""
        return self.shown

    @property
    def side(self) -> int:
        """Side of the square in picture pixels."""
        return self.length

    @property
    def top(self) -> int:
        """Rows of the square above the picture; negative where the square begins below its upper edge."""
        return -self.y0

    @property
    def left(self) -> int:
        """Columns of the square left of the picture; negative where the square begins inside."""
        return -self.x0

    def apply_plane(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return what the square shows of a plane (H, W), uint8, as (size, size); 0 beyond the picture."""
        import cv2

        if plane.shape != (self.height, self.width):
            raise ValueError(f"a plane of {plane.shape} does not fit {self.height, self.width}")
        inner, (rows, columns) = np.zeros((self.side, self.side), np.uint8), self._shared()
        inner[self._within(rows, self.y0), self._within(columns, self.x0)] = plane[rows, columns]
        method = cv2.INTER_AREA if self.size < self.side else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(inner, (self.size, self.size), interpolation=method), np.uint8)

    def restore(self, heat: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return a map over the square on the picture's pixels (H, W), float32; 0 beyond the square."""
        import cv2

        if heat.ndim != 2 or heat.shape[0] != heat.shape[1]:
            raise ValueError(f"a map over the letterbox is square, not {heat.shape}")
        square = cv2.resize(
            np.ascontiguousarray(heat, np.float32), (self.side, self.side), interpolation=cv2.INTER_LINEAR
        )
        whole, (rows, columns) = np.zeros((self.height, self.width), np.float32), self._shared()
        whole[rows, columns] = square[self._within(rows, self.y0), self._within(columns, self.x0)]
        return whole

    def enlarged(self, factor: int, height: int, width: int) -> Placed:
        """Return the same square on the picture of `height` × `width` px that this one is reduced from."""
        corner = self.x0 * factor, self.y0 * factor
        return Placed(height, width, self.size, *corner, self.length * factor, self.shown * factor**2)

    def _shared(self) -> tuple[slice, slice]:
        """Return rows and columns of the picture that the square shows."""
        rows = slice(max(0, self.y0), min(self.height, self.y0 + self.length))
        return rows, slice(max(0, self.x0), min(self.width, self.x0 + self.length))

    @staticmethod
    def _within(part: slice, start: int) -> slice:
        return slice(part.start - start, part.stop - start)


@dataclass(frozen=True, eq=False)
class BreastView:
    """The breast cut out of a picture of H × W pixels.

    Attributes
    ----------
    height, width : int
        Of the whole picture, px.
    box : tuple[int, int, int, int]
        What is cut out, px of the whole picture: x0, y0, x1, y1, the ends left out.
    mirrored : bool
        Whether it was mirrored, so that the chest wall lies at the left.
    picture : ndarray, shape (y1 - y0, x1 - x0), uint8
        The cut, mirrored, normalised picture; 0 beyond the breast.
    muscle : ndarray, the same shape, bool
        The pectoral muscle; nothing where none was found.
    """

    height: int
    width: int
    box: tuple[int, int, int, int]
    mirrored: bool
    picture: NDArray[np.uint8]
    muscle: NDArray[np.bool_]

    def cut(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a plane over the whole picture (a mask) as the view shows it."""
        x0, y0, x1, y1 = self.box
        inner = plane[y0:y1, x0:x1]
        return np.ascontiguousarray(inner[:, ::-1] if self.mirrored else inner)

    def placed(self, size: int) -> Placed:
        """Return where the view's letterboxed square of `size` px lies on the whole picture, not mirrored."""
        x0, y0, x1, y1 = self.box
        inner = Letterbox(y1 - y0, x1 - x0, size)
        # The view is mirrored before it is padded: the odd column of padding changes sides with it.
        beside = inner.side - inner.width - inner.left if self.mirrored else inner.left
        corner = x0 - beside, y0 - inner.top
        return Placed(self.height, self.width, size, *corner, inner.side, inner.area)

    def square(self, size: int) -> NDArray[np.uint8]:
        """Return what a network of input `size` px is shown, (size, size)."""
        return squared(self.picture, size)

    @cached_property
    def whole_muscle(self) -> NDArray[np.bool_]:
        """The pectoral muscle on the whole picture, (H, W)."""
        x0, y0, x1, y1 = self.box
        result = np.zeros((self.height, self.width), bool)
        result[y0:y1, x0:x1] = self.muscle[:, ::-1] if self.mirrored else self.muscle
        return result


def view(values: NDArray[Any]) -> BreastView | None:
    """Return the breast of a mammogram as the networks see it, or None where there is nothing like one.

    Parameters
    ----------
    values : ndarray, shape (H, W)
        Of any number type; dense tissue is bright (see `bright`).
    """
    found = breast.find(values)
    if found is None:
        return None
    height, width = values.shape
    room = round(MARGIN * max(found.box[2] - found.box[0], found.box[3] - found.box[1]))
    x0, y0 = max(0, found.box[0] - room), max(0, found.box[1] - room)
    x1, y1 = min(width, found.box[2] + room), min(height, found.box[3] + room)
    mirrored = found.wall is Wall.RIGHT
    turn = slice(None, None, -1 if mirrored else 1)
    inner = np.ascontiguousarray(values[y0:y1, x0:x1][:, turn])
    inside = np.ascontiguousarray(found.mask[y0:y1, x0:x1][:, turn])
    first = stretched(inner, inside, inside)
    # From the breast's own corner: the margin is not where the muscle begins.
    muscle = np.zeros(inside.shape, bool)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    corner = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    seen = pectoral.find(np.ascontiguousarray(first[corner]), np.ascontiguousarray(inside[corner]))
    if seen is not None:
        muscle[corner] = seen
    return BreastView(
        height, width, (x0, y0, x1, y1), mirrored, stretched(inner, inside, inside & ~muscle), muscle
    )


def stretched(
    values: NDArray[Any], inside: NDArray[np.bool_], counted: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """Return values as grey, stretched between percentiles of those `counted`; 0 where not `inside`."""
    low, high = np.percentile(values[counted if counted.any() else inside], _TAILS)
    share = np.clip((np.asarray(values, np.float32) - low) / max(float(high - low), 1e-6), 0, 1)
    grey = np.rint(_DARK + share * (255 - _DARK)).astype(np.uint8)
    grey[~inside] = 0
    return grey


def reduced(values: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Return a large picture averaged over squares of whole pixels, and their side; others as they are.

    The last squares may reach beyond the picture; it is continued there.
    """
    import cv2

    factor = -(-max(values.shape) // LONGEST)
    if factor == 1:
        return values, 1
    height, width = (-(-side // factor) for side in values.shape)
    beyond = ((0, height * factor - values.shape[0]), (0, width * factor - values.shape[1]))
    whole = np.pad(np.asarray(values, np.float32), beyond, mode="edge")
    return np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.float32), factor


def bright(pixels: FramePixels) -> NDArray[Any]:
    """Return a frame's values with dense tissue bright, as the file's own window shows them, in full depth.

    What the window cuts off is cut off; the rest keeps its 10 to 16 bits. A file with a VOI look-up table, or
    in colour, is taken as it is displayed.
    """
    if pixels.colour or pixels.voi_lut is not None or pixels.values.dtype == np.uint8:
        return luminance(to_display(pixels))
    half = max(pixels.window.width - 1.0, 1.0) / 2
    centre = pixels.window.centre - 0.5
    shown = np.clip(pixels.values.astype(np.float32), centre - half, centre + half)
    return centre + half - shown if pixels.photometric == "MONOCHROME1" else shown - (centre - half)
