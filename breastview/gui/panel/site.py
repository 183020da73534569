"""Where the lesion lies: side, clock face and distance in a row, the breast diagram below it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from breastview.gui.panel.breast_diagram import FURTHEST_MM, STEP_MM, BreastDiagram
from breastview.language import tr
from breastview.study.site import SIDES


class _Clock(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()


class _Distance(QSpinBox):
    """Whole millimetres in steps of five; below 0 stands for "not given"."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(-STEP_MM, FURTHEST_MM)
        self.setSingleStep(STEP_MM)
        self.setSpecialValueText(tr("– mm"))
        self.setSuffix(tr(" mm"))
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()


class SiteFields(QWidget):
    """Shows a site and tells every change; holds no truth of its own.

    Attributes
    ----------
    edited : Signal(dict)
        The fields of the assessment that changed, by name.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.right, self.left = QPushButton("R"), QPushButton("L")
        self.clock, self.distance = _Clock(), _Distance()
        self.diagram = BreastDiagram()
        self._build()
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.right)
        row.addWidget(self.left)
        row.addWidget(self.clock, 1)
        row.addWidget(self.distance)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.diagram)

    def _build(self) -> None:
        for side, button in (("R", self.right), ("L", self.left)):
            button.setCheckable(True)
            button.setToolTip(tr(SIDES[side]))
            button.setAccessibleName(tr(SIDES[side]))
            button.setFixedWidth(30)
            button.setStyleSheet("padding: 5px 0;")
            button.clicked.connect(lambda on, side=side: self._tell(laterality=side if on else ""))
        self.clock.addItem("–", 0)
        for hour in range(1, 13):
            self.clock.addItem(tr("{hour} o’clock").format(hour=hour), hour)
        self.clock.setToolTip(tr("Clock face position"))
        self.clock.setAccessibleName(tr("Clock face position"))
        self.clock.setMinimumContentsLength(5)
        self.distance.setFixedWidth(80)
        self.distance.setToolTip(tr("Distance from the nipple in mm"))
        self.distance.setAccessibleName(tr("Distance from the nipple in mm"))
        self.clock.activated.connect(lambda: self._tell(clock=self.clock.currentData()))
        self.distance.valueChanged.connect(self._tell_distance)
        self.diagram.chosen.connect(
            lambda side, clock, mm: self._tell(laterality=side, clock=clock, nipple_mm=mm)
        )

    def offer_place(self, on: bool) -> None:
        """Offer the place in the breast beside its side, or the side alone."""
        for widget in (self.clock, self.distance, self.diagram):
            widget.setVisible(on)

    def _tell(self, **fields: object) -> None:
        self.edited.emit(fields)

    def _tell_distance(self, value: int) -> None:
        self._tell(nipple_mm=None if value < 0 else float(value))

    def set_site(self, side: str, clock: int, nipple_mm: float | None) -> None:
        """Show a site."""
        self.right.setChecked(side == "R")
        self.left.setChecked(side == "L")
        self.clock.setCurrentIndex(max(0, self.clock.findData(clock)))
        self.distance.blockSignals(True)
        self.distance.setValue(self.distance.minimum() if nipple_mm is None else round(nipple_mm))
        self.distance.blockSignals(False)
        self.diagram.set_site(side, clock, nipple_mm)
