"""Long and short axis of each finding, with their true lengths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

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

GAP = CAP + 4
"""Between a lesion's axes and its label, in device-independent px."""

FURTHEST = 4
"""Rows of text that a label may move away from its lesion for want of room."""

LEGIBLE = 40.0
"""Shortest long axis on the screen, in device-independent px, whose calipers would not hide the lesion."""


def draw_calipers(
    painter: QPainter, projection: Projection, findings: Iterable[Finding], scale: float
) -> None:
    """Draw long and short axis of each finding.

    Parameters
    ----------
    painter : QPainter
        In device-independent px.
    projection : Projection
        Where the picture lies, in device px.
    findings : iterable of Finding
    scale : float
        Device px per device-independent px.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for finding in findings:
        start, end = (_point(projection, point, scale) for point in finding.long_ends)
        if math.hypot(end.x() - start.x(), end.y() - start.y()) >= LEGIBLE:
            for ends in (finding.long_ends, finding.short_ends):
                start, end = (_point(projection, point, scale) for point in ends)
                _caliper(painter, start, end)


def write_lengths(
    painter: QPainter,
    projection: Projection,
    findings: Sequence[Finding],
    scale: float,
    taken: Iterable[QRectF] = (),
) -> tuple[QRectF, ...]:
    """Write the lengths of the largest findings beside them, and return where these stand.

    Parameters
    ----------
    painter, projection, scale
        As for `draw_calipers`.
    findings : sequence of Finding
        Largest first; where there is no room for a label clear of the others, it is left out.
    taken : iterable of QRectF
        What else is written on the pane already.
    """
    others, found = list(taken), []
    for finding in findings[:LABELLED]:
        # Of several a label further off might be taken for that of another.
        place = _label(painter, finding, projection, scale, others, FURTHEST if len(findings) == 1 else 0)
        if place is not None:
            others.append(place)
            found.append(place)
    return tuple(found)


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
    painter: QPainter,
    finding: Finding,
    projection: Projection,
    scale: float,
    taken: list[QRectF],
    furthest: int,
) -> QRectF | None:
    """Write the lengths beside the lesion, inside the pane, clear of what is written there already."""
    metrics = QFontMetricsF(painter.font())
    text = lengths(finding)
    size = QSizeF(metrics.horizontalAdvance(text), metrics.height())
    points = [_point(projection, point, scale) for point in (*finding.long_ends, *finding.short_ends)]
    lesion = QPolygonF(points).boundingRect()
    room = QRectF(4, 4, projection.width / scale - 8, projection.height / scale - 8)
    for place in _places(lesion.adjusted(-GAP, -GAP, GAP, GAP), size, room, furthest):
        if not any(place.intersects(other) for other in taken):
            return inscription.line(painter, place.x(), place.y() + metrics.ascent(), text, CALIPER)
    return None


def _places(lesion: QRectF, size: QSizeF, room: QRectF, furthest: int) -> Iterator[QRectF]:
    """Yield where a label may stand, the best first: below, above, at its sides, further off."""
    most_left, most_top = room.right() - size.width(), room.bottom() - size.height()

    def at(left: float, top: float) -> QRectF:
        x, y = max(min(left, most_left), room.left()), max(min(top, most_top), room.top())
        return QRectF(QPointF(x, y), size)

    middle = lesion.center() - QPointF(size.width(), size.height()) / 2
    above = lesion.top() - size.height()
    yield at(middle.x(), lesion.bottom())
    yield at(middle.x(), above)
    for left in (lesion.left() - size.width(), lesion.right()):
        if room.left() <= left <= most_left:  # pushed back into the pane it would cover the lesion
            yield at(left, middle.y())
    for row in range(1, furthest + 1):
        yield at(middle.x(), lesion.bottom() + row * size.height())
        yield at(middle.x(), above - row * size.height())


def lengths(finding: Finding) -> str:
    """Return long by short axis in mm where mm are true, else in px and said so."""
    if finding.long_mm is not None and finding.short_mm is not None:
        return tr("{long_mm:.1f} × {short_mm:.1f} mm").format(
            long_mm=finding.long_mm, short_mm=finding.short_mm
        )
    return tr("{long_px:.0f} × {short_px:.0f} px, uncalibrated").format(
        long_px=finding.long_px, short_px=finding.short_px
    )
