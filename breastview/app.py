"""The desktop application: window first, everything heavy behind it."""

from __future__ import annotations

import atexit
import faulthandler
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import QApplication

from breastview import __version__, language, paths, settings
from breastview.errors import StoreError
from breastview.gui import crash, speech, theme, trace
from breastview.gui.termination import Termination
from breastview.gui.undressed import undressed

if TYPE_CHECKING:
    from breastview.gui.room import Room


def application() -> QApplication:
    """Return the dressed application; there is one a process."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        theme.apply(there)
        return there
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    made = QApplication(sys.argv[:1])
    made.setApplicationName("BreastView")
    made.setApplicationDisplayName("BreastView")
    made.setApplicationVersion(__version__)
    made.setDesktopFileName("breastview")
    theme.apply(made)
    return made


def _icon(made: QApplication) -> None:
    from PySide6.QtGui import QIcon

    found = next(iter(sorted((paths.resources() / "icons").glob("breastview*.svg"))), None)
    if found is not None:
        made.setWindowIcon(QIcon(str(found)))


def _room(chosen: settings.Settings) -> Room:
    """Make session and room; a record that cannot be opened does not keep the reader from reading."""
    from breastview.gui.room import Room
    from breastview.session import Session
    from breastview.session.endings import Endings
    from breastview.store import Store

    endings = Endings(paths.runs_folder())
    crash.watch_native(endings.trace())

    trouble = ""
    try:
        store = Store.of_user()
    except StoreError as error:
        store, trouble = Store(), f"{error} {language.mark('What you write now is not kept.')}"
    with undressed():
        room = Room(Session(chosen, store, endings=endings))
    if trouble:
        from breastview.gui.message_bar import Kind

        room.window.messages.say(trouble, Kind.ERROR)
    return room


def _end(made: QApplication, room: Room) -> None:
    """Close as if the reader had closed the window, whatever dialog is open on it."""
    room.close()
    made.closeAllWindows()
    made.exit()


def run(sources: Sequence[Path] = (), demo: bool = False) -> int:
    """Show the window and return the exit status when it is closed.

    Parameters
    ----------
    sources : sequence of Path
        What to open; without any, what was open last time.
    demo : bool
        Open the study that comes with the application instead.
    """
    crash.start_log()
    made = application()
    _icon(made)
    chosen = settings.load()
    speech.speak(chosen.language)
    room = _room(chosen)
    crash.install(room.keep, room.supporting.crashed)
    termination = Termination(lambda: _end(made, room))
    trace.begin(room)
    room.start([Path(source) for source in sources], demo)
    status = made.exec()
    room.close()
    termination.stop()
    faulthandler.disable()
    # A thread inside TensorFlow's import cannot be stopped, and taking the interpreter down under it would
    # crash: everything is saved and closed by now, so child processes and temporary folders are cleared away
    # and the process ends.
    if room.inference.running:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status
