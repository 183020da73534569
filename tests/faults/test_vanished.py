"""A folder that is taken away, by a cable, a server or a colleague: sentences, and the rest goes on."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview.errors import BreastViewError
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.study.foreign import Companion
from breastview.study.instance import Instance, Refusal
from breastview.task import SilentTask
from tests import doubles, phantoms, rooms
from tests.faults.campaign import figure, trials
from tests.faults.conftest import Mount

FILES = 12


def pictures(folder: Path) -> Path:
    """Write pictures into a folder and into one inside it."""
    for number in range(FILES):
        phantoms.picture(folder / ("inner" if number % 2 else "") / f"{number:02d}.png")
    return folder


def unplug(folder: Path) -> None:
    """Take a file system away under whoever reads it, as a network folder goes."""
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_folder_that_goes_while_it_is_listed_ends_in_sentences(tmp_path: Path) -> None:
    count = trials(100, FILES)
    for trial in range(count):
        folder = pictures(tmp_path / f"{trial}")
        found = []
        for number, entry in enumerate(scan([folder], SilentTask())):
            found.append(entry)
            if number == trial % FILES:
                shutil.rmtree(folder)
        assert len(found) > trial % FILES
        later = found[trial % FILES + 1 :]
        assert all(isinstance(entry, Instance) or entry.reason for entry in later if not _is_companion(entry))
    figure("folder removed while it is listed", count)


def _is_companion(entry: object) -> bool:
    return isinstance(entry, Companion)


def test_a_network_folder_that_goes_between_list_and_picture_is_a_sentence(tmpfs: Mount) -> None:
    count, slowest = trials(50, 3), 0.0
    for trial in range(count):
        folder = tmpfs("size=2m")
        pictures(folder)
        opened, begin = scan([folder], SilentTask()), time.monotonic()
        cases = [next(opened) for _ in range(1 + trial % FILES)]
        unplug(folder)
        rest = list(opened)
        assert not any(isinstance(entry, Instance) and not entry.path.exists() for entry in rest)
        for case in cases:
            assert isinstance(case, Instance)
            with pytest.raises(BreastViewError, match=case.path.name):
                read_frame(case)
        assert [
            entry.reason for entry in scan([folder / "00.png"], SilentTask()) if isinstance(entry, Refusal)
        ]
        slowest = max(slowest, time.monotonic() - begin)
    figure("file system taken away while it is listed and opened (lazy umount)", count, 0, slowest)


def test_the_window_goes_on_when_its_folder_is_gone(
    qtbot: QtBot, tmpfs: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    folder = pictures(tmpfs("size=2m"))
    with rooms.opened(qtbot, folder) as room:
        rooms.until(qtbot, lambda: not room.opening.reading and len(room.model.rows) == FILES)
        rooms.settled(qtbot, room)
        unplug(folder)
        room.session._pixels.clear()
        for row in range(FILES):
            room.stepping.row(row)
            rooms.until(qtbot, lambda row=row: room.showing.place == (row, 0))  # type: ignore[misc]
        shown = room.showing.shown
        assert shown is not None and shown.pixels is None and "cannot be read" in room.showing.message
        room.opening.open([phantoms.us_grey(tmp_path / "here.dcm")])
        rooms.until(qtbot, lambda: not room.opening.reading and len(room.model.rows) == 1)
        rooms.settled(qtbot, room)
        assert room.showing.shown is not None and room.showing.shown.pixels is not None
    figure("file system taken away under the window", FILES)
