"""The list of findings: lines that are used again, and no more of them than are looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from breastview.gui.panel.findings import FEW, FindingsPanel, Shown
from breastview.gui.panel.findings_rows import LesionRow, WordRow
from breastview.imaging.descriptors import CHANG, Suggestion
from breastview.imaging.measure import findings
from breastview.study.analysis import Finding
from breastview.study.calibration import UNCALIBRATED
from breastview.study.segmentation import MaskSource

WORDS = tuple(Suggestion("shape", word, (("solidity", 0.9),), "", CHANG) for word in ("oval", "round"))


@pytest.fixture
def panel(qtbot: QtBot) -> FindingsPanel:
    panel = FindingsPanel()
    qtbot.addWidget(panel)
    panel.show()
    return panel


def lesions(count: int) -> tuple[Finding, ...]:
    mask = np.zeros((60, 80), bool)
    mask[20:40, 30:60] = True
    (one,) = findings(mask, UNCALIBRATED)
    return tuple(replace(one, number=number) for number in range(1, count + 1))


def shown(panel: FindingsPanel, kind: type[LesionRow] | type[WordRow]) -> list[LesionRow | WordRow]:
    return [row for row in panel.findChildren(kind) if row.isVisible()]


def test_a_step_uses_the_lines_again(panel: FindingsPanel) -> None:
    three, one = lesions(3), lesions(1)
    panel.show_findings(Shown(three, editable=True, suggestions=WORDS[:1]))
    rows, words = shown(panel, LesionRow), shown(panel, WordRow)
    assert (len(rows), len(words)) == (3, 1)
    edited = (replace(one[0], source=MaskSource.EDITED),)
    panel.show_findings(Shown(edited, editable=True, suggestions=WORDS[1:], taken=(("shape", "round"),)))
    assert shown(panel, LesionRow) == rows[:1] and shown(panel, WordRow) == words
    assert rows[0].tag.text() == "edited" and not rows[0].badge.isVisible()
    assert words[0].take.text() == "round" and words[0].take.isChecked()
    panel.show_findings(Shown(three, editable=True, suggestions=WORDS))
    assert shown(panel, LesionRow) == rows and shown(panel, WordRow)[:1] == words
    assert rows[0].tag.text() == "AI" and rows[0].badge.isVisible() and not words[0].take.isChecked()


def test_a_line_that_was_made_for_another_lesion_tells_the_number_it_has_now(
    qtbot: QtBot, panel: FindingsPanel
) -> None:
    panel.show_findings(Shown(lesions(3), editable=True))
    panel.show_findings(Shown(lesions(3)[1:], editable=True))
    told: list[int] = []
    panel.chosen.connect(told.append)
    panel.deleted.connect(told.append)
    row = shown(panel, LesionRow)[0]
    qtbot.mouseClick(row.badge, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(row.bin, Qt.MouseButton.LeftButton)
    assert told == [2, 2]


def test_a_click_that_chooses_nothing_leaves_no_mark(qtbot: QtBot, panel: FindingsPanel) -> None:
    panel.show_findings(Shown(lesions(2), editable=True, chosen=1))
    rows = shown(panel, LesionRow)
    qtbot.mouseClick(rows[1].badge, Qt.MouseButton.LeftButton)
    panel.show_findings(Shown(lesions(2), editable=True, chosen=1))
    assert [row.badge.isChecked() for row in rows] == [True, False]


def test_of_hundreds_of_crumbs_few_have_lines_until_more_are_asked_for(
    qtbot: QtBot, panel: FindingsPanel
) -> None:
    many = lesions(200)
    panel.show_findings(Shown(many, editable=True))
    assert len(panel.findChildren(LesionRow)) == FEW
    assert panel.more.isVisible() and panel.more.text() == f"{200 - FEW} more lesions"
    qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert len(shown(panel, LesionRow)) == 2 * FEW
    panel.show_findings(Shown(many, editable=True, chosen=150))
    rows = shown(panel, LesionRow)
    assert len(rows) == 2 * FEW + 1 and rows[-1].badge.text() == "150" and rows[-1].badge.isChecked()
    panel.show_findings(Shown(lesions(2), editable=True))
    assert len(shown(panel, LesionRow)) == 2 and not panel.more.isVisible()
    panel.show_findings(Shown(many, editable=True))
    assert len(shown(panel, LesionRow)) == FEW
