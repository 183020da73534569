"""A room that knows one archive, which lies in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from breastview.pacs import configuration, connect
from breastview.pacs.configuration import Archives, DimseSettings
from tests import doubles, rooms
from tests.gui.archives.fakes import FakeArchive, row

MAIN = DimseSettings(name="Main archive", host="pacs.example", called="PACS")


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> FakeArchive:
    """Put an archive of two studies in the place of every one there is."""
    fake = FakeArchive([row("1.2.1"), row("1.2.2", "Muster^Erika", date(2026, 1, 5), objects=3)])
    monkeypatch.setattr(connect, "archive", fake)
    return fake


@pytest.fixture
def room(
    qtbot: QtBot, archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Room]:
    """Return an empty room whose settings name the archive."""
    doubles.install(monkeypatch, tmp_path / "models")
    configuration.save(Archives((MAIN,)))
    with rooms.opened(qtbot) as made:
        yield made
