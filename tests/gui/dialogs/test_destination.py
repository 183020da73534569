"""Where an output goes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui.dialogs.destination import DestinationDialogs


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[QWidget, str]]:
    """What the system's dialog was opened with; it answers with a file in a folder of its own."""
    found: list[tuple[QWidget, str]] = []

    def answer(parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        found.append((parent, start))
        return str(tmp_path / "chosen" / "mine"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return found


def documents(monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: folder)


def test_it_begins_among_the_documents_and_then_where_the_last_one_went(
    qtbot: QtBot, asked: list[tuple[QWidget, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    documents(monkeypatch, str(tmp_path))
    window = QWidget()
    qtbot.addWidget(window)
    dialogs = DestinationDialogs(window)
    assert dialogs.file("Report", "case.pdf", ".pdf") == tmp_path / "chosen" / "mine.pdf"
    dialogs.file("Report", "next.pdf", ".pdf")
    assert [start for _, start in asked] == [
        str(tmp_path / "case.pdf"),
        str(tmp_path / "chosen" / "next.pdf"),
    ]


@pytest.mark.parametrize("folder", ["", "/no/such/folder"])
def test_it_begins_at_home_where_there_are_no_documents(
    qtbot: QtBot,
    asked: list[tuple[QWidget, str]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: str,
) -> None:
    documents(monkeypatch, folder)
    window = QWidget()
    qtbot.addWidget(window)
    DestinationDialogs(window).file("Report", "case.pdf", ".pdf")
    assert asked == [(window, str(tmp_path / "home" / "case.pdf"))]


def test_it_comes_above_the_dialog_that_is_open(
    qtbot: QtBot, asked: list[tuple[QWidget, str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    documents(monkeypatch, str(tmp_path))
    window = QWidget()
    qtbot.addWidget(window)
    preview = QDialog(window)
    preview.open()
    DestinationDialogs(window).file("Report", "case.pdf", ".pdf")
    assert asked[0][0] is preview
