"""The parts of the side panel fold by mouse and by keys, and stay as the reader left them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from breastview import language
from breastview.gui import state as states
from breastview.gui.room import Room
from breastview.imaging.descriptors import CHANG, Suggestion
from breastview.study.descriptors import ULTRASOUND
from breastview.study.measurement import Measurement, Tool
from tests import doubles, phantoms, rooms


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Return a room with a picture whose lesion is described."""
    doubles.install(monkeypatch, tmp_path / "models")
    with rooms.opened(qtbot, phantoms.busi_folder(tmp_path / "scans")) as room:
        rooms.settled(qtbot, room)
        room.window.resize(1280, 800)
        yield room


@pytest.mark.parametrize("name", ["ai", "findings", "suggestions", "measurements"])
def test_each_part_folds_with_the_space_bar_and_is_found_so_at_the_next_start(room: Room, name: str) -> None:
    part = room.window.panel.foldable[name]
    assert part.opened and part.heading.accessibleName()
    assert part.heading.focusPolicy() & Qt.FocusPolicy.TabFocus
    part.heading.setFocus()
    QTest.keyClick(part.heading, Qt.Key.Key_Space)
    assert not part.opened and room.desk.state.folded == (name,)
    kept = states.remembered(room.desk.state)
    assert states.restored(states.ViewState(), kept).folded == (name,)
    QTest.keyClick(part.heading, Qt.Key.Key_Space)
    assert part.opened and room.desk.state.folded == ()


def test_a_damaged_memory_of_what_was_folded_is_left_out() -> None:
    assert states.restored(states.ViewState(), {"folded": "findings"}).folded == ()
    assert states.restored(states.ViewState(), {"folded": [3, "ai"]}).folded == ("ai",)


@pytest.mark.parametrize("tongue", ["en", "de"])
def test_no_suggestion_is_cut_whatever_the_word(room: Room, tongue: str) -> None:
    panel = room.window.panel.findings
    language.use(tongue)
    try:
        for number in range(max(len(one.words) for one in ULTRASOUND)):
            words = tuple(
                Suggestion(
                    one.key, one.words[min(number, len(one.words) - 1)].key, (("solidity", 0.9),), "", CHANG
                )
                for one in ULTRASOUND
            )
            panel.show_findings(replace(panel._shown, suggestions=words, describing=False))
            QTest.qWait(1)
            for take in panel.suggested.body.findChildren(QPushButton):
                if take.isVisible():
                    right = take.mapTo(panel, take.rect().bottomRight()).x()
                    assert take.width() >= take.sizeHint().width() and right <= panel.width()
    finally:
        language.use("en")


def test_parts_out_of_sight_are_named_and_a_click_brings_them(qtbot: QtBot, room: Room) -> None:
    panel = room.window.panel
    room.window.resize(1280, 700)
    beyond, part = panel.beyond, panel.measurements.part
    button = next(one for one in beyond.buttons if one.text() == "Measurements")
    rooms.until(qtbot, lambda: beyond.isVisible() and button.isVisible())
    assert button.text() == "Measurements"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    rooms.until(qtbot, lambda: not part.heading.visibleRegion().isEmpty() and not button.isVisible())
    rooms.until(qtbot, lambda: beyond.buttons[0].isVisible())
    for one in (panel.ai.part, panel.findings.part, part):
        one.heading.click()
    rooms.until(qtbot, lambda: not beyond.isVisible())


def test_a_measurement_that_was_drawn_comes_into_sight(qtbot: QtBot, room: Room) -> None:
    room.window.resize(1280, 700)
    part = room.window.panel.measurements.part
    rooms.until(qtbot, lambda: part.visibleRegion().isEmpty())
    room.measuring.add(Measurement("one", Tool.DISTANCE, ((1.0, 1.0), (9.0, 9.0))))
    shown = room.window.panel.measurements.list
    rooms.until(qtbot, lambda: shown.visibleRegion().boundingRect().height() == shown.height())
