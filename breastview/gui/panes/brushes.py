"""Brush and eraser: the mask under the mouse, in true scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.tools import Cursor, IdleTool, Touch, ToView
from breastview.imaging import mask_editing
from breastview.imaging.mask_editing import Box
from breastview.language import tr

Point = tuple[float, float]

SMALLEST, LARGEST = 0.0005, 0.25
"""Radius of the brush as a share of the picture's longer side."""

STEP = 1.25
"""Factor of a step with - or +."""

_CORNERS = 48
"""Of the ring."""

ADDS, CUTS = QColor(theme.GOOD), QColor(theme.DANGER)


class Easel(Protocol):
    """Where tools find the mask that is shown, and where what they did to it goes."""

    @property
    def size(self) -> tuple[int, int] | None:
        """Rows and columns of the picture, None where there is none."""

    def take_up(self) -> NDArray[np.bool_] | None:
        """Return a mask to be changed in place, shown from now on; None where nothing may be changed."""

    def touched(self, box: Box) -> None:
        """Show a part that was changed."""

    def redraw(self, box: Box) -> None:
        """Draw again what tools show over a part; the mask is as it was."""

    def put_down(self, text: str) -> None:
        """Keep what was changed, under the name of the change."""

    def give_up(self) -> None:
        """Show the mask again as it was before `take_up`."""

    def length(self, at: Point, px: float) -> str:
        """Return a length across the picture at a point, in mm where mm are true."""


@dataclass
class BrushSize:
    """Radius of brush and eraser, kept as a share of the picture so that it suits another one too."""

    share: float = 0.012

    def radius(self, size: tuple[int, int]) -> float:
        """Return the radius in px of a picture of (rows, columns)."""
        return max(self.share * max(size), 0.5)

    def set_radius(self, radius: float, size: tuple[int, int]) -> None:
        """Take a radius in px."""
        self.share = min(max(radius / max(size), SMALLEST), LARGEST)


class BrushTool(IdleTool):
    """Paints lesions, or wipes them away; Ctrl does the other, Shift and a drag change the size.

    Parameters
    ----------
    name : str
        What `Look.tool` calls it.
    adds : bool
        Whether it paints.
    easel : Easel
    size : BrushSize
        Shared by brush and eraser.
    """

    def __init__(self, name: str, adds: bool, easel: Easel, size: BrushSize) -> None:
        self.name, self._adds = name, adds
        self._easel, self._size = easel, size
        self._mask: NDArray[np.bool_] | None = None
        self._paints = adds
        self._last: Point = (0.0, 0.0)
        self._at: Touch | None = None
        self._sizing: Touch | None = None
        self._radius_before = 0.0

    @property
    def cursor(self) -> Cursor:
        """Nothing but the ring."""
        return Qt.CursorShape.BlankCursor if self._at is not None else Qt.CursorShape.CrossCursor

    def press(self, at: Touch) -> bool:
        """Begin a stroke, or to change the size."""
        size = self._easel.size
        if size is None:
            return False
        self._at = at
        if at.modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._sizing, self._radius_before = at, self._size.radius(size)
            return True
        self._mask = self._easel.take_up()
        if self._mask is not None:
            self._paints = self._adds != bool(at.modifiers & Qt.KeyboardModifier.ControlModifier)
            self._stroke(at.picture_point, at.picture_point)
        return True

    def move(self, at: Touch) -> bool:
        """Go on with the stroke; the ring follows. What must be drawn again is told part by part."""
        before, self._at = self._at, at
        if self._sizing is not None:
            return self._resize(at)
        if self._mask is not None:
            self._stroke(self._last, at.picture_point)
        self._redraw_ring(before)
        self._redraw_ring(at)
        return False

    def release(self, at: Touch) -> bool:
        """Keep the stroke."""
        self._at, sizing, self._sizing = at, self._sizing, None
        mask, self._mask = self._mask, None
        if sizing is None and mask is not None:
            self._easel.put_down(tr("brush stroke") if self._paints else tr("eraser stroke"))
        return True

    def leave(self) -> None:
        """The ring goes with the mouse."""
        self._at = None

    def key(self, event: QKeyEvent) -> bool:
        """Take - and + as smaller and larger."""
        size = self._easel.size
        if size is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.key() not in (Qt.Key.Key_Minus, Qt.Key.Key_Plus):
            return False
        factor = STEP if event.key() == Qt.Key.Key_Plus else 1 / STEP
        self._size.set_radius(self._size.radius(size) * factor, size)
        return True

    def cancel(self) -> bool:
        """Take back a stroke that is being drawn."""
        begun, self._mask, self._sizing = self._mask is not None, None, None
        if begun:
            self._easel.give_up()
        return begun

    def _stroke(self, start: Point, end: Point) -> None:
        size = self._easel.size
        if self._mask is not None and size is not None:
            radius = self._size.radius(size)
            self._easel.touched(mask_editing.stroke(self._mask, start, end, radius, self._paints))
            self._last = end

    def _resize(self, at: Touch) -> bool:
        size = self._easel.size
        if self._sizing is not None and size is not None:
            dragged = (at.view_point.x() - self._sizing.view_point.x()) / at.to_view.scale
            self._size.set_radius(self._radius_before + dragged, size)
        return True

    def _redraw_ring(self, at: Touch | None) -> None:
        size = self._easel.size
        if at is None or size is None:
            return
        reach, (x, y) = self._size.radius(size) + 2, at.picture_point
        low, high = (math.floor(x - reach), math.floor(y - reach)), (x + reach + 1, y + reach + 1)
        self._easel.redraw(Box(*low, math.ceil(high[0]), math.ceil(high[1])))

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Draw the ring in every pane; while its size changes, also how wide it is."""
        size = self._easel.size
        at = self._sizing or self._at
        if at is None or size is None:
            return
        radius, (x, y) = self._size.radius(size), at.picture_point
        turns = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
        ring = QPolygonF([to_view(x + radius * math.cos(t), y + radius * math.sin(t)) for t in turns])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paints = self._paints if self._mask is not None else self._adds
        halo, line = (QColor(0, 0, 0, 170), 3.0), (ADDS if paints else CUTS, 1.2)
        for colour, width in (halo, line):
            painter.setPen(QPen(colour, width))
            painter.drawPolygon(ring)
        if self._sizing is not None:
            text = tr("⌀ {length}").format(length=self._easel.length((x, y), 2 * radius))
            corner = ring.boundingRect().bottomRight() + QPointF(4, 0)
            inscription.line(painter, corner.x(), corner.y(), text, QColor(theme.TEXT))
