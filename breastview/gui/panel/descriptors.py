"""The words that describe the lesion: one field each, fitting the kind of picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QVBoxLayout, QWidget

from breastview.gui.panel.many_box import ManyBox
from breastview.gui.panel.parts import caption
from breastview.language import tr
from breastview.study.descriptors import Descriptor, Pairs, chosen, vocabulary, with_chosen
from breastview.study.kind import Kind


class _One(QComboBox):
    """A choice that the wheel does not change while the panel scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the panel scroll."""
        event.ignore()


class _Page(QWidget):
    """The fields of one vocabulary, and the descriptors that they show."""

    def __init__(self, words: tuple[Descriptor, ...], fields: dict[str, QComboBox]) -> None:
        super().__init__()
        self.words, self.fields = words, fields
        self.pairs: Pairs = ()
        grid = QGridLayout(self)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setContentsMargins(0, 0, 0, 0)
        for row, one in enumerate(words):
            name = caption(tr(one.title))
            name.setBuddy(fields[one.key])
            grid.addWidget(name, row, 0)
            grid.addWidget(fields[one.key], row, 1)


class DescriptorFields(QWidget):
    """Shows descriptors and tells every change; holds no truth of its own.

    Attributes
    ----------
    edited : Signal(tuple of pairs)
        The descriptors after a change.
    fields : dict of str to QComboBox
        By descriptor, those of the kind of picture that is shown.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pairs: Pairs = ()
        self.fields: dict[str, QComboBox] = {}
        self._pages: list[_Page] = []
        self._page: _Page | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.set_kind(None)

    def set_kind(self, kind: Kind | None) -> None:
        """Offer the words for a kind of picture."""
        words = vocabulary(kind)
        if self._page is not None and self._page.words is words:
            return
        there = (page for page in self._pages if page.words is words)
        page = next(there, None) or self._made(words)
        if self._page is not None:
            self._page.hide()
        page.show()
        self._page, self.fields = page, page.fields
        self._show_pairs()

    def _made(self, words: tuple[Descriptor, ...]) -> _Page:
        """Return the fields of a vocabulary, which are kept: pictures of two kinds often come by turns."""
        page = _Page(words, {one.key: self._field(one) for one in words})
        self._pages.append(page)
        self._column.addWidget(page)
        return page

    def set_pairs(self, pairs: Pairs) -> None:
        """Show descriptors."""
        self._pairs = pairs
        self._show_pairs()

    def _show_pairs(self) -> None:
        page = self._page
        if page is None or page.pairs == self._pairs:
            return
        page.pairs = self._pairs
        for key, field in page.fields.items():
            words = chosen(self._pairs, key)
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
            if self._page is not None:
                self._page.pairs = pairs
            self.edited.emit(pairs)
