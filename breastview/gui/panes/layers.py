"""What lies on top of one another in a pane: layers, each an image of its visible part at device resolution.

Every layer remembers the last image it made, so that three panes with one view share it, and a slider that
changes only opacity (the painter's business) makes none.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from breastview.gui.panes.painted import Last, Painted
from breastview.gui.panes.sampling import Box, Pyramid
from breastview.gui.panes.view import Projection
from breastview.imaging import colour_maps, overlay
from breastview.imaging.window import to_display
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels

_RGBA = QImage.Format.Format_RGBA8888_Premultiplied


def _seen(projection: Projection, size: tuple[int, int]) -> Box | None:
    """Return the device px that a picture of (rows, columns) covers in the pane, None if none."""
    x0, y0, x1, y1 = projection.visible(size[1], size[0])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _painted(values: NDArray[np.uint8], form: QImage.Format, box: Box) -> Painted:
    values = np.ascontiguousarray(values)
    image = QImage(values.data, values.shape[1], values.shape[0], values.strides[0], form)
    return Painted(image, box[0], box[1], values)


class PictureLayer:
    """The picture itself: modality values are sampled once a view and windowed once a window.

    Parameters
    ----------
    pixels : FramePixels
        The frame.
    pyramid : Pyramid, optional
        Its values, where another layer has them already.
    """

    def __init__(self, pixels: FramePixels, pyramid: Pyramid | None = None) -> None:
        self._pixels = pixels
        self._pyramid = Pyramid(pixels.values) if pyramid is None else pyramid
        self._sampled, self._painted = Last(), Last()

    def image(
        self, projection: Projection, smooth: bool, window: Window | None, invert: bool
    ) -> Painted | None:
        """Return the windowed visible part; None if the picture is out of sight."""
        box = _seen(projection, self._pixels.size)
        if box is None:
            return None
        if self._sampled.stale((projection, smooth)):
            self._sampled.value = self._pyramid.sample(projection, box, smooth)
        if self._painted.stale((projection, smooth, window, invert)):
            shown = to_display(replace(self._pixels, values=self._sampled.value), window, invert)
            form = QImage.Format.Format_RGB888 if shown.ndim == 3 else QImage.Format.Format_Grayscale8
            self._painted.value = _painted(shown, form, box)
        painted: Painted = self._painted.value
        return painted

    @cached_property
    def loupe(self) -> PictureLayer:
        """A second layer of the same values, so that a part seen enlarged does not displace the whole."""
        return PictureLayer(self._pixels, self._pyramid)


class MaskLayer:
    """A filled mask whose edge is as sharp as the screen at any zoom.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
        On the picture's pixels.
    """

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        x, y, part = boxed(mask)
        self._corner = x, y
        self._pyramid = Pyramid(part.view(np.uint8) * np.uint8(255))
        self._coverage, self._painted = Last(), Last()

    def image(self, projection: Projection, smooth: bool, colour: tuple[int, int, int]) -> Painted | None:
        """Return the fill at full opacity, transparent outside the mask; None if it is out of sight."""
        projection = projection.part(*self._corner)
        box = _seen(projection, self._pyramid.size)
        if box is None:
            return None
        if self._coverage.stale((projection, smooth)):
            sampled = self._pyramid.sample(projection, box, smooth)
            self._coverage.value = _sharpened(sampled, projection.zoom) if smooth else sampled
        if self._painted.stale((projection, smooth, colour)):
            self._painted.value = _painted(_filled(self._coverage.value, colour), _RGBA, box)
        painted: Painted = self._painted.value
        return painted


def boxed(mask: NDArray[np.bool_]) -> tuple[int, int, NDArray[np.bool_]]:
    """Return column and row of a mask's bounding box, one px wider all around, and what it holds."""
    import cv2

    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return x - 1, y - 1, np.pad(mask[y : y + height, x : x + width], 1)


def _sharpened(coverage: NDArray[np.uint8], zoom: float) -> NDArray[np.uint8]:
    """Return coverage whose edge is one device px wide: the interpolated half-way line is the outline."""
    if zoom <= 1:
        return coverage
    table = np.rint(np.clip((np.arange(256) / 255 - 0.5) * zoom + 0.5, 0, 1) * 255).astype(np.uint8)
    return table[coverage]


def _filled(coverage: NDArray[np.uint8], colour: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Return premultiplied RGBA, (h, w, 4), of one colour under a coverage 0..255."""
    ramp = np.arange(256)[:, None] / 255
    table = np.rint(ramp * np.array((*colour, 255))).astype(np.uint8)
    filled: NDArray[np.uint8] = np.take(table.view(np.uint32)[:, 0], coverage)[..., None].view(np.uint8)
    return filled


class HeatLayer:
    """One Grad-CAM map laid over the picture.

    Parameters
    ----------
    heat : ndarray, shape (h, w), float32
        0..1, coarse.
    placement : tuple of float
        Its full extent (x, y, width, height) in px of the picture.
    size : tuple of int
        Rows and columns of the picture.
    """

    def __init__(
        self, heat: NDArray[np.float32], placement: tuple[float, float, float, float], size: tuple[int, int]
    ) -> None:
        self._heat, self._placement, self._size = heat, placement, size
        self._levels, self._painted = Last(), Last()

    def image(self, projection: Projection, colour_map: str, threshold: float) -> Painted | None:
        """Return the heat's colours at full opacity; None if the picture is out of sight."""
        box = _seen(projection, self._size)
        if box is None:
            return None
        if self._levels.stale(projection):
            self._levels.value = self._placed(projection, box)
        if self._painted.stale((projection, colour_map, threshold)):
            table = colour_maps.table(colour_map)
            coloured = overlay.heat_rgba(self._levels.value, table, 1.0, threshold, premultiplied=True)
            self._painted.value = _painted(coloured, _RGBA, box)
        painted: Painted = self._painted.value
        return painted

    def _placed(self, projection: Projection, box: Box) -> NDArray[np.uint8]:
        """Lay the coarse map over the pane: turned like the picture, then placed between its corners."""
        x, y, width, height = self._placement
        ends = zip(projection.to_pane(x, y), projection.to_pane(x + width, y + height), strict=True)
        (left, right), (top, bottom) = (sorted(pair) for pair in ends)
        where = (left - box[0], top - box[1], right - left, bottom - top)
        turned = projection.orientation.applied(self._heat)
        return overlay.heat_levels(overlay.place(turned, where, box[3] - box[1], box[2] - box[0]))
