"""A reading room with a stand-in AI on a folder of phantoms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.room import Room
from tests import doubles, phantoms, rooms


@pytest.fixture
def factory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> doubles.Factory:
    """Install the stand-in AI and return its factory."""
    doubles.install(monkeypatch, tmp_path / "models")
    return doubles.Factory()


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Return a folder of three pictures, a cine of three frames and a broken file."""
    folder = tmp_path / "scans"
    for n in (1, 2, 10):
        phantoms.picture(folder / f"case ({n}).png", phantoms.speckle(seed=n))
    phantoms.us_cine(folder / "cine.dcm", frames=3)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    return folder


@pytest.fixture
def room(qtbot: QtBot, factory: doubles.Factory, scans: Path) -> Iterator[Room]:
    """Return a room with the phantoms listed and the first one read by the AI."""
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        yield room
