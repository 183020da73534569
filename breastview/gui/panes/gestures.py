"""What the mouse means over a picture."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

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
        widget.setMouseTracking(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Read a mouse event; everything else goes its way."""
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        return super().eventFilter(watched, event)

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._press(event)
        elif kind == QEvent.Type.MouseMove:
            self._move(event)
        elif kind == QEvent.Type.MouseButtonRelease:
            self._drag = None
        elif kind == QEvent.Type.MouseButtonDblClick and event.button() is Qt.MouseButton.LeftButton:
            self.maximised.emit()
        elif kind == QEvent.Type.MouseButtonDblClick:  # two quick drags
            self._press(event)
        else:
            return False
        return True

    def _press(self, event: QMouseEvent) -> None:
        if self._drag is None and event.button() in {drag.value for drag in Drag}:
            self._drag, self._moving = Drag(event.button()), False
            self._start = self._last = event.position()
        self.pressed.emit()

    def _move(self, event: QMouseEvent) -> None:
        here = event.position()
        self.hovered.emit(here.x(), here.y())
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
