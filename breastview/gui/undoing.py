"""Everything the reader changes, in one order, to be taken back and made again where it happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

Spot = tuple[Path, int]
"""The picture a change belongs to: path of the instance, and the frame counted from 0."""

MERGE_S = 1.5
"""Changes with the same key that follow one another faster than this are one change."""

LIMIT = 500
"""Changes that are kept; each holds what it needs to be taken back."""


class _Change(QUndoCommand):
    """One change; it was made before it is pushed, so the stack's own first call does nothing."""

    def __init__(
        self,
        text: str,
        redo: Callable[[], None],
        undo: Callable[[], None],
        merge: Hashable | None,
        place: Spot | None,
    ) -> None:
        super().__init__(text)
        self.make, self.take_back, self.merge, self.place = redo, undo, merge, place
        self.made_at = time.monotonic()
        self._fresh = True

    def redo(self) -> None:
        """Make the change again."""
        if self._fresh:
            self._fresh = False
        else:
            self.make()

    def undo(self) -> None:
        """Take the change back."""
        self.take_back()

    def id(self) -> int:
        """Return what tells the stack which changes may become one; -1 for none."""
        return -1 if self.merge is None else hash(self.merge) & 0x7FFFFFFF

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take a following change of the same kind into this one, if it came soon enough."""
        if not isinstance(other, _Change) or (other.merge, other.place) != (self.merge, self.place):
            return False
        if other.made_at - self.made_at > MERGE_S:
            return False
        self.make, self.made_at = other.make, other.made_at
        return True


class Undoing(QObject):
    """The one stack of changes.

    Attributes
    ----------
    changed : Signal()
        What can be undone or redone, or its text, is another.

    Parameters
    ----------
    go_to : callable
        Shows a picture; called before a change of it is taken back or made again.
    """

    changed = Signal()

    def __init__(self, go_to: Callable[[Spot], object]) -> None:
        super().__init__()
        self._go_to = go_to
        self._replaying = False
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(LIMIT)

    def do(
        self,
        text: str,
        redo: Callable[[], None],
        undo: Callable[[], None],
        merge: Hashable | None = None,
        place: Spot | None = None,
    ) -> None:
        """Make a change at once and remember how to take it back.

        Parameters
        ----------
        text : str
            What is done, as it follows "Undo": ``tr("brush stroke")``.
        redo, undo : callable
            Make the change, and restore exactly what was before. They must not depend on what is shown.
        merge : hashable, optional
            Changes in a row with the same key, each within 1.5 s of the one before, become one.
        place : (Path, int), optional
            The picture it happened on; undoing shows it first.
        """
        redo()
        if self._replaying:
            return  # Part of what is being replayed, which undoes it too.
        self._stack.push(_Change(text, redo, undo, merge, place))
        self.changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._stack.canUndo()

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return self._stack.canRedo()

    @property
    def undo_text(self) -> str:
        """What `undo` takes back, empty for nothing."""
        return self._stack.undoText()

    @property
    def redo_text(self) -> str:
        """What `redo` makes again, empty for nothing."""
        return self._stack.redoText()

    def undo(self) -> None:
        """Show where the last change happened and take it back."""
        if self.can_undo:
            self._replay(self._stack.index() - 1, self._stack.undo)

    def redo(self) -> None:
        """Show where the change was that was taken back last, and make it again."""
        if self.can_redo:
            self._replay(self._stack.index(), self._stack.redo)

    def _replay(self, index: int, replay: Callable[[], None]) -> None:
        change = self._stack.command(index)
        if isinstance(change, _Change) and change.place is not None:
            self._go_to(change.place)
        self._replaying = True
        try:
            replay()
        finally:
            self._replaying = False
        self.changed.emit()

    def clear(self) -> None:
        """Forget what can be undone: another list was opened."""
        self._stack.clear()
        self.changed.emit()
