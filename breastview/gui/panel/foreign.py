"""What other systems said of the picture: which object, what it measured, and documents to open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui.icons import icon
from breastview.gui.panel.folding import Folding
from breastview.gui.panel.parts import caption, clear
from breastview.gui.panes.foreign_layer import colour_of, origin
from breastview.language import tr
from breastview.study.dates import parsed
from breastview.study.foreign import TITLES, Companion, Kind, Number, Overlay

SWATCH = 10
MOST_NUMBERS = 60
"""Numbers listed; a report can be opened for the rest."""


class ForeignPanel(QWidget):
    """Lists the objects of other systems that belong to the shown picture; nothing where there is none.

    Attributes
    ----------
    shown_wanted : Signal(str, bool)
        File of an object whose drawings are to be shown, or hidden.
    open_wanted : Signal(Companion)
        A document that the reader wants to read.
    window_wanted : Signal(Window)
        The window of a presentation state is to be taken.
    """

    shown_wanted = Signal(str, bool)
    open_wanted = Signal(object)
    window_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        body = QWidget()
        self._list = QVBoxLayout(body)
        self._list.setContentsMargins(0, 2, 0, 4)
        self._list.setSpacing(10)
        self.part = Folding(tr("Other systems"), body, opened=True, main=True)
        self.boxes: dict[str, QCheckBox] = {}
        self.buttons: dict[str, QToolButton] = {}
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 6, 0, 0)
        whole.addWidget(self.part)
        self.show_overlays((), (), True)

    def show_overlays(self, overlays: Sequence[Overlay], hidden: Sequence[str], visible: bool) -> None:
        """Show what belongs to a picture.

        Parameters
        ----------
        overlays : sequence of Overlay
            In the order of their colours.
        hidden : sequence of str
            Files whose drawings are hidden.
        visible : bool
            Whether any drawings are shown at all.
        """
        clear(self._list)
        self.boxes.clear()
        self.buttons.clear()
        for place, overlay in enumerate(overlays):
            shown = visible and str(overlay.companion.path) not in hidden
            self._list.addWidget(self._object(overlay, colour_of(place), shown))
        self.setVisible(bool(overlays))

    def _object(self, overlay: Overlay, colour: str, shown: bool) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(self._head(overlay, colour, shown))
        column.addWidget(_Words(_described(overlay.companion), "muted"))
        if overlay.numbers:
            column.addLayout(_table(overlay.numbers))
        if overlay.window is not None:
            column.addWidget(self._window(overlay))
        for note in overlay.notes:
            column.addWidget(_Words(note, "warning"))
        return made

    def _head(self, overlay: Overlay, colour: str, shown: bool) -> QHBoxLayout:
        companion, row = overlay.companion, QHBoxLayout()
        row.setSpacing(6)
        if overlay.draws:
            box = QCheckBox()
            box.setChecked(shown)
            box.setToolTip(tr("Show what it drew over the picture  (Shift+X: all of them)"))
            box.setAccessibleName(origin(companion))
            box.clicked.connect(lambda on: self.shown_wanted.emit(str(companion.path), on))
            self.boxes[str(companion.path)] = box
            row.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(_swatch(colour), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_Words(companion.name), 1)
        if companion.kind in (Kind.REPORT, Kind.DOCUMENT):
            button = QToolButton()
            button.setIcon(icon("file-document-outline"))
            button.setText(tr("Open"))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setToolTip(tr("Open this document"))
            button.setAccessibleName(tr("Open {name}").format(name=companion.name))
            button.clicked.connect(lambda: self.open_wanted.emit(companion))
            self.buttons[str(companion.path)] = button
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _window(self, overlay: Overlay) -> QPushButton:
        window = overlay.window
        assert window is not None
        button = QPushButton()
        text = tr("Take its window: centre {centre}, width {width}")
        button.setText(text.format(centre=f"{window.centre:.6g}", width=f"{window.width:.6g}"))
        button.clicked.connect(lambda: self.window_wanted.emit(window))
        return button


class _Words(QLabel):
    """Wrapped words, as high as they are at their width: within a scrolled panel no layout says so."""

    def __init__(self, text: str, role: str = "") -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height of the words at the new width."""
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))


def _swatch(colour: str) -> QLabel:
    made, square = QLabel(), QPixmap(SWATCH, SWATCH)
    square.fill(QColor(colour))
    made.setPixmap(square)
    made.setContentsMargins(0, 4, 0, 0)
    return made


def _described(companion: Companion) -> str:
    day = parsed(companion.date)
    return " · ".join(part for part in (tr(TITLES[companion.kind]), day.isoformat() if day else "") if part)


def _table(numbers: Sequence[Number]) -> QGridLayout:
    """Return names with their numbers and units as they are written in the file, group by group."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 2, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(0, 1)
    group, row = "", 0
    for one in numbers[:MOST_NUMBERS]:
        if one.group != group:
            group = one.group
            grid.addWidget(_Words(group), row, 0, 1, 2)
            row += 1
        grid.addWidget(_Words(one.name, "muted"), row, 0)
        grid.addWidget(caption(f"{one.value} {one.unit}".strip()), row, 1, Qt.AlignmentFlag.AlignRight)
        row += 1
    if len(numbers) > MOST_NUMBERS:
        text = tr("and {count} more; open the report").format(count=len(numbers) - MOST_NUMBERS)
        grid.addWidget(_Words(text, "muted"), row, 0, 1, 2)
    return grid
