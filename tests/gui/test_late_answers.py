"""What comes late: after a newer answer, after another list, another frame, or after the window is closed."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.errors import Cancelled, StoreError
from breastview.gui.room import Room
from breastview.imaging import lesions
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store, workspace
from breastview.study.instance import Instance
from breastview.study.reading import Assessment
from tests import phantoms
from tests.rooms import settled, until


class Stopped:
    """A task that was cancelled."""

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Say nothing."""

    def cancelled(self) -> bool:
        """It was."""
        return True


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Return two folders of one picture each."""
    for n, name in enumerate(("old", "new")):
        phantoms.picture(tmp_path / name / f"{name}.png", phantoms.speckle(seed=n))
    return tmp_path / "old", tmp_path / "new"


def test_a_list_that_was_given_up_before_it_began_does_not_take_the_place_of_the_next(
    two: tuple[Path, Path],
) -> None:
    old, new = two
    session = Session(Settings())
    list(session.open([new]))
    with pytest.raises(Cancelled):
        session.open([old], Stopped())
    assert session.sources == (new,) and [case.path.name for case in session.cases] == ["new.png"]


def test_what_is_still_found_of_a_list_that_was_left_does_not_count_as_open(two: tuple[Path, Path]) -> None:
    old, new = two
    session = Session(Settings())
    left = session.open([old])
    list(session.open([new]))
    assert list(left) == [] and [case.path.name for case in session.cases] == ["new.png"]


def test_a_list_read_again_shows_what_was_still_being_saved(
    qtbot: QtBot, room: Room, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, assess, summaries = threading.Event(), room.session.assess, room.session.summaries

    def slow(instance: Instance, frame: int, given: Assessment) -> Assessment:
        reading.wait(1)  # As long as it takes to read the list where that does not wait.
        return assess(instance, frame, given)

    def read(*given: object) -> object:
        found = summaries(*given)  # type: ignore[arg-type]
        reading.set()
        return found

    monkeypatch.setattr(room.session, "assess", slow)
    monkeypatch.setattr(room.session, "summaries", read)
    marked = room.showing.instance
    room.assessing.mark()
    room.opening.open([scans])
    settled(qtbot, room)
    assert marked is not None
    assert [row.entry.path for row in room.model.rows if row.marked] == [marked.path]


def test_nothing_is_measured_or_told_after_the_window_was_closed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, real, heard = threading.Event(), lesions.findings, []

    def slow(*given: object) -> object:
        assert go_on.wait(120)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(lesions, "findings", slow)
    assert room.editing.size is not None
    room.editing.become(np.ones(room.editing.size, bool), "a test")
    room.editing.changed.connect(lambda: heard.append("changed"))
    timer = threading.Timer(0.2, go_on.set)
    timer.start()
    room.close()
    heard.clear()
    timer.join()
    room.editing.describing._lane.settle()
    QApplication.processEvents()
    assert heard == []


def test_a_workspace_that_could_not_be_entered_is_not_opened_at_the_next_start(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess, told = room.session.assess, []
    room.workspaces.trouble.connect(told.append)

    def full(*_given: object) -> Assessment:
        raise StoreError("the disk is full", remedy="Free some space.")

    monkeypatch.setattr(room.session, "assess", full)
    room.assessing.mark()
    room.workspaces.new("Second reader")
    until(qtbot, lambda: bool(told))
    assert "is not opened" in told[0]
    room.workspaces._lane.settle()
    assert workspace.chosen().name == ""
    monkeypatch.setattr(room.session, "assess", assess)
    room.workspaces.open(workspace.Workspace("Second reader"))
    until(qtbot, lambda: workspace.chosen().name == "Second reader")


def test_a_workspace_that_opens_while_the_window_closes_is_left_alone(room: Room) -> None:
    there = room.session.store
    room.workspaces.new("Late")
    room.workspaces._lane.settle()
    room.close()
    QApplication.processEvents()
    assert room.session.store is there and workspace.chosen().name == ""


def test_the_view_is_kept_with_the_sources_it_was_of(room: Room, two: tuple[Path, Path]) -> None:
    kept = threading.Event()
    room.writing.start(lambda: kept.wait(120) and None)
    shown, sources = room.showing.instance, room.session.sources
    room._remember()
    room.opening.close_all()
    kept.set()
    assert room.writing.settle()
    last = room.session.last()
    assert last is not None and shown is not None
    assert (last.path, last.sources) == (shown.path, sources)


def test_scores_and_pictures_beside_are_those_of_the_model_chosen_now(qtbot: QtBot, room: Room) -> None:
    row = next(n for n, one in enumerate(room.model.rows) if one.instance and one.instance.frames > 1)
    room.stepping.to((row, 0))
    settled(qtbot, room)
    until(qtbot, lambda: room.cine.scoring.scores[0] is not None)
    instance, analysis = room.showing.instance, room.showing.analysis
    assert instance is not None and analysis is not None
    other = replace(analysis, bundle=replace(analysis.bundle, hash="of another one"))
    before = room.cine.scoring.scores
    room.inference.analysed.emit(instance, 1, other)
    assert room.cine.scoring.scores[1] == before[1]
    room.cine.scoring._scores = [None] * instance.frames
    room.cine.scoring.read_again()
    until(qtbot, lambda: room.cine.scoring.scores[0] is not None)


def test_a_store_opened_in_vain_is_closed(room: Room) -> None:
    room.workspaces.stop()
    store = Store(workspace.Workspace("Never").path)
    room.workspaces._enter(workspace.Workspace("Never"), store)
    with pytest.raises(StoreError):
        store.recent()
