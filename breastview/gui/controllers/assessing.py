"""The reader's work on the shown frame: kept at once, undone at once, never lost because saving failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.showing import Showing
from breastview.gui.controllers.stepping import Stepping
from breastview.gui.worklist.model import WorklistModel
from breastview.study.reading import Assessment, ReadState

if TYPE_CHECKING:
    from breastview.gui.navigation import Place
    from breastview.session import CaseSummary, Session
    from breastview.study.instance import Instance


@dataclass(frozen=True)
class Change:
    """One change of an assessment, to be undone or redone."""

    place: Place
    before: Assessment
    after: Assessment


class _Saving(QRunnable):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__()
        self._work = work

    def run(self) -> None:
        """Save."""
        self._work()


class Assessing(QObject):
    """Holds what the reader said of the frames shown in this session and has it saved in order.

    Attributes
    ----------
    changed : Signal()
        The assessment of the shown frame differs from what was on screen.
    summarised : Signal(Instance, CaseSummary)
        What the record says of a case after a change was saved.
    trouble : Signal(str)
        An assessment could not be saved; it is kept and tried again with the next change and at the end.
    """

    changed = Signal()
    summarised = Signal(object, object)
    trouble = Signal(str)

    def __init__(self, model: WorklistModel, showing: Showing, stepping: Stepping, session: Session) -> None:
        super().__init__()
        self._model, self._showing, self._stepping, self._session = model, showing, stepping, session
        self.assessment: Assessment | None = None
        self._undo: list[Change] = []
        self._redo: list[Change] = []
        self._unsaved: dict[tuple[str, int], tuple[Instance, int, Assessment]] = {}
        self._saved: dict[tuple[str, int], Assessment] = {}
        self._lock = threading.Lock()
        self._writer = QThreadPool()
        self._writer.setMaxThreadCount(1)
        self.summarised.connect(self._summarise)
        showing.picture_changed.connect(lambda _same: self._take())

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return bool(self._redo)

    def _take(self) -> None:
        """Take over the assessment of the frame that came up; one not yet saved is newer than the record."""
        shown, instance = self._showing.shown, self._showing.instance
        if shown is None or instance is None:
            self.assessment = None
        else:
            self.assessment = self._newest(_key(instance, shown.place[1]), shown.assessment)
            if self.assessment.state is ReadState.UNREAD and shown.pixels is not None:
                self._put(shown.place, replace(self.assessment, state=ReadState.SEEN))
            else:
                self._list(shown.place, self.assessment)
        self.changed.emit()

    def _newest(self, key: tuple[str, int], recorded: Assessment) -> Assessment:
        """Return what is not yet saved, else the newer of what was saved here and what was read before."""
        with self._lock:
            waiting, saved = self._unsaved.get(key), self._saved.get(key)
        if waiting is not None:
            return waiting[2]
        return saved if saved is not None and saved.changed_at >= recorded.changed_at else recorded

    def edit(self, assessment: Assessment) -> None:
        """Take a change of the shown frame's assessment; an opinion makes it preliminary."""
        place, before = self._showing.place, self.assessment
        if place is None or before is None:
            return
        if assessment.state in (ReadState.UNREAD, ReadState.SEEN) and _holds_opinion(assessment):
            assessment = replace(assessment, state=ReadState.PRELIMINARY)
        if assessment == before:
            return
        self._undo.append(Change(place, before, assessment))
        self._redo.clear()
        self._put(place, assessment)
        self.changed.emit()

    def mark(self) -> None:
        """Mark the shown frame, or take the mark away."""
        if self.assessment is not None:
            self.edit(replace(self.assessment, marked=not self.assessment.marked))

    def final(self) -> None:
        """Declare the assessment final, or preliminary again."""
        if self.assessment is not None:
            done = self.assessment.state is ReadState.FINAL
            self.edit(replace(self.assessment, state=ReadState.PRELIMINARY if done else ReadState.FINAL))

    def undo(self) -> None:
        """Take the last change back and show where it was."""
        self._replay(self._undo, self._redo, lambda change: change.before)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._replay(self._redo, self._undo, lambda change: change.after)

    def _replay(self, take: list[Change], give: list[Change], value: Callable[[Change], Assessment]) -> None:
        if not take:
            return
        change = take.pop()
        give.append(change)
        self._put(change.place, value(change))
        self._stepping.to(change.place)
        self.changed.emit()

    def forget(self) -> None:
        """Forget what can be undone: another list was opened."""
        self._undo.clear()
        self._redo.clear()

    def _put(self, place: Place, assessment: Assessment) -> None:
        instance = self._model.rows[place[0]].instance
        if instance is None:
            return
        if place == self._showing.place:
            self.assessment = assessment
        self._list(place, assessment)
        with self._lock:
            self._unsaved[_key(instance, place[1])] = (instance, place[1], assessment)
        self._writer.start(_Saving(self._write))

    def _list(self, place: Place, assessment: Assessment) -> None:
        """Let the list show a change at once; that of one frame of a cine waits for the record's summary."""
        if (instance := self._model.rows[place[0]].instance) is not None and instance.frames == 1:
            self._model.update(place[0], state=assessment.state, marked=assessment.marked)

    def _summarise(self, instance: Instance, summary: CaseSummary) -> None:
        row = self._showing.row_of(instance)
        if row is not None and instance.frames > 1:
            self._model.update(row, state=summary.state, marked=summary.marked)

    def _write(self) -> None:
        """Save everything that waits (on the writer's thread)."""
        with self._lock:
            waiting = dict(self._unsaved)
        for key, (instance, frame, assessment) in waiting.items():
            try:
                saved = self._session.assess(instance, frame, assessment)
                self.summarised.emit(instance, self._session.summary(instance))
            except (BreastViewError, OSError) as error:
                self.trouble.emit(
                    f"Your assessment could not be saved yet: {error} It is kept and tried again."
                )
                return
            with self._lock:
                self._saved[key] = saved
                if self._unsaved.get(key, (None, 0, None))[2] is assessment:
                    del self._unsaved[key]

    def settle(self) -> bool:
        """Save what waits and return whether nothing is left unsaved."""
        self._writer.start(_Saving(self._write))
        self._writer.waitForDone(10_000)
        with self._lock:
            return not self._unsaved


def _holds_opinion(assessment: Assessment) -> bool:
    return bool(
        assessment.category
        or assessment.laterality
        or assessment.clock
        or assessment.notes
        or assessment.descriptors
    )


def _key(instance: Instance, frame: int) -> tuple[str, int]:
    return str(instance.path), frame
