"""The list on screen: the shown case stays in sight."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from breastview.gui.worklist.listing import Sort
from tests import doubles, phantoms, rooms


def test_the_shown_case_stays_in_sight_when_the_window_becomes_smaller(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    for n in range(24):
        phantoms.picture(tmp_path / "many" / f"case ({n}).png", phantoms.speckle(seed=n))
    with rooms.opened(qtbot, tmp_path / "many", factory=factory) as room:
        rooms.settled(qtbot, room)
        room.window.resize(1280, 1300)
        room.stepping.row(20)
        rooms.settled(qtbot, room)
        table = room.window.worklist.table

        def seen() -> bool:
            return table.viewport().rect().contains(table.visualRect(room.model.line(20)))

        rooms.until(qtbot, seen)
        room.window.resize(1280, 700)
        rooms.until(qtbot, lambda: table.viewport().height() < 600 and seen())


def test_each_of_the_two_choices_has_the_room_that_what_it_says_needs(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, factory=factory) as room:
        room.window.resize(1280, 800)
        sort = room.window.worklist.sort
        sort.setItemText(sort.findData(Sort.EXAM), "Untersuchung")
        room.desk.change(sort=Sort.EXAM)

        def legible() -> bool:
            return sort.width() >= sort.fontMetrics().horizontalAdvance("Untersuchung") + 40

        rooms.until(qtbot, legible)


def test_a_letter_that_is_no_command_at_the_moment_does_not_move_the_list(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    for name in ("first", "second", "third"):
        phantoms.picture(tmp_path / "three" / f"{name}.png", phantoms.speckle(seed=1))
    with rooms.opened(qtbot, tmp_path / "three", factory=factory) as room:
        rooms.settled(qtbot, room)
        table = room.window.worklist.table
        shown = table.currentIndex()
        table.keyboardSearch("t")
        assert table.currentIndex() == shown
