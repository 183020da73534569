"""What leaves the window de-identified, and what is kept back."""

from __future__ import annotations

from pathlib import Path

import pydicom
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.deidentify.options import Options
from breastview.gui.controllers.exporting import Scope
from breastview.gui.deidentifying.dialog import DeidentifyDialog, Parting
from breastview.gui.room import Room
from tests import doubles, phantoms, rooms

NAME, NUMBER = "Müller^Anna", "P-4711-XY"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two pictures of a patient in a folder of her name; the second says that text is burned in."""
    folder = tmp_path / "Müller Anna"
    common = {
        "SpecificCharacterSet": "ISO_IR 192", "PatientName": NAME, "PatientID": NUMBER,
        "StudyInstanceUID": "1.2.3.4",
    }  # fmt: skip
    phantoms.us_grey(folder / "Anna 1.dcm", **common)
    phantoms.us_with_regions(folder / "Anna 2.dcm", BurnedInAnnotation="YES", **common)
    return folder


def written(qtbot: QtBot, room: Room, parting: Parting, folder: Path) -> tuple[set[str], list[str]]:
    """Write, and return the names of the folders and files there and what was said of trouble."""
    told: list[str] = []
    room.parting.trouble.connect(told.append)
    room.parting.write(parting, folder)
    rooms.until(qtbot, lambda: not room.parting.busy)
    QApplication.processEvents()
    return {one.name for one in folder.iterdir()}, told


def test_everything_but_whose_it_is_goes_out_and_what_shows_text_is_kept_back(
    qtbot: QtBot, factory: doubles.Factory, study: Path, tmp_path: Path
) -> None:
    kinds = ("dicom", "sr", "csv", "pdf")
    with rooms.opened(qtbot, study, factory=factory) as room:
        rooms.settled(qtbot, room)
        names, told = written(qtbot, room, Parting(Scope.ALL, kinds), tmp_path / "out")
    assert {"dicom", "sr", "readings.csv", "report.pdf"} < names
    (sentence,) = told
    assert "burned into the pixels" in sentence
    made = [pydicom.dcmread(path) for path in (tmp_path / "out" / "dicom").rglob("*.dcm")]
    assert len(made) == 1 and made[0].PatientIdentityRemoved == "YES"
    for path in (tmp_path / "out").rglob("*"):
        assert "nna" not in str(path.relative_to(tmp_path))
        if path.is_file():
            content = path.read_bytes()
            assert NUMBER.encode() not in content and "Müller".encode() not in content


def test_the_reader_may_say_that_text_stays(
    qtbot: QtBot, factory: doubles.Factory, study: Path, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, study, factory=factory) as room:
        rooms.settled(qtbot, room)
        parting = Parting(Scope.ALL, ("dicom",), Options(accept_text=True))
        _, told = written(qtbot, room, parting, tmp_path / "out")
    assert told == []
    assert len(list((tmp_path / "out" / "dicom").rglob("*.dcm"))) == 2


def test_the_dialog_offers_what_there_is_and_remembers(
    qtbot: QtBot, factory: doubles.Factory, study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[tuple[Parting, Path]] = []
    with rooms.opened(qtbot, study, factory=factory) as room:
        rooms.settled(qtbot, room)
        monkeypatch.setattr(room.parting._destinations, "folder", lambda title, name: tmp_path / name)
        monkeypatch.setattr(room.parting, "write", lambda parting, folder: wanted.append((parting, folder)))
        room.bar.actions["export.deidentified"].trigger()
        dialog = room.parting.dialog
        assert isinstance(dialog, DeidentifyDialog) and dialog.isVisible()
        assert not dialog.scopes[Scope.MARKED].isEnabled(), "nothing is marked"
        for box in dialog.kinds.values():
            box.setChecked(False)
        assert not dialog.choose.isEnabled()
        dialog.kinds["csv"].setChecked(True)
        dialog.scopes[Scope.ALL].setChecked(True)
        dialog.options["blank_text"].setChecked(True)
        dialog.choose.click()
        expected = Parting(Scope.ALL, ("csv",), Options(blank_text=True))
        assert wanted == [(expected, tmp_path / "BreastView de-identified")]
        room.bar.actions["export.deidentified"].trigger()
        assert room.parting.dialog.parting() == expected
        room.parting.dialog.reject()
