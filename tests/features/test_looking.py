"""A reader turns, windows and magnifies pictures with keys; what is measured meanwhile stays true."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview import settings as settings_file
from breastview.gui import doings, screens
from breastview.gui.dialogs.screen_dialog import ScreenDialog
from breastview.gui.dialogs.window_presets import WindowPresets
from breastview.gui.panes.orientation import UPRIGHT
from breastview.gui.room import Room
from breastview.imaging.window import automatic
from breastview.study.instance import Window
from tests import doubles, phantoms
from tests.rooms import opened, press, settled, until

Key, NONE = Qt.Key, Qt.KeyboardModifier.NoModifier
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def room(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """Open a calibrated ultrasound picture and a mammogram."""
    doubles.install(monkeypatch, tmp_path / "models")
    folder = tmp_path / "scans"
    folder.mkdir()
    phantoms.us_with_regions(folder / "a.dcm")
    phantoms.picture(folder / "b.png")
    with opened(qtbot, folder) as made:
        settled(qtbot, made)
        made.window.panes.setFocus()
        go_to(qtbot, made, "a.dcm")
        yield made


def go_to(qtbot: QtBot, room: Room, name: str) -> None:
    row = next(n for n, row in enumerate(room.model.rows) if row.entry.label.endswith(name))
    room.stepping.row(row)
    settled(qtbot, room)


def signs(room: Room) -> str:
    canvas = room.window.panes.pane(0).canvas
    return canvas._display(canvas.projection()).orientation.sign


def said(room: Room) -> str:
    return room.window.messages.text.text() if room.window.messages.isVisible() else ""


def test_keys_flip_and_turn_and_esc_takes_it_back(room: Room) -> None:
    press(room, Key.Key_H)
    assert signs(room) == "Flipped left-right"
    press(room, Key.Key_V)
    assert signs(room) == "Rotated 180°"
    press(room, Key.Key_R)
    assert signs(room) == "Rotated 90° left"
    press(room, Key.Key_R, SHIFT)
    press(room, Key.Key_Escape)
    assert room.desk.state.look.orientation == UPRIGHT and signs(room) == ""


def test_another_case_lies_as_stored(qtbot: QtBot, room: Room) -> None:
    press(room, Key.Key_H)
    go_to(qtbot, room, "b.png")
    assert room.desk.state.look.orientation == UPRIGHT and signs(room) == ""


@pytest.mark.parametrize("keys", [(), (Key.Key_H,), (Key.Key_R,), (Key.Key_H, Key.Key_R, Key.Key_R)])
def test_a_distance_is_the_same_however_the_picture_lies(room: Room, keys: tuple[Qt.Key, ...]) -> None:
    for key in keys:
        press(room, key)
    press(room, Key.Key_D)
    canvas, left = room.window.panes.pane(0).canvas, Qt.MouseButton.LeftButton

    def at(x: float, y: float) -> QPoint:
        return canvas.to_view()(x, y).toPoint()

    QTest.mousePress(canvas, left, NONE, at(5, 10))
    QTest.mouseMove(canvas, at(15, 10))
    QTest.mouseMove(canvas, at(25, 10))
    QTest.mouseRelease(canvas, left, NONE, at(25, 10))
    QApplication.processEvents()
    measured = room.measuring.measurements[-1]
    value = next(q.value for q in room.measuring.quantities(measured) if q.name == "length")
    assert value == pytest.approx(2.0, abs=0.1 / canvas.to_view().scale)
    ends = [(round(x), round(y)) for x, y in measured.points]
    assert ends == [(5, 10), (25, 10)]


def test_w_t_and_z_give_the_left_button_a_meaning_until_esc(room: Room) -> None:
    for key, name in ((Key.Key_W, "window"), (Key.Key_T, "pan"), (Key.Key_Z, "zoom")):
        press(room, key)
        assert room.desk.state.look.tool == name
    press(room, Key.Key_Z, SHIFT)
    assert room.desk.state.look.tool == "magnifier"
    room.window.panes.zoom_in()
    zoom = room.window.panes.view.zoom
    press(room, Key.Key_Escape)
    assert room.desk.state.look.tool == "" and room.window.panes.view.zoom == zoom, "the tool first"


def test_keys_step_the_window_and_find_an_automatic_one(qtbot: QtBot, room: Room) -> None:
    pixels = room.showing.shown.pixels  # type: ignore[union-attr]
    assert pixels is not None
    press(room, Key.Key_Up, ALT)
    until(qtbot, lambda: room.desk.state.look.window is not None)
    window = room.desk.state.look.window
    assert window is not None and window.centre < pixels.window.centre and window.width == pixels.window.width
    press(room, Key.Key_Left, ALT)
    until(qtbot, lambda: room.desk.state.look.window != window)
    assert room.desk.state.look.window.width < window.width  # type: ignore[union-attr]
    press(room, Key.Key_L, CTRL)
    assert room.desk.state.look.window == automatic(pixels)


def test_the_histogram_stays_from_case_to_case(qtbot: QtBot, room: Room) -> None:
    press(room, Key.Key_W, SHIFT)
    assert room.desk.state.look.histogram
    go_to(qtbot, room, "b.png")
    assert room.desk.state.look.histogram


def test_true_size_is_refused_until_the_screen_is_measured(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(dialog: ScreenDialog) -> bool:
        dialog.number.setValue(5.0)
        return True

    monkeypatch.setattr(doings.ScreenDialog, "exec", measured)
    press(room, Key.Key_Return, CTRL | SHIFT)
    assert "has not been measured" in said(room)
    room.window.messages.button.click()
    screen = screens.name(room.window.screen())
    assert settings_file.load().screens == {screen: "5"}
    press(room, Key.Key_Return, CTRL | SHIFT)
    seen = room.window.panes.pane(0).canvas
    assert seen._display(seen.projection()).life == pytest.approx(1.0)


def test_a_picture_without_millimetres_has_no_true_size(qtbot: QtBot, room: Room) -> None:
    go_to(qtbot, room, "b.png")
    zoom = room.window.panes.view.zoom
    press(room, Key.Key_Return, CTRL | SHIFT)
    assert "millimetres" in said(room) and room.window.panes.view.zoom == zoom


def test_the_readers_presets_are_kept_and_stand_after_the_files(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def added(dialog: WindowPresets) -> bool:
        dialog._append(Window(90, 60, "Dense"))
        return True

    monkeypatch.setattr(doings.WindowPresets, "exec", added)
    room.doings.edit_presets()
    assert settings_file.load().window_presets == {"Dense": "90 60"}
    for number in range(1, 10):
        press(room, Key(Key.Key_0 + number))
    assert room.desk.state.look.window == Window(90, 60, "Dense")
