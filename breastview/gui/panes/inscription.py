"""Text over a picture that can be read whatever lies behind it, and never runs into other text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

PLATE = QColor(0, 0, 0, 165)
"""Behind text: nothing on black, enough for a ratio of contrast above 4.5 on white."""

PAD = 3.0


def line(painter: QPainter, x: float, y: float, text: str, colour: QColor) -> None:
    """Draw text on a dark translucent plate; `x` is its left end, `y` its baseline."""
    metrics = QFontMetricsF(painter.font())
    width = metrics.horizontalAdvance(text)
    area = QRectF(x - PAD, y - metrics.ascent(), width + 2 * PAD, metrics.height())
    painter.fillRect(area, PLATE)
    painter.setPen(colour)
    painter.drawText(QPointF(x, y), text)


def block(
    painter: QPainter,
    area: QRectF,
    lines: Sequence[str],
    colour: QColor,
    right: bool = False,
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
