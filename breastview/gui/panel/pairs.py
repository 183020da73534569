"""The same lesion in another picture: what both say, and where they disagree."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from breastview.gui.icons import icon
from breastview.gui.panel import wording
from breastview.gui.panel.parts import caption, clear, label
from breastview.gui.worklist.listing import names
from breastview.language import tr
from breastview.study.ai_words import class_name
from breastview.study.pair import LesionView, Pair, PairedLesion
from breastview.study.shares import percent


class PairFields(QWidget):
    """Pins the shown lesion, pairs it with the pinned one, and shows the pairs there are.

    Attributes
    ----------
    pin_wanted, pair_wanted : Signal()
        Pin this picture's lesion (or let it go); pair it with the pinned one.
    shown_wanted, removed : Signal(Pair)
        Go to the other picture; take the pair apart.
    """

    pin_wanted = Signal()
    pair_wanted = Signal()
    shown_wanted = Signal(object)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.pin, self.pair = QPushButton(), QPushButton(tr("Same lesion"))
        self.pinned = label("", "muted")
        self.pin.setIcon(icon("pin-outline"))
        self.pin.setToolTip(tr("Pin this lesion, then pair it on the other picture (Ctrl+J)"))
        self.pair.setIcon(icon("link-variant"))
        self.pair.setToolTip(tr("This lesion is the pinned one, seen in another picture (Ctrl+Shift+J)"))
        self.pin.clicked.connect(self.pin_wanted)
        self.pair.clicked.connect(self.pair_wanted)
        self._pairs: tuple[PairedLesion, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.pin, 1)
        row.addWidget(self.pair, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.pinned)
        column.addLayout(self._list)
        self.set_pinned("", here=False)
        self.set_pairs(())

    def set_pinned(self, label: str, here: bool) -> None:
        """Show which picture's lesion is pinned (empty: none), and whether it is the shown one."""
        self.pin.setText(tr("Unpin") if here else tr("Pin"))
        self.pair.setEnabled(bool(label) and not here)
        self.pinned.setText(tr("Pinned: {picture}").format(picture=names(label)[0]) if label else "")
        self.pinned.setVisible(bool(label))

    def set_pairs(self, pairs: tuple[PairedLesion, ...]) -> None:
        """Show the pairs of the shown picture."""
        if pairs == self._pairs:
            return
        self._pairs = pairs
        clear(self._list)
        for one in pairs:
            self._list.addLayout(self._lesion(one))

    def _lesion(self, one: PairedLesion) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(4)
        title = names(one.there.label)[0] or tr("a picture that is not open")
        text = tr("Also in {picture}").format(picture=wording.breakable(title))
        head.addWidget(label(text), 1)
        head.addWidget(self._button("arrow-right", tr("Show the other picture"), self.shown_wanted, one.pair))
        head.addWidget(self._button("link-variant-off", tr("Not the same lesion"), self.removed, one.pair))
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, (name, view) in enumerate(((tr("Here"), one.here), (tr("There"), one.there))):
            grid.addWidget(caption(name), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(described(view)), row, 1)
        column.addLayout(grid)
        unknown = one.here == LesionView(one.here.label, one.here.frame)
        for sentence, disagrees in () if unknown else one.sentences:
            column.addWidget(label(sentence, "warning" if disagrees else "muted"))
        return column

    def _button(self, name: str, tip: str, signal: object, pair: Pair) -> QToolButton:
        made = QToolButton()
        made.setIcon(icon(name))
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        made.clicked.connect(lambda: signal.emit(pair))  # type: ignore[attr-defined]
        return made


def described(view: LesionView) -> str:
    """Return a lesion's size, who outlined it, and the AI's class, as far as there are any."""
    parts = []
    if view.finding is not None:
        size = wording.size(view.finding)
        parts.append(f"{size} ({view.source})" if view.source else size)
    if view.top is not None:
        name, value = view.top
        parts.append(f"{class_name(name)} {percent(value)}")
    if view.abstained:
        parts.append(tr("does not commit itself"))
    return ", ".join(parts) or tr("nothing is known yet")
