"""What is on its way to archives, as a table: newest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from breastview.gui import theme
from breastview.gui.lines import Index, Lines
from breastview.gui.plain import plain
from breastview.language import mark, said, tr
from breastview.pacs.queue import Item, State
from breastview.session.parcels import KINDS

WIDTHS = (225, 190, 120, 105, 75, 150)
"""In px; the reason takes what room there is."""
STATES = {
    State.WAITING: mark("waiting"), State.SENDING: mark("being sent"), State.SENT: mark("sent"),
    State.FAILED: mark("failed"),
}  # fmt: skip
_CLASSES = (
    ("1.2.840.10008.5.1.4.1.1.88.59", "ko"), ("1.2.840.10008.5.1.4.1.1.88.", "sr"),
    ("1.2.840.10008.5.1.4.1.1.66.4", "seg"), ("1.2.840.10008.5.1.4.1.1.11.", "gsps"),
    ("1.2.840.10008.5.1.4.1.1.104.1", "epdf"), ("1.2.840.10008.5.1.4.1.1.7", "sc"),
)  # fmt: skip
"""Beginnings of SOP Class UIDs, and the kind that objects of these classes are sent as."""
_COLOURS = {State.FAILED: theme.DANGER, State.SENT: theme.GOOD, State.SENDING: theme.ACCENT}


class QueueModel(Lines[Item]):
    """The queue's rows.

    Parameters
    ----------
    study_named : callable
        What a study of a UID is called on screen, empty where it is not open.
    """

    HEADINGS = (
        mark("Object"), mark("Study"), mark("Archive"), mark("State"), mark("Tries"), mark("When"),
        mark("Reason"),
    )  # fmt: skip

    def __init__(self, study_named: Callable[[str], str]) -> None:
        super().__init__()
        self._study_named = study_named

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text; a state also has its colour."""
        item, column = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.ForegroundRole and column == 3 and item.state in _COLOURS:
            return QColor(_COLOURS[item.state])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain(self._cells(item)[column])
        return self._cells(item)[column] if role == Qt.ItemDataRole.DisplayRole else None

    def _cells(self, item: Item) -> tuple[str, ...]:
        study = self._study_named(item.study) or f"…{item.study[-12:]}"
        tries = str(item.attempts) if item.attempts else ""
        return (
            called(item), study, item.archive, tr(STATES[item.state]), tries,
            _when(item), said(item.reason),
        )  # fmt: skip

    def put(self, items: Sequence[Item]) -> None:
        """Show these rows; where the same ones are there, only what changed of them."""
        before = [item.identifier for item in self._lines]
        if [item.identifier for item in items] == before:
            self._lines = tuple(items)
            if before:
                self.dataChanged.emit(self.index(0, 0), self.index(len(before) - 1, len(self.HEADINGS) - 1))
            return
        self.beginResetModel()
        self._lines = tuple(items)
        self.endResetModel()

    def item(self, row: int) -> Item:
        """Return the object of a line."""
        return self._lines[row]


def called(item: Item) -> str:
    """Return what an object is called: as in the dialog that sends it, else by its SOP class."""
    kind = next((kind for beginning, kind in _CLASSES if item.kind.startswith(beginning)), "")
    return tr(KINDS[kind]) if kind else item.title.removesuffix(" Storage")


def _when(item: Item) -> str:
    """Return when an object is tried next, or when its state changed; local time."""
    if item.state is State.WAITING and item.due > 0:
        return tr("next try {time}").format(time=f"{datetime.fromtimestamp(item.due):%H:%M:%S}")
    return f"{datetime.fromisoformat(item.changed_at).astimezone():%Y-%m-%d %H:%M:%S}"
