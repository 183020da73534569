"""The table of studies found: chosen with arrows, fetched with Enter or a double click."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from breastview.gui.archives.results import COLUMNS, DATE, STRETCHED, Results
from breastview.gui.lines import show_lines
from breastview.language import tr
from breastview.pacs._protocol import Row


class StudyTable(QTableView):
    """Studies to choose from.

    Attributes
    ----------
    entered : Signal()
        Enter or a double click: the chosen ones are wanted.
    chosen_changed : Signal()
        Others are chosen.

    Parameters
    ----------
    here : callable
        Whether the study of a UID was fetched already.
    """

    entered = Signal()
    chosen_changed = Signal()

    def __init__(self, here: Callable[[str], bool]) -> None:
        super().__init__()
        self.results = Results(here)
        self.setModel(self.results)
        show_lines(self, tr("Studies found"))
        self.setSortingEnabled(True)
        self.sortByColumn(DATE, Qt.SortOrder.DescendingOrder)
        for number, column in enumerate(COLUMNS):
            self.setColumnWidth(number, column.width)
        self.horizontalHeader().setSectionResizeMode(STRETCHED, QHeaderView.ResizeMode.Stretch)
        self.doubleClicked.connect(lambda _index: self.entered.emit())
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen_changed.emit())

    def chosen(self) -> tuple[Row, ...]:
        """Return the studies that are chosen, from top to bottom."""
        lines = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.results.row(line) for line in lines)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter fetch what is chosen."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
