"""What is written when the reader asks for a report."""

from __future__ import annotations

from pathlib import Path

import pypdf
import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.controllers.exporting import file_name
from breastview.settings import Settings
from tests import doubles, phantoms, rooms


def text_of(report: Path) -> str:
    pages = pypdf.PdfReader(report).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_report_asked_for_before_the_ai_has_read_the_picture_waits_for_it(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    factory.attributes["seconds"] = 1.0
    folder = tmp_path / "scans"
    phantoms.picture(folder / "case (1).png", phantoms.speckle(seed=1))
    quiet = Settings(analyse_in_background=False, prefetch=0)
    with rooms.opened(qtbot, folder, factory=factory, settings=quiet) as room:
        rooms.until(qtbot, lambda: bool(room.exporting.frames(marked=False)))
        frames = room.exporting.frames(marked=False)
        assert room.session.cached_analysis(*frames[0]) is None
        room.exporting.write("pdf", frames, tmp_path / "report.pdf")
        rooms.until(qtbot, lambda: not room.exporting.busy)
    assert "A stand-in for tests." in text_of(tmp_path / "report.pdf")


def test_a_report_of_a_picture_that_the_ai_fails_on_says_so(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    factory.attributes["fails"] = lambda instance, frame: True
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        room.exporting.write("pdf", room.exporting.frames(marked=False), tmp_path / "report.pdf")
        rooms.until(qtbot, lambda: not room.exporting.busy)
    assert "the stand-in was told to fail" in text_of(tmp_path / "report.pdf")


@pytest.mark.parametrize(
    ("label", "name"),
    [("scans.zip/a/b (1).png", "b (1).pdf"), ("a\\b:c.dcm", "b_c.pdf"), ("", "report.pdf")],
)
def test_the_suggested_file_name_is_the_picture_s(label: str, name: str) -> None:
    assert file_name(label, ".pdf") == name
