"""The line at the bottom: what runs, how long, where, what the pointer is on, and what this is not for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from breastview import RESEARCH_USE
from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel import wording
from breastview.gui.quiet_bar import QuietBar
from breastview.language import tr, trn


class StatusBar(QStatusBar):
    """Labels with one subject each; setters only."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self.research, self.cases, self.pointer = QLabel(tr(RESEARCH_USE)), QLabel(), QLabel()
        self.queue, self.timing, self.device = QLabel(), QLabel(), QLabel()
        self.work, self.listening = QLabel(), QLabel()
        for named in (self.work, self.device):  # files and models name themselves
            named.setTextFormat(Qt.TextFormat.PlainText)
        self.outgoing = QToolButton()
        self.outgoing.setProperty("role", "muted")
        self.outgoing.setToolTip(tr("Objects on their way to archives; a click shows the queue"))
        self.outgoing.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._progress = QuietBar()
        self._progress.setFixedWidth(120)
        self._progress.setTextVisible(False)
        self._stop = QToolButton()
        self._stop.setIcon(icon("close"))
        self._stop.setIconSize(QSize(12, 12))
        self._stop.setToolTip(tr("Stop this"))
        self._stop.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stop.clicked.connect(lambda: self._cancel and self._cancel())
        self._cancel: Callable[[], object] | None = None
        for widget, tip in (
            (self.research, tr("What BreastView is for")),
            (self.cases, tr("Cases listed; files that could not be shown")),
            (self.pointer, tr("Position and value under the pointer")),
            (self.queue, tr("Images that wait for the AI")),
            (self.timing, tr("Time of the AI for the shown image")),
            (self.device, tr("Where the AI runs (Settings: AI)")),
            (self.listening, tr("Studies can be sent here (Settings: Receiving)")),
        ):
            widget.setProperty("role", "muted")
            widget.setToolTip(tip)
        self.addWidget(self.research)
        for one in (
            self.work,
            self._progress,
            self._stop,
            self.pointer,
            self.outgoing,
            self.listening,
            self.cases,
            self.queue,
            self.timing,
            self.device,
        ):
            self.addPermanentWidget(one)
        self._show(False, self.work, self._progress, self._stop, self.listening, self.outgoing)

    @staticmethod
    def _show(on: bool, *widgets: QWidget) -> None:
        for widget in widgets:
            widget.setVisible(on)

    def set_cases(self, cases: int, refused: int) -> None:
        """Show how many cases there are, and how many files could not be shown."""
        number = f"{cases:,}".replace(",", " ")
        text = trn("{count} case", "{count} cases", cases, number) if cases or refused else ""
        missing = tr("{count} not shown").format(count=refused)
        self.cases.setText(f"{text} · {missing}" if refused else text)

    def set_pointer(self, column: int, row: int, value: str) -> None:
        """Show which pixel the pointer is on, and its value; column -1: none."""
        self.pointer.setText(f"{column}, {row}: {value}" if column >= 0 else "")

    def set_queue(self, waiting: int, busy: bool) -> None:
        """Show how many images wait for the AI."""
        idle = tr("AI: reading") if busy else tr("AI: idle")
        self.queue.setText(tr("AI: {count} waiting").format(count=waiting) if waiting else idle)

    def set_no_ai(self) -> None:
        """Show that there is no AI."""
        self.queue.setText(tr("AI: not available"))

    def set_timing(self, milliseconds: float | None) -> None:
        """Show the AI's time for the shown image."""
        self.timing.setText(wording.duration(milliseconds) if milliseconds else "")

    def set_device(self, device: str) -> None:
        """Show where the AI runs."""
        self.device.setText(device)

    def set_listening(self, sentence: str) -> None:
        """Show where studies can be sent to."""
        self.listening.setText(sentence)
        self.listening.setVisible(bool(sentence))

    def set_outgoing(self, waiting: int, failed: int) -> None:
        """Show how many objects are on their way to archives, and how many failed."""
        parts = (
            tr("{count} to send").format(count=waiting) if waiting else "",
            tr("{count} not sent").format(count=failed) if failed else "",
        )
        self.outgoing.setText(" · ".join(part for part in parts if part))
        self.outgoing.setStyleSheet(f"color: {theme.DANGER};" if failed else "")
        self.outgoing.setVisible(bool(waiting or failed))

    def begin(self, text: str, cancel: Callable[[], object]) -> None:
        """Show work that takes time and can be stopped."""
        self._cancel = cancel
        self._progress.setRange(0, 0)
        self.work.setText(text)
        self._show(True, self.work, self._progress, self._stop)

    def advance(self, done: int, total: int | None, text: str = "") -> None:
        """Show how far the work is."""
        self._progress.show_part(done, total or 0)
        if text:
            self.work.setText(text)

    def end(self) -> None:
        """The work is over."""
        self._cancel = None
        self._show(False, self.work, self._progress, self._stop)
