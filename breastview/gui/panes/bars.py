"""The bars at the edges of a pane: scale bar on the left, colour bar on the right.

Where a mammogram hangs with its chest wall at one edge both stand at the other, clear of the breast.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.look import SEGMENTER
from breastview.gui.panes.outlines import HALO
from breastview.gui.panes.scale_bar import ScaleBar
from breastview.imaging import colour_maps
from breastview.language import tr
from breastview.study.hanging import Wall

MARGIN = 8.0
WIDTH = 10.0
"""Of the colour bar, in device-independent px."""

_ROOM = 60.0
"""What the scale bar takes with its label, before the colour bar at the same edge."""

TEXT = QColor(theme.TEXT)


def draw_scale_bar(
    painter: QPainter, bar: ScaleBar, area: QRectF, scale: float, wall: Wall | None = None
) -> tuple[QRectF, ...]:
    """Draw the bar half-way down an area, in device-independent px.

    Parameters
    ----------
    wall : Wall or None
        Edge of the area that is to be kept free.

    Returns
    -------
    tuple of QRectF
        Where bar and label stand.
    """
    metrics = QFontMetricsF(painter.font())
    length, at_right = bar.length / scale, wall is Wall.LEFT
    left = area.right() - metrics.horizontalAdvance(bar.label) if at_right else area.left()
    top = area.center().y() - length / 2
    ticks = [top + length * part / bar.parts for part in range(bar.parts + 1)]
    for colour, width in ((HALO, 3.0), (TEXT, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLine(QPointF(left, top), QPointF(left, top + length))
        for index, y in enumerate(ticks):
            reach = 8.0 if index in (0, bar.parts) else 4.0
            painter.drawLine(QPointF(left, y), QPointF(left + reach, y))
    label = inscription.line(painter, left, top + length + metrics.ascent() + 3, bar.label, TEXT)
    return QRectF(left - 1, top - 1, 10, length + 2), label


@dataclass(frozen=True)
class Scale:
    """What a colour bar says at its ends and below."""

    top: str
    bottom: str
    unit: str


def heat_scale(source: str, patches: bool = False) -> Scale:
    """Return the scale of a Grad-CAM, which is relative to its own maximum, or of a map of patches."""
    top, bottom = (tr("{number}%").format(number=end) for end in (100, 0))
    if patches and source != SEGMENTER:
        return Scale(top, bottom, tr("each patch’s probability"))
    unit = tr("share of its maximum") if source == SEGMENTER else tr("share of the class’s maximum")
    return Scale(top, bottom, unit)


def probability_scale() -> Scale:
    """Return the scale of the segmenter's output: no numbers, because it is not calibrated."""
    return Scale(tr("lesion"), tr("none"), tr("segmenter’s output, uncalibrated"))


def draw_colour_bar(
    painter: QPainter,
    area: QRectF,
    colour_map: str,
    threshold: float,
    scale: Scale | None = None,
    wall: Wall | None = None,
) -> tuple[QRectF, ...]:
    """Draw the colour bar half-way down an area: what is hidden below the threshold is hatched out.

    Parameters
    ----------
    wall : Wall or None
        Edge of the area that is to be kept free.

    Returns
    -------
    tuple of QRectF
        Where bar and labels stand.
    """
    metrics = QFontMetricsF(painter.font())
    height = min(max(area.height() * 0.3, 60.0), 180.0)
    if wall is not None:
        area = area.adjusted(_ROOM, 0, -_ROOM, 0)
    at_left = wall is Wall.RIGHT
    left = area.left() if at_left else area.right() - WIDTH
    bar = QRectF(left, area.center().y() - height / 2, WIDTH, height)
    table = np.ascontiguousarray(colour_maps.table(colour_map)[::-1])
    painter.drawImage(bar, QImage(table.data, 1, 256, 3, QImage.Format.Format_RGB888))
    if threshold > 0:
        _hide(painter, QRectF(bar.left(), bar.bottom() - height * threshold, WIDTH, height * threshold))
    painter.setPen(QPen(QColor(theme.MUTED), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    said = heat_scale("") if scale is None else scale

    def beside(text: str) -> float:
        return bar.right() + 5 if at_left else bar.left() - 5 - metrics.horizontalAdvance(text)

    ends = [
        inscription.line(painter, beside(text), y, text, TEXT)
        for text, y in ((said.top, bar.top() + metrics.ascent() * 0.8), (said.bottom, bar.bottom()))
    ]
    unit = metrics.elidedText(said.unit, Qt.TextElideMode.ElideRight, area.width())
    below = left if at_left else bar.right() - metrics.horizontalAdvance(unit)
    return bar, *ends, inscription.line(painter, below, bar.bottom() + metrics.ascent() + 3, unit, TEXT)


def _hide(painter: QPainter, part: QRectF) -> None:
    painter.fillRect(part, QColor(0, 0, 0, 190))
    painter.setPen(QPen(QColor(theme.WARNING), 1))
    painter.drawLine(part.topLeft() - QPointF(3, 0), part.topRight())
