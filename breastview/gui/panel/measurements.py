"""The measurements of the shown frame: their numbers, by which millimetres, and what can be done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.folding import Folding
from breastview.gui.panel.parts import label
from breastview.language import tr
from breastview.study.measurement import Tool

ICONS = {
    Tool.DISTANCE: "ruler", Tool.ANGLE: "angle-acute", Tool.ELLIPSE: "ellipse-outline",
    Tool.RECTANGLE: "rectangle-outline", Tool.FREEHAND: "draw", Tool.AXES: "arrow-all",
    Tool.TEXT: "message-arrow-left-outline",
}  # fmt: skip
"""Icon of each kind."""


@dataclass(frozen=True)
class Line:
    """One measurement in the list.

    Attributes
    ----------
    identifier, title : str
    tool : Tool
    value : str
        The number with its source.
    details : tuple of str
        Further numbers, shown of the chosen one.
    """

    identifier: str
    title: str
    tool: Tool
    value: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grey:
    """The histogram of the chosen area.

    Attributes
    ----------
    counts : ndarray, shape (n,), int64
        Pixels in equal parts of the range.
    low, high : float
        The range, in modality values.
    """

    counts: NDArray[np.int64]
    low: float
    high: float


class MeasurementsPanel(QWidget):
    """Lists measurements; says what to do while there are none.

    Attributes
    ----------
    chosen, deleted : Signal(str)
        Identifier of the measurement that the reader took or wants gone.
    jumped : Signal(str)
        It should be brought into sight.
    renamed : Signal(str, str)
        Identifier and new words.
    copied : Signal(str)
        Its numbers are wanted on the clipboard.
    ruler_wanted, ruler_removed : Signal()
        The reader wants to calibrate by the depth scale, or no longer.
    left : Signal()
        Esc was pressed: the keys belong to the pictures again.
    """

    chosen = Signal(str)
    deleted = Signal(str)
    jumped = Signal(str)
    renamed = Signal(str, str)
    copied = Signal(str)
    ruler_wanted = Signal()
    ruler_removed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._filling = False
        self._renaming = ""
        self.hint = label(tr("Measure with D (distance), J (two axes), E (ellipse), A (angle)."), "muted")
        self.list = QListWidget()
        self.histogram = Histogram()
        self.source = label("", "muted")
        self.ruler = QToolButton()
        self.remove_ruler = _button("close", tr("Remove the depth ruler"), self.ruler_removed.emit)
        self._buttons = QWidget()
        self._build()
        self.show_lines((), "", None)
        self.show_source("", ruler=False, possible=False)

    def _build(self) -> None:
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setWordWrap(True)
        self.list.setAccessibleName(tr("Measurements"))
        self.list.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.list.setStyleSheet(
            f"QListWidget {{ background: transparent; outline: 0; }}"
            f"QListWidget::item {{ border-radius: 4px; padding: 3px 2px; }}"
            f"QListWidget::item:selected {{ background: {theme.HOVER}; color: {theme.TEXT}; }}"
            f"QListWidget:focus::item:selected {{ border: 1px solid {theme.ACCENT}; }}"
        )
        self.list.installEventFilter(self)
        self.list.currentItemChanged.connect(self._choose)
        self.list.itemClicked.connect(lambda item: self.jumped.emit(_identifier(item)))
        self.list.itemDoubleClicked.connect(lambda _item: self.rename())
        delegate = self.list.itemDelegate()
        delegate.commitData.connect(self._renamed)
        delegate.closeEditor.connect(self._left_renaming)
        self.ruler.setText(tr("Calibrate with a ruler…"))
        self.ruler.setIcon(icon("ruler-square-compass"))
        self.ruler.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.ruler.setToolTip(tr("Draw a line over the depth scale burned into the picture"))
        self.ruler.clicked.connect(lambda: self.ruler_wanted.emit())
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for name, tip, action in (
            ("crosshairs-gps", tr("Bring into sight (Return)"), lambda: self.jumped.emit(self._current())),
            ("rename-outline", tr("Rename (double click)"), self.rename),
            ("content-copy", tr("Copy the numbers (Ctrl+C)"), lambda: self.copied.emit(self._current())),
            ("delete-outline", tr("Delete (Del)"), lambda: self.deleted.emit(self._current())),
        ):
            buttons.addWidget(_button(name, tip, action))
        by = QHBoxLayout()
        by.setSpacing(4)
        by.addWidget(self.source, 1)
        by.addWidget(self.remove_ruler, 0, Qt.AlignmentFlag.AlignTop)
        body = QWidget()
        whole = QVBoxLayout(body)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addWidget(self.hint)
        whole.addWidget(self.list)
        whole.addWidget(self.histogram)
        whole.addLayout(by)
        whole.addWidget(self.ruler, 0, Qt.AlignmentFlag.AlignLeft)
        self.part = Folding(tr("Measurements"), body, opened=True, beside=self._buttons, main=True)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 4, 0, 0)
        around.addWidget(self.part)

    # What is shown -----------------------------------------------------------------------------------------

    def show_lines(self, lines: Sequence[Line], chosen: str, grey: Grey | None) -> None:
        """Show measurements, one of them chosen, and the histogram of that one if it is an area."""
        self._filling = True
        self.list.clear()
        for line in lines:
            self.list.addItem(_item(line, line.identifier == chosen))
            if line.identifier == chosen:
                self.list.setCurrentRow(self.list.count() - 1)
        if not chosen:
            self.list.setCurrentRow(-1)
        self._filling = False
        self.list.setVisible(bool(lines))
        self.hint.setVisible(not lines)
        self._buttons.setVisible(bool(chosen))
        self.histogram.show_grey(grey)
        self._fit()

    def show_source(self, source: str, ruler: bool, possible: bool) -> None:
        """Show where the millimetres come from.

        Parameters
        ----------
        source : str
            In a sentence's form; empty where there is no picture.
        ruler : bool
            Whether it is a depth ruler, which can be taken away.
        possible : bool
            Whether there is a picture to draw a ruler on.
        """
        self.source.setText(source)
        self.source.setVisible(bool(source))
        self.remove_ruler.setVisible(ruler)
        self.ruler.setVisible(possible and not ruler)

    def _fit(self) -> None:
        """Make the list as high as its lines: the panel scrolls, not the list."""
        room = QRect(0, 0, max(self.list.viewport().width() - _BESIDE, 80), 10_000)
        metrics, wrapped = self.list.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setSizeHint(QSize(0, metrics.boundingRect(room, wrapped, item.text()).height() + _AROUND))
        self.list.doItemsLayout()
        items = (self.list.item(row) for row in range(self.list.count()))
        self.list.setFixedHeight(sum(self.list.visualItemRect(item).height() for item in items) + 6)
        self.list.scrollToTop()

    # What the reader does ----------------------------------------------------------------------------------

    def _current(self) -> str:
        return _identifier(self.list.currentItem())

    def _choose(self, item: QListWidgetItem | None) -> None:
        if not self._filling:
            self.chosen.emit(_identifier(item))

    def rename(self) -> None:
        """Let the reader write other words into the list."""
        item = self.list.currentItem()
        if item is None:
            return
        item.setText(item.data(_TITLE))
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        self._renaming = _identifier(item)
        self.list.editItem(item)

    def _renamed(self, editor: QWidget) -> None:
        """Tell the words that were typed, and show the numbers again."""
        identifier, self._renaming = self._renaming, ""
        item = self.list.currentItem()
        if item is None or _identifier(item) != identifier or not isinstance(editor, QLineEdit):
            return
        words = editor.text()  # the editor follows the item, which shows its numbers again
        item.setText(item.data(_SHOWN))
        if words.strip() != item.data(_TITLE):
            self.renamed.emit(identifier, words)

    def _left_renaming(self) -> None:
        """Show the numbers again of what was not renamed after all."""
        item = self.list.currentItem()
        if self._renaming and item is not None:
            item.setText(item.data(_SHOWN))
        self._renaming = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the list: Delete, Return, Esc; and another width, in which it wraps its lines anew."""
        if isinstance(event, QResizeEvent) and event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self._fit)
        if isinstance(event, QKeyEvent) and self.list.state() != QAbstractItemView.State.EditingState:
            does = {
                Qt.Key.Key_Delete: lambda: self.deleted.emit(self._current()),
                Qt.Key.Key_Return: lambda: self.jumped.emit(self._current()),
                Qt.Key.Key_Escape: self.left.emit,
                Qt.Key.Key_Up: None,
                Qt.Key.Key_Down: None,
            }
            key = Qt.Key(event.key())
            if key in does and not event.modifiers():
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.accept()
                    return True
                action = does[key]
                if event.type() == QEvent.Type.KeyPress and action is not None:
                    action()
                    return True
        return super().eventFilter(watched, event)


_BESIDE, _AROUND = 50, 14
"""Px beside the text of a line (icon and padding) and above and below it."""

_IDENTIFIER, _TITLE, _SHOWN = (Qt.ItemDataRole.UserRole + number for number in range(3))


def _item(line: Line, chosen: bool) -> QListWidgetItem:
    texts = (f"{line.title}: {line.value}" if line.value else line.title, *(line.details if chosen else ()))
    item = QListWidgetItem(icon(ICONS[line.tool]), "\n".join(texts))
    item.setData(_IDENTIFIER, line.identifier)
    item.setData(_TITLE, line.title)
    item.setData(_SHOWN, "\n".join(texts))
    item.setToolTip("\n".join((line.title, line.value, *line.details)))
    return item


def _identifier(item: QListWidgetItem | None) -> str:
    return "" if item is None else str(item.data(_IDENTIFIER))


def _button(name: str, tip: str, action: object) -> QToolButton:
    made = QToolButton()
    made.setIcon(icon(name))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.clicked.connect(lambda: action())  # type: ignore[operator]
    return made


class Histogram(QWidget):
    """Bars of the grey levels in the chosen area, over their range."""

    HEIGHT = 56

    def __init__(self) -> None:
        super().__init__()
        self._grey: Grey | None = None
        self._low, self._high = QLabel(), QLabel()
        self.setFixedHeight(self.HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for one, side in ((self._low, Qt.AlignmentFlag.AlignLeft), (self._high, Qt.AlignmentFlag.AlignRight)):
            one.setProperty("role", "muted")
            row.addWidget(one, 1, side | Qt.AlignmentFlag.AlignBottom)

    def show_grey(self, grey: Grey | None) -> None:
        """Show a histogram, or nothing."""
        self._grey = grey
        self.setVisible(grey is not None and bool(grey.counts.sum()))
        if grey is not None:
            self._low.setText(f"{grey.low:.6g}")
            self._high.setText(f"{grey.high:.6g}")
            self.setAccessibleName(
                tr("Grey levels from {low} to {high}").format(low=f"{grey.low:.6g}", high=f"{grey.high:.6g}")
            )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars over the range's ends."""
        if self._grey is None or not self._grey.counts.max(initial=0):
            return
        painter = QPainter(self)
        room = QRectF(0, 0, self.width(), self.height() - 18)
        painter.fillRect(room, QColor(theme.RAISED))
        step = room.width() / len(self._grey.counts)
        for index, share in enumerate(self._grey.counts / self._grey.counts.max()):
            high = room.height() * float(share)
            painter.fillRect(
                QRectF(index * step, room.height() - high, max(step - 0.5, 1), high), QColor("#9bea5b")
            )
