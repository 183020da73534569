"""A reader plays a cine, hangs a mammography study, compares with priors and moves panes to other windows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui.detached import screen_for
from breastview.gui.panes.score_strip import told
from breastview.gui.room import Room
from breastview.settings import Settings
from breastview.study.instance import Instance
from breastview.study.measurement import Measurement, Tool
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment
from tests import doubles, phantoms, rooms
from tests.rooms import press, settled, until

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
FRAMES = 24


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> doubles.Factory:
    return doubles.reads_mammograms(monkeypatch, tmp_path / "models")


@pytest.fixture
def cine(tmp_path: Path) -> Path:
    """Return a folder with a cine whose dark ellipse is largest in frame 17, and a still picture after it."""
    folder = tmp_path / "cine"
    y, x = np.ogrid[:48, :64]
    loop = np.full((FRAMES, 48, 64), 180, np.uint8)
    for n in range(FRAMES):
        loop[n][((x - 32) / (4 + 20 / (1 + abs(n - 17)))) ** 2 + ((y - 24) / 12) ** 2 < 1] = 20
    found = phantoms.dataset(
        loop, photometric="MONOCHROME2", sop_class=phantoms.US_MULTI_FRAME, frames=FRAMES, FrameTime=40
    )
    phantoms.save(found, folder / "a cine.dcm")
    phantoms.us_grey(folder / "still.dcm", StudyDate="20260103")
    return folder


@pytest.fixture
def opened(qtbot: QtBot, factory: doubles.Factory) -> Iterator[Callable[..., Room]]:
    """Return a function that opens a folder in a room without analysing in the background."""
    contexts = []

    def open_(folder: Path) -> Room:
        context = rooms.opened(
            qtbot, folder, factory=factory, settings=Settings(analyse_in_background=False, prefetch=0)
        )
        contexts.append(context)
        room = context.__enter__()
        settled(qtbot, room)
        return room

    yield open_
    for context in reversed(contexts):
        context.__exit__(None, None, None)


def name(room: Room) -> str:
    assert room.showing.entry is not None
    return room.showing.entry.path.name


# Moving pictures --------------------------------------------------------------------------------------------


def test_a_cine_plays_at_the_file_s_rate_and_a_step_by_keys_stops_it(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, factory: doubles.Factory
) -> None:
    room = opened(cine)
    asked = len(factory.analysed)
    press(room, Qt.Key.Key_C)
    assert room.desk.state.playing and room.cine.player.rate == 25.0
    seen: set[int] = set()
    until(qtbot, lambda: bool(seen.add(room.desk.state.frame)) or len(seen) >= 10)
    assert room.showing.place == room.desk.state.place
    assert len(factory.analysed) == asked, "no frame that goes by is sent to the AI"
    assert not room.window.panel.isEnabled() and not room.bar.actions["assess.mark"].isEnabled()
    press(room, Qt.Key.Key_Up)
    settled(qtbot, room)
    assert not room.desk.state.playing and room.window.panel.isEnabled()
    assert room.window.panes.frames.speed.text().startswith("–")
    assert room.window.panes.frames.slider.value() == room.desk.state.frame


@pytest.mark.parametrize("stop", [Qt.Key.Key_C, Qt.Key.Key_Down])
def test_what_the_reader_said_of_the_frame_a_cine_began_on_does_not_reach_the_one_it_stops_on(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, monkeypatch: pytest.MonkeyPatch, stop: Qt.Key
) -> None:
    room = opened(cine)
    given, instance = room.assessing.assessment, room.showing.instance
    assert given is not None and instance is not None
    room.assessing.edit(replace(given, category="4C"))
    room.measuring.add(Measurement("one", Tool.DISTANCE, ((1.0, 1.0), (9.0, 1.0))))
    assert room.settle()
    gate, fetch = threading.Event(), room.session.assessment

    def slow(of: Instance, frame: int = 0) -> Assessment:
        if threading.current_thread() is not threading.main_thread():
            assert gate.wait(120)
        return fetch(of, frame)

    monkeypatch.setattr(room.session, "assessment", slow)
    press(room, Qt.Key.Key_C)
    until(qtbot, lambda: room.desk.state.frame > 2)
    press(room, stop)
    there = room.showing.place
    press(room, Qt.Key.Key_M)
    room.measuring.add(Measurement("two", Tool.DISTANCE, ((1.0, 1.0), (9.0, 9.0))))
    gate.set()
    settled(qtbot, room)
    assert room.settle() and there is not None and there[1] > 0
    kept = room.session.assessment(instance, there[1])
    assert kept.category == "" and kept.marked is (stop is Qt.Key.Key_C)
    assert "one" not in [one.identifier for one in room.session.measurements(instance, there[1])]
    assert room.session.assessment(instance, 0).category == "4C"


def test_a_picture_beside_a_cine_that_plays_is_said_to_stand_still(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path
) -> None:
    room = opened(cine)
    row = next(n for n, one in enumerate(room.model.rows) if one.entry.path.name == "still.dcm")
    room.desk.change(compared=(row, 0), pinned=True)
    until(qtbot, lambda: room.companions.compares)

    def beside() -> str:
        panes = room.window.panes
        index = next(n for n, slot in panes._shown.items() if slot.picture == 1)
        return panes.pane(index).canvas._content.title

    assert "stands still" not in beside()
    press(room, Qt.Key.Key_C)
    assert "stands still" in beside()
    press(room, Qt.Key.Key_C)
    assert "stands still" not in beside()


def test_the_rate_shown_is_the_one_attained(qtbot: QtBot, opened: Callable[..., Room], cine: Path) -> None:
    room = opened(cine)
    rates: list[float] = []
    pace: list[tuple[int, float]] = []
    player = room.cine.player
    player.tempo_changed.connect(rates.append)
    player.tempo_changed.connect(lambda _rate: pace.append((player._index, player._now() - player._began)))
    press(room, Qt.Key.Key_C)
    until(qtbot, lambda: len([rate for rate in rates if rate]) > 20)
    assert all(index <= 25.0 * passed for index, passed in pace), "no frame is shown before its time"
    # A busy machine may show frames late and so closer together for a moment; most moments tell the rate.
    assert median(rate for rate in rates if rate) <= 25.0 + 2.5
    before = room.desk.state.cine_speed
    press(room, Qt.Key.Key_Comma)
    assert room.desk.state.cine_speed < before and room.desk.state.playing
    press(room, Qt.Key.Key_C)
    assert not room.desk.state.playing and rates[-1] == 0.0


def test_a_slow_decoder_costs_frames_and_not_the_rate_of_the_clock(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path
) -> None:
    room = opened(cine)
    read, threads, player = room.session.pixels, set(), room.cine.player
    now = [0.0]

    def slow(instance: Instance, frame: int = 0) -> FramePixels:
        threads.add(threading.current_thread())
        now[0] += 0.15
        return read(instance, frame)

    player._now = lambda: now[0]
    room.session.pixels = slow  # type: ignore[method-assign]
    press(room, Qt.Key.Key_C)
    indices: list[int] = []

    def over() -> bool:
        if not indices or indices[-1] != player._index:
            indices.append(player._index)
        # A decoder that has every frame by now holds the clock no longer back: let it go on.
        now[0] += 0.001
        return indices[-1] > FRAMES

    until(qtbot, over)
    steps = np.diff(indices)
    assert (steps > 0).all() and steps.max() > 1, "frames were skipped, and none came twice"
    assert indices[-1] <= player.rate * now[0] + 1e-6, "the clock says which frame is due"
    assert threading.main_thread() not in threads, "the window waits for no frame"
    press(room, Qt.Key.Key_C)
    settled(qtbot, room)


def test_the_ai_reads_all_frames_and_the_most_suspicious_is_one_key_away(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, factory: doubles.Factory
) -> None:
    room = opened(cine)
    strip = room.window.panes.frames.strip
    press(room, Qt.Key.Key_A, SHIFT)
    until(qtbot, lambda: not room.cine.scoring.busy)
    assert strip.isVisible() and all(score is not None for score in strip.scores)
    assert sorted(set(factory.analysed)) == [("a cine.dcm", frame) for frame in range(FRAMES)]
    press(room, Qt.Key.Key_X)
    settled(qtbot, room)
    assert room.desk.state.frame == 17
    assert room.model.rows[room.desk.state.case or 0].score is not None
    at = QPoint(round(strip.centre(5)), strip.height() // 2)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=at)
    assert room.desk.state.frame == 5
    press(room, Qt.Key.Key_End)
    settled(qtbot, room)
    assert name(room) == "still.dcm" and strip.scores == ()


def test_reading_all_frames_can_be_stopped_and_goes_on_where_it_stopped(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, factory: doubles.Factory
) -> None:
    room = opened(cine)
    factory.made[0].seconds = 0.1
    press(room, Qt.Key.Key_A, SHIFT)
    until(qtbot, lambda: sum(score is not None for score in room.cine.scoring.scores) >= 3)
    room.window.status._stop.click()
    until(qtbot, lambda: not room.cine.scoring.busy)
    known = sum(score is not None for score in room.cine.scoring.scores)
    assert known < FRAMES
    factory.made[0].seconds = 0.0
    press(room, Qt.Key.Key_A, SHIFT)
    until(qtbot, lambda: not room.cine.scoring.busy)
    assert all(score is not None for score in room.cine.scoring.scores)
    assert len(factory.analysed) <= FRAMES + 4, "what was read is not read again"


def test_refused_failed_and_abstained_frames_are_told_apart(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, factory: doubles.Factory
) -> None:
    room = opened(cine)
    factory.made[0].refuses = lambda _instance, frame: frame == 3
    factory.made[0].fails = lambda _instance, frame: frame == 4
    press(room, Qt.Key.Key_A, SHIFT)
    until(qtbot, lambda: not room.cine.scoring.busy)
    scores = room.cine.scoring.scores
    assert "input gate refused" in told(3, scores[3]) and "could not read" in told(4, scores[4])
    assert "malignant" in told(5, scores[5])
    image = room.window.panes.frames.strip.grab().toImage()
    assert not image.isNull()


def test_what_is_kept_back_from_the_reader_is_kept_back_from_the_strip(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path
) -> None:
    room = opened(cine)
    press(room, Qt.Key.Key_A, SHIFT)
    until(qtbot, lambda: not room.cine.scoring.busy)
    room.session.blinding.on = True
    room.showing.look_again()
    assert room.cine.scoring.scores == () and room.window.panes.frames.strip.isHidden()


# Mammograms -------------------------------------------------------------------------------------------------


@pytest.fixture
def mammograms(tmp_path: Path) -> Path:
    """Return two studies of one woman: a current one with a view stored the other way round, and a prior."""
    folder = tmp_path / "mg"
    phantoms.mammography_study(folder / "now", turned="LMLO", SeriesInstanceUID="1.2.1")
    phantoms.mammography_study(folder / "then", StudyDate="20240102", SeriesInstanceUID="1.2.2")
    phantoms.us_grey(folder / "us.dcm", StudyDate="20260105")
    return folder


def visible(room: Room) -> list[str]:
    """Return which pictures the panes show, in reading order."""
    panes = room.window.panes
    return [
        instance.path.stem if (instance := panes.pane(index).canvas._content.instance) is not None else ""
        for index in panes._shown
    ]


def go(qtbot: QtBot, room: Room, part: str) -> None:
    row = next(n for n, row in enumerate(room.model.rows) if part in row.entry.path.as_posix())
    room.stepping.to((row, 0))
    settled(qtbot, room)


def all_drawn(room: Room) -> bool:
    panes = room.window.panes
    return all(panes.pane(index).canvas._content.picture is not None for index in panes._shown)


def test_a_mammography_study_hangs_back_to_back_and_steps_go_through_its_views(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "now/RCC")
    until(qtbot, lambda: all_drawn(room) and len(visible(room)) == 4)
    assert visible(room) == ["RCC", "LCC", "RMLO", "LMLO"]
    mirrored = [room.window.panes._views[index].orientation.mirrored for index in range(4)]
    assert mirrored == [False, False, False, True]
    seen = []
    for _ in range(3):
        press(room, Qt.Key.Key_Down)
        settled(qtbot, room)
        seen.append(name(room))
        assert visible(room) == ["RCC", "LCC", "RMLO", "LMLO"]
    assert seen == ["LCC.dcm", "RMLO.dcm", "LMLO.dcm"]
    assert room.window.panes._shown[room.window.panes.active].picture == 0, "the active pane went along"
    QTest.mouseClick(room.window.panes.pane(0).canvas, Qt.MouseButton.LeftButton)
    settled(qtbot, room)
    assert name(room) == "RCC.dcm" and visible(room) == ["RCC", "LCC", "RMLO", "LMLO"]


def test_a_hung_view_is_maximised_and_the_next_one_comes_in_its_place(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "now/RCC")
    until(qtbot, lambda: len(visible(room)) == 4)
    press(room, Qt.Key.Key_F11)
    assert visible(room) == ["RCC"]
    press(room, Qt.Key.Key_Down)
    settled(qtbot, room)
    assert visible(room) == ["LCC"]
    press(room, Qt.Key.Key_F11)
    assert len(visible(room)) == 4


def test_hanging_is_switched_off_and_on_and_leaves_other_pictures_alone(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "us.dcm")
    assert visible(room) == ["us"] * 3
    go(qtbot, room, "now/LMLO")
    until(qtbot, lambda: len(visible(room)) == 4)
    press(room, Qt.Key.Key_H, SHIFT)
    assert visible(room) == ["LMLO"] * 3 and not room.desk.state.hanging
    press(room, Qt.Key.Key_H, SHIFT)
    assert len(visible(room)) == 4


# Priors -----------------------------------------------------------------------------------------------------


def test_the_prior_of_the_same_view_stands_beside_and_goes_along(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "now/RCC")
    press(room, Qt.Key.Key_P)
    until(qtbot, lambda: all_drawn(room) and len(visible(room)) == 6)
    panes = room.window.panes
    instances = [panes.pane(index).canvas._content.instance for index in panes._shown]
    assert [one.study.date for one in instances if one] == ["20260102"] * 3 + ["20240102"] * 3
    footers = [" ".join(caption.text for caption in panes.pane(index).footer.captions) for index in (0, 3)]
    assert "2026-01-02" in footers[0] and "2024-01-02" in footers[1] and "2 y earlier" in footers[1]
    until(qtbot, lambda: panes.pane(4).canvas._content.overlays is not None)
    press(room, Qt.Key.Key_Down)
    settled(qtbot, room)
    until(qtbot, lambda: set(visible(room)) == {"LCC"})
    press(room, Qt.Key.Key_P)
    assert len(visible(room)) == 4, "no other prior: the study hangs again"


@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_of_the_ai_that_overtakes_the_picture_beside_counts(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path, factory: doubles.Factory,
    monkeypatch: pytest.MonkeyPatch, fails: bool,
) -> None:  # fmt: skip
    def prior(instance: Instance, *_given: object) -> bool:
        return "then" in instance.path.parts

    factory.attributes["fails"] = lambda instance, frame: fails and prior(instance)
    room = opened(mammograms)
    go(qtbot, room, "now/RCC")
    answered, read, panes = threading.Event(), room.session.assessment, room.window.panes

    def slow(instance: Instance, frame: int = 0) -> Assessment:
        if prior(instance):
            assert answered.wait(120), "the AI has not answered"
        return read(instance, frame)

    monkeypatch.setattr(room.session, "assessment", slow)
    for said in (room.inference.analysed, room.inference.failed):
        said.connect(lambda instance, *_: answered.set() if prior(instance) else None)
    press(room, Qt.Key.Key_P)
    until(qtbot, lambda: all_drawn(room) and len(visible(room)) == 6)
    beside = panes.pane(4).canvas._content
    assert prior(beside.instance)  # type: ignore[arg-type]
    assert (beside.overlays is None) is fails
    assert (beside.note.text, beside.note.failed) == (("No AI reading", True) if fails else ("", False))


def test_where_there_is_no_prior_that_is_said(qtbot: QtBot, opened: Callable[..., Room], cine: Path) -> None:
    room = opened(cine)
    press(room, Qt.Key.Key_P)
    assert room.window.messages.text.text() == "No earlier study of this patient is open."


def test_a_pinned_picture_stays_beside_whatever_comes_next(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "us.dcm")
    press(room, Qt.Key.Key_P, SHIFT)
    go(qtbot, room, "now/LCC")
    until(qtbot, lambda: visible(room) == ["LCC"] * 3 + ["us"] * 3)
    press(room, Qt.Key.Key_P, SHIFT)
    assert "us" not in visible(room)


def test_closing_everything_forgets_what_was_compared(
    qtbot: QtBot, opened: Callable[..., Room], mammograms: Path, cine: Path
) -> None:
    room = opened(mammograms)
    go(qtbot, room, "now/LCC")
    press(room, Qt.Key.Key_P)
    until(qtbot, lambda: len(visible(room)) == 6)
    room.opening.open([cine])
    settled(qtbot, room)
    assert room.desk.state.compared is None and len(visible(room)) == 3


# Keys and windows -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4])
def test_keys_and_wheel_step_in_every_layout(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path, layout: Qt.Key
) -> None:
    room = opened(cine)
    press(room, layout, CTRL)
    for key, modifier, frame in (
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, 1), (Qt.Key.Key_Down, SHIFT, 11),
        (Qt.Key.Key_Up, SHIFT, 1), (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, 0),
    ):  # fmt: skip
        press(room, key, modifier)
        assert (name(room), room.desk.state.frame) == ("a cine.dcm", frame)
    last = list(room.window.panes._shown)[-1]
    canvas = room.window.panes.pane(last).canvas
    here = QPointF(canvas.rect().center())
    turn = QWheelEvent(
        here, canvas.mapToGlobal(here), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turn)
    assert room.desk.state.frame == 1 and room.window.panes.active == 0, "without selecting the pane"
    press(room, Qt.Key.Key_Right, CTRL)
    settled(qtbot, room)
    assert name(room) == "still.dcm"
    press(room, Qt.Key.Key_PageUp)
    settled(qtbot, room)
    assert (name(room), room.desk.state.frame) == ("a cine.dcm", 0)


def test_pictures_go_to_a_window_of_their_own_keys_work_there_and_closing_brings_them_back(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path
) -> None:
    room = opened(cine)
    press(room, Qt.Key.Key_F12)
    window = room.window.panes.window()
    assert window is not room.window and window.isVisible()
    assert room.bar.actions["detach.pictures"].isChecked()
    window.activateWindow()
    room.window.panes.setFocus()
    until(qtbot, lambda: QApplication.focusWidget() is room.window.panes)
    press(room, Qt.Key.Key_Down)
    assert room.desk.state.frame == 1
    press(room, Qt.Key.Key_F11)
    assert room.desk.state.look.maximised == 0
    window.close()
    assert room.window.panes.window() is room.window and room.window.panes.isVisible()
    assert not room.bar.actions["detach.pictures"].isChecked()


def test_one_pane_goes_to_a_window_of_its_own_and_follows(
    qtbot: QtBot, opened: Callable[..., Room], cine: Path
) -> None:
    room = opened(cine)
    panes = room.window.panes
    press(room, Qt.Key.Key_Tab)
    press(room, Qt.Key.Key_F12, SHIFT)
    assert panes.pane(1).window() is not room.window and panes.here == [0, 2]
    press(room, Qt.Key.Key_Down)
    settled(qtbot, room)
    assert panes.pane(1).canvas._content.frame == 1
    press(room, Qt.Key.Key_F12, SHIFT)
    assert panes.here == [0, 1, 2] and panes.pane(1).window() is room.window


def test_closing_the_application_closes_windows_of_panes_and_the_next_start_finds_them_where_they_were(
    qtbot: QtBot, factory: doubles.Factory, cine: Path
) -> None:
    with rooms.opened(qtbot, cine, factory=factory) as room:
        settled(qtbot, room)
        press(room, Qt.Key.Key_F12)
        window = room.window.panes.window()
        window.setGeometry(40, 50, 700, 500)
        size = window.geometry().size()
    assert all(widget is room.window for widget in QApplication.topLevelWidgets() if widget.isVisible())
    with rooms.opened(qtbot, factory=factory) as room:
        settled(qtbot, room)
        again = room.window.panes.window()
        assert again is not room.window and again.geometry().size() == size


@pytest.mark.parametrize(
    ("names", "main", "remembered", "chosen"),
    [
        (["A", "B"], "A", "", "B"), (["A", "B"], "A", "A", "A"), (["A"], "A", "B", "A"),
        (["A", "B", "C"], "B", "C", "C"),
    ],
)  # fmt: skip
def test_a_window_goes_where_it_was_else_to_another_screen(
    names: list[str], main: str, remembered: str, chosen: str
) -> None:
    assert screen_for(names, main, remembered) == chosen
