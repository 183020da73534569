"""A folder of ten thousand files is opened."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from breastview.bench import made, timing, window
from breastview.bench.row import Goal, Measured, Place, Row

PART = 500
"""Files of one turn of the index: so many that a turn takes longer than what disturbs it."""


def index(place: Place) -> Measured:
    """The list of cases from a folder, against a bare loop that reads the same elements of each file."""
    parts = sorted(folder(place).iterdir())
    files = {part: sorted(part.iterdir()) for part in parts}
    works: tuple[Callable[[Path], None], ...] = (indexed, lambda part: bare(files[part]))
    taken: tuple[list[float], list[float]] = ([], [])
    processor = [0.0, 0.0]
    for work in works:
        work(parts[0])
    for turn, part in enumerate(parts):
        for which in (0, 1) if turn % 2 else (1, 0):
            before = time.process_time()
            taken[which].append(timing.seconds(partial(works[which], part)))
            processor[which] += time.process_time() - before
    of_each = 1000 / len(files[parts[0]])
    mine, theirs = (tuple(of_each * one for one in each) for each in taken)
    return Measured(
        timing.median(mine), "ms a file", timing.median(theirs), mine, theirs,
        {"files": _count(place), "by processor time": processor[0] / processor[1]},
    )  # fmt: skip


def indexed(wanted: Path) -> None:
    """Make the list of cases of a folder."""
    from breastview.readers.scan import scan
    from breastview.task import SilentTask

    for _ in scan([wanted], SilentTask()):
        pass


def bare(wanted: list[Path]) -> None:
    """Read of every file the elements that the list of cases needs, and do nothing with them."""
    from pydicom import dcmread

    from breastview.readers.dicom.description import TAGS

    for file in wanted:
        dcmread(file, stop_before_pixels=True, specific_tags=list(TAGS))


def first_picture(place: Place) -> Measured:
    """From the wish to open the folder to its first picture on all panes."""
    found = _opened(place)
    others = {"files": _count(place), "whole list, s": found["whole"]}
    return Measured(found["first"], "s", others=others)


def steady(place: Place) -> Measured:
    """The longest time that the window was held up meanwhile."""
    found = _opened(place)
    others = {
        "longest work of the window itself, ms": found["busy"], "tenth longest, ms": found["pauses"][-10],
        "longest of a window at rest, ms": found["quiet"],
        "files": _count(place),
    }  # fmt: skip
    return Measured(found["pauses"][-1], "ms", samples=tuple(found["pauses"]), others=others)


def _count(place: Place) -> int:
    return place.of(10_000, 200)


@cache
def folder(place: Place) -> Path:
    """Return the folder, made once a run: folders of `PART` files."""
    whole, part = place.folder / "folder", place.of(PART, 20)
    for first in range(0, _count(place), part):
        made.folder(whole / f"{first:05d}", part, first)
    return whole


@cache
def _opened(place: Place) -> dict[str, Any]:
    return window.measured("open", folder(place), _count(place), place.folder / "folder-home")


ROWS = {
    "index": Row(
        "Index of a folder of 10,000 DICOM files", "a bare dcmread loop asking for the same elements",
        Goal(1.1), index,
    ),
    "first-picture": Row(
        "The first picture of that folder on screen", "", Goal(0.5, of_ratio=False), first_picture
    ),
    "steady": Row("Longest hold-up of the window meanwhile", "", Goal(50.0, of_ratio=False), steady),
}  # fmt: skip
