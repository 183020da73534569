"""While the reader types, keys belong to the field: single-key shortcuts wait."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

_TEXT = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)
_WALK = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
_CARET = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Return,
        Qt.Key.Key_Z,
    }
)
"""Keys that edit text even with Ctrl held."""


def belongs_to_field(widget: QWidget | None, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    """Return whether a key press is for the focused field and not for the pictures.

    Function keys and keys held with Ctrl or Alt stay shortcuts, except those that edit text.
    """
    function_key = Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35
    if isinstance(widget, _TEXT):
        if modifiers & _COMMANDS:
            return key in _CARET and not isinstance(widget, QComboBox)
        return not function_key
    return isinstance(widget, QAbstractButton) and key in _WALK


class TypingGuard(QObject):
    """Installed on the application: tells Qt that a key is no shortcut while a field has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt)
        """Claim keys for the focused field."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and belongs_to_field(QApplication.focusWidget(), Qt.Key(event.key()), event.modifiers())
        ):
            event.accept()
            return True
        return False
