"""What the mouse does on a picture."""

from __future__ import annotations

from breastview.language import mark

MOUSE: tuple[tuple[str, str], ...] = (
    (mark("Left drag"), mark("Window and level")),
    (mark("Middle drag"), mark("Move the picture")),
    (mark("Right drag, Ctrl+wheel"), mark("Zoom")),
    (mark("Wheel"), mark("Previous or next image")),
    (mark("Double click"), mark("Maximise the pane")),
)
"""What the mouse does on a picture, for the cheat sheet."""
