"""A picture into the square a network sees, and a map back onto the picture: one geometry for both ways.

The picture is padded to a square of whole pixels first and that square is resized, so that the scale is the
same along both axes to the last bit: nothing is ever squashed, and the inverse is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LUMINANCE, RGB = "luminance", "rgb"
"""What a network sees of a picture: its luminance in three equal channels, or its colours."""


@dataclass(frozen=True)
class Letterbox:
    """The geometry between a picture of `height` × `width` pixels and a square of `size` × `size`.

    Pixel centres lie at whole numbers: picture point x maps to ``(x + 0.5 + left) * scale - 0.5``.

    Attributes
    ----------
    height, width : int
        Of the picture, px.
    size : int
        Side of the network's square input, px.
    """

    height: int
    width: int
    size: int

    def __post_init__(self) -> None:
        if min(self.height, self.width, self.size) < 1:
            raise ValueError(f"sizes must be positive, not {self.height}×{self.width} -> {self.size}")

    @property
    def side(self) -> int:
        """Side of the padded square in picture pixels."""
        return max(self.height, self.width)

    @property
    def area(self) -> int:
        """Pixels of the picture that the square shows."""
        return self.height * self.width

    @property
    def top(self) -> int:
        """Rows of padding above the picture, in picture pixels."""
        return (self.side - self.height) // 2

    @property
    def left(self) -> int:
        """Columns of padding left of the picture, in picture pixels."""
        return (self.side - self.width) // 2

    @property
    def scale(self) -> float:
        """Network pixels per picture pixel, the same along both axes."""
        return self.size / self.side

    @property
    def placement(self) -> tuple[float, float, float, float]:
        """(x, y, width, height) of the whole square in picture pixels, from pixel edge to pixel edge."""
        return -float(self.left), -float(self.top), float(self.side), float(self.side)

    def apply(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture as the networks see it: luminance in three equal channels, padded with 0.

        Parameters
        ----------
        picture : ndarray, shape (H, W) or (H, W, 3), uint8
            Grey or RGB.

        Returns
        -------
        ndarray, shape (size, size, 3), uint8
        """
        plane = self.apply_plane(luminance(picture))
        return np.repeat(plane[:, :, None], 3, axis=2)

    def apply_plane(self, plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a plane (H, W), uint8 (grey values, or a mask of 0 and 255), as (size, size).

        Colours (H, W, 3) become (size, size, 3).
        """
        import cv2

        if plane.shape[:2] != (self.height, self.width):
            raise ValueError(f"a plane of {plane.shape} does not fit {self.height, self.width}")
        square = np.zeros((self.side, self.side, *plane.shape[2:]), np.uint8)
        square[self.top : self.top + self.height, self.left : self.left + self.width] = plane
        # Averaging the covered area keeps shrinking free of aliasing; it is no interpolation for enlarging.
        method = cv2.INTER_AREA if self.size < self.side else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(square, (self.size, self.size), interpolation=method), np.uint8)

    def restore(self, heat: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return a map over the square as a map over the picture's own pixels, without the padding.

        Parameters
        ----------
        heat : ndarray, shape (s, s), float
            Any square raster that covers the network's input: a mask (s = size) or a coarse Grad-CAM.

        Returns
        -------
        ndarray, shape (H, W), float32
            Bilinear between pixel centres; the values stay within the range of `heat`.
        """
        import cv2

        if heat.ndim != 2 or heat.shape[0] != heat.shape[1]:
            raise ValueError(f"a map over the letterbox is square, not {heat.shape}")
        square = cv2.resize(
            np.ascontiguousarray(heat, np.float32), (self.side, self.side), interpolation=cv2.INTER_LINEAR
        )
        inner = square[self.top : self.top + self.height, self.left : self.left + self.width]
        return np.ascontiguousarray(inner, np.float32)

    def to_network(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the picture (x to the right, y downwards, px) onto the square."""
        return (x + 0.5 + self.left) * self.scale - 0.5, (y + 0.5 + self.top) * self.scale - 0.5

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the square onto the picture; the inverse of `to_network`."""
        return (x + 0.5) / self.scale - 0.5 - self.left, (y + 0.5) / self.scale - 0.5 - self.top


def letterbox(picture: NDArray[np.uint8], size: int) -> tuple[NDArray[np.uint8], Letterbox]:
    """Return what a network of input `size` px sees of a picture, and the geometry that leads back.

    Parameters
    ----------
    picture : ndarray, shape (H, W) or (H, W, 3), uint8
        Grey or RGB.

    Returns
    -------
    square : ndarray, shape (size, size, 3), uint8
    box : Letterbox
    """
    box = Letterbox(picture.shape[0], picture.shape[1], size)
    return box.apply(picture), box


def squared(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """Return a picture (H, W) or (H, W, 3), uint8, in a square of `size` px, with the channels it has."""
    return Letterbox(picture.shape[0], picture.shape[1], size).apply_plane(picture)


def luminance(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the luma (ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B) of an RGB picture; a grey one as it is.

    Raises
    ------
    ValueError
        Where the picture is neither (H, W) nor (H, W, 3), or not uint8.
    """
    import cv2

    if picture.dtype != np.uint8:
        raise ValueError(f"pictures for the networks are uint8, not {picture.dtype}")
    if picture.ndim == 2:
        return picture
    if picture.ndim != 3 or picture.shape[2] != 3:
        raise ValueError(f"a picture is (H, W) or (H, W, 3), not {picture.shape}")
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), np.uint8)


def three_channels(squares: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return squares as the input of a network, (n, S, S, 3) float32 in 0..255.

    Parameters
    ----------
    squares : ndarray, shape (n, S, S) or (n, S, S, 3), uint8
        Grey ones get three equal channels.
    """
    colours = np.repeat(squares[..., None], 3, axis=-1) if squares.ndim == 3 else squares
    return np.asarray(colours, np.float32)
