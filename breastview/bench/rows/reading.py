"""What a reader does at every case: step, window and level, overlays; and what is left in memory of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from breastview.bench import made, timing, window
from breastview.bench.row import Goal, Measured, Place, Row

CASES = 24


def step(place: Place) -> Measured:
    """The key to the next, prepared case until all three panes are painted."""
    cases = _cases(place, place.of(CASES, 4))
    return _of(window.measured("step", cases, place.of(40, 3), place.folder / "reading-home"))


def window_level(place: Place) -> Measured:
    """One update of a window/level drag on a mammogram of 4664 × 3064, 16 bits."""
    return _of(window.measured("window-level", _mammogram(place), place.of(200, 5), place.folder / "wl-home"))


def opacity(place: Place) -> Measured:
    """One update of the opacity of both overlays on the same picture."""
    return _of(window.measured("opacity", _mammogram(place), place.of(200, 5), place.folder / "op-home"))


def memory(place: Place) -> Measured:
    """The resident size after 1,000 steps, against that after 100."""
    cases = _cases(place, place.of(CASES, 4))
    found = window.measured("memory", cases, place.of(1000, 10), place.folder / "reading-home")
    few, many = found["steps"]
    return Measured(found["many"], "MB", found["few"], others={"steps": f"{many} against {few}"})


def _of(found: dict[str, Any]) -> Measured:
    taken = tuple(found.pop("ms"))
    others = {
        "processor time of the window, ms": timing.median(found.pop("processor")),
        "95th percentile, ms": sorted(taken)[int(0.95 * len(taken))], "longest, ms": max(taken),
    }  # fmt: skip
    return Measured(timing.median(taken), "ms", samples=taken, others=others | found)


def _cases(place: Place, count: int) -> Path:
    folder = place.folder / "reading"
    for number in range(count):
        file = folder / f"{number:03d}.dcm"
        if not file.exists():
            made.ultrasound(file, seed=number)
    return folder


def _mammogram(place: Place) -> Path:
    file = place.folder / "mammogram.dcm"
    if not file.exists():
        size = (made.MAMMOGRAM_ROWS, made.MAMMOGRAM_COLUMNS)
        made.mammogram(file, *(size if not place.quick else (size[0] // 8, size[1] // 8)))
    return file


ROWS = {
    "step": Row(
        "Step to the next, prepared case: key to all panes painted", "", Goal(50.0, of_ratio=False), step
    ),
    "window-level": Row(
        "Window/level drag, 4664 × 3064, 16 bits, one pane of 1920 × 1080: an update", "",
        Goal(16.0, of_ratio=False), window_level,
    ),
    "opacity": Row("Overlay opacity drag, the same: an update", "", Goal(16.0, of_ratio=False), opacity),
    "memory": Row("Resident size after 1,000 steps", "after 100 steps", Goal(1.1), memory),
}  # fmt: skip
