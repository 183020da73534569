"""What the AI says of the examination that the shown mammogram is a view of; late answers are dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.gui.controllers.showing import Showing
from breastview.gui.workers.lane import Lane
from breastview.study.exam import Exam, exam_key

if TYPE_CHECKING:
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.session import Session
    from breastview.study.instance import Instance


class Examining(QObject):
    """Follows the shown picture, has all views of its examination read, and holds what is known of it.

    Attributes
    ----------
    changed : Signal()
        `exam` is another, or more of it was read.
    exam : Exam or None
        None where the shown picture is no view of an examination.
    """

    changed = Signal()
    _found = Signal(int, object, object)

    def __init__(self, showing: Showing, inference: InferenceQueue, session: Session) -> None:
        super().__init__()
        self._showing, self._session, self._lane = showing, session, Lane(after_painting=True)
        self.exam: Exam | None = None
        self._key, self._generation = "", 0
        self._found.connect(self._take)
        showing.picture_changed.connect(lambda _same: self.look())
        showing.analysis_changed.connect(self.look)
        inference.analysed.connect(lambda instance, _frame, _analysis: self._told_of(instance))
        inference.failed.connect(lambda instance, _frame, _sentence: self._told_of(instance))

    def look(self) -> None:
        """Gather what is known of the shown picture's examination, beside the window."""
        instance = self._showing.instance
        key = exam_key(instance) if instance is not None else ""
        self._generation += 1
        if key != self._key:
            self._key = key
            self._showing.along = ()
            self._put(None)
        if instance is not None and key:
            generation = self._generation
            self._lane.start(lambda: self._gather(generation, instance))

    def stop(self) -> None:
        """Wait for what is being gathered and let nothing more be heard of it."""
        self.blockSignals(True)
        self._lane.settle()

    def _told_of(self, instance: Instance) -> None:
        if self._key and exam_key(instance) == self._key:
            self.look()

    def _gather(self, generation: int, instance: Instance) -> None:
        """Look (on the thread); what is asked for by then may be another picture."""
        if generation == self._generation:
            exams = self._session.exams
            self._found.emit(generation, exams.of(instance), exams.unread(instance))

    def _take(self, generation: int, exam: Exam | None, unread: tuple[Instance, ...]) -> None:
        if generation != self._generation:
            return
        self._put(exam)
        known = self._showing.along
        fresh = tuple((one, 0) for one in unread if (one, 0) not in known)
        if fresh:  # asked for once; more of them may be found while a folder is read
            self._showing.along = (*known, *fresh)
            self._showing.plan()

    def _put(self, exam: Exam | None) -> None:
        if exam != self.exam:
            self.exam = exam
            self.changed.emit()
