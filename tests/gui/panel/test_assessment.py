"""The assessment form: tells every change once, and nothing it was only shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.panel.assessment import AssessmentForm
from breastview.study.kind import Kind
from breastview.study.reading import CATEGORIES, HISTOLOGY_CATEGORIES, Assessment, ReadState

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


def test_a_category_that_does_not_fit_ends_in_an_ellipsis(form: AssessmentForm) -> None:
    form.set_assessment(replace(GIVEN, category="5"))
    form.category.setFixedWidth(600)
    assert form.category.seen() == CATEGORIES["5"]
    form.category.setFixedWidth(120)
    assert form.category.seen().endswith("…") and form.category.seen().startswith("5 ·")
    assert not form.category.grab().isNull()


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
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert told == [Assessment(notes="shadow")]


def test_escape_in_a_field_tells_the_text_and_gives_the_keys_back(form: AssessmentForm) -> None:
    given = replace(GIVEN, state=ReadState.PRELIMINARY)
    form.set_assessment(given)
    told: list[Assessment] = []
    left: list[bool] = []
    form.edited.connect(told.append)
    form.left.connect(lambda: left.append(True))
    QTest.keyClicks(form.indication, "?")
    QTest.keyClick(form.indication, Qt.Key.Key_Escape)
    assert told == [replace(given, indication="lump?")] and left == [True]


def test_escape_gives_the_keys_back_from_every_field(form: AssessmentForm) -> None:
    form.set_assessment(Assessment())
    form.open_parts(list(form.parts))
    left: list[QWidget] = []
    fields = [one for one in form.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    fields = [one for one in fields if one.isVisible() and one.isEnabled()]
    for field in fields:
        form.left.connect(lambda field=field: left.append(field))
        QTest.keyClick(field, Qt.Key.Key_Escape)
        form.left.disconnect()
    assert len(fields) > 15 and left == fields


def test_a_final_assessment_is_locked_without_dressing_the_form_anew(
    qtbot: QtBot, form: AssessmentForm
) -> None:
    class Dressed(QObject):
        times = 0

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            self.times += event.type() in (QEvent.Type.StyleChange, QEvent.Type.Polish)
            return super().eventFilter(watched, event)

    form.set_assessment(Assessment())
    qtbot.waitExposed(form)
    dressed = Dressed()
    for field in form.findChildren(QWidget):
        field.installEventFilter(dressed)
    form.set_assessment(GIVEN)
    form.set_assessment(Assessment())
    assert not dressed.times


def test_a_final_assessment_can_be_read_but_not_changed_until_it_is_reopened(
    qtbot: QtBot, form: AssessmentForm
) -> None:
    form.set_assessment(replace(GIVEN, reader="Dr. É", changed_at="2024-05-06T07:08:09+00:00"))
    told: list[Assessment] = []
    form.edited.connect(told.append)
    fields = (form.category, form.site, form.descriptors, form.notes, form.indication, form.management)
    assert not any(field.isEnabled() for field in fields)
    assert "Final · Dr. É · 2024-05-06" in form.signing.line.text()
    assert form.final.text() == "Reopen" and form.marked.isEnabled()
    qtbot.mouseClick(form.final, Qt.MouseButton.LeftButton)
    assert [one.state for one in told] == [ReadState.PRELIMINARY]
    form.set_assessment(told[0])
    assert all(field.isEnabled() for field in fields) and form.final.text() == "Final"


def test_with_nothing_to_assess_the_form_is_off_and_empty(form: AssessmentForm) -> None:
    form.set_assessment(GIVEN)
    form.set_assessment(None)
    assert not form.isEnabled() and form.notes.toPlainText() == "" and form.category.currentData() == ""


def offered(form: AssessmentForm) -> list[str]:
    return [form.category.itemData(n) for n in range(form.category.count())]


def test_each_kind_of_picture_has_its_own_words_and_categories(form: AssessmentForm) -> None:
    form.set_assessment(Assessment())
    form.set_kind(Kind.MAMMOGRAM)
    assert offered(form) == list(CATEGORIES) and "composition" in form.descriptors.fields
    assert "echo pattern" not in form.descriptors.fields
    form.set_kind(Kind.HISTOLOGY)
    assert offered(form) == list(HISTOLOGY_CATEGORIES) and not form.descriptors.fields
    assert form.words_part.isHidden() and form.clock.isHidden() and form.site.diagram.isHidden()
    form.set_kind(Kind.ULTRASOUND)
    assert offered(form) == list(CATEGORIES) and "echo pattern" in form.descriptors.fields
    assert not form.words_part.isHidden() and not form.clock.isHidden()


def test_what_an_older_record_says_of_a_histology_picture_stays_and_is_shown(form: AssessmentForm) -> None:
    form.set_kind(Kind.HISTOLOGY)
    told: list[Assessment] = []
    form.edited.connect(told.append)
    old = Assessment(category="4C", descriptors=(("shape", "oval"),))
    form.set_assessment(old)
    assert form.category.currentData() == "4C" and form.category.currentText() == CATEGORIES["4C"]
    assert not form.words_part.isHidden()
    form.flush()
    assert told == []
    form.set_assessment(Assessment(category="in situ"))
    assert offered(form) == list(HISTOLOGY_CATEGORIES) and form.category.currentData() == "in situ"
    form.set_kind(Kind.ULTRASOUND)
    assert form.category.currentText() == "Carcinoma in situ"
