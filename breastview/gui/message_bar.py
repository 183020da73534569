"""The one place where a sentence about what went wrong, or well, is shown; it never takes the keys."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.language import said, tr


class Kind(StrEnum):
    """How serious a message is."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


_ICONS = {
    Kind.NOTE: ("information-outline", theme.ACCENT),
    Kind.WARNING: ("alert-outline", theme.WARNING),
    Kind.ERROR: ("alert", theme.DANGER),
}
NOTE_STAYS_MS = 12_000


class MessageBar(QFrame):
    """Shows one sentence, at most one thing to do about it, and a cross; a note goes by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("message")
        self._sign, self.text = QLabel(), QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.clicked.connect(self._act)
        self.button.hide()
        self._do: Callable[[], object] | None = None
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setIconSize(QSize(14, 14))
        close.setToolTip(tr("Close this message"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 5, 6, 5)
        line.addWidget(self._sign)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        line.addWidget(close)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(NOTE_STAYS_MS)
        self._fade.timeout.connect(self.hide)
        self.hide()

    def say(
        self,
        text: str,
        kind: Kind = Kind.WARNING,
        button: str = "",
        do: Callable[[], object] | None = None,
    ) -> None:
        """Show a sentence; a later one takes its place."""
        self.setProperty("kind", kind.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._sign.setPixmap(icon(*_ICONS[kind]).pixmap(16, 16))
        self.text.setText(said(text))
        self.setAccessibleName(text)
        self._do = do
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._fade.stop()
        if kind is Kind.NOTE:
            self._fade.start()
        self.show()

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()
