"""Opening the window, or saying why there is none: Qt itself would end the process without a word."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from breastview.errors import BreastViewError

_WINDOW = "breastview.app"
"""The composition root lies above the command line, so it is named here and not imported."""

_WITHOUT = "Without a window, `breastview analyse PATH --csv FILE` does the same work on the command line."
_LIBRARIES = {
    "libEGL.so.1": "libegl1", "libdbus-1.so.3": "libdbus-1-3", "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0", "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1", "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
}  # fmt: skip
"""What Qt's X11 plug-in loads, with the Debian package of each."""


def open_window(sources: Sequence[Path]) -> None:
    """Show the window on the sources until it is closed.

    Raises
    ------
    BreastViewError
        If no window can be opened here.
    typer.Exit
        With the exit code of the application.
    """
    why = obstacle()
    if why:
        raise BreastViewError(f"no window can be opened: {why}", remedy=_WITHOUT)
    try:
        window = importlib.import_module(_WINDOW)
    except ImportError as error:
        missing = error.name or str(error)
        raise BreastViewError(f"no window can be opened: {missing} is missing", remedy=_WITHOUT) from error
    code = window.run([Path(source).absolute() for source in sources])
    raise typer.Exit(int(code or 0))


def obstacle() -> str:
    """Return why no window can be opened, as a clause; empty where nothing stands against it."""
    if not sys.platform.startswith("linux"):
        return ""
    if os.environ.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] not in {"xcb", "wayland"}:
        return ""  # whoever chooses another platform knows what it shows
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY"):
        return "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
    missing = [package for library, package in _LIBRARIES.items() if not _loads(library)]
    if missing:
        return f"system libraries are missing (on Debian: apt install {' '.join(missing)})"
    return "" if _answers() else f"the display {os.environ['DISPLAY']} cannot be reached"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _answers() -> bool:
    """Return whether the X server of DISPLAY takes a connection."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # the packaged Qt may bring its own; it will say
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def misspelt(word: str, commands: Sequence[str]) -> str:
    """Return a hint where a word that is no path looks like a command, else an empty string."""
    from difflib import get_close_matches

    close = get_close_matches(word, commands, n=1)
    return f" Did you mean `breastview {close[0]}`?" if close else ""
