"""Outlining a lesion corner by corner or in one line."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from breastview.gui import theme
from breastview.gui.panes.brushes import ADDS, CUTS, Easel, Point
from breastview.gui.panes.tools import Cursor, IdleTool, Touch, ToView
from breastview.imaging import mask_editing
from breastview.language import tr

NEAR = 10.0
"""Distance from the first corner at which a click closes the outline, in device-independent px."""

APART = 3.0
"""Between the corners of a line drawn in one go, in device-independent px."""


class PolygonTool(IdleTool):
    """Each click sets a corner, a drag draws freely; Enter, a double click or the first corner closes.

    The enclosed is added to the mask; with Ctrl held while closing it is cut out. Backspace takes the last
    corner back, Esc all of them.

    Parameters
    ----------
    easel : Easel
    """

    name = "polygon"

    def __init__(self, easel: Easel) -> None:
        self._easel = easel
        self._corners: list[Point] = []
        self._at: Point | None = None
        self._cuts = False
        self._down = False
        self._dragged = False

    @property
    def cursor(self) -> Cursor:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def press(self, at: Touch) -> bool:
        """Set a corner, or close at the first one."""
        if self._easel.size is None:
            return False
        self._down, self._dragged = True, False
        self._cuts = _control(at.modifiers)
        if len(self._corners) >= 3 and self._closes(at):
            self._finish()
        else:
            self._corners.append(at.picture_point)
        return True

    def move(self, at: Touch) -> bool:
        """Draw on while the button is held, else show the next side."""
        self._at, self._cuts = at.picture_point, _control(at.modifiers)
        if self._down and self._corners:
            last = at.to_view(*self._corners[-1]) - at.view_point
            if math.hypot(last.x(), last.y()) >= APART:
                self._corners.append(at.picture_point)
                self._dragged = True
        return bool(self._corners)

    def release(self, at: Touch) -> bool:
        """Close a line that was drawn in one go."""
        self._down = False
        if self._dragged and len(self._corners) >= 3:
            self._cuts = _control(at.modifiers)
            self._finish()
        return True

    def double_click(self, at: Touch) -> bool:
        """Close the outline; the press before has set the last corner."""
        if len(self._corners) < 3:
            return self.press(at)
        self._cuts = _control(at.modifiers)
        self._finish()
        return True

    def leave(self) -> None:
        """No next side without a mouse."""
        self._at = None

    def key(self, event: QKeyEvent) -> bool:
        """Enter closes, Backspace takes a corner back."""
        if not self._corners:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self._corners) >= 3:
            self._cuts = _control(event.modifiers())
            self._finish()
            return True
        if event.key() == Qt.Key.Key_Backspace:
            self._corners.pop()
            return True
        return False

    def cancel(self) -> bool:
        """Forget the corners."""
        begun, self._corners, self._down = bool(self._corners), [], False
        return begun

    def _closes(self, at: Touch) -> bool:
        way = at.to_view(*self._corners[0]) - at.view_point
        return math.hypot(way.x(), way.y()) <= NEAR

    def _finish(self) -> None:
        corners, self._corners, self._dragged = self._corners, [], False
        mask = self._easel.take_up()
        if mask is not None:
            self._easel.touched(mask_editing.polygon(mask, corners, not self._cuts))
            self._easel.put_down(tr("cut along a polygon") if self._cuts else tr("polygon"))

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Draw the sides so far, and the one to the mouse."""
        if not self._corners:
            return
        points = [to_view(*corner) for corner in self._corners]
        line = QPolygonF([*points, to_view(*self._at)] if self._at is not None else points)
        colour = CUTS if self._cuts else ADDS
        for each, width in ((QColor(0, 0, 0, 170), 3.5), (colour, 1.5)):
            painter.setPen(QPen(each, width))
            painter.drawPolyline(line)
        painter.setBrush(QColor(theme.PANE))
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(points[0], 4.0, 4.0)
        painter.setBrush(colour)
        for point in points[1:] if len(points) < 60 else ():
            painter.drawEllipse(QPointF(point), 2.0, 2.0)


def _control(modifiers: Qt.KeyboardModifier) -> bool:
    return bool(modifiers & Qt.KeyboardModifier.ControlModifier)
