"""Both breasts as someone facing the patient sees them: a click, or the keys, say where the lesion lies."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from breastview.gui import theme
from breastview.language import tr
from breastview.study import site

REACH_MM = 100.0
"""Distance from the nipple to the drawn edge; what lies further out is drawn on the edge."""
RINGS_MM = (20, 40, 60, 80)
STEP_MM = 5
FURTHEST_MM = 200
_NIPPLE_MM = 3.0
"""A click nearer than this means the nipple itself: no clock position."""
_SECOND_DIGIT_MS = 1000

Site = tuple[str, int, float | None]
"""Side ("R", "L" or empty), clock position (0 for none), distance from the nipple in mm."""


class BreastDiagram(QWidget):
    """Shows a site and tells the one that was chosen; holds no truth of its own.

    Keys: R and L choose the side, Left and Right turn the clock, Up and Down go 5 mm outwards and inwards,
    digits give the hour (1 then 0 is 10), Delete takes everything back.

    Attributes
    ----------
    chosen : Signal(str, int, object)
        Side, clock position and distance from the nipple in mm (or None).
    """

    chosen = Signal(str, int, object)

    def __init__(self) -> None:
        super().__init__()
        self._site: Site = ("", 0, None)
        self._hover: Site | None = None
        self._usual = "R"
        self._drawn: tuple[object, QPixmap] | None = None
        self._digit: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Breast diagram: R, L, arrow keys, digits for the hour, Delete"))
        self.setToolTip(tr("Click where the lesion lies. Keys: R, L, arrows, digits for the hour, Delete"))

    def sizeHint(self) -> QSize:
        """Return a size at which hours can be told apart."""
        return QSize(280, 168)

    def set_site(self, side: str, clock: int, nipple_mm: float | None) -> None:
        """Show a place."""
        self._site = (side, clock, nipple_mm)
        self.setAccessibleDescription(site.sentence(*self._site))
        self.update()

    def set_usual_side(self, side: str) -> None:
        """Take the side that keys begin with, as the file names it."""
        self._usual = side if side in site.SIDES else "R"

    # Geometry

    def _radius(self) -> float:
        return max(20.0, min((self.width() - 30) / 4, (self.height() - 30) / 2))

    def _centre(self, side: str) -> QPointF:
        radius = self._radius()
        apart = radius + 5
        middle = self.width() / 2
        # The patient's right breast stands at the viewer's left.
        return QPointF(middle - apart if side == "R" else middle + apart, 4 + radius)

    def place(self, side: str, clock: int, nipple_mm: float | None) -> QPointF:
        """Return where a site is drawn, in px of the widget."""
        x, y = site.offset(clock, min(REACH_MM, nipple_mm or 0.0))
        scale = self._radius() / REACH_MM
        return self._centre(side) + QPointF(x * scale, y * scale)

    def site_at(self, position: QPointF) -> Site | None:
        """Return the site at a point of the widget, None beside the breasts."""
        side = "R" if position.x() < self.width() / 2 else "L"
        away = position - self._centre(side)
        scale = REACH_MM / self._radius()
        x, y = away.x() * scale, away.y() * scale
        distance = math.hypot(x, y)
        if distance > REACH_MM + 5:
            return None
        if distance < _NIPPLE_MM:
            return side, 0, 0.0
        return side, site.clock_at(x, y), float(max(STEP_MM, STEP_MM * round(distance / STEP_MM)))

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the place under the pointer."""
        found = self.site_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._tell(found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what a click would choose."""
        self._hover = self.site_at(event.position())
        inside = self._hover is not None
        self.setCursor(Qt.CursorShape.CrossCursor if inside else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002 (Qt)
        """Forget the pointer."""
        self._hover = None
        self.update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys that the diagram knows from the pictures."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if (plain and self._answer(event) is not None) or event.key() in _WALK:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change the site by a key."""
        answer = self._answer(event)
        if answer is None:
            super().keyPressEvent(event)
            return
        self._digit = (int(event.text()), event.timestamp()) if event.text().isdecimal() else None
        self._tell(answer)

    def _answer(self, event: QKeyEvent) -> Site | None:
        """Return the site that a key leads to, None for a key that means nothing here."""
        side, clock, distance = self._site
        key = event.key()
        if key in _SIDE_KEYS:
            return _SIDE_KEYS[key], clock, distance
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            return "", 0, None
        side = side or self._usual
        if key in _TURNS:
            return side, (clock + _TURNS[key] - 1) % 12 + 1 if clock else 12, distance
        if key in _AWAY:
            gone = (distance or 0.0) + _AWAY[key] * STEP_MM
            return side, clock, float(min(FURTHEST_MM, max(0, gone)))
        hour = self._hour(event)
        return None if hour is None else (side, hour, distance)

    def _hour(self, event: QKeyEvent) -> int | None:
        """Return the hour that a digit means: 1 becomes 10, 11 or 12 where another digit follows soon."""
        if not event.text().isdecimal() or len(event.text()) != 1:
            return None
        digit = int(event.text())
        first, moment = self._digit or (0, 0)
        if first == 1 and digit <= 2 and event.timestamp() - moment < _SECOND_DIGIT_MS:
            return 10 + digit
        return digit or None

    def _tell(self, chosen: Site) -> None:
        self.set_site(*chosen)
        self.chosen.emit(*chosen)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint both breasts, the chosen place and what it is called."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._breasts())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hover is not None and self.isEnabled():
            self._paint_mark(painter, self._hover, QColor(theme.MUTED))
        if self._site[0]:
            self._paint_mark(painter, self._site, QColor(theme.ACCENT))
        painter.setFont(theme.font(11))
        hovers = self._hover is not None and self.isEnabled()
        shown = site.short(*(self._hover if hovers and self._hover else self._site))
        painter.setPen(QColor(theme.MUTED if hovers or not shown else theme.TEXT))
        line = QRectF(0, self.height() - 19, self.width(), 17)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), shown or tr("Click where the lesion lies"))
        if self.hasFocus():
            painter.setPen(QColor(theme.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _breasts(self) -> QPixmap:
        """Return both breasts as they are drawn beneath all marks; kept while they look the same."""
        looks = self.size(), self.devicePixelRatioF(), self._site[0]
        if self._drawn is None or self._drawn[0] != looks:
            drawn = QPixmap(self.size() * self.devicePixelRatioF())
            drawn.setDevicePixelRatio(self.devicePixelRatioF())
            drawn.fill(Qt.GlobalColor.transparent)
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for side in site.SIDES:
                self._paint_breast(painter, side)
            painter.end()
            self._drawn = looks, drawn
        return self._drawn[1]

    def _paint_breast(self, painter: QPainter, side: str) -> None:
        centre, radius = self._centre(side), self._radius()
        given = self._site[0] == side
        outline = QPen(QColor(theme.ICON if given else theme.MUTED), 1.4 if given else 1.0)
        painter.setPen(outline)
        painter.setBrush(QColor(theme.RAISED))
        painter.drawPath(_outline(centre, radius, -1 if side == "R" else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#3a434c"), 1))
        for ring in RINGS_MM:
            painter.drawEllipse(centre, radius * ring / REACH_MM, radius * ring / REACH_MM)
        painter.setPen(QColor(theme.MUTED))
        painter.setFont(theme.font(10))
        for hour in (12, 3, 6, 9):
            x, y = site.offset(hour, REACH_MM * 0.89)
            at = centre + QPointF(x, y) * (radius / REACH_MM)
            painter.drawText(
                QRectF(at.x() - 9, at.y() - 7, 18, 14), int(Qt.AlignmentFlag.AlignCenter), str(hour)
            )
        painter.setPen(QPen(QColor("#4d5762"), 1))
        for hour in (1, 2, 4, 5, 7, 8, 10, 11):
            inner, outer = (site.offset(hour, REACH_MM * share) for share in (0.9, 0.97))
            scale = radius / REACH_MM
            painter.drawLine(centre + QPointF(*inner) * scale, centre + QPointF(*outer) * scale)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#6b747e"))
        painter.drawEllipse(centre, 3.2, 3.2)
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(QColor(theme.TEXT if given else theme.MUTED))
        corner = centre.x() - radius - 4 if side == "R" else centre.x() + radius - 10
        box = QRectF(corner, centre.y() + radius - 16, 14, 16)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), side)

    def _paint_mark(self, painter: QPainter, chosen: Site, colour: QColor) -> None:
        if chosen[1] == 0 and chosen[2] is None:
            return
        # A clock position without a distance lies somewhere on its line.
        if chosen[2] is None:
            painter.setPen(QPen(colour, 2, Qt.PenStyle.DotLine))
            painter.drawLine(self._centre(chosen[0]), self.place(chosen[0], chosen[1], REACH_MM))
            return
        at = self.place(*chosen)
        painter.setPen(QPen(colour, 1, Qt.PenStyle.DotLine))
        painter.drawLine(self._centre(chosen[0]), at)
        painter.setPen(QPen(QColor(theme.WINDOW), 1.5))
        painter.setBrush(colour)
        painter.drawEllipse(at, 5.0, 5.0)


def _outline(centre: QPointF, radius: float, outwards: int) -> QPainterPath:
    """Return a breast's outline with its tail towards the armpit, which lies at `outwards` (-1: left)."""
    breast = QPainterPath()
    breast.addEllipse(centre, radius, radius)
    tail = QPainterPath()
    tail.addEllipse(QPointF(), radius * 0.34, radius * 0.22)
    lie = QTransform()
    lie.translate(centre.x() + outwards * radius * 0.8, centre.y() - radius * 0.74)
    lie.rotate(-45 * outwards)
    return breast.united(lie.map(tail))


_WALK = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_SIDE_KEYS: dict[int, str] = {Qt.Key.Key_R: "R", Qt.Key.Key_L: "L"}
_TURNS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_AWAY: dict[int, int] = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
