"""What is sent here, or put into a watched folder, appears in the worklist by itself; real archives only."""

from __future__ import annotations

import shutil
import socket
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.archives.page import Secrets
from breastview.gui.room import Room
from breastview.pacs import configuration, connect
from breastview.pacs.configuration import Archives, DimseSettings, FolderSettings, ListenerSettings
from tests import doubles, phantoms, rooms
from tests.pacs.servers import free_port
from tests.rooms import settled, until

STUDY = "1.2.826.0.1.3680043.8.498.7"


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return two pictures of a study that another machine would send; the stand-in AI is installed."""
    doubles.install(monkeypatch, tmp_path / "models")
    return [
        phantoms.us_grey(tmp_path / "elsewhere" / f"{n}.dcm", StudyInstanceUID=STUDY, InstanceNumber=n)
        for n in (1, 2)
    ]


def listed(room: Room) -> list[str]:
    return [row.instance.study.uid for row in room.model.rows if row.instance is not None]


def test_the_listener_is_off_until_it_is_turned_on_and_what_comes_is_listed_and_logged(
    qtbot: QtBot, sent: list[Path]
) -> None:
    port = free_port()
    listener = ListenerSettings(enabled=True, port=port)
    with rooms.opened(qtbot) as room:
        room.archives.receiving._lane.settle()
        assert not room.window.status.listening.isVisible()
        assert not listener_answers(port)
        room.archives.take(Archives(listener=listener), Secrets())
        status = room.window.status.listening
        until(qtbot, lambda: status.text() == f"Listening on BREASTVIEW@127.0.0.1:{port}")
        assert status.isVisible()
        here = DimseSettings(name="here", host="127.0.0.1", port=port, called="BREASTVIEW", calling="US1")
        assert all(answer.stored for answer in connect.archive(here, listener).send(sent))
        until(qtbot, lambda: listed(room) == [STUDY, STUDY])
        settled(qtbot, room)
        assert room.showing.instance is not None
        events = [entry.event for entry in room.session.store.audit.entries()]
        assert events.count("received") == 2
        room.archives.take(Archives(listener=replace(listener, enabled=False)), Secrets())
        until(qtbot, lambda: not status.isVisible())
        assert not listener_answers(port)
    assert configuration.load().listener.port == port


def listener_answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def test_a_port_that_is_taken_is_explained_and_the_reader_reads_on(qtbot: QtBot, sent: list[Path]) -> None:
    with socket.socket() as taken, rooms.opened(qtbot, sent[0].parent) as room:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        room.archives.take(Archives(listener=ListenerSettings(enabled=True, port=port)), Secrets())
        until(qtbot, lambda: f"port {port}" in room.window.messages.text.text())
        settled(qtbot, room)
        assert "Nothing can be received" in room.window.messages.text.text()
        assert listed(room) == [STUDY, STUDY] and not room.window.status.listening.isVisible()


def test_a_watched_folder_is_emptied_into_the_worklist_and_one_that_is_not_watched_is_left_alone(
    qtbot: QtBot, sent: list[Path], tmp_path: Path
) -> None:
    inbox, other = tmp_path / "inbox", tmp_path / "other"
    inbox.mkdir()
    shutil.copytree(sent[0].parent, other)
    configuration.save(
        Archives((
            FolderSettings(name="Inbox", path=str(inbox), watched=True, settle_s=1),
            FolderSettings(name="Other", path=str(other), settle_s=1),
        ))
    )  # fmt: skip
    with rooms.opened(qtbot) as room:
        until(qtbot, lambda: room.window.status.listening.text() == "Watching Inbox")
        shutil.copy(sent[0], inbox / "new.dcm")
        until(qtbot, lambda: listed(room) == [STUDY])
        assert not (inbox / "new.dcm").exists() and len(list(other.glob("*.dcm"))) == 2


def test_a_study_of_a_folder_archive_is_found_and_retrieved(qtbot: QtBot, sent: list[Path]) -> None:
    configuration.save(Archives((FolderSettings(name="Share", path=str(sent[0].parent)),)))
    with rooms.opened(qtbot) as room:
        room.archives.query()
        dialog = room.archives.dialog
        assert dialog is not None
        dialog.criteria.name.setText("phan")
        dialog.ask()
        until(qtbot, lambda: not room.archives.querying.busy)
        cells = [dialog.results.index(0, column).data() for column in (0, 4, 7)]
        assert cells == ["Phantom, Speckle", "US", "2"]
        until(qtbot, dialog.retrieve.isEnabled)
        dialog.fetch()
        until(
            qtbot,
            lambda: bool(listed(room)) or (bool(dialog.says.text()) and not room.archives.retrieving.busy),
        )
        settled(qtbot, room)
        assert listed(room) == [STUDY, STUDY], dialog.says.text()
        assert all(path.exists() for path in sent)
        assert (room.archives.known.studies() / STUDY).is_dir()
    with rooms.opened(qtbot) as again:
        settled(qtbot, again)
        assert listed(again) == [STUDY, STUDY]
