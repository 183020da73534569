"""A reading room on a stand-in AI, as a test needs it."""

from __future__ import annotations

import faulthandler
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from breastview import app
from breastview.gui.room import Room
from breastview.gui.undressed import undressed
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from tests import doubles

LONG_MS = 60_000


@contextmanager
def opened(
    qtbot: QtBot,
    *sources: Path,
    factory: doubles.Factory | None = None,
    settings: Settings | None = None,
) -> Iterator[Room]:
    """Show a room on the user's own record and close it at the end, as the reader would."""
    app.application()
    with undressed():
        room = Room(Session(settings or Settings(), Store.of_user(), factory or doubles.Factory()))
    room.start(sources)
    qtbot.waitUntil(lambda: room.inference.running, timeout=LONG_MS)
    try:
        yield room
    finally:
        room.window.close()
        room.close()
        room.window.deleteLater()
        QApplication.processEvents()  # answers on their way still find what they are for
        # At once: left to the next event loop, Python's collector may destroy it before, on any thread.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def settled(qtbot: QtBot, room: Room) -> None:
    """Wait until everything is listed, the shown picture is up and the AI has nothing to do."""
    until(qtbot, lambda: not room.opening.reading and arrived(room))
    until(qtbot, lambda: room.showing.shown is None or room.showing.shown.pixels is None or answered(room))
    until(qtbot, lambda: not room.editing.describing.busy)
    # A widget added to a shown one is itself shown by the next turn of the event loop.
    QApplication.processEvents()


def arrived(room: Room) -> bool:
    """Return whether what the reader wants to see is on the desk."""
    case = room.desk.state.case
    if case is not None and room.model.rows[case].instance is None:
        return room.showing.entry is room.model.rows[case].entry
    return room.showing.place == room.desk.state.place


def answered(room: Room) -> bool:
    """Return whether the AI has said something of the shown frame, or that it cannot."""
    return room.showing.analysis is not None or room.showing.ai_failed


def press(room: Room, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is."""
    QTest.keyClick(focused(room), key, modifier)


def write(room: Room, text: str) -> None:
    """Type text where the focus is."""
    QTest.keyClicks(focused(room), text)


def focused(room: Room) -> QWidget:
    """Return the widget that gets the keys."""
    return QApplication.focusWidget() or room.window


def until(qtbot: QtBot, true: Callable[[], bool]) -> None:
    """Wait until something holds; what every thread is at is written down where it does not."""
    try:
        qtbot.waitUntil(true, timeout=LONG_MS)
    except qtbot.TimeoutError:
        faulthandler.dump_traceback(sys.__stderr__, all_threads=True)
        raise
