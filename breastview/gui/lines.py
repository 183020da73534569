"""Tables of lines: each of one thing, under headings; read, chosen, never edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QTableView

from breastview.language import tr

Index = QModelIndex | QPersistentModelIndex
Line = TypeVar("Line")


class Lines(QAbstractTableModel, Generic[Line]):
    """What stands in the lines, under the headings of a class."""

    HEADINGS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, lines: Sequence[Line] = ()) -> None:
        super().__init__()
        self._lines = lines

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of columns."""
        return 0 if parent is not None and parent.isValid() else len(self.HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Return a column's heading."""
        across = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return tr(self.HEADINGS[section]) if across else None


def show_lines(table: QTableView, name: str) -> None:
    """Make a table show lines: whole ones are chosen, nothing is edited, no grid."""
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
    table.setEditTriggers(QTableView.EditTrigger.NoEditTriggers)
    table.setAccessibleName(name)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
