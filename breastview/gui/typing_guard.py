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
from shiboken6 import isValid

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
    """Tells Qt that a key is no shortcut while a field has the focus.

    It looks at the events of the focused widget alone: those of all would come here a thousand times a step.
    """

    def __init__(self) -> None:
        super().__init__()
        self._follows = False

    def begin(self, application: QApplication) -> None:
        """Follow the focus."""
        self._follows = True
        application.focusChanged.connect(self._moved)
        self._moved(None, application.focusWidget())

    def end(self, application: QApplication) -> None:
        """Follow it no more."""
        if not self._follows:
            return
        self._follows = False
        application.focusChanged.disconnect(self._moved)
        self._moved(application.focusWidget(), None)

    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None and isValid(before):
            before.removeEventFilter(self)
        if now is not None:
            now.installEventFilter(self)

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
