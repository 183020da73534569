"""The AI's part of the panel: no score where none is allowed, the band of abstention where there is one."""

from __future__ import annotations

import re
from dataclasses import replace

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from breastview.gui.panel.ai import AiPanel
from breastview.gui.panel.probabilities import ProbabilityBars
from breastview.study.analysis import Analysis, Flag
from tests.gui.panes.conftest import make_case

ANALYSIS = replace(make_case().analysis, sentence="Of 100 images …", abstains_below=0.86)


def panel(qtbot: QtBot, analysis: Analysis) -> AiPanel:
    made = AiPanel()
    qtbot.addWidget(made)
    made.set_analysis(analysis)
    made.set_heat("", visible=True)
    made.show()
    return made


def test_a_refused_picture_has_no_number_and_no_bar(qtbot: QtBot) -> None:
    refusal = Flag("blank", "The picture is all but blank.", refuses=True)
    made = panel(qtbot, replace(ANALYSIS, probabilities=None, flags=(refusal,)))
    seen = [label.text() for label in made.findChildren(QLabel) if label.isVisible()]
    assert refusal.text in seen
    assert not any(re.search(r"\d\s*%|Of 100", text) for text in seen)
    assert not made.bars.isVisible() and not made.meter.isVisible() and not made.segmenter.isVisible()
    assert made.bars.accessibleDescription() == ""


def test_abstention_is_said_with_its_limit_and_nothing_is_said_where_it_commits_itself(qtbot: QtBot) -> None:
    assert panel(qtbot, ANALYSIS).abstains.isHidden()
    unsure = panel(qtbot, replace(ANALYSIS, abstained=True))
    assert "86%" in unsure.abstains.text() and unsure.abstains.isVisible()
    unknown = panel(qtbot, replace(ANALYSIS, abstained=True, abstains_below=None))
    assert "abstains" in unknown.abstains.text()


def test_the_band_is_painted_where_it_is_known(qtbot: QtBot) -> None:
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(300, 90)
    bars.set_values(("normal", "benign", "malignant"), (0.1, 0.2, 0.7), "")
    without = bars.grab().toImage()
    bars.set_values(("normal", "benign", "malignant"), (0.1, 0.2, 0.7), "", 0.86)
    assert bars.grab().toImage() != without


def test_a_model_of_one_task_shows_no_empty_bars(qtbot: QtBot) -> None:
    assert not panel(qtbot, replace(ANALYSIS, probabilities=None)).bars.isVisible()
