"""Where a step leads: pure functions from a place in the list to another; nothing wraps around."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from breastview.gui.worklist.row import Row
from breastview.study.reading import ReadState

Place = tuple[int, int]
"""Index of a row, and a frame of it."""


def _frames(row: Row) -> int:
    return row.instance.frames if row.instance is not None else 1


def step(rows: Sequence[Row], cases: Sequence[int], at: Place | None, by: int) -> Place | None:
    """Return the place `by` images on; the frames of a cine are stepped through before the next case.

    Parameters
    ----------
    rows : sequence of Row
    cases : sequence of int
        Row indices in the listed order.
    at : Place or None
        Where the reader is; None, or a row no longer listed: the first (last) image is next.
    by : int
        Images forwards or, if negative, backwards; the step stops at either end.
    """
    if not cases:
        return at
    if at is None or at[0] not in cases:
        return (cases[0], 0) if by >= 0 else (cases[-1], _frames(rows[cases[-1]]) - 1)
    position, frame = cases.index(at[0]), at[1] + by
    while frame < 0 and position > 0:
        position -= 1
        frame += _frames(rows[cases[position]])
    while frame >= _frames(rows[cases[position]]) and position < len(cases) - 1:
        frame -= _frames(rows[cases[position]])
        position += 1
    return cases[position], min(max(frame, 0), _frames(rows[cases[position]]) - 1)


def end(rows: Sequence[Row], cases: Sequence[int], at: Place | None, last: bool) -> Place | None:
    """Return the first or the last image of the list."""
    if not cases:
        return at
    return (cases[-1], _frames(rows[cases[-1]]) - 1) if last else (cases[0], 0)


def _group(
    rows: Sequence[Row],
    cases: Sequence[int],
    at: Place | None,
    by: int,
    key: Callable[[Row], Hashable],
) -> Place | None:
    if not cases:
        return at
    if at is None or at[0] not in cases:
        return cases[0], 0
    here, position = key(rows[at[0]]), cases.index(at[0])
    if by > 0:
        onward = (i for i in cases[position + 1 :] if key(rows[i]) != here)
        return (found, 0) if (found := next(onward, None)) is not None else at
    start = position
    while start > 0 and key(rows[cases[start - 1]]) == here:
        start -= 1
    if start == 0:
        return cases[0], 0
    before = key(rows[cases[start - 1]])
    start -= 1
    while start > 0 and key(rows[cases[start - 1]]) == before:
        start -= 1
    return cases[start], 0


def series(rows: Sequence[Row], cases: Sequence[int], at: Place | None, by: int) -> Place | None:
    """Return the first image of the next (previous) series."""
    return _group(
        rows, cases, at, by, lambda row: row.instance and (row.instance.study.uid, row.instance.series.uid)
    )


def study(rows: Sequence[Row], cases: Sequence[int], at: Place | None, by: int) -> Place | None:
    """Return the first image of the next (previous) study."""
    return _group(rows, cases, at, by, lambda row: row.instance and row.instance.study.uid)


def unread(rows: Sequence[Row], cases: Sequence[int], at: Place | None) -> Place | None:
    """Return the next case nobody has looked at, searching onwards from here and then from the top."""
    position = cases.index(at[0]) if at is not None and at[0] in cases else -1
    for index in (*cases[position + 1 :], *cases[: position + 1]):
        if rows[index].state is ReadState.UNREAD and rows[index].instance is not None:
            return index, 0
    return None


def neighbours(rows: Sequence[Row], cases: Sequence[int], at: Place, ahead: int) -> tuple[Place, ...]:
    """Return the places worth preparing: `ahead` images onwards, nearest first, then one back."""
    found: list[Place] = []
    for by in (*range(1, ahead + 1), -1 if ahead else 0):
        place = step(rows, cases, at, by)
        if place is not None and place != at and place not in found and rows[place[0]].instance is not None:
            found.append(place)
    return tuple(found)
