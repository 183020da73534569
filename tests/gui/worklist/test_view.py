"""The list on screen: the shown case stays in sight."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview import language
from breastview.gui.main_window import LEFT
from breastview.gui.worklist.listing import Filter, Sort
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.view import WorklistView
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


@pytest.mark.parametrize(("tongue", "sorts"), [("en", tuple(Sort)), ("de", (Sort.ORDER,))])
def test_both_choices_say_all_of_what_is_chosen(qtbot: QtBot, tongue: str, sorts: tuple[Sort, ...]) -> None:
    language.use(tongue)
    try:
        view = WorklistView(WorklistModel())
    finally:
        language.use("en")
    qtbot.addWidget(view)
    view.setFixedSize(LEFT, 500)
    view.show()
    for sort, kept in itertools.product(sorts, Filter):
        view.set_choice(kept, "", sort)
        view.layout().activate()
        assert [box.seen() for box in (view.filter, view.sort)] == [
            box.currentText() for box in (view.filter, view.sort)
        ]


def test_a_choice_without_room_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    view = WorklistView(WorklistModel())
    qtbot.addWidget(view)
    view.show()
    view.set_choice(Filter.SUSPICIOUS, "", Sort.ORDER)
    view.filter.setFixedWidth(80)
    assert view.filter.seen().endswith("…") and view.filter.seen().startswith("Sus")


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
