"""What is on the desk: the picture at once, the overlays when ready, and nothing that arrives too late."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from breastview.errors import BreastViewError
from breastview.gui import navigation
from breastview.gui.desk import Desk
from breastview.gui.state import ViewState
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import score
from breastview.language import mark, tr
from breastview.study.instance import Entry, Instance, Refusal
from breastview.study.opinions import HIDDEN

if TYPE_CHECKING:
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.gui.workers.pictures import PictureLoader, Shown
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.kind import Kind
    from breastview.study.pixels import FramePixels

PATIENCE_MS = 120
"""A picture that takes longer leaves the old one's place to the word "Loading"."""

AHEAD_MS = 15
"""So long after a picture came that was read before, what lies ahead is asked for: until it is painted,
every thread that is woken holds it up."""

AI_LOADING = mark("The AI is loading…")
AI_READING = mark("The AI is reading this image…")


class Showing(QObject):
    """Follows the view state and gathers what the shown frame needs.

    Attributes
    ----------
    picture_changed : Signal(bool)
        Another picture, or a message in its place; True where zoom and position should stay (same file).
        `analysis_changed` always follows.
    analysis_changed : Signal()
        The AI's reading of the shown frame came, went or failed.
    telling : Signal(bool)
        True before another picture and what is known of it are told, False after: a dozen listeners change
        one thing each, and who shows the sum of it may wait for the end.
    frame_played : Signal()
        A cine moved on: another frame and what is known of it, nothing else.
    beside : tuple of (Instance, int)
        Frames shown beside it, which the AI reads next.
    along : tuple of (Instance, int)
        Frames of its examination, which the AI reads after these.
    leaving : Signal()
        The shown frame is about to be left: what is being typed belongs to it.
    """

    picture_changed = Signal(bool)
    analysis_changed = Signal()
    telling = Signal(bool)
    frame_played = Signal()
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
        self.hidden = False
        self._ai_state = AI_LOADING
        self._row_of: dict[str, int] = {}
        self.beside: tuple[tuple[Instance, int], ...] = ()
        self.along: tuple[tuple[Instance, int], ...] = ()
        self._turning = False
        self._early: tuple[navigation.Place, Analysis] | None = None
        self._failure: tuple[navigation.Place, str] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._say_loading)
        self._ahead = QTimer(self)
        self._ahead.setSingleShot(True)
        self._ahead.timeout.connect(self.plan)
        desk.changed.connect(self._follow)
        loader.loaded.connect(self._loaded)
        inference.analysed.connect(self.take)
        inference.failed.connect(self._failed)
        inference.ready.connect(lambda: self._ai_is(AI_READING, works=True))
        inference.trouble.connect(lambda sentence: self._ai_is(sentence, works=False))
        model.counted.connect(self._number_rows)

    @property
    def instance(self) -> Instance | None:
        """The shown case, None where a refused file or nothing is shown."""
        return self.entry if isinstance(self.entry, Instance) else None

    @property
    def kind(self) -> Kind | None:
        """The kind of the picture on the desk, None where it is of none that is known."""
        return self.shown.kind if self.shown is not None else None

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
        if before.place != after.place and not self._turning:
            self.leaving.emit()
            self._turn_to(after)

    def _turn_to(self, state: ViewState) -> None:
        self._patience.stop()
        self._early = self._failure = None
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
        if self._model.rows[state.case].score is None:
            self.plan()
        elif not self._ahead.isActive():  # while a key is held down steps come faster than this would end
            self._ahead.start(PATIENCE_MS)

    def plan(self) -> None:
        """Ask for the shown frame's analysis and prepare the next ones."""
        self._ahead.stop()
        place = self._desk.state.place
        if place is None or (instance := self._model.rows[place[0]].instance) is None:
            return
        ahead = navigation.neighbours(
            self._model.rows, self._model.cases, place, self._session.settings.prefetch
        )
        near = tuple((self._model.rows[row].entry, frame) for row, frame in ahead)
        self._loader.prepare(near)  # type: ignore[arg-type]  # neighbours are cases, never refused files
        self._inference.want([(instance, place[1]), *self.beside, *self.along, *near])  # type: ignore[list-item]

    def again(self) -> None:
        """Fetch the shown frame afresh: another model is to read it."""
        self._turn_to(self._desk.state)

    def try_again(self) -> None:
        """Ask the AI once more for the shown frame, also where it leaves it out of its own accord."""
        instance, place = self.instance, self.place
        if instance is None or place is None:
            return
        self._session.try_again(instance, place[1])
        if not self.ai_works:
            self._inference.reload()
        self.again()

    def play(self, frame: int, pixels: FramePixels, analysis: Analysis | None) -> None:
        """Show a frame of a playing cine, decoded already; nothing is asked for, noted or saved of it."""
        shown, case = self.shown, self._desk.state.case
        if shown is None or case is None:
            return
        hidden = self.instance is not None and self._session.blinding.hides(self.instance)
        self.analysis = None if hidden else analysis
        self.shown = replace(shown, place=(case, frame), pixels=pixels, analysis=self.analysis)
        self._turning = True
        try:
            self._desk.change(frame=frame)
        finally:
            self._turning = False
        self.frame_played.emit()

    def stand(self) -> None:
        """Gather everything about the frame on which a cine came to rest; its picture is there already.

        At once, for until then what is held of the reader's is of the frame on which it began.
        """
        shown, instance, place = self.shown, self.instance, self._desk.state.place
        if place is None:
            return
        if shown is None or instance is None or shown.place != place:
            self._turn_to(self._desk.state)
            return
        try:
            assessment = self._session.assessment(instance, place[1])
        except BreastViewError:
            self._turn_to(self._desk.state)
            return
        self._patience.stop()
        self._early = self._failure = None
        analysis = shown.analysis or self._session.cached_analysis(instance, place[1])
        self._put(self.entry, replace(shown, assessment=assessment, analysis=analysis), "")
        self.plan()

    def _say_loading(self) -> None:
        case = self._desk.state.case
        # A window that was held up would first show the word and then the picture, for twice the work.
        if case is not None and not self._loader.on_its_way:
            self._put(self._model.rows[case].entry, None, mark("Loading…"))

    def _put(self, entry: Entry | None, shown: Shown | None, message: str) -> None:
        same = entry is self.entry and shown is not None and self.shown is not None
        self.entry, self.shown, self.message = entry, shown, message
        self._read(shown.analysis if shown is not None else None)
        if shown is not None and self._ahead.remainingTime() > AHEAD_MS:
            self._ahead.start(AHEAD_MS)
        self.telling.emit(True)
        try:
            self.picture_changed.emit(same)
            self.analysis_changed.emit()
        finally:
            self.telling.emit(False)

    def _read(self, analysis: Analysis | None) -> None:
        """Take the AI's reading of the shown frame, or why there is none, unless it is kept back."""
        instance, shown = self.instance, self.shown
        self.hidden = instance is not None and self._session.blinding.hides(instance)
        self.analysis = None if self.hidden else analysis
        if self.hidden and shown is not None and shown.analysis is not None:
            self.shown = shown = replace(shown, analysis=None)
        unread = shown is not None and shown.pixels is not None and self.analysis is None
        waiting = tr(HIDDEN) if self.hidden else self._ai_state
        self.ai_message = waiting if unread else ""
        self.ai_failed = unread and not self.hidden and not self.ai_works
        known = self._failure if shown is not None and unread and not self.hidden else None
        if known is not None and shown is not None and known[0] == shown.place:
            self.ai_message, self.ai_failed = known[1], True

    def measure_again(self) -> None:
        """Take other millimetres: the reader's depth ruler of the shown frame has changed."""
        shown, instance = self.shown, self.instance
        if shown is None or instance is None:
            return
        measured, frame = self._session.measuring.measured, shown.place[1]
        if shown.analysis is not None:
            self.shown = replace(shown, analysis=measured(instance, frame, shown.analysis))
        if self.analysis is not None:
            self.analysis = measured(instance, frame, self.analysis)
        self.analysis_changed.emit()

    def look_again(self) -> None:
        """Show the AI's reading, or keep it back: whether it may be shown has changed."""
        self._read(self.analysis)
        self.analysis_changed.emit()
        if not self.hidden and self.analysis is None:
            self.plan()

    def _loaded(self, shown: Shown) -> None:
        if shown.place != self._desk.state.place:
            return
        self._patience.stop()
        row = self._model.rows[shown.place[0]]
        analysis = shown.analysis
        if analysis is None and self._early is not None and self._early[0] == shown.place:
            analysis = self._early[1]
        if analysis is not None and row.instance is not None:
            # A ruler may have been set since it was looked up.
            measured = self._session.measuring.measured(row.instance, shown.place[1], analysis)
            shown = replace(shown, analysis=measured)
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

    def take(self, instance: Instance, frame: int, analysis: Analysis) -> None:
        """Take what the AI says of a frame, whoever had it read, unless another model was chosen since."""
        row = self.row_of(instance)
        if row is None or not self._session.is_current(instance, analysis):
            return
        self._score(row, analysis)
        if (row, frame) != self._desk.state.place:
            return
        analysis = self._session.measuring.measured(instance, frame, analysis)
        # The answer may overtake the picture, which was looked up before there was one.
        self._early = ((row, frame), analysis)
        if (row, frame) == self.place and not self.hidden and analysis is not self.analysis:
            self.analysis, self.ai_message, self.ai_failed = analysis, "", False
            self.analysis_changed.emit()

    def _failed(self, instance: Instance, frame: int, sentence: str) -> None:
        row = self.row_of(instance)
        if row is None or (row, frame) != self._desk.state.place:
            return
        # It may overtake the picture, like an answer.
        self._failure = ((row, frame), sentence)
        if (row, frame) == self.place and self.analysis is None and not self.hidden:
            self.ai_message, self.ai_failed = sentence, True
            self.analysis_changed.emit()

    def _ai_is(self, sentence: str, works: bool) -> None:
        waiting = self.ai_message == self._ai_state
        self._ai_state, self.ai_works = sentence, works
        if waiting and self.ai_message:
            self.ai_message, self.ai_failed = sentence, not works
            self.analysis_changed.emit()
