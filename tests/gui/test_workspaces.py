"""Going from one workspace to another in the window, and what a crash leaves to the next start."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from breastview.store import Store, workspace
from tests import doubles, rooms
from tests.rooms import settled, until


def name_of(room: Room) -> str:
    current = room.workspaces.current
    return "?" if current is None else current.name


def test_a_new_workspace_is_empty_and_the_old_one_comes_back_as_it_was(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(qtbot, room)
    room.stepping.case(1)
    settled(qtbot, room)
    given, instance = room.assessing.assessment, room.showing.instance
    assert given is not None and instance is not None
    room.assessing.edit(replace(given, category="4C", notes="mine"))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Second reader", True))
    room.workspace_menu.ask_name()
    until(qtbot, lambda: name_of(room) == "Second reader")
    assert room.model.rows == [] and not room.undoing.can_undo
    assert "Second reader" in room.window.messages.text.text()
    room.opening.open([instance.path])
    settled(qtbot, room)
    assert room.assessing.assessment is not None and room.assessing.assessment.category == ""
    room.workspaces.open(workspace.Workspace())
    until(qtbot, lambda: name_of(room) == "")
    settled(qtbot, room)
    assert room.showing.instance is not None and room.showing.instance.path == instance.path
    assert room.assessing.assessment is not None
    assert (room.assessing.assessment.category, room.assessing.assessment.notes) == ("4C", "mine")
    room.workspace_menu.fill()
    titles = {action.text(): action.isChecked() for action in room.workspace_menu.menu.actions()}
    assert titles["Usual workspace"] and titles["Second reader"] is False


def test_a_name_that_cannot_be_taken_is_explained_and_the_old_workspace_stays(
    qtbot: QtBot, room: Room
) -> None:
    settled(qtbot, room)
    room.workspaces.new("a/b")
    until(qtbot, lambda: "cannot be the name" in room.window.messages.text.text())
    assert name_of(room) == "" and len(room.model.rows) == 5


def test_after_a_crash_the_reader_is_back_on_the_picture_the_work_stopped_at(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing keeps nothing here, as a crash would: what counts was written before."""
    with rooms.opened(qtbot, scans, factory=factory) as room:
        settled(qtbot, room)
        monkeypatch.setattr(room, "keep", lambda: None)
        room.window.panel.form.words_part.open()
        room.stepping.case(2)
        settled(qtbot, room)
        there, given = room.showing.instance, room.assessing.assessment
        assert there is not None and given is not None
        room.assessing.edit(replace(given, category="2"))
        until(qtbot, lambda: (room.session.last() or 0) and room.session.last().path == there.path)  # type: ignore[union-attr]
        room.writing.settle()
    with rooms.opened(qtbot, factory=factory) as room:
        settled(qtbot, room)
        assert room.showing.instance is not None and room.showing.instance.path == there.path
        assert room.assessing.assessment is not None and room.assessing.assessment.category == "2"
        assert room.window.panel.form.words_part.opened


def test_two_windows_on_one_workspace_see_each_other_s_work_when_they_come_to_the_picture(
    qtbot: QtBot, room: Room
) -> None:
    settled(qtbot, room)
    place, instance = room.desk.state.place, room.showing.instance
    assert instance is not None and place is not None
    other = Store(room.session.store.path)
    sha = room.session.pairing.place(instance, 0).sha
    other.assess(sha, 0, replace(other.assessment(sha, 0), category="5", reader="Dr. B"), "Dr. B")
    other.close()
    room.stepping.case(1)
    settled(qtbot, room)
    room.stepping.to(place)
    settled(qtbot, room)
    assert room.assessing.assessment is not None
    assert (room.assessing.assessment.category, room.assessing.assessment.reader) == ("5", "Dr. B")
    assert room.session.store.audit.broken_at() is None


def test_the_audit_log_shows_what_was_done_and_is_written_where_the_reader_wants(
    qtbot: QtBot, room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled(qtbot, room)
    given = room.assessing.assessment
    assert given is not None
    room.assessing.edit(replace(given, category="3", notes="Secretname"))
    room.assessing.final()
    room.bar.actions["audit"].trigger()
    until(qtbot, lambda: room.auditing.dialog is not None)
    dialog = room.auditing.dialog
    assert dialog is not None
    model = dialog.table.model()
    events = [model.index(row, 3).data() for row in range(model.rowCount())]
    assert events[0] == "finalised" and {"opened", "assessed"} <= set(events)
    assert "chain of hashes is whole" in dialog.verdict.text()
    monkeypatch.setattr(room.auditing, "_ask", lambda *_: tmp_path / "log.csv")
    dialog.export.click()
    until(qtbot, lambda: (tmp_path / "log.csv").exists())
    text = (tmp_path / "log.csv").read_text(encoding="utf-8")
    assert "finalised" in text and "Secretname" not in text and "case (1)" not in text
    dialog.close()
