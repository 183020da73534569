"""Plays the shown cine: frames that are late are skipped, and the rate shown is the one attained."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from breastview.gui.cine.ahead import Ahead
from breastview.gui.cine.clock import Clock, Tempo, faster, rate_of
from breastview.gui.desk import Desk
from breastview.gui.state import ViewState

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.settings import Settings
    from breastview.study.instance import Instance

_LONGEST_MS = 50
"""The rate on the screen is renewed at least this often, and a frame waited for is looked for."""


class Player(QObject):
    """Turns the pages of a cine.

    Attributes
    ----------
    tempo_changed : Signal(float)
        Frames a second that were painted; 0 when it stands.
    """

    tempo_changed = Signal(float)

    def __init__(
        self, desk: Desk, showing: Showing, ahead: Ahead, settings: Callable[[], Settings],
        now: Callable[[], float] = time.perf_counter,
    ) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._showing, self._ahead = desk, showing, ahead
        self._settings, self._now = settings, now
        self._clock: Clock | None = None
        self._began = 0.0
        self._index = 0
        self._turning = False
        self._fresh = False
        self._tempo = Tempo()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tick)
        desk.changed.connect(self._follow)

    @property
    def playing(self) -> bool:
        """Whether the cine moves."""
        return self._clock is not None

    @property
    def rate(self) -> float:
        """Frames a second that are wanted of the shown file; 0 where it is no cine."""
        instance = self._showing.instance
        if instance is None or instance.frames < 2:
            return 0.0
        return rate_of(instance.frame_time, self._settings().cine_rate) * self._desk.state.cine_speed

    def toggle(self) -> None:
        """Play, or stand still."""
        self._desk.change(playing=not self._desk.state.playing)

    def speed(self, by: int) -> None:
        """Play faster (by 1) or slower (by -1)."""
        self._desk.change(cine_speed=faster(self._desk.state.cine_speed, by))

    def own_speed(self) -> None:
        """Play as fast as the file says."""
        self._desk.change(cine_speed=1.0)

    def sweep(self) -> None:
        """Play forwards and backwards by turns, or always forwards."""
        self._desk.change(cine_sweep=not self._desk.state.cine_sweep)

    def stop(self) -> None:
        """Stand still on the frame that is shown."""
        if self._desk.state.playing:
            self._desk.change(playing=False)

    def painted(self) -> None:
        """Note that the pictures were painted: counts as a frame only where a new one was."""
        if self._fresh:
            self._fresh = False
            self._tempo.painted(self._now())

    def _follow(self, before: ViewState, after: ViewState) -> None:
        if self._turning:
            return
        moved = before.place != after.place
        if after.playing and (moved or not self._playable()):
            self._desk.change(playing=False)
        elif after.playing != before.playing:
            self._begin() if after.playing else self._end()
        elif after.playing and (before.cine_speed, before.cine_sweep) != (after.cine_speed, after.cine_sweep):
            self._begin()

    def _playable(self) -> bool:
        instance, shown = self._showing.instance, self._showing.shown
        return instance is not None and instance.frames > 1 and shown is not None and shown.pixels is not None

    def _begin(self) -> None:
        instance = self._instance()
        state = self._desk.state
        self._clock = Clock(instance.frames, state.frame, self.rate, state.cine_sweep)
        self._began, self._index = self._now(), 0
        self._tempo = Tempo()
        self._ahead.play(instance, self._clock)
        self._timer.start(0)

    def _end(self) -> None:
        self._timer.stop()
        self._clock = None
        self._ahead.rest()
        self.tempo_changed.emit(0.0)
        self._showing.stand()

    def _instance(self) -> Instance:
        instance = self._showing.instance
        assert instance is not None, "nothing is played where nothing is shown"
        return instance

    def _tick(self) -> None:
        clock = self._clock
        if clock is None:
            return
        due = clock.index(self._now() - self._began)
        found = self._ahead.newest(self._index, due)
        if found is not None:
            self._index, (pixels, analysis) = found
            self._fresh = True
            self._turning = True
            try:
                self._showing.play(clock.frame(self._index), pixels, analysis)
            finally:
                self._turning = False
        self.tempo_changed.emit(self._tempo.rate() or 0.0)
        wait = clock.due(due + 1) - (self._now() - self._began)
        self._timer.start(int(min(max(1000 * wait, 1), _LONGEST_MS)))
