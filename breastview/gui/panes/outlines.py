"""Outlines over a picture: as thin as wished at any zoom, visible on any tissue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from breastview.gui.panes.painted import Last, Painted
from breastview.gui.panes.view import Projection

HALO = QColor(0, 0, 0, 170)

UNSEEN = 0.25
"""Deviation of a drawn outline from the true one in device px that no eye can see."""


class OutlineLayer:
    """Closed outlines with a dark halo, as thin on the screen as wished at any zoom.

    Parameters
    ----------
    outlines : iterable of array-like, shape (n, 2)
        x and y in px of the picture, pixel centres at whole numbers.
    """

    def __init__(self, outlines: Iterable[ArrayLike]) -> None:
        self._outlines = [np.asarray(outline, np.float64).reshape(-1, 2) + 0.5 for outline in outlines]
        together = np.concatenate(self._outlines) if self._outlines else np.zeros((1, 2))
        self._extent: tuple[float, float] = tuple(np.ptp(together, axis=0).tolist())
        self._painted: dict[float, Last] = {}

    def image(
        self, projection: Projection, colour: QColor, width: float, dashed: bool = False
    ) -> Painted | None:
        """Return the lines, `width` device px thick; None if they are out of sight."""
        last = self._painted.setdefault(width, Last())  # panes differ in the thickness of their lines
        anchored = projection if self._large(projection) else replace(projection, left=0, top=0)
        if last.stale((anchored, colour.rgba(), dashed)):
            last.value = self._drawn(anchored, colour, width, dashed)
        painted: Painted | None = last.value
        if painted is None or anchored == projection:
            return painted
        return replace(painted, x=painted.x + round(projection.left), y=painted.y + round(projection.top))

    def _large(self, projection: Projection) -> bool:
        """Return whether the outlines exceed the pane; smaller ones are drawn whole and only moved."""
        across, down = projection.upright_zooms
        columns, rows = reversed(self._extent) if projection.orientation.swaps else self._extent
        return columns * across > projection.width or rows * down > projection.height

    def _drawn(self, projection: Projection, colour: QColor, width: float, dashed: bool) -> Painted | None:
        lines = [_on_screen(outline, projection) for outline in self._outlines]
        extent = QRectF()
        for line in lines:
            extent = extent.united(line.boundingRect())
        reach = 2 * width + 2
        seen = extent.adjusted(-reach, -reach, reach, reach).toAlignedRect()
        if self._large(projection):
            seen &= QRect(0, 0, projection.width, projection.height)
        if not lines or seen.isEmpty():
            return None
        image = QImage(seen.size(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.translate(-seen.topLeft())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for pen in (stroke(HALO, width + max(2.0, width)), stroke(colour, width, dashed)):
            painter.setPen(pen)
            for line in lines:
                painter.drawPolygon(line)
        painter.end()
        return Painted(image, seen.x(), seen.y())


def _on_screen(outline: NDArray[np.float64], projection: Projection) -> QPolygonF:
    """Return an outline in device px of the pane, without corners nobody could see."""
    import cv2

    mapped = projection.mapped(outline)
    corners = cv2.approxPolyDP(mapped.astype(np.float32)[:, None], UNSEEN, closed=True)[:, 0]
    return QPolygonF([QPointF(x, y) for x, y in corners.tolist()])


def stroke(colour: QColor, width: float, dashed: bool = False) -> QPen:
    """Return a pen with rounded corners."""
    pen = QPen(colour, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([4.0, 3.0])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
