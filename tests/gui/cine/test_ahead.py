"""What is decoded ahead of a cine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from breastview.errors import UnreadableFile
from breastview.gui.cine import ahead as module
from breastview.gui.cine.ahead import Ahead
from breastview.gui.cine.clock import Clock
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels

FRAMES, BYTES = 40, 1000
INSTANCE = Instance(Path("cine"), "cine", "dicom", 10, 100, StudyInfo("s"), SeriesInfo("s"), frames=FRAMES)


class Source:
    """Decodes frames of a thousand bytes, slowly if asked to."""

    def __init__(self, seconds: float = 0.0, bad: frozenset[int] = frozenset()) -> None:
        self.seconds, self.bad = seconds, bad
        self.decoded: list[int] = []
        self.threads: set[str] = set()

    def pixels(self, instance: Instance, frame: int) -> FramePixels:
        self.threads.add(threading.current_thread().name)
        time.sleep(self.seconds)
        if frame in self.bad:
            raise UnreadableFile("it is damaged", instance.path)
        self.decoded.append(frame)
        return FramePixels(np.full((10, 100), frame, np.uint8), "MONOCHROME2", Window(1, 2))

    def cached_analysis(self, _instance: Instance, _frame: int) -> None:
        return None


def until(true: Any) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.002)


@pytest.fixture
def made() -> Iterator[Any]:
    all_of_them: list[Ahead] = []

    def make(source: Source, limit: int = FRAMES * BYTES) -> Ahead:
        all_of_them.append(Ahead(cast(Any, source), limit))
        return all_of_them[-1]

    yield make
    for one in all_of_them:
        one.stop(5)


def test_the_whole_cine_is_decoded_once_where_it_fits(made: Any) -> None:
    source = Source()
    ahead = made(source)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    until(lambda: len(source.decoded) >= FRAMES - 1)
    for index in range(3 * FRAMES):
        ahead.newest(index - 1, index)
    until(lambda: sorted(source.decoded) == list(range(FRAMES)))
    assert source.threads == {"cine"}


def test_no_more_is_held_than_the_bound_and_what_is_due_next_is_there(made: Any) -> None:
    source = Source()
    ahead = made(source, limit=6 * BYTES)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    for index in range(1, 2 * FRAMES):
        until(lambda index=index: ahead.newest(index - 1, index) is not None)
        assert ahead.size <= 6 * BYTES


def test_the_newest_frame_due_is_given_and_late_ones_are_skipped(made: Any) -> None:
    source = Source()
    ahead = made(source)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    until(lambda: len(source.decoded) >= FRAMES - 1)
    found = ahead.newest(0, 7)
    assert found is not None and found[0] == 7 and found[1][0].values[0, 0] == 7


def test_where_decoding_is_slower_than_the_cine_frames_further_on_are_decoded(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, turns, begun = [0.0], threading.Semaphore(0), []

    class Slow(Source):
        def pixels(self, instance: Instance, frame: int) -> FramePixels:
            begun.append(frame)
            assert turns.acquire(timeout=60)
            now[0] += 0.03
            return super().pixels(instance, frame)

    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now[0]))
    source = Slow()
    ahead = made(source, limit=4 * BYTES)
    clock = Clock(FRAMES, 0, 200.0)
    ahead.play(INSTANCE, clock)
    index, shown = 0, []
    for decoded in range(1, 34):
        turns.release()
        until(lambda decoded=decoded: len(begun) == decoded + 1)
        due = clock.index(now[0])
        found = ahead.newest(index, due)
        if found is not None:
            index = found[0]
            shown.append(due - index)
    turns.release(FRAMES)
    ahead.rest()
    assert len(shown) >= 8, "it went on"
    assert max(shown) <= 12, "and was never far behind"


def test_a_damaged_frame_is_passed_over(made: Any) -> None:
    source = Source(bad=frozenset({3, 4}))
    ahead = made(source)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    until(lambda: len(source.decoded) >= FRAMES - 3)
    found = ahead.newest(0, 4)
    assert found is not None and found[0] == 2


def test_what_stands_still_holds_nothing(made: Any) -> None:
    source = Source()
    ahead = made(source)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    until(lambda: len(source.decoded) > 3)
    ahead.rest()
    assert ahead.size <= BYTES and ahead.newest(0, 5) is None


def test_a_full_bound_is_left_in_peace(made: Any) -> None:
    source = Source()
    ahead = made(source, limit=6 * BYTES)
    ahead.play(INSTANCE, Clock(FRAMES, 0, 25.0))
    ahead.newest(0, 10)
    until(lambda: ahead.size == 6 * BYTES)
    time.sleep(0.1)
    before = len(source.decoded)
    time.sleep(0.3)
    assert len(source.decoded) <= before + 1, "frames are not decoded and dropped by turns"
