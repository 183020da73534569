"""The words that describe the lesion: one field each, fitting the kind of picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from breastview.gui.panel.many_box import ManyBox
from breastview.gui.panel.parts import caption, clear
from breastview.language import tr
from breastview.study.descriptors import Descriptor, Pairs, chosen, vocabulary, with_chosen
from breastview.study.kind import Kind


class _One(QComboBox):
    """A choice that the wheel does not change while the panel scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()


class DescriptorFields(QWidget):
    """Shows descriptors and tells every change; holds no truth of its own.

    Attributes
    ----------
    edited : Signal(tuple of pairs)
        The descriptors after a change.
    rebuilt : Signal()
        Other fields stand here: another kind of picture.
    """

    edited = Signal(object)
    rebuilt = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pairs: Pairs = ()
        self._words: tuple[Descriptor, ...] | None = None
        self.fields: dict[str, QComboBox] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self.setLayout(self._grid)
        self.set_kind(None)

    def set_kind(self, kind: Kind | None) -> None:
        """Offer the words for a kind of picture."""
        words = vocabulary(kind)
        if words is self._words:
            return
        self._words = words
        clear(self._grid)
        self.fields = {one.key: self._field(one) for one in words}
        for row, one in enumerate(words):
            name = caption(tr(one.title))
            name.setBuddy(self.fields[one.key])
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(self.fields[one.key], row, 1)
        self.set_pairs(self._pairs)
        self.rebuilt.emit()

    def set_pairs(self, pairs: Pairs) -> None:
        """Show descriptors."""
        self._pairs = pairs
        for key, field in self.fields.items():
            words = chosen(pairs, key)
            if isinstance(field, ManyBox):
                field.set_keys(words)
            else:
                field.setCurrentIndex(max(0, field.findData(words[0] if words else "")))

    def _field(self, one: Descriptor) -> QComboBox:
        field: QComboBox
        if one.many:
            field = many = ManyBox()
            many.offer(tuple((word.key, tr(word.text), tr(word.meaning)) for word in one.words))
            many.chosen.connect(lambda keys, key=one.key: self._tell(key, keys))
        else:
            field = _One()
            field.addItem("–", "")
            for number, word in enumerate(one.words, 1):
                field.addItem(tr(word.text), word.key)
                field.setItemData(number, tr(word.meaning), Qt.ItemDataRole.ToolTipRole)
            field.activated.connect(
                lambda _row, key=one.key, box=field: self._tell(key, (box.currentData(),))
            )
        field.setAccessibleName(tr(one.title))
        field.setMinimumContentsLength(8)
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return field

    def _tell(self, key: str, words: tuple[str, ...]) -> None:
        pairs = with_chosen(self._pairs, key, (word for word in words if word))
        if pairs != self._pairs:
            self._pairs = pairs
            self.edited.emit(pairs)
