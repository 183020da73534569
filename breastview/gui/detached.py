"""Panes in windows of their own, on another screen where there is one; closed, they come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from breastview.gui.main_window import MainWindow
from breastview.language import tr

SHARE = 0.6
"""Of the screen that a window takes where there is no other screen to fill."""


class DetachedWindow(QWidget):
    """Holds one widget until it is closed.

    Attributes
    ----------
    closed : Signal()
        The widget must go back now.
    """

    closed = Signal()

    def __init__(self, held: QWidget, title: str, actions: Sequence[QAction]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.held = held
        self.setWindowTitle(title)
        self.setObjectName("detached")
        self.setStyleSheet("QWidget#detached { background: black; }")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(held)
        held.show()
        self.addActions(list(actions))
        whole = QShortcut(QKeySequence("Alt+Return"), self)
        whole.activated.connect(self.fill_or_not)

    def fill_or_not(self) -> None:
        """Fill the screen, or stand as a window on it."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def stand(self, screen: QScreen | None, geometry: QRect | None, full: bool) -> None:
        """Show the window on a screen, where it was before or filling it."""
        if screen is not None:
            area = screen.availableGeometry()
            whole = QRect(0, 0, round(area.width() * SHARE), round(area.height() * SHARE))
            whole.moveCenter(area.center())
            self.setScreen(screen)
            self.setGeometry(geometry if geometry is not None and area.intersects(geometry) else whole)
        self.showFullScreen() if full else self.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the widget back; nothing can hold the window open."""
        self.closed.emit()
        super().closeEvent(event)


def screen_for(names: Sequence[str], main: str, remembered: str) -> str:
    """Return the screen for a window of its own: where it was, else one that the main window is not on.

    Parameters
    ----------
    names : sequence of str
        Screens there are.
    main, remembered : str
        Where the main window is, and where the other one was before; empty: nowhere.
    """
    if remembered in names:
        return remembered
    return next((name for name in names if name != main), main)


class Detached(QObject):
    """Moves the pictures out of the main window and back.

    Attributes
    ----------
    changed : Signal()
        Something went or came back.
    """

    changed = Signal()

    def __init__(self, window: MainWindow, actions: Callable[[], Sequence[QAction]]) -> None:
        super().__init__(window)
        self._window, self._actions = window, actions
        self._pictures: DetachedWindow | None = None
        self._panes: dict[int, DetachedWindow] = {}
        self._places: dict[str, dict[str, Any]] = {}

    @property
    def pictures_out(self) -> bool:
        """Whether all panes are in a window of their own."""
        return self._pictures is not None

    @property
    def panes_out(self) -> bool:
        """Whether a single pane is."""
        return bool(self._panes)

    def pictures(self) -> None:
        """Move all panes to a window of their own, or back."""
        if self._pictures is not None:
            self._pictures.close()
            return
        self._panes_back()
        panes = self._window.release_pictures()
        made = DetachedWindow(panes, tr("Pictures"), self._actions())
        made.closed.connect(self._pictures_back)
        self._pictures = made
        self._show(made, "pictures")

    def pane(self) -> None:
        """Move the active pane to a window of its own; where one is out already, all come back."""
        if self._panes:
            self._panes_back()
            return
        row = self._window.panes
        if self._pictures is not None or len(row.here) < 2:
            if self._pictures is None:
                self.pictures()
            return
        index = row.active
        pane = row.release(index)
        made = DetachedWindow(pane, tr("Pane {number}").format(number=index + 1), self._actions())
        made.closed.connect(lambda: self._pane_back(index))
        self._panes[index] = made
        self._show(made, "pane")

    def _show(self, made: DetachedWindow, kind: str) -> None:
        place = self._places.get(kind, {})
        screens = {screen.name(): screen for screen in QGuiApplication.screens()}
        main = self._window.screen().name()
        name = screen_for(list(screens), main, str(place.get("screen", "")))
        known = name == place.get("screen")
        full = bool(place.get("full")) if known else name != main
        made.stand(screens.get(name), _rectangle(place.get("geometry")) if known else None, full)
        made.activateWindow()
        self._window.panes.setFocus(Qt.FocusReason.OtherFocusReason)  # keys go on to the pictures
        self.changed.emit()

    def _keep_place(self, kind: str, made: DetachedWindow) -> None:
        here = made.normalGeometry() if made.isFullScreen() else made.geometry()
        self._places[kind] = {
            "screen": made.screen().name(),
            "geometry": list(here.getRect()),  # type: ignore[call-overload]
            "full": made.isFullScreen(),
        }

    def _pictures_back(self) -> None:
        made, self._pictures = self._pictures, None
        if made is not None:
            self._keep_place("pictures", made)
            self._window.take_pictures_back()
            self._window.panes.setFocus(Qt.FocusReason.OtherFocusReason)
            made.deleteLater()
            self.changed.emit()

    def _panes_back(self) -> None:
        for made in list(self._panes.values()):
            made.close()

    def _pane_back(self, index: int) -> None:
        made = self._panes.pop(index, None)
        if made is not None:
            self._keep_place("pane", made)
            self._window.panes.take_back(index)
            made.deleteLater()
            self.changed.emit()

    def remembered(self) -> dict[str, Any]:
        """Return what is out and where it stands, as plain values."""
        if self._pictures is not None:
            self._keep_place("pictures", self._pictures)
        for made in self._panes.values():
            self._keep_place("pane", made)
        return {"places": self._places, "pictures": self.pictures_out}

    def restore(self, values: object) -> None:
        """Take what `remembered` gave; the pictures go out again if their screen is still there."""
        values = values if isinstance(values, dict) else {}
        places = values.get("places")
        if isinstance(places, dict):
            self._places = {str(kind): one for kind, one in places.items() if isinstance(one, dict)}
        there = {screen.name() for screen in QGuiApplication.screens()}
        if values.get("pictures") is True and self._places.get("pictures", {}).get("screen") in there:
            self.pictures()

    def close(self) -> None:
        """Bring everything back."""
        self._panes_back()
        if self._pictures is not None:
            self._pictures.close()


def _rectangle(values: object) -> QRect | None:
    sound = isinstance(values, list) and len(values) == 4 and all(isinstance(one, int) for one in values)
    return QRect(*values) if sound and isinstance(values, list) else None
