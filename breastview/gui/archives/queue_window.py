"""The outgoing queue: what waits, what was sent, what failed and why; tried again or removed at will."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.archives.queue_model import WIDTHS, QueueModel
from breastview.gui.icons import icon
from breastview.gui.lines import show_lines
from breastview.gui.panel.parts import label, put
from breastview.language import said, tr
from breastview.pacs.queue import Item, State

_RETRIED = (State.FAILED, State.WAITING)
_REMOVED = (*_RETRIED, State.SENT)
LOOK_MS = 3000
"""How often an open window looks: another BreastView may be the one that sends."""


class QueueWindow(QDialog):
    """Shows the queue; changing it is others' work.

    Attributes
    ----------
    look_wanted : Signal()
        The window would like to know how things stand.
    again_wanted, remove_wanted : Signal(tuple of int)
        Rows to be tried again, to be removed.
    """

    look_wanted = Signal()
    again_wanted = Signal(object)
    remove_wanted = Signal(object)

    def __init__(self, study_named: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Outgoing queue"))
        self.setModal(False)
        self.resize(1060, 420)
        self.model, self.table = QueueModel(study_named), QTableView()
        self.says = label("")
        self.again = QPushButton(icon("refresh"), tr("Try again"))
        self.remove = QPushButton(icon("delete-outline"), tr("Remove"))
        self.sent = QCheckBox(tr("Show what was sent"))
        self.sent.setChecked(True)
        self._items: tuple[Item, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look_wanted)
        self._build()
        self._follow()

    def _build(self) -> None:
        table = self.table
        table.setModel(self.model)
        show_lines(table, tr("Outgoing queue"))
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        table.horizontalHeader().setSectionResizeMode(len(WIDTHS), QHeaderView.ResizeMode.Stretch)
        table.selectionModel().selectionChanged.connect(lambda *_: self._follow())
        self.again.clicked.connect(lambda _on=False: self.again_wanted.emit(self._chosen(*_RETRIED)))
        self.remove.clicked.connect(lambda _on=False: self._remove())
        self.sent.toggled.connect(lambda _on: self.take(self._items or ()))
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._remove)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.sent)
        bottom.addStretch(1)
        for button in (self.again, self.remove, close):
            button.setAutoDefault(False)
            bottom.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 12, 14, 12)
        whole.setSpacing(10)
        whole.addWidget(table, 1)
        whole.addWidget(self.says)
        whole.addLayout(bottom)

    def take(self, items: Sequence[Item]) -> None:
        """Show these objects; what is chosen stays chosen."""
        self._items = tuple(items)
        chosen = {item.identifier for item in self._selected()}
        shown = [one for one in items if self.sent.isChecked() or one.state is not State.SENT]
        self.model.put(shown)
        select = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row, item in enumerate(shown):
            if item.identifier in chosen:
                self.table.selectionModel().select(self.model.index(row, 0), select)
        self._follow()

    def _selected(self) -> tuple[Item, ...]:
        return tuple(self.model.item(index.row()) for index in self.table.selectionModel().selectedRows())

    def _chosen(self, *states: State) -> tuple[int, ...]:
        return tuple(item.identifier for item in self._selected() if item.state in states)

    def _remove(self) -> None:
        chosen = self._chosen(*_REMOVED)
        if chosen:
            self.remove_wanted.emit(chosen)

    def _follow(self) -> None:
        chosen = self._selected()
        self.again.setEnabled(bool(self._chosen(*_RETRIED)))
        self.remove.setEnabled(bool(self._chosen(*_REMOVED)))
        if self._items is None:
            put(self.says, "", "muted")
        elif not self._items:
            put(self.says, tr("Nothing is on its way. File > Send to archive… puts something here."), "muted")
        elif len(chosen) == 1 and chosen[0].reason:
            put(self.says, said(chosen[0].reason), "danger" if chosen[0].state is State.FAILED else "muted")
        else:
            put(self.says, "", "muted")

    def setVisible(self, on: bool) -> None:
        """Look now and then while the window is open."""
        super().setVisible(on)
        if on:
            self._timer.start()
            self.look_wanted.emit()
        else:
            self._timer.stop()
