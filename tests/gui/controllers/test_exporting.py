"""What is written when the reader asks for a report."""

from __future__ import annotations

import threading
from pathlib import Path

import pypdf
import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from breastview.gui.controllers.exporting import Scope, file_name
from breastview.gui.dialogs.destination import free
from breastview.gui.export_menu import offered
from breastview.language import tr
from breastview.settings import Settings
from breastview.study.instance import Refusal
from tests import doubles, phantoms, rooms


def text_of(report: Path) -> str:
    pages = pypdf.PdfReader(report).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_report_asked_for_before_the_ai_has_read_the_picture_waits_for_it(
    qtbot: QtBot, factory: doubles.Factory, tmp_path: Path
) -> None:
    factory.attributes["gate"] = gate = threading.Event()
    folder = tmp_path / "scans"
    phantoms.picture(folder / "case (1).png", phantoms.speckle(seed=1))
    quiet = Settings(analyse_in_background=False, prefetch=0)
    with rooms.opened(qtbot, folder, factory=factory, settings=quiet) as room:
        rooms.until(qtbot, lambda: bool(room.exporting.frames(Scope.IMAGE)))
        frames = room.exporting.frames(Scope.IMAGE)
        assert room.session.cached_analysis(*frames[0]) is None
        room.exporting.write("pdf", frames, tmp_path / "report.pdf")
        gate.set()
        rooms.until(qtbot, lambda: not room.exporting.busy)
    assert "A stand-in for tests." in text_of(tmp_path / "report.pdf")


def test_a_report_of_a_picture_that_the_ai_fails_on_says_so(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    factory.attributes["fails"] = lambda instance, frame: True
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        room.exporting.write("pdf", room.exporting.frames(Scope.IMAGE), tmp_path / "report.pdf")
        rooms.until(qtbot, lambda: not room.exporting.busy)
    assert "the stand-in was told to fail" in text_of(tmp_path / "report.pdf")


class Chosen:
    """A reader who always answers with the same folder."""

    def __init__(self, folder: Path) -> None:
        self.into = folder
        self.asked: list[str] = []

    def file(self, title: str, suggestion: str, suffix: str) -> Path | None:
        self.asked.append(suggestion)
        return self.into / suggestion

    def folder(self, title: str, suggestion: str) -> Path | None:
        self.asked.append(suggestion)
        return free(self.into / suggestion)


def submenu(menu: QMenu, name: str) -> QMenu:
    return next(one.menu() for one in menu.actions() if one.text().startswith(name))  # type: ignore[return-value]


def test_every_output_there_is_stands_in_the_menu_and_writes_all_listed_images(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        rooms.until(qtbot, lambda: not room.opening.reading)
        there = Chosen(tmp_path / "out")
        there.into.mkdir()
        room.exporting._destinations = there
        room.export_menu.fill()
        titles = [tr(title) for _, title in offered()]
        entries = [one.text() for one in room.export_menu.menu.actions() if not one.isSeparator()]
        assert entries == titles and len(titles) >= 5
        for title in ("Table (CSV)", "Key image (PNG)"):
            one, marked, everything = submenu(room.export_menu.menu, title).actions()
            assert one.isEnabled() and not marked.isEnabled() and everything.isEnabled()
            everything.trigger()
            rooms.until(qtbot, lambda: not room.exporting.busy)
        frames = room.exporting.frames(Scope.ALL)
        table = (there.into / there.asked[0]).read_text(encoding="utf-8").splitlines()
        assert len(table) == 1 + len(frames)
        pictures = list((there.into / there.asked[1]).rglob("*.png"))
        assert len(pictures) == len([frame for frame in frames if not isinstance(frame, Refusal)])
        assert "Saved" in room.window.messages.text.text()
        assert room.window.messages.button.text() == "Show in folder"


def test_one_image_of_an_output_of_many_files_gets_the_name_that_was_chosen(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        room.exporting._destinations = Chosen(tmp_path)
        room.exporting.ask("masks", Scope.IMAGE)
        rooms.until(qtbot, lambda: not room.exporting.busy)
    assert [path.suffix for path in tmp_path.iterdir() if path.is_file()] == [".png"]


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    assert free(tmp_path / "a.pdf") == tmp_path / "a.pdf"
    (tmp_path / "a.pdf").touch()
    (tmp_path / "a (2).pdf").touch()
    assert free(tmp_path / "a.pdf") == tmp_path / "a (3).pdf"


@pytest.mark.parametrize(
    ("label", "name"),
    [("scans.zip/a/b (1).png", "b (1).pdf"), ("a\\b:c.dcm", "b_c.pdf"), ("", "report.pdf")],
)
def test_the_suggested_file_name_is_the_picture_s(label: str, name: str) -> None:
    assert file_name(label, ".pdf") == name


def test_an_output_for_archives_does_not_offer_the_pictures_own_name(
    qtbot: QtBot, factory: doubles.Factory, scans: Path, tmp_path: Path
) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        there = Chosen(tmp_path / "out")
        there.into.mkdir()
        room.exporting._destinations = there
        room.exporting.ask("sr")
        rooms.until(qtbot, lambda: not room.exporting.busy)
        label = room.showing.instance.label
        assert there.asked == [f"{Path(label).stem}_sr.dcm"]
        assert sorted(path.suffix for path in there.into.iterdir()) == [".dcm", ".dcm"]
