"""What an action may call, and what decides whether it can be called now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from breastview.gui.panes.look import Look

if TYPE_CHECKING:
    from breastview.gui.archives.desk import ArchiveDesk
    from breastview.gui.auditing import Auditing
    from breastview.gui.cine.cine import Cine
    from breastview.gui.controllers.assessing import Assessing
    from breastview.gui.controllers.companions import Companions
    from breastview.gui.controllers.editing import Editing
    from breastview.gui.controllers.exporting import Exporting
    from breastview.gui.controllers.looking import Looking
    from breastview.gui.controllers.measuring import Measuring
    from breastview.gui.controllers.naming_kinds import NamingKinds
    from breastview.gui.controllers.opening import Opening
    from breastview.gui.controllers.pairing import Pairing
    from breastview.gui.controllers.revealing import Revealing
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.deidentifying.writing import Deidentifying
    from breastview.gui.detached import Detached
    from breastview.gui.doings import Doings
    from breastview.gui.panes.pane_row import PaneRow
    from breastview.gui.supporting import Supporting
    from breastview.gui.undoing import Undoing
    from breastview.study.kind import Kind


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
    undo_text: str = ""
    redo_text: str = ""
    hidden: bool = False
    can_commit: bool = False
    blind: bool = False
    pinned_here: bool = False
    can_pair: bool = False
    worklist: bool = True
    panel: bool = True
    cine: bool = False
    playing: bool = False
    sweep: bool = False
    scoring: bool = False
    scored: bool = False
    compared: bool = False
    pinned: bool = False
    hanging: bool = True
    detached: bool = False
    pane_detached: bool = False
    measured: bool = False
    measurement: bool = False
    ruler: bool = False
    lesions: bool = False
    edited: bool = False
    suggested: bool = False
    foreign: bool = False
    unread: bool = False
    kind: Kind | None = None
    look: Look = field(default_factory=Look)


@dataclass(frozen=True)
class Commands:
    """The controllers, and what the window itself does."""

    step: Stepping
    look: Looking
    files: Opening
    assess: Assessing
    export: Exporting
    parting: Deidentifying
    panes: PaneRow
    window: Doings
    cine: Cine
    beside: Companions
    detached: Detached
    undoing: Undoing
    measure: Measuring
    reveal: Revealing
    pair: Pairing
    audit: Auditing
    edit: Editing
    archives: ArchiveDesk
    kinds: NamingKinds
    show: Showing
    support: Supporting
