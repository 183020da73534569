"""Asking an archive and fetching from it, by keys alone, as the reader does."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.errors import ArchiveUnreachable
from breastview.gui.archives.criteria import Period, days
from breastview.gui.archives.query_dialog import QueryDialog
from breastview.gui.archives.results import DATE
from breastview.gui.room import Room
from breastview.pacs import configuration
from breastview.pacs.configuration import Archives
from tests.gui.archives.fakes import FakeArchive
from tests.rooms import settled, until


def opened(room: Room) -> QueryDialog:
    room.bar.actions["archive.query"].trigger()
    dialog = room.archives.dialog
    assert dialog is not None
    return dialog


def answered(qtbot: QtBot, room: Room) -> QueryDialog:
    dialog = opened(room)
    QTest.keyClick(dialog.criteria.name, Qt.Key.Key_Return)
    until(qtbot, lambda: not room.archives.querying.busy)
    return dialog


def events(room: Room) -> list[str]:
    return [entry.event for entry in room.session.store.audit.entries()]


def test_a_period_is_a_first_and_a_last_day_and_any_date_is_neither() -> None:
    today = date(2026, 3, 1)
    assert days(Period.TODAY, today) == (today, today)
    assert days(Period.WEEK, today) == (date(2026, 2, 22), today)
    assert days(Period.ANY, today) == days(Period.BETWEEN, today) == (None, None)


def test_what_is_typed_is_asked_and_the_newest_study_stands_first(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    dialog, before = opened(room), date.today()
    QTest.keyClicks(dialog.criteria.name, "Mus")
    QTest.keyClicks(dialog.criteria.identifier, "P-1")
    dialog.criteria.modality.setEditText("us")
    dialog.criteria.period.setCurrentIndex(dialog.criteria.period.findData(Period.TODAY))
    QTest.keyClick(dialog.criteria.identifier, Qt.Key.Key_Return)
    until(qtbot, lambda: not room.archives.querying.busy)
    asked = archive.asked[0]
    assert (asked.patient_name, asked.patient_id, asked.modality) == ("Mus", "P-1", "US")
    assert asked.study_from == asked.study_to
    assert before <= asked.study_from <= date.today()
    results = dialog.results
    cells = [[results.index(line, column).data() for column in (0, DATE, 7)] for line in range(2)]
    assert cells == [
        ["Muster, Erika", "2026-01-05  10:11", "3"],
        ["Phantom, Speckle", "2026-01-02  10:11", "2"],
    ]
    assert dialog.says.text() == "2 studies" and events(room) == ["queried"]
    results.sort(0, Qt.SortOrder.DescendingOrder)
    assert results.index(0, 0).data() == "Phantom, Speckle"
    assert [one.patient_name for one in dialog.table.chosen()] == ["Muster^Erika"]


def test_enter_on_a_study_retrieves_it_and_its_images_appear_in_the_worklist(
    qtbot: QtBot, room: Room
) -> None:
    dialog = answered(qtbot, room)
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    until(qtbot, lambda: len(room.model.rows) == 3 and not room.opening.reading)
    settled(qtbot, room)
    shown = room.showing.instance
    assert shown is not None and shown.study.uid == "1.2.2"
    assert dialog.says.text() == "1 study was retrieved: 3 images."
    assert dialog.results.index(0, 0).data() == "✓ Muster, Erika"
    assert events(room).count("retrieved") == 3
    assert {entry.detail for entry in room.session.store.audit.entries()} == {""}
    dialog.table.selectAll()
    dialog.retrieve.click()
    until(qtbot, lambda: len(room.model.rows) == 5 and not room.opening.reading)
    assert {row.instance.study.uid for row in room.model.rows if row.instance} == {"1.2.1", "1.2.2"}


def test_a_retrieval_that_breaks_leaves_nothing_and_is_explained_in_the_dialog(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    dialog = answered(qtbot, room)
    archive.breaks_after = 1
    dialog.retrieve.click()
    until(qtbot, lambda: not room.archives.retrieving.busy)
    assert dialog.says.text() == "Main archive: the connection broke. Try again."
    assert dialog.says.property("role") == "danger"
    assert room.model.rows == [] and "retrieved" not in events(room)
    assert dialog.retrieve.isEnabled() and not dialog.stop.isVisible()


def test_retrieving_can_be_stopped_and_goes_on_in_the_status_bar_when_the_dialog_is_closed(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    dialog = answered(qtbot, room)
    archive.hold.clear()
    dialog.retrieve.click()
    assert dialog.stop.isVisible() and not dialog.retrieve.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and room.archives.retrieving.busy
    assert "Main archive" in room.window.status.work.text() or "Retrieving" in room.window.status.work.text()
    opened(room).stop.click()
    until(qtbot, lambda: not room.archives.retrieving.busy)
    assert room.model.rows == [] and not dialog.stop.isVisible()


def test_an_archive_that_does_not_answer_is_explained_and_the_dialog_can_be_used_and_closed(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    archive.fails = ArchiveUnreachable("no answer from pacs.example:104", archive.name, "Check the network.")
    dialog = answered(qtbot, room)
    assert dialog.empty.text() == "Main archive: no answer from pacs.example:104. Check the network."
    assert dialog.empty.property("role") == "danger" and dialog.search.isEnabled()
    dialog.reject()
    assert not dialog.isVisible()


def test_an_answer_that_comes_after_another_archive_was_chosen_is_dropped(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    room.archives.known = Archives((*room.archives.known.known, configuration.FolderSettings(name="Inbox")))
    dialog = opened(room)
    archive.hold.clear()
    dialog.ask()
    dialog.archive.setCurrentIndex(1)
    archive.hold.set()
    qtbot.waitUntil(lambda: not room.archives.querying.busy, timeout=60_000)
    QApplication.processEvents()
    assert dialog.results.rowCount() == 0


def test_asked_again_it_goes_on_waiting_and_a_search_that_was_stopped_did_not_find_nothing(
    qtbot: QtBot, room: Room, archive: FakeArchive
) -> None:
    dialog = opened(room)
    archive.hold.clear()
    dialog.ask()
    dialog.ask()
    assert dialog.stop.isVisible() and dialog.empty.text() == "Waiting for the answer of Main archive…"
    dialog.stop.click()
    assert not dialog.stop.isVisible() and "Nothing was found" not in dialog.empty.text()
    archive.hold.set()


def test_without_an_archive_the_dialog_says_what_to_do_and_a_search_without_hits_does_too(
    qtbot: QtBot, room: Room, archive: FakeArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.rows = []
    dialog = answered(qtbot, room)
    assert "Nothing was found" in dialog.empty.text()
    room.archives.known = Archives()
    asked: list[str] = []
    monkeypatch.setattr(room.doings, "settings_dialog", asked.append)
    room.archives.settings_wanted.connect(asked.append)
    opened(room)
    assert "No archive is known yet" in dialog.empty.text() and not dialog.search.isEnabled()
