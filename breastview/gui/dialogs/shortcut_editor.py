"""The page of the settings on which the reader gives actions other keys."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import actions
from breastview.gui.actions import ACTIONS
from breastview.language import said, tr


class ShortcutEditor(QWidget):
    """A table of actions and keys; choose a line, press the new key.

    Attributes
    ----------
    edited : Signal()
        A key was given or taken away.
    """

    edited = Signal()

    def __init__(self, changed: dict[str, str]) -> None:
        super().__init__()
        self._changed = dict(changed)
        self.table = QTableWidget(len(ACTIONS), 3)
        self.edit = QKeySequenceEdit()
        self.edit.setMaximumSequenceLength(1)
        self.warning = QLabel()
        self._none, self._default = QPushButton(tr("No key")), QPushButton(tr("Default key"))
        self._build()
        self._fill()
        self.table.setAccessibleName(tr("Actions and their keys"))
        self.table.selectRow(0)

    def _build(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels([tr("Menu"), tr("Action"), tr("Key")])
        table.verticalHeader().hide()
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        table.currentCellChanged.connect(lambda *_: self._show_key())
        self.edit.setToolTip(tr("Press the new key"))
        self.edit.setAccessibleName(tr("New key"))
        self.edit.editingFinished.connect(self._take)
        self._none.clicked.connect(lambda: self._set(""))
        self._default.clicked.connect(lambda: self._set(None))
        self.warning.setProperty("role", "warning")
        self.warning.setWordWrap(True)
        line = QHBoxLayout()
        line.addWidget(QLabel(tr("New key")))
        line.addWidget(self.edit, 1)
        line.addWidget(self._none)
        line.addWidget(self._default)
        whole = QVBoxLayout(self)
        whole.addWidget(table, 1)
        whole.addWidget(self.warning)
        whole.addLayout(line)

    def _fill(self) -> None:
        for row, action in enumerate(ACTIONS):
            keys = "  ".join(
                QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
                for key in actions.keys(action, self._changed)
            )
            for column, text in enumerate((tr(action.menu), said(action.text), keys)):
                cell = QTableWidgetItem(text)
                font = cell.font()
                font.setBold(column == 2 and action.id in self._changed)
                cell.setFont(font)
                self.table.setItem(row, column, cell)
        self.table.resizeColumnToContents(0)
        clashing = actions.clashes(self._changed)
        clashes = [f"{QKeySequence(key).toString()}: {', '.join(names)}" for key, names in clashing.items()]
        sentence = tr("One key for several actions: none of them will react. {keys}")
        self.warning.setText(sentence.format(keys="; ".join(clashes)) if clashes else "")
        self.warning.setVisible(bool(clashes))

    def _row(self) -> int:
        return max(0, self.table.currentRow())

    def _show_key(self) -> None:
        keys = actions.keys(ACTIONS[self._row()], self._changed)
        self.edit.setKeySequence(QKeySequence(keys[0] if keys else ""))

    def _take(self) -> None:
        text = self.edit.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if text:
            self._set(text)

    def _set(self, key: str | None) -> None:
        action = ACTIONS[self._row()]
        if key is None or (action.keys and key == action.keys[0]):
            self._changed.pop(action.id, None)
        else:
            self._changed[action.id] = key
        self._fill()
        self._show_key()
        self.edited.emit()

    def choose(self, action_id: str) -> None:
        """Select an action's line."""
        row = next(row for row, action in enumerate(ACTIONS) if action.id == action_id)
        self.table.selectRow(row)
        self.table.scrollTo(self.table.model().index(row, 0), QTableWidget.ScrollHint.PositionAtCenter)

    def changed(self) -> dict[str, str]:
        """Return the keys that differ from the table's."""
        return dict(self._changed)

    def restore_defaults(self) -> None:
        """Take all own keys away."""
        self._changed.clear()
        self._fill()
        self._show_key()
        self.edited.emit()
