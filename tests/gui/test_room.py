"""The whole window with a stand-in AI: what keys, clicks and files do."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from breastview import RESEARCH_USE
from breastview.errors import StoreError
from breastview.gui.controllers import assessing, opening
from breastview.gui.panes.look import SEGMENTER
from breastview.gui.room import Room
from breastview.gui.worklist.listing import Filter, Sort
from breastview.study.instance import Instance
from breastview.study.reading import Assessment, ReadState
from tests import doubles, phantoms, rooms
from tests.rooms import press, settled, until, write

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def shown(room: Room) -> str:
    """Return the name of the shown file."""
    assert room.showing.entry is not None
    return room.showing.entry.path.name


def test_a_folder_comes_up_with_its_first_picture_and_a_bad_file_is_a_row_with_its_reason(room: Room) -> None:
    labels = [row.entry.path.name for row in room.model.rows]
    assert sorted(labels) == ["broken.png", "case (1).png", "case (10).png", "case (2).png", "cine.dcm"]
    assert room.showing.shown is not None and room.showing.shown.pixels is not None
    bad = next(row for row in room.model.rows if row.instance is None)
    assert "broken.png" in str(bad.entry.path) and len(getattr(bad.entry, "reason", "")) > 10
    assert room.window.status.cases.text() == "4 cases · 1 not shown"
    assert room.window.status.research.text() == RESEARCH_USE
    assert QApplication.activeModalWidget() is None


def test_a_refused_file_shows_its_reason_in_the_panes_when_clicked(room: Room) -> None:
    row = next(n for n, row in enumerate(room.model.rows) if row.instance is None)
    index = room.model.line(row)
    table = room.window.worklist.table
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert room.showing.message == getattr(room.model.rows[row].entry, "reason", "")
    assert not room.bar.actions["assess.mark"].isEnabled()


def test_keys_step_through_images_and_frames_in_the_listed_order(qtbot: QtBot, room: Room) -> None:
    press(room, Qt.Key.Key_Home)
    seen = []
    for _ in range(6):
        settled(qtbot, room)
        seen.append((shown(room), room.desk.state.frame))
        press(room, Qt.Key.Key_Down)
    assert seen == [
        ("case (1).png", 0), ("case (2).png", 0), ("case (10).png", 0), ("cine.dcm", 0), ("cine.dcm", 1),
        ("cine.dcm", 2),
    ]  # fmt: skip
    press(room, Qt.Key.Key_Up, SHIFT)
    settled(qtbot, room)
    assert (shown(room), room.desk.state.frame) == ("case (1).png", 0)
    press(room, Qt.Key.Key_Right)
    assert room.model.rows[room.desk.state.case or 0].entry.path.name == "cine.dcm"


def test_the_panel_shows_the_reading_of_the_shown_frame(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    analysis, ai = room.showing.analysis, room.window.panel.ai
    assert analysis is not None and analysis.probabilities is not None
    assert ai.sentence.text() == "A stand-in for tests."
    assert f"malignant {analysis.probabilities[2]:.0%}" in ai.bars.accessibleDescription()
    assert "stand-in 1.0" in ai.model.text()
    assert room.window.status.device.text() == "AUTO"


def test_overlay_keys_toggle_and_fade_what_they_say(room: Room) -> None:
    press(room, Qt.Key.Key_O)
    assert not room.desk.state.look.mask_visible
    press(room, Qt.Key.Key_O)
    press(room, Qt.Key.Key_BracketRight)
    assert (room.desk.state.look.fill_opacity, room.desk.state.look.heat_opacity) == (0.45, 0.45)
    press(room, Qt.Key.Key_G)
    assert not room.desk.state.look.heat_visible
    press(room, Qt.Key.Key_BracketRight)
    look = room.desk.state.look
    assert look.heat_visible and look.heat_opacity == 0.55 and room.window.panes.look == look


def test_the_class_whose_grad_cam_is_shown_is_chosen_by_click_and_by_key(qtbot: QtBot, room: Room) -> None:
    settled(qtbot, room)
    bars = room.window.panel.ai.bars
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
    assert room.desk.state.look.heat_source == "benign"
    press(room, Qt.Key.Key_G, SHIFT)
    assert room.desk.state.look.heat_source == "malignant"
    press(room, Qt.Key.Key_G, SHIFT)
    assert room.desk.state.look.heat_source == SEGMENTER and room.window.panel.ai.segmenter.isChecked()


def test_single_keys_are_text_while_typing_and_commands_again_after_escape(qtbot: QtBot, room: Room) -> None:
    before, case = room.desk.state.look, room.desk.state.case
    press(room, Qt.Key.Key_F2)
    assert QApplication.focusWidget() is room.window.panel.form.notes
    write(room, "mog?[ ]N")
    press(room, Qt.Key.Key_Down)
    assert room.window.panel.form.notes.toPlainText() == "mog?[ ]N"
    assert (room.desk.state.look, room.desk.state.case) == (before, case)
    assert room.assessing.assessment is not None and not room.assessing.assessment.marked
    press(room, Qt.Key.Key_Escape)
    assert room.assessing.assessment.notes == "mog?[ ]N"
    press(room, Qt.Key.Key_M)
    assert room.assessing.assessment.marked


def test_notes_typed_are_saved_when_the_case_is_left_by_key(qtbot: QtBot, room: Room) -> None:
    first = room.showing.instance
    assert first is not None
    press(room, Qt.Key.Key_F2)
    write(room, "left by a click")
    room.stepping.image(1)
    settled(qtbot, room)
    assert room.window.panel.form.notes.toPlainText() == ""
    assert room.assessing.settle()
    assert room.session.assessment(first).notes == "left by a click"


def test_a_category_can_be_chosen_by_keys_alone_and_makes_the_case_preliminary(room: Room) -> None:
    press(room, Qt.Key.Key_F3)
    write(room, "4b")
    press(room, Qt.Key.Key_Return)
    combo = room.window.panel.form.category
    if combo.view().isVisible():
        press(room, Qt.Key.Key_Return)
    assert combo.currentData() == "4B"
    press(room, Qt.Key.Key_Escape)
    assert room.assessing.assessment is not None
    assert (room.assessing.assessment.category, room.assessing.assessment.state) == (
        "4B",
        ReadState.PRELIMINARY,
    )
    press(room, Qt.Key.Key_D, CTRL)
    assert room.assessing.assessment.state is ReadState.FINAL
    assert room.model.rows[room.desk.state.case or 0].state is ReadState.FINAL


def test_undo_takes_the_reader_back_to_the_image_it_changes(qtbot: QtBot, room: Room) -> None:
    first = room.desk.state.place
    press(room, Qt.Key.Key_M)
    press(room, Qt.Key.Key_End)
    settled(qtbot, room)
    press(room, Qt.Key.Key_Z, CTRL)
    settled(qtbot, room)
    assert room.desk.state.place == first
    assert room.assessing.assessment is not None and not room.assessing.assessment.marked
    assert not room.window.panel.form.marked.isChecked()
    press(room, Qt.Key.Key_Z, CTRL | SHIFT)
    assert room.assessing.assessment.marked and room.window.panel.form.marked.isChecked()


def test_next_unread_skips_what_was_seen_and_says_when_all_is_read(qtbot: QtBot, room: Room) -> None:
    visited = set()
    for _ in range(4):
        settled(qtbot, room)
        visited.add(shown(room))
        press(room, Qt.Key.Key_N)
    assert len(visited) == 4
    settled(qtbot, room)
    press(room, Qt.Key.Key_N)
    assert room.window.messages.text.text() == "Every listed case has been looked at."


def test_search_and_filter_shorten_the_list_and_keys_follow_it(qtbot: QtBot, room: Room) -> None:
    press(room, Qt.Key.Key_F, CTRL)
    write(room, "case (10)")
    assert room.desk.state.search == "case (10)" and len(room.model.cases) == 1
    room.window.worklist.search.clear()
    room.desk.change(search="", filter=Filter.PROBLEMS)
    assert [room.model.rows[row].entry.path.name for row in room.model.cases] == ["broken.png"]
    room.desk.change(filter=Filter.ALL, sort=Sort.SUSPICION)
    until(qtbot, lambda: all(row.score is not None for row in room.model.rows if row.instance is not None))
    until(qtbot, lambda: room.window.status.queue.text() == "AI: idle")
    scores = [room.model.rows[row].score for row in room.model.cases]
    suspicions = [score.suspicion for score in scores if score is not None and score.suspicion is not None]
    assert len(suspicions) == 4 and suspicions == sorted(suspicions, reverse=True)


def test_dropped_files_replace_the_list(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    other = phantoms.picture(tmp_path / "other" / "dropped.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(other))])
    common = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *common)
    room.window.dragEnterEvent(enter)
    assert enter.isAccepted()
    room.window.dropEvent(QDropEvent(QPointF(5, 5), *common))
    settled(qtbot, room)
    assert [row.entry.path.name for row in room.model.rows] == ["dropped.png"] and shown(
        room
    ) == "dropped.png"


def test_with_nothing_open_there_is_an_invitation_and_keys_do_no_harm(
    qtbot: QtBot, factory: doubles.Factory
) -> None:
    with rooms.opened(qtbot, factory=factory) as room:
        assert room.window.middle.currentWidget() is room.window.empty
        for key in (
            Qt.Key.Key_Down,
            Qt.Key.Key_M,
            Qt.Key.Key_K,
            Qt.Key.Key_N,
            Qt.Key.Key_G,
            Qt.Key.Key_Escape,
        ):
            press(room, key)
        assert room.window.panel.ai.status.text() == "Nothing is open."
        qtbot.mouseClick(room.window.empty.demo, Qt.MouseButton.LeftButton)
        settled(qtbot, room)
        assert not room.window.messages.isVisible(), room.window.messages.text.text()
        assert room.window.panes.isVisible()
        assert sum(row.instance is not None for row in room.model.rows) >= 6


def test_a_folder_without_pictures_is_said_in_a_sentence(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with rooms.opened(qtbot, tmp_path / "empty", factory=factory) as room:
        until(qtbot, room.window.messages.isVisible)
        assert room.window.messages.text.text().startswith("empty: no pictures were found.")


def test_without_a_model_pictures_are_read_and_the_reason_is_said_once(
    qtbot: QtBot, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREASTVIEW_MODELS", str(tmp_path / "none"))
    with rooms.opened(qtbot, scans) as room:
        until(qtbot, lambda: room.showing.ai_failed)
        press(room, Qt.Key.Key_End)
        settled(qtbot, room)
        assert room.showing.shown is not None and room.showing.shown.pixels is not None
        assert "no model bundle is installed" in room.window.panel.ai.status.text()
        assert room.window.status.queue.text() == "AI: not available"


def test_stepping_never_waits_for_the_ai_and_an_answer_for_a_left_case_does_not_show(
    qtbot: QtBot, scans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    gate = threading.Event()

    class Slow(doubles.StandIn):
        def analyse_batch(self, frames, task=None):  # type: ignore[no-untyped-def]
            gate.wait(120)
            return super().analyse_batch(frames)

    with rooms.opened(qtbot, scans, factory=Slow) as room:  # type: ignore[arg-type]
        until(qtbot, lambda: room.showing.shown is not None and not room.opening.reading)
        press(room, Qt.Key.Key_Home)
        until(qtbot, lambda: room.showing.place == room.desk.state.place)
        left = room.showing.instance
        press(room, Qt.Key.Key_End)
        until(qtbot, lambda: room.showing.place == room.desk.state.place)
        assert room.showing.instance is not left and room.showing.analysis is None
        assert room.window.panel.ai.status.text() == "The AI is reading this image…"
        heard: list[tuple[Instance, int]] = []
        room.inference.analysed.connect(lambda instance, frame, _: heard.append((instance, frame)))
        gate.set()
        until(qtbot, lambda: room.showing.analysis is not None)
        assert (room.showing.instance, room.showing.place[1] if room.showing.place else -1) in heard
        assert room.showing.analysis is room.session.cached_analysis(room.showing.instance, 2)  # type: ignore[arg-type]


def test_an_assessment_that_cannot_be_saved_is_said_kept_and_saved_later(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.assessing.settle()
    assess = room.session.assess

    def full(instance: Instance, frame: int, assessment: Assessment) -> Assessment:
        raise StoreError("the disk is full", remedy="Free some space.")

    monkeypatch.setattr(room.session, "assess", full)
    press(room, Qt.Key.Key_M)
    until(qtbot, room.window.messages.isVisible)
    assert "the disk is full" in room.window.messages.text.text()
    place, instance = room.desk.state.place, room.showing.instance
    press(room, Qt.Key.Key_End)
    settled(qtbot, room)
    room.stepping.to(place)
    settled(qtbot, room)
    assert room.assessing.assessment is not None and room.assessing.assessment.marked
    monkeypatch.setattr(room.session, "assess", assess)
    assert room.assessing.settle() and instance is not None
    assert room.session.assessment(instance).marked


def test_a_key_image_is_saved_with_the_research_use_line(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "key.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    plain = room.window.panes.grab_key_image()
    press(room, Qt.Key.Key_K)
    from PySide6.QtGui import QImage

    saved = QImage(str(target))
    assert saved.width() == plain.width() and saved.height() > plain.height()
    strip = [saved.pixelColor(x, saved.height() - 10).lightness() for x in range(saved.width())]
    assert max(strip) > 60
    assert room.window.messages.text.text() == f"Saved: {target}"


def test_a_changed_key_works_and_the_old_one_no_longer(room: Room) -> None:
    from dataclasses import replace

    room.take_settings(replace(room.session.settings, shortcuts={"assess.mark": "X"}))
    press(room, Qt.Key.Key_M)
    assert room.assessing.assessment is not None and not room.assessing.assessment.marked
    press(room, Qt.Key.Key_X)
    assert room.assessing.assessment.marked
    assert room.bar.actions["assess.mark"].toolTip().endswith("(X)")


def test_the_first_case_shown_is_the_top_of_the_list(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "GATHERING_MS", 60_000)
    for name, date in (("a", "20260301"), ("b", "20260201"), ("c", "20260101")):
        phantoms.us_grey(tmp_path / "studies" / f"{name}.dcm", StudyDate=date)
    with rooms.opened(qtbot, tmp_path / "studies", factory=factory) as room:
        settled(qtbot, room)
        assert room.desk.state.case == room.model.cases[0]
        assert room.showing.entry is not None and room.showing.entry.path.name == "c.dcm"


def test_the_menu_of_window_presets_says_what_each_digit_chooses(room: Room) -> None:
    menu, actions = room.bar.menus["Window presets"], room.bar.actions
    assert room.showing.shown is not None, room.showing.message
    menu.aboutToShow.emit()
    assert actions["window.1"].text() == room.looking.preset_names()[0] == "As stored"
    named = [number for number in range(1, 10) if actions[f"window.{number}"].isVisible()]
    assert named == list(range(1, len(room.looking.preset_names()) + 1))
    menu.aboutToHide.emit()
    assert actions["window.1"].text() == "Window preset 1" and actions["window.9"].isVisible()


def test_a_closed_room_is_gone_and_not_left_for_whatever_comes_next(
    qtbot: QtBot, factory: doubles.Factory
) -> None:
    with rooms.opened(qtbot, factory=factory) as room:
        window = room.window
    assert not isValid(window)


def test_what_stays_with_a_list_is_spared_from_the_search_for_garbage_until_another_is_opened(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    scans = phantoms.picture(tmp_path / "case.png", phantoms.speckle(seed=1))
    with rooms.opened(qtbot, scans, factory=factory) as room:
        until(qtbot, lambda: not room.opening.reading and rooms.arrived(room))
        assert gc.get_freeze_count() > len(room.model.rows)
        room.opening.close_all()
        assert gc.get_freeze_count() == 0
    assert gc.get_freeze_count() == 0


def test_of_the_assessments_that_were_saved_only_the_last_stay_in_memory(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assessing, "SAVED_KEPT", 2)
    for row in room.model.cases:
        room.stepping.row(row)
        settled(qtbot, room)
        assert room.assessing.settle()
    assert len(room.model.cases) > 2 and len(room.assessing._saved) == 2
    last = room.model.rows[room.model.cases[-1]].instance
    assert last is not None and (str(last.path), 0) in room.assessing._saved


def test_the_list_is_planned_anew_for_the_ai_only_where_settings_say_something_of_it(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned: list[bool] = []
    monkeypatch.setattr(room.opening, "plan_background", lambda: planned.append(True))
    settings = room.session.settings
    room.take_settings(replace(settings, commit_first=not settings.commit_first))
    assert planned == []
    room.take_settings(replace(settings, analyse_in_background=not settings.analyse_in_background))
    assert planned == [True]
