"""Small parts the side panel is put together from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy


def label(text: str, role: str = "") -> QLabel:
    """Return a wrapping label whose text can be marked and copied."""
    made = QLabel(text)
    made.setWordWrap(True)
    # A long word must not make the panel wider than it is.
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        made.setProperty("role", role)
    return made


def caption(text: str) -> QLabel:
    """Return the muted name before a field."""
    made = QLabel(text)
    made.setProperty("role", "muted")
    return made


def section(text: str) -> QLabel:
    """Return the small heading of a part of the panel."""
    made = QLabel(text.upper())
    made.setProperty("role", "section")
    return made


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()
