"""The user's own windows: names, centres and widths in a table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.language import tr
from breastview.study.instance import Window

NAME, CENTRE, WIDTH = range(3)
_MOST = 1e9


class WindowPresets(QDialog):
    """Edits a copy of the presets; `windows` is what the user made of them.

    Parameters
    ----------
    windows : tuple of Window
        As they are.
    current : Window or None
        The one in use, which can be added.
    """

    def __init__(
        self, windows: tuple[Window, ...], current: Window | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Window presets"))
        self.setMinimumSize(460, 340)
        self._current = current
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels([tr("Name"), tr("Centre"), tr("Width")])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.setStyleSheet(f"color: {theme.WARNING};")
        self.add = _button(tr("Add the window in use"), self._add_current)
        self.add.setEnabled(current is not None)
        self.new = _button(tr("Add"), lambda: self._append(Window(128.0, 256.0, self._free_name())))
        self.remove = _button(tr("Remove"), self._remove)
        self.up, self.down = _button("↑", lambda: self._move(-1)), _button("↓", lambda: self._move(1))
        self.up.setToolTip(tr("Move up: presets stand on the digits in this order, after the file's"))
        self.down.setToolTip(tr("Move down"))
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        for button in buttons.buttons():
            button.setIcon(QIcon())
        self.accepting = buttons.button(QDialogButtonBox.StandardButton.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        for widget in (self.add, self.new, self.remove, self.up, self.down):
            row.addWidget(widget)
        row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addWidget(self.table, 1)
        whole.addLayout(row)
        whole.addWidget(self.trouble)
        whole.addWidget(buttons)
        for window in windows:
            self._append(window)
        self.table.itemChanged.connect(self._check)
        self._check()

    @property
    def windows(self) -> tuple[Window, ...]:
        """The presets as they stand in the table."""
        return tuple(self._row(row) for row in range(self.table.rowCount()))

    def _row(self, row: int) -> Window:
        name = self.table.item(row, NAME)
        return Window(
            self._box(row, CENTRE).value(),
            self._box(row, WIDTH).value(),
            name.text().strip() if name is not None else "",
        )

    def _box(self, row: int, column: int) -> QDoubleSpinBox:
        box = self.table.cellWidget(row, column)
        assert isinstance(box, QDoubleSpinBox)
        return box

    def _append(self, window: Window) -> None:
        row = self.table.rowCount()
        self.table.insertRow(row)
        self.table.setCellWidget(row, CENTRE, _number(-_MOST, window.centre))
        self.table.setCellWidget(row, WIDTH, _number(1.0, window.width))
        self.table.setItem(row, NAME, QTableWidgetItem(window.name))
        self.table.selectRow(row)
        self._check()

    def _add_current(self) -> None:
        if self._current is not None:
            current = self._current
            self._append(Window(round(current.centre, 2), round(current.width, 2), self._free_name()))
            added = self.table.item(self.table.rowCount() - 1, NAME)
            if added is not None:
                self.table.editItem(added)

    def _free_name(self) -> str:
        taken, number = {window.name for window in self.windows}, 1
        while (name := tr("Preset {number}").format(number=number)) in taken:
            number += 1
        return name

    def _remove(self) -> None:
        self.table.removeRow(self.table.currentRow())
        self._check()

    def _move(self, by: int) -> None:
        here = self.table.currentRow()
        there = here + by
        if here < 0 or not 0 <= there < self.table.rowCount():
            return
        windows = list(self.windows)
        windows.insert(there, windows.pop(here))
        self.table.setRowCount(0)
        for window in windows:
            self._append(window)
        self.table.selectRow(there)

    def _check(self) -> None:
        """Say why presets cannot be kept, and keep them from being."""
        names = [window.name for window in self.windows]
        trouble = ""
        if not all(names):
            trouble = tr("Every preset needs a name.")
        elif len(set(names)) < len(names):
            trouble = tr("Two presets have the same name.")
        self.trouble.setText(trouble)
        self.accepting.setEnabled(not trouble)
        chosen = self.table.rowCount() > 0
        for button in (self.remove, self.up, self.down):
            button.setEnabled(chosen)


def _button(text: str, do: object) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(do)
    return button


def _number(least: float, value: float) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(2)
    box.setRange(least, _MOST)
    box.setValue(value)
    box.setFrame(False)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    return box
