"""Going from one workspace to another: everything is kept in the old one before the new one opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.gui.controllers.opening import Opening
from breastview.gui.workers.lane import Lane
from breastview.language import tr
from breastview.store import Store
from breastview.store import workspace as workspaces
from breastview.store.workspace import Workspace

if TYPE_CHECKING:
    from breastview.session import Session


class Workspaces(QObject):
    """Holds which workspace is open.

    Attributes
    ----------
    changed : Signal()
        Another one is open, with what was open in it before.
    trouble : Signal(str)
        It could not be opened; the old one stays.

    Parameters
    ----------
    keep, settle, forget : callable
        Keep what is on screen; save what waits and return whether nothing is left unsaved; forget what the
        window still holds of the present workspace.
    """

    changed = Signal()
    trouble = Signal(str)
    _made = Signal(object, object)

    def __init__(
        self,
        session: Session,
        opening: Opening,
        writing: Lane,
        keep: Callable[[], object],
        settle: Callable[[], bool],
        forget: Callable[[], None],
    ) -> None:
        super().__init__()
        self._session, self._opening, self._writing = session, opening, writing
        self._keep, self._settle, self._forget = keep, settle, forget
        self._lane, self._over = Lane(), False
        self._made.connect(self._enter)
        self._lane.trouble.connect(self.trouble)

    @property
    def current(self) -> Workspace | None:
        """The open workspace; None where the record lies elsewhere, or in memory."""
        here = self._session.store.path
        return next((one for one in workspaces.known() if one.path == here), None)

    @property
    def known(self) -> tuple[Workspace, ...]:
        """The workspaces there are."""
        return workspaces.known()

    def new(self, name: str) -> None:
        """Make a workspace and open it."""
        self._lane.start(lambda: self._make(workspaces.new(name)))

    def open(self, wanted: Workspace) -> None:
        """Open a workspace, unless it is open already."""
        if wanted != self.current:
            self._lane.start(lambda: self._make(wanted))

    def _make(self, wanted: Workspace) -> None:
        """Open the file on a thread of its own: a large one is checked first."""
        self._made.emit(wanted, Store(wanted.path))

    def _enter(self, wanted: Workspace, store: Store) -> None:
        if self._over:
            store.close()
            return
        self._keep()
        if not self._settle():
            store.close()
            text = tr("“{name}” is not opened: work in the present one could not be saved yet.")
            self.trouble.emit(text.format(name=wanted.title))
            return
        self._opening.close_all()
        self._forget()
        self._writing.settle()
        old = self._session.store
        self._session.keep_in(store, blind=self._session.blinding.on)
        old.close()
        self._lane.start(lambda: workspaces.choose(wanted))
        self.changed.emit()

    def stop(self) -> None:
        """Wait for one that is being opened; it is not entered any more."""
        self._over = True
        self._lane.settle()
