"""The list of measurements: what it shows, and what keys and clicks in it mean."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from breastview.gui.panel.measurements import Grey, Line, MeasurementsPanel
from breastview.study.measurement import Tool

LINES = (
    Line("a", "Distance 1", Tool.DISTANCE, "11.5 mm (US region)"),
    Line("b", "Ellipse 1", Tool.ELLIPSE, "84.8 mm² (US region)", ("Long axis 12.9 mm", "Mean 145.3")),
    Line("c", "dense", Tool.TEXT, ""),
)
GREY = Grey(np.arange(64), 3.0, 250.0)


@pytest.fixture
def panel(qtbot: QtBot) -> MeasurementsPanel:
    made = MeasurementsPanel()
    qtbot.addWidget(made)
    made.resize(300, 500)
    made.show()
    made.show_lines(LINES, "b", GREY)
    made.list.setFocus()
    QApplication.processEvents()
    return made


def told(signal) -> list:
    heard: list = []
    signal.connect(lambda *values: heard.append(values[0] if len(values) == 1 else values))
    return heard


def test_without_measurements_it_says_how_to_begin(panel: MeasurementsPanel) -> None:
    panel.show_lines((), "", None)
    assert panel.hint.isVisible() and "D (distance)" in panel.hint.text()
    assert not panel.list.isVisible() and not panel.histogram.isVisible()


def test_only_the_chosen_one_has_its_details_and_every_line_its_source(panel: MeasurementsPanel) -> None:
    texts = [panel.list.item(row).text() for row in range(3)]
    assert texts[0] == "Distance 1: 11.5 mm (US region)"
    assert texts[1].splitlines()[1:] == ["Long axis 12.9 mm", "Mean 145.3"] and texts[2] == "dense"
    assert panel.histogram.isVisible()


def test_the_list_is_as_high_as_its_lines(panel: MeasurementsPanel) -> None:
    last = panel.list.visualItemRect(panel.list.item(2))
    assert last.bottom() <= panel.list.viewport().height()
    panel.resize(220, 500)
    QApplication.processEvents()
    last = panel.list.visualItemRect(panel.list.item(2))
    assert last.bottom() <= panel.list.viewport().height()
    panel.show_lines([*LINES] * 5, "b", None)  # the chosen one far down is no reason to scroll
    QApplication.processEvents()
    first = panel.list.visualItemRect(panel.list.item(0))
    last = panel.list.visualItemRect(panel.list.item(14))
    assert first.top() >= 0 and last.bottom() <= panel.list.viewport().height()


def test_nothing_is_renamed_or_chosen_by_being_shown(panel: MeasurementsPanel) -> None:
    renamed, chosen = told(panel.renamed), told(panel.chosen)
    panel.show_lines(LINES, "a", None)
    panel.resize(250, 400)
    QApplication.processEvents()
    assert renamed == [] and chosen == []


def test_arrows_choose_return_jumps_delete_deletes_and_esc_leaves(panel: MeasurementsPanel) -> None:
    chosen, jumped, deleted, left = map(told, (panel.chosen, panel.jumped, panel.deleted, panel.left))
    QTest.keyClick(panel.list, Qt.Key.Key_Up)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    panel.left.connect(lambda: left.append(True))
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    assert (chosen, jumped, deleted, left[-1]) == (["a"], ["a"], ["a"], True)


def test_other_words_are_typed_into_the_list(panel: MeasurementsPanel) -> None:
    renamed = told(panel.renamed)
    panel.rename()
    editor = panel.list.findChild(QLineEdit)
    assert editor is not None and editor.text() == "Ellipse 1"
    editor.setText("Cyst")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert renamed == [("b", "Cyst")]
    assert panel.list.item(1).text().startswith("Ellipse 1: 84.8")


def test_a_name_that_was_not_changed_is_no_name(panel: MeasurementsPanel) -> None:
    renamed = told(panel.renamed)
    panel.rename()
    editor = panel.list.findChild(QLineEdit)
    assert editor is not None
    QTest.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    panel.rename()
    editor = panel.list.findChildren(QLineEdit)[-1]
    editor.setText("given up")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert renamed == [] and panel.list.item(1).text().startswith("Ellipse 1: 84.8")


def test_a_ruler_can_be_drawn_where_there_is_a_picture_and_removed_where_there_is_one(
    panel: MeasurementsPanel,
) -> None:
    panel.show_source("Millimetres: depth ruler, for this picture", ruler=True, possible=True)
    assert panel.remove_ruler.isVisible() and not panel.ruler.isVisible()
    panel.show_source("Uncalibrated: numbers are in px.", ruler=False, possible=True)
    assert panel.ruler.isVisible() and not panel.remove_ruler.isVisible()
    panel.show_source("", ruler=False, possible=False)
    assert not panel.ruler.isVisible() and not panel.source.isVisible()
