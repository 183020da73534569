"""What is on the desk when answers come in any order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from breastview.gui.controllers.showing import AI_LOADING, AI_READING, Showing
from breastview.gui.desk import Desk
from breastview.gui.state import ViewState
from breastview.gui.workers.pictures import Shown
from breastview.gui.worklist.model import WorklistModel
from breastview.gui.worklist.row import Row
from breastview.settings import Settings
from breastview.study.instance import Instance, Refusal, SeriesInfo, StudyInfo
from breastview.study.pixels import FramePixels
from breastview.study.reading import Assessment
from tests.gui.panel.test_wording import ANALYSIS


class Loader(QObject):
    """Hands out what the test gives it."""

    loaded = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Any] = []
        self.on_its_way = False

    def show(self, place: tuple[int, int], instance: Instance) -> None:
        self.asked.append((place, instance.label))

    def prepare(self, frames: object) -> None: ...

    def forget(self) -> None: ...


class Inference(QObject):
    """Notes what is wanted; answers when the test says so."""

    analysed = Signal(object, int, object)
    failed = Signal(object, int, str)
    ready = Signal()
    trouble = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[list[str]] = []

    def want(self, frames: list[tuple[Instance, int]]) -> None:
        self.wanted.append([f"{instance.label}/{frame}" for instance, frame in frames])


def case(name: str) -> Instance:
    return Instance(Path(name), name, "picture", 4, 4, StudyInfo("s"), SeriesInfo("s"))


class Scene:
    """A desk with three cases and a refused file."""

    def __init__(self) -> None:
        self.desk, self.model = Desk(ViewState()), WorklistModel()
        self.loader, self.inference = Loader(), Inference()
        open_eyed = SimpleNamespace(hides=lambda _instance: False)
        session = SimpleNamespace(
            settings=Settings(prefetch=1), blinding=open_eyed,
            is_current=lambda _instance, analysis: analysis.bundle.name != "left",
            measuring=SimpleNamespace(measured=lambda _instance, _frame, analysis: analysis),
        )  # fmt: skip
        self.showing = Showing(
            self.desk, self.model, cast(Any, self.loader), cast(Any, self.inference), cast(Any, session)
        )
        refused = Refusal(Path("x"), "x", "It is no picture.")
        self.model.extend([Row(case("a")), Row(case("b")), Row(case("c")), Row(refused)])

    def go(self, row: int) -> None:
        self.desk.change(case=row, frame=0)

    def arrive(self, row: int, analysis: Any = None) -> None:
        pixels = cast(FramePixels, object())
        self.loader.loaded.emit(Shown(0, (row, 0), pixels, Assessment(), analysis, None))

    def answer(self, row: int) -> None:
        self.inference.analysed.emit(self.model.rows[row].entry, 0, ANALYSIS)


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene()


def test_the_shown_frame_is_wanted_first_then_its_neighbours(scene: Scene) -> None:
    scene.go(1)
    assert scene.loader.asked == [((1, 0), "b")]
    assert scene.inference.wanted == [["b/0", "c/0", "a/0"]]


def test_the_picture_comes_first_and_the_overlays_when_they_are_ready(scene: Scene) -> None:
    scene.go(0)
    scene.arrive(0)
    assert scene.showing.analysis is None and scene.showing.ai_message == AI_LOADING
    scene.inference.ready.emit()
    assert scene.showing.ai_message == AI_READING
    scene.answer(0)
    assert scene.showing.analysis is ANALYSIS and scene.showing.ai_message == ""


def test_a_late_answer_of_a_case_already_left_only_reaches_the_list(scene: Scene) -> None:
    scene.go(0)
    scene.arrive(0)
    scene.go(1)
    scene.arrive(1)
    scene.answer(0)
    assert scene.showing.analysis is None
    assert scene.model.rows[0].score is not None and scene.model.rows[1].score is None


def test_a_late_picture_of_a_case_already_left_is_dropped(scene: Scene) -> None:
    scene.go(0)
    scene.go(1)
    scene.arrive(0)
    assert scene.showing.shown is None
    scene.arrive(1)
    assert scene.showing.entry is scene.model.rows[1].entry


def test_an_answer_that_overtakes_its_picture_is_not_lost(scene: Scene) -> None:
    scene.go(0)
    scene.answer(0)
    scene.arrive(0)
    assert scene.showing.analysis is ANALYSIS


def test_an_answer_of_a_model_that_is_no_longer_chosen_is_dropped(scene: Scene) -> None:
    scene.go(0)
    left = replace(ANALYSIS, bundle=replace(ANALYSIS.bundle, name="left"))
    scene.inference.analysed.emit(scene.model.rows[0].entry, 0, left)
    scene.arrive(0)
    assert scene.showing.analysis is None and scene.model.rows[0].score is None
    scene.inference.analysed.emit(scene.model.rows[0].entry, 0, left)
    scene.inference.failed.emit(scene.model.rows[0].entry, 0, "It failed.")
    assert scene.showing.analysis is None and scene.showing.ai_message == "It failed."


def test_a_failure_that_overtakes_its_picture_is_not_lost(scene: Scene) -> None:
    scene.go(0)
    scene.inference.ready.emit()
    scene.inference.failed.emit(scene.model.rows[0].entry, 0, "It failed.")
    scene.arrive(0)
    assert scene.showing.ai_failed and scene.showing.ai_message == "It failed."
    scene.go(1)
    scene.arrive(1)
    assert not scene.showing.ai_failed and scene.showing.ai_message == AI_READING


def test_a_refused_file_shows_its_reason(scene: Scene) -> None:
    scene.go(3)
    assert scene.showing.message == "It is no picture." and scene.showing.instance is None


def test_a_slow_picture_leaves_its_place_to_a_word_and_not_to_the_one_before(
    qtbot: QtBot, scene: Scene
) -> None:
    scene.go(0)
    scene.arrive(0)
    scene.go(1)
    qtbot.waitUntil(lambda: scene.showing.message == "Loading…", timeout=60_000)
    assert scene.showing.shown is None and scene.showing.entry is scene.model.rows[1].entry


def test_a_picture_that_was_fetched_and_waits_for_a_busy_window_comes_without_a_word_before(
    scene: Scene,
) -> None:
    scene.go(0)
    scene.arrive(0)
    scene.go(1)
    scene.loader.on_its_way = True
    scene.showing._patience.timeout.emit()
    assert scene.showing.message == "" and scene.showing.entry is scene.model.rows[0].entry
    scene.arrive(1)
    assert scene.showing.entry is scene.model.rows[1].entry


def test_a_failure_of_the_ai_is_said_for_the_shown_frame_only(scene: Scene) -> None:
    scene.go(0)
    scene.arrive(0)
    scene.inference.failed.emit(scene.model.rows[1].entry, 0, "b: it failed.")
    assert not scene.showing.ai_failed
    scene.inference.failed.emit(scene.model.rows[0].entry, 0, "a: it failed.")
    assert scene.showing.ai_failed and scene.showing.ai_message == "a: it failed."
