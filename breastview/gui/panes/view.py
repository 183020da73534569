"""Which part of a picture is seen and how large: one value shared by all panes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MOST = 64.0
"""Largest enlargement in device px per px of the picture."""

LEAST = 0.01

SLIVER = 1e-6
"""Share of a device px that counts as nothing: what rounding of floats leaves."""


@dataclass(frozen=True)
class View:
    """Zoom and centre, the same in every pane.

    Attributes
    ----------
    zoom : float
        Device px per px of the picture, the same along both axes; 1 is pixel for pixel.
    x, y : float
        Point of the picture in the middle of the pane, in px; pixel i reaches from i to i + 1.
    fitted : bool
        The whole picture is wanted: zoom and centre follow the size of the pane.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True


@dataclass(frozen=True)
class Projection:
    """A view in a pane of a size: maps px of the picture to device px of the pane and back.

    The picture's corner lies on a whole device px, so that at zoom 1 every pixel falls on exactly one.

    Attributes
    ----------
    zoom : float
        Device px per px of the picture.
    left, top : float
        Where the corner of the picture's first pixel lies, in device px of the pane; whole numbers but for a
        `part`.
    width, height : int
        Size of the pane in device px.
    """

    zoom: float
    left: float
    top: float
    width: int
    height: int

    def to_pane(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies in the pane."""
        return self.left + x * self.zoom, self.top + y * self.zoom

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return which point of the picture lies at a point of the pane."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    def visible(self, columns: int, rows: int) -> tuple[int, int, int, int]:
        """Return the device px that the picture covers, as (x0, y0, x1, y1) with the ends left out."""
        right, bottom = self.to_pane(columns, rows)
        return (
            max(0, math.floor(self.left)),
            max(0, math.floor(self.top)),
            min(self.width, math.ceil(right - SLIVER)),
            min(self.height, math.ceil(bottom - SLIVER)),
        )

    def part(self, x: int, y: int) -> Projection:
        """Return the projection of a part of the picture that begins at column `x` and row `y`."""
        left, top = self.to_pane(x, y)
        return replace(self, left=left, top=top)


def project(view: View, width: int, height: int) -> Projection:
    """Return the projection of a view in a pane of `width` by `height` device px."""
    left, top = round(width / 2 - view.x * view.zoom), round(height / 2 - view.y * view.zoom)
    return Projection(view.zoom, left, top, width, height)


def fitted(columns: int, rows: int, width: int, height: int) -> View:
    """Return the view that shows the whole picture as large as it goes."""
    zoom = min(width / columns, height / rows)
    return View(min(max(zoom, LEAST), MOST), columns / 2, rows / 2, fitted=True)


def actual(view: View) -> View:
    """Return the view at one device px per px around the same centre."""
    return replace(view, zoom=1.0, fitted=False)


def zoomed(view: View, factor: float, dx: float = 0.0, dy: float = 0.0) -> View:
    """Return the view enlarged about a fixed point, `dx`, `dy` device px from the pane's middle."""
    zoom = min(max(view.zoom * factor, LEAST), MOST)
    shift = 1 / view.zoom - 1 / zoom
    return View(zoom, view.x + dx * shift, view.y + dy * shift, fitted=False)


def panned(view: View, dx: float, dy: float, columns: int, rows: int) -> View:
    """Return the view after a pull by `dx`, `dy` device px; the pane's middle stays on the picture."""
    x, y = view.x - dx / view.zoom, view.y - dy / view.zoom
    return View(view.zoom, min(max(x, 0.0), columns), min(max(y, 0.0), rows), fitted=False)
