"""The reader's work on the shown frame: kept at once, undone at once, never lost because saving failed."""

from __future__ import annotations

import threading
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError
from breastview.gui.controllers.showing import Showing
from breastview.gui.undoing import Undoing
from breastview.gui.workers.lane import Lane
from breastview.gui.worklist.model import WorklistModel
from breastview.language import mark, tr
from breastview.study.descriptors import Pairs, merged
from breastview.study.reading import Assessment, ReadState

if TYPE_CHECKING:
    from breastview.gui.navigation import Place
    from breastview.session import CaseSummary, Session
    from breastview.study.instance import Instance


_NAMES = {
    "category": mark("category"),
    "laterality": mark("side"),
    "clock": mark("clock position"),
    "nipple_mm": mark("distance from the nipple"),
    "descriptors": mark("descriptors"),
    "notes": mark("notes"),
    "indication": mark("indication"),
    "comparison": mark("comparison"),
    "management": mark("management"),
    "marked": mark("mark"),
    "state": mark("state of the assessment"),
}
"""What a change of a field is called after "Undo"."""


_FURTHER = tuple(ReadState)
SAVED_KEPT = 200
"""Assessments saved last that are kept at hand: what was read of the record before may still be coming."""

REFUSED = mark("This assessment is final and locked. Reopen it to change it (Ctrl+D).")
NO_CATEGORY = mark("Choose a category before you declare the assessment final (F3).")


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
    kept : Signal(Instance, int, Assessment)
        An assessment of a frame was saved: it bears the time now.
    refused : Signal(str)
        Why a change was not taken: the assessment is final.
    """

    changed = Signal()
    summarised = Signal(object, object)
    trouble = Signal(str)
    kept = Signal(object, int, object)
    refused = Signal(str)

    def __init__(
        self, model: WorklistModel, showing: Showing, undoing: Undoing, session: Session, writing: Lane
    ) -> None:
        super().__init__()
        self._model, self._showing, self._undoing, self._session = model, showing, undoing, session
        self._writing = writing
        self.assessment: Assessment | None = None
        self._place: Place | None = None
        self._unsaved: list[tuple[Instance, int, Assessment]] = []
        self._saved: dict[tuple[str, int], Assessment] = {}
        self._lock = threading.Lock()
        self.summarised.connect(self._summarise)
        showing.picture_changed.connect(lambda _same: self._take())

    def _take(self) -> None:
        """Take over the assessment of the frame that came up; one not yet saved is newer than the record."""
        shown, instance = self._showing.shown, self._showing.instance
        self._place = self._showing.place
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
            waiting = next((one for one in reversed(self._unsaved) if _key(*one[:2]) == key), None)
            saved = self._saved.get(key)
        if waiting is not None:
            return waiting[2]
        return saved if saved is not None and saved.changed_at >= recorded.changed_at else recorded

    def edit(self, assessment: Assessment) -> None:
        """Take a change of the shown frame's assessment; an opinion makes it preliminary."""
        before = self.assessment
        if before is None or self._passes:
            return
        if assessment.state in (ReadState.UNREAD, ReadState.SEEN) and _holds_opinion(assessment):
            assessment = replace(assessment, state=ReadState.PRELIMINARY)
        if assessment == before:
            return
        if why := _refusal(before, assessment):
            self.refused.emit(tr(why))
            self.changed.emit()  # The form shows again what counts.
            return
        self._replaced(replace(assessment, reader=self._session.settings.reader or assessment.reader))

    @property
    def _passes(self) -> bool:
        """Whether a cine shows another frame than the one whose assessment is held."""
        return self._place != self._showing.place

    def _replaced(self, assessment: Assessment) -> None:
        """Change the shown frame's assessment so that it can be undone."""
        place, before, instance = self._showing.place, self.assessment, self._showing.instance
        if place is None or before is None or instance is None or assessment == before or self._passes:
            return
        self._undoing.do(
            _named(before, assessment),
            redo=lambda: self._replace(place, assessment),
            undo=lambda: self._replace(place, before),
            place=(instance.path, place[1]),
        )

    def _replace(self, place: Place, assessment: Assessment) -> None:
        self._put(place, assessment)
        self.changed.emit()

    def shows(self, instance: Instance, frame: int) -> bool:
        """Return whether a frame is the shown one."""
        place = self._showing.place
        return instance is self._showing.instance and place is not None and place[1] == frame

    def mark(self) -> None:
        """Mark the shown frame, or take the mark away."""
        if self.assessment is not None:
            self.edit(replace(self.assessment, marked=not self.assessment.marked))

    def unread(self) -> None:
        """Let the shown frame count as not yet looked at; what was said of it stays."""
        if self.assessment is not None and self.assessment.state is not ReadState.FINAL:
            self._replaced(replace(self.assessment, state=ReadState.UNREAD))

    @property
    def locked(self) -> bool:
        """Whether the shown frame's assessment is final: nothing of it changes until it is reopened."""
        return self.assessment is not None and self.assessment.state is ReadState.FINAL

    def describe(self, suggested: Pairs) -> None:
        """Take descriptors that were suggested, for those the reader has not given yet."""
        if self.assessment is not None:
            pairs = merged(self.assessment.descriptors, suggested)
            self.edit(replace(self.assessment, descriptors=pairs))

    def final(self) -> None:
        """Declare the assessment final, or reopen it."""
        if self.assessment is not None:
            done = self.assessment.state is ReadState.FINAL
            self.edit(replace(self.assessment, state=ReadState.PRELIMINARY if done else ReadState.FINAL))

    def _put(self, place: Place, assessment: Assessment) -> None:
        instance = self._model.rows[place[0]].instance
        if instance is None:
            return
        if place == self._showing.place:
            self.assessment = assessment
        self._list(place, assessment)
        with self._lock:
            # Every change is kept, also one taken back at once: a reopened assessment must be in the log.
            self._unsaved.append((instance, place[1], assessment))
        self._writing.start(self._write)

    def forget(self) -> None:
        """Forget what was saved: another workspace is open."""
        with self._lock:
            self._saved.clear()
            self._unsaved.clear()

    def _list(self, place: Place, assessment: Assessment) -> None:
        """Let the list show a change at once; of a cine only how far it is."""
        row = self._model.rows[place[0]]
        if row.instance is None:
            return
        if row.instance.frames == 1:
            self._model.update(
                place[0], state=assessment.state, marked=assessment.marked, category=assessment.category
            )
        elif _FURTHER.index(assessment.state) > _FURTHER.index(row.state):
            self._model.update(place[0], state=assessment.state)

    def _summarise(self, instance: Instance, summary: CaseSummary) -> None:
        row = self._showing.row_of(instance)
        if row is not None and instance.frames > 1:
            self._model.update(row, state=summary.state, marked=summary.marked, category=summary.category)

    def _write(self) -> None:
        """Save everything that waits (on the writer's thread)."""
        with self._lock:
            waiting = tuple(self._unsaved)
        for one in waiting:
            instance, frame, assessment = one
            try:
                saved = self._session.assess(instance, frame, assessment)
                self.kept.emit(instance, frame, saved)
                self.summarised.emit(instance, self._session.summary(instance))
            except (BreastViewError, OSError) as error:
                text = tr("Your assessment could not be saved yet: {reason} It is kept and tried again.")
                self.trouble.emit(text.format(reason=error))
                return
            with self._lock:
                self._saved.pop(_key(instance, frame), None)
                self._saved[_key(instance, frame)] = saved
                if len(self._saved) > SAVED_KEPT:
                    self._saved.pop(next(iter(self._saved)))
                self._unsaved = [other for other in self._unsaved if other is not one]

    def settle(self) -> bool:
        """Save what waits and return whether nothing is left unsaved."""
        self._writing.start(self._write)
        self._writing.settle()
        with self._lock:
            return not self._unsaved


def _refusal(before: Assessment, after: Assessment) -> str:
    """Return why a change is not taken, empty where it is; a mark belongs to the list, not to the opinion."""
    if before.state is ReadState.FINAL and after.state is ReadState.FINAL:
        return REFUSED if replace(after, marked=before.marked) != before else ""
    if after.state is ReadState.FINAL and not after.category:
        return NO_CATEGORY
    return ""


def _named(before: Assessment, after: Assessment) -> str:
    """Return what a change is called: the field the reader changed (the state may follow by itself)."""
    changed = (f.name for f in fields(Assessment) if getattr(before, f.name) != getattr(after, f.name))
    return tr(next((_NAMES[name] for name in changed if name in _NAMES), mark("assessment")))


def _holds_opinion(assessment: Assessment) -> bool:
    return bool(
        assessment.category
        or assessment.laterality
        or assessment.clock
        or assessment.nipple_mm is not None
        or assessment.notes
        or assessment.descriptors
    )


def _key(instance: Instance, frame: int) -> tuple[str, int]:
    return str(instance.path), frame
