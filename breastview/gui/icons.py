"""Icons by name, tinted for the dark theme; made once each, and drawn once a size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap

from breastview.gui import theme


class _Kept(QIconEngine):
    """Keeps what an icon looked like: drawing a letter of a font anew each time cost a tenth of a step."""

    def __init__(self, drawn: QIcon) -> None:
        super().__init__()
        self._drawn = drawn
        self._kept: dict[tuple[int, int, QIcon.Mode, QIcon.State], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the icon in device px; nothing where there is no room for it, as in a part folded away."""
        if size.isEmpty():
            return QPixmap()
        key = size.width(), size.height(), mode, state
        if key not in self._kept:
            self._kept[key] = self._drawn.pixmap(size, 1.0, mode, state)
        return self._kept[key]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon; where px of the screen are no whole part of a point, from the font itself."""
        scale = painter.device().devicePixelRatio()
        if scale != int(scale):
            self._drawn.paint(painter, rect, mode=mode, state=state)
        elif not rect.isEmpty():
            painter.drawPixmap(rect, self.pixmap(rect.size() * scale, mode, state))


@cache
def icon(name: str, colour: str = theme.ICON) -> QIcon:
    """Return a Material Design icon ("folder-open-outline") in a colour."""
    import qtawesome  # a quarter of a second, paid when the first icon is drawn

    drawn = qtawesome.icon(f"mdi6.{name}", color=colour, color_active=colour, color_disabled="#59626b")
    return QIcon(_Kept(drawn))
