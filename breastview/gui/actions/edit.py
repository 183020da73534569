"""What was done, taken back and made again."""

from __future__ import annotations

from breastview.gui.actions.action import EDIT, Action
from breastview.gui.commands import Facts
from breastview.language import mark, tr


def _undo(facts: Facts) -> str:
    return tr("Undo {change}").format(change=facts.undo_text) if facts.undo_text else ""


def _redo(facts: Facts) -> str:
    return tr("Redo {change}").format(change=facts.redo_text) if facts.redo_text else ""


ACTIONS: tuple[Action, ...] = (
    Action("undo", EDIT, "Undo", "undo", ("Ctrl+Z",), "Take the last change back and show where it was",
           lambda c: c.undoing.undo(), lambda facts: facts.can_undo, now=_undo),
    Action("redo", EDIT, "Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Make the change again",
           lambda c: c.undoing.redo(), lambda facts: facts.can_redo, now=_redo),
    Action("ai.again", EDIT, mark("Try the AI again"), "refresh", (),
           mark("Let the AI read this image once more, where it could not or leaves it out"),
           lambda c: c.show.try_again(), lambda facts: facts.unread),
)  # fmt: skip
