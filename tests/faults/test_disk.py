"""A full disk and one that cannot be written: what was acknowledged stays, the rest is a sentence."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview import app
from breastview import settings as settings_file
from breastview.errors import StoreError
from breastview.gui.message_bar import Kind
from breastview.inference.result_cache import ResultCache
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe, scan
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import Assessment
from breastview.task import SilentTask
from tests import doubles, phantoms, rooms
from tests.exporters import phantom
from tests.faults.campaign import figure, trials
from tests.faults.conftest import Mount

SMALL = "size=1m"
SHA = "a" * 64


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def filled(folder: Path) -> Path:
    """Take all the room there is left; return the file that holds it."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 512, 1):
            while True:
                try:
                    if file.write(bytes(size)) < size:
                        break
                except OSError:
                    break
    return ballast


def test_a_record_on_a_full_disk_keeps_what_it_acknowledged_and_goes_on_when_there_is_room(
    tmpfs: Mount,
) -> None:
    folder, acknowledged, refused, rounds = tmpfs(SMALL), 0, 0, trials(20, 2)
    store = Store(folder / "record.sqlite3")
    for turn in range(rounds):
        with pytest.raises(StoreError) as caught:
            for _ in range(10_000):
                store.assess(SHA, 0, Assessment(notes=f"{acknowledged} " + "x" * 3000))
                acknowledged += 1
        refused += 1
        assert caught.value.remedy, "no word of what to do"
        kept = [int(one.notes.split()[0]) for one in store.history(SHA, 0)]
        assert kept == list(range(acknowledged))
        remount(folder, f"size={turn + 2}m")
    store.assess(SHA, 0, Assessment(notes=f"{acknowledged} after"))
    store.close()
    again = Store(folder / "record.sqlite3")
    assert not again.notice and again.assessment(SHA, 0).notes.endswith("after")
    assert len(again.history(SHA, 0)) == acknowledged + 1
    again.close()
    figure(
        "full disk (tmpfs of 1 MB): the record", refused, 0, more=f"{acknowledged:,} acknowledged, all there"
    )


def test_settings_results_and_unpacked_archives_on_a_full_disk(
    tmpfs: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmpfs(SMALL)
    monkeypatch.setenv("BREASTVIEW_HOME", str(folder))
    settings_file.save(Settings(reader="before"))
    results = ResultCache(folder / "cache" / "results", 2**20)
    archive = tmp_path / "scans.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as found:
        found.write(phantoms.picture(tmp_path / "a.png"), "a.png")
    filled(folder)
    with pytest.raises(OSError, match="space"):
        settings_file.save(Settings(reader="after", institution="x" * 20_000))
    assert settings_file.load().reader == "before"
    results.put(SHA, 0, "0" * 12, phantom.analysis())
    assert results.get(SHA, 0, "0" * 12) is None
    (entry,) = scan([archive], SilentTask())
    assert isinstance(entry, Refusal) and "space" in entry.reason
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"ballast", settings_file.FILE}
    figure("full disk: settings, results, unpacked archives", 3)


def test_in_the_window_what_found_no_room_is_kept_and_saved_later(
    qtbot: QtBot, tmpfs: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmpfs("size=8m")
    monkeypatch.setenv("BREASTVIEW_HOME", str(home))
    doubles.install(monkeypatch, tmp_path / "models")
    phantoms.us_grey(tmp_path / "scans" / "a.dcm")
    with rooms.opened(qtbot, tmp_path / "scans") as room:
        rooms.settled(qtbot, room)
        assert room.writing.settle()
        ballast = filled(home)
        given = room.assessing.assessment
        assert given is not None and room.showing.instance is not None
        room.assessing.edit(phantom.ASSESSMENT)
        rooms.until(qtbot, lambda: room.window.messages.isVisible())
        assert not room.settle() and not room.keep(), "it says that all is saved"
        ballast.unlink()
        assert room.settle()
        kept = room.session.assessment(room.showing.instance, 0)
        assert kept.category == phantom.ASSESSMENT.category and kept.notes == phantom.ASSESSMENT.notes
    figure("full disk: an assessment in the window, saved once there is room", 1)


def test_pictures_on_a_read_only_disk_open(tmpfs: Mount) -> None:
    folder = tmpfs(SMALL)
    phantoms.us_grey(folder / "a.dcm")
    phantoms.picture(folder / "b.png")
    remount(folder, "ro")
    for name in ("a.dcm", "b.png"):
        found = describe(folder / name, name)
        assert found is not None and read_frame(found).values.any()
    assert all(isinstance(entry, Instance) for entry in scan([folder], SilentTask()))


@pytest.mark.parametrize("used", [True, False])
def test_a_home_that_cannot_be_written_does_not_keep_the_reader_from_reading(
    used: bool, qtbot: QtBot, tmpfs: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmpfs("size=4m")
    monkeypatch.setenv("BREASTVIEW_HOME", str(home))
    doubles.install(monkeypatch, tmp_path / "models")
    if used:
        Store.of_user().close()
    remount(home, "ro")
    app.application()
    room = app._room(Settings())
    room.start([phantoms.us_grey(tmp_path / "a.dcm")])
    try:
        assert (
            room.window.messages.property("kind") == Kind.ERROR.value
            and "not kept" in room.window.messages.text.text()
        )
        rooms.until(qtbot, lambda: room.showing.shown is not None and room.showing.shown.pixels is not None)
        assert not room.keep(), "it says that all is saved"
    finally:
        room.window.close()
        room.close()
    figure("read-only home: the window opens, reads and says so", 1)
