"""Class probabilities as bars; clicking one shows that class's Grad-CAM."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.language import tr
from breastview.study.ai_words import class_name
from breastview.study.shares import percent

_BAR = 30


class ProbabilityBars(QWidget):
    """One line a class: name, bar, per cent; the class whose Grad-CAM is shown carries a flame.

    Attributes
    ----------
    chosen : Signal(str)
        The class whose Grad-CAM the reader wants.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._classes: tuple[str, ...] = ()
        self._probabilities: tuple[float, ...] | None = None
        self._shown = ""
        self._below: float | None = None
        self._hover = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Class probabilities; up and down choose the Grad-CAM"))

    def set_values(
        self,
        classes: tuple[str, ...],
        probabilities: tuple[float, ...] | None,
        shown: str,
        below: float | None = None,
    ) -> None:
        """Show calibrated probabilities.

        Parameters
        ----------
        classes : tuple of str
        probabilities : tuple of float or None
            0..1, one a class; None: no score.
        shown : str
            Whose Grad-CAM is shown.
        below : float or None
            Where the band ends in which the model does not commit itself, 0..1.
        """
        self._classes, self._probabilities, self._shown, self._below = classes, probabilities, shown, below
        known = zip(classes, probabilities or (), strict=probabilities is not None)
        self.setAccessibleDescription(
            ", ".join(f"{class_name(name)} {percent(value)}" for name, value in known)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of all lines."""
        return QSize(200, _BAR * len(self._classes))

    def _at(self, y: float) -> int:
        line = int(y) // _BAR
        return line if 0 <= line < len(self._classes) else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a class."""
        if event.button() == Qt.MouseButton.LeftButton and (line := self._at(event.position().y())) >= 0:
            self.chosen.emit(self._classes[line])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the line under the pointer."""
        self._hover = self._at(event.position().y())
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._hover >= 0 else Qt.CursorShape.ArrowCursor)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: ARG002 (Qt)
        """Forget the pointer."""
        self._hover = -1
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a class by the arrow keys."""
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is None or not self._classes:
            super().keyPressEvent(event)
            return
        here = self._classes.index(self._shown) if self._shown in self._classes else 0
        self.chosen.emit(self._classes[(here + by) % len(self._classes)])

    def event(self, event: QEvent) -> bool:
        """Explain the line under the pointer."""
        if (
            isinstance(event, QHelpEvent)
            and event.type() == QEvent.Type.ToolTip
            and self._at(event.pos().y()) >= 0
        ):
            name = self._classes[self._at(event.pos().y())]
            tip = tr("Show the Grad-CAM of “{name}” (Shift+G: next class)").format(name=class_name(name))
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line, name in enumerate(self._classes):
            value = None if self._probabilities is None else self._probabilities[line]
            self._paint_line(
                painter, QRect(0, line * _BAR, self.width(), _BAR), name, value, line == self._hover
            )
        if self.hasFocus():
            painter.setPen(QColor(theme.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def _paint_line(
        self, painter: QPainter, area: QRect, name: str, value: float | None, hover: bool
    ) -> None:
        shown = name == self._shown
        if hover:
            painter.fillRect(area, QColor(theme.HOVER))
        colour = QColor(theme.CLASS_COLOURS.get(name, theme.ICON))
        if shown:
            icon("fire", theme.ACCENT).paint(painter, QRect(area.left(), area.top() + 4, 14, 14))
        painter.setFont(theme.font(13, bold=shown))
        painter.setPen(QColor(theme.TEXT))
        text = QRect(area.left() + 18, area.top() + 1, area.width() - 18, 20)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(text, left, class_name(name))
        number = tr("no score") if value is None else percent(value)
        painter.setPen(QColor(theme.MUTED if value is None else theme.TEXT))
        painter.drawText(text, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), number)
        bar = QRectF(text.left(), text.bottom() + 1, text.width(), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.LINE))
        painter.drawRoundedRect(bar, 2.5, 2.5)
        if value is not None and self._below:
            self._paint_band(painter, bar, self._below)
        if value:
            painter.setBrush(colour)
            end = QPointF(bar.left() + max(4.0, bar.width() * value), bar.bottom())
            painter.drawRoundedRect(QRectF(bar.topLeft(), end), 2.5, 2.5)

    def _paint_band(self, painter: QPainter, bar: QRectF, below: float) -> None:
        """Hatch the band in which the model does not commit itself, and mark its end."""
        band = QRectF(bar)
        band.setWidth(bar.width() * below)
        painter.setBrush(QBrush(QColor(theme.MUTED), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(band)
        painter.setBrush(QColor(theme.WARNING))
        painter.drawRect(QRectF(band.right() - 0.75, bar.top() - 3, 1.5, bar.height() + 6))
