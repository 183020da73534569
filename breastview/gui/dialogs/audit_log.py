"""The audit log: who did what and when, on which file's content, and whether its chain is whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.icons import icon
from breastview.gui.lines import Index, Lines, show_lines
from breastview.gui.panel.parts import label
from breastview.language import mark, tr
from breastview.store.audit import Entry

_SHOWN_OF_HASH = 16


class AuditModel(Lines[Entry]):
    """The log's rows, newest first."""

    HEADINGS = (
        mark("No."), mark("Time (UTC)"), mark("Reader"), mark("What"), mark("File (SHA-256)"), mark("Frame"),
        mark("Detail"),
    )  # fmt: skip

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        super().__init__(entries[::-1])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, and the whole hash as its tip."""
        entry = self._lines[index.row()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 4:
            return entry.sha
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        frame = "" if entry.frame is None else str(entry.frame + 1)
        when = entry.at[:19].replace("T", " ")
        sha = f"{entry.sha[:_SHOWN_OF_HASH]}…" if entry.sha else ""
        cells = (str(entry.number), when, entry.reader, tr(entry.event), sha, frame, entry.detail)
        return cells[index.column()]


class AuditDialog(QDialog):
    """Shows the log and writes it as CSV where the reader wants it.

    Parameters
    ----------
    entries : tuple of Entry
        Oldest first.
    broken : int or None
        Number of the entry at which the chain does not hold.
    write : callable
        Asks where the log is to be written, and writes it.
    """

    def __init__(
        self,
        entries: tuple[Entry, ...],
        broken: int | None,
        write: Callable[[], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Audit log"))
        self.resize(900, 560)
        self.verdict = label(verdict(entries, broken), "" if broken is None else "danger")
        self.table = QTableView()
        self.table.setModel(AuditModel(entries))
        self._build_table()
        self.export = QPushButton(icon("file-delimited-outline"), tr("Export as CSV…"))
        self.export.setEnabled(bool(entries))
        self.export.clicked.connect(write)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.reject)
        bottom = QHBoxLayout()
        bottom.addWidget(self.export)
        bottom.addStretch(1)
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(10)
        column.addWidget(QLabel(tr("No patient’s data: files are named by the hash of their content.")))
        column.addWidget(self.verdict)
        column.addWidget(self.table, 1)
        column.addLayout(bottom)

    def _build_table(self) -> None:
        table = self.table
        show_lines(table, tr("Audit log"))
        for column, width in enumerate((60, 150, 150, 150, 160, 60)):
            table.setColumnWidth(column, width)
        table.horizontalHeader().setSectionResizeMode(6, QHeaderView.ResizeMode.Stretch)


def verdict(entries: tuple[Entry, ...], broken: int | None) -> str:
    """Return whether the chain of the log is whole."""
    if not entries:
        return tr("The log is empty.")
    if broken is None:
        text = tr("{count} entries; the chain of hashes is whole. Last one: {hash}")
        return text.format(count=len(entries), hash=entries[-1].hash[:_SHOWN_OF_HASH])
    text = tr("The log was changed or cut at entry {number}: from there on it cannot be relied on.")
    return text.format(number=broken)
