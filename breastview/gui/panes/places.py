"""Where on the picture the input gate found something: boxes with a dark halo."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from breastview.gui import theme
from breastview.gui.panes.outlines import HALO
from breastview.gui.panes.view import Projection
from breastview.study.analysis import Flag

Boxes = tuple[tuple[float, float, float, float], ...]
"""Column, row, width and height in px of the picture."""


def draw_flags(painter: QPainter, projection: Projection, flags: Iterable[Flag], scale: float) -> None:
    """Draw the places of flags, dashed, in the colours of their lines in the panel."""
    for flag in flags:
        colour = QColor(theme.DANGER if flag.refuses else theme.WARNING)
        draw_boxes(painter, projection, flag.boxes, colour, scale, Qt.PenStyle.DashLine)


def draw_boxes(
    painter: QPainter,
    projection: Projection,
    boxes: Boxes,
    colour: QColor,
    scale: float,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """Draw boxes 1.5 device-independent px thick; `scale`: device px per device-independent px."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y, width, height in boxes:
        ends = projection.mapped(np.array(((x, y), (x + width, y + height)), np.float64)) / scale
        (left, top), (right, bottom) = ends.min(axis=0), ends.max(axis=0)
        area = QRectF(left - 2, top - 2, right - left + 4, bottom - top + 4)
        for pen in (QPen(HALO, 3.5), QPen(colour, 1.5, style)):
            painter.setPen(pen)
            painter.drawRect(area)
