"""A reader measures on a real window; the numbers are those of phantoms whose sizes are known."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui.panes.measuring_paint import Drawing
from breastview.gui.panes.measuring_sheet import Paper, Sheet
from breastview.gui.room import Room
from breastview.imaging import quantities
from breastview.study.calibration import DEPTH_RULER, Ruler
from breastview.study.measurement import Measurement, Tool
from breastview.study.pixels import FramePixels, Window
from breastview.study.reading import ReadState
from tests import doubles, phantoms
from tests.rooms import opened, press, settled, until

Key = Qt.Key


@pytest.fixture
def us(tmp_path: Path) -> Path:
    """Write two 2D regions (0.1 and 0.2 mm per px) side by side, and a Doppler trace below."""
    return phantoms.us_with_regions(tmp_path / "us.dcm")


def room_on(qtbot: QtBot, path: Path) -> Iterator[Room]:
    with opened(qtbot, path) as room:
        settled(qtbot, room)
        room.window.panes.setFocus()
        yield room


@pytest.fixture
def room(qtbot: QtBot, us: Path, _stand_in: Path) -> Iterator[Room]:
    """Open the ultrasound phantom."""
    yield from room_on(qtbot, us)


@pytest.fixture
def _stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return doubles.install(monkeypatch, tmp_path / "models")


def at(room: Room, x: float, y: float, pane: int = 0) -> QPoint:
    """Return where a px of the frame lies on the canvas."""
    return room.window.panes.pane(pane).canvas.to_view()(x, y).toPoint()


def drag(room: Room, start: tuple[float, float], *way: tuple[float, float], pane: int = 0) -> None:
    """Drag with the left button along px of the frame."""
    canvas, left = room.window.panes.pane(pane).canvas, Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, Qt.KeyboardModifier.NoModifier, at(room, *start, pane))
    for point in way:
        QTest.mouseMove(canvas, at(room, *point, pane))
    QTest.mouseRelease(canvas, left, Qt.KeyboardModifier.NoModifier, at(room, *way[-1], pane))
    QApplication.processEvents()


def click(room: Room, *points: tuple[float, float]) -> None:
    """Click px of the frame."""
    canvas = room.window.panes.pane(0).canvas
    for point in points:
        QTest.mouseMove(canvas, at(room, *point))
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at(room, *point))
    QApplication.processEvents()


def numbers(room: Room, index: int = -1) -> dict[str, tuple[float, str, str]]:
    """Return value, unit and basis of a measurement's quantities, as the panel has them."""
    one = room.measuring.measurements[index]
    return {q.name: (q.value, q.unit, q.basis) for q in room.measuring.quantities(one)}


def half_a_view_px(room: Room) -> float:
    return 0.5 / room.window.panes.pane(0).canvas.to_view().scale


def test_a_dragged_distance_is_true_in_its_region_and_the_mouse_is_free_again(room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (12, 10), (25, 10))
    value, unit, basis = numbers(room)["length"]
    assert value == pytest.approx(20 * 0.1, abs=0.1 * 2 * half_a_view_px(room))
    assert (unit, basis) == ("mm", "US region")
    assert room.desk.state.look.tool == ""
    assert room.window.panel.measurements.list.item(0).text().endswith(f"{value:.1f} mm (US region)")
    drag(room, (5, 30), (15, 35))
    assert room.desk.state.look.window is None or len(room.measuring.measurements) == 1


def test_clicks_draw_as_well_as_drags(room: Room) -> None:
    press(room, Key.Key_D)
    click(room, (40, 5), (40, 35))
    value, unit, basis = numbers(room)["length"]
    assert value == pytest.approx(30 * 0.2, abs=0.2 * 2 * half_a_view_px(room)) and unit == "mm"
    assert basis == "US region"


def test_a_line_straight_down_has_its_label_like_any_other(room: Room) -> None:
    press(room, Key.Key_D)
    click(room, (12, 5), (12, 30))
    (one,) = room.measuring.measurements
    assert one.points[0][0] == one.points[1][0]
    painter = QPainter(image := QImage(400, 400, QImage.Format.Format_RGB32))
    labels = Drawing(room.measuring.sheet).paint(painter, room.window.panes.pane(0).canvas.to_view(), "")
    painter.end()
    assert not image.isNull() and one.identifier in labels


def test_a_line_across_two_regions_is_refused_in_mm_and_says_why(room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (10, 10), (50, 10))
    value, unit, basis = numbers(room)["length"]
    assert value == pytest.approx(40, abs=2 * half_a_view_px(room))
    assert (unit, basis) == ("px", "crosses two calibrated regions")


def test_after_drawing_the_left_button_means_window_and_level_again(qtbot: QtBot, room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (25, 10))
    drag(room, (40, 25), (50, 30))
    until(qtbot, lambda: room.desk.state.look.window is not None)
    assert len(room.measuring.measurements) == 1


def test_handles_change_a_measurement_and_undo_brings_the_old_one_back(room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (25, 10))
    before = room.measuring.measurements
    drag(room, (25, 10), (25, 20), (25, 30))
    x, y = room.measuring.measurements[0].points[1]
    assert (x, y) == pytest.approx((25, 30), abs=2 * half_a_view_px(room))
    press(room, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert room.measuring.measurements == before
    press(room, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert room.measuring.measurements == ()
    press(room, Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert room.measuring.measurements == before


def test_delete_takes_the_chosen_one_away(room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (25, 10))
    press(room, Key.Key_Delete)
    assert room.measuring.measurements == ()
    assert not room.window.panel.measurements.hint.isHidden()


def test_esc_gives_up_the_drawing_then_the_tool_then_resets(room: Room) -> None:
    press(room, Key.Key_D)
    click(room, (5, 10))
    room.window.panes.zoom_in()
    zoomed = room.window.panes.view
    press(room, Key.Key_Escape)
    assert room.measuring.sheet.draft is None and room.desk.state.look.tool == "distance"
    press(room, Key.Key_Escape)
    assert room.desk.state.look.tool == "" and room.window.panes.view == zoomed
    press(room, Key.Key_Escape)
    assert room.window.panes.view.fitted and room.measuring.measurements == ()


def test_two_axes_stand_at_right_angles_and_tell_the_orientation(room: Room) -> None:
    press(room, Key.Key_J)
    drag(room, (4, 20), (28, 20))
    drag(room, (16, 12), (20, 28))
    found = numbers(room)
    tolerance = 0.1 * 3 * half_a_view_px(room)
    assert found["long axis"][0] == pytest.approx(2.4, abs=tolerance)
    assert found["short axis"][0] == pytest.approx(1.6, abs=tolerance)
    assert found["depth/width"][0] == pytest.approx(1.6 / 2.4, abs=0.05)


def test_an_area_has_grey_levels_and_a_histogram(room: Room) -> None:
    press(room, Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    drag(room, (5, 5), (25, 25))
    found = numbers(room)
    assert found["area"][0] == pytest.approx(4.0, abs=0.4) and found["area"][1] == "mm2"
    assert 380 <= found["n"][0] <= 460
    assert not room.window.panel.measurements.histogram.isHidden()


def test_a_note_is_written_where_its_arrow_was_drawn(room: Room) -> None:
    press(room, Key.Key_B)
    drag(room, (20, 20), (40, 30))
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "dense")
    assert room.measuring.measurements == ()
    QTest.keyClick(field, Key.Key_Return)
    note = room.measuring.measurements[0]
    assert note.text == "dense" and len(note.points) == 2
    assert QApplication.focusWidget() is room.window.panes


def test_numbers_are_copied_with_their_source(room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (25, 10))
    press(room, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().endswith(" mm (US region)")


def test_measurements_are_there_again_after_a_restart(qtbot: QtBot, us: Path, _stand_in: Path) -> None:
    with opened(qtbot, us) as room:
        settled(qtbot, room)
        room.window.panes.setFocus()
        press(room, Key.Key_D)
        drag(room, (5, 10), (25, 10))
        kept = room.measuring.measurements
    with opened(qtbot, us) as room:
        settled(qtbot, room)
        assert room.measuring.measurements == kept


def test_a_picture_without_millimetres_measures_px_and_says_so(
    qtbot: QtBot, tmp_path: Path, _stand_in: Path
) -> None:
    with opened(qtbot, phantoms.picture(tmp_path / "a.png")) as room:
        settled(qtbot, room)
        room.window.panes.setFocus()
        press(room, Key.Key_D)
        drag(room, (5, 10), (35, 10))
        assert numbers(room)["length"][1:] == ("px", "uncalibrated")
        assert room.window.panel.measurements.list.item(0).text().endswith(" px, uncalibrated")


def rule(qtbot: QtBot, room: Room, length: str, folder: bool = False) -> None:
    """Draw a ruler 40 px long and type its length."""
    press(room, Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    drag(room, (60, 2), (60, 20), (60, 42))
    editor = room.bench._editor
    assert editor is not None and editor.isVisible()
    if folder:
        editor.scope.setCurrentIndex(1)
    QTest.keyClicks(editor.length.lineEdit(), length)
    QTest.keyClick(editor.length, Key.Key_Return)
    until(qtbot, lambda: room.measuring.by_ruler is not None)


def test_a_depth_ruler_gives_true_millimetres_everywhere_and_can_be_taken_back(
    qtbot: QtBot, tmp_path: Path, _stand_in: Path
) -> None:
    path = phantoms.picture(tmp_path / "a.png")
    with opened(qtbot, path) as room:
        settled(qtbot, room)
        room.window.panes.setFocus()
        rule(qtbot, room, "20")
        room.window.panes.setFocus()
        press(room, Key.Key_D)
        drag(room, (5, 10), (35, 10))
        value, unit, basis = numbers(room)["length"]
        assert value == pytest.approx(15.0, rel=0.02) and (unit, basis) == ("mm", DEPTH_RULER)
        assert room.showing.analysis is not None
        lesion = room.showing.analysis.findings[0]
        assert lesion.calibration_source == DEPTH_RULER
        assert lesion.long_mm == pytest.approx(lesion.long_px * 0.5, rel=0.02)
    with opened(qtbot, path) as room:
        settled(qtbot, room)
        assert numbers(room)["length"][2] == DEPTH_RULER
        room.measuring.uncalibrate()
        until(qtbot, lambda: room.measuring.by_ruler is None)
        assert numbers(room)["length"][1:] == ("px", "uncalibrated")
        assert room.showing.analysis is not None and room.showing.analysis.findings[0].long_mm is None
        room.undoing.undo()
        until(qtbot, lambda: room.measuring.by_ruler is not None)


def test_a_ruler_for_the_folder_holds_for_its_pictures_of_the_same_size_only(
    qtbot: QtBot, tmp_path: Path, _stand_in: Path
) -> None:
    phantoms.picture(tmp_path / "one" / "a.png")
    phantoms.picture(tmp_path / "one" / "b.png", phantoms.speckle(seed=3))
    phantoms.picture(tmp_path / "one" / "c.png", phantoms.speckle(96, 64, seed=4))
    with opened(qtbot, tmp_path / "one") as room:
        settled(qtbot, room)
        room.window.panes.setFocus()
        rule(qtbot, room, "20", folder=True)
        sources = []
        for row in range(3):
            room.stepping.row(row)
            settled(qtbot, room)
            sources.append(room.measuring.calibration.source)
        assert sources == [DEPTH_RULER, DEPTH_RULER, ""]


def test_a_final_assessment_locks_measurements_and_the_depth_ruler(qtbot: QtBot, room: Room) -> None:
    press(room, Key.Key_D)
    drag(room, (5, 10), (12, 10), (25, 10))
    kept = room.measuring.measurements
    assert room.assessing.assessment is not None and len(kept) == 1
    room.assessing.edit(replace(room.assessing.assessment, category="2", state=ReadState.FINAL))
    press(room, Key.Key_D)
    drag(room, (5, 30), (12, 30), (25, 30))
    assert room.measuring.measurements == kept
    assert "final and locked" in room.window.messages.text.text()
    room.measuring.delete(kept[0].identifier)
    room.measuring.rename(kept[0].identifier, "other words")
    room.measuring.clear()
    assert room.measuring.measurements == kept
    before = room.measuring.calibration
    room.measuring.calibrate(Ruler((5.0, 5.0), (5.0, 35.0), 10.0), folder=False)
    room.settle()
    QApplication.processEvents()
    assert room.measuring.calibration == before


def test_a_very_large_area_is_rough_while_drawn_and_exact_from_a_thread(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.random.default_rng(3).integers(0, 4096, (1500, 1200)).astype(np.uint16)
    pixels = FramePixels(values, "MONOCHROME2", Window(2048, 4096))
    threads, real = [], quantities.quantities

    def watched(*given: Any) -> Any:
        if given[2] is not None:
            threads.append(threading.current_thread())
        return real(*given)

    monkeypatch.setattr(quantities, "quantities", watched)
    sheet, area = Sheet(), Measurement("one", Tool.RECTANGLE, ((10.0, 10.0), (1100.0, 1400.0)))
    sheet.show(Paper(pixels, modality="MG"), ())
    sheet.draft = area
    live = {one.name: one.value for one in sheet.quantities(area)}
    assert live["mean"] == pytest.approx(values.mean(), rel=0.02) and "min" not in live
    sheet.draft = None
    with qtbot.waitSignal(sheet.measured, timeout=60_000):
        assert "mean" not in {one.name for one in sheet.quantities(area)}, "no number that is not exact"
        assert sheet.histogram(area) is None
    exact = {one.name: one.value for one in sheet.quantities(area)}
    assert exact["mean"] == pytest.approx(values[10:1401, 10:1101].mean(), rel=1e-3)
    histogram = sheet.histogram(area)
    assert histogram is not None and histogram[0].sum() == exact["n"]
    assert threads and threading.main_thread() not in threads


def test_a_shape_at_hand_is_measured_once_a_movement_however_many_panes_show_it(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    pixels = FramePixels(np.full((60, 80), 7, np.uint8), "MONOCHROME2", Window(128, 256))
    asked, real = [], quantities.roughly
    monkeypatch.setattr(quantities, "roughly", lambda *given: asked.append(given[0]) or real(*given))
    sheet = Sheet()
    sheet.show(Paper(pixels, modality="US"), ())
    areas = [Measurement("one", Tool.ELLIPSE, ((10.0, 10.0), (40.0 + n, 10.0), (20.0, 30.0))) for n in (0, 1)]
    for area in areas:
        sheet.draft = area
        assert sheet.lines(area) == sheet.lines(area) == sheet.lines(area)
    assert asked == areas
    sheet.show(Paper(pixels, modality="MG"), ())
    sheet.draft = areas[1]
    sheet.lines(areas[1])
    assert len(asked) == 3, "on another paper it measures something else"


def test_a_ruler_that_still_waits_to_be_written_comes_back_when_the_next_one_is_undone(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, writes, put = threading.Event(), [], room.session.measuring.set_rulers
    first, second = Ruler((5.0, 5.0), (5.0, 35.0), 10.0), Ruler((5.0, 5.0), (5.0, 35.0), 20.0)

    def slow(*given: Any) -> None:
        assert go_on.wait(120)
        put(*given)
        writes.append(given)

    monkeypatch.setattr(room.session.measuring, "set_rulers", slow)
    room.measuring.calibrate(first, folder=True)
    room.measuring.calibrate(second, folder=False)
    room.undoing.undo()
    go_on.set()
    until(qtbot, lambda: len(writes) == 3)
    instance = room.showing.instance
    assert instance is not None and room.session.ruler(instance) == first
    assert room.session.measuring.for_folder(instance)


@pytest.mark.parametrize("fetched", [False, True])
def test_an_answer_of_the_ai_that_was_measured_before_a_ruler_has_the_ruler_s_millimetres(
    qtbot: QtBot, _stand_in: Path, us: Path, monkeypatch: pytest.MonkeyPatch, fetched: bool
) -> None:
    """The answer, or the picture fetched with it, is on its way when the ruler is set."""
    with opened(qtbot, us) as room:
        settled(qtbot, room)
        instance, analysis = room.showing.instance, room.showing.analysis
        assert instance is not None and analysis is not None
        room.measuring.calibrate(Ruler((5.0, 5.0), (5.0, 35.0), 10.0), folder=False)
        until(qtbot, lambda: room.measuring.by_ruler is not None)
        if fetched:
            assert room.showing.shown is not None
            room.showing._loaded(replace(room.showing.shown, analysis=analysis))
        else:
            room.showing.take(instance, 0, analysis)
        now = room.showing.analysis
        assert now is not None and {one.calibration_source for one in now.findings} == {DEPTH_RULER}
