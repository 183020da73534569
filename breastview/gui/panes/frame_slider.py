"""The slider through the frames of a cine or a stack."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from breastview.gui.panes.slider import Slider


class FrameSlider(QWidget):
    """Shows which frame is seen; hidden where there is only one.

    Attributes
    ----------
    requested : Signal(int)
        Frame the reader wants, counted from 0.
    """

    requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = Slider(parent=self)
        self.slider.setAccessibleName(self.tr("Frame"))
        self.slider.setToolTip(self.tr("Frame  (wheel, ↑ ↓)"))
        self.slider.valueChanged.connect(self.requested)
        self._label = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.addWidget(self.slider, 1)
        row.addWidget(self._label)
        self.hide()

    def show_frame(self, frame: int, frames: int) -> None:
        """Follow the shown frame without sending anything."""
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(frames - 1, 0))
            self.slider.setValue(frame)
        self._label.setText(self.tr("Frame {0} / {1}").format(frame + 1, frames))
        self.setVisible(frames > 1)
