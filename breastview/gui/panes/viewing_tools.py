"""Tools that change how a picture is seen: window, pan and zoom on the left button, and the magnifier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCursor

from breastview.gui.icons import icon
from breastview.gui.panes.gestures import START
from breastview.gui.panes.look import LOUPE_LEAST, LOUPE_MOST, Look
from breastview.gui.panes.tools import Cursor, IdleTool, Touch

WINDOW, PAN, ZOOM, MAGNIFIER = "window", "pan", "zoom", "magnifier"
"""What `Look.tool` calls them."""

NEARER = 1.01
"""Factor of a drag upwards by one device-independent px."""


class Viewed(Protocol):
    """The panes, as far as these tools act on them: see `pane_row.PaneRow`."""

    @property
    def look(self) -> Look:
        """How the panes draw."""

    def choose(self, **fields: Any) -> None:
        """Change fields of the look."""

    def drag_window(self, dx: float, dy: float) -> None:
        """Window and level by a drag."""

    def zoom_about(self, factor: float, x: float, y: float) -> None:
        """Enlarge about a point."""

    def pan(self, dx: float, dy: float) -> None:
        """Pull the picture."""


@dataclass(frozen=True)
class Drag:
    """A step of a drag, and where the drag began, in device-independent px of the canvas."""

    step: QPointF
    start: QPointF


class DragTool(IdleTool):
    """Does with the left button what another button, or no tool, does: until another tool is chosen.

    Parameters
    ----------
    name : str
    shape : Qt.CursorShape or str
        A cursor of the desktop's, or the name of an icon.
    dragged : callable
        Told every step of a drag.
    """

    def __init__(self, name: str, shape: Qt.CursorShape | str, dragged: Callable[[Drag], object]) -> None:
        self.name = name
        self._shape, self._dragged = shape, dragged
        self._start: QPointF | None = None
        self._last = QPointF()
        self._moving = False

    @property
    def cursor(self) -> Cursor:
        """The mouse cursor over the picture."""
        if isinstance(self._shape, str):
            self_made = icon(self._shape, "#ffffff").pixmap(20, 20)
            return QCursor(self_made)
        return self._shape

    def press(self, at: Touch) -> bool:
        """Begin a drag; a click alone changes nothing."""
        self._start = self._last = at.view_point
        self._moving = False
        return True

    def move(self, at: Touch) -> bool:
        """Go on with it."""
        if self._start is None:
            return False
        away = at.view_point - self._start
        self._moving = self._moving or max(abs(away.x()), abs(away.y())) >= START
        if self._moving:
            step, self._last = at.view_point - self._last, at.view_point
            self._dragged(Drag(step, self._start))
        return True

    def release(self, at: Touch) -> bool:  # noqa: ARG002
        """End it."""
        self._start = None
        return True

    def cancel(self) -> bool:
        """End it; what was dragged stays where it is."""
        self._start = None
        return False


class Magnifier(IdleTool):
    """A loupe under the mouse, drawn by the canvases; the wheel chooses how strong it is.

    Dragging still means window and level: what is seen through the loupe changes with the picture.
    """

    name = MAGNIFIER

    def __init__(self, panes: Viewed) -> None:
        self._panes = panes

    @property
    def cursor(self) -> Cursor:
        """The mouse cursor over the picture."""
        return Qt.CursorShape.CrossCursor

    def wheel(self, at: Touch, notches: float) -> bool:
        """Make it stronger or weaker; with Ctrl the wheel zooms as ever."""
        if at.modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        stronger = self._panes.look.loupe + notches / 2
        self._panes.choose(loupe=min(max(round(2 * stronger) / 2, LOUPE_LEAST), LOUPE_MOST))
        return True


def viewing_tools(panes: Viewed) -> tuple[IdleTool, ...]:
    """Return the tools, which act on the active pane of a panes."""

    def zoomed(drag: Drag) -> None:
        panes.zoom_about(NEARER ** -drag.step.y(), drag.start.x(), drag.start.y())

    return (
        DragTool(WINDOW, "contrast-circle", lambda drag: panes.drag_window(drag.step.x(), drag.step.y())),
        DragTool(PAN, Qt.CursorShape.OpenHandCursor, lambda drag: panes.pan(drag.step.x(), drag.step.y())),
        DragTool(ZOOM, "magnify", zoomed),
        Magnifier(panes),
    )
