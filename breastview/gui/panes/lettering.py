"""What is written over a picture: the four corners and the patient's directions at the edges."""

from __future__ import annotations

from itertools import islice, zip_longest

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from breastview.gui import theme
from breastview.gui.panes import inscription
from breastview.gui.panes.annotations import Corners

GAP = 8.0
"""Between texts on the left and on the right, in device-independent px."""

BAR = 34.0
"""What the bars at the left and at the right edge take, in device-independent px."""

CENTRE = 40.0
"""What the letters at the upper and lower edge take, in device-independent px."""

Line = tuple[str, QColor]


def write_corners(
    painter: QPainter, area: QRectF, texts: Corners, middle: float, centre: float
) -> list[QRectF]:
    """Write the corners; left and right share the width, top and bottom the height. Return where they stand.

    Parameters
    ----------
    painter : QPainter
        In device-independent px.
    area : QRectF
        All that may be written on.
    texts : Corners
    middle : float
        Height that stays free half-way down, for the bars at the edges.
    centre : float
        Width that stays free half-way across the first and the last row, for the letters at the edges.
    """
    text, warning = QColor(theme.TEXT), QColor(theme.WARNING)
    metrics = QFontMetricsF(painter.font())
    rows = int(max(0.0, (area.height() - middle) / 2) / metrics.lineSpacing())
    top = zip_longest(_lines(texts.top_left, text), _lines(texts.top_right, text))
    found: list[QRectF] = []
    for row, pair in enumerate(islice(top, rows)):
        found += _write(painter, area, area.top() + row * metrics.lineSpacing(), pair, 0.0 if row else centre)
    left = (*_lines(texts.signs, warning), *_lines(texts.bottom_left, text))
    below = zip_longest(reversed(left), reversed(_lines(texts.bottom_right, text)))
    for row, pair in enumerate(islice(below, rows), 1):
        y = area.bottom() - row * metrics.lineSpacing()
        found += _write(painter, area, y, pair, centre if row == 1 else 0.0)
    return found


def _lines(texts: tuple[str, ...], colour: QColor) -> tuple[Line, ...]:
    return tuple((text, colour) for text in texts)


def _write(
    painter: QPainter, area: QRectF, top: float, pair: tuple[Line | None, Line | None], centre: float
) -> list[QRectF]:
    """Write what stands in one row on the left and on the right: each gets what the other leaves."""
    metrics, (left, right) = QFontMetricsF(painter.font()), pair
    half, found = (area.width() - max(GAP, centre)) / 2, []
    for line, beside in ((left, right), (right, left)):
        if line is None:
            continue
        other = metrics.horizontalAdvance(beside[0]) if beside is not None else 0.0
        room = half if centre else area.width() - (GAP if beside is not None else 0) - min(other, half)
        text = metrics.elidedText(line[0], Qt.TextElideMode.ElideRight, room)
        x = area.left() if line is left else area.right() - metrics.horizontalAdvance(text)
        found.append(inscription.line(painter, x, top + metrics.ascent(), text, line[1]))
    return found


def write_edges(painter: QPainter, area: QRectF, letters: tuple[str, str, str, str]) -> None:
    """Write the patient's directions at the left, top, right and bottom edge, clear of the bars."""
    others = painter.font()
    painter.setFont(theme.font(12, bold=True))
    metrics = QFontMetricsF(painter.font())
    left, top, right, bottom = letters
    middle, line = area.center(), metrics.ascent()
    places = (
        (left, QPointF(area.left() + BAR, middle.y() + line / 2)),
        (top, QPointF(middle.x() - metrics.horizontalAdvance(top) / 2, area.top() + line)),
        (right, QPointF(area.right() - BAR - metrics.horizontalAdvance(right), middle.y() + line / 2)),
        (bottom, QPointF(middle.x() - metrics.horizontalAdvance(bottom) / 2, area.bottom() - 3)),
    )
    for letter, at in places:
        if letter:
            inscription.line(painter, at.x(), at.y(), letter, QColor(theme.TEXT))
    painter.setFont(others)
