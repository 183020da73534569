"""Names in the scripts of the world, in the character sets of scanners: through the list, out as DICOM.

How they are set in the report is tried in tests/exporters/test_pdf.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pydicom import dcmread
from pytestqt.qtbot import QtBot

from breastview.exporters._dicom_objects import objects
from breastview.exporters._protocol import ExportOptions
from breastview.readers.scan import describe
from tests import doubles, phantoms, rooms
from tests.exporters import dicoms
from tests.faults.campaign import figure

NAMES = {
    "Cyrillic": (["ISO_IR 144"], "Ковалёва^Мария"),
    "Arabic": (["ISO_IR 127"], "العلي^محمد"),
    "Chinese": (["GB18030"], "Wang^XiaoDong=王^小东"),
    "Chinese, Unicode": (["ISO_IR 192"], "Li^XiaoLong=李^小龍"),
    "Korean": (["", "ISO 2022 IR 149"], "Hong^Gildong=洪^吉洞=홍^길동"),
    "Japanese": (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=やまだ^たろう"),
    "umlauts": (["ISO_IR 100"], "Müller-Lüdenscheidt^Jürgen"),
    "Greek": (["ISO_IR 126"], "Παπαδόπουλος^Ελένη"),
    "Vietnamese, Unicode": (["ISO_IR 192"], "Nguyễn^Thị Hồng"),
}
OUT = ("sr", "gsps")


def written(folder: Path, script: str) -> Path:
    charset, name = NAMES[script]
    return phantoms.us_grey(folder / f"{script}.dcm", SpecificCharacterSet=charset, PatientName=name)


@pytest.mark.parametrize("script", NAMES)
def test_a_name_comes_in_and_goes_out_as_dicom(script: str, tmp_path: Path) -> None:
    path = written(tmp_path, script)
    found = describe(path, path.name)
    assert found is not None
    groups = NAMES[script][1].split("=")
    assert any(all(part in found.patient.name for part in group.split("^")) for group in groups)
    for made in objects([dicoms.read(path)], OUT, ExportOptions()):
        made.save_as(tmp_path / "out.dcm", enforce_file_format=True)
        assert str(dcmread(tmp_path / "out.dcm").PatientName) == NAMES[script][1]


def test_names_are_listed_found_and_drawn(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    for script in NAMES:
        written(tmp_path / "scans", script)
    with rooms.opened(qtbot, tmp_path / "scans") as room:
        rooms.settled(qtbot, room)
        names = [row.instance.patient.name for row in room.model.rows if row.instance is not None]
        assert len(names) == len(NAMES) and all(names)
        for name in names:
            room.desk.change(search=name.split()[0])
            assert len(room.model.cases) >= 1, name
        room.desk.change(search="")
        for row in range(len(names)):
            room.stepping.row(row)
            rooms.settled(qtbot, room)
            assert not room.window.panes.grab().isNull()
    figure("names in nine scripts: list, search, panes, DICOM out", len(NAMES))
