"""A line of names: the parts of a panel whose headings are scrolled out of sight; a click brings one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QToolButton, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel.folding import Folding
from breastview.language import tr

HEIGHT = 26
"""In device-independent px."""

_MARGIN, _GAP = 8, 2
_PADDING, _ARROW = 18, 20
"""What a name takes beyond its letters, and what an arrow before it takes."""

_LEADS, _FOLLOWS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonTextOnly


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
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(_GAP)
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
        button.setToolButtonStyle(_LEADS)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again how many names there is room for."""
        super().resizeEvent(event)
        self._later.start(0)

    def follow(self) -> None:
        """Name what is out of sight, the nearest parts first, as many as there is room for."""
        content, view = self._content, self._scroll.viewport()
        room = view.height() + (HEIGHT if not self.isHidden() else 0)
        self.setVisible(content.height() > room)
        top = self._scroll.verticalScrollBar().value()
        above, below = [], []
        for part, button in zip(self._parts, self.buttons, strict=True):
            at = part.mapTo(content, part.rect().topLeft()).y()
            if not part.isVisibleTo(content):
                continue
            if at < top:
                above.append(button)
            elif at + part.heading.height() > top + view.height():
                below.append(button)
        self._name(above, below)

    def _name(self, above: list[QToolButton], below: list[QToolButton]) -> None:
        """Show buttons; the first one of each direction says by its arrow where it and the others lie."""
        nearest = [one for pair in zip_longest(above[::-1], below) for one in pair if one is not None]
        while nearest and self._width(_led(above, nearest), _led(below, nearest)) > self.width():
            nearest.pop()
        for button in self.buttons:
            button.setVisible(button in nearest)
        for direction, arrow in ((above, "chevron-up"), (below, "chevron-down")):
            for first, button in enumerate(_led(direction, nearest)):
                button.setToolButtonStyle(_LEADS if not first else _FOLLOWS)
                button.setIcon(icon(arrow) if not first else QIcon())
        self._row.activate()  # now: between two events a name would be seen cut

    def _width(self, *directions: list[QToolButton]) -> int:
        """Return how wide the line is with these buttons."""
        named = [one for direction in directions for one in direction]
        texts = sum(one.fontMetrics().horizontalAdvance(one.text()) + _PADDING for one in named)
        arrows = sum(_ARROW for direction in directions if direction)
        return texts + arrows + _GAP * len(named) + 2 * _MARGIN

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


def _led(direction: list[QToolButton], named: list[QToolButton]) -> list[QToolButton]:
    """Return those buttons of a direction that are named, from top to bottom."""
    return [one for one in direction if one in named]
