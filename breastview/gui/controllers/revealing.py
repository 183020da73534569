"""Reading before the AI: the reader commits a category, then the AI is shown; both opinions are logged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.gui.controllers.assessing import Assessing
from breastview.gui.controllers.showing import Showing
from breastview.gui.workers.lane import Lane
from breastview.gui.worklist.model import WorklistModel
from breastview.language import mark, tr
from breastview.store import Event

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.opinions import Opinions

NO_CATEGORY = mark("Choose a category first (F3); then commit it to see the AI.")


class Revealing(QObject):
    """Opens a case's AI reading once, and keeps what was thought before and after.

    Attributes
    ----------
    changed : Signal()
        Whether the shown case is open, or the opinions of it, are others.
    trouble : Signal(str)
        Nothing was committed, with the reason.
    """

    changed = Signal()
    trouble = Signal(str)
    _committed = Signal(object)
    _logged = Signal(object, object)
    _found = Signal(object)

    def __init__(
        self, model: WorklistModel, showing: Showing, assessing: Assessing, session: Session, writing: Lane
    ) -> None:
        super().__init__()
        self._model, self._showing, self._assessing = model, showing, assessing
        self._session, self._writing, self._looking = session, writing, Lane()
        self._logged_of: Instance | None = None
        self.opinions: Opinions | None = None
        self._committed.connect(self._open)
        self._logged.connect(self._take)
        self._found.connect(self._unveil)
        showing.picture_changed.connect(lambda _same: self._turn())
        showing.analysis_changed.connect(self._shown)
        assessing.summarised.connect(lambda instance, _summary: self._ask(instance))

    @property
    def hidden(self) -> bool:
        """Whether the AI's reading of the shown case is kept back."""
        return self._showing.hidden

    @property
    def on(self) -> bool:
        """Whether the reader reads before the AI."""
        return self._session.blinding.on

    @property
    def can_commit(self) -> bool:
        """Whether there is a category to commit, and something that it would open."""
        given = self._assessing.assessment
        return self.hidden and given is not None and bool(given.category)

    def commit(self) -> None:
        """Commit the category of the shown frame and show the AI."""
        instance, place, given = self._showing.instance, self._showing.place, self._assessing.assessment
        if instance is None or place is None or given is None or not self.hidden:
            return
        if not given.category:
            self.trouble.emit(tr(NO_CATEGORY))
            return
        frame, category, who = place[1], given.category, self._session.settings.reader

        def write() -> None:
            self._session.blinding.commit(instance, frame, category, who)
            self._committed.emit(instance)

        self._writing.start(write)

    def set_on(self, on: bool) -> None:
        """Keep the AI back from now on, or show it everywhere.

        What was committed before is looked up beside the window; until then nothing is shown of any case.
        """
        self._session.blinding.on = on
        self._model.veil(lambda _row: on)
        if on:
            self._looking.start(self._look_up)
        self._showing.look_again()
        self.changed.emit()

    def _look_up(self) -> None:
        """Find the cases that are open already (on the thread)."""
        self._found.emit(self._session.blinding.revealed(self._session.cases))

    def _unveil(self, revealed: frozenset[Path]) -> None:
        if self.on:
            self._model.veil(lambda row: row.veiled and row.entry.path not in revealed)

    def stop(self) -> None:
        """Wait for what is being looked up."""
        self._looking.settle()

    def _open(self, instance: Instance) -> None:
        row = self._showing.row_of(instance)
        if row is not None:
            self._model.update(row, veiled=False)
        if instance is self._showing.instance:
            self._showing.look_again()
            self._ask(instance)
        self.changed.emit()

    def _turn(self) -> None:
        """Another case is shown: fetch its opinions beside the window, and log that it was opened."""
        instance = self._showing.instance
        if instance is self._logged_of:
            self.changed.emit()
            return
        self._logged_of, self.opinions = instance, None
        if instance is not None:
            frame = self._showing.place[1] if self._showing.place is not None else 0
            self._writing.start(lambda: self._session.log(Event.OPENED, instance, frame))
            self._ask(instance)
        self.changed.emit()

    def _shown(self) -> None:
        """Log what the AI said when it comes up in a case that was read before it."""
        instance, place, analysis = self._showing.instance, self._showing.place, self._showing.analysis
        opinions = self.opinions
        if instance is None or place is None or analysis is None:
            return
        if opinions is None or opinions.ai is not None or opinions.frame != place[1]:
            return
        self._log_ai(instance, place[1], analysis)

    def _log_ai(self, instance: Instance, frame: int, analysis: Analysis) -> None:
        who = self._session.settings.reader

        def write() -> None:
            self._session.blinding.shown(instance, frame, analysis, who)
            self._logged.emit(instance, self._session.blinding.opinions(instance))

        self._writing.start(write)

    def _ask(self, instance: Instance) -> None:
        """Fetch the opinions of a case."""
        self._writing.start(lambda: self._logged.emit(instance, self._session.blinding.opinions(instance)))

    def _take(self, instance: Instance, opinions: Opinions | None) -> None:
        if instance is not self._showing.instance or opinions == self.opinions:
            return
        self.opinions = opinions
        self._shown()
        self.changed.emit()
