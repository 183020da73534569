"""All keys on one page, made from the action table."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import actions, theme
from breastview.gui.actions import ACTIONS, MOUSE
from breastview.language import mark, said, tr

Line = tuple[str, str]
"""Keys, and what they do."""
MICE, PRESETS = mark("Mouse"), "Window presets"
COLUMNS = 5
"""At most; fewer where the screen is narrow."""
_MARGIN = 16
"""Room for a scroll bar."""
_NATIVE, _PORTABLE = QKeySequence.SequenceFormat.NativeText, QKeySequence.SequenceFormat.PortableText
_ARROWS = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


def written(key: str) -> str:
    """Return a key sequence as keyboards have it: "Ctrl+Shift+Up" becomes "Ctrl+⇧↑"."""
    sequence = QKeySequence(key)
    native, portable = sequence.toString(_NATIVE), sequence.toString(_PORTABLE)
    last = portable.rpartition("+")[2]
    if last in _ARROWS:
        native = f"{native[: native.rfind('+') + 1]}{_ARROWS[last]}"
    shift = QKeySequence("Shift+A").toString(_NATIVE).removesuffix("A")
    return native.replace(shift, "⇧")


def groups(changed: dict[str, str], said_as: Callable[[str], str] = written) -> dict[str, list[Line]]:
    """Return (keys, text) for each menu, actions without a key left out; `said_as` writes a key sequence."""
    found: dict[str, list[Line]] = {}
    for action in ACTIONS:
        shown = "   ".join(said_as(key) for key in actions.keys(action, changed))
        if shown:
            found.setdefault(action.menu, []).append((shown, said(action.text).removesuffix("…")))
    found[MICE] = [(tr(gesture), tr(does)) for gesture, does in MOUSE]
    found[PRESETS] = _shortened(found.get(PRESETS, []))
    return found


def _shortened(presets: list[Line]) -> list[Line]:
    """Return presets 1 to 9 as one line where they have their own digits."""
    digits = [key for key, _ in presets[1:]]
    if digits == [str(number) for number in range(1, 10)]:
        return [presets[0], ("1 – 9", tr(PRESETS))]
    return presets


def columns(found: dict[str, list[Line]], count: int) -> list[list[str]]:
    """Return the groups' names in columns: in order, the highest column as low as it can be."""
    sizes = {name: len(lines) + 2 for name, lines in found.items() if lines}
    height = max(sizes.values(), default=0)
    while len(filled := _filled(sizes, height)) > count:
        height += 1
    return filled


def _filled(sizes: dict[str, int], height: int) -> list[list[str]]:
    made: list[list[str]] = []
    left = 0
    for name, size in sizes.items():
        if size > left:
            made.append([])
            left = height
        made[-1].append(name)
        left -= size
    return made


class CheatSheet(QDialog):
    """Shows the keys; any of Esc, ? and Enter closes it."""

    def __init__(self, changed: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        room = self.screen().availableSize() - QSize(40, 60)
        page, area = _fitting(groups(changed), room.width() - _MARGIN), QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setAccessibleName(tr("All keys on one page"))
        note = QLabel(tr("Keys can be changed in the settings."))
        note.setProperty("role", "muted")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.setContentsMargins(22, 0, 22, 0)
        foot.addWidget(note, 1)
        foot.addWidget(buttons)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 14)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        wanted = page.sizeHint() + QSize(_MARGIN, 64)
        self.resize(wanted.boundedTo(room))

    def keyPressEvent(self, event: object) -> None:
        """Let the key that opened the sheet close it."""
        if getattr(event, "text", str)() == "?":
            self.accept()
            return
        super().keyPressEvent(event)  # type: ignore[arg-type]


def _fitting(found: dict[str, list[Line]], width: int) -> QWidget:
    """Return the page in as many columns as stand side by side in `width` px."""
    for count in range(COLUMNS, 1, -1):
        page = _page(found, count)
        if page.sizeHint().width() <= width:
            return page
        page.deleteLater()
    return _page(found, 1)


def _page(found: dict[str, list[Line]], count: int) -> QWidget:
    page = QWidget()
    page.setObjectName("keys")
    across = QHBoxLayout(page)
    across.setContentsMargins(22, 18, 22, 6)
    across.setSpacing(22)
    for names in columns(found, count):
        down = QVBoxLayout()
        down.setSpacing(12)
        for name in names:
            down.addLayout(_group(name, found[name]))
        down.addStretch(1)
        across.addLayout(down)
    return page


def _group(name: str, lines: list[Line]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(1, 1)
    title = QLabel(tr(name).upper())
    title.setProperty("role", "section")
    grid.addWidget(title, 0, 0, 1, 2)
    for row, (key, text) in enumerate(lines, 1):
        shown = QLabel(key)
        shown.setStyleSheet(f"color: {theme.ACCENT};")
        grid.addWidget(shown, row, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), row, 1)
    return grid
