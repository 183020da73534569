"""The line at the bottom: what runs, how long, where, what the pointer is on, and what this is not for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from breastview import RESEARCH_USE
from breastview.gui.icons import icon


class StatusBar(QStatusBar):
    """Labels with one subject each; setters only."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.research, self.cases, self.pointer = QLabel(RESEARCH_USE), QLabel(), QLabel()
        self.queue, self.timing, self.device = QLabel(), QLabel(), QLabel()
        self.work = QLabel()
        self._progress = QProgressBar()
        self._progress.setFixedWidth(120)
        self._progress.setTextVisible(False)
        self._stop = QToolButton()
        self._stop.setIcon(icon("close"))
        self._stop.setIconSize(QSize(12, 12))
        self._stop.setToolTip("Stop this")
        self._stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stop.clicked.connect(lambda: self._cancel and self._cancel())
        self._cancel: Callable[[], object] | None = None
        for widget, tip in (
            (self.research, "What BreastView is for"),
            (self.cases, "Cases listed; files that could not be shown"),
            (self.pointer, "Position and value under the pointer"),
            (self.queue, "Images that wait for the AI"),
            (self.timing, "Time of the AI for the shown image"),
            (self.device, "Where the AI runs (Settings: AI)"),
        ):
            widget.setProperty("role", "muted")
            widget.setToolTip(tip)
        self.addWidget(self.research)
        for one in (
            self.work,
            self._progress,
            self._stop,
            self.pointer,
            self.cases,
            self.queue,
            self.timing,
            self.device,
        ):
            self.addPermanentWidget(one)
        self._show(False, self.work, self._progress, self._stop)

    @staticmethod
    def _show(on: bool, *widgets: QWidget) -> None:
        for widget in widgets:
            widget.setVisible(on)

    def set_cases(self, cases: int, refused: int) -> None:
        """Show how many cases there are, and how many files could not be shown."""
        text = f"{cases:,} {'case' if cases == 1 else 'cases'}".replace(",", " ") if cases or refused else ""
        self.cases.setText(f"{text} · {refused} not shown" if refused else text)

    def set_pointer(self, column: int, row: int, value: str) -> None:
        """Show which pixel the pointer is on, and its value; column -1: none."""
        self.pointer.setText(f"{column}, {row}: {value}" if column >= 0 else "")

    def set_queue(self, waiting: int, busy: bool) -> None:
        """Show how many images wait for the AI."""
        self.queue.setText(f"AI: {waiting} waiting" if waiting else "AI: reading" if busy else "AI: idle")

    def set_no_ai(self) -> None:
        """Show that there is no AI."""
        self.queue.setText("AI: not available")

    def set_timing(self, milliseconds: float | None) -> None:
        """Show the AI's time for the shown image."""
        self.timing.setText("" if not milliseconds else f"{milliseconds:.0f} ms")

    def set_device(self, device: str) -> None:
        """Show where the AI runs."""
        self.device.setText(device)

    def begin(self, text: str, cancel: Callable[[], object]) -> None:
        """Show work that takes time and can be stopped."""
        self._cancel = cancel
        self._progress.setRange(0, 0)
        self.work.setText(text)
        self._show(True, self.work, self._progress, self._stop)

    def advance(self, done: int, total: int | None, text: str = "") -> None:
        """Show how far the work is."""
        self._progress.setRange(0, total or 0)
        self._progress.setValue(done)
        if text:
            self.work.setText(text)

    def end(self) -> None:
        """The work is over."""
        self._cancel = None
        self._show(False, self.work, self._progress, self._stop)
