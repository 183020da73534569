"""Small fields over the picture: the words of a note, and the length of a depth ruler; nothing is blocked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.language import tr
from breastview.study.calibration import LONGEST_MM, Ruler
from breastview.study.measurement import Measurement, Tool

_SHEET = (
    f"#floating {{ background: {theme.RAISED}; border: 1px solid {theme.ACCENT}; border-radius: 4px; }}"
    f"#floating QLabel {{ background: transparent; }}"
)
_GAP = 10


class Floating(QFrame):
    """A frame over the pictures that Esc closes.

    Attributes
    ----------
    ended : Signal()
        It was closed, with or without an answer.
    """

    ended = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setObjectName("floating")
        self.setStyleSheet(_SHEET)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def stand(self, at: QPointF) -> None:
        """Show it near a point of its host, inside it."""
        self.adjustSize()
        x = min(max(round(at.x()) + _GAP, 4), max(self._host.width() - self.width() - 4, 4))
        y = min(max(round(at.y()) + _GAP, 4), max(self._host.height() - self.height() - 4, 4))
        self.move(QPoint(x, y))
        self.show()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; no key goes on to the picture below."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        event.accept()

    def leave(self) -> None:
        """Close."""
        self.hide()
        self.ended.emit()
        self.deleteLater()


class Words(Floating):
    """Asks for the words of a note, or another name of a measurement.

    Attributes
    ----------
    written : Signal(Measurement)
        With its new words.
    """

    written = Signal(object)

    def __init__(self, host: QWidget, measurement: Measurement) -> None:
        super().__init__(host)
        self._measurement = measurement
        self.field = QLineEdit(measurement.text)
        note = measurement.tool is Tool.TEXT
        self.field.setPlaceholderText(tr("Note") if note else tr("Name"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.field.setMinimumWidth(180)
        self.field.setMaxLength(200)
        self.field.returnPressed.connect(self._write)
        row = QVBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.addWidget(self.field)

    def _write(self) -> None:
        text = self.field.text().strip()
        if not text and self._measurement.tool is Tool.TEXT:
            self.leave()
            return
        self.leave()
        self.written.emit(replace(self._measurement, text=text))


class RulerLength(Floating):
    """Asks how long a line over the depth scale is, and for which pictures that holds.

    Attributes
    ----------
    calibrated : Signal(Ruler, bool)
        The ruler, and whether it is for all pictures of this size in the folder.
    """

    calibrated = Signal(object, bool)

    def __init__(
        self, host: QWidget, start: tuple[float, float], end: tuple[float, float], columns: int, rows: int
    ) -> None:
        super().__init__(host)
        self._ruler = Ruler(start, end, 10.0)
        self.length = QDoubleSpinBox()
        self.length.setRange(0.1, LONGEST_MM)
        self.length.setDecimals(1)
        self.length.setValue(10.0)
        self.length.setSuffix(" mm")
        self.length.setAccessibleName(tr("Length in mm"))
        self.scope = QComboBox()
        self.scope.addItem(tr("this picture"), False)
        whole = tr("all pictures of {columns} × {rows} px in this folder")
        self.scope.addItem(whole.format(columns=columns, rows=rows), True)
        self.scope.setAccessibleName(tr("Which pictures the ruler is for"))
        self.confirm, self.give_up = QPushButton(tr("Calibrate")), QPushButton(tr("Cancel"))
        self.confirm.clicked.connect(self._calibrate)
        self.give_up.clicked.connect(self.leave)
        self.length.editingFinished.connect(self._entered)
        self._build()

    def _build(self) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.give_up)
        buttons.addWidget(self.confirm)
        length = QHBoxLayout()
        length.addWidget(QLabel(tr("This line on the depth scale is")))
        length.addWidget(self.length, 1)
        scope = QHBoxLayout()
        scope.addWidget(QLabel(tr("For")))
        scope.addWidget(self.scope, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 8, 10, 8)
        whole.setSpacing(6)
        for part in (length, scope, buttons):
            whole.addLayout(part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return in the field calibrates."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._calibrate()
            event.accept()
            return
        super().keyPressEvent(event)

    def _entered(self) -> None:
        self.length.interpretText()

    def _calibrate(self) -> None:
        self.length.interpretText()
        self.leave()
        self.calibrated.emit(replace(self._ruler, millimetres=self.length.value()), self.scope.currentData())


def ask(editor: Floating, field: QWidget, at: QPointF) -> None:
    """Show a field near a point of its host and let the reader type."""
    editor.stand(at)
    field.setFocus(Qt.FocusReason.PopupFocusReason)
    if isinstance(field, (QLineEdit, QDoubleSpinBox)):
        field.selectAll()
