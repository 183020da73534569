"""All keys on one page, made from the action table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import actions, theme
from breastview.gui.actions import ACTIONS, MOUSE

COLUMNS: tuple[tuple[str, ...], ...] = (
    ("Go", "File"),
    ("View", "Mouse"),
    ("Overlays", "Assess", "Window presets", "Help"),
)


_ARROWS = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def written(key: str) -> str:
    """Return a key sequence as a reader writes it: "Shift+Up" becomes "Shift+↑"."""
    native = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    head, plus, last = native.rpartition("+")
    return f"{head}{plus}{_ARROWS.get(last, last)}" if last else native


def groups(changed: dict[str, str]) -> dict[str, list[tuple[str, str]]]:
    """Return (keys, text) for each menu, actions without a key left out."""
    found: dict[str, list[tuple[str, str]]] = {}
    for action in ACTIONS:
        shown = "   ".join(written(key) for key in actions.keys(action, changed))
        if shown:
            found.setdefault(action.menu, []).append((shown, action.text.removesuffix("…")))
    found["Mouse"] = list(MOUSE)
    found["Window presets"] = _shortened(found.get("Window presets", []))
    return found


def _shortened(presets: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return presets 1 to 9 as one line where they have their own digits."""
    digits = [key for key, _ in presets[1:]]
    if digits == [str(number) for number in range(1, 10)]:
        return [presets[0], ("1 – 9", "Window presets")]
    return presets


class CheatSheet(QDialog):
    """Shows the keys; any of Esc, ? and Enter closes it."""

    def __init__(self, changed: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 16)
        whole.setSpacing(16)
        across = QHBoxLayout()
        across.setSpacing(36)
        found = groups(changed)
        for column in COLUMNS:
            down = QVBoxLayout()
            down.setSpacing(14)
            for name in column:
                down.addLayout(_group(name, found.get(name, [])))
            down.addStretch(1)
            across.addLayout(down)
        whole.addLayout(across)
        note = QLabel("Keys can be changed in the settings.")
        note.setProperty("role", "muted")
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        foot.addWidget(buttons)
        whole.addLayout(foot)

    def keyPressEvent(self, event: object) -> None:
        """Let the key that opened the sheet close it."""
        if getattr(event, "text", str)() == "?":
            self.accept()
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]


def _group(name: str, lines: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    title = QLabel(name.upper())
    title.setProperty("role", "section")
    grid.addWidget(title, 0, 0, 1, 2)
    for row, (key, text) in enumerate(lines, 1):
        shown = QLabel(key)
        shown.setStyleSheet(f"color: {theme.ACCENT};")
        grid.addWidget(shown, row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), row, 1)
    return grid
