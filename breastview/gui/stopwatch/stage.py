"""A reading room to be measured, and waiting in it as an event loop waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from breastview.errors import AnalysisError
from breastview.gui import theme
from breastview.gui.panes.pane import Pane
from breastview.gui.room import Room
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

PATIENCE_S = 300.0


class NoAI:
    """Stands for the AI where only the drawing is measured."""

    device = notice = ""

    def __init__(self, folder: Path, device: str) -> None:
        del folder, device

    def load(self) -> None:
        """Say that there is none."""
        raise AnalysisError("the AI is not measured here")

    def analyse_batch(self, frames: Sequence[tuple[Instance, int, FramePixels]], task: object = None) -> list:
        """Say that there is none."""
        del frames, task
        raise AnalysisError("the AI is not measured here")

    def close(self) -> None:
        """Do nothing."""


def room(settings: Settings, *, ai: bool = False) -> Room:
    """Return a room that is not shown yet, on the record of this process."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(application)
    store = Store.of_user()
    return Room(Session(settings, store) if ai else Session(settings, store, NoAI))


def until(true: Callable[[], bool]) -> None:
    """Run the event loop until something holds.

    Raises
    ------
    TimeoutError
        If it does not come to hold.
    """
    end = time.monotonic() + PATIENCE_S
    waking = QTimer()  # what is waited for may come without an event
    waking.start(1)
    while not true():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.monotonic() > end:
            raise TimeoutError("what is measured did not come")


def idle(seconds: float) -> None:
    """Run the event loop for a while."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end)


class Painted(QObject):
    """Notes which panes were painted, while what they are to show is there.

    Attributes
    ----------
    counts : callable
        Whether a painting counts: what was painted before is of no interest.
    """

    def __init__(self, panes: Sequence[Pane], counts: Callable[[], bool] = lambda: True) -> None:
        super().__init__()
        self.counts = counts
        self._canvases = [pane.canvas for pane in panes]
        self._seen: set[int] = set()
        for canvas in self._canvases:
            canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a painting; nothing is kept from the pane."""
        if event.type() == QEvent.Type.Paint and self.counts():
            self._seen.add(id(watched))
        return False

    def begin(self) -> None:
        """Wait for the next painting of each."""
        self._seen.clear()

    @property
    def all(self) -> bool:
        """Whether every pane was painted since `begin`."""
        return len(self._seen) == len(self._canvases)
