"""Text over a picture that can be read whatever lies behind it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

PLATE = QColor(0, 0, 0, 165)
"""Behind text: nothing on black, enough for a ratio of contrast above 4.5 on white."""

PAD = 3.0


def line(painter: QPainter, x: float, y: float, text: str, colour: QColor) -> QRectF:
    """Draw text on a dark translucent plate; `x` is its left end, `y` its baseline. Return the plate."""
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text)
    area = QRectF(x - PAD, y - metrics.ascent(), width + 2 * PAD, metrics.height())
    painter.fillRect(area, PLATE)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y), text)
    return area
