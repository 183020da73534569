"""What the mouse means over a picture."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from breastview.gui.panes.tools import Toolbox, Touch, ToView

NOTCH = 120
"""Wheel units of one notch."""

START = 3.0
"""Device-independent px that the mouse moves before a press becomes a drag: a click changes nothing."""


class Drag(Enum):
    """What a pressed button drags."""

    WINDOW = Qt.MouseButton.LeftButton
    PAN = Qt.MouseButton.MiddleButton
    ZOOM = Qt.MouseButton.RightButton


class Gestures(QObject):
    """Turns mouse events of a widget into what the reader means by them.

    The left button and the wheel are first offered to the tools of `use`.

    Attributes
    ----------
    window_dragged, panned : Signal(float, float)
        Distance since the last one, in device-independent px.
    zoomed : Signal(float, float, float)
        Factor, and the point that stays, in device-independent px of the widget.
    stepped : Signal(int)
        Notches of the wheel, downwards is forwards.
    pressed, maximised, left : Signal
        Any button went down; double click; the mouse is gone.
    hovered : Signal(float, float)
        Where the mouse is.
    """

    window_dragged = Signal(float, float)
    panned = Signal(float, float)
    zoomed = Signal(float, float, float)
    stepped = Signal(int)
    pressed = Signal()
    maximised = Signal()
    hovered = Signal(float, float)
    left = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._drag: Drag | None = None
        self._moving = False
        self._start = self._last = QPointF()
        self._turned = 0
        self._widget = widget
        self._tools: Toolbox | None = None
        self._to_view: Callable[[], ToView] | None = None
        self._drawing = False
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def use(self, tools: Toolbox, to_view: Callable[[], ToView]) -> None:
        """Offer gestures to tools first; `to_view` tells where the picture lies at present."""
        self._tools, self._to_view = tools, to_view

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read a mouse event; everything else goes its way."""
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
            if self._tools is not None:
                self._tools.leave()
        return super().eventFilter(watched, event)

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._press(event)
        elif kind == QEvent.Type.MouseMove:
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._release(event)
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._double_click(event)
        else:
            return False
        return True

    def _double_click(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # two quick drags
            self._press(event)
        elif self._offered(event, twice=True):
            self._drawing = True
        else:
            self.maximised.emit()

    def _offered(self, event: QMouseEvent, twice: bool = False) -> bool:
        """Return whether a tool takes a press of the left button."""
        touch = self._touch(event)
        if self._tools is None or touch is None or event.button() is not Qt.MouseButton.LeftButton:
            return False
        return self._tools.double_click(touch) if twice else self._tools.press(touch)

    def _touch(self, event: QMouseEvent | QWheelEvent) -> Touch | None:
        if self._to_view is None:
            return None
        to_view, here = self._to_view(), event.position()
        return Touch(here, to_view.back(here), event.modifiers(), to_view)

    def _release(self, event: QMouseEvent) -> None:
        if self._drawing and event.button() is not Qt.MouseButton.LeftButton:
            return
        if self._drawing:
            self._drawing = False
            self._offer_release(event)
        self._drag = None
        self._show_cursor()

    def _offer_release(self, event: QMouseEvent) -> None:
        touch = self._touch(event)
        if self._tools is not None and touch is not None:
            self._tools.release(touch)

    def _offer_move(self, event: QMouseEvent) -> None:
        touch = self._touch(event)
        if self._tools is not None and touch is not None and self._drag is None:
            self._tools.move(touch)
            self._show_cursor()

    def _show_cursor(self) -> None:
        wanted = self._tools.cursor if self._tools is not None else None
        if wanted is None:
            self._widget.unsetCursor()
        else:
            self._widget.setCursor(wanted)

    def _press(self, event: QMouseEvent) -> None:
        if self._drag is None and not self._drawing and self._offered(event):
            self.pressed.emit()
            self._drawing = True
            return
        if self._drawing:
            return
        if self._drag is None and event.button() in {drag.value for drag in Drag}:
            self._drag, self._moving = Drag(event.button()), False
            self._start = self._last = event.position()
        self.pressed.emit()

    def _move(self, event: QMouseEvent) -> None:
        here = event.position()
        self.hovered.emit(here.x(), here.y())
        if self._drawing and not event.buttons() & Qt.MouseButton.LeftButton:
            self._drawing = False  # the release went to someone else, such as a dialog
            self._offer_release(event)
        self._offer_move(event)
        if self._drag is None:
            return
        if not self._moving:
            away = here - self._start
            self._moving = max(abs(away.x()), abs(away.y())) >= START
        if not self._moving:
            return
        step, self._last = here - self._last, here
        if self._drag is Drag.WINDOW:
            self.window_dragged.emit(step.x(), step.y())
        elif self._drag is Drag.PAN:
            self.panned.emit(step.x(), step.y())
        else:
            self.zoomed.emit(1.01 ** -step.y(), self._start.x(), self._start.y())

    def _wheel(self, event: QWheelEvent) -> bool:
        turned = event.angleDelta().y()
        touch = self._touch(event)
        if self._tools is not None and touch is not None and self._tools.wheel(touch, turned / NOTCH):
            return True
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = event.position()
            self.zoomed.emit(1.2 ** (turned / NOTCH), at.x(), at.y())
            return True
        self._turned += turned
        notches = int(self._turned / NOTCH)  # a touchpad sends parts of a notch
        self._turned -= notches * NOTCH
        if notches:
            self.stepped.emit(-notches)
        return True
