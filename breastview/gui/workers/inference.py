"""The one inference thread: the shown frame first, then its neighbours, then the rest of the list.

The thread is watched: where it died or gives no answer it is replaced, its frame gets a sentence, and
everything else that waits goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from breastview.errors import BreastViewError, Cancelled
from breastview.language import mark, tr

if TYPE_CHECKING:
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.task import Task

log = logging.getLogger(__name__)

Frame = tuple["Instance", int]
Analyse = Callable[["Instance", int, "Task"], "Analysis"]

NO_SIGN_S = 300.0
"""A frame hangs that gives no sign of life for so long: a mammogram takes seconds, a slide tells how far it
is, and the graph of a model that was never used here is made within a minute."""
LOOK_MS = 1000
ASLEEP_S = 60.0
"""Where nobody looked for so long the machine slept, and the AI with it."""
RESTARTS = 3
"""Threads in a row that may die or hang before an answer; each that hangs keeps a model in memory."""

DIED = mark("The AI broke down on this image and was started again.")
HUNG = mark("The AI gave no answer on this image; it was left out and the AI started again.")
GIVEN_UP = mark(
    "The AI broke down several times in a row and stays off until another model or device is chosen, or "
    "BreastView is started again. Pictures can still be read."
)


class _Turn:
    """What the work on one frame may ask: whether anybody still wants it. Asking is a sign of life."""

    def __init__(self, frame: Frame, unwanted: Callable[[], bool], clock: Callable[[], float]) -> None:
        self.frame = frame
        self._unwanted, self._clock = unwanted, clock
        self.alive_at = clock()

    def progress(self, done: int, total: int | None, text: str = "") -> None:  # noqa: ARG002
        """Note that it goes on."""
        self.alive_at = self._clock()

    def cancelled(self) -> bool:
        """Return whether the frame was left, or another one is more urgent now."""
        self.alive_at = self._clock()
        return self._unwanted()


class InferenceQueue(QObject):
    """Runs the models on a thread of its own, which also imports and loads them.

    Parameters
    ----------
    analyse, prepare : callable
        Read a frame; load the models.
    start_over : callable
        Frees what a thread that hangs holds the next one up by.
    clock : callable
        Seconds, ever growing.

    Attributes
    ----------
    analysed : Signal(Instance, int, Analysis)
        A frame was read.
    failed : Signal(Instance, int, str)
        A frame could not be read, with the sentence.
    waiting : Signal(int, bool)
        Frames that wait, and whether one is worked on.
    ready : Signal()
        The models are loaded.
    trouble : Signal(str)
        The models could not be loaded, with the sentence.
    """

    analysed = Signal(object, int, object)
    failed = Signal(object, int, str)
    waiting = Signal(int, bool)
    ready = Signal()
    trouble = Signal(str)

    def __init__(
        self, analyse: Analyse, prepare: Callable[[], object],
        start_over: Callable[[], object] = lambda: None, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__()
        self._analyse, self._prepare, self._start_over = analyse, prepare, start_over
        self._clock = clock
        self._looked = clock()
        self._wake = threading.Condition()
        self._urgent: deque[Frame] = deque()
        self._later: deque[Frame] = deque()
        self._later_keys: set[tuple[str, int]] = set()
        self._generation = 0
        self._stop = False
        self._loaded = threading.Event()
        self._off = False
        self._turn: _Turn | None = None
        self._restarts = 0
        self._threads: list[threading.Thread] = []
        self._watch = QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self.look)

    def start(self) -> None:
        """Start the thread: it loads the models first."""
        self._begin(self._run)
        self._watch.start()

    def _begin(self, work: Callable[[], object]) -> None:
        def living() -> None:
            try:
                work()
            except BaseException as error:  # the watch sees that it is dead
                log.error("the inference thread died: %s", type(error).__name__, exc_info=True)

        thread = threading.Thread(target=living, name="inference", daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def look(self) -> None:
        """Replace the thread if it died, or gives no answer; the window does this now and then."""
        if self._stop or not self._threads:
            return
        now, before = self._clock(), self._looked
        self._looked = now
        if self._turn is not None and now - before > ASLEEP_S:
            self._turn.alive_at = now
        turn, thread = self._turn, self._threads[-1]
        died = not thread.is_alive()
        hangs = turn is not None and now - turn.alive_at > NO_SIGN_S
        if not (died or hangs):
            return
        log.error("the inference thread is replaced: it %s", "died" if died else "gave no answer")
        self._turn = None
        self._restarts += 1
        if turn is not None:
            self.failed.emit(*turn.frame, tr(DIED if died else HUNG))
        if self._restarts > RESTARTS:
            self._loaded.set()
            self.trouble.emit(tr(GIVEN_UP))
            self._begin(self._rest)
        else:
            self._loaded.clear()  # what was loaded may be half done
            self._begin(self._again)

    def _again(self) -> None:
        self._start_over()
        self._run()

    def _rest(self) -> None:
        """Wait until another model or device is chosen."""
        self._off = True
        with self._wake:
            self._wake.wait_for(lambda: self._stop or not self._loaded.is_set())
        if not self._stop:
            self._again()

    def reload(self) -> None:
        """Load the models again before the next frame: another one, or another device, was chosen."""
        with self._wake:
            self._restarts = 0
            self._loaded.clear()
            self._wake.notify()

    def want(self, frames: Sequence[Frame]) -> None:
        """Put these frames before everything else, in this order; earlier wishes are dropped."""
        with self._wake:
            self._urgent = deque(frames)
            self._generation += 1
            self._wake.notify()
        self._tell(True)

    def background(self, frames: Sequence[Frame]) -> None:
        """Replace the list that is worked through when nothing else is wanted."""
        with self._wake:
            self._later = deque(frames)
            self._later_keys = {_key(frame) for frame in frames}
            self._wake.notify()

    def _unwanted(self, frame: Frame, generation: int) -> bool:
        """Return whether work on a frame, begun in a generation, should give way to another frame."""
        with self._wake:
            passed = generation != self._generation and bool(self._urgent)
            return self._stop or (passed and _key(self._urgent[0]) != _key(frame))

    def stop(self, seconds: float) -> bool:
        """Ask the thread to end; return whether it did within the time."""
        with self._wake:
            self._stop = True
            self._urgent.clear()
            self._later.clear()
            self._wake.notify()
        self._watch.stop()
        if self.running:
            self._threads[-1].join(seconds)
        return not self.running

    @property
    def running(self) -> bool:
        """Whether the thread still lives, or one that hung."""
        return any(one.is_alive() for one in self._threads)

    @property
    def _replaced(self) -> bool:
        """Whether the thread that asks is not the one that works now."""
        return threading.current_thread() is not self._threads[-1]

    def _next(self) -> tuple[Frame, bool, int] | None:
        with self._wake:
            self._wake.wait_for(lambda: self._stop or self._urgent or self._later)
            if self._stop:
                return None
            urgent = bool(self._urgent)
            frame = (self._urgent if urgent else self._later).popleft()
            if not urgent:
                self._later_keys.discard(_key(frame))
            return frame, urgent, self._generation

    def _tell(self, busy: bool) -> None:
        if self._off:
            return
        with self._wake:
            waiting = len(self._later) + sum(_key(frame) not in self._later_keys for frame in self._urgent)
        self.waiting.emit(waiting, busy)

    def _run(self) -> None:
        while self._ready() and (turn := self._next()) is not None:
            self._tell(True)
            self._one(*turn)
            if self._replaced:
                return
            self._tell(bool(self._urgent or self._later))

    def _ready(self) -> bool:
        """Load the models; where that fails, wait until it is to be tried again. False: the end."""
        while not self._loaded.is_set():
            self._loaded.set()
            sentence = self._trouble()
            self._off = bool(sentence)
            if sentence:
                self.trouble.emit(sentence)
                with self._wake:
                    self._wake.wait_for(lambda: self._stop or not self._loaded.is_set())
            else:
                self.ready.emit()
            if self._stop:
                return False
        return True

    def _trouble(self) -> str:
        """Load the models and return what went wrong, empty where nothing did."""
        try:
            self._prepare()
        except BreastViewError as error:
            return str(error)
        except Exception as error:
            log.error("the models could not be loaded: %s", type(error).__name__, exc_info=True)
            return tr("The AI could not be started; pictures can still be read. The log says why.")
        return ""

    def _one(self, frame: Frame, urgent: bool, generation: int) -> None:
        instance, number = frame
        self._turn = turn = _Turn(frame, lambda: self._unwanted(frame, generation), self._clock)
        try:
            analysis = self._analyse(instance, number, turn)
        except Cancelled:
            if not urgent and not self._stop and not self._replaced:
                with self._wake:
                    self._later.appendleft(frame)
                    self._later_keys.add(_key(frame))
        except BreastViewError as error:
            self.failed.emit(instance, number, str(error))
        except BaseException as error:  # not every library's is an Exception, and the thread must go on
            log.error("a frame could not be analysed: %s", type(error).__name__, exc_info=True)
            self.failed.emit(instance, number, tr("The AI failed on this image; the log says why."))
        else:
            self._restarts = 0
            self.analysed.emit(instance, number, analysis)
        if not self._replaced:
            self._turn = None


def _key(frame: Frame) -> tuple[str, int]:
    return str(frame[0].path), frame[1]
