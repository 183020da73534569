"""The window: puts its parts side by side and decides nothing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from breastview.gui.empty_state import EmptyState
from breastview.gui.message_bar import MessageBar
from breastview.gui.panel.side_panel import SidePanel
from breastview.gui.panes.pane_row import PaneRow
from breastview.gui.status_bar import StatusBar
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.view import WorklistView
from breastview.language import tr

SMALLEST = (980, 620)
LEFT, RIGHT = 250, 304
"""Widths of worklist and side panel at the first start, in device-independent px."""


def _away() -> QLabel:
    """Return what stands where the pictures were."""
    label = QLabel(
        tr("The pictures are in a window of their own.\nClose it, or press F12, to bring them back.")
    )
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setProperty("role", "muted")
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return label


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders that something dragged holds."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class MainWindow(QMainWindow):
    """Worklist, panes and side panel in a row; messages above the panes, the status bar below.

    Attributes
    ----------
    dropped : Signal(list of Path)
        Files or folders were dropped.
    closing : Signal()
        The window is about to close; what must be kept is kept now.
    painted : Signal()
        The first picture of the window is on screen.
    """

    dropped = Signal(object)
    closing = Signal()
    painted = Signal()

    def __init__(self, model: WorklistModel) -> None:
        super().__init__()
        self.setWindowTitle("BreastView")
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self._painted = False
        self.worklist, self.panel, self.panes = WorklistView(model), SidePanel(), PaneRow()
        self.empty, self.messages, self.status = EmptyState(), MessageBar(), StatusBar()
        self.middle = QStackedWidget()
        self.middle.addWidget(self.empty)
        self._stage = QStackedWidget()
        self._stand_in = _away()
        self._stage.addWidget(self._stand_in)
        self._stage.addWidget(self.panes)
        self._stage.setCurrentWidget(self.panes)
        self.middle.addWidget(self._stage)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.setStatusBar(self.status)

    def _lay_out(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.middle, 1)
        self.worklist.setMinimumWidth(200)
        self.panel.setMinimumWidth(260)
        for widget in (self.worklist, centre, self.panel):
            self.splitter.addWidget(widget)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([LEFT, 10_000, RIGHT])
        self.setCentralWidget(self.splitter)

    def arrangement(self) -> dict[str, object]:
        """Return size and splitter as plain values."""
        return {
            "geometry": bytes(self.saveGeometry().toBase64().data()).decode("ascii"),
            "splitter": self.splitter.sizes(),
            "worklist": not self.worklist.isHidden(),
            "panel": not self.panel.isHidden(),
            "parts": self.panel.form.opened_parts(),
        }

    def arrange(self, values: dict[str, object]) -> None:
        """Take size and splitter as `arrangement` gave them; anything else is left as it is."""
        geometry, sizes = values.get("geometry"), values.get("splitter")
        if isinstance(geometry, str):
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode("ascii", "ignore"))))
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(size, int) for size in sizes):
            self.splitter.setSizes(sizes)
        self.worklist.setHidden(values.get("worklist") is False)
        self.panel.setHidden(values.get("panel") is False)
        self.panel.form.open_parts(values.get("parts"))

    def show_pictures(self, on: bool) -> None:
        """Show the panes, or the invitation to open something."""
        self.middle.setCurrentWidget(self._stage if on else self.empty)

    def release_pictures(self) -> PaneRow:
        """Give the panes away to a window of their own."""
        self._stage.removeWidget(self.panes)
        self._stand_in.setFocus()  # else single keys would be typed into the search field
        return self.panes

    def take_pictures_back(self) -> None:
        """Take the panes back."""
        self._stage.addWidget(self.panes)
        self._stage.setCurrentWidget(self.panes)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on screen."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.empty.set_dropping(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002 (Qt)
        """Nothing is held above the window any more."""
        self.empty.set_dropping(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.empty.set_dropping(False)
        if found := dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self.dropped.emit(found)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep everything, then close."""
        self.closing.emit()
        super().closeEvent(event)
