"""Shows the audit log and writes it as a table; it is read and checked beside the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from breastview.gui.dialogs.audit_log import AuditDialog
from breastview.gui.workers.lane import Lane
from breastview.language import tr
from breastview.store.audit import first_break

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from breastview.session import Session
    from breastview.store.audit import Entry

SUGGESTION = "audit log.csv"


class Auditing(QObject):
    """Opens the log's window.

    Attributes
    ----------
    written : Signal(tuple of Path)
        The table was written.
    trouble : Signal(str)
        The log could not be read or written, with the reason.

    Parameters
    ----------
    ask : callable
        (title, suggestion, suffix) -> where to write, None if the reader thought better of it.
    """

    written = Signal(object)
    trouble = Signal(str)
    _read = Signal(object, object)

    def __init__(
        self, session: Session, writing: Lane, window: QWidget, ask: Callable[[str, str, str], Path | None]
    ) -> None:
        super().__init__()
        self._session, self._writing, self._window, self._ask = session, writing, window, ask
        self.dialog: AuditDialog | None = None
        self._read.connect(self._show)

    def show(self) -> None:
        """Read the log after everything that waits to be written, then show it."""

        def read() -> None:
            entries = self._session.store.audit.entries()
            self._read.emit(entries, first_break(entries))

        self._writing.start(read)

    def _show(self, entries: tuple[Entry, ...], broken: int | None) -> None:
        self.dialog = AuditDialog(entries, broken, self.write, self._window)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.destroyed.connect(self._closed)
        self.dialog.open()

    def _closed(self) -> None:
        self.dialog = None

    def write(self) -> None:
        """Ask where the log goes and write all of it."""
        target = self._ask(tr("Audit log"), SUGGESTION, ".csv")
        if target is None:
            return

        def work() -> None:
            try:
                self._session.store.audit.write_csv(target)
            except OSError as error:
                text = tr("{name}: the log could not be written ({reason}). Choose another folder.")
                self.trouble.emit(text.format(name=target.name, reason=error.strerror or error))
            else:
                self.written.emit((target,))

        self._writing.start(work)
