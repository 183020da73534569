"""Masks and drawings of other systems over a picture, each object in a colour that no mask of ours has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from breastview.gui.panes import inscription
from breastview.gui.panes.layers import boxed
from breastview.gui.panes.outlines import HALO, OutlineLayer, stroke
from breastview.gui.panes.painted import Painted
from breastview.gui.panes.view import Projection
from breastview.language import tr
from breastview.study.foreign import Companion, Drawing, Overlay

COLOURS = ("#ff8fb1", "#b39dff", "#8bd450", "#ffb38a", "#7fd6c2", "#e6c3ff")
"""Contrast on black 8:1 and more; apart from the masks' own colours."""

WIDTH = 1.6
HALF = 128
POINT = 5.0


def colour_of(place: int) -> str:
    """Return the colour of the n-th object of a picture."""
    return COLOURS[place % len(COLOURS)]


def origin(companion: Companion) -> str:
    """Return where an object comes from, as it is written beside it."""
    ours = companion.maker.startswith("BreastView")
    text = tr("From a file of BreastView: {name}") if ours else tr("From another system: {name}")
    return text.format(name=companion.title or companion.name if ours else companion.name)


@dataclass(frozen=True, eq=False)
class ForeignLayer:
    """What one object draws.

    Attributes
    ----------
    overlay : Overlay
    colour : str
    """

    overlay: Overlay
    colour: str

    @cached_property
    def outlines(self) -> OutlineLayer:
        """The outlines of its masks; a fractional one at one half."""
        from breastview.imaging.contours import outlines

        found: list[np.ndarray] = []
        for mask in self.overlay.masks:
            x, y, part = boxed(mask.values >= HALF if mask.fractional else mask.values > 0)
            found.extend(line + np.array((x, y)) for line in outlines(part))
        return OutlineLayer(found)

    def image(self, projection: Projection, scale: float) -> Painted | None:
        """Return the outlines, dashed where a mask is fractional; None if they are out of sight."""
        dashed = any(mask.fractional for mask in self.overlay.masks)
        return self.outlines.image(projection, QColor(self.colour), WIDTH * scale, dashed=dashed)

    def draw(self, painter: QPainter, projection: Projection, scale: float) -> None:
        """Draw lines, points and words; the painter works in device-independent px."""
        for drawing in self.overlay.drawings:
            _draw(painter, drawing, projection, scale, QColor(self.colour))
        for mask in self.overlay.masks:
            _name(painter, mask.name, mask.values, projection, scale, QColor(self.colour))


@dataclass(frozen=True, eq=False)
class ForeignLayers:
    """The objects that are shown over one frame."""

    layers: tuple[ForeignLayer, ...] = ()


def layers(overlays: Sequence[Overlay], hidden: Sequence[str]) -> ForeignLayers:
    """Return the layers of overlays but those that are hidden (by the path of their file)."""
    return ForeignLayers(
        tuple(
            ForeignLayer(overlay, colour_of(place))
            for place, overlay in enumerate(overlays)
            if overlay.draws and str(overlay.companion.path) not in hidden
        )
    )


def _draw(painter: QPainter, drawing: Drawing, projection: Projection, scale: float, colour: QColor) -> None:
    mapped = projection.mapped(np.asarray(drawing.points, np.float64) + 0.5) / scale
    points = [QPointF(x, y) for x, y in mapped.tolist()]
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (stroke(HALO, WIDTH + 2), stroke(colour, WIDTH)):
        painter.setPen(pen)
        _line(painter, points, drawing)
    if drawing.text:
        _write(painter, points[-1], drawing.text, colour)


def _line(painter: QPainter, points: list[QPointF], drawing: Drawing) -> None:
    if len(points) > 1:
        (painter.drawPolygon if drawing.closed else painter.drawPolyline)(QPolygonF(points))
    elif not drawing.text:
        at = points[0]
        painter.drawLine(at - QPointF(POINT, 0), at + QPointF(POINT, 0))
        painter.drawLine(at - QPointF(0, POINT), at + QPointF(0, POINT))


def _write(painter: QPainter, at: QPointF, text: str, colour: QColor) -> None:
    metrics = QFontMetricsF(painter.font())
    for row, line in enumerate(text.splitlines()[:20]):
        y = at.y() + metrics.ascent() + row * metrics.lineSpacing()
        inscription.line(painter, at.x() + inscription.PAD + 4, y, line, colour)


def _name(
    painter: QPainter, name: str, values: np.ndarray, projection: Projection, scale: float, colour: QColor
) -> None:
    """Write a segment's name below it."""
    rows, columns = np.flatnonzero(values.any(axis=1)), np.flatnonzero(values.any(axis=0))
    if not len(rows):
        return
    corners = np.array(((columns[0], rows[0]), (columns[-1] + 1, rows[-1] + 1)), np.float64)
    ends = projection.mapped(corners) / scale
    metrics = QFontMetricsF(painter.font())
    centre, bottom = float(ends[:, 0].mean()), float(ends[:, 1].max())
    x = centre - metrics.horizontalAdvance(name) / 2
    painter.setPen(QPen(colour))
    inscription.line(painter, x, bottom + metrics.ascent() + 6, name, colour)
