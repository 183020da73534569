"""One field that finds everything there is to do, to set and to see; for the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from breastview.gui import fuzzy, theme
from breastview.language import tr

WIDTH, HEIGHT, MOST = 640, 420, 50
_MOVES = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


@dataclass(frozen=True)
class Offer:
    """Something that can be found.

    Attributes
    ----------
    text, where, keys : str
        What it is called, the menu or kind it belongs to, and its keys; in the reader's language.
    run : callable
        What choosing it does.
    possible : bool
        Whether it can be done now; shown, but not chosen, otherwise.
    also : str
        Other words it is found by.
    unasked : bool
        Whether it is listed before anything was typed.
    """

    text: str
    where: str
    keys: str
    run: Callable[[], object]
    possible: bool = True
    also: str = ""
    unasked: bool = True


@dataclass(frozen=True)
class Searched:
    """An offer with the texts that it is found by, as `fuzzy.plain` gives them."""

    offer: Offer
    name: str
    also: str


def searched(offers: Iterable[Offer]) -> list[Searched]:
    """Return each offer with the texts that it is found by."""
    return [
        Searched(offer, fuzzy.plain(offer.text), fuzzy.plain(f"{offer.where} {offer.also}"))
        for offer in offers
    ]


def found(offers: Sequence[Searched], typed: str) -> list[Offer]:
    """Return what fits, the best first; what cannot be done now comes after what can."""
    wanted = fuzzy.plain(typed)
    if not wanted.strip():
        return [one.offer for one in offers if one.offer.unasked]
    fitting = ((fuzzy.score(wanted, one.name, one.also), one.offer) for one in offers)
    ranked = [(not offer.possible, -score, offer) for score, offer in fitting if score is not None]
    ranked.sort(key=lambda one: one[:2])
    return [offer for *_, offer in ranked]


class Palette(QDialog):
    """Type, walk with the arrows, Enter; Esc closes."""

    def __init__(self, offers: Iterable[Offer], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setObjectName("palette")
        self.setWindowTitle(tr("Find a command"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offers = searched(offers)
        self._shown: list[Offer] = []
        self.field, self.list, self.none = QLineEdit(), QTreeWidget(), QLabel()
        self._build()
        self._place(parent)
        self._fill("")

    def _build(self) -> None:
        self.field.setPlaceholderText(tr("Find a command, a setting or a case"))
        self.field.setAccessibleName(tr("Find a command, a setting or a case"))
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setAccessibleName(tr("What was found"))
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        head = self.list.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(lambda _item: self._choose())
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.none.setText(tr("Nothing is called like this."))
        self.none.setProperty("role", "muted")
        self.none.setContentsMargins(8, 4, 8, 4)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(10, 10, 10, 10)
        whole.setSpacing(8)
        whole.addWidget(self.field)
        whole.addWidget(self.none)
        whole.addWidget(self.list, 1)

    def _place(self, parent: QWidget) -> None:
        frame = parent.geometry()
        width, height = min(WIDTH, frame.width() - 80), min(HEIGHT, frame.height() - 140)
        self.setGeometry(frame.center().x() - width // 2, frame.top() + 70, width, height)

    def _fill(self, typed: str) -> None:
        self._shown = found(self._offers, typed)[:MOST]
        self.list.clear()
        for offer in self._shown:
            item = QTreeWidgetItem([offer.text, offer.where, offer.keys])
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setForeground(1, QColor(theme.MUTED))
            item.setForeground(2, QColor(theme.ACCENT))
            if not offer.possible:
                item.setDisabled(True)
                for column in range(3):
                    item.setForeground(column, QColor(theme.DISABLED))
            self.list.addTopLevelItem(item)
        self.none.setVisible(not self._shown)
        self._go(0)

    def _go(self, row: int) -> None:
        item = self.list.topLevelItem(max(0, min(row, len(self._shown) - 1)))
        if item is not None:
            self.list.setCurrentItem(item)

    def _row(self) -> int:
        item = self.list.currentItem()
        return -1 if item is None else self.list.indexOfTopLevelItem(item)

    def _choose(self) -> None:
        row = self._row()
        if 0 <= row < len(self._shown) and self._shown[row].possible:
            offer = self._shown[row]
            self.accept()
            offer.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the field keep the keys while the arrows walk in the list."""
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in _MOVES:
                page = max(1, self.list.viewport().height() // max(1, self.list.sizeHintForRow(0)))
                steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page}
                self._go(self._row() + steps.get(key, page))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose()
                return True
        return super().eventFilter(watched, event)
