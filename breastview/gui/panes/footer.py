"""The strip under a pane: captions side by side, each elided to its share."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from breastview.gui import theme
from breastview.gui.panes.captions import Caption
from breastview.gui.plain import plain

HEIGHT = 24
GAP = 12.0


class Footer(QWidget):
    """Shows captions from left to right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._captions: tuple[Caption, ...] = ()
        self.setFixedHeight(HEIGHT)

    @property
    def captions(self) -> tuple[Caption, ...]:
        """What is shown."""
        return self._captions

    def show_captions(self, captions: tuple[Caption, ...]) -> None:
        """Show captions; the tooltip holds them whole."""
        if captions == self._captions:
            return
        self._captions = captions
        whole = "\n".join(caption.text for caption in captions)
        self.setToolTip(plain(whole))
        self.setAccessibleName(whole)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the captions; the last one ends at the right edge."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.WINDOW))
        if not self._captions:
            return
        painter.setFont(theme.font(12))
        metrics = QFontMetricsF(painter.font())
        wanted = [metrics.horizontalAdvance(caption.text) + 1 for caption in self._captions]
        widths = _shares(wanted, self.width() - 16 - GAP * (len(wanted) - 1))
        left = 8.0
        for index, (caption, width) in enumerate(zip(self._captions, widths, strict=True)):
            last = index > 0 and index == len(self._captions) - 1
            area = QRectF(self.width() - 8 - width if last else left, 0, width, self.height())
            painter.setPen(QColor(caption.colour))
            text = metrics.elidedText(caption.text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter), text)
            left += width + GAP


def _shares(wanted: list[float], room: float) -> list[float]:
    """Return widths no larger than wanted that fit the room; only the widest are cut."""
    if sum(wanted) <= room:
        return wanted
    left, shares = room, {}
    for place, (index, width) in enumerate(sorted(enumerate(wanted), key=lambda item: item[1])):
        shares[index] = min(width, left / (len(wanted) - place))
        left -= shares[index]
    return [shares[index] for index in range(len(wanted))]
