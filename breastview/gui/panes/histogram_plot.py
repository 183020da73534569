"""The grey levels of a picture as a curve, with the window over it to be dragged."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from breastview.gui import theme
from breastview.gui.panes.painted import Last
from breastview.imaging.histogram import Histogram
from breastview.study.instance import Window

GRIP = 6.0
"""Distance from an edge of the window at which it is taken hold of, in device-independent px."""

STRIP = 8.0
"""Height of the strip that shows what grey each value gets."""

Greys = Callable[[tuple[float, float]], NDArray[np.uint8]]

GREY = ("#9aa4b0",)
COLOUR = ("#ff6b6b", "#6fcf97", "#6fa8ff")


class Held(Enum):
    """What of the window the mouse drags."""

    LOW = "low"
    HIGH = "high"
    WHOLE = "whole"


class HistogramPlot(QWidget):
    """Shows counts on a logarithmic scale, the window, and a strip of the greys that values get.

    Attributes
    ----------
    dragged : Signal(Window)
        The window as the mouse has it.
    """

    dragged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histogram: Histogram | None = None
        self._window = Window(128.0, 256.0)
        self._range = 0.0, 256.0
        self._greys: Greys | None = None
        self._drawn = Last()
        self._held: Held | None = None
        self._from, self._before = 0.0, self._window
        self.setMouseTracking(True)
        self.setMinimumSize(QSize(120, 70))

    def show_histogram(self, shown: Histogram | None) -> None:
        """Take the counts."""
        self._histogram = shown
        self._drawn = Last()
        self._stretch()
        self.update()

    def show_window(self, window: Window) -> None:
        """Take the window; the axis stays while it is dragged."""
        self._window = window
        if self._held is None:
            self._stretch()
        self.update()

    def show_greys(self, greys: Greys) -> None:
        """Take what gives the grey displayed for values evenly from one end of the axis to the other."""
        self._greys = greys
        self.update()

    @property
    def ends(self) -> tuple[float, float]:
        """Values at the left and right end of the axis: all that occur, and the window."""
        return self._range

    def _stretch(self) -> None:
        low, high = self._window.centre - self._window.width / 2, self._window.centre + self._window.width / 2
        if self._histogram is not None:
            low, high = min(low, self._histogram.low), max(high, self._histogram.high)
        self._range = low, max(high, low + 1e-9)

    # Where values are --------------------------------------------------------------------------------------

    def place(self, value: float) -> float:
        """Return where a value lies across the widget."""
        low, high = self._range
        return (value - low) / (high - low) * self.width()

    def value(self, x: float) -> float:
        """Return the value at a place across the widget."""
        low, high = self._range
        return low + x / max(self.width(), 1) * (high - low)

    def _under(self, x: float) -> Held:
        low = self.place(self._window.centre - self._window.width / 2)
        high = self.place(self._window.centre + self._window.width / 2)
        if min(abs(x - low), abs(x - high)) > GRIP:
            return Held.WHOLE
        return Held.LOW if abs(x - low) < abs(x - high) else Held.HIGH

    # The mouse ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an edge of the window, or of the whole."""
        if event.button() is Qt.MouseButton.LeftButton:
            x = event.position().x()
            self._held, self._from, self._before = self._under(x), self.value(x), self._window

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        x = event.position().x()
        if self._held is None:
            edge = self._under(x) is not Held.WHOLE
            self.setCursor(Qt.CursorShape.SizeHorCursor if edge else Qt.CursorShape.OpenHandCursor)
            return
        window = moved(self._before, self._held, self.value(x) - self._from)
        if window != self._window:
            self.show_window(window)
            self.dragged.emit(window)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = None
        self._stretch()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take two quick presses for what they are."""
        self.mousePressEvent(event)

    # Painting ----------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint curve, window and strip."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANE))
        area = QRectF(0, 0, self.width(), self.height() - STRIP)
        low = self.place(self._window.centre - self._window.width / 2)
        high = self.place(self._window.centre + self._window.width / 2)
        painter.fillRect(QRectF(low, 0, high - low, area.height()), QColor(76, 194, 224, 40))
        painter.drawPixmap(0, 0, self._curves(area))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT), 1.5))
        for x in (low, high):
            at = min(max(x, 0.75), self.width() - 0.75)
            painter.drawLine(QPointF(at, 0), QPointF(at, area.height()))
        middle = (low + high) / 2
        painter.setPen(QPen(QColor(theme.ACCENT), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, area.height()))
        if self._greys is not None:
            greys = np.ascontiguousarray(self._greys(self._range))
            strip = QImage(greys.data, len(greys), 1, len(greys), QImage.Format.Format_Grayscale8)
            painter.drawImage(QRectF(0, area.bottom() + 1, self.width(), STRIP - 1), strip)

    def _curves(self, area: QRectF) -> QPixmap:
        """Return the curves, which a drag of the window leaves as they are."""
        if self._drawn.stale((self._range, self.size(), self.devicePixelRatioF())):
            pixmap = QPixmap(area.size().toSize() * self.devicePixelRatioF())
            pixmap.setDevicePixelRatio(self.devicePixelRatioF())
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._histogram is not None:
                self._paint_curves(painter, area, self._histogram)
            painter.end()
            self._drawn.value = pixmap
        drawn: QPixmap = self._drawn.value
        return drawn

    def _paint_curves(self, painter: QPainter, area: QRectF, shown: Histogram) -> None:
        heights = np.log1p(shown.counts)
        most = heights.max() or 1.0
        colours = GREY if len(heights) == 1 else COLOUR
        edges = [self.place(shown.low + shown.step * bin_) for bin_ in range(heights.shape[1] + 1)]
        for row, name in zip(heights, colours, strict=True):
            line = [QPointF(edges[0], area.bottom())]
            for left, right, height in zip(edges, edges[1:], row.tolist(), strict=False):
                y = area.bottom() - height / most * (area.height() - 2)
                line += [QPointF(left, y), QPointF(right, y)]
            line.append(QPointF(edges[-1], area.bottom()))
            colour = QColor(name)
            painter.setPen(QPen(colour, 1))
            colour.setAlpha(90)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF(line))


def moved(window: Window, held: Held, by: float) -> Window:
    """Return a window after one edge of it, or the whole, was dragged by a difference of values."""
    if held is Held.WHOLE:
        return Window(window.centre + by, window.width)
    low, high = window.centre - window.width / 2, window.centre + window.width / 2
    if held is Held.LOW:
        low = min(low + by, high - 1.0)
    else:
        high = max(high + by, low + 1.0)
    return Window((low + high) / 2, high - low)
