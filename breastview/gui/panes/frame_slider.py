"""The bar under a cine: play, a slider through the frames with their scores, the rate wanted and attained."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from breastview.gui.icons import icon
from breastview.gui.panes.score_strip import ScoreStrip
from breastview.gui.panes.slider import Slider
from breastview.language import tr
from breastview.study.frame_score import FrameScore


class FrameSlider(QWidget):
    """Shows which frame is seen; hidden where there is only one.

    Attributes
    ----------
    requested : Signal(int)
        Frame the reader wants, counted from 0.
    play_wanted, sweep_wanted, analysis_wanted : Signal
        Play or stand still; forwards and backwards by turns or not; the AI is to read all frames.
    speed_wanted : Signal(int)
        Faster (1) or slower (-1).
    resized : Signal
        The strip of scores came or went: the bar has another height.
    """

    requested = Signal(int)
    play_wanted = Signal()
    sweep_wanted = Signal()
    analysis_wanted = Signal()
    speed_wanted = Signal(int)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = Slider(parent=self)
        self.slider.setAccessibleName(tr("Frame"))
        self.slider.setToolTip(tr("Frame  (wheel, ↑ ↓)"))
        self.slider.valueChanged.connect(self.requested)
        self.strip = ScoreStrip(self)
        self.strip.requested.connect(self.requested)
        self._label, self.speed = QLabel(self), QLabel(self)
        self.speed.setToolTip(tr("Frames a second: attained of wanted"))
        self.speed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.play = self._button("play", tr("Play or stand still  (C)"))
        self.play.clicked.connect(self.play_wanted)
        self.slower = self._button("minus", tr("Slower  (,)"))
        self.slower.clicked.connect(lambda: self.speed_wanted.emit(-1))
        self.faster = self._button("plus", tr("Faster  (.)"))
        self.faster.clicked.connect(lambda: self.speed_wanted.emit(1))
        self.sweep = self._button("repeat", tr("Begin again at the end, or sweep forwards and backwards"))
        self.sweep.clicked.connect(self.sweep_wanted)
        self.analyse = self._button("chart-bar", tr("Let the AI read all frames"))
        self.analyse.clicked.connect(self.analysis_wanted)
        self._lay_out()
        self.show_tempo(0.0, 0.0)
        self.hide()

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setIconSize(QSize(16, 16))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 1, 8, 1)
        row.setSpacing(4)
        middle = QVBoxLayout()
        middle.setContentsMargins(4, 0, 4, 0)
        middle.setSpacing(0)
        middle.addWidget(self.strip)
        middle.addWidget(self.slider)
        row.addWidget(self.play)
        row.addLayout(middle, 1)
        row.addWidget(self._label)
        row.addWidget(self.speed)
        for button in (self.slower, self.faster, self.sweep, self.analyse):
            row.addWidget(button)

    def show_frame(self, frame: int, frames: int) -> None:
        """Follow the shown frame without sending anything."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(frames - 1, 0))
            self.slider.setValue(frame)
        self.strip.show_frame(frame)
        self._label.setText(tr("Frame {0} / {1}").format(frame + 1, frames))
        self._label.setMinimumWidth(
            self._label.fontMetrics().horizontalAdvance(tr("Frame {0} / {1}").format(frames, frames))
        )
        self.setVisible(frames > 1)

    def show_playing(self, playing: bool, sweep: bool) -> None:
        """Show whether the cine moves, and how it goes on at its end."""
        self.play.setIcon(icon("pause" if playing else "play"))
        self.sweep.setIcon(icon("swap-horizontal" if sweep else "repeat"))

    def show_tempo(self, attained: float, wanted: float) -> None:
        """Show frames a second: the attained ones while the cine moves, the wanted ones always."""
        known = f"{attained:.1f}" if attained else "–"
        self.speed.setText(tr("{attained} of {wanted} /s").format(attained=known, wanted=f"{wanted:.3g}"))
        self.speed.setMinimumWidth(self.speed.fontMetrics().horizontalAdvance("000.0 of 00.0 /s"))

    def show_scores(self, scores: Sequence[FrameScore | None]) -> None:
        """Show what the AI says of every frame."""
        before = self.strip.isHidden()
        self.strip.show_scores(scores)
        if before != self.strip.isHidden():
            self.updateGeometry()
            self.resized.emit()
