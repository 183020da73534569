"""A mask while it is being drawn: only what a stroke touched is sampled and coloured again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from breastview.gui.panes.painted import Painted
from breastview.gui.panes.sampling import Box, Pyramid
from breastview.gui.panes.view import Projection
from breastview.imaging import mask_editing

_RGBA = QImage.Format.Format_RGBA8888_Premultiplied
_SCREENS = 6
"""Panes of different sizes whose samples are kept; more than there are panes."""

_INSIDE = 128
Colour = tuple[int, int, int]


@dataclass(eq=False)
class _Screen:
    """The mask as one pane shows it: device px that the picture covers, and which of them are inside."""

    projection: Projection
    box: Box
    inside: NDArray[np.uint8]


@dataclass(eq=False)
class _Coloured:
    """Colours of a screen, in memory that a QImage shows as it is."""

    values: NDArray[np.uint8]
    colour: Colour
    width: int


class LiveMask:
    """A mask that changes under the brush.

    Parameters
    ----------
    mask : ndarray, shape (rows, columns), bool
        Changed by whoever draws, who calls `touch` afterwards.
    """

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        self.mask = mask
        self._screens: dict[Projection, _Screen] = {}
        self._coloured: dict[tuple[Projection, int], _Coloured] = {}

    def touch(self, box: mask_editing.Box) -> None:
        """Take over a part of the mask that was changed."""
        for projection, screen in self._screens.items():
            part = _on_screen(box, projection, screen.box)
            if part is None:
                continue
            _sample(self.mask, screen, part)
            for (shown, _), coloured in self._coloured.items():
                if shown == projection:
                    _colour(screen, coloured, part)

    def image(self, projection: Projection, colour: Colour, width: int = 0) -> Painted | None:
        """Return the fill (`width` 0) or an outline `width` device px thick; None if it is out of sight."""
        screen = self._screen(projection)
        if screen is None:
            return None
        coloured = self._coloured.get((projection, width))
        if coloured is None or coloured.colour != colour:
            coloured = _Coloured(np.zeros((*screen.inside.shape, 4), np.uint8), colour, width)
            self._coloured[projection, width] = coloured
            _colour(screen, coloured, screen.box)
        values = coloured.values
        image = QImage(values.data, values.shape[1], values.shape[0], values.strides[0], _RGBA)
        return Painted(image, screen.box[0], screen.box[1], values)

    def _screen(self, projection: Projection) -> _Screen | None:
        if projection not in self._screens:
            x0, y0, x1, y1 = projection.visible(self.mask.shape[1], self.mask.shape[0])
            if x0 >= x1 or y0 >= y1:
                return None
            if len(self._screens) >= _SCREENS:  # the view moves: older ones will not come back
                self._screens.clear()
                self._coloured.clear()
            screen = _Screen(projection, (x0, y0, x1, y1), np.zeros((y1 - y0, x1 - x0), np.uint8))
            _sample(self.mask, screen, screen.box)
            self._screens[projection] = screen
        return self._screens[projection]


def pane_rect(box: mask_editing.Box, projection: Projection, margin: int = 2) -> Box:
    """Return the device px of a pane that a part of the picture reaches, as (x0, y0, x1, y1)."""
    corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x0, box.y1), (box.x1, box.y1))
    xs, ys = zip(*(projection.to_pane(*corner) for corner in corners), strict=True)
    return (
        math.floor(min(xs)) - margin, math.floor(min(ys)) - margin,
        math.ceil(max(xs)) + margin, math.ceil(max(ys)) + margin,
    )  # fmt: skip


def _on_screen(box: mask_editing.Box, projection: Projection, shown: Box) -> Box | None:
    x0, y0, x1, y1 = pane_rect(box, projection)
    part = max(x0, shown[0]), max(y0, shown[1]), min(x1, shown[2]), min(y1, shown[3])
    return part if part[0] < part[2] and part[1] < part[3] else None


def _sample(mask: NDArray[np.bool_], screen: _Screen, part: Box) -> None:
    """Sample the mask anew for a part of the screen."""
    projection = screen.projection
    xs, ys = zip(
        *(projection.to_picture(x, y) for x in (part[0], part[2]) for y in (part[1], part[3])), strict=True
    )
    # Whole blocks of the coarsest level in use, so that halving meets the same pixels as in the whole mask.
    block = 2 ** max(0, math.ceil(-math.log2(min(projection.zooms))) + 1)
    rows, columns = mask.shape
    x0, y0 = (max(0, (math.floor(min(v)) // block - 1) * block) for v in (xs, ys))
    x1, y1 = min(columns, math.ceil(max(xs)) + 2 * block), min(rows, math.ceil(max(ys)) + 2 * block)
    if x0 >= x1 or y0 >= y1:
        return
    source = np.ascontiguousarray(mask[y0:y1, x0:x1]).view(np.uint8) * np.uint8(255)
    sampled = Pyramid(source).sample(projection.part(x0, y0), part, smooth=True)
    left, top = screen.box[:2]
    screen.inside[part[1] - top : part[3] - top, part[0] - left : part[2] - left] = sampled >= _INSIDE


def _colour(screen: _Screen, coloured: _Coloured, part: Box) -> None:
    """Colour a part of the screen anew, with as much around it as a line is thick."""
    left, top, right, bottom = screen.box
    reach = coloured.width + 1
    x0, y0 = max(part[0] - reach, left) - left, max(part[1] - reach, top) - top
    x1, y1 = min(part[2] + reach, right) - left, min(part[3] + reach, bottom) - top
    shown = screen.inside[y0:y1, x0:x1]
    if coloured.width:
        shown = _edge(screen.inside, (x0, y0, x1, y1), coloured.width)
    table = np.array(((0, 0, 0, 0), (*coloured.colour, 255)), np.uint8).view(np.uint32)[:, 0]
    # Four bytes at a time: this runs with every movement of the mouse.
    coloured.values.view(np.uint32)[y0:y1, x0:x1, 0] = np.take(table, shown)


def _edge(inside: NDArray[np.uint8], part: Box, width: int) -> NDArray[np.uint8]:
    """Return which px of a part lie on the edge, in a line `width` px thick."""
    import cv2

    x0, y0, x1, y1 = part
    around = mask_editing.Box(*part).grown(width, inside.shape)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width + 1, width + 1))
    edge = cv2.morphologyEx(inside[around.slices], cv2.MORPH_GRADIENT, kernel)
    return np.asarray(edge[y0 - around.y0 :, x0 - around.x0 :][: y1 - y0, : x1 - x0], np.uint8)
