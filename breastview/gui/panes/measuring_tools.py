"""Drawing measurements with the mouse, by dragging or by clicks; and taking hold of those that are there."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from breastview.gui.panes.measuring_handles import (
    Point,
    handles,
    onto,
    shifted,
    straightened,
    upright,
    with_handle,
)
from breastview.gui.panes.measuring_paint import Drawing, near
from breastview.gui.panes.measuring_sheet import RULER, Sheet
from breastview.gui.panes.tools import Cursor, IdleTool, Touch, ToView
from breastview.imaging import quantities
from breastview.study.measurement import POINTS, Measurement, Tool

START = 4.0
"""Device-independent px that the mouse moves before a press is a drag and not a click."""

REACH = 7.0
"""Device-independent px around a line or handle where it can be taken."""

STEP = 2.0
"""Device-independent px between two points of a freehand line."""


class Draw(IdleTool):
    """Draws one kind of measurement, then is done.

    Points come by clicks, or two at a time by dragging; an ellipse and a rectangle are dragged from corner
    to corner, a freehand area along its outline. Shift keeps to 45 degrees.

    Parameters
    ----------
    sheet : Sheet
        Shows the draft and is told of the result.
    tool : Tool
        What is drawn.
    done : callable
        Called after each measurement.
    """

    def __init__(self, sheet: Sheet, tool: Tool, done: Callable[[], None]) -> None:
        self.name = tool.value
        self._sheet, self._tool, self._done = sheet, tool, done
        self._points: list[Point] = []
        self._pressed: Touch | None = None
        self._dragging = False

    @property
    def cursor(self) -> Cursor:
        """A cross, where there is a picture."""
        return Qt.CursorShape.CrossCursor if self._sheet.paper.pixels is not None else None

    # The mouse

    def press(self, at: Touch) -> bool:
        """Set a point."""
        if self._sheet.paper.pixels is None:
            return False
        if not self._points and not self._inside(at):
            return False
        self._pressed, self._dragging = at, False
        self._points.append(self._constrained(at))
        self._show(self._points[-1])
        return True

    def move(self, at: Touch) -> bool:
        """Let the next point follow the mouse."""
        if not self._points:
            return False
        if self._pressed is not None and not self._dragging:
            self._dragging = _apart(self._pressed, at) >= START
        if self._tool is Tool.FREEHAND and self._dragging:
            self._trace(at)
            return True
        self._show(self._constrained(at))
        return True

    def release(self, at: Touch) -> bool:
        """End a drag, or a click."""
        dragged, self._pressed = self._dragging, None
        self._dragging = False
        if self._tool is Tool.FREEHAND and dragged:
            self._finish(self._points)
            return True
        if dragged and self._tool in (Tool.ELLIPSE, Tool.RECTANGLE) and len(self._points) == 1:
            self._finish([self._points[0], self._constrained(at)], boxed=True)
            return True
        if dragged:
            self._points.append(self._constrained(at))
        elif self._tool is Tool.TEXT or self._closes(at):
            self._finish(self._points)
            return True
        if self._tool is not Tool.FREEHAND and len(self._points) >= POINTS[self._tool]:
            self._finish(self._points[: POINTS[self._tool]])
        return True

    def double_click(self, at: Touch) -> bool:
        """Close a freehand area; anything else takes the second click for another point."""
        if self._tool is Tool.FREEHAND and len(self._points) >= 3:
            self._finish(self._points)
            return True
        return self.press(at)

    def key(self, event: QKeyEvent) -> bool:
        """Return closes a freehand area, Backspace takes the last point back."""
        if not self._points:
            return False
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._tool is Tool.FREEHAND:
            self._finish(self._points)
            return True
        if event.key() == Qt.Key.Key_Backspace and self._pressed is None:
            self._points.pop()
            self._show(self._points[-1] if self._points else None)
            return True
        return False

    def cancel(self) -> bool:
        """Give up what is being drawn."""
        drawing = bool(self._points)
        self._points, self._pressed, self._dragging = [], None, False
        if drawing:
            self._sheet.draft = None
        return drawing

    # What comes of it

    def _inside(self, at: Touch) -> bool:
        return onto(at.picture_point, self._sheet.paper.size) == at.picture_point

    def _constrained(self, at: Touch) -> Point:
        """Return the point meant: on the picture; with Shift at 45 degrees; the short axis upright."""
        point = onto(at.picture_point, self._sheet.paper.size)
        shift = bool(at.modifiers & Qt.KeyboardModifier.ShiftModifier)
        if self._tool is Tool.AXES and len(self._points) == 3 and not shift:
            start, end, through = self._points
            return onto(
                upright(start, end, self._spacing(self._points), through, point), self._sheet.paper.size
            )
        if shift and self._points and self._tool is not Tool.FREEHAND:
            return onto(straightened(self._points[-1], point), self._sheet.paper.size)
        return point

    def _spacing(self, points: list[Point]) -> tuple[float, float]:
        across, down = quantities.scale(np.asarray(points), self._sheet.paper.calibration).spacing
        return float(across), float(down)

    def _trace(self, at: Touch) -> None:
        last = at.to_view(*self._points[-1])
        if math.hypot(last.x() - at.view_point.x(), last.y() - at.view_point.y()) >= STEP:
            self._points.append(onto(at.picture_point, self._sheet.paper.size))
            self._sheet.draft = self._made(tuple(self._points))

    def _closes(self, at: Touch) -> bool:
        """Return whether a click near the first point closes a freehand area."""
        if self._tool is not Tool.FREEHAND or len(self._points) < 4:
            return False
        first = at.to_view(*self._points[0])
        near_first = math.hypot(first.x() - at.view_point.x(), first.y() - at.view_point.y()) <= REACH
        if near_first:
            self._points.pop()
        return near_first

    def _show(self, floating: Point | None) -> None:
        """Show the draft with the point under the mouse."""
        if floating is None:
            self._sheet.draft = None
            return
        points = [*self._points]
        if floating != points[-1]:
            points.append(floating)
        if self._tool in (Tool.ELLIPSE, Tool.RECTANGLE) and self._dragging and len(points) == 2:
            self._sheet.draft = self._made(_boxed(self._tool, points[0], points[1]))
        else:
            self._sheet.draft = self._made(tuple(points))

    def _finish(self, points: list[Point], boxed: bool = False) -> None:
        made = self._made(_boxed(self._tool, *points) if boxed else tuple(points))
        self.cancel()
        self._sheet.draft = None
        if worth(made):
            self._tell(made)
        self._done()

    def _tell(self, made: Measurement) -> None:
        if self._tool is Tool.TEXT:
            self._sheet.words_wanted.emit(made)
        else:
            self._sheet.drawn.emit(made)

    def _made(self, points: tuple[Point, ...]) -> Measurement:
        draft = self._sheet.draft
        return Measurement(draft.identifier if draft else uuid.uuid4().hex, self._tool, points)

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Leave the draft to the hand, which draws the whole sheet."""


class DrawRuler(Draw):
    """Draws a line over the burned-in depth scale."""

    def __init__(self, sheet: Sheet, done: Callable[[], None]) -> None:
        super().__init__(sheet, Tool.DISTANCE, done)
        self.name = RULER

    def _made(self, points: tuple[Point, ...]) -> Measurement:
        return Measurement(RULER, Tool.DISTANCE, points)

    def _tell(self, made: Measurement) -> None:
        self._sheet.ruled.emit(*made.points)


def _boxed(tool: Tool, one: Point, other: Point) -> tuple[Point, ...]:
    """Return a rectangle, or the ellipse that fills it, by two opposite corners."""
    if tool is Tool.RECTANGLE:
        return one, other
    (x0, y0), (x1, y1) = one, other
    if abs(x1 - x0) >= abs(y1 - y0):
        return (x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), ((x0 + x1) / 2, y1)
    return ((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1), (x1, (y0 + y1) / 2)


def worth(measurement: Measurement) -> bool:
    """Return whether something was drawn: as many points as the kind needs, and not all in one place."""
    if measurement.tool is Tool.TEXT:
        return bool(measurement.points)
    points = np.asarray(measurement.points)
    needed = POINTS.get(measurement.tool, 3)
    return len(points) >= needed and float(np.ptp(points, axis=0).max()) >= 0.5


class Hand(IdleTool):
    """Always there: takes hold of measurements and handles, and draws the sheet.

    Parameters
    ----------
    sheet : Sheet
        What is drawn.
    """

    name = "hand"

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._drawing = Drawing(sheet)
        self._labels: dict[str, dict[str, QRectF]] = {}
        self._hovered = ""
        self._over_handle = False
        self._held: tuple[Measurement, int | None, Touch] | None = None

    @property
    def cursor(self) -> Cursor:
        """A hand over a measurement, a cross of arrows over a handle."""
        if self._held is not None or self._over_handle:
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.PointingHandCursor if self._hovered else None

    def press(self, at: Touch) -> bool:
        """Take what is under the mouse; a press beside everything lets go of what was chosen."""
        found = self._found(at)
        if found is None:
            if self._sheet.selected:
                self._sheet.chosen.emit("")
            return False
        measurement, handle = found
        self._held = (measurement, handle, at)
        self._sheet.chosen.emit(measurement.identifier)
        return True

    def move(self, at: Touch) -> bool:
        """Move what is held, else show what could be."""
        if self._held is None:
            found = self._found(at)
            hovered = found[0].identifier if found else ""
            over = found is not None and found[1] is not None
            changed = (hovered, over) != (self._hovered, self._over_handle)
            self._hovered, self._over_handle = hovered, over
            return changed
        measurement, handle, start = self._held
        if self._sheet.draft is not None or _apart(start, at) >= START:
            self._sheet.draft = self._moved(measurement, handle, start, at)
        return True

    def _moved(self, measurement: Measurement, handle: int | None, start: Touch, at: Touch) -> Measurement:
        (x0, y0), (x1, y1), size = start.picture_point, at.picture_point, self._sheet.paper.size
        if handle is None:
            return shifted(measurement, x1 - x0, y1 - y0, size)
        x, y = handles(measurement)[handle]
        return with_handle(measurement, handle, (x + x1 - x0, y + y1 - y0), size)

    def release(self, at: Touch) -> bool:  # noqa: ARG002 (the last move counts)
        """Let go."""
        held, self._held = self._held, None
        draft, self._sheet.draft = self._sheet.draft, None
        if held is not None and draft is not None and draft != held[0]:
            self._sheet.edited.emit(draft)
        return True

    def double_click(self, at: Touch) -> bool:
        """Ask for other words."""
        found = self._found(at)
        if found is None:
            return False
        self._sheet.words_wanted.emit(found[0])
        return True

    def leave(self) -> None:
        """Nothing is under the mouse."""
        self._hovered, self._over_handle = "", False

    def cancel(self) -> bool:
        """Put back what is held, else let go of what is chosen."""
        if self._held is not None:
            self._held = self._sheet.draft = None
            return True
        if self._sheet.selected:
            self._sheet.chosen.emit("")
            return True
        return False

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Draw the sheet."""
        if self._sheet.paper.pixels is not None:
            self._labels[to_view.pane] = self._drawing.paint(painter, to_view, self._hovered)

    def _found(self, at: Touch) -> tuple[Measurement, int | None] | None:
        """Return the measurement under the mouse and its handle, if it is one; the chosen one goes first."""
        if not self._sheet.visible:
            return None
        newest_first = [*reversed(self._sheet.measurements)]
        newest_first.sort(key=lambda one: one.identifier != self._sheet.selected)
        for one in newest_first:
            for index, point in enumerate(handles(one)):
                away = at.to_view(*point) - at.view_point
                if math.hypot(away.x(), away.y()) <= REACH:
                    return one, index
        labels = self._labels.get(at.to_view.pane, {})
        for one in newest_first:
            label = labels.get(one.identifier)
            if near(one, at.to_view, at.view_point, REACH) or (label and label.contains(at.view_point)):
                return one, 1 if one.tool is Tool.TEXT and len(one.points) == 2 else None
        return None


def _apart(one: Touch, other: Touch) -> float:
    away = other.view_point - one.view_point
    return math.hypot(away.x(), away.y())


def renamed(measurement: Measurement, text: str) -> Measurement:
    """Return a measurement with other words."""
    return replace(measurement, text=text.strip())
