"""Tools of the mouse on the pictures: what one must be able to do, and who is asked first.

A gesture goes to the active tool (`Look.tool` names it), then to the standing tools, which are always there
(measurements can be taken hold of whatever the tool), and only then means window and level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QPainter

from breastview.gui.panes.view import Projection

Cursor = QCursor | Qt.CursorShape | None
"""None leaves the cursor as it is."""


@dataclass(frozen=True)
class ToView:
    """Maps px of the frame to the canvas of a pane, in device-independent px: ``to_view(x, y)``.

    The frame's first pixel has its centre at (0, 0), as in `study.measurement` and in outlines.

    Attributes
    ----------
    projection : Projection
        Where the picture lies, in device px.
    ratio : float
        Device px per device-independent px.
    pane : str
        What the pane shows, a value of `layouts.Shows`.
    quiet : bool
        Text would cover what this pane is for: Grad-CAM beside other panes.
    taken : tuple of QRectF
        Where words stand already, in device-independent px.
    """

    projection: Projection
    ratio: float = 1.0
    pane: str = ""
    quiet: bool = False
    taken: tuple[QRectF, ...] = ()

    def __call__(self, x: float, y: float) -> QPointF:
        """Return where a point of the frame lies on the canvas."""
        left, top = self.projection.to_pane(x + 0.5, y + 0.5)
        return QPointF(left / self.ratio, top / self.ratio)

    def back(self, point: QPointF) -> tuple[float, float]:
        """Return the point of the frame under a point of the canvas; it may lie outside the picture."""
        x, y = self.projection.to_picture(point.x() * self.ratio, point.y() * self.ratio)
        return x - 0.5, y - 0.5

    @property
    def scale(self) -> float:
        """Device-independent px per px of the frame."""
        return self.projection.zoom / self.ratio

    @property
    def area(self) -> QRectF:
        """The canvas, in device-independent px."""
        return QRectF(0, 0, self.projection.width / self.ratio, self.projection.height / self.ratio)


@dataclass(frozen=True)
class Touch:
    """Where the mouse is and with which keys held.

    Attributes
    ----------
    view_point : QPointF
        In device-independent px of the canvas.
    picture_point : tuple of float
        (x, y) in px of the frame, the first pixel's centre at (0, 0); may lie outside the picture.
    modifiers : Qt.KeyboardModifier
    to_view : ToView
        Of the canvas touched.
    """

    view_point: QPointF
    picture_point: tuple[float, float]
    modifiers: Qt.KeyboardModifier
    to_view: ToView


class PaneTool(Protocol):
    """What the left button does on a picture. Every method returns whether the event was the tool's.

    Attributes
    ----------
    name : str
        What `Look.tool` calls it.
    cursor : Cursor
        Asked after every event.
    """

    name: str

    @property
    def cursor(self) -> Cursor:
        """The mouse cursor over the picture."""

    def press(self, at: Touch) -> bool:
        """The left button went down; the tool gets `move` and `release` if it answers True."""

    def move(self, at: Touch) -> bool:
        """The mouse moved, with the button held or without."""

    def release(self, at: Touch) -> bool:
        """The left button went up after a `press` or `double_click` that was the tool's."""

    def double_click(self, at: Touch) -> bool:
        """The left button was pressed twice; the first of the two presses came as `press`."""

    def wheel(self, at: Touch, notches: float) -> bool:
        """The wheel was turned, upwards is positive."""

    def leave(self) -> None:
        """The mouse is no longer over a picture."""

    def key(self, event: QKeyEvent) -> bool:
        """A key was pressed while the pictures have the focus; asked before any shortcut."""

    def cancel(self) -> bool:
        """Give up what is being drawn or selected; return whether there was anything."""

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Draw over a pane's picture, in device-independent px."""


class IdleTool:
    """A tool that does nothing: a base for those that need only some of the methods."""

    name = ""

    @property
    def cursor(self) -> Cursor:
        """The mouse cursor over the picture."""
        return None

    def press(self, at: Touch) -> bool:  # noqa: ARG002
        """Leave it to others."""
        return False

    def move(self, at: Touch) -> bool:  # noqa: ARG002
        """Leave it to others."""
        return False

    def release(self, at: Touch) -> bool:  # noqa: ARG002
        """Leave it to others."""
        return False

    def double_click(self, at: Touch) -> bool:
        """Take the second of two quick presses for a press."""
        return self.press(at)

    def wheel(self, at: Touch, notches: float) -> bool:  # noqa: ARG002
        """Leave it to others."""
        return False

    def leave(self) -> None:
        """Nothing follows the mouse."""

    def key(self, event: QKeyEvent) -> bool:  # noqa: ARG002
        """Leave it to others."""
        return False

    def cancel(self) -> bool:
        """Nothing is being drawn."""
        return False

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Draw nothing."""


class Toolbox(QObject):
    """The tools of the panes, and which one is in use.

    Attributes
    ----------
    repaint : Signal
        What the tools draw has changed; emitted after every event a tool took, and to be emitted by a tool
        whose drawing changes on its own.
    done : Signal
        To be emitted by a tool that has done its work: no tool is active then (`Look.tool` becomes empty).
    """

    repaint = Signal()
    done = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tools: dict[str, PaneTool] = {}
        self._standing: list[PaneTool] = []
        self._active: PaneTool | None = None
        self._holding: PaneTool | None = None

    def add(self, tool: PaneTool) -> None:
        """Take a tool that is active when `Look.tool` names it."""
        self._tools[tool.name] = tool

    def add_standing(self, tool: PaneTool) -> None:
        """Take a tool that is asked whenever the active one leaves a gesture alone."""
        self._standing.append(tool)

    def use(self, name: str) -> None:
        """Make a tool the active one; empty or unknown: none. What the one before was drawing is given up."""
        chosen = self._tools.get(name)
        if chosen is not self._active:
            if self._active is not None:
                self._active.cancel()
                self._active.leave()
            self._active = chosen
            self.repaint.emit()

    @property
    def active(self) -> PaneTool | None:
        """The tool in use, None while the mouse means window and level."""
        return self._active

    @property
    def cursor(self) -> Cursor:
        """The cursor that the first tool with an opinion wants."""
        return next((tool.cursor for tool in self._asked() if tool.cursor is not None), None)

    def _asked(self) -> Iterator[PaneTool]:
        if self._active is not None:
            yield self._active
        yield from self._standing

    def _told(self, took: bool) -> bool:
        if took:
            self.repaint.emit()
        return took

    def press(self, at: Touch) -> bool:
        """Offer a press; the tool that takes it has the mouse until the release."""
        self._holding = next((tool for tool in self._asked() if tool.press(at)), None)
        return self._told(self._holding is not None)

    def double_click(self, at: Touch) -> bool:
        """Offer a double click; the tool that takes it has the mouse until the release."""
        self._holding = next((tool for tool in self._asked() if tool.double_click(at)), None)
        return self._told(self._holding is not None)

    def move(self, at: Touch) -> bool:
        """Tell where the mouse is: the tool that holds it, or one after the other."""
        if self._holding is not None:
            return self._told(self._holding.move(at))
        return self._told(any(tool.move(at) for tool in self._asked()))

    def release(self, at: Touch) -> bool:
        """Tell the tool that took the press."""
        tool, self._holding = self._holding, None
        return self._told(tool is not None and tool.release(at))

    def wheel(self, at: Touch, notches: float) -> bool:
        """Offer a turn of the wheel."""
        return self._told(any(tool.wheel(at, notches) for tool in self._asked()))

    def leave(self) -> None:
        """Tell that the mouse is gone."""
        for tool in self._asked():
            tool.leave()
        self.repaint.emit()

    def key(self, event: QKeyEvent) -> bool:
        """Offer a key."""
        return self._told(any(tool.key(event) for tool in self._asked()))

    def cancel(self) -> bool:
        """Give up what is being drawn, else what is selected; return whether there was anything."""
        return self._told(any(tool.cancel() for tool in self._asked()))

    def forget(self) -> None:
        """Another picture came: nothing drawn half, selected or held on the one before goes on."""
        self._holding = None
        for tool in self._asked():
            tool.cancel()
        self.repaint.emit()

    def paint(self, painter: QPainter, to_view: ToView) -> None:
        """Let the standing tools draw, and the active one over them."""
        for tool in (*self._standing, *((self._active,) if self._active is not None else ())):
            painter.save()
            tool.paint(painter, to_view)
            painter.restore()
