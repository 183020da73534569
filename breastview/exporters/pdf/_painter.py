"""Pages as data become ink: the same strokes on paper, in the file and in the preview."""

from __future__ import annotations

from functools import singledispatch

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from breastview.exporters.pdf._document import Document
from breastview.exporters.pdf._fonts import UNITS, font
from breastview.exporters.pdf._items import Align, Box, Item, Line, Page, Picture, Text

_ALIGN = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft, Align.CENTRE: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}  # fmt: skip


def draw(document: Document, page: Page, painter: QPainter, dots_per_mm: float) -> None:
    """Draw a page whose upper left corner is the painter's origin.

    Parameters
    ----------
    document : Document
        Holds the pictures.
    page : Page
        One of its pages.
    painter : QPainter
        On any device.
    dots_per_mm : float
        The painter's units in a mm of paper.
    """
    painter.save()
    painter.scale(dots_per_mm / UNITS, dots_per_mm / UNITS)
    hints = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    painter.setRenderHints(hints | QPainter.RenderHint.TextAntialiasing)
    for item in page.items:
        _draw(item, painter, document)
    painter.restore()


def image(document: Document, number: int, dots_per_inch: float) -> QImage:
    """Return a page as a picture; may be called in any thread.

    Parameters
    ----------
    document : Document
        A report.
    number : int
        Of the page, from 0.
    dots_per_inch : float
        Resolution.
    """
    per_mm = dots_per_inch / 25.4
    paper = document.paper
    picture = QImage(round(paper.width * per_mm), round(paper.height * per_mm), QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    painter = QPainter(picture)
    try:
        draw(document, document.pages[number], painter, per_mm)
    finally:
        painter.end()
    return picture


@singledispatch
def _draw(item: Item, _painter: QPainter, _document: Document) -> None:
    raise TypeError(f"nothing draws {type(item).__name__}")


@_draw.register
def _(item: Text, painter: QPainter, _document: Document) -> None:
    painter.setFont(font(item.style))
    painter.setPen(QColor(item.style.colour))
    flags = _ALIGN[item.align] | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    flags |= Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip
    painter.drawText(_rect(item.x, item.y, item.width, item.style.line), int(flags), item.text)


@_draw.register
def _(item: Box, painter: QPainter, _document: Document) -> None:
    painter.setPen(_pen(item.outline, 0.3) if item.outline else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(item.fill) if item.fill else Qt.BrushStyle.NoBrush)
    radius = item.radius * UNITS
    painter.drawRoundedRect(_rect(item.x, item.y, item.width, item.height), radius, radius)


@_draw.register
def _(item: Picture, painter: QPainter, document: Document) -> None:
    target = _rect(item.x, item.y, item.width, item.height)
    painter.drawImage(target, QImage.fromData(document.pictures[item.key]))


@_draw.register
def _(item: Line, painter: QPainter, _document: Document) -> None:
    painter.save()
    if item.clip:
        painter.setClipRect(_rect(item.x, item.y, *item.clip))
    points = QPolygonF([QPointF((item.x + x) * UNITS, (item.y + y) * UNITS) for x, y in item.points])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    strokes = [_pen(item.halo, item.width + 0.25)] if item.halo else []
    strokes.append(_pen(item.colour, item.width))
    if item.dashed:
        strokes[-1].setDashPattern([5.0, 3.0])
    for pen in strokes:
        painter.setPen(pen)
        (painter.drawPolygon if item.closed else painter.drawPolyline)(points)
    painter.restore()


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width * UNITS)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _rect(x: float, y: float, width: float, height: float) -> QRectF:
    return QRectF(x * UNITS, y * UNITS, width * UNITS, height * UNITS)
