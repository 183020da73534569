"""Measuring a screen: an outline is made as large as a thing whose size everyone knows."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QMouseEvent, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import screens, theme
from breastview.language import tr

CARD, RULER = "card", "ruler"
RULER_MM = 100.0
_ROUND_MM = 3.18
"""Radius of a bank card's corners (ISO/IEC 7810)."""


class Outline(QWidget):
    """A card or a ruler drawn to size; dragging sideways makes it larger or smaller.

    Attributes
    ----------
    dragged : Signal(float)
        Device-independent px per mm that the mouse gives it.
    """

    dragged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.density = CARD, 4.0
        self._from: tuple[float, float] | None = None
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(520, 330))

    @property
    def long_mm(self) -> float:
        """Width of what is drawn, in mm."""
        return screens.CARD_MM[0] if self.kind == CARD else RULER_MM

    def show_size(self, kind: str, density: float) -> None:
        """Draw a thing at device-independent px per mm."""
        self.kind, self.density = kind, density
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self._from = event.position().x(), self.density

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the right edge follow the mouse; the left one is where it is put against the screen."""
        if self._from is not None:
            start, before = self._from
            self.dragged.emit(before + (event.position().x() - start) / self.long_mm)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._from = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the outline in the upper left corner."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.PANE))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT), 1))
        if self.kind == CARD:
            self._paint_card(painter)
        else:
            self._paint_ruler(painter)

    def _paint_card(self, painter: QPainter) -> None:
        width, height = (side * self.density for side in screens.CARD_MM)
        painter.setBrush(QColor(theme.RAISED))
        radius = _ROUND_MM * self.density
        painter.drawRoundedRect(QRectF(10.5, 10.5, width, height), radius, radius)
        painter.setPen(QColor(theme.MUTED))
        painter.drawText(
            QRectF(10, 10, width, height),
            int(Qt.AlignmentFlag.AlignCenter),
            "{} × {} mm".format(*(f"{side:.2f}" for side in screens.CARD_MM)),
        )

    def _paint_ruler(self, painter: QPainter) -> None:
        top, font = 40.5, theme.font(12)
        painter.setFont(font)
        painter.drawLine(QPointF(10.5, top), QPointF(10.5 + RULER_MM * self.density, top))
        for millimetre in range(int(RULER_MM) + 1):
            x = 10.5 + millimetre * self.density
            tens = millimetre % 10 == 0
            painter.drawLine(
                QPointF(x, top), QPointF(x, top + (22 if tens else 14 if millimetre % 5 == 0 else 8))
            )
            if tens:
                painter.drawText(QPointF(x + 3, top + 34), str(millimetre))


class ScreenDialog(QDialog):
    """Lets the user measure the screen that the dialog is on.

    Parameters
    ----------
    screen : QScreen
        The one to measure.
    density : float or None
        Device px per mm as measured before; None: what the screen tells of itself is the start.
    """

    def __init__(self, screen: QScreen, density: float | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Measure this screen"))
        self._ratio = screen.devicePixelRatio()
        advice = QLabel(
            tr(
                "Hold a bank card, or a ruler, against the screen with its left edge at that of the outline. "
                "Drag until the right edges agree too, or type the number."
            )
        )
        advice.setWordWrap(True)
        self.kind = QComboBox()
        self.kind.addItem(tr("Bank card"), CARD)
        self.kind.addItem(tr("Ruler"), RULER)
        self.number = QDoubleSpinBox()
        self.number.setDecimals(3)
        self.number.setRange(screens.LEAST, screens.MOST)
        self.number.setSingleStep(0.01)
        self.number.setSuffix(tr(" px per mm"))
        self.number.setValue(screens.told(screen) if density is None else density)
        self.outline = Outline()
        self._state = QLabel(
            tr("Measured before.") if density is not None else tr("Start: what the screen tells of itself.")
        )
        self._state.setStyleSheet(f"color: {theme.MUTED};")
        self.kind.currentIndexChanged.connect(self._follow)
        self.number.valueChanged.connect(self._follow)
        self.outline.dragged.connect(self._drag)
        form = QFormLayout()
        form.addRow(tr("Compare with"), self.kind)
        form.addRow(tr("Size of the screen's pixels"), self.number)
        form.addRow("", self._state)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        for button in buttons.buttons():
            button.setIcon(QIcon())
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setSpacing(12)
        whole.addWidget(advice)
        whole.addWidget(self.outline, 1)
        whole.addLayout(form)
        whole.addWidget(buttons)
        self._follow()

    @property
    def density(self) -> float:
        """Device px per mm."""
        return self.number.value()

    def _follow(self) -> None:
        self.outline.show_size(self.kind.currentData(), self.number.value() / self._ratio)

    def _drag(self, density: float) -> None:
        with QSignalBlocker(self.number):
            self.number.setValue(density * self._ratio)
        self._follow()
