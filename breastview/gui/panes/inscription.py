"""Text over a picture that can be read whatever lies behind it, and never runs into other text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

SHADOW = QColor(0, 0, 0, 150)
_AROUND = ((-1, 0), (1, 0), (0, -1), (0, 1), (1, 1))


def line(painter: QPainter, x: float, y: float, text: str, colour: QColor) -> None:
    """Draw text on a baseline, with a soft shadow around it."""
    painter.setPen(SHADOW)
    for dx, dy in _AROUND:
        painter.drawText(QPointF(x + dx, y + dy), text)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y), text)


def block(
    painter: QPainter, area: QRectF, lines: Sequence[str], colour: QColor, right: bool = False,
    bottom: bool = False,
) -> None:
    """Draw lines in a corner of an area, elided to its width; those beyond its height are left out."""
    metrics = QFontMetricsF(painter.font())
    height = metrics.lineSpacing()
    fitting = lines[: max(0, int(area.height() / height))]
    top = area.bottom() - height * len(fitting) if bottom else area.top()
    for index, text in enumerate(fitting):
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        x = area.right() - metrics.horizontalAdvance(shown) if right else area.left()
        line(painter, x, top + index * height + metrics.ascent(), shown, colour)
