"""Drawing measurements over a picture: lines with a halo, handles, and labels beside what is measured."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.measuring_handles import handles
from breastview.gui.panes.measuring_sheet import Sheet
from breastview.gui.panes.tools import ToView
from breastview.imaging import regions
from breastview.study.measurement import Measurement, Tool

LINE = QColor("#9bea5b")
"""The reader's own: neither the AI's mask (cyan) nor its calipers (white) nor the ground truth (yellow)."""

CHOSEN = QColor("#ffffff")
HALO = QColor(0, 0, 0, 190)
CAP = 5.0
HANDLE = 3.5
ARROW = 9.0
NEAR = 6.0
"""Device-independent px between a shape and its label."""

_TURNS = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))


def path(measurement: Measurement, to_view: ToView) -> QPainterPath:
    """Return the lines of a measurement on the canvas."""
    made, tool = QPainterPath(), measurement.tool
    line = [to_view(float(x), float(y)) for x, y in regions.outline(measurement)]
    if not line:
        return made
    made.moveTo(line[0])
    if tool is Tool.AXES:
        for start, end in zip(line[::2], line[1::2], strict=False):
            made.moveTo(start)
            made.lineTo(end)
        return made
    if tool is Tool.TEXT:
        return made
    for point in line[1:]:
        made.lineTo(point)
    if tool in (Tool.ELLIPSE, Tool.RECTANGLE, Tool.FREEHAND) and len(line) > 2:
        made.closeSubpath()
    return made


def near(measurement: Measurement, to_view: ToView, point: QPointF, reach: float) -> bool:
    """Return whether a point of the canvas lies on a measurement's lines, give or take `reach`."""
    if measurement.tool is Tool.TEXT:
        at = to_view(*measurement.points[0])
        return math.hypot(at.x() - point.x(), at.y() - point.y()) <= reach
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * reach)
    return stroker.createStroke(path(measurement, to_view)).contains(point)


class Drawing:
    """Draws a sheet on one canvas and remembers where the labels went.

    Attributes
    ----------
    labels : dict of str to QRectF
        By identifier, on the canvas drawn last.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.labels: dict[str, QRectF] = {}

    def paint(self, painter: QPainter, to_view: ToView, hovered: str) -> dict[str, QRectF]:
        """Draw everything and return where the labels stand."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(theme.font(12))
        shown = self._sheet.shown()
        shapes = {one.identifier: path(one, to_view) for one in shown}
        labels: dict[str, QRectF] = {}
        lesions = [
            QRectF(to_view(x0, y0), to_view(x1, y1)).normalized() for x0, y0, x1, y1 in self._sheet.lesions
        ]
        for one in shown:
            at_hand = one.identifier in (self._sheet.selected, hovered) or one is self._sheet.draft
            self._shape(painter, one, shapes[one.identifier], to_view, at_hand)
        for one in shown:
            at_hand = one.identifier == self._sheet.selected or one is self._sheet.draft
            if to_view.quiet and not at_hand:
                continue
            others = [shape for name, shape in shapes.items() if name != one.identifier]
            place = self._label(
                painter,
                one,
                shapes[one.identifier],
                to_view,
                [*to_view.taken, *labels.values()],
                others,
                lesions,
            )
            if place is not None:
                labels[one.identifier] = place
        return labels

    def _shape(
        self, painter: QPainter, one: Measurement, shape: QPainterPath, to_view: ToView, at_hand: bool
    ) -> None:
        width = 2.0 if at_hand else 1.4
        for colour, thick in ((HALO, width + 2.4), (LINE, width)):
            pen = QPen(colour, thick)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPath(shape)
            self._ends(painter, one, to_view)
        if one.tool is Tool.ANGLE and len(one.points) == 3:
            self._arc(painter, one, to_view)
        if one.identifier == self._sheet.selected:
            self._handles(painter, one, to_view)

    def _ends(self, painter: QPainter, one: Measurement, to_view: ToView) -> None:
        """Draw the bars at the ends of lengths."""
        if one.tool not in (Tool.DISTANCE, Tool.AXES):
            return
        points = [to_view(*point) for point in one.points]
        for start, end in zip(points[::2], points[1::2], strict=False):
            length = math.hypot(end.x() - start.x(), end.y() - start.y())
            if length < 1:
                continue
            cap = QPointF(-(end.y() - start.y()), end.x() - start.x()) * (CAP / length)
            for point in (start, end):
                painter.drawLine(point - cap, point + cap)

    def _arc(self, painter: QPainter, one: Measurement, to_view: ToView) -> None:
        start, vertex, end = (to_view(*point) for point in one.points)
        radius = min(
            18.0,
            math.hypot(start.x() - vertex.x(), start.y() - vertex.y()) / 2,
            math.hypot(end.x() - vertex.x(), end.y() - vertex.y()) / 2,
        )
        first = math.degrees(math.atan2(vertex.y() - start.y(), start.x() - vertex.x()))
        second = math.degrees(math.atan2(vertex.y() - end.y(), end.x() - vertex.x()))
        span = (second - first + 180) % 360 - 180
        area = QRectF(vertex.x() - radius, vertex.y() - radius, 2 * radius, 2 * radius)
        painter.setPen(QPen(LINE, 1.2))
        painter.drawArc(area, round(first * 16), round(span * 16))

    def _handles(self, painter: QPainter, one: Measurement, to_view: ToView) -> None:
        painter.setPen(QPen(HALO, 1.2))
        painter.setBrush(CHOSEN)
        for point in handles(one):
            at = to_view(*point)
            painter.drawRect(QRectF(at.x() - HANDLE, at.y() - HANDLE, 2 * HANDLE, 2 * HANDLE))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _label(
        self,
        painter: QPainter,
        one: Measurement,
        shape: QPainterPath,
        to_view: ToView,
        labels: list[QRectF],
        others: list[QPainterPath],
        lesions: list[QRectF],
    ) -> QRectF | None:
        lines = self._sheet.lines(one)
        if not lines:
            self._arrow_alone(painter, one, to_view)
            return None
        metrics = QFontMetricsF(painter.font())
        width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * inscription.PAD
        height = metrics.lineSpacing() * len(lines) + 2
        # A line straight down has no width, and Qt says of an empty rectangle that it meets nothing.
        anchor, area = shape.boundingRect().adjusted(-1, -1, 1, 1), to_view.area.adjusted(4, 4, -4, -4)
        if one.tool is not Tool.TEXT and not anchor.intersects(to_view.area):
            return None
        if one.tool is Tool.TEXT:
            at = to_view(*one.points[0])
            anchor = QRectF(at.x() - ARROW, at.y() - ARROW, 2 * ARROW, 2 * ARROW)
        if len(one.points) == 2 and one.tool is Tool.TEXT:
            at = to_view(*one.points[1])
            place = _within(QRectF(at.x(), at.y(), width, height), area)
        else:
            place = placed(anchor, width, height, area, labels, others, lesions)
        if one.tool is Tool.TEXT:
            self._arrow(painter, place, to_view(*one.points[0]))
        elif _gap(place, anchor) > 4 * NEAR:
            self._leader(painter, place, anchor)
        for row, line in enumerate(lines):
            y = place.y() + 1 + row * metrics.lineSpacing() + metrics.ascent()
            inscription.line(painter, place.x() + inscription.PAD, y, line, LINE)
        return place

    def _arrow_alone(self, painter: QPainter, one: Measurement, to_view: ToView) -> None:
        if one.tool is Tool.TEXT and len(one.points) == 2:
            at = to_view(*one.points[1])
            self._arrow(painter, QRectF(at, at), to_view(*one.points[0]))

    def _arrow(self, painter: QPainter, place: QRectF, tip: QPointF) -> None:
        """Draw an arrow from the words to what they are about."""
        start = QPointF(
            min(max(tip.x(), place.left()), place.right()), min(max(tip.y(), place.top()), place.bottom())
        )
        length = math.hypot(tip.x() - start.x(), tip.y() - start.y())
        if length < 2:
            return
        along = (tip - start) / length
        across = QPointF(-along.y(), along.x())
        back = tip - along * min(ARROW, length)
        for colour, width in ((HALO, 4.0), (LINE, 1.6)):
            pen = QPen(colour, width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(start, tip)
            painter.drawLine(tip, back + across * ARROW * 0.45)
            painter.drawLine(tip, back - across * ARROW * 0.45)

    def _leader(self, painter: QPainter, place: QRectF, anchor: QRectF) -> None:
        """Draw a thin line from a label that had to stand apart to what it belongs to."""
        towards = anchor.center()
        start = QPointF(
            min(max(towards.x(), place.left()), place.right()),
            min(max(towards.y(), place.top()), place.bottom()),
        )
        end = QPointF(
            min(max(start.x(), anchor.left()), anchor.right()),
            min(max(start.y(), anchor.top()), anchor.bottom()),
        )
        painter.setPen(QPen(HALO, 3.0))
        painter.drawLine(start, end)
        painter.setPen(QPen(LINE, 0.8, Qt.PenStyle.DotLine))
        painter.drawLine(start, end)


def placed(
    anchor: QRectF,
    width: float,
    height: float,
    area: QRectF,
    labels: list[QRectF],
    shapes: list[QPainterPath],
    lesions: Sequence[QRectF] = (),
) -> QRectF:
    """Return where a label stands: beside its shape, inside the pane, clear of the others if that goes.

    Parameters
    ----------
    anchor : QRectF
        Around the shape; it is never covered as long as there is room for the label anywhere beside it.
    width, height : float
        Of the label.
    area : QRectF
        The pane.
    labels : list of QRectF
        Labels that stand already.
    shapes : list of QPainterPath
        Lines that should stay in sight.
    lesions : sequence of QRectF
        What should not be covered either.
    """
    candidates = []
    for distance in (NEAR, 3 * NEAR, 6 * NEAR, 12 * NEAR):
        for dx, dy in _TURNS:
            x = _beside(anchor.left(), anchor.right(), width, dx, distance)
            y = _beside(anchor.top(), anchor.bottom(), height, dy, distance)
            candidates.append(QRectF(x, y, width, height))
    corners = (area.bottomRight(), area.topRight(), area.bottomLeft(), area.topLeft())
    candidates.extend(QRectF(at.x() - width / 2, at.y() - height / 2, width, height) for at in corners)

    # Whether lines meet a rectangle is much to ask of each; mostly they do not come near it.
    boxes = [(shape, shape.controlPointRect().adjusted(-1, -1, 1, 1)) for shape in shapes]

    def cost(place: QRectF) -> float:
        on_labels = sum(_overlap(place, other) for other in labels) / (width * height)
        on_lines = sum(box.intersects(place) and shape.intersects(place) for shape, box in boxes)
        on_lesions = sum(_overlap(place, lesion) for lesion in lesions) / (width * height)
        on_itself = _overlap(place, anchor) / (width * height)
        return _gap(place, anchor) + 1000 * on_labels + 60 * on_lines + 150 * on_lesions + 5000 * on_itself

    return min((_within(place, area) for place in candidates), key=cost)


def _beside(low: float, high: float, extent: float, side: int, distance: float) -> float:
    if side > 0:
        return high + distance
    return low - distance - extent if side < 0 else (low + high - extent) / 2


def _within(place: QRectF, area: QRectF) -> QRectF:
    x = min(max(place.x(), area.left()), max(area.right() - place.width(), area.left()))
    y = min(max(place.y(), area.top()), max(area.bottom() - place.height(), area.top()))
    return QRectF(x, y, place.width(), place.height())


def _overlap(one: QRectF, other: QRectF) -> float:
    both = one.intersected(other)
    return both.width() * both.height() if not both.isEmpty() else 0.0


def _gap(one: QRectF, other: QRectF) -> float:
    across = max(one.left() - other.right(), other.left() - one.right(), 0)
    down = max(one.top() - other.bottom(), other.top() - one.bottom(), 0)
    return math.hypot(across, down)
