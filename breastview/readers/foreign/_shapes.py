"""Graphic types of presentation states and reports as points: curves become lines."""

from __future__ import annotations

import math

from breastview.study.foreign import Drawing, Points

CORNERS = 72
"""Of a circle or ellipse that is given as lines."""


def drawing(kind: str, points: Points, filled: bool = False) -> tuple[Drawing, ...]:
    """Return what is drawn for a graphic type (PS3.3 C.10.5.2 and C.18.6.1.2).

    Parameters
    ----------
    kind : str
        ``"POINT"``, ``"MULTIPOINT"``, ``"POLYLINE"``, ``"POLYGON"``, ``"INTERPOLATED"``, ``"CIRCLE"``
        (centre, a point on it) or ``"ELLIPSE"`` (the ends of the long axis, those of the short one).
    points : tuple of (float, float)
    filled : bool
        Whether it is filled, and therefore closed.
    """
    if not points:
        return ()
    if kind in ("POINT", "MULTIPOINT"):
        return tuple(Drawing((point,)) for point in points)
    if kind == "CIRCLE" and len(points) >= 2:
        radius = math.dist(points[0], points[1])
        return (Drawing(_ellipse(points[0], (radius, 0.0), (0.0, radius)), closed=True),)
    if kind == "ELLIPSE" and len(points) >= 4:
        return (Drawing(_by_axes(points), closed=True),)
    if len(points) < 2:
        return (Drawing(points),)
    closed = filled or kind == "POLYGON" or points[0] == points[-1]
    return (Drawing(points[:-1] if points[0] == points[-1] and len(points) > 2 else points, closed=closed),)


def _by_axes(points: Points) -> Points:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = points[:4]
    centre = ((x0 + x1) / 2, (y0 + y1) / 2)
    return _ellipse(centre, ((x1 - x0) / 2, (y1 - y0) / 2), ((x3 - x2) / 2, (y3 - y2) / 2))


def _ellipse(centre: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> Points:
    turns = [2 * math.pi * step / CORNERS for step in range(CORNERS)]
    return tuple(
        (
            centre[0] + one[0] * math.cos(turn) + other[0] * math.sin(turn),
            centre[1] + one[1] * math.cos(turn) + other[1] * math.sin(turn),
        )
        for turn in turns
    )
