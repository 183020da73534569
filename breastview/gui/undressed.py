"""Building a window without the style sheet: it is dressed whole at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication


@contextmanager
def undressed() -> Iterator[None]:
    """Take the application's style sheet off while a window is built, and put it on again.

    Under it a widget is polished each time that it, or what it lies in, gets a parent: that took more than
    half of the time of building the window.
    """
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("there is no application to build a window for")
    sheet = application.styleSheet()
    application.setStyleSheet("")
    try:
        yield
    finally:
        application.setStyleSheet(sheet)
