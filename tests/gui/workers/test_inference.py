"""The inference thread: what is shown goes first, what was left is given up, errors are sentences."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from breastview.errors import AnalysisError, BundleError
from breastview.gui.workers import inference
from breastview.gui.workers.inference import InferenceQueue
from breastview.study.instance import Instance, SeriesInfo, StudyInfo
from breastview.task import Task, check

MS = 20_000


def case(name: str) -> Instance:
    return Instance(Path(name), name, "picture", 1, 1, StudyInfo("s"), SeriesInfo("s"))


class Ai:
    """Notes the order of work; holds while `hold` is set, asking whether it is still wanted."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun: list[str] = []
        self.free = threading.Event()
        self.free.set()
        self.prepared = 0
        self.missing = False
        self.dies = 0
        self.raises: dict[str, BaseException] = {}
        self.let_go = threading.Event()

    def prepare(self) -> None:
        self.prepared += 1
        if self.prepared <= self.dies:
            raise SystemExit
        if self.missing:
            raise BundleError("no model is here")

    def analyse(self, instance: Instance, frame: int, task: Task) -> Any:
        self.begun.append(instance.label)
        while not self.free.wait(0.01):
            check(task)
        if instance.label in self.raises:
            raise self.raises[instance.label]
        if instance.label == "stuck":
            self.let_go.wait(120)
            return instance.label
        if instance.label == "bad":
            raise AnalysisError("it failed", instance.path)
        if instance.label == "worse":
            raise ZeroDivisionError
        self.done.append(instance.label)
        return instance.label


@pytest.fixture
def ai() -> Ai:
    return Ai()


@pytest.fixture
def queue(qtbot: QtBot, ai: Ai) -> Iterator[InferenceQueue]:
    queue = InferenceQueue(ai.analyse, ai.prepare)
    yield queue
    ai.free.set()
    assert queue.stop(10)


def test_the_shown_frame_goes_before_its_neighbours_and_those_before_the_rest(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    queue.background([(case("z"), 0), (case("y"), 0)])
    queue.want([(case("shown"), 0), (case("next"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: len(ai.done) == 4, timeout=MS)
    assert ai.done == ["shown", "next", "z", "y"] and ai.prepared == 1


def test_a_frame_that_was_left_is_given_up_for_the_one_now_shown(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    ai.free.clear()
    queue.want([(case("left"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.begun == ["left"], timeout=MS)
    queue.want([(case("shown"), 0)])
    qtbot.waitUntil(lambda: ai.begun == ["left", "shown"], timeout=MS)
    ai.free.set()
    qtbot.waitUntil(lambda: ai.done == ["shown"], timeout=MS)


def test_background_work_gives_way_and_is_taken_up_again(qtbot: QtBot, ai: Ai, queue: InferenceQueue) -> None:
    ai.free.clear()
    queue.background([(case("rest"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.begun == ["rest"], timeout=MS)
    queue.want([(case("shown"), 0)])
    qtbot.waitUntil(lambda: ai.begun[-1] == "shown", timeout=MS)
    ai.free.set()
    qtbot.waitUntil(lambda: ai.done == ["shown", "rest"], timeout=MS)


def test_a_frame_still_wanted_first_is_not_interrupted(qtbot: QtBot, ai: Ai, queue: InferenceQueue) -> None:
    ai.free.clear()
    queue.want([(case("a"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.begun == ["a"], timeout=MS)
    queue.want([(case("a"), 0), (case("b"), 0)])
    ai.free.set()
    qtbot.waitUntil(lambda: "b" in ai.done, timeout=MS)
    assert ai.done[0] == "a"


def test_failures_are_told_as_sentences_and_the_rest_goes_on(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    told: list[tuple[str, str]] = []
    queue.failed.connect(lambda instance, _frame, text: told.append((instance.label, text)))
    queue.want([(case("bad"), 0), (case("worse"), 0), (case("good"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.done == ["good"] and len(told) == 2, timeout=MS)
    assert told == [("bad", "bad: it failed."), ("worse", "The AI failed on this image; the log says why.")]


def test_without_a_model_the_thread_waits_and_starts_when_one_was_chosen(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    ai.missing = True
    told: list[str] = []
    queue.trouble.connect(told.append)
    queue.want([(case("shown"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: told == ["no model is here."], timeout=MS)
    assert ai.begun == []
    ai.missing = False
    queue.reload()
    qtbot.waitUntil(lambda: ai.done == ["shown"], timeout=MS)


def test_an_analyser_without_memory_or_that_asks_the_program_to_end_stops_nothing(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    told: list[str] = []
    queue.failed.connect(lambda instance, _frame, _text: told.append(instance.label))
    ai.raises = {"big": MemoryError(), "odd": SystemExit(3)}
    queue.want([(case("big"), 0), (case("odd"), 0), (case("good"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.done == ["good"] and told == ["big", "odd"], timeout=MS)


def test_a_thread_that_died_is_replaced_and_what_waits_is_read(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    ai.dies = 1
    queue.want([(case("shown"), 0)])
    queue.start()
    qtbot.waitUntil(lambda: ai.done == ["shown"], timeout=MS)
    assert ai.prepared == 2


def test_a_frame_that_gives_no_answer_is_left_and_the_rest_goes_on(qtbot: QtBot, ai: Ai) -> None:
    now = [0.0]
    started_over: list[bool] = []
    queue = InferenceQueue(ai.analyse, ai.prepare, lambda: started_over.append(True), lambda: now[0])
    told: list[tuple[str, str]] = []
    queue.failed.connect(lambda instance, _frame, text: told.append((instance.label, text)))
    queue.want([(case("stuck"), 0), (case("good"), 0)])
    queue.start()
    try:
        qtbot.waitUntil(lambda: ai.begun == ["stuck"], timeout=MS)
        queue.look()
        assert told == []  # a frame may take its time
        now[0] += 10 * inference.NO_SIGN_S
        queue.look()
        assert told == []  # the machine slept
        while not told and now[0] < 20 * inference.NO_SIGN_S:
            now[0] += inference.ASLEEP_S / 2
            queue.look()
        qtbot.waitUntil(lambda: ai.done == ["good"], timeout=MS)
        assert told == [("stuck", inference.HUNG)] and started_over == [True]
        assert not queue.stop(0.1)  # the thread that hangs cannot be ended
    finally:
        ai.let_go.set()
    qtbot.waitUntil(lambda: not queue.running, timeout=MS)


def test_an_ai_that_dies_again_and_again_is_given_up_until_another_is_chosen(
    qtbot: QtBot, ai: Ai, queue: InferenceQueue
) -> None:
    ai.dies = 100
    told: list[str] = []
    queue.trouble.connect(told.append)
    queue.want([(case("shown"), 0)])
    queue.start()
    while told != [inference.GIVEN_UP]:
        qtbot.waitUntil(lambda: not queue.running or bool(told), timeout=MS)
        queue.look()
    assert ai.prepared == inference.RESTARTS + 1
    ai.dies = 0
    queue.reload()
    qtbot.waitUntil(lambda: ai.done == ["shown"], timeout=MS)
