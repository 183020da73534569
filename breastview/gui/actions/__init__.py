"""Everything the reader can do, as data: menus, toolbar, keys, cheat sheet and palette are made from it.

One file a menu, each with its rows as `ACTIONS`; a new menu is a name in `action.MENUS`, a file and a line
here.
"""

from __future__ import annotations

from breastview.gui.actions import (
    assess,
    cine,
    edit,
    file,
    go,
    help,
    kinds,
    layout,
    lesions,
    measure,
    overlays,
    presets,
    seeing,
    view,
)
from breastview.gui.actions.action import EDIT, FILE, GO, HELP, MENUS, SUBMENUS, VIEW, Action
from breastview.gui.actions.mouse import MOUSE

__all__ = [
    "ACTIONS", "EDIT", "FILE", "GO", "HELP", "MENUS", "MOUSE", "SUBMENUS", "VIEW", "Action", "clashes",
    "keys",
]  # fmt: skip

ACTIONS: tuple[Action, ...] = (
    *file.ACTIONS,
    *edit.ACTIONS,
    *kinds.ACTIONS,
    *go.ACTIONS,
    *view.ACTIONS,
    *layout.ACTIONS,
    *cine.ACTIONS,
    *seeing.ACTIONS,
    *presets.ACTIONS,
    *overlays.ACTIONS,
    *lesions.ACTIONS,
    *measure.ACTIONS,
    *assess.ACTIONS,
    *help.ACTIONS,
)


def keys(action: Action, changed: dict[str, str]) -> tuple[str, ...]:
    """Return an action's key sequences, the user's own where there is one ("" takes the key away)."""
    own = changed.get(action.id)
    if own is None:
        return action.keys
    return (own,) if own else ()


def clashes(changed: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Return key sequences that more than one action has, with the actions' names."""
    owners: dict[str, list[str]] = {}
    for action in ACTIONS:
        for key in keys(action, changed):
            owners.setdefault(key.casefold(), []).append(action.text)
    return {key: tuple(names) for key, names in owners.items() if len(names) > 1}
