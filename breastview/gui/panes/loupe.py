"""The magnifier: a round piece of the picture around a point, enlarged from its full resolution."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.layers import PictureLayer
from breastview.gui.panes.look import Look
from breastview.gui.panes.view import Projection, View, project

SIZE = 240.0
"""Diameter in device-independent px, less in a small pane."""

SHARE = 0.6
"""Of the shorter side of a pane, at most."""


def draw_loupe(
    painter: QPainter,
    picture: PictureLayer,
    view: View,
    look: Look,
    point: tuple[float, float],
    at: QPointF,
    room: tuple[float, float],
    scale: float,
    lines: Callable[[QPainter, Projection], None],
) -> None:
    """Draw the picture around a point enlarged, the point staying where it is.

    Parameters
    ----------
    painter : QPainter
        In device-independent px.
    picture : PictureLayer
        Keeps what it samples for the loupe apart from what it sampled for the pane.
    view : View
        Of the pane.
    look : Look
        Window, inversion and how much the loupe enlarges.
    point, at : tuple of float, QPointF
        The point of the picture in px, and where it lies in the pane, in device-independent px.
    room : tuple of float
        Width and height of the pane in device-independent px.
    scale : float
        Device px per device-independent px.
    lines : callable
        (painter in device px, projection) -> None; draws what lies over the picture.
    """
    diameter = min(SIZE, SHARE * min(room))
    side = round(diameter * scale)
    seen = project(View(view.zoom * look.loupe, *point, False, view.orientation, view.aspect), side, side)
    circle = QRectF(at.x() - diameter / 2, at.y() - diameter / 2, diameter, diameter)
    rim = QPainterPath()
    rim.addEllipse(circle)
    painter.save()
    painter.setClipPath(rim)
    painter.fillRect(circle, QColor(theme.PANE))
    painted = picture.loupe.image(seen, look.smooth, look.window, look.invert)
    if painted is not None:
        painter.translate(circle.topLeft())
        painter.scale(1 / scale, 1 / scale)
        painter.drawImage(painted.x, painted.y, painted.image)
        lines(painter, seen)
    painter.restore()
    _draw_rim(painter, circle, look.loupe)


def _draw_rim(painter: QPainter, circle: QRectF, factor: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(0, 0, 0, 150), 4.0), (QColor(theme.ACCENT), 1.5)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(circle)
    text = f"{factor:g}×"
    metrics = QFontMetricsF(painter.font())
    x = circle.center().x() - metrics.horizontalAdvance(text) / 2
    inscription.line(painter, x, circle.bottom() - metrics.descent() - 4, text, QColor(theme.TEXT))
    painter.restore()
