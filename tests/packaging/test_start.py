"""`make run`: the window where there is a display, the same study on the command line where there is none."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging._scripts import ROOT, script

start = script("start")
DEMO = ROOT / "resources" / "demo" / "pictures"


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every display away."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_display")
def test_no_display_is_named_as_the_reason() -> None:
    assert "no display" in start.obstacle()


@pytest.mark.usefixtures("no_display")
def test_a_display_that_does_not_answer_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":971")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert "cannot open a window" in start.obstacle()


@pytest.mark.usefixtures("no_display")
def test_drawing_nowhere_is_no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":971")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert "offscreen" in start.obstacle()


def test_a_folder_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SCANS", str(tmp_path / "nowhere"))
    assert start.main() == 2
    assert "nowhere: no such file or folder" in capsys.readouterr().err


@pytest.mark.usefixtures("no_display", "kept_graphs")
def test_without_a_display_table_and_report_are_left(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scans, out = tmp_path / "my scans", tmp_path / "out"
    scans.mkdir()
    shutil.copy(DEMO / "benign" / "cyst (1).png", scans)
    monkeypatch.setenv("SCANS", str(scans))
    monkeypatch.setenv("OUT", str(out))
    assert start.main() == 0, capfd.readouterr().err
    assert "there is no display" in capfd.readouterr().out
    with (out / "readings.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1
    assert "cyst (1).png" in str(rows[0])
    assert (out / "report.pdf").read_bytes().startswith(b"%PDF")


def test_the_shell_script_is_sound() -> None:
    command = ["sh", "-n", str(ROOT / "packaging" / "make_venv.sh")]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_main_py_is_the_command(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "main.py"), "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "BreastView" in done.stdout
