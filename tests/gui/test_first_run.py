"""What a reader meets before anything is open, and what is remembered of earlier days."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from breastview.gui.empty_state import EmptyState
from tests import doubles, rooms

LONG = Path("/mnt") / "/".join(f"a folder with a long name {n}" for n in range(9)) / "series"


def test_the_first_window_says_how_to_begin(qtbot: QtBot, factory: doubles.Factory) -> None:
    with rooms.opened(qtbot, factory=factory) as room:
        assert room.window.empty.isVisible()
        words = {label.text() for label in room.window.empty.findChildren(QLabel)}
        assert "Drop a study here" in words and "Ctrl+K finds every command; ? shows all keys" in words
        assert not room.recent.menu.isEnabled()


def test_long_recent_paths_are_shortened_in_the_middle_and_told_whole(qtbot: QtBot) -> None:
    empty = EmptyState()
    qtbot.addWidget(empty)
    empty.resize(900, 700)
    empty.show()
    empty.set_recent([LONG, Path("/data/study.zip")])
    first, second = (b for b in empty.findChildren(QPushButton) if b.toolTip().startswith("/"))
    assert first.text().startswith("series   ·   /mnt") and "…" in first.text()
    assert first.toolTip() == str(LONG) and str(LONG) in first.accessibleName()
    assert first.fontMetrics().horizontalAdvance(first.text()) <= empty.card.width()
    assert second.text() == "study.zip   ·   /data"
    with qtbot.waitSignal(empty.recent_wanted, timeout=60_000) as told:
        second.click()
    assert told.args == [Path("/data/study.zip")]


def test_the_recent_list_can_be_forgotten(qtbot: QtBot, factory: doubles.Factory, scans: Path) -> None:
    with rooms.opened(qtbot, scans, factory=factory) as room:
        rooms.settled(qtbot, room)
        rooms.until(qtbot, lambda: room.session.store.recent() == (scans,))
        entries = room.recent.menu.actions()
        assert [entries[0].text(), entries[-1].text()] == [str(scans), "Forget this list"]
        entries[-1].trigger()
        assert room.session.store.recent() == () and not room.recent.menu.isEnabled()
