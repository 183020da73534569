"""Several kinds of pictures in a folder: each gets its model or a refusal, says which, can be overruled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from breastview.gui.worklist.context_menu import context_menu
from breastview.inference.gate import kinds
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.kind import Kind, KindOf, Said
from tests import doubles, phantoms, rooms


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = doubles.install(monkeypatch, tmp_path / "models").parent
    doubles.bundle_folder(folder, "films", modality="MG", experimental=True)
    doubles.bundle_folder(folder, "slides", modality="SM")


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, models: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    def look(picture: np.ndarray) -> KindOf:
        return KindOf(None, Said.LOOK, kinds.LIKE_NONE)

    monkeypatch.setattr(kinds, "by_look", look)
    folder = tmp_path / "mixed"
    phantoms.us_grey(folder / "a scan.dcm")
    phantoms.mammogram(folder / "b film.dcm")
    phantoms.picture(folder / "c holiday.png")
    with rooms.opened(qtbot, folder) as opened:
        rooms.settled(qtbot, opened)
        yield opened


def show(qtbot: QtBot, room: Room, name: str) -> None:
    case = next(n for n, row in enumerate(room.model.rows) if row.entry.path.name == name)
    room.desk.change(case=case, frame=0)
    rooms.settled(qtbot, room)


def told(room: Room) -> str:
    return room.window.panel.kind.text.text()


def test_the_panel_says_as_what_each_picture_was_read_and_why(qtbot: QtBot, room: Room) -> None:
    ai = room.window.panel.ai
    show(qtbot, room, "a scan.dcm")
    rooms.until(qtbot, lambda: told(room) == "Read as ultrasound, by the DICOM header.")
    assert "stand-in" in ai.model.text()
    assert ai.experimental.text() == ""
    show(qtbot, room, "b film.dcm")
    rooms.until(qtbot, lambda: told(room) == "Read as a mammogram, by the DICOM header.")
    assert "films" in ai.model.text()
    assert ai.experimental.text().startswith("Experimental: ")
    show(qtbot, room, "c holiday.png")
    rooms.until(qtbot, lambda: room.showing.analysis is not None and room.showing.analysis.refused)
    rooms.until(qtbot, lambda: told(room) == "Of no known kind.")
    assert ai.model.text() == "No model was asked."
    assert room.showing.analysis is not None and kinds.LIKE_NONE in room.showing.analysis.sentence


def test_the_reader_has_a_picture_read_as_another_kind_and_takes_it_back(qtbot: QtBot, room: Room) -> None:
    show(qtbot, room, "c holiday.png")
    actions = room.bar.actions
    rooms.until(qtbot, lambda: actions["kind.auto"].isChecked())
    actions["kind.sm"].trigger()
    rooms.until(qtbot, lambda: told(room) == "Read as histology, by your choice.")
    assert room.showing.analysis is not None and room.showing.analysis.bundle.name == "slides"
    assert actions["kind.sm"].isChecked() and not actions["kind.auto"].isChecked()
    assert room.model.rows[room.desk.state.case or 0].score is not None
    assert room.undoing.undo_text == "reading as histology"
    actions["undo"].trigger()
    rooms.until(qtbot, lambda: actions["kind.auto"].isChecked() and "no known kind" in told(room))
    rooms.until(qtbot, lambda: room.showing.analysis is not None and room.showing.analysis.refused)
    actions["redo"].trigger()
    rooms.until(qtbot, lambda: told(room) == "Read as histology, by your choice.")


def test_the_choice_is_kept_for_the_next_start(qtbot: QtBot, room: Room) -> None:
    show(qtbot, room, "c holiday.png")
    room.bar.actions["kind.mg"].trigger()
    rooms.until(qtbot, lambda: told(room) == "Read as a mammogram, by your choice.")
    with Session(Settings(), Store.of_user(), doubles.Factory()) as later:
        case = next(one for one in later.open([room.session.sources[0]]) if one.path.name == "c holiday.png")
        assert later.kinds.chosen(case) is Kind.MAMMOGRAM


def test_the_menu_of_a_row_offers_the_kinds(room: Room) -> None:
    parent = QWidget()
    menu = context_menu(room.model.rows[0], room.bar.actions, parent)
    inner = next(one for one in menu.findChildren(QMenu) if one.title() == "Read this image as")
    assert [action.text() for action in inner.actions()] == [
        "Automatic", "Ultrasound", "Mammogram", "Histology",
    ]  # fmt: skip
    parent.deleteLater()


def test_the_panel_offers_the_kinds_beside_what_it_says(qtbot: QtBot, room: Room) -> None:
    line = room.window.panel.kind
    show(qtbot, room, "c holiday.png")
    rooms.until(qtbot, line.isVisible)
    menu = line.change.menu()
    assert menu is not None
    offered = [action.objectName() for action in menu.actions()]
    assert offered == ["kind.auto", "kind.us", "kind.mg", "kind.sm"]
