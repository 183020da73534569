"""The one place where the view state changes; everyone who shows something listens here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from breastview.gui.state import ViewState


class Desk(QObject):
    """Holds the view state and says when it changes.

    Attributes
    ----------
    changed : Signal(ViewState, ViewState)
        The state before and after; never sent when nothing differs.
    """

    changed = Signal(object, object)

    def __init__(self, state: ViewState) -> None:
        super().__init__()
        self._state = state

    @property
    def state(self) -> ViewState:
        """What the reader wants to see."""
        return self._state

    def become(self, state: ViewState) -> None:
        """Take another state and tell everyone the difference."""
        before, self._state = self._state, state
        if before != state:
            self.changed.emit(before, state)

    def change(self, **fields: Any) -> None:
        """Change fields of the state."""
        self.become(replace(self._state, **fields))

    def look(self, **fields: Any) -> None:
        """Change fields of the look."""
        self.change(look=replace(self._state.look, **fields))
