"""What is fetched beside the window, and what of it comes too late."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from breastview.gui.workers.pictures import PictureLoader, Shown
from breastview.session import Session
from breastview.settings import Settings
from breastview.study.instance import Instance
from tests import phantoms
from tests.rooms import until


class Heard:
    """A loader and what it handed over."""

    def __init__(self, folder: Path) -> None:
        phantoms.picture(folder / "a.png", phantoms.speckle(seed=1))
        phantoms.picture(folder / "b.png", phantoms.speckle(seed=2))
        self.session = Session(Settings())
        self.one, self.other = (e for e in self.session.open([folder]) if isinstance(e, Instance))
        self.loader = PictureLoader(self.session)
        self.shown: list[Shown] = []
        self.beside: list[Shown] = []
        self.thumbnails: list[int] = []
        self.loader.loaded.connect(self.shown.append)
        self.loader.beside_loaded.connect(lambda shown, _wall: self.beside.append(shown))
        self.loader.thumbnail.connect(lambda row, _made: self.thumbnails.append(row))

    def finish(self) -> None:
        """Let the threads answer without the window hearing of it yet."""
        for pool in (self.loader._front, self.loader._side, self.loader._back):
            assert pool.settle(30_000)


@pytest.fixture
def heard(qtbot: QtBot, tmp_path: Path) -> Heard:
    return Heard(tmp_path)


def test_a_picture_that_is_on_its_way_does_not_come_after_another_was_asked_for(
    qtbot: QtBot, heard: Heard
) -> None:
    heard.loader.show((0, 0), heard.one)
    heard.finish()
    heard.loader.show((0, 0), heard.other)
    heard.finish()
    until(qtbot, lambda: bool(heard.shown))
    assert [shown.pixels is heard.session.pixels(heard.other) for shown in heard.shown] == [True]


def test_whether_a_picture_was_fetched_is_known_before_the_window_hears_of_it(heard: Heard) -> None:
    heard.loader.show((0, 0), heard.one)
    heard.finish()
    assert heard.loader.on_its_way and not heard.shown
    heard.loader.forget()
    assert not heard.loader.on_its_way


def test_nothing_that_is_on_its_way_comes_after_the_list_was_replaced(qtbot: QtBot, heard: Heard) -> None:
    heard.loader.show((0, 0), heard.one)
    heard.loader.show_beside([((1, 0), heard.other)])
    heard.loader.want_thumbnail(1, heard.other)
    heard.finish()
    heard.loader.new_list()
    QCoreApplication.processEvents()
    assert (heard.shown, heard.beside, heard.thumbnails) == ([], [], [])
    heard.loader.show_beside([((0, 0), heard.one)])
    heard.loader.want_thumbnail(0, heard.one)
    until(qtbot, lambda: bool(heard.beside and heard.thumbnails))
    assert [shown.place for shown in heard.beside] == [(0, 0)] and heard.thumbnails == [0]
