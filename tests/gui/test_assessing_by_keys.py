"""A whole assessment by keys alone, its lock, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from breastview.gui.worklist.context_menu import context_menu
from breastview.settings import Settings
from breastview.study.reading import ReadState
from tests.rooms import press, settled, until, write

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def category(room: Room, keys: str) -> None:
    """Choose a category by keys."""
    press(room, Qt.Key.Key_F3)
    write(room, keys)
    press(room, Qt.Key.Key_Return)
    if room.window.panel.form.category.view().isVisible():
        press(room, Qt.Key.Key_Return)
    press(room, Qt.Key.Key_Escape)


def test_category_site_descriptors_and_final_are_given_without_the_mouse(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    look, case = room.desk.state.look, room.desk.state.case
    category(room, "4b")
    press(room, Qt.Key.Key_F4)
    for key in (Qt.Key.Key_L, Qt.Key.Key_2, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Right):
        press(room, key)
    press(room, Qt.Key.Key_Escape)
    press(room, Qt.Key.Key_F6)
    press(room, Qt.Key.Key_R)
    press(room, Qt.Key.Key_Escape)
    given = room.assessing.assessment
    assert given is not None
    assert (given.category, given.laterality, given.clock, given.nipple_mm) == ("4B", "L", 3, 10.0)
    assert given.descriptors == (("shape", "round"),) and given.state is ReadState.PRELIMINARY
    assert (room.desk.state.look, room.desk.state.case) == (look, case)
    press(room, Qt.Key.Key_D, CTRL)
    assert room.assessing.locked


def test_a_final_assessment_takes_no_change_until_it_is_reopened_and_both_are_undone_and_logged(
    qtbot: QtBot, room: Room
) -> None:
    settled(qtbot, room)
    press(room, Qt.Key.Key_D, CTRL)
    assert "Choose a category" in room.window.messages.text.text() and not room.assessing.locked
    category(room, "2")
    press(room, Qt.Key.Key_D, CTRL)
    given = room.assessing.assessment
    assert given is not None and given.state is ReadState.FINAL
    room.assessing.describe((("shape", "oval"),))
    assert room.assessing.assessment == given and "locked" in room.window.messages.text.text()
    press(room, Qt.Key.Key_M)
    assert room.assessing.locked and room.assessing.assessment.marked
    press(room, Qt.Key.Key_D, CTRL)
    assert room.assessing.assessment.state is ReadState.PRELIMINARY
    press(room, Qt.Key.Key_Z, CTRL)
    assert room.assessing.locked
    assert room.assessing.settle()
    events = [entry.event for entry in room.session.store.audit.entries()]
    assert [one for one in events if one != "opened"] == [
        "assessed", "finalised", "assessed", "reopened", "finalised",
    ]  # fmt: skip


def test_the_reader_of_the_settings_signs_what_is_changed(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    room.take_settings(Settings(reader="Dr. É"))
    category(room, "1")
    assert room.assessing.assessment is not None and room.assessing.assessment.reader == "Dr. É"
    line = room.window.panel.form.signing.line
    assert line.text() == "Preliminary · Dr. É" or ":" in line.text()
    until(qtbot, lambda: line.text().startswith("Preliminary · Dr. É · ") and ":" in line.text())


def test_a_case_can_be_unread_again_and_the_next_unread_finds_it(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    first = room.desk.state.case
    press(room, Qt.Key.Key_U, CTRL)
    press(room, Qt.Key.Key_Down)
    settled(qtbot, room)
    assert room.model.rows[first or 0].state is ReadState.UNREAD


def test_the_menu_of_a_case_holds_the_windows_own_actions(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    menu = context_menu(room.model.rows[room.desk.state.case or 0], room.bar.actions, room.window)
    assert isinstance(menu, QMenu)
    shown = [action for action in menu.actions() if not action.isSeparator()]
    assert room.bar.actions["assess.mark"] in shown and room.bar.actions["export.pdf"] in shown
    room.bar.actions["assess.mark"].trigger()
    assert room.model.rows[room.desk.state.case or 0].marked
    refused = next(row for row in room.model.rows if row.instance is None)
    other = context_menu(refused, room.bar.actions, room.window)
    assert room.bar.actions["assess.mark"] not in other.actions()


def test_return_in_the_search_goes_to_the_first_case_found(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    press(room, Qt.Key.Key_F, CTRL)
    write(room, "case 10")
    press(room, Qt.Key.Key_Return)
    until(qtbot, lambda: room.showing.instance is not None and "(10)" in room.showing.instance.label)
