"""The settings' pages of archives: added, changed, removed, tested; a secret is typed once and not shown."""

from __future__ import annotations

import keyring
import pytest
from pytestqt.qtbot import QtBot

from breastview.errors import ArchiveUnreachable
from breastview.gui.archives import desk
from breastview.gui.archives.page import Secrets
from breastview.gui.archives.settings_pages import SettingsPages
from breastview.gui.dialogs.settings_dialog import SettingsDialog
from breastview.gui.room import Room
from breastview.pacs import configuration, credentials
from breastview.pacs.configuration import Archives, DicomwebSettings, DimseSettings, ListenerSettings
from breastview.settings import Settings
from tests.gui.archives.conftest import MAIN
from tests.gui.archives.fakes import FakeArchive
from tests.keyrings import Memory
from tests.rooms import until

WEB = DicomwebSettings(name="Research", url="https://research.example/dicom-web", sign_in="basic", user="me")


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    """Put a keyring in memory in the place of the system's."""
    made = Memory()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


def made(qtbot: QtBot, known: Archives) -> tuple[SettingsPages, list[tuple[Archives, Secrets]]]:
    kept: list[tuple[Archives, Secrets]] = []
    pages = SettingsPages(known, lambda archives, secrets: kept.append((archives, secrets)))
    dialog = SettingsDialog(Settings(), None, pages.widgets)
    qtbot.addWidget(dialog)
    dialog.show_setting("Archives")
    dialog.show()
    return pages, kept


def write(page: object, field: str, value: object) -> None:
    form = page._current()  # type: ignore[attr-defined]
    editors = form.form.editors | form.form.parts["tls"].editors
    editors[field].show(value)


def test_an_archive_is_added_with_what_is_typed_and_says_what_is_missing_until_then(qtbot: QtBot) -> None:
    pages, kept = made(qtbot, Archives())
    page = pages.archives
    assert page.hint.isVisible() and not page.remove.isEnabled()
    page.new("dimse")
    assert "host name" in page.says.text() and not page.test.isEnabled()
    for field, value in (("name", "Main"), ("host", "pacs.example"), ("port", 4242), ("called", "ORTHANC")):
        write(page, field, value)
    assert page.says.text() == "" and page.test.isEnabled()
    assert "Main" in page.list.item(0).text() and "pacs.example:4242" in page.list.item(0).text()
    pages.keep()
    assert kept == [
        (Archives((DimseSettings(name="Main", host="pacs.example", port=4242, called="ORTHANC"),)), Secrets())
    ]


def test_untouched_pages_change_nothing_and_names_never_clash(qtbot: QtBot) -> None:
    known = Archives((MAIN, WEB), ListenerSettings(peers=("US1@10.0.0.0/24", "MG1")), "/data/studies")
    pages, kept = made(qtbot, known)
    assert pages.chosen() == known
    pages.keep()
    assert kept == []
    pages.archives.new("folder")
    pages.archives._current().form.editors["name"].show("main ARCHIVE")  # type: ignore[union-attr]
    assert "Another archive has this name" in pages.archives.says.text()
    assert [one.name for one in pages.chosen().known] == ["Main archive", "Research", "main ARCHIVE 2"]


def test_a_secret_goes_to_the_keyring_follows_its_archive_and_is_never_shown(
    qtbot: QtBot, room: Room, memory: Memory
) -> None:
    room.archives.take(Archives((MAIN, WEB)), Secrets(typed={"Research": "hunter2"}))
    room.archives._keyring.settle()
    assert credentials.secret("Research") == "hunter2"
    pages = room.archives.settings()
    pages.archives.list.setCurrentRow(1)
    form = pages.archives._current()
    assert form is not None and form.secret.text() == ""
    assert "Kept in the keyring" in form.secret.placeholderText()
    write(pages.archives, "name", "Science")
    pages.keep()
    room.archives._keyring.settle()
    assert (credentials.secret("Science"), credentials.secret("Research")) == ("hunter2", "")
    assert "hunter2" not in str(configuration.to_dict(configuration.load()))
    pages = room.archives.settings()
    pages.archives.list.setCurrentRow(1)
    pages.archives._remove()
    pages.keep()
    room.archives._keyring.settle()
    assert memory.kept == {} and [one.name for one in configuration.load().known] == ["Main archive"]


def test_archives_that_exchange_their_names_keep_their_own_secrets(memory: Memory) -> None:
    for name, secret in (("A", "of a"), ("B", "of b"), ("C", "of c")):
        credentials.keep(name, secret)
    desk._put_away(Secrets({}, {"A": "B", "B": "A", "C": ""}))
    assert [credentials.secret(name) or "" for name in "ABC"] == ["of b", "of a", ""]
    desk._put_away(Secrets({"A": "typed"}, {"A": "B", "B": "C"}))
    assert [credentials.secret(name) or "" for name in "ABC"] == ["typed", "of b", "of a"]


def test_test_says_whether_the_archive_answers_and_late_answers_are_dropped(
    qtbot: QtBot, archive: FakeArchive, memory: Memory
) -> None:
    pages, _ = made(qtbot, Archives((MAIN, WEB)))
    page = pages.archives
    page.test.click()
    until(qtbot, lambda: page.says.property("role") == "good")
    assert page.says.text() == "Main archive answers (12 ms)."
    archive.fails = ArchiveUnreachable("no answer", "Main archive", "Check the network.")
    page.test.click()
    until(qtbot, lambda: page.says.text() == "Main archive: no answer. Check the network.")
    archive.fails = None
    archive.hold.clear()
    page.test.click()
    page.list.setCurrentRow(1)
    archive.hold.set()
    until(qtbot, lambda: pages._job is None)
    assert page.says.text() == ""
    page._current().secret.setText("only tried")  # type: ignore[union-attr]
    page.test.click()
    until(qtbot, lambda: page.says.property("role") == "good")
    assert memory.kept == {} and archive.name == "Research (?)"


def test_the_listener_s_page_shows_its_fields_when_it_is_on_and_says_what_is_wrong(qtbot: QtBot) -> None:
    pages, kept = made(qtbot, Archives())
    page = pages.receiving
    assert not page.form.rows["port"][1].isVisibleTo(page)
    page.form.editors["enabled"].show(True)
    page.form.editors["address"].show("0.0.0.0")
    assert page.form.rows["port"][1].isVisibleTo(page)
    assert "needs its senders named" in page.says.text()
    page.form.editors["peers"].show("US1@10.0.0.0/24, MG1")
    assert not page.says.isVisibleTo(page)
    pages.keep()
    assert kept[0][0].listener == ListenerSettings(
        enabled=True, address="0.0.0.0", peers=("US1@10.0.0.0/24", "MG1")
    )
