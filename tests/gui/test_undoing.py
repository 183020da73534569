"""One stack for everything the reader changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from breastview.gui import undoing as module
from breastview.gui.undoing import Undoing

HERE = (Path("one.dcm"), 2)


class Counter:
    """A value to be changed, with the places that were shown."""

    def __init__(self) -> None:
        self.value, self.shown = 0, []
        self.undoing = Undoing(self.shown.append)

    def to(self, value: int, **options: object) -> None:
        before = self.value
        self.undoing.do(f"to {value}", lambda: self._put(value), lambda: self._put(before), **options)

    def _put(self, value: int) -> None:
        self.value = value


def test_a_change_is_made_at_once_taken_back_and_made_again(qtbot: QtBot) -> None:
    counter = Counter()
    with qtbot.waitSignal(counter.undoing.changed, timeout=60_000):
        counter.to(1)
    assert (counter.value, counter.undoing.undo_text, counter.undoing.can_redo) == (1, "to 1", False)
    counter.undoing.undo()
    assert (counter.value, counter.undoing.redo_text, counter.undoing.can_undo) == (0, "to 1", False)
    counter.undoing.redo()
    assert counter.value == 1


def test_undoing_shows_where_it_happened_first(qtbot: QtBot) -> None:
    counter = Counter()
    counter.to(1, place=HERE)
    assert counter.shown == [], "the reader is there already"
    counter.undoing.undo()
    counter.undoing.redo()
    assert counter.shown == [HERE, HERE]


def test_a_new_change_after_undo_leaves_nothing_to_redo(qtbot: QtBot) -> None:
    counter = Counter()
    counter.to(1)
    counter.undoing.undo()
    counter.to(2)
    assert not counter.undoing.can_redo
    counter.undoing.undo()
    assert counter.value == 0


def test_quick_changes_of_one_kind_are_one(qtbot: QtBot) -> None:
    counter = Counter()
    for value in (1, 2, 3):
        counter.to(value, merge="level")
    counter.to(9, merge="other")
    counter.undoing.undo()
    assert counter.value == 3
    counter.undoing.undo()
    assert counter.value == 0
    counter.undoing.redo()
    assert counter.value == 3


def test_slow_changes_and_those_of_another_picture_stay_apart(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 100, 2))
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    counter = Counter()
    counter.to(1, merge="level")
    counter.to(2, merge="level")
    counter.undoing.undo()
    assert counter.value == 1
    monkeypatch.setattr(module.time, "monotonic", lambda: 0.0)
    counter.to(3, merge="level", place=HERE)
    counter.to(4, merge="level", place=(HERE[0], 3))
    counter.undoing.undo()
    assert counter.value == 3


def test_a_change_within_an_undo_is_part_of_it(qtbot: QtBot) -> None:
    counter = Counter()
    counter.undoing.do("outer", lambda: None, lambda: counter.to(5))
    counter.undoing.undo()
    assert counter.value == 5 and not counter.undoing.can_undo and counter.undoing.can_redo


def test_clearing_forgets(qtbot: QtBot) -> None:
    counter = Counter()
    counter.to(1)
    counter.undoing.clear()
    assert not counter.undoing.can_undo and counter.undoing.undo_text == ""


def test_a_change_that_fails_is_no_change(qtbot: QtBot) -> None:
    counter = Counter()
    with pytest.raises(ZeroDivisionError):
        counter.undoing.do("fails", lambda: 1 / 0, lambda: None)  # type: ignore[arg-type,return-value]
    assert not counter.undoing.can_undo


@given(st.lists(st.sampled_from(["do", "undo", "redo"]), max_size=40))
def test_the_stack_behaves_as_a_list_with_a_place_in_it(steps: list[str]) -> None:
    counter, history, at = Counter(), [0], 0
    for number, step in enumerate(steps, 1):
        if step == "do":
            counter.to(number)
            history, at = [*history[: at + 1], number], at + 1
        elif step == "undo":
            counter.undoing.undo()
            at = max(0, at - 1)
        else:
            counter.undoing.redo()
            at = min(len(history) - 1, at + 1)
        assert counter.value == history[at]
