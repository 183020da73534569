"""Taking hold of a measurement: where its handles are and what it becomes when one is moved; no painting."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from breastview.imaging import regions
from breastview.study.measurement import Measurement, Tool

Point = tuple[float, float]

MOST = 24
"""Handles of a freehand outline; between them it follows in proportion."""


def handles(measurement: Measurement) -> tuple[Point, ...]:
    """Return the places at which a measurement can be taken, in px."""
    points = measurement.points
    if measurement.tool is Tool.RECTANGLE:
        return _corners(points)
    if measurement.tool is Tool.ELLIPSE and len(points) == 3:
        centre, half, other = regions.ellipse_axes(np.asarray(points, np.float64))
        return tuple(_point(end) for end in (centre - half, centre + half, centre + other, centre - other))
    if measurement.tool is Tool.FREEHAND:
        return tuple(points[index] for index in _knots(len(points)))
    return points


def with_handle(measurement: Measurement, index: int, to: Point, size: tuple[int, int]) -> Measurement:
    """Return a measurement with one handle moved.

    Parameters
    ----------
    measurement : Measurement
    index : int
        Of `handles`.
    to : (float, float)
        Where it goes; brought onto the picture.
    size : (int, int)
        Rows and columns of the picture.
    """
    to, points = onto(to, size), list(measurement.points)
    if measurement.tool is Tool.RECTANGLE:
        opposite = _corners(measurement.points)[(index + 2) % 4]
        return replace(measurement, points=(opposite, to))
    if measurement.tool is Tool.ELLIPSE:
        return replace(measurement, points=_pulled_ellipse(measurement, index, to))
    if measurement.tool is Tool.FREEHAND:
        return replace(measurement, points=_pulled_outline(points, index, to, size))
    if measurement.tool is Tool.AXES:
        return replace(measurement, points=tuple(_pulled_axes(points, index, to, size)))
    points[index] = to
    return replace(measurement, points=tuple(points))


def shifted(measurement: Measurement, dx: float, dy: float, size: tuple[int, int]) -> Measurement:
    """Return a measurement moved as a whole, as far as it stays on the picture."""
    line = np.concatenate((regions.outline(measurement), np.asarray(measurement.points, np.float64)))
    (left, top), (right, low) = line.min(axis=0), line.max(axis=0)
    dx = min(max(dx, -0.5 - left), size[1] - 0.5 - right)
    dy = min(max(dy, -0.5 - top), size[0] - 0.5 - low)
    return replace(measurement, points=tuple((x + dx, y + dy) for x, y in measurement.points))


def onto(point: Point, size: tuple[int, int]) -> Point:
    """Return the nearest point on a picture of (rows, columns)."""
    rows, columns = size
    return min(max(point[0], -0.5), columns - 0.5), min(max(point[1], -0.5), rows - 0.5)


def straightened(start: Point, end: Point) -> Point:
    """Return `end` turned about `start` to the next multiple of 45 degrees."""
    length = math.dist(start, end)
    turn = round(math.atan2(end[1] - start[1], end[0] - start[0]) / (math.pi / 4)) * (math.pi / 4)
    return start[0] + length * math.cos(turn), start[1] + length * math.sin(turn)


def upright(start: Point, end: Point, spacing: tuple[float, float], through: Point, to: Point) -> Point:
    """Return `to` brought onto the line through `through` at right angles to the line from start to end.

    Right angles are those in the patient: `spacing` is the size of a px along a row and along a column.
    """
    scale = np.asarray(spacing, np.float64)
    along = (np.asarray(end) - np.asarray(start)) * scale
    across = np.array((-along[1], along[0]))
    length = float(across @ across)
    if not length:
        return to
    share = float((np.asarray(to) - np.asarray(through)) * scale @ across) / length
    return _point(np.asarray(through) + share * across / scale)


def _corners(points: tuple[Point, ...]) -> tuple[Point, ...]:
    (x0, y0), (x1, y1) = points
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)


def _pulled_ellipse(measurement: Measurement, index: int, to: Point) -> tuple[Point, ...]:
    """An end of the first axis moves with the opposite one in place; one of the second widens it."""
    start, end, aside = measurement.points
    if index >= 2:
        return start, end, to
    *_, other = regions.ellipse_axes(np.asarray(measurement.points, np.float64))
    fixed = np.asarray(end if index == 0 else start)
    moved = np.asarray(to) - fixed
    length = float(np.hypot(*moved))
    if length < 1:
        return measurement.points
    middle, wide = fixed + moved / 2, float(np.hypot(*other))
    aside = _point(middle + np.array((-moved[1], moved[0])) / length * wide)
    return (to, end, aside) if index == 0 else (start, to, aside)


def _knots(count: int) -> list[int]:
    """Return which points of an outline of `count` points are handles."""
    return [round(place) for place in np.linspace(0, count, min(count, MOST), endpoint=False)]


def _pulled_outline(points: list[Point], index: int, to: Point, size: tuple[int, int]) -> tuple[Point, ...]:
    """Move a handle; what lies between it and the next handles follows, the less the farther it is."""
    knots, count = _knots(len(points)), len(points)
    here = knots[index]
    before = (here - knots[index - 1]) % count or count
    after = (knots[(index + 1) % len(knots)] - here) % count or count
    dx, dy = to[0] - points[here][0], to[1] - points[here][1]
    moved = list(points)
    for step in range(1 - before, after):
        weight = 1 - abs(step) / (before if step < 0 else after)
        x, y = points[(here + step) % count]
        moved[(here + step) % count] = onto((x + weight * dx, y + weight * dy), size)
    return tuple(moved)


def _pulled_axes(points: list[Point], index: int, to: Point, size: tuple[int, int]) -> list[Point]:
    """An end of the first axis takes the second along, turned, in proportion; one of the second is free."""
    if index >= 2:
        return [*points[:index], to, *points[index + 1 :]]
    fixed, was = complex(*points[1 - index]), complex(*points[index])
    if abs(was - fixed) < 1 or abs(complex(*to) - fixed) < 1:
        return points
    turn = (complex(*to) - fixed) / (was - fixed)
    carried = [fixed + (complex(*point) - fixed) * turn for point in points]
    return [onto((value.real, value.imag), size) for value in carried]


def _point(values: np.ndarray) -> Point:
    return float(values[0]), float(values[1])
