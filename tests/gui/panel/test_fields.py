"""The breast diagram, descriptors and lists with ticks: by mouse and by keys alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from breastview.gui.panel.assessment import AssessmentForm
from breastview.gui.panel.breast_diagram import BreastDiagram
from breastview.gui.panel.descriptors import DescriptorFields
from breastview.gui.panel.many_box import ManyBox
from breastview.study.kind import Kind
from breastview.study.reading import Assessment

Sites = list[tuple[str, int, float | None]]


@pytest.fixture
def diagram(qtbot: QtBot) -> BreastDiagram:
    diagram = BreastDiagram()
    qtbot.addWidget(diagram)
    diagram.resize(280, 168)
    diagram.show()
    return diagram


def told(diagram: BreastDiagram) -> Sites:
    sites: Sites = []
    diagram.chosen.connect(lambda *site: sites.append(site))
    return sites


@pytest.mark.parametrize("site", [("R", 10, 40.0), ("L", 2, 60.0), ("R", 6, 20.0), ("L", 12, 95.0)])
def test_a_click_gives_side_clock_and_distance_of_the_place(
    qtbot: QtBot, diagram: BreastDiagram, site: tuple[str, int, float]
) -> None:
    sites = told(diagram)
    at = diagram.place(*site)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=at.toPoint())
    side, clock, distance = sites[0]
    assert (side, clock) == site[:2] and distance == pytest.approx(site[2], abs=5)
    assert distance is not None and distance % 5 == 0


def test_the_right_breast_stands_at_the_left_and_a_click_beside_both_means_nothing(
    qtbot: QtBot, diagram: BreastDiagram
) -> None:
    assert diagram.place("R", 0, 0.0).x() < diagram.place("L", 0, 0.0).x()
    sites = told(diagram)
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=QPointF(140, 3).toPoint())
    assert sites == []
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=diagram.place("L", 0, 0.0).toPoint())
    assert sites == [("L", 0, 0.0)]


def test_everything_is_reached_by_keys(diagram: BreastDiagram) -> None:
    sites = told(diagram)
    for key in (Qt.Key.Key_L, Qt.Key.Key_1, Qt.Key.Key_0, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        QTest.keyClick(diagram, key)
    assert sites == [
        ("L", 0, None), ("L", 1, None), ("L", 10, None), ("L", 10, 5.0), ("L", 10, 10.0), ("L", 11, 10.0),
    ]  # fmt: skip
    QTest.keyClick(diagram, Qt.Key.Key_Left)
    QTest.keyClick(diagram, Qt.Key.Key_Down)
    QTest.keyClick(diagram, Qt.Key.Key_R)
    assert sites[-1] == ("R", 10, 5.0)
    assert diagram.accessibleDescription() == "Right breast, 10 o’clock, 5 mm from the nipple (upper outer)"
    QTest.keyClick(diagram, Qt.Key.Key_Delete)
    assert sites[-1] == ("", 0, None)


def test_the_breasts_are_drawn_once_for_all_marks_on_one_side(
    diagram: BreastDiagram, monkeypatch: pytest.MonkeyPatch
) -> None:
    diagram.grab()
    drawn, real = [], diagram._paint_breast
    monkeypatch.setattr(
        diagram, "_paint_breast", lambda painter, side: drawn.append(side) or real(painter, side)
    )
    before = diagram.grab().toImage()
    diagram.set_site("L", 3, 40.0)
    here = diagram.grab().toImage()
    assert drawn == ["R", "L"] and here != before
    diagram.set_site("L", 5, 20.0)
    assert diagram.grab().toImage() != here and len(drawn) == 2
    diagram.set_site("R", 5, 20.0)
    diagram.grab()
    assert len(drawn) == 4


def test_keys_begin_with_the_side_the_file_names(diagram: BreastDiagram) -> None:
    sites = told(diagram)
    diagram.set_usual_side("L")
    QTest.keyClick(diagram, Qt.Key.Key_7)
    assert sites == [("L", 7, None)]


def test_mammograms_get_other_fields_and_what_was_chosen_stays(qtbot: QtBot) -> None:
    fields = DescriptorFields()
    qtbot.addWidget(fields)
    fields.set_pairs((("shape", "round"),))
    assert "echo pattern" in fields.fields
    fields.set_kind(Kind.MAMMOGRAM)
    assert "echo pattern" not in fields.fields and "density" in fields.fields
    assert fields.fields["shape"].currentData() == "round"


def test_fields_of_a_kind_are_made_once_and_show_what_was_chosen_meanwhile(qtbot: QtBot) -> None:
    fields = DescriptorFields()
    qtbot.addWidget(fields)
    fields.show()
    ultrasound = dict(fields.fields)
    fields.set_kind(Kind.MAMMOGRAM)
    mammogram = dict(fields.fields)
    assert mammogram["density"].isVisible() and not ultrasound["echo pattern"].isVisible()
    fields.set_pairs((("shape", "round"),))
    fields.set_kind(Kind.ULTRASOUND)
    assert fields.fields == ultrasound and ultrasound["shape"].currentData() == "round"
    fields.set_kind(Kind.MAMMOGRAM)
    assert fields.fields == mammogram and mammogram["density"].isVisible()


def test_a_letter_chooses_a_word_and_several_are_ticked_by_keys(qtbot: QtBot) -> None:
    fields = DescriptorFields()
    qtbot.addWidget(fields)
    fields.show()
    pairs: list[object] = []
    fields.edited.connect(pairs.append)
    shape = fields.fields["shape"]
    shape.setFocus()
    QTest.keyClick(shape, Qt.Key.Key_I)
    assert pairs == [(("shape", "irregular"),)]
    margin = fields.fields["margin"]
    assert isinstance(margin, ManyBox)
    QTest.keyClick(margin, Qt.Key.Key_A)
    QTest.keyClick(margin.view(), Qt.Key.Key_Space)
    QTest.keyClick(margin.view(), Qt.Key.Key_Down)
    QTest.keyClick(margin.view(), Qt.Key.Key_Return)
    assert pairs[-1] == (("shape", "irregular"), ("margin", "angular"), ("margin", "microlobulated"))
    assert margin.text() == "Angular, Microlobulated"
    QTest.keyClick(margin.view(), Qt.Key.Key_Return)
    assert margin.keys() == ("angular",)


def test_the_wheel_scrolls_the_panel_and_never_changes_an_answer(qtbot: QtBot) -> None:
    form = AssessmentForm()
    qtbot.addWidget(form)
    form.set_assessment(Assessment(category="2", clock=5, nipple_mm=30.0))
    form.show()
    edited: list[Assessment] = []
    form.edited.connect(edited.append)
    for box in (form.category, form.clock, *form.descriptors.fields.values(), form.site.distance):
        wheel(box)  # type: ignore[arg-type]
    assert edited == []


def wheel(box: QComboBox) -> None:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    event = QWheelEvent(
        QPointF(4, 4), QPointF(4, 4), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)


def test_the_distance_is_told_in_millimetres_and_taken_back_below_zero(qtbot: QtBot) -> None:
    form = AssessmentForm()
    qtbot.addWidget(form)
    form.set_assessment(Assessment())
    form.site_part.open()
    form.show()
    edited: list[Assessment] = []
    form.edited.connect(edited.append)
    form.site.distance.setValue(35)
    assert edited[-1].nipple_mm == 35.0
    form.site.distance.setValue(form.site.distance.minimum())
    assert edited[-1].nipple_mm is None


def test_a_folded_part_says_what_it_holds_and_parts_are_opened_again(qtbot: QtBot) -> None:
    form = AssessmentForm()
    qtbot.addWidget(form)
    form.show()
    form.set_assessment(Assessment(laterality="L", clock=3, nipple_mm=20.0, descriptors=(("shape", "oval"),)))
    assert form.site_part.heading.text() == "Site: L · 3 o’clock · 20 mm · outer"
    assert form.words_part.heading.text() == "Descriptors: oval"
    assert form.opened_parts() == []
    form.open_site()
    assert form.opened_parts() == ["site"] and form.focusWidget() is form.site.diagram
    form.open_parts(["descriptors"])
    assert form.opened_parts() == ["descriptors"]
