"""A small panel over the lower edge of a pane: grey levels, the window, presets and an automatic window."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panes.content import Content
from breastview.gui.panes.histogram_plot import HistogramPlot
from breastview.gui.panes.look import Look
from breastview.gui.panes.view import Projection
from breastview.imaging import histogram, window
from breastview.imaging.window import Part
from breastview.language import tr
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels

WIDTH, HEIGHT = 380, 172
"""At most, in device-independent px."""

SETTLED_MS = 80
"""How long zoom and position must rest before the part in sight is counted."""


class HistogramPanel(QWidget):
    """Follows one pane.

    Attributes
    ----------
    chosen : Signal(Window or None)
        The window the reader wants; None: the file's own.
    closed : Signal()
        The reader has seen enough.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # or every change would paint the picture
        self._pixels: FramePixels | None = None
        self._look = Look()
        self._seen: Part | None = None
        self._counted: tuple[FramePixels | None, Part | None] = (None, None)
        self._windows: tuple[Window, ...] = ()
        self._for: object = None
        self.plot = HistogramPlot(self)
        self.plot.setAccessibleName(tr("Grey levels and window"))
        self.plot.dragged.connect(self.chosen)
        self.presets = QComboBox(self)
        self.presets.setAccessibleName(tr("Window presets"))
        self.presets.activated.connect(self._take_preset)
        self.automatic = QPushButton(tr("Automatic"), self)
        self.automatic.setToolTip(tr("Span the values but for the darkest and brightest half percent"))
        self.automatic.clicked.connect(self._take_automatic)
        self.part = QCheckBox(tr("Visible part"), self)
        self.part.setToolTip(tr("Count only what is in sight; zoom into what the window is for"))
        self.part.toggled.connect(self._count)
        self.numbers = QLabel(self)
        self.close_button = QToolButton(self)
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(tr("Close the histogram"))
        self.close_button.setAccessibleName(self.close_button.toolTip())
        self.close_button.clicked.connect(self.closed)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(SETTLED_MS)
        self._rest.timeout.connect(self._count)
        for widget in (self.presets, self.automatic, self.part, self.close_button):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        above, below = QHBoxLayout(), QHBoxLayout()
        above.addWidget(self.presets, 1)
        above.addWidget(self.automatic)
        above.addWidget(self.close_button)
        below.addWidget(self.numbers, 1)
        below.addWidget(self.part)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.setSpacing(5)
        column.addLayout(above)
        column.addWidget(self.plot, 1)
        column.addLayout(below)

    def stand(self, width: int, height: int) -> None:
        """Take the place at the lower edge of a pane, in the middle."""
        wide, high = min(WIDTH, width - 12), min(HEIGHT, height // 2)
        self.setGeometry((width - wide) // 2, height - high - 6, wide, high)

    # What is shown -----------------------------------------------------------------------------------------

    def follow(self, content: Content, look: Look, projection: Projection) -> None:
        """Show the grey levels of a pane's picture and the window it has."""
        same = self._pixels is content.pixels
        self._pixels, self._look = content.pixels, look
        if content.pixels is None:
            self.plot.show_histogram(None)
            self._counted = (None, None)
            return
        self._seen = _part(projection, content.pixels.size)
        if not same:
            self._count()
        elif self.part.isChecked() and self._counted[1] != self._seen:
            self._rest.start()
        self._offer(content)
        self._follow_window()

    def _follow_window(self) -> None:
        pixels = self._pixels
        if pixels is None:
            return
        shown = self._look.window or pixels.window
        self.plot.show_window(shown)
        look = self._look
        self.plot.show_greys(lambda ends: _greys(pixels, look, ends))
        form = ".0f" if shown.width >= 20 else ".3g"
        width, centre = (f"{value:{form}}" for value in (shown.width, shown.centre))
        self.numbers.setText(tr("W {width}  L {centre}").format(width=width, centre=centre))
        here = [(each.centre, each.width) for each in self._windows]
        with QSignalBlocker(self.presets):
            at = (shown.centre, shown.width)
            self.presets.setCurrentIndex(here.index(at) if at in here else -1)
        self.presets.setPlaceholderText(tr("Own window"))

    def _offer(self, content: Content) -> None:
        """List the windows to choose from, once a picture."""
        wanted = (content.pixels, self._look.presets)
        if content.instance is None or content.pixels is None or wanted == self._for:
            return
        self._for = wanted
        self._windows = window.presets(content.instance, content.pixels, self._look.presets)
        with QSignalBlocker(self.presets):
            self.presets.clear()
            self.presets.addItems([each.name for each in self._windows])

    def _count(self) -> None:
        """Count the frame, or what is in sight of it."""
        if self._pixels is None:
            return
        part = self._seen if self.part.isChecked() else None
        self._counted = (self._pixels, part)
        self.plot.show_histogram(histogram.histogram(self._pixels.values, part))

    # What the reader does ----------------------------------------------------------------------------------

    def _take_preset(self, index: int) -> None:
        self.chosen.emit(self._windows[index] if index else None)

    def _take_automatic(self) -> None:
        if self._pixels is not None:
            self.chosen.emit(window.automatic(self._pixels, self._seen if self.part.isChecked() else None))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what the controls stand on."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.LINE))
        painter.fillRect(self.rect().adjusted(1, 1, -1, -1), QColor(theme.PANEL))


def _part(projection: Projection, size: tuple[int, int]) -> Part | None:
    """Return the rows and columns in sight; None where there are none."""
    x0, y0, x1, y1 = projection.seen()
    left, right = max(0, int(x0)), min(size[1], int(np.ceil(x1)))
    top, bottom = max(0, int(y0)), min(size[0], int(np.ceil(y1)))
    return (top, bottom, left, right) if top < bottom and left < right else None


def _greys(pixels: FramePixels, look: Look, ends: tuple[float, float]) -> np.ndarray:
    """Return what is displayed for values from one end to the other, 256 of them."""
    kind = pixels.values.dtype
    values = np.linspace(*ends, 256)
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        values = np.clip(np.rint(values), limits.min, limits.max)
    ramp = replace(pixels, values=values.astype(kind)[None])
    return window.to_display(ramp, look.window, look.invert)[0]
