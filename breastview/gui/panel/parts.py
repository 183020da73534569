"""Small parts the side panel and dialogs are put together from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

Row = TypeVar("Row", bound=QWidget)


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


class ElidedLabel(QLabel):
    """A muted line that gives way where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 (Qt)
        """Paint as much of the text as there is room for."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), int(self.alignment()), text)


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


def put(shown: QLabel, text: str, role: str = "") -> None:
    """Show a text in the colour of its role: muted, good, warning, danger, or plain."""
    shown.setText(text)
    if (shown.property("role") or "") == role:
        return  # the style looks up all its rules anew
    shown.setProperty("role", role)
    shown.style().unpolish(shown)
    shown.style().polish(shown)


def column(widgets: Iterable[QWidget]) -> QVBoxLayout:
    """Return widgets one below the other, as choices of a form stand."""
    made = QVBoxLayout()
    made.setSpacing(6)
    for widget in widgets:
        made.addWidget(widget)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    """Return a widget that is scrolled up and down where there is no room for all of it."""
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def show_first(rows: list[Row], count: int) -> list[Row]:
    """Show the first of some lines, hide the others, and return those that are shown.

    Lines that stay are shown anew at once; to make one, and have the style dress it, takes milliseconds.
    """
    for place, row in enumerate(rows):
        row.setVisible(place < count)
    return rows[:count]


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()
