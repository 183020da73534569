"""The assessment form: tells every change once, and nothing it was only shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from breastview.gui.panel.assessment import AssessmentForm
from breastview.study.reading import CATEGORIES, Assessment, ReadState

GIVEN = Assessment(
    category="3", laterality="L", clock=7, notes="oval", indication="lump", state=ReadState.FINAL, marked=True
)


@pytest.fixture
def form(qtbot: QtBot) -> AssessmentForm:
    """Return a shown form."""
    form = AssessmentForm()
    qtbot.addWidget(form)
    form.show()
    return form


def test_showing_an_assessment_fills_every_field_and_tells_nothing(form: AssessmentForm) -> None:
    told: list[Assessment] = []
    form.edited.connect(told.append)
    form.set_assessment(GIVEN)
    form.flush()
    assert told == []
    assert (form.category.currentData(), form.clock.currentData()) == ("3", 7)
    assert form.left_side.isChecked() and not form.right.isChecked()
    assert form.notes.toPlainText() == "oval" and form.indication.text() == "lump"
    assert form.marked.isChecked() and form.final.isChecked()


def test_every_category_can_be_chosen(form: AssessmentForm) -> None:
    assert [form.category.itemData(n) for n in range(form.category.count())] == list(CATEGORIES)


def test_a_side_is_told_at_once_with_what_is_being_typed_and_can_be_taken_back(
    qtbot: QtBot, form: AssessmentForm
) -> None:
    form.set_assessment(Assessment())
    told: list[Assessment] = []
    form.edited.connect(told.append)
    form.notes.setPlainText("half a sent")
    qtbot.mouseClick(form.right, Qt.MouseButton.LeftButton)
    assert told == [Assessment(laterality="R", notes="half a sent")]
    qtbot.mouseClick(form.right, Qt.MouseButton.LeftButton)
    assert told[-1] == Assessment(notes="half a sent")


def test_typing_is_told_once_after_a_pause(qtbot: QtBot, form: AssessmentForm) -> None:
    form.set_assessment(Assessment())
    told: list[Assessment] = []
    form.edited.connect(told.append)
    QTest.keyClicks(form.notes, "shadow")
    assert told == []
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told == [Assessment(notes="shadow")]


def test_escape_in_a_field_tells_the_text_and_gives_the_keys_back(form: AssessmentForm) -> None:
    form.set_assessment(GIVEN)
    told: list[Assessment] = []
    left: list[bool] = []
    form.edited.connect(told.append)
    form.left.connect(lambda: left.append(True))
    QTest.keyClicks(form.indication, "?")
    QTest.keyClick(form.indication, Qt.Key.Key_Escape)
    assert told == [replace(GIVEN, indication="lump?")] and left == [True]


def test_with_nothing_to_assess_the_form_is_off_and_empty(form: AssessmentForm) -> None:
    form.set_assessment(GIVEN)
    form.set_assessment(None)
    assert not form.isEnabled() and form.notes.toPlainText() == "" and form.category.currentData() == ""
