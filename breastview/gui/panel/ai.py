"""The AI's part of the side panel: sentence, probabilities, lesions, flags, model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from breastview.gui import theme
from breastview.gui.icons import icon
from breastview.gui.panel import wording
from breastview.gui.panel.parts import caption, clear, label, section
from breastview.gui.panel.probabilities import ProbabilityBars
from breastview.study.analysis import Analysis, Flag

SEGMENTER = "segmenter"
"""Name under which the look shows what drove the mask."""


class AiPanel(QWidget):
    """Shows an analysis, or in a sentence why there is none yet.

    Attributes
    ----------
    heat_wanted : Signal(str)
        The class whose Grad-CAM the reader wants, or `SEGMENTER`.
    """

    heat_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._analysis: Analysis | None = None
        self.status = label("", "muted")
        self.sentence = label("", "sentence")
        self.bars = ProbabilityBars()
        self.segmenter = QPushButton("What drove the mask")
        self.share = label("", "muted")
        self.model = label("", "muted")
        self._flags, self._lesions = QVBoxLayout(), QGridLayout()
        self._details = QWidget()
        self._build()

    def _build(self) -> None:
        self.segmenter.setCheckable(True)
        self.segmenter.setIcon(icon("vector-polygon"))
        self.segmenter.setToolTip("Show the Grad-CAM of the segmenter instead of a class's")
        self.segmenter.clicked.connect(lambda on: self.heat_wanted.emit(SEGMENTER if on else ""))
        self.bars.chosen.connect(self.heat_wanted)
        self._lesions.setColumnStretch(1, 1)
        self._lesions.setHorizontalSpacing(12)
        self._flags.setSpacing(4)
        inner = QVBoxLayout(self._details)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addLayout(self._flags)
        inner.addWidget(self.sentence)
        inner.addWidget(self.bars)
        inner.addLayout(self._lesions)
        inner.addWidget(self.share)
        inner.addWidget(self.segmenter, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.model)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        whole.addWidget(section("AI"))
        whole.addWidget(self.status)
        whole.addWidget(self._details)

    def set_analysis(self, analysis: Analysis | None, waiting: str = "") -> None:
        """Show an analysis; None: the sentence `waiting` stands in its place."""
        self._analysis = analysis
        self.status.setText(waiting)
        self.status.setVisible(bool(waiting))
        self._details.setVisible(analysis is not None)
        if analysis is None:
            return
        self.sentence.setText(analysis.sentence)
        self.model.setText(wording.model(analysis))
        self.model.setToolTip(
            f"Calibrated on: {analysis.calibration_set}" if analysis.calibration_set else ""
        )
        self._show_flags(analysis.flags)
        self._show_lesions(analysis)

    def set_heat(self, source: str, visible: bool) -> None:
        """Show whose Grad-CAM is on the picture (empty: the most probable class's)."""
        analysis = self._analysis
        self.segmenter.setChecked(visible and source == SEGMENTER)
        if analysis is None:
            return
        of_class = (
            None
            if source == SEGMENTER
            else analysis.classes.index(source)
            if source in analysis.classes
            else analysis.top
        )
        shown = analysis.classes[of_class] if visible and of_class is not None else ""
        self.bars.set_values(analysis.classes, analysis.probabilities, shown)
        share = wording.heat_share(analysis, of_class) if visible else ""
        self.share.setText(share)
        self.share.setVisible(bool(share))

    def _show_flags(self, flags: tuple[Flag, ...]) -> None:
        clear(self._flags)
        for flag in flags:
            line = QHBoxLayout()
            line.setSpacing(6)
            sign = QLabel()
            colour = theme.DANGER if flag.refuses else theme.WARNING
            sign.setPixmap(icon("alert" if flag.refuses else "alert-outline", colour).pixmap(16, 16))
            line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(label(flag.text, "danger" if flag.refuses else "warning"), 1)
            self._flags.addLayout(line)

    def _show_lesions(self, analysis: Analysis) -> None:
        clear(self._lesions)
        found = wording.lesions(analysis)
        for row, (title, text) in enumerate(found):
            self._lesions.addWidget(caption(title), row, 0, Qt.AlignmentFlag.AlignTop)
            self._lesions.addWidget(label(text), row, 1)
        if not found:
            self._lesions.addWidget(caption("No lesion was outlined."), 0, 0, 1, 2)
