"""Sending cases: what leaves, how the queue goes on, and that a case read before the AI hides it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pytestqt.qtbot import QtBot

from breastview.errors import ArchiveUnreachable
from breastview.exporters._protocol import ExportOptions
from breastview.gui.archives.send_dialog import Order, SendDialog
from breastview.gui.room import Room
from breastview.pacs import configuration
from breastview.pacs.configuration import Archives
from breastview.pacs.queue import Queue, State
from breastview.settings import Settings
from breastview.study.instance import Window
from tests import doubles, phantoms, rooms
from tests.gui.archives.conftest import MAIN
from tests.gui.archives.fakes import FakeArchive
from tests.rooms import settled, until

STUDY = "1.2.826.0.1.3680043.8.498.1"


@pytest.fixture
def scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of two ultrasound pictures of one study; the stand-in AI is installed."""
    doubles.install(monkeypatch, tmp_path / "models")
    configuration.save(Archives((MAIN,)))
    for number in (1, 2):
        phantoms.us_grey(
            tmp_path / "scans" / f"us{number}.dcm", StudyInstanceUID=STUDY, InstanceNumber=number,
            SeriesInstanceUID=f"{STUDY}.1", PatientName="Geheim^Gerda",
        )  # fmt: skip
    return tmp_path / "scans"


@pytest.fixture
def room(qtbot: QtBot, archive: FakeArchive, scans: Path) -> Iterator[Room]:
    """Return a room with the pictures read by the stand-in."""
    with rooms.opened(qtbot, scans) as made:
        settled(qtbot, made)
        yield made


def assess(qtbot: QtBot, room: Room, category: str) -> None:
    given = room.assessing.assessment
    assert given is not None
    room.assessing.edit(replace(given, category=category))
    room.settle()


def send(room: Room, **wanted: object) -> None:
    order = Order(archive="Main archive", **wanted)  # type: ignore[arg-type]
    at_hand = room.archives._at_hand
    room.archives.take_order(order, at_hand.shown(), at_hand.assessed())


def arrived(qtbot: QtBot, room: Room) -> None:
    until(qtbot, lambda: not room.archives.sending.busy)
    until(qtbot, lambda: states() == {State.SENT})


def states() -> set[State]:
    queue = Queue()
    try:
        return {item.state for item in queue.items()}
    finally:
        queue.close()


def words(dataset: Dataset) -> str:
    return str(dataset).casefold()


def test_report_and_masks_of_the_shown_case_arrive_and_the_log_names_them_without_the_patient(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    assess(qtbot, room, "4A")
    send(room, kinds=("sr", "seg"))
    arrived(qtbot, room)
    assert {one.Modality for one in archive.sent} == {"SR", "SEG"}
    assert {str(one.StudyInstanceUID) for one in archive.sent} == {STUDY}
    instance = room.showing.instance
    assert instance is not None
    audit = room.session.store.audit
    until(qtbot, lambda: sum(e.event == "sent" for e in audit.entries()) == len(archive.sent))
    logged = [entry for entry in audit.entries() if entry.event == "sent"]
    assert {entry.detail for entry in logged} == {"sr", "seg"}
    assert {entry.sha for entry in logged} == {room.session.archiving.sha(instance)}
    assert audit.broken_at() is None
    assert "On the way to Main archive" in room.window.messages.text.text()
    send(room, kinds=("sr", "seg"))
    until(qtbot, lambda: "has all of this already" in room.window.messages.text.text())


def test_all_assessed_cases_leave_and_those_without_a_category_stay(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    assess(qtbot, room, "2")
    room.stepping.case(1)
    settled(qtbot, room)
    until(qtbot, lambda: len(room.archives._at_hand.assessed()) == 1)
    send(room, kinds=("sr",), everything=True)
    arrived(qtbot, room)
    assert len(archive.sent) == 1


def test_the_window_of_the_shown_picture_goes_with_no_other(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    assess(qtbot, room, "2")
    shown = Window(90.0, 40.0)
    room.desk.look(window=shown)
    options: list[ExportOptions] = []
    monkeypatch.setattr(room.archives.sending, "send", lambda _to, _wanted, given: options.append(given))
    send(room, everything=True)
    send(room)
    assert [one.window for one in options] == [None, shown]


def test_what_cannot_be_sent_is_counted_in_the_status_bar_explained_in_the_queue_and_goes_after_a_restart(
    qtbot: QtBot, archive: FakeArchive, scans: Path
) -> None:
    archive.fails = ArchiveUnreachable("no answer", "Main archive", "Check the network.")
    with rooms.opened(qtbot, scans) as room:
        settled(qtbot, room)
        assess(qtbot, room, "3")
        send(room, kinds=("sr",))
        status = room.window.status
        until(qtbot, lambda: status.outgoing.isVisible() and status.outgoing.text() == "1 to send")
        status.outgoing.click()
        window = room.archives.queue_window
        assert window is not None
        until(qtbot, lambda: window.model.rowCount() == 1 and "No answer" in window.model.index(0, 6).data())
        cells = [window.model.index(0, column).data() for column in range(7)]
        assert cells[1].startswith("Geheim, Gerda") and cells[2:4] == ["Main archive", "waiting"]
        window.table.selectRow(0)
        assert window.says.text() == "No answer. Check the network." and window.again.isEnabled()
        window.close()
    archive.fails = None
    queue = Queue()
    queue.again(item.identifier for item in queue.items())
    queue.close()
    with rooms.opened(qtbot) as room:
        until(qtbot, lambda: len(archive.sent) == 1)
        until(qtbot, lambda: not room.window.status.outgoing.isVisible())


def test_a_refused_object_is_tried_again_or_removed_from_the_queue_s_window(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    archive.refuses = "The archive does not take this kind of object."
    assess(qtbot, room, "3")
    send(room, kinds=("sr",))
    status = room.window.status
    until(qtbot, lambda: status.outgoing.text() == "1 not sent")
    room.bar.actions["archive.queue"].trigger()
    window = room.archives.queue_window
    assert window is not None
    until(qtbot, lambda: window.model.rowCount() == 1)
    window.table.selectRow(0)
    window.again.click()
    cell = window.model.index
    until(qtbot, lambda: archive.tries == 2 and states() == {State.FAILED})
    until(qtbot, lambda: (cell(0, 3).data(), cell(0, 4).data()) == ("failed", "1"))
    window.remove.click()
    until(qtbot, lambda: window.model.rowCount() == 0 and not status.outgoing.isVisible())
    assert "Nothing is on its way" in window.says.text() and archive.sent == []


def test_a_case_read_before_the_ai_sends_nothing_of_the_ai(
    qtbot: QtBot, archive: FakeArchive, scans: Path
) -> None:
    with rooms.opened(qtbot, scans, settings=Settings(commit_first=True)) as room:
        until(qtbot, lambda: room.showing.hidden and room.showing.shown is not None)
        assess(qtbot, room, "4B")
        send(room, kinds=("sr", "seg", "sc", "gsps", "ko", "epdf"))
        arrived(qtbot, room)
        assert "SR" in {one.Modality for one in archive.sent}
        assert "SEG" not in {one.Modality for one in archive.sent}
        assert not any("stand-in" in words(one) for one in archive.sent)
        before = len(archive.sent)
        room.revealing.commit()
        until(qtbot, lambda: not room.showing.hidden and room.showing.analysis is not None)
        send(room, kinds=("sr", "seg"))
        until(qtbot, lambda: len(archive.sent) > before and not room.archives.sending.busy)
        until(qtbot, lambda: "SEG" in {one.Modality for one in archive.sent})
        assert any("stand-in" in words(one) for one in archive.sent[before:])


def test_without_what_tells_whose_they_are_no_name_leaves(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    assess(qtbot, room, "3")
    send(room, kinds=("sr", "seg"), deidentified=True)
    arrived(qtbot, room)
    assert archive.sent and all("geheim" not in words(one) for one in archive.sent)
    assert all(str(one.StudyInstanceUID) != STUDY for one in archive.sent)


def test_the_dialog_offers_what_there_is_remembers_the_last_choice_and_says_what_is_missing(
    qtbot: QtBot, room: Room
) -> None:
    room.bar.actions["archive.send"].trigger()
    dialog = next(one for one in room.window.findChildren(SendDialog) if one.isVisible())
    assert dialog.this.isChecked() and not dialog.all.isEnabled() and dialog.send.isEnabled()
    for box in dialog.kinds.values():
        box.setChecked(False)
    assert not dialog.send.isEnabled() and "Choose what is to be sent" in dialog.says.text()
    dialog.kinds["ko"].setChecked(True)
    dialog.send.click()
    assert room.archives._order == Order("Main archive", False, ("ko",), False)
    until(qtbot, lambda: not room.archives.sending.busy)
    bare = SendDialog((), {"sr": "Report"}, True, 0, Order())
    qtbot.addWidget(bare)
    assert "No archive is known yet" in bare.says.text() and not bare.send.isEnabled()
