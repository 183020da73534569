"""A choice of several words in a list with ticks, as narrow as a combo box."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

_TICKS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ManyBox(QComboBox):
    """A combo box whose list stays open while words are ticked (click, Space or Return).

    Attributes
    ----------
    chosen : Signal(tuple of str)
        Keys of the words that are ticked now.
    """

    chosen = Signal(object)

    def __init__(self, nothing: str = "–") -> None:
        super().__init__()
        self._nothing = nothing
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.view().installEventFilter(self)
        self.view().viewport().installEventFilter(self)

    def offer(self, words: tuple[tuple[str, str, str], ...]) -> None:
        """Take (key, text, tip) of each word."""
        self._items.clear()
        for key, text, tip in words:
            item = QStandardItem(text)
            item.setData(key, Qt.ItemDataRole.UserRole)
            item.setToolTip(tip)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self._items.appendRow(item)

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the ticked words."""
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in self._ticked())

    def set_keys(self, keys: tuple[str, ...]) -> None:
        """Tick these words and no others."""
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            on = item.data(Qt.ItemDataRole.UserRole) in keys
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.setToolTip(self.text())
        self.update()

    def text(self) -> str:
        """Return the ticked words as they are shown."""
        return ", ".join(item.text() for item in self._ticked()) or self._nothing

    def _ticked(self) -> list[QStandardItem]:
        items = (self._items.item(row) for row in range(self._items.rowCount()))
        return [item for item in items if item.checkState() == Qt.CheckState.Checked]

    def _toggle(self, row: int) -> None:
        item = self._items.item(row)
        if item is None:
            return
        on = item.checkState() != Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.setToolTip(self.text())
        self.update()
        self.chosen.emit(self.keys())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick instead of choosing and closing."""
        if watched is self.view().viewport() and isinstance(event, QMouseEvent):
            if event.type() == QEvent.Type.MouseButtonRelease:
                index = self.view().indexAt(event.position().toPoint())
                if index.isValid():
                    self._toggle(index.row())
                return True
            return event.type() == QEvent.Type.MouseButtonPress
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.view() and pressed and event.key() in _TICKS:  # type: ignore[attr-defined]
            self._toggle(self.view().currentIndex().row())
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list for ticking; a letter opens it at the word that begins with it."""
        letter = event.text()
        opens = event.key() in (*_TICKS, Qt.Key.Key_Down)
        if opens or letter.isalpha():
            row = next((n for n in range(self.count()) if _begins(self.itemText(n), letter)), 0)
            self.showPopup()
            self.view().setCurrentIndex(self._items.index(row, 0))
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_End):
            return  # The box itself has no current word to move.
        QWidget.keyPressEvent(self, event)

    def wheelEvent(self, event: QEvent) -> None:
        """Let the panel scroll."""
        event.ignore()

    def paintEvent(self, event: QEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint the ticked words."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() - 4)
        option.currentText = text
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def _begins(text: str, letter: str) -> bool:
    return bool(letter.strip()) and text.casefold().startswith(letter.casefold())
