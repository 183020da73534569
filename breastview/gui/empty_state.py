"""What stands in the window when nothing is open: where to drop, what to press, what was open before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.parts import clear
from breastview.gui.plain import plain
from breastview.language import tr

MOST_RECENT = 6
CARD, MARGIN = 560, 36
"""Width of the card and its margin in device-independent px."""


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
        self.card.setMaximumWidth(CARD)
        self.folder, self.files, self.demo = (
            QPushButton(tr("Open folder…")),
            QPushButton(tr("Open files…")),
            QPushButton(tr("Open the demo")),
        )
        self._recent = QVBoxLayout()
        self._build()

    def _build(self) -> None:
        sign, title, hint = (
            QLabel(),
            QLabel(tr("Drop a study here")),
            QLabel(tr("Folders, ZIP archives, DICOMDIR, DICOM files, PNG, JPEG, BMP and TIFF pictures")),
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
            (
                self.demo,
                "play-box-outline",
                self.demo_wanted,
                tr("Phantom pictures that come with BreastView"),
            ),
        ):
            button.setIcon(icon(name))
            button.setToolTip(tip)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        self.folder.setProperty("primary", "true")
        buttons.addStretch(1)
        inner = QVBoxLayout(self.card)
        inner.setContentsMargins(MARGIN, 32, MARGIN, 24)
        inner.setSpacing(12)
        for label in (sign, title, hint):
            inner.addWidget(label)
        inner.addSpacing(8)
        inner.addLayout(buttons)
        self._recent.setSpacing(2)
        inner.addLayout(self._recent)
        keys = QLabel(tr("Ctrl+K finds every command; ? shows all keys"))
        keys.setProperty("role", "muted")
        keys.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inner.addSpacing(6)
        inner.addWidget(keys)
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
        heading = QLabel(tr("RECENT"))
        heading.setProperty("role", "section")
        heading.setContentsMargins(0, 14, 0, 4)
        self._recent.addWidget(heading)
        for path in recent[:MOST_RECENT]:
            button = QPushButton(self._written(path))
            button.setFlat(True)
            button.setStyleSheet(
                "QPushButton { text-align: left; border: 1px solid transparent; background: transparent;"
                " padding: 4px 6px; }"
                f"QPushButton:hover {{ background: {theme.HOVER}; }}"
                f"QPushButton:focus {{ border-color: {theme.ACCENT}; }}"
            )
            button.setToolTip(plain(str(path)))
            button.setAccessibleName(tr("Open {path}").format(path=path))
            button.clicked.connect(lambda _on=False, p=path: self.recent_wanted.emit(p))
            self._recent.addWidget(button)

    def _written(self, path: Path) -> str:
        """Return name and folder on one line of the card; the folder gives way."""
        name, metrics = path.name or str(path), self.fontMetrics()
        room = CARD - 2 * MARGIN - 24
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
        rest = room - metrics.horizontalAdvance(f"{shown}   ·   ")
        if rest < 60 or not path.name:
            return shown
        folder = metrics.elidedText(str(path.parent), Qt.TextElideMode.ElideMiddle, rest)
        return f"{shown}   ·   {folder}"

    def set_dropping(self, on: bool) -> None:
        """Light the card up while something is held above the window."""
        self.card.setProperty("dropping", "true" if on else "false")
        self.card.style().unpolish(self.card)
        self.card.style().polish(self.card)
