"""The AI's score of every frame of the shown cine: what is known already, and the rest when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.gui.workers.job import Job
from breastview.language import tr
from breastview.study.frame_score import FrameScore, most_suspicious, score_of

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.session import Session
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance

BATCH = 2
"""Frames that go to the AI together: the frame on screen waits no longer than these take."""


class Scoring(QObject):
    """Follows the shown cine.

    Attributes
    ----------
    changed : Signal()
        A score came, or another file is shown.
    began : Signal(str), progressed : Signal(int, object, str), ended : Signal()
        Reading all frames; it can be cancelled.
    trouble : Signal(str)
        Why it ended before its end.
    """

    changed = Signal()
    began = Signal(str)
    progressed = Signal(int, object, str)
    ended = Signal()
    trouble = Signal(str)

    def __init__(
        self, showing: Showing, stepping: Stepping, inference: InferenceQueue, session: Session
    ) -> None:
        super().__init__()
        self._showing, self._stepping, self._session = showing, stepping, session
        self._instance: Instance | None = None
        self._scores: list[FrameScore | None] = []
        self._looking: Job | None = None
        self._reading: Job | None = None
        showing.picture_changed.connect(lambda _same: self._turn())
        inference.analysed.connect(self._take)

    @property
    def scores(self) -> tuple[FrameScore | None, ...]:
        """One a frame of the shown cine, None where it was not read; empty while the AI is kept back."""
        instance = self._instance
        if instance is None or self._session.blinding.hides(instance):
            return ()
        return tuple(self._scores)

    @property
    def busy(self) -> bool:
        """Whether all frames are being read."""
        return self._reading is not None

    def _turn(self) -> None:
        """Follow the shown file: look up what is known of its frames."""
        instance = self._showing.instance
        if instance is None or self._instance is None or instance.path != self._instance.path:
            self._begin(instance)

    def read_again(self) -> None:
        """Forget what another model said and look up what this one has said."""
        self.cancel()
        self._begin(self._instance)

    def _begin(self, instance: Instance | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = None
        self._instance = instance if instance is not None and instance.frames > 1 else None
        self._scores = [None] * (self._instance.frames if self._instance is not None else 0)
        if self._instance is not None:
            self._look_up(self._instance)
        self.changed.emit()

    def _look_up(self, instance: Instance) -> None:
        def look(job: Job) -> None:
            for frame in range(instance.frames):
                if job.cancelled():
                    return
                found = self._session.cached_analysis(instance, frame)
                if found is not None:
                    job.produced.emit((frame, found))

        self._looking = Job(look, "search for scores")
        self._looking.produced.connect(lambda one: self._take(instance, *one))
        self._looking.start()

    def _take(self, instance: Instance, frame: int, analysis: Analysis) -> None:
        if self._session.is_current(instance, analysis):
            self._put(instance, frame, score_of(analysis))

    def _put(self, instance: Instance, frame: int, score: FrameScore) -> None:
        if self._instance is None or instance.path != self._instance.path or frame >= len(self._scores):
            return
        if self._scores[frame] != score:
            self._scores[frame] = score
            self.changed.emit()

    def analyse(self) -> None:
        """Let the AI read every frame of the shown cine that it has not read yet; asked again, stop."""
        if self._reading is not None:
            self.cancel()
            return
        instance = self._instance
        if instance is None:
            return
        todo = [frame for frame, score in enumerate(self._scores) if score is None or score.failed]

        def read(job: Job) -> None:
            job.progress(0, len(todo), text)
            for done, one in enumerate(
                self._session.analyse_all([(instance, frame) for frame in todo], job, BATCH), start=1
            ):
                job.produced.emit((one.frame, one.analysis))
                job.progress(done, len(todo), text)

        text = tr("The AI reads {count} frames").format(count=len(todo))
        self._reading = job = Job(read, "reading of all frames")
        job.produced.connect(lambda one: self._read(instance, *one))
        job.progressed.connect(self.progressed)
        job.succeeded.connect(lambda _none: self._end(job))
        job.stopped.connect(lambda: self._end(job))
        job.failed.connect(lambda sentence: self._end(job, sentence))
        self.began.emit(text)
        job.start()

    def _read(self, instance: Instance, frame: int, analysis: Analysis | None) -> None:
        if analysis is None:
            self._put(instance, frame, FrameScore(failed=True))
            return
        self._take(instance, frame, analysis)
        self._showing.take(instance, frame, analysis)

    def _end(self, job: Job, sentence: str = "") -> None:
        if job is self._reading:
            self._reading = None
            self.ended.emit()
            self.changed.emit()
        if sentence:
            self.trouble.emit(sentence)

    def cancel(self) -> None:
        """Stop reading; what is read stays."""
        if self._reading is not None:
            self._reading.cancel()

    def worst(self) -> bool:
        """Go to the most suspicious frame; return whether one is known."""
        frame = most_suspicious(self.scores)
        if frame is not None:
            self._stepping.frame(frame)
        return frame is not None

    def stop(self, seconds: float) -> None:
        """End all work."""
        for job in (self._looking, self._reading):
            if job is not None:
                job.cancel()
                job.wait(seconds)
