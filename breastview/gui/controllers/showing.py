"""What is on the desk: the picture at once, the overlays when ready, and nothing that arrives too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from breastview.gui import navigation
from breastview.gui.desk import Desk
from breastview.gui.state import ViewState
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import score
from breastview.study.instance import Entry, Instance, Refusal

if TYPE_CHECKING:
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.gui.workers.pictures import PictureLoader, Shown
    from breastview.session import Session
    from breastview.study.analysis import Analysis

PATIENCE_MS = 120
"""A picture that takes longer leaves the old one's place to the word "Loading"."""

AI_LOADING = "The AI is loading…"
AI_READING = "The AI is reading this image…"


class Showing(QObject):
    """Follows the view state and gathers what the shown frame needs.

    Attributes
    ----------
    picture_changed : Signal(bool)
        Another picture, or a message in its place; True where zoom and position should stay (same file).
    analysis_changed : Signal()
        The AI's reading of the shown frame came, went or failed.
    leaving : Signal()
        The shown frame is about to be left: what is being typed belongs to it.
    """

    picture_changed = Signal(bool)
    analysis_changed = Signal()
    leaving = Signal()

    def __init__(
        self,
        desk: Desk,
        model: WorklistModel,
        loader: PictureLoader,
        inference: InferenceQueue,
        session: Session,
    ) -> None:
        super().__init__()
        self._desk, self._model, self._loader, self._inference = desk, model, loader, inference
        self._session = session
        self.entry: Entry | None = None
        self.shown: Shown | None = None
        self.analysis: Analysis | None = None
        self.message = ""
        self.ai_message = ""
        self.ai_failed = False
        self.ai_works = True
        self._ai_state = AI_LOADING
        self._row_of: dict[str, int] = {}
        self._early: tuple[navigation.Place, Analysis] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_loading)
        desk.changed.connect(self._follow)
        loader.loaded.connect(self._loaded)
        inference.analysed.connect(self._analysed)
        inference.failed.connect(self._failed)
        inference.ready.connect(lambda: self._ai_is(AI_READING, works=True))
        inference.trouble.connect(lambda sentence: self._ai_is(sentence, works=False))
        model.counted.connect(self._number_rows)

    @property
    def instance(self) -> Instance | None:
        """The shown case, None where a refused file or nothing is shown."""
        return self.entry if isinstance(self.entry, Instance) else None

    @property
    def place(self) -> navigation.Place | None:
        """The place whose picture is on the desk (the state may already be one step ahead)."""
        return self.shown.place if self.shown is not None else None

    def row_of(self, instance: Instance) -> int | None:
        """Return the row of a case, None where the list no longer has it."""
        return self._row_of.get(str(instance.path))

    def _number_rows(self) -> None:
        known = len(self._row_of)
        if len(self._model.rows) < known:
            self._row_of.clear()
            known = 0
        for row in range(known, len(self._model.rows)):
            self._row_of[str(self._model.rows[row].entry.path)] = row

    def _follow(self, before: ViewState, after: ViewState) -> None:
        if before.place != after.place:
            self.leaving.emit()
            self._turn_to(after)

    def _turn_to(self, state: ViewState) -> None:
        self._patience.stop()
        self._early = None
        if state.case is None:
            self._loader.forget()
            self._put(None, None, "")
            return
        entry = self._model.rows[state.case].entry
        if isinstance(entry, Refusal):
            self._loader.forget()
            self._put(entry, None, entry.reason)
            return
        self._loader.show((state.case, state.frame), entry)
        self._patience.start()
        self.plan()

    def plan(self) -> None:
        """Ask for the shown frame's analysis and prepare the next ones."""
        place = self._desk.state.place
        if place is None or (instance := self._model.rows[place[0]].instance) is None:
            return
        ahead = navigation.neighbours(
            self._model.rows, self._model.cases, place, self._session.settings.prefetch
        )
        near = tuple((self._model.rows[row].entry, frame) for row, frame in ahead)
        self._loader.prepare(near)  # type: ignore[arg-type]  # neighbours are cases, never refused files
        self._inference.want([(instance, place[1]), *near])  # type: ignore[list-item]

    def again(self) -> None:
        """Fetch the shown frame afresh: another model is to read it."""
        self._turn_to(self._desk.state)

    def _say_loading(self) -> None:
        case = self._desk.state.case
        if case is not None:
            self._put(self._model.rows[case].entry, None, "Loading…")

    def _put(self, entry: Entry | None, shown: Shown | None, message: str) -> None:
        same = entry is self.entry and shown is not None and self.shown is not None
        self.entry, self.shown, self.message = entry, shown, message
        self.analysis = shown.analysis if shown is not None else None
        unread = shown is not None and shown.pixels is not None and self.analysis is None
        self.ai_message = self._ai_state if unread else ""
        self.ai_failed = unread and not self.ai_works
        self.picture_changed.emit(same)
        self.analysis_changed.emit()

    def _loaded(self, shown: Shown) -> None:
        if shown.place != self._desk.state.place:
            return
        self._patience.stop()
        row = self._model.rows[shown.place[0]]
        if shown.analysis is None and self._early is not None and self._early[0] == shown.place:
            shown = replace(shown, analysis=self._early[1])
        if shown.analysis is not None:
            self._score(shown.place[0], shown.analysis)
        self._put(row.entry, shown, shown.failure)

    def _score(self, row: int, analysis: Analysis) -> None:
        """Let the list show the most suspicious frame seen so far."""
        fresh, known = score(analysis), self._model.rows[row].score
        instance = self._model.rows[row].instance
        single = instance is not None and instance.frames == 1
        if single or known is None or (known.suspicion or 0) <= (fresh.suspicion or 0):
            self._model.update(row, score=fresh)

    def _analysed(self, instance: Instance, frame: int, analysis: Analysis) -> None:
        row = self.row_of(instance)
        if row is None:
            return
        self._score(row, analysis)
        if (row, frame) != self._desk.state.place:
            return
        # The answer may overtake the picture, which was looked up before there was one.
        self._early = ((row, frame), analysis)
        if (row, frame) == self.place:
            self.analysis, self.ai_message, self.ai_failed = analysis, "", False
            self.analysis_changed.emit()

    def _failed(self, instance: Instance, frame: int, sentence: str) -> None:
        if (self.row_of(instance), frame) == self.place and self.analysis is None:
            self.ai_message, self.ai_failed = sentence, True
            self.analysis_changed.emit()

    def _ai_is(self, sentence: str, works: bool) -> None:
        waiting = self.ai_message == self._ai_state
        self._ai_state, self.ai_works = sentence, works
        if waiting and self.ai_message:
            self.ai_message, self.ai_failed = sentence, not works
            self.analysis_changed.emit()
