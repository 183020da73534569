"""The desktop application: window first, everything heavy behind it."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from breastview import __version__, paths, settings
from breastview.errors import StoreError
from breastview.gui import crash, theme

if TYPE_CHECKING:
    from breastview.gui.room import Room

TRACE = "BREASTVIEW_TRACE"
"""Environment variable: print the seconds from process start to the first paint, for `breastview bench`."""


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


def _room() -> Room:
    """Make session and room; a record that cannot be opened does not keep the reader from reading."""
    from breastview.gui.room import Room
    from breastview.session import Session
    from breastview.store import Store

    trouble = ""
    try:
        store = Store.of_user()
    except StoreError as error:
        store, trouble = Store(), f"{error} What you write now is not kept."
    room = Room(Session(settings.load(), store))
    if trouble:
        from breastview.gui.message_bar import Kind

        room.window.messages.say(trouble, Kind.ERROR)
    return room


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
    room = _room()
    crash.install(room.keep, lambda sentence: QMessageBox.warning(room.window, "BreastView", sentence))
    if os.environ.get(TRACE):
        room.window.painted.connect(_print_start)
    room.start([Path(source) for source in sources], demo)
    status = made.exec()
    room.close()
    # A thread inside TensorFlow's import cannot be stopped, and taking the interpreter down under it would
    # crash: everything is saved and closed by now, so child processes and temporary folders are cleared away
    # and the process ends.
    if room.inference.running:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def _print_start() -> None:
    import time

    with Path("/proc/self/stat").open(encoding="ascii") as file:
        ticks = int(file.read().rsplit(")", 1)[1].split()[19])
    boot = time.clock_gettime(time.CLOCK_BOOTTIME)
    seconds = boot - ticks / os.sysconf("SC_CLK_TCK")
    QTimer.singleShot(0, lambda: print(f"first paint after {seconds:.3f} s", flush=True))  # noqa: T201
