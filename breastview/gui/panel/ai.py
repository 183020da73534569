"""The AI's part of the side panel: flags, sentence, probabilities, how honest its Grad-CAM is, model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from breastview.gui.icons import icon
from breastview.gui.panel import wording
from breastview.gui.panel.flags import FlagList
from breastview.gui.panel.folding import Folding
from breastview.gui.panel.honesty import HonestyMeter
from breastview.gui.panel.parts import label
from breastview.gui.panel.probabilities import ProbabilityBars
from breastview.gui.panes.look import SEGMENTER
from breastview.language import said, tr
from breastview.study import ai_words
from breastview.study.analysis import Analysis


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
        self.abstains = label("", "warning")
        self.bars = ProbabilityBars()
        self.meter = HonestyMeter()
        self.segmenter = QPushButton(tr("What drove the mask"))
        self.experimental, self.area = label("", "warning"), label("")
        self.model = label("", "muted")
        self.again = QPushButton(icon("refresh"), tr("Try the AI again"))
        self.flags = FlagList()
        self._details = QWidget()
        self._build()

    def _build(self) -> None:
        self.segmenter.setCheckable(True)
        self.segmenter.setIcon(icon("vector-polygon"))
        self.segmenter.setToolTip(tr("Show the Grad-CAM of the segmenter instead of a class's"))
        self.segmenter.clicked.connect(lambda on: self.heat_wanted.emit(SEGMENTER if on else ""))
        self.bars.chosen.connect(self.heat_wanted)
        inner = QVBoxLayout(self._details)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        for widget in (
            self.experimental, self.flags, self.sentence, self.abstains, self.bars, self.area, self.meter,
        ):  # fmt: skip
            inner.addWidget(widget)
        inner.addWidget(self.segmenter, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.model)
        body = QWidget()
        lower = QVBoxLayout(body)
        lower.setContentsMargins(0, 2, 0, 0)
        lower.setSpacing(8)
        lower.addWidget(self.status)
        lower.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        lower.addWidget(self._details)
        self.part = Folding(tr("AI"), body, opened=True, beside=self.flags.places, main=True)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.part)

    def set_analysis(self, analysis: Analysis | None, waiting: str = "", again: bool = False) -> None:
        """Show an analysis; None: the sentence `waiting` stands in its place, with a way to try `again`."""
        self._analysis = analysis
        self.again.setVisible(again)
        self.status.setText(waiting)
        self.status.setVisible(bool(waiting))
        self._details.setVisible(analysis is not None)
        self.flags.show_flags(() if analysis is None else analysis.flags)
        if analysis is None:
            return
        self.sentence.setText(wording.no_score() if analysis.refused else said(analysis.sentence))
        self.experimental.setText(wording.experimental(analysis))
        self.experimental.setVisible(bool(self.experimental.text()))
        self.area.setText(ai_words.area_share(analysis))
        self.area.setVisible(bool(self.area.text()))
        self.abstains.setText(wording.abstention(analysis))
        self.abstains.setVisible(bool(self.abstains.text()))
        self.bars.setVisible(analysis.probabilities is not None and not analysis.refused)
        self.segmenter.setVisible(not analysis.refused and bool(analysis.heat.segmenter.any()))
        self.model.setText(wording.model(analysis))
        calibrated = tr("Calibrated on: {set}").format(set=said(analysis.calibration_set))
        self.model.setToolTip(calibrated if analysis.calibration_set else "")

    def set_heat(self, source: str, visible: bool) -> None:
        """Show whose Grad-CAM is on the picture (empty: the most probable class's)."""
        analysis = self._analysis
        self.segmenter.setChecked(visible and source == SEGMENTER)
        if analysis is None:
            return
        name = source if source in analysis.classes or source == SEGMENTER else ""
        if not name and analysis.top is not None:
            name = analysis.classes[analysis.top]
        probabilities = None if analysis.refused else analysis.probabilities
        self.bars.set_values(
            analysis.classes, probabilities, name if visible else "", analysis.abstains_below
        )
