"""The inference thread: what is shown goes first, what was left is given up, errors are sentences."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from breastview.errors import AnalysisError, BundleError
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

    def prepare(self) -> None:
        self.prepared += 1
        if self.missing:
            raise BundleError("no model is here")

    def analyse(self, instance: Instance, frame: int, task: Task) -> Any:
        self.begun.append(instance.label)
        while not self.free.wait(0.01):
            check(task)
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
