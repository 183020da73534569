"""Which part of a picture is seen and how large: one value shared by all panes."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from breastview.gui.panes.orientation import UPRIGHT, Orientation

MOST = 64.0
"""Largest enlargement in device px per px of the picture."""

LEAST = 0.01

SLIVER = 1e-6
"""Share of a device px that counts as nothing: what rounding of floats leaves."""


@dataclass(frozen=True)
class View:
    """Zoom, centre and how the picture lies, the same in every pane.

    Attributes
    ----------
    zoom : float
        Device px per px of the picture along the side of a px that is the shorter one; 1 is pixel for pixel.
    x, y : float
        Point of the picture in the middle of the pane, in px; pixel i reaches from i to i + 1.
    fitted : bool
        The whole picture is wanted: zoom and centre follow the size of the pane.
    orientation : Orientation
        How the picture lies.
    aspect : float
        Height of a px over its width; the longer side is drawn longer, so that shapes are true.
    """

    zoom: float = 1.0
    x: float = 0.0
    y: float = 0.0
    fitted: bool = True
    orientation: Orientation = UPRIGHT
    aspect: float = 1.0


@dataclass(frozen=True)
class Projection:
    """A view in a pane of a size: maps px of the picture to device px of the pane and back.

    The picture's corner lies on a whole device px, so that at zoom 1 every pixel falls on exactly one.

    Attributes
    ----------
    zoom : float
        See `View`.
    left, top : float
        Where the corner of the picture's first pixel lies, in device px of the pane; whole numbers but for a
        `part`. In a turned picture it may be any of the four corners.
    width, height : int
        Size of the pane in device px.
    orientation, aspect
        See `View`.
    """

    zoom: float
    left: float
    top: float
    width: int
    height: int
    orientation: Orientation = UPRIGHT
    aspect: float = 1.0

    @property
    def zooms(self) -> tuple[float, float]:
        """Device px per px of the picture along its rows and along its columns."""
        across, down = _sides(self.aspect)
        return self.zoom * across, self.zoom * down

    @property
    def upright_zooms(self) -> tuple[float, float]:
        """Device px per px of the picture across and down the screen."""
        across, down = self.zooms
        return (down, across) if self.orientation.swaps else (across, down)

    def to_pane(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the picture lies in the pane."""
        dx, dy = _turned(self.orientation, self.aspect, x * self.zoom, y * self.zoom)
        return self.left + dx, self.top + dy

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """Return which point of the picture lies at a point of the pane."""
        dx, dy = _turned_back(self.orientation, self.aspect, x - self.left, y - self.top)
        return dx / self.zoom, dy / self.zoom

    def mapped(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where points of the picture, ``(n, 2)``, lie in the pane."""
        a, b, c, d = self.orientation.matrix
        lying: NDArray[np.float64] = (points * self.zooms) @ np.array(((a, c), (b, d)), np.float64)
        return lying + np.array((self.left, self.top))

    def visible(self, columns: int, rows: int) -> tuple[int, int, int, int]:
        """Return the device px that the picture covers, as (x0, y0, x1, y1) with the ends left out."""
        (x0, x1), (y0, y1) = (
            sorted(ends) for ends in zip((self.left, self.top), self.to_pane(columns, rows), strict=True)
        )
        return (
            max(0, math.floor(x0 + SLIVER)),
            max(0, math.floor(y0 + SLIVER)),
            min(self.width, math.ceil(x1 - SLIVER)),
            min(self.height, math.ceil(y1 - SLIVER)),
        )

    def seen(self) -> tuple[float, float, float, float]:
        """Return what lies in the pane, (x0, y0, x1, y1) in px of the picture, which may end within it."""
        ends = zip(self.to_picture(0, 0), self.to_picture(self.width, self.height), strict=True)
        (x0, x1), (y0, y1) = (sorted(pair) for pair in ends)
        return x0, y0, x1, y1

    def part(self, x: int, y: int) -> Projection:
        """Return the projection of a part of the picture that begins at column `x` and row `y`."""
        left, top = self.to_pane(x, y)
        return replace(self, left=left, top=top)


def _sides(aspect: float) -> tuple[float, float]:
    """Return how much longer than the shorter side of a px its width and its height are."""
    return (1.0, aspect) if aspect >= 1 else (1 / aspect, 1.0)


def _turned(orientation: Orientation, aspect: float, x: float, y: float) -> tuple[float, float]:
    """Return what a step in the picture is on the screen, at zoom 1."""
    a, b, c, d = orientation.matrix
    across, down = _sides(aspect)
    return a * x * across + b * y * down, c * x * across + d * y * down


def _turned_back(orientation: Orientation, aspect: float, dx: float, dy: float) -> tuple[float, float]:
    """Return what a step on the screen is in the picture, at zoom 1."""
    a, b, c, d = orientation.matrix
    across, down = _sides(aspect)
    return (a * dx + c * dy) / across, (b * dx + d * dy) / down


def project(view: View, width: int, height: int) -> Projection:
    """Return the projection of a view in a pane of `width` by `height` device px."""
    dx, dy = _turned(view.orientation, view.aspect, view.x * view.zoom, view.y * view.zoom)
    left, top = round(width / 2 - dx), round(height / 2 - dy)
    return Projection(view.zoom, left, top, width, height, view.orientation, view.aspect)


def fitted(
    columns: int,
    rows: int,
    width: int,
    height: int,
    orientation: Orientation = UPRIGHT,
    aspect: float = 1.0,
) -> View:
    """Return the view that shows the whole picture as large as it goes."""
    across, down = (abs(side) for side in _turned(orientation, aspect, columns, rows))
    zoom = min(max(min(width / across, height / down), LEAST), MOST)
    return View(zoom, columns / 2, rows / 2, fitted=True, orientation=orientation, aspect=aspect)


def actual(view: View) -> View:
    """Return the view at one device px per px around the same centre."""
    return replace(view, zoom=1.0, fitted=False)


def lifelike(view: View, density: float, spacing: float) -> View:
    """Return the view at which a millimetre of the picture is one on the screen.

    Parameters
    ----------
    view : View
    density : float
        Device px per mm of the screen.
    spacing : float
        Height of a px of the picture in mm.
    """
    zoom = density * spacing / _sides(view.aspect)[1]
    return replace(view, zoom=min(max(zoom, LEAST), MOST), fitted=False)


def zoomed(view: View, factor: float, dx: float = 0.0, dy: float = 0.0) -> View:
    """Return the view enlarged about a fixed point, `dx`, `dy` device px from the pane's middle."""
    zoom = min(max(view.zoom * factor, LEAST), MOST)
    shift = 1 / view.zoom - 1 / zoom
    x, y = _turned_back(view.orientation, view.aspect, dx, dy)
    return replace(view, zoom=zoom, x=view.x + x * shift, y=view.y + y * shift, fitted=False)


def panned(view: View, dx: float, dy: float, columns: int, rows: int) -> View:
    """Return the view after a pull by `dx`, `dy` device px; the pane's middle stays on the picture."""
    right, down = _turned_back(view.orientation, view.aspect, dx, dy)
    x, y = view.x - right / view.zoom, view.y - down / view.zoom
    return replace(view, x=min(max(x, 0.0), columns), y=min(max(y, 0.0), rows), fitted=False)
