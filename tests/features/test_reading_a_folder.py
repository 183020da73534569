"""A reader works through a folder by keys alone; the next day everything is as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from breastview import RESEARCH_USE
from breastview.gui.room import Room
from breastview.gui.worklist.listing import Filter
from breastview.study.reading import ReadState
from tests import doubles, phantoms, rooms
from tests.rooms import press, settled, until, write

CTRL = Qt.KeyboardModifier.ControlModifier
NOTE = "oval, circumscribed; no shadow (M, O, G are letters here)"


@pytest.fixture
def busi(tmp_path: Path) -> Path:
    """Return a BUSI-style folder: three classes, masks beside the pictures."""
    folder = tmp_path / "busi"
    for number, (name, seeds) in enumerate(
        {"benign": (1, 2, 10), "malignant": (3, 4), "normal": (5,)}.items()
    ):
        for seed in seeds:
            file = folder / name / f"{name} ({seed}).png"
            phantoms.picture(file, phantoms.speckle(96, 128, seed))
            mask = phantoms.lesion(96, 128) & (number < 2)
            phantoms.picture(file.with_stem(f"{file.stem}_mask"), mask.astype(np.uint8) * 255)
    return folder


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> doubles.Factory:
    """Install the stand-in AI."""
    doubles.install(monkeypatch, tmp_path / "models")
    return doubles.Factory()


def name(room: Room) -> str:
    """Return the name of the shown file."""
    assert room.showing.entry is not None
    return room.showing.entry.path.name


def read_all(qtbot: QtBot, room: Room) -> list[str]:
    """Step from the first to the last case, each with overlays off and on again and notes of its own."""
    press(room, Qt.Key.Key_Home)
    seen: list[str] = []
    while True:
        settled(qtbot, room)
        seen.append(name(room))
        for key in (Qt.Key.Key_O, Qt.Key.Key_G):
            before = room.window.panes.look
            press(room, key)
            assert room.window.panes.look != before
            press(room, key)
            assert room.window.panes.look == before
        press(room, Qt.Key.Key_F2)
        write(room, f"{NOTE} {name(room)}")
        press(room, Qt.Key.Key_Escape)
        place = room.desk.state.place
        press(room, Qt.Key.Key_Down)
        if room.desk.state.place == place:
            return seen


def test_a_folder_is_read_by_keys_reported_closed_and_found_as_it_was(
    qtbot: QtBot, busi: Path, factory: doubles.Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = tmp_path / "out" / "report.pdf"
    report.parent.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(report), ""))
    with rooms.opened(qtbot, busi, factory=factory) as room:
        settled(qtbot, room)
        seen = read_all(qtbot, room)
        assert seen == [
            "benign (1).png", "benign (2).png", "benign (10).png", "malignant (3).png", "malignant (4).png",
            "normal (5).png",
        ]  # fmt: skip
        assert {row.state for row in room.model.rows} == {ReadState.PRELIMINARY}
        press(room, Qt.Key.Key_Up)
        settled(qtbot, room)
        press(room, Qt.Key.Key_M)
        press(room, Qt.Key.Key_G)
        press(room, Qt.Key.Key_BracketLeft)
        press(room, Qt.Key.Key_E, CTRL)
        until(qtbot, lambda: not room.exporting.busy)
        assert room.window.messages.text.text() == f"Saved: {report}"
        look, heat = room.desk.state.look, room.desk.state.look.heat_opacity
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(report).pages)
    assert RESEARCH_USE in " ".join(text.split()) and "malignant (4).png" in " ".join(text.split())
    assert "oval, circumscribed" in " ".join(text.split())
    images = [image for page in pypdf.PdfReader(report).pages for image in page.images]
    assert images

    with rooms.opened(qtbot, factory=factory) as room:
        settled(qtbot, room)
        assert name(room) == "malignant (4).png"
        assert room.desk.state.look == look and room.desk.state.look.heat_opacity == heat
        assert not room.desk.state.look.heat_visible
        assert room.window.panel.form.notes.toPlainText() == f"{NOTE} malignant (4).png"
        assert room.window.panel.form.marked.isChecked()
        assert {row.state for row in room.model.rows} == {ReadState.PRELIMINARY}
        assert all(row.score is not None for row in room.model.rows)
        room.desk.change(filter=Filter.MARKED)
        assert [room.model.rows[row].entry.path.name for row in room.model.cases] == ["malignant (4).png"]


READ_AND_DIE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from breastview import app
from breastview.gui.room import Room
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from dataclasses import replace

if __name__ == "__main__":
    application = app.application()
    room = Room(Session(Settings(analyse_in_background=False), Store.of_user()))

    def write() -> None:
        if room.assessing.assessment is None or room.opening.reading:
            return
        timer.stop()
        room.assessing.edit(replace(room.assessing.assessment, category="4A", notes="before the power cut"))
        room.assessing.settle()
        print("saved", flush=True)

    timer = QTimer()
    timer.timeout.connect(write)
    timer.start(50)
    room.start([Path(sys.argv[1])])
    application.exec()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of POSIX")
def test_what_was_saved_is_there_after_the_process_was_killed(
    qtbot: QtBot, busi: Path, factory: doubles.Factory, tmp_path: Path
) -> None:
    script = tmp_path / "read_and_die.py"
    script.write_text(READ_AND_DIE, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, str(script), str(busi)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "saved"
        process.send_signal(signal.SIGKILL)
    with rooms.opened(qtbot, factory=factory) as room:
        settled(qtbot, room)
        noted = [row for row in room.model.rows if row.state is ReadState.PRELIMINARY]
        assert len(noted) == 1 and noted[0].instance is not None
        kept = room.session.assessment(noted[0].instance)
        assert (kept.category, kept.notes) == ("4A", "before the power cut")
