"""The reader's own opinion: category, site, notes, indication, mark, state; every change is told at once."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import caption, section
from breastview.study.reading import CATEGORIES, Assessment, ReadState

NOTES = (56, 84)
"""Least and greatest height of the notes in device-independent px: what the AI says needs the room."""

TYPING_PAUSE_MS = 600
"""Typed text is told after this pause, and at once when the field or the case is left."""


class AssessmentForm(QWidget):
    """Fields of an assessment; holds no truth of its own beyond what is being typed.

    Attributes
    ----------
    edited : Signal(Assessment)
        The reader changed something.
    left : Signal()
        Esc was pressed in a field: the keys belong to the pictures again.
    """

    edited = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._assessment = Assessment()
        self.category, self.clock = QComboBox(), QComboBox()
        self.right, self.left_side = QPushButton("R"), QPushButton("L")
        self.notes, self.indication = QPlainTextEdit(), QLineEdit()
        self.marked, self.final = QPushButton("Mark"), QPushButton("Final")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_PAUSE_MS)
        self._pause.timeout.connect(self.flush)
        self._build()
        self._connect()
        self._lay_out()
        for field in self._fields():
            field.installEventFilter(self)
        self.set_assessment(None)

    def _fields(self) -> tuple[QWidget, ...]:
        return (
            self.category,
            self.right,
            self.left_side,
            self.clock,
            self.notes,
            self.indication,
            self.marked,
            self.final,
        )

    def _build(self) -> None:
        for key, text in CATEGORIES.items():
            self.category.addItem(text, key)
        self.category.setToolTip("Assessment category (F3; type 0–6)")
        self.category.setAccessibleName("Assessment category")
        self.category.setMinimumContentsLength(12)
        self.clock.addItem("–", 0)
        for hour in range(1, 13):
            self.clock.addItem(f"{hour} o’clock", hour)
        self.clock.setToolTip("Clock face position")
        self.clock.setAccessibleName("Clock face position")
        sides = QButtonGroup(self)
        sides.setExclusive(False)
        for button, tip in ((self.right, "Right breast"), (self.left_side, "Left breast")):
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setFixedWidth(40)
            button.setStyleSheet("padding: 5px 0;")
            sides.addButton(button)
        self.notes.setPlaceholderText("Notes (F2; Esc leaves)")
        self.notes.setAccessibleName("Notes")
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(NOTES[0])
        self.notes.setMaximumHeight(NOTES[1])
        self.indication.setPlaceholderText("Indication")
        self.indication.setAccessibleName("Indication")
        self.marked.setCheckable(True)
        self.marked.setIcon(icon("bookmark-outline", theme.WARNING))
        self.marked.setToolTip("Mark this image, for a later look or for an export of all marked ones (M)")
        self.final.setCheckable(True)
        self.final.setIcon(icon("check-circle-outline", theme.GOOD))
        self.final.setToolTip("Final: the assessment is complete; off: preliminary (Ctrl+D)")

    def _connect(self) -> None:
        self.category.activated.connect(lambda: self._tell(category=self.category.currentData()))
        self.clock.activated.connect(lambda: self._tell(clock=self.clock.currentData()))
        self.right.clicked.connect(lambda on: self._tell(laterality="R" if on else ""))
        self.left_side.clicked.connect(lambda on: self._tell(laterality="L" if on else ""))
        self.marked.clicked.connect(lambda on: self._tell(marked=on))
        self.final.clicked.connect(
            lambda on: self._tell(state=ReadState.FINAL if on else ReadState.PRELIMINARY)
        )
        self.notes.textChanged.connect(self._pause.start)
        self.indication.textEdited.connect(lambda: self._pause.start())

    def _lay_out(self) -> None:
        site = QHBoxLayout()
        site.setSpacing(6)
        for widget in (self.right, self.left_side):
            site.addWidget(widget)
        site.addWidget(self.clock, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        grid.addWidget(caption("Category"), 0, 0)
        grid.addWidget(self.category, 0, 1)
        grid.addWidget(caption("Site"), 1, 0)
        grid.addLayout(site, 1, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.marked, 1)
        buttons.addWidget(self.final, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(section("Assessment"))
        whole.addLayout(grid)
        whole.addWidget(self.indication)
        whole.addWidget(self.notes, 1)
        whole.addLayout(buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc gives the keys back to the pictures; leaving a field tells what was typed."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.flush()
                self.left.emit()
                return True
        if event.type() == QEvent.Type.FocusOut and watched in (self.notes, self.indication):
            self.flush()
        return super().eventFilter(watched, event)

    def _typed(self) -> Assessment:
        return replace(self._assessment, notes=self.notes.toPlainText(), indication=self.indication.text())

    def _tell(self, **fields: object) -> None:
        self._pause.stop()
        changed = replace(self._typed(), **fields)  # type: ignore[arg-type]
        if changed != self._assessment:
            self._assessment = changed
            self.edited.emit(changed)

    def flush(self) -> None:
        """Tell what was typed, now."""
        self._tell()

    def set_assessment(self, assessment: Assessment | None) -> None:
        """Show an assessment; None: there is nothing to assess."""
        self._pause.stop()
        self.setEnabled(assessment is not None)
        self._assessment = shown = assessment or Assessment()
        self.category.setCurrentIndex(max(0, self.category.findData(shown.category)))
        self.clock.setCurrentIndex(max(0, self.clock.findData(shown.clock)))
        self.right.setChecked(shown.laterality == "R")
        self.left_side.setChecked(shown.laterality == "L")
        self.marked.setChecked(shown.marked)
        self.marked.setIcon(icon("bookmark" if shown.marked else "bookmark-outline", theme.WARNING))
        self.final.setChecked(shown.state is ReadState.FINAL)
        if self.indication.text() != shown.indication:
            self.indication.setText(shown.indication)
        if self.notes.toPlainText() != shown.notes:
            self.notes.blockSignals(True)
            self.notes.setPlainText(shown.notes)
            self.notes.blockSignals(False)
