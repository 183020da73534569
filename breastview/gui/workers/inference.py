"""The one inference thread: the shown frame first, then its neighbours, then the rest of the list."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from breastview.errors import BreastViewError, Cancelled

if TYPE_CHECKING:
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.task import Task

log = logging.getLogger(__name__)

Frame = tuple["Instance", int]
Analyse = Callable[["Instance", int, "Task"], "Analysis"]


class _Turn:
    """What the work on one frame may ask: whether anybody still wants it."""

    def __init__(self, unwanted: Callable[[], bool]) -> None:
        self._unwanted = unwanted

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Say nothing: a frame takes a moment."""

    def cancelled(self) -> bool:
        """Return whether the frame was left, or another one is more urgent now."""
        return self._unwanted()


class InferenceQueue(QObject):
    """Runs the models on a thread of its own, which also imports and loads them.

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

    def __init__(self, analyse: Analyse, prepare: Callable[[], object]) -> None:
        super().__init__()
        self._analyse, self._prepare = analyse, prepare
        self._wake = threading.Condition()
        self._urgent: deque[Frame] = deque()
        self._later: deque[Frame] = deque()
        self._later_keys: set[tuple[str, int]] = set()
        self._generation = 0
        self._stop = False
        self._loaded = threading.Event()
        self._off = False
        self._thread = threading.Thread(target=self._run, name="inference", daemon=True)

    def start(self) -> None:
        """Start the thread: it loads the models first."""
        self._thread.start()

    def reload(self) -> None:
        """Load the models again before the next frame: another one, or another device, was chosen."""
        with self._wake:
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
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def running(self) -> bool:
        """Whether the thread still lives."""
        return self._thread.is_alive()

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
            return "The AI could not be started; pictures can still be read. The log says why."
        return ""

    def _one(self, frame: Frame, urgent: bool, generation: int) -> None:
        instance, number = frame
        try:
            analysis = self._analyse(instance, number, _Turn(lambda: self._unwanted(frame, generation)))
        except Cancelled:
            if not urgent and not self._stop:
                with self._wake:
                    self._later.appendleft(frame)
                    self._later_keys.add(_key(frame))
        except BreastViewError as error:
            self.failed.emit(instance, number, str(error))
        except Exception as error:
            log.error("a frame could not be analysed: %s", type(error).__name__, exc_info=True)
            self.failed.emit(instance, number, "The AI failed on this image; the log says why.")
        else:
            self.analysed.emit(instance, number, analysis)


def _key(frame: Frame) -> tuple[str, int]:
    return str(frame[0].path), frame[1]
