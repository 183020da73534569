"""Filling: a hole of a lesion, or tissue that looks like where the mouse was pressed."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.brushes import Easel
from breastview.gui.panes.tools import Cursor, IdleTool, Touch, ToView
from breastview.imaging import mask_editing
from breastview.imaging.mask_editing import Box
from breastview.language import tr

START = 12
"""Grey levels of tolerance of a click."""

SPEED = 4.0
"""Device-independent px of a drag for one grey level more or less."""


class GreyEasel(Easel, Protocol):
    """An easel that also has the picture."""

    def grey(self) -> NDArray[np.uint8]:
        """Return the picture as displayed, smoothed against speckle: ``(rows, columns)`` uint8."""


class FillTool(IdleTool):
    """A click into a hole fills it. Elsewhere, it floods tissue of like grey; a drag sets how like.

    With Ctrl what is flooded is cut out of the mask instead.

    Parameters
    ----------
    easel : GreyEasel
    """

    name = "fill"

    def __init__(self, easel: GreyEasel) -> None:
        self._easel = easel
        self._mask: NDArray[np.bool_] | None = None
        self._before: NDArray[np.bool_] | None = None
        self._grey: NDArray[np.uint8] | None = None
        self._start: Touch | None = None
        self._reached = mask_editing.NOWHERE
        self._adds = True
        self._tolerance = START

    @property
    def cursor(self) -> Cursor:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def press(self, at: Touch) -> bool:
        """Fill the hole, or begin to flood."""
        size, (x, y) = self._easel.size, at.picture_point
        if size is None:
            return False
        if not (-0.5 <= x < size[1] - 0.5 and -0.5 <= y < size[0] - 0.5):
            return True
        self._adds = not at.modifiers & Qt.KeyboardModifier.ControlModifier
        mask = self._easel.take_up()
        if mask is None:
            return True
        filled = mask_editing.hole(mask, at.picture_point) if self._adds else mask_editing.NOWHERE
        if not filled.empty:
            self._easel.touched(filled)
            self._easel.put_down(tr("filled hole"))
            return True
        self._mask, self._before, self._start = mask, mask.copy(), at
        self._grey, self._tolerance = self._easel.grey(), START
        self._flood()
        return True

    def move(self, at: Touch) -> bool:
        """Take more or less tolerance: rightwards is more."""
        if self._start is None or self._mask is None:
            return False
        way = at.view_point.x() - self._start.view_point.x()
        tolerance = min(max(START + round(way / SPEED), 0), 255)
        if tolerance != self._tolerance:
            self._tolerance = tolerance
            self._flood()
        return True

    def release(self, at: Touch) -> bool:  # noqa: ARG002
        """Keep what was flooded."""
        begun, adds = self._mask is not None, self._adds
        self._forget()
        if begun:
            self._easel.put_down(tr("flood fill") if adds else tr("flooded tissue cut out"))
        return True

    def cancel(self) -> bool:
        """Give up what was flooded."""
        begun = self._mask is not None
        self._forget()
        if begun:
            self._easel.give_up()
        return begun

    def _forget(self) -> None:
        self._mask = self._before = self._grey = self._start = None
        self._reached = mask_editing.NOWHERE

    def _flood(self) -> None:
        if self._mask is None or self._before is None or self._grey is None or self._start is None:
            return
        found = mask_editing.alike(self._grey, self._start.picture_point, self._tolerance)
        reached = mask_editing.bounds(found)
        changed: Box = self._reached.united(reached)
        self._mask[changed.slices] = self._before[changed.slices]
        self._mask[reached.slices][found[reached.slices]] = self._adds
        self._reached = reached
        self._easel.touched(changed)

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Say how large the tolerance is."""
        if self._start is None:
            return
        text = tr("± {levels} grey levels").format(levels=self._tolerance)
        corner = to_view(*self._start.picture_point) + QPointF(14, -8)
        inscription.line(painter, corner.x(), corner.y(), text, QColor(theme.TEXT))
