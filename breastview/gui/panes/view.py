"""Which part of a picture is seen and how large: one value shared by all panes."""

from __future__ import annotations

from dataclasses import dataclass, replace

MOST = 64.0
"""Largest enlargement in device px per px of the picture."""

LEAST = 0.01


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
    left, top : int
        Where the corner of the picture's first pixel lies, in device px of the pane.
    width, height : int
        Size of the pane in device px.
    """

    zoom: float
    left: int
    top: int
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
        return (
            max(0, self.left), max(0, self.top),
            min(self.width, self.left + max(1, round(columns * self.zoom))),
            min(self.height, self.top + max(1, round(rows * self.zoom))),
        )


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
