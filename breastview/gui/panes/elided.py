"""A title that is cut with an ellipsis where there is no room, and may open a menu."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

from breastview.gui import theme

_ARROW = 13.0


def _metrics() -> QFontMetricsF:
    return QFontMetricsF(theme.font(theme.BASE_PIXELS, bold=True))


class ElidedButton(QToolButton):
    """A flat title; with a menu it can be pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoRaise(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._shorter: tuple[str, ...] = ()
        self.offer(None)

    def say(self, text: str, *shorter: str) -> bool:
        """Take the title, and those to use where it has no room, each shorter than the one before.

        Returns
        -------
        bool
            Whether they are others than before.
        """
        if (text, *shorter) == (self.text(), *self._shorter):
            return False
        self._shorter = shorter
        self.setText(text)
        return True

    def least(self) -> int:
        """Return how wide the button is, in device-independent px, with its shortest title uncut."""
        return self._width((self.text(), *self._shorter)[-1])

    def taken(self, room: int) -> int:
        """Return how many of `room` device-independent px the button needs for what it shows in them."""
        return self._width(self.fitting(room - self._margins))

    def _width(self, text: str) -> int:
        return ceil(_metrics().horizontalAdvance(text) + self._margins)

    @property
    def _margins(self) -> float:
        return 7 + (_ARROW if self.isEnabled() else 6)

    def fitting(self, room: float) -> str:
        """Return what of the title is shown in `room` device-independent px."""
        metrics = _metrics()
        titles = (self.text(), *self._shorter)
        text = next((one for one in titles if metrics.horizontalAdvance(one) <= room), titles[-1])
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def offer(self, menu: QMenu | None) -> None:
        """Take a menu to open, or none."""
        before = self.menu()
        if before is not None:
            before.deleteLater()
        if menu is not None:
            self.setMenu(menu)
        self.setEnabled(menu is not None)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if menu is None else Qt.FocusPolicy.TabFocus)

    def sizeHint(self) -> QSize:
        """Return the size of the whole title."""
        return QSize(self._width(self.text()), 24)

    def minimumSizeHint(self) -> QSize:
        """Return the size below which nothing of the title would be left."""
        return QSize(40, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the title, an arrow where there is a menu, a frame under the mouse or the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isEnabled() and (self.underMouse() or self.hasFocus()):
            painter.setPen(QColor(theme.ACCENT) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.HOVER))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        font = theme.font(theme.BASE_PIXELS, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(theme.TEXT))
        metrics = QFontMetricsF(font)
        room = self.width() - self._margins
        text = self.fitting(room)
        area = QRectF(6, 0, room, self.height())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)
        if self.isEnabled():
            self._paint_arrow(painter, 6 + metrics.horizontalAdvance(text) + 5)

    def _paint_arrow(self, painter: QPainter, x: float) -> None:
        painter.setPen(QColor(theme.MUTED))
        middle = self.height() / 2
        for step in range(4):
            y = round(middle - 1 + step)
            painter.drawLine(round(x + step), y, round(x + 7 - step), y)
