"""Whatever goes wrong: neither log, nor standard output, nor support bundle names a patient."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from breastview import paths
from breastview.gui import crash
from breastview.session import diagnosis
from breastview.settings import Settings
from tests import doubles, phantoms, rooms
from tests.faults.campaign import figure

SECRETS = ("Zwiebelturm", "Quastenflosser", "Xanthippe-4711", "19610704")
"""Of patient, folder, file and birthday; no hash and no UID can hold the letters, no time the digits."""


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write the log and catch what nobody catches, as the window does."""
    logger = logging.getLogger("breastview")
    before, propagate, level = list(logger.handlers), logger.propagate, logger.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    crash.start_log()
    yield paths.log_file()
    for handler in set(logger.handlers) - set(before):
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = propagate
    logger.setLevel(level)


def broken(folder: Path) -> Path:
    """Write pictures of a patient, some damaged at their head, their pixels, their end."""
    for number in range(6):
        path = phantoms.us_grey(
            folder / f"Zwiebelturm {number}.dcm", PatientName="Zwiebelturm^Rapunzel",
            PatientID="Xanthippe-4711", PatientBirthDate="19610704",
        )  # fmt: skip
        content = bytearray(path.read_bytes())
        if number % 3 == 1:
            content[200 + 40 * number : 260 + 40 * number] = b"\xff" * 60
        elif number % 3 == 2:
            del content[len(content) - 2000 :]
        path.write_bytes(content)
    return folder


@pytest.mark.qt_no_exception_capture
def test_no_log_and_no_support_bundle_names_the_patient(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    log: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    doubles.install(monkeypatch, tmp_path / "models")
    folder = broken(tmp_path / "Quastenflosser")

    told: list[str] = []
    asked: list[int] = []

    def fails(instance: object, frame: int) -> bool:
        asked.append(frame)
        raise RuntimeError(f"Zwiebelturm in {folder}")

    with rooms.opened(qtbot, folder, factory=doubles.Factory(fails=fails)) as room:
        crash.install(room.keep, told.append)
        rooms.settled(qtbot, room)
        for row in range(len(room.model.rows)):
            room.stepping.row(row)
            rooms.settled(qtbot, room)
        first = room.model.rows[0].instance
        assert first is not None
        room.exporting.write("json", [(first, 0)], folder / "Zwiebelturm 0.dcm" / "out.json")
        rooms.until(qtbot, lambda: not room.exporting.busy)
        QTimer.singleShot(0, lambda: int("Zwiebelturm Rapunzel"))
        thread = threading.Thread(target=lambda: int("Xanthippe-4711 Quastenflosser"))
        thread.start()
        thread.join()
        rooms.until(qtbot, lambda: bool(told))
        said = diagnosis.report(Settings())
    for handler in logging.getLogger("breastview").handlers:
        handler.flush()
    written = log.read_text(encoding="utf-8")
    assert asked and written.count("ValueError") == 2, "the log misses what happened"
    out, err = capfd.readouterr()
    for text in (written, said, out, err, *told):
        assert not [secret for secret in SECRETS if secret.casefold() in text.casefold()], text
    figure("damaged files, a failing AI, unforeseen errors: words of the patient in logs and reports", 9)
