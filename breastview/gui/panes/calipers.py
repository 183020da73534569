"""Long and short axis of each finding, with their true lengths."""

from __future__ import annotations

import math
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from breastview.gui.panes import inscription
from breastview.gui.panes.outlines import stroke
from breastview.gui.panes.view import Projection
from breastview.language import tr
from breastview.study.analysis import Finding

CALIPER = QColor("#ffffff")
SHADE = QColor(0, 0, 0, 110)
CAP = 5.0
"""Half the length of the bar at either end of a caliper, in device-independent px."""

LABELLED = 5
"""Of so many lesions, the largest, the lengths are written: a field of tissue may hold a hundred areas."""

LEGIBLE = 40.0
"""Shortest long axis on the screen, in device-independent px, whose calipers would not hide the lesion."""


def draw_calipers(
    painter: QPainter, projection: Projection, findings: Iterable[Finding], scale: float
) -> tuple[QRectF, ...]:
    """Draw long and short axis of each finding with their lengths, and return where these stand.

    Parameters
    ----------
    painter : QPainter
        In device-independent px.
    projection : Projection
        Where the picture lies, in device px.
    findings : iterable of Finding
        Largest first; where labels would touch, that of the smaller one is left out.
    scale : float
        Device px per device-independent px.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    taken: list[QRectF] = []
    for place, finding in enumerate(findings):
        start, end = (_point(projection, point, scale) for point in finding.long_ends)
        if math.hypot(end.x() - start.x(), end.y() - start.y()) >= LEGIBLE:
            for ends in (finding.long_ends, finding.short_ends):
                start, end = (_point(projection, point, scale) for point in ends)
                _caliper(painter, start, end)
        if place < LABELLED:
            _label(painter, finding, projection, scale, taken)
    return tuple(taken)


def _point(projection: Projection, point: tuple[float, float], scale: float) -> QPointF:
    x, y = projection.to_pane(point[0] + 0.5, point[1] + 0.5)
    return QPointF(x / scale, y / scale)


def _caliper(painter: QPainter, start: QPointF, end: QPointF) -> None:
    length = math.hypot(end.x() - start.x(), end.y() - start.y())
    if length < 1:
        return
    cap = QPointF(-(end.y() - start.y()), end.x() - start.x()) * (CAP / length)
    for colour, width in ((SHADE, 3.0), (CALIPER, 1.0)):
        painter.setPen(stroke(colour, width, dashed=colour is CALIPER))
        painter.drawLine(start, end)
        painter.setPen(QPen(colour, width))
        for point in (start, end):
            painter.drawLine(point - cap, point + cap)


def _label(
    painter: QPainter, finding: Finding, projection: Projection, scale: float, taken: list[QRectF]
) -> None:
    """Write the lengths beside the lower right of the lesion, inside the pane, clear of other labels."""
    metrics = QFontMetricsF(painter.font())
    text = lengths(finding)
    points = [_point(projection, point, scale) for point in (*finding.long_ends, *finding.short_ends)]
    width, height = metrics.horizontalAdvance(text), metrics.height()
    room = QRectF(4, 4, projection.width / scale - width - 8, projection.height / scale - height - 8)
    x = sum(point.x() for point in points) / 4 - width / 2
    y = max(point.y() for point in points) + CAP + 4
    place = QRectF(
        min(max(x, room.left()), max(room.right(), room.left())),
        min(max(y, room.top()), max(room.bottom(), room.top())),
        width,
        height,
    )
    if any(place.intersects(other) for other in taken):
        return
    taken.append(place)
    inscription.line(painter, place.x(), place.y() + metrics.ascent(), text, CALIPER)


def lengths(finding: Finding) -> str:
    """Return long by short axis in mm where mm are true, else in px and said so."""
    if finding.long_mm is not None and finding.short_mm is not None:
        return tr("{long_mm:.1f} × {short_mm:.1f} mm").format(
            long_mm=finding.long_mm, short_mm=finding.short_mm
        )
    return tr("{long_px:.0f} × {short_px:.0f} px, uncalibrated").format(
        long_px=finding.long_px, short_px=finding.short_px
    )
