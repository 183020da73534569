"""What an action may call, and what decides whether it can be called now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breastview.gui.panes.look import Look

if TYPE_CHECKING:
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.exporting import Exporting
    from breastview.gui.controllers.looking import Looking
    from breastview.gui.controllers.opening import Opening
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.doings import Doings
    from breastview.gui.panes.pane_row import PaneRow


@dataclass(frozen=True)
class Facts:
    """What there is on the desk, as far as actions depend on it."""

    listed: bool = False
    case: bool = False
    picture: bool = False
    analysis: bool = False
    truth: bool = False
    marked: bool = False
    any_marked: bool = False
    final: bool = False
    can_undo: bool = False
    can_redo: bool = False
    worklist: bool = True
    panel: bool = True
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Commands:
    """The controllers, and what the window itself does."""

    step: Stepping
    look: Looking
    files: Opening
    assess: Assessing
    export: Exporting
    panes: PaneRow
    window: Doings
