"""The reader changes the mask in the window: at once, undone exactly, kept, and carried by every output."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from breastview.gui.controllers.mask_keeping import MaskKeeping
from breastview.gui.panes.canvas import Canvas
from breastview.gui.panes.content import Content
from breastview.gui.room import Room
from breastview.imaging import lesions
from breastview.imaging.packed_labels import pack
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels
from breastview.study.reading import ReadState
from breastview.study.segmentation import MaskSource
from breastview.task import SilentTask
from tests import doubles, phantoms, rooms
from tests.rooms import press, settled

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
MIDDLE = (phantoms.COLUMNS / 2, phantoms.ROWS / 2)
FAR = (4.0, 4.0)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Return a folder of two pictures, each a dark ellipse in speckle, with the ground truth of one."""
    return phantoms.busi_folder(tmp_path / "scans")


@pytest.fixture
def room(qtbot: QtBot, factory: doubles.Factory, scans: Path) -> Iterator[Room]:
    """Return a room with a picture that the AI has read."""
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        room.window.resize(1280, 800)
        yield room


def canvas(room: Room) -> Canvas:
    return room.window.panes.pane(1).canvas


def place(room: Room, point: tuple[float, float]) -> QPoint:
    return canvas(room).to_view()(*point).toPoint()


def drag(room: Room, *points: tuple[float, float], modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press at the first point, move over the others, let go at the last."""
    widget, left = canvas(room), Qt.MouseButton.LeftButton
    QTest.mouseMove(widget, place(room, points[0]))
    QTest.mousePress(widget, left, modifier, place(room, points[0]))
    for point in points[1:]:
        QTest.mouseMove(widget, place(room, point))
    QTest.mouseRelease(widget, left, modifier, place(room, points[-1]))


def click(room: Room, point: tuple[float, float], modifier: Qt.KeyboardModifier = NONE) -> None:
    drag(room, point, modifier=modifier)


def measured(qtbot: QtBot, room: Room) -> None:
    """Wait until the numbers and words of the mask have come."""
    rooms.until(qtbot, lambda: not room.editing.describing.busy)


def mask(room: Room) -> NDArray[np.bool_]:
    assert room.editing.reading is not None and room.editing.reading.mask is not None
    return room.editing.reading.mask


def test_the_brush_adds_the_eraser_takes_away_and_both_are_undone_exactly(room: Room) -> None:
    before = mask(room).copy()
    press(room, Qt.Key.Key_Q)
    assert room.desk.state.look.tool == "brush"
    drag(room, FAR, (9, 4), (14, 4))
    drawn = mask(room).copy()
    assert drawn[4, 4] and drawn[4, 14] and np.array_equal(drawn | before, drawn)
    press(room, Qt.Key.Key_Q, SHIFT)
    drag(room, (12, 4), (14, 4))
    assert not mask(room)[4, 13] and mask(room)[4, 4]
    assert room.bar.actions["undo"].text() == "Undo eraser stroke"
    press(room, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(mask(room), drawn)
    press(room, Qt.Key.Key_Z, CTRL)
    assert np.array_equal(mask(room), before) and room.editing.segmentation is None
    press(room, Qt.Key.Key_Z, CTRL | SHIFT)
    assert np.array_equal(mask(room), drawn)


def test_while_a_stroke_goes_on_the_panes_show_it_and_escape_takes_it_back(room: Room) -> None:
    before = mask(room).copy()
    press(room, Qt.Key.Key_Q)
    QTest.mousePress(canvas(room), Qt.MouseButton.LeftButton, NONE, place(room, FAR))
    QTest.mouseMove(canvas(room), place(room, (12, 4)))
    live = canvas(room)._content.live
    assert live is not None and live.mask[4, 8] and not before[4, 8]
    canvas(room).grab()
    press(room, Qt.Key.Key_Escape)
    assert canvas(room)._content.live is None and np.array_equal(mask(room), before)
    QTest.mouseRelease(canvas(room), Qt.MouseButton.LeftButton, NONE, place(room, (12, 4)))
    assert np.array_equal(mask(room), before) and not room.undoing.can_undo


def test_the_brush_grows_with_plus_and_with_shift_and_a_drag_but_paints_nothing_then(room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    small = mask(room)[:10, :10].sum()
    press(room, Qt.Key.Key_Z, CTRL)
    for _ in range(4):
        press(room, Qt.Key.Key_Plus)
    click(room, FAR)
    assert mask(room)[:10, :10].sum() > small
    press(room, Qt.Key.Key_Z, CTRL)
    before = mask(room).copy()
    drag(room, FAR, (30, 4), modifier=SHIFT)
    assert np.array_equal(mask(room), before) and not room.undoing.can_undo
    tool = room.window.panes.tools.active
    assert tool._size.radius((phantoms.ROWS, phantoms.COLUMNS)) > 10  # type: ignore[union-attr]


def test_control_makes_the_brush_an_eraser(room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    assert mask(room)[int(MIDDLE[1]), int(MIDDLE[0])]
    click(room, MIDDLE, modifier=CTRL)
    assert not mask(room)[int(MIDDLE[1]), int(MIDDLE[0])]


def test_a_polygon_is_closed_by_enter_and_cut_out_with_control(room: Room) -> None:
    press(room, Qt.Key.Key_U)
    for corner in ((2, 2), (12, 2), (12, 9), (2, 9)):
        click(room, corner)
    press(room, Qt.Key.Key_Return)
    assert mask(room)[3:9, 3:12].all()
    for corner in ((4, 4), (8, 4), (8, 8)):
        click(room, corner)
    press(room, Qt.Key.Key_Return, CTRL)
    assert not mask(room)[5, 7] and mask(room)[3, 3]


def test_a_lesion_drawn_in_one_go_closes_when_the_button_is_let_go(room: Room) -> None:
    press(room, Qt.Key.Key_U)
    drag(room, (2, 2), (7, 2), (12, 2), (12, 9), (2, 9))
    assert mask(room)[3:8, 3:11].all()


def test_a_click_into_a_hole_fills_it_and_a_flood_widens_with_the_drag(room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, MIDDLE, modifier=CTRL)
    press(room, Qt.Key.Key_U, SHIFT)
    click(room, MIDDLE)
    assert mask(room)[int(MIDDLE[1]), int(MIDDLE[0])]
    assert room.undoing.undo_text == "filled hole"
    narrow = mask(room).sum()
    drag(room, FAR, (20, 4), (60, 4))
    assert mask(room).sum() > narrow
    press(room, Qt.Key.Key_Z, CTRL)
    assert mask(room).sum() == narrow


def test_a_second_lesion_is_numbered_and_the_one_under_the_mouse_is_deleted(qtbot: QtBot, room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    for _ in range(5):
        press(room, Qt.Key.Key_Plus)
    click(room, FAR)
    measured(qtbot, room)
    numbers = {one.number: one.source for one in room.editing.findings}
    assert MaskSource.READER in numbers.values() and len(numbers) >= 2
    drawn = mask(room)[4, 4]
    assert drawn
    for point in (MIDDLE, FAR):
        QTest.mouseMove(canvas(room), place(room, point))
    assert room.editing.pointer == FAR
    press(room, Qt.Key.Key_Backspace)
    assert not mask(room)[4, 4]


def test_smoothing_and_keeping_the_largest_are_one_change_each(qtbot: QtBot, room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    press(room, Qt.Key.Key_L, SHIFT)
    measured(qtbot, room)
    assert len(room.editing.findings) == 1 and not mask(room)[4, 4]
    press(room, Qt.Key.Key_S, SHIFT)
    assert room.undoing.undo_text in ("smoothed outline", "largest lesion kept")
    press(room, Qt.Key.Key_Backspace, SHIFT)
    assert room.editing.segmentation is None and room.editing.reading.mask_source is MaskSource.AI
    press(room, Qt.Key.Key_Z, CTRL)
    assert room.editing.segmentation is not None


def test_the_threshold_of_the_ai_s_map_is_moved_without_crumbs_and_comes_back_to_the_ai_s_mask(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    manifest = tmp_path / "models" / "stand-in" / "manifest.json"
    values = json.loads(manifest.read_text(encoding="utf-8"))
    levels = {"mask": 0.6, "min_area_fraction": 0.01}
    manifest.write_text(json.dumps(values | {"thresholds": levels}), encoding="utf-8")

    def graded(instance: Instance, frame: int, pixels: FramePixels) -> Analysis:
        one = doubles.StandIn._one(factory.made[-1], instance, frame, pixels)
        return replace(one, mask_probability=cv2.GaussianBlur(one.mask_probability, (0, 0), 3))

    factory.attributes["_one"] = graded
    with rooms.opened(qtbot, scans, factory=factory) as room:
        settled(qtbot, room)
        panel, size = room.window.panel.findings, phantoms.ROWS * phantoms.COLUMNS
        assert panel.level_text.text() == "Threshold 0.60, AI default 0.60"
        before = mask(room).copy()
        for value in (50, 40, 30):
            panel.level.setValue(value)
        assert panel.level_text.text() == "Threshold 0.30, AI default 0.60"
        measured(qtbot, room)
        assert min(one.area_px for one in room.editing.findings) >= 0.01 * size
        assert room.undoing.undo_text == "threshold 0.50", "one drag is one change"
        room.undoing.undo()
        assert room.editing.segmentation is None and np.array_equal(mask(room), before)
        assert panel.level.value() == 60
        room.undoing.redo()
        panel.level.setValue(60)
        assert room.editing.segmentation is None and np.array_equal(mask(room), before)


def test_a_mask_that_stays_is_not_drawn_anew_when_its_numbers_are_told(qtbot: QtBot, room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    drag(room, (20, 12), (44, 12))
    measured(qtbot, room)
    assert room.editing.segmentation is not None
    assert room.editing.segmentation.mask is room.editing.segmentation.mask
    assert not room.editing.segmentation.mask.flags.writeable
    shown: list[Content] = []
    for index in room.window.panes.here:
        canvas = room.window.panes.pane(index).canvas
        canvas.show_content = shown.append  # type: ignore[method-assign]
    room.editing.changed.emit()
    assert shown == []
    drag(room, (20, 20), (44, 20))
    assert shown and shown[-1].edited is not None


def test_every_number_follows(qtbot: QtBot, room: Room) -> None:
    panel = room.window.panel.findings
    before = room.editing.findings
    press(room, Qt.Key.Key_Q)
    for _ in range(6):
        press(room, Qt.Key.Key_Plus)
    drag(room, (20, 12), (44, 12))
    measured(qtbot, room)
    after = room.editing.findings
    assert sum(one.area_px for one in after) == mask(room).sum() > sum(one.area_px for one in before)
    assert panel.drawn_by.text() == "edited by reader"
    assert room.editing.reading is not None and room.editing.reading.heat_shares is not None
    assert canvas(room)._content.share_inside("benign") == room.editing.reading.heat_shares[1]
    assert panel.dice.text().startswith("Dice 0.")
    assert canvas(room)._content.dice == pytest.approx(float(panel.dice.text().split()[1]), abs=0.006)


def test_what_was_edited_is_there_after_a_restart_and_in_the_report(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        settled(qtbot, room)
        press(room, Qt.Key.Key_Q)
        click(room, FAR)
        drawn = mask(room).copy()
        instance = room.showing.instance
    with rooms.opened(qtbot, scans, factory=factory) as room:
        settled(qtbot, room)
        assert room.showing.instance is not None and instance is not None
        assert room.showing.instance.path == instance.path
        assert np.array_equal(mask(room), drawn) and canvas(room)._content.edited is not None
        reading = room.session.reading(room.showing.instance)
        assert reading.mask_source is MaskSource.EDITED and np.array_equal(reading.mask, drawn)  # type: ignore[arg-type]
        (report,) = room.session.export("pdf", [reading], tmp_path / "report.pdf", SilentTask())
        text = " ".join(page.extract_text() for page in pytest.importorskip("pypdf").PdfReader(report).pages)
        assert "edited by reader" in text
        sha = room.session._identities.of(instance.path)
        assert len(room.session.store.segmentations.history(sha, 0)) == 1


def test_undo_on_another_picture_goes_back_to_it(qtbot: QtBot, room: Room) -> None:
    first = room.desk.state.place
    before = mask(room).copy()
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    press(room, Qt.Key.Key_Escape)
    press(room, Qt.Key.Key_End)
    settled(qtbot, room)
    assert room.desk.state.place != first and room.editing.segmentation is None
    press(room, Qt.Key.Key_Z, CTRL)
    settled(qtbot, room)
    assert room.desk.state.place == first and np.array_equal(mask(room), before)
    room.settle()
    assert room.showing.instance is not None
    assert room.session.segmentation(room.showing.instance) is None


def test_a_final_assessment_locks_the_mask(room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    before = mask(room).copy()
    assert room.assessing.assessment is not None
    room.assessing.edit(replace(room.assessing.assessment, category="2", state=ReadState.FINAL))
    click(room, FAR)
    assert np.array_equal(mask(room), before)
    assert "final and locked" in room.window.messages.text.text()


def test_a_suggestion_is_taken_by_a_click_and_never_by_itself(room: Room) -> None:
    assert room.editing.suggestions and room.assessing.assessment is not None
    assert room.assessing.assessment.descriptors == ()
    first = room.editing.suggestions[0]
    room.window.panel.findings.wanted.emit(((first.key, first.word),))
    assert room.assessing.assessment.descriptors == ((first.key, first.word),)
    press(room, Qt.Key.Key_S)
    assert dict(room.assessing.assessment.descriptors).keys() == {one.key for one in room.editing.suggestions}
    press(room, Qt.Key.Key_Z, CTRL)
    assert room.assessing.assessment.descriptors == ((first.key, first.word),)


def test_any_series_of_edits_is_undone_step_by_step_to_the_very_pixel(room: Room) -> None:
    random = np.random.default_rng(5)
    press(room, Qt.Key.Key_Q)
    states = [pack(room.editing._labels(room.editing.reading))]  # type: ignore[arg-type]
    for _ in range(12):
        points = [(float(x), float(y)) for x, y in random.uniform((0, 0), (64, 48), (2, 2))]
        drag(room, *points, modifier=CTRL if random.random() < 0.4 else NONE)
        now = pack(room.editing._labels(room.editing.reading))  # type: ignore[arg-type]
        if now != states[-1]:
            states.append(now)
    for state in reversed(states[:-1]):
        room.undoing.undo()
        assert pack(room.editing._labels(room.editing.reading)) == state  # type: ignore[arg-type]
    assert not room.undoing.can_undo
    for state in states[1:]:
        room.undoing.redo()
        assert pack(room.editing._labels(room.editing.reading)) == state  # type: ignore[arg-type]


def test_without_an_ai_reading_the_reader_draws_from_nothing(
    qtbot: QtBot, factory: doubles.Factory, scans: Path
) -> None:
    factory.attributes["fails"] = lambda instance, frame: True
    with rooms.opened(qtbot, scans, factory=factory) as room:
        settled(qtbot, room)
        assert room.editing.findings == ()
        assert "Draw one with the brush" in room.window.panel.findings.empty.text()
        press(room, Qt.Key.Key_Q)
        for _ in range(4):
            press(room, Qt.Key.Key_Plus)
        click(room, MIDDLE)
        measured(qtbot, room)
        (lesion,) = room.editing.findings
        assert lesion.source is MaskSource.READER
        assert room.editing.reading is not None
        assert room.editing.reading.mask_source is MaskSource.READER


def test_the_window_measures_nothing_itself_and_a_late_answer_is_dropped(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, threads, real = threading.Event(), [], lesions.findings

    def slow(*given: object) -> object:
        threads.append(threading.current_thread())
        assert go_on.wait(120)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(lesions, "findings", slow)
    before = room.editing.findings
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    assert mask(room)[4, 4], "the mask counts at once"
    assert room.editing.pending and room.editing.findings == before, "the old numbers stand, greyed"
    assert room.editing.words == (), "nothing is taken that was said of another mask"
    room.undoing.undo()
    assert room.editing.segmentation is None and not room.editing.pending
    go_on.set()
    measured(qtbot, room)
    assert room.editing.findings == before and threading.main_thread() not in threads


def test_a_played_cine_does_not_read_the_record(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_given: object) -> None:
        raise AssertionError("the record was read")

    monkeypatch.setattr(room.session, "segmentation", read)
    monkeypatch.setattr(room.session, "mask_thresholds", read)
    room.showing.frame_played.emit()
    assert room.editing.reading is not None and not room.editing.describing.busy


def test_masks_of_a_cine_are_there_when_it_is_played(room: Room) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    drawn, instance = mask(room).copy(), room.showing.instance
    room.settle()
    assert instance is not None
    keeping = MaskKeeping(room.session, room.writing)
    assert keeping.played(instance, 0) is None
    keeping.read_ahead(instance)
    keeping._reading.settle()
    known = keeping.played(instance, 0)
    assert known is not None and np.array_equal(known.mask, drawn)


def test_a_mask_given_back_while_a_cine_s_masks_are_read_does_not_come_back(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    room.settle()
    instance, read = room.showing.instance, room.session.segmentations
    begun, kept = threading.Event(), threading.Event()
    assert instance is not None and read(instance)

    def slow(of: Instance) -> object:
        found = read(of)
        begun.set()
        assert kept.wait(120)
        return found

    monkeypatch.setattr(room.session, "segmentations", slow)
    keeping = MaskKeeping(room.session, room.writing)
    keeping.read_ahead(instance)
    assert begun.wait(120)
    keeping.put(instance, 0, None)
    assert keeping.settle()
    kept.set()
    keeping._reading.settle()
    assert keeping.played(instance, 0) is None


def test_masks_of_a_workspace_that_was_left_are_not_played_in_the_next(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(room, Qt.Key.Key_Q)
    click(room, FAR)
    room.settle()
    instance, read = room.showing.instance, room.session.segmentations
    begun, left = threading.Event(), threading.Event()
    assert instance is not None

    def slow(of: Instance) -> object:
        found = read(of)
        begun.set()
        assert left.wait(120)
        return found

    monkeypatch.setattr(room.session, "segmentations", slow)
    keeping = MaskKeeping(room.session, room.writing)
    keeping.read_ahead(instance)
    assert begun.wait(120)
    keeping.forget()
    monkeypatch.setattr(room.session, "segmentations", lambda _of: {})
    keeping.read_ahead(instance)
    left.set()
    keeping._reading.settle()
    assert keeping.played(instance, 0) is None
