"""What was done, or is no longer wanted, is let go of with everything it holds: pictures, masks, readings."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from breastview.gui.workers.lane import Lane
from breastview.gui.workers.urgent import Urgent


class Held:
    """Stands for a picture."""


def give(start: Callable[[Callable[[], object]], None], count: int) -> list[weakref.ref[Held]]:
    """Give work that holds something while this thread is busy, so that threads pass Python's lock about."""
    found = []
    for _ in range(count):
        held = Held()
        found.append(weakref.ref(held))
        start(lambda held=held: sum(range(2000)))  # type: ignore[misc]
        sum(range(20_000))
        QCoreApplication.processEvents()
    return found


@pytest.mark.parametrize("kind", [Lane, Urgent])
def test_work_that_was_done_is_let_go_of(qtbot: QtBot, kind: type[Lane] | type[Urgent]) -> None:
    one = kind()
    held = give(one.start, 200)
    assert one.settle(60_000)
    gc.collect()
    assert [ref for ref in held if ref() is not None] == []


def test_work_that_is_no_longer_wanted_is_neither_done_nor_held(qtbot: QtBot) -> None:
    one, going, done = Urgent(), threading.Event(), []
    one.start(lambda: going.wait(60))
    held = Held()
    ref = weakref.ref(held)
    one.start(lambda held=held: done.append(held))  # type: ignore[misc]
    one.clear()
    del held
    assert ref() is None
    going.set()
    assert one.settle(60_000) and done == []


def test_the_most_urgent_comes_first_and_of_those_alike_the_first_given(qtbot: QtBot) -> None:
    one, going, done = Urgent(), threading.Event(), list[int]()
    one.start(lambda: going.wait(60), 9)
    for number, priority in enumerate((1, 5, 1, 7)):
        one.start(lambda number=number: done.append(number), priority)  # type: ignore[misc]
    going.set()
    assert one.settle(60_000) and done == [3, 1, 0, 2]


def test_what_goes_wrong_is_logged_and_the_rest_goes_on(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    one, done = Urgent(), list[int]()
    one.start(lambda: done[0])
    one.start(lambda: done.append(1))
    assert one.settle(60_000) and done == [1]
    assert "background work failed" in caplog.text
