"""What an archive found, as a table: one study a row, sorted by any column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, Qt

from breastview.gui.lines import Index, Lines
from breastview.gui.plain import plain
from breastview.language import mark, tr
from breastview.pacs._protocol import Row
from breastview.readers.dicom.description import person

HERE = "✓"


class Column(NamedTuple):
    """A column: its title, its text, what it is sorted by, its width in px and whether it is a number."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    width: int
    number: bool = False


def _name(row: Row) -> str:
    return person(row.patient_name)


def _when(row: Row) -> str:
    day = row.study_date.isoformat() if row.study_date else ""
    return f"{day}  {row.study_time[:5]}".strip()


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _modalities(row: Row) -> str:
    return ", ".join(row.modalities)


def _count(count: int | None) -> str:
    return "" if count is None else str(count)


def _side(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)


COLUMNS = (
    Column(mark("Patient"), _name, lambda row: _name(row).casefold(), 190),
    Column(mark("Patient ID"), lambda row: row.patient_id, lambda row: row.patient_id.casefold(), 110),
    Column(mark("Born"), lambda row: _day(row.birth_date), lambda row: row.birth_date or date.min, 90),
    Column(mark("Date"), _when, lambda row: (row.study_date or date.min, row.study_time), 130),
    Column(mark("Modality"), _modalities, _modalities, 80),
    Column(
        mark("Description"), lambda row: row.description, lambda row: row.description.casefold(), 200
    ),
    Column(mark("Accession number"), lambda row: row.accession_number, lambda row: row.accession_number, 135),
    Column(mark("Images"), lambda row: _count(row.objects), lambda row: row.objects or -1, 70, True),
)  # fmt: skip

DATE = 3
STRETCHED = 5
"""The columns that results are sorted by at first, and that takes what room there is."""


class Results(Lines[Row]):
    """Studies found, in the order in which they are sorted.

    Parameters
    ----------
    here : callable
        Whether the study of a UID was fetched already.
    """

    HEADINGS = tuple(column.title for column in COLUMNS)

    def __init__(self, here: Callable[[str], bool] = lambda _uid: False) -> None:
        super().__init__()
        self._here = here
        self._known_here: set[str] = set()
        self._by, self._descending = DATE, True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Return a column's heading, and that it stands above its numbers."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(COLUMNS[section])
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text; numbers stand at the right, and a study that is here already says so."""
        row, column = self._lines[index.row()], COLUMNS[index.column()]
        here = row.address.study in self._known_here
        if role == Qt.ItemDataRole.DisplayRole:
            text = column.text(row)
            return f"{HERE} {text}" if here and index.column() == 0 else text
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("This study was retrieved already.") if here else plain(column.text(row))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        return None

    def clear(self) -> None:
        """Forget everything."""
        self.beginResetModel()
        self._lines = ()
        self.endResetModel()

    def extend(self, rows: Sequence[Row]) -> None:
        """Add what was found, where it belongs in the order."""
        known = {row.address for row in self._lines}
        fresh = [row for row in rows if row.address not in known]
        if fresh:
            self._known_here |= {row.address.study for row in fresh if self._here(row.address.study)}
            self.beginInsertRows(QModelIndex(), len(self._lines), len(self._lines) + len(fresh) - 1)
            self._lines = [*self._lines, *fresh]
            self.endInsertRows()
            self.sort(self._by, self._order)

    def look_again(self) -> None:
        """Ask anew which studies are here."""
        self._known_here = {row.address.study for row in self._lines if self._here(row.address.study)}
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(COLUMNS) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what is chosen stays chosen."""
        self._by, self._descending = column, order is Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        before, kept = self._lines, self.persistentIndexList()
        self._lines = sorted(before, key=COLUMNS[column].key, reverse=self._descending)
        places = {row.address: number for number, row in enumerate(self._lines)}
        moved = [self.index(places[before[one.row()].address], one.column()) for one in kept]
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    @property
    def _order(self) -> Qt.SortOrder:
        return Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder

    def row(self, number: int) -> Row:
        """Return the study of a line."""
        return self._lines[number]
