"""What stands in the window when nothing is open: where to drop, what to press, what was open before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import clear

MOST_RECENT = 6


class EmptyState(QWidget):
    """An invitation to open something.

    Attributes
    ----------
    folder_wanted, files_wanted, demo_wanted : Signal()
        A button was pressed.
    recent_wanted : Signal(Path)
        One of the recent ones.
    """

    folder_wanted = Signal()
    files_wanted = Signal()
    demo_wanted = Signal()
    recent_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"QWidget#empty {{ background: {theme.PANE}; }}")
        self.card = QFrame()
        self.card.setObjectName("card")
        self.card.setMaximumWidth(560)
        self.folder, self.files, self.demo = (
            QPushButton("Open folder…"),
            QPushButton("Open files…"),
            QPushButton("Open the demo"),
        )
        self._recent = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        sign, title, hint = (
            QLabel(),
            QLabel("Drop a study here"),
            QLabel("Folders, ZIP archives, DICOMDIR, DICOM files, PNG, JPEG, BMP and TIFF pictures"),
        )
        sign.setPixmap(icon("tray-arrow-down", theme.ACCENT).pixmap(QSize(48, 48)))
        title.setProperty("role", "title")
        hint.setProperty("role", "muted")
        hint.setWordWrap(True)
        for label in (sign, title, hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        for button, name, signal, tip in (
            (self.folder, "folder-open-outline", self.folder_wanted, "Ctrl+Shift+O"),
            (self.files, "file-image-outline", self.files_wanted, "Ctrl+O"),
            (self.demo, "play-box-outline", self.demo_wanted, "Phantom pictures that come with BreastView"),
        ):
            button.setIcon(icon(name))
            button.setToolTip(tip)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        self.folder.setProperty("primary", "true")
        buttons.addStretch(1)
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(36, 32, 36, 28)
        inner.setSpacing(12)
        for label in (sign, title, hint):
            inner.addWidget(label)
        inner.addSpacing(8)
        inner.addLayout(buttons)
        self._recent.setSpacing(2)
        inner.addLayout(self._recent)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.card, 4)
        across.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(1)
        whole.addLayout(across)
        whole.addStretch(1)

    def set_recent(self, recent: Sequence[Path]) -> None:
        """List what was open before."""
        clear(self._recent)
        if not recent:
            return
        heading = QLabel("RECENT")
        heading.setProperty("role", "section")
        heading.setContentsMargins(0, 14, 0, 4)
        self._recent.addWidget(heading)
        for path in recent[:MOST_RECENT]:
            button = QPushButton(f"{path.name or path}   ·   {path.parent}")
            button.setFlat(True)
            button.setStyleSheet(
                "QPushButton { text-align: left; border: 0; background: transparent; padding: 4px 6px; }"
                f"QPushButton:hover {{ background: {theme.HOVER}; }}"
            )
            button.setToolTip(str(path))
            button.clicked.connect(lambda _on=False, p=path: self.recent_wanted.emit(p))
            self._recent.addWidget(button)

    def set_dropping(self, on: bool) -> None:
        """Light the card up while something is held above the window."""
        self.card.setProperty("dropping", "true" if on else "false")
        self.card.style().unpolish(self.card)
        self.card.style().polish(self.card)
