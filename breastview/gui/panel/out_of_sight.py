"""A line of names: the parts of a panel whose headings are scrolled out of sight; a click brings one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.folding import Folding
from breastview.language import tr

HEIGHT = 26
"""In device-independent px."""


class OutOfSight(QWidget):
    """Follows a scrolled panel; takes no room where everything fits.

    Parameters
    ----------
    scroll : QScrollArea
        Holds the parts.
    parts : sequence of Folding
        From top to bottom.
    """

    def __init__(self, scroll: QScrollArea, parts: Sequence[Folding]) -> None:
        super().__init__()
        content = scroll.widget()
        assert content is not None, "a panel without a content has no parts"
        self._scroll, self._content, self._parts = scroll, content, parts
        self.buttons = [self._button(part) for part in parts]
        self.setFixedHeight(HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        # Where parts stand is known once their layout is done.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.follow)
        scroll.verticalScrollBar().valueChanged.connect(lambda _value: self.follow())
        scroll.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._later.start(0))
        for watched in (content, *parts):
            watched.installEventFilter(self)
        self.hide()

    def _button(self, part: Folding) -> QToolButton:
        button = QToolButton(self)
        button.setText(part.title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keys the part itself is reached
        button.setStyleSheet(f"QToolButton {{ color: {theme.MUTED}; font-size: 11px; padding: 2px 3px; }}")
        button.setToolTip(tr("Show {part}").format(part=part.title))
        button.setAccessibleName(button.toolTip())
        button.clicked.connect(lambda: self.bring(part))
        return button

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when parts grow, shrink, come or go."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.Move):
            self._later.start(0)
        return super().eventFilter(watched, event)

    def follow(self) -> None:
        """Name what is out of sight."""
        content, view = self._content, self._scroll.viewport()
        room = view.height() + (HEIGHT if not self.isHidden() else 0)
        self.setVisible(content.height() > room)
        top = self._scroll.verticalScrollBar().value()
        for part, button in zip(self._parts, self.buttons, strict=True):
            at = part.mapTo(content, part.rect().topLeft()).y()
            above, below = at < top, at + part.heading.height() > top + view.height()
            there = part.isVisibleTo(content)
            button.setVisible(there and (above or below))
            button.setIcon(icon("chevron-up" if above else "chevron-down"))

    def bring(self, part: Folding) -> None:
        """Unfold a part and scroll to it."""
        if not part.opened:
            part.heading.click()
        QTimer.singleShot(0, self, lambda: self._scroll_to(part))

    def keep_in_sight(self, part: Folding) -> None:
        """Scroll to a part that has something new, as far as needed, unless it is folded away."""
        if part.opened:
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(part, 0, 0))

    def _scroll_to(self, part: Folding) -> None:
        at = part.mapTo(self._content, part.rect().topLeft()).y()
        self._scroll.verticalScrollBar().setValue(at)
