"""A window that is driven as a reader drives it, and photographed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

import pictures
from breastview import app, paths
from breastview.gui import speech
from breastview.gui.report_preview import ReportPreview
from breastview.gui.room import Room
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store

SIZES = ((1280, 800), (2560, 1440))
PATIENCE_S = 600.0
DEMO = paths.resources() / "demo"


class Stage:
    """Opens rooms and keeps their pictures.

    Attributes
    ----------
    folder : Path
        For phantoms and records; emptied by whoever made it.
    """

    sizes = SIZES

    def __init__(self, folder: Path, into: Path) -> None:
        self.folder, self._into = folder, into
        app.application()

    @contextmanager
    def room(self, *sources: Path, settings: Settings | None = None, language: str = "en") -> Iterator[Room]:
        """Open a room on sources with the models that are installed, and close it at the end."""
        speech.speak(language)
        room = Room(Session(settings or Settings(), Store.of_user()))
        room.start(sources)
        if sources:
            until(lambda: room.inference.running and bool(room.model.rows) and not room.opening.reading)
            settle(room)
        try:
            yield room
        finally:
            room.window.close()
            room.close()  # the window itself lives on: an answer still on its way wants its labels
            QApplication.processEvents()
            speech.speak("en")

    def take(self, name: str, room: Room, show: Callable[[], None] | None = None) -> None:
        """Photograph the window in every size, with what `show` opens in front of it (and closes again)."""
        for width, height in self.sizes:
            room.window.resize(width, height)
            rest()
            settle(room)
            if show is not None:
                show()
                rest()
            self.keep(name, room, (width, height))
            for dialog in dialogs(room.window):
                dialog.reject()
            rest()

    def keep(self, name: str, room: Room, size: tuple[int, int]) -> None:
        """Write what is on the screen now; few colours do for large ones, and behind a dialog."""
        width, height = size
        plain = any(not isinstance(one, ReportPreview) for one in dialogs(room.window))
        plain = plain or (size == SIZES[-1] and name != "reading")
        pictures.write(together(room.window), self._into / f"{name}-{width}x{height}.png", plain)


def dialogs(window: QWidget) -> list[QDialog]:
    """Return the dialogs in front of a window."""
    return [one for one in window.findChildren(QDialog) if one.isVisible()]


def together(window: QWidget) -> QPixmap:
    """Return a window with the dialogs in front of it, as a screen shows them."""
    made = window.grab()
    painter = QPainter(made)
    for dialog in dialogs(window):
        painter.drawPixmap(dialog.mapToGlobal(QPoint()) - window.mapToGlobal(QPoint()), dialog.grab())
    painter.end()
    return made


def until(true: Callable[[], bool]) -> None:
    """Let the window live until something holds.

    Raises
    ------
    TimeoutError
        If it does not come to hold.
    """
    end = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("what the scene waits for does not happen")
        QTest.qWait(20)


def rest(milliseconds: int = 250) -> None:
    """Let the window draw what it has."""
    QTest.qWait(milliseconds)


def settle(room: Room) -> None:
    """Wait until the shown picture is up, read by the AI and described."""
    showing = room.showing
    until(lambda: room.desk.state.case is None or showing.place == room.desk.state.place)
    until(
        lambda: (
            showing.shown is None
            or showing.shown.pixels is None
            or showing.hidden
            or showing.analysis is not None
            or showing.ai_failed
        )
    )
    until(lambda: not room.editing.describing.busy)


def all_read(room: Room) -> None:
    """Wait until the AI has read the whole list."""
    until(lambda: all(row.score is not None or row.instance is None for row in room.model.rows))


def go(room: Room, name: str) -> None:
    """Show the picture of a file's name."""
    rows = [at for at, row in enumerate(room.model.rows) if row.entry.path.name == name]
    room.stepping.row(rows[0])
    settle(room)
    rest()


def do(room: Room, identifier: str) -> None:
    """Choose a command, as by its key."""
    room.bar.actions[identifier].trigger()
    rest(80)


def drag(room: Room, points: list[tuple[float, float]], pane: int = 0) -> None:
    """Draw with the left button through points in px of the frame."""
    canvas = room.window.panes.pane(pane).canvas
    spots = [canvas.to_view()(x, y).toPoint() for x, y in points]
    at = spots[0]
    QApplication.sendEvent(canvas, QEnterEvent(at, at, canvas.mapToGlobal(at)))
    QTest.mouseMove(canvas, at)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at)
    for spot in spots[1:]:
        QTest.mouseMove(canvas, spot)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spots[-1])
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    rest()
