"""The cine as one thing: player and scores, kept in step with the bar under the pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject

from breastview.gui.cine.ahead import Ahead
from breastview.gui.cine.player import Player
from breastview.gui.cine.scoring import Scoring

if TYPE_CHECKING:
    from breastview.gui.controllers.showing import Showing
    from breastview.gui.controllers.stepping import Stepping
    from breastview.gui.desk import Desk
    from breastview.gui.panes.pane_row import PaneRow
    from breastview.gui.state import ViewState
    from breastview.gui.workers.inference import InferenceQueue
    from breastview.session import Session
    from breastview.settings import Settings


class Cine(QObject):
    """What the reader does with a cine.

    Attributes
    ----------
    player : Player
    scoring : Scoring
    """

    def __init__(
        self, desk: Desk, showing: Showing, stepping: Stepping, panes: PaneRow, inference: InferenceQueue,
        session: Session, settings: Callable[[], Settings],
    ) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._showing, self._panes = desk, showing, panes
        self._ahead = Ahead(session)
        self.player = Player(desk, showing, self._ahead, settings)
        self.scoring = Scoring(showing, stepping, inference, session)
        bar = panes.frames
        bar.play_wanted.connect(self.player.toggle)
        bar.speed_wanted.connect(self.player.speed)
        bar.sweep_wanted.connect(self.player.sweep)
        bar.analysis_wanted.connect(self.scoring.analyse)
        self.player.tempo_changed.connect(lambda attained: bar.show_tempo(attained, self.player.rate))
        self.scoring.changed.connect(lambda: bar.show_scores(self.scoring.scores))
        showing.frame_played.connect(self._show_frame)
        showing.picture_changed.connect(lambda _same: bar.show_tempo(0.0, self.player.rate))
        showing.analysis_changed.connect(lambda: bar.show_scores(self.scoring.scores))
        desk.changed.connect(self._follow)
        panes.pane(0).canvas.installEventFilter(self)

    def _follow(self, before: ViewState, after: ViewState) -> None:
        if (before.playing, before.cine_sweep) != (after.playing, after.cine_sweep):
            self._panes.set_playing(after.playing)
            self._panes.frames.show_playing(after.playing, after.cine_sweep)
        if before.cine_speed != after.cine_speed:
            self._panes.frames.show_tempo(0.0, self.player.rate)

    def _show_frame(self) -> None:
        """Show what there is of a frame that goes by: its picture, and what the AI said of it before."""
        shown = self._showing.shown
        if shown is not None:
            self._panes.set_picture(shown.pixels, self._showing.instance, shown.place[1], keep_view=True)
            self._panes.set_ai_note("")
            self._panes.set_analysis(self._showing.analysis)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count the paintings of the pictures: the rate shown is the one seen."""
        if event.type() == QEvent.Type.Paint:
            self.player.painted()
        return super().eventFilter(watched, event)

    def stop(self, seconds: float) -> None:
        """End all work."""
        self.player.stop()
        self._ahead.stop(seconds)
        self.scoring.stop(seconds)
