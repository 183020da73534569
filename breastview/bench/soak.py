"""The soak: thousands of cases with random actions in the real window, and what must not come of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from breastview.bench import made, timing, window
from breastview.bench.row import Goal, Measured, NotMeasured, Result

NAME = "soak"
CASES, FEW = 5000, 40
WARM = 0.2
"""Share of the cases after which memory counts as warm: caches are bounded in bytes and fill first."""
LIMIT_MS = 50
ROWS, COLUMNS = 300, 400
_DAMAGED, _PICTURE, _CINE, _MAMMOGRAM = 97, 41, 23, 61
"""Each which case is one of these; the others are ultrasound pictures."""
_TOLD = 12
"""Causes of hold-ups that are named, the longest first."""


def results(folder: Path, cases: int, with_ai: bool = False) -> Iterator[Result]:
    """Make the cases, soak a window in them and judge what came of it.

    Parameters
    ----------
    folder : Path
        Temporary; the cases take some 200 kB each.
    cases : int
    with_ai : bool
        With the installed AI instead of one that answers at once; takes several times as long.
    """
    load, found, missing = timing.load(), None, ""
    name = "soak-with-ai" if with_ai else "soak"
    try:
        found = window.measured(name, made_cases(folder / "cases", cases), cases, folder / "soak-home")
    except NotMeasured as error:
        missing = str(error)
    for row, (title, beside, goal, judge) in _JUDGED.items():
        measured = judge(found) if found is not None else None
        yield Result(
            row, title, beside, goal.limit, goal.held.value, goal.of_ratio, measured, load, missing
        )  # fmt: skip


def made_cases(folder: Path, cases: int) -> Path:
    """Write ultrasound pictures, and among them cines, mammograms, plain and damaged pictures."""
    made.folder(folder, cases, rows=ROWS, columns=COLUMNS)
    for number, file in enumerate(sorted(folder.iterdir()), start=1):
        if number % _DAMAGED == 0:
            file.write_bytes(file.read_bytes()[: ROWS * COLUMNS // 2])
        elif number % _PICTURE == 0:
            file.unlink()
            _picture(file.with_suffix(".png"), number)
        elif number % _CINE == 0:
            made.cine(file, frames=8, seed=number, rows=ROWS, columns=COLUMNS)
        elif number % _MAMMOGRAM == 0:
            made.mammogram(file, made.MAMMOGRAM_ROWS // 4, made.MAMMOGRAM_COLUMNS // 4)
    return folder


def _picture(path: Path, seed: int) -> None:
    from PIL import Image

    Image.fromarray(made.speckle(ROWS, COLUMNS, seed)).save(path)


def _errors(found: dict[str, Any]) -> Measured:
    others: dict[str, float | str] = {"cases": found["samples"][-1]["cases"], "listed": found["listed"]}
    for name, counted in (("said", found["errors"]), ("Qt warned", found["warnings"])):
        if counted:
            others[name] = "; ".join(f"{text} ({times}×)" for text, times in counted)
    return Measured(sum(times for _, times in found["errors"]), "errors", others=others)


def _memory(found: dict[str, Any]) -> Measured:
    first, last = _warm_and_last(found)
    others: dict[str, float | str] = {
        "cases": f"{last['cases']} against {first['cases']}",
        "on the way, MB": ", ".join(f"{one['resident']:.0f}" for one in found["samples"]),
    }
    return Measured(last["resident"], "MB", first["resident"], others=others)


def _left(what: str) -> Callable[[dict[str, Any]], Measured]:
    """Return what judges widgets, threads or files: how many more there are than when warm."""

    def judge(found: dict[str, Any]) -> Measured:
        first, last = _warm_and_last(found)
        others: dict[str, float | str] = {
            "on the way": ", ".join(str(one[what]) for one in found["samples"]),
        }
        if what == "widgets" and (grown := _grown(first["kinds"], last["kinds"])):
            others["kinds"] = grown
        return Measured(max(0, last[what] - first[what]), f"more {what}", others=others)

    return judge


def _grown(first: dict[str, int], last: dict[str, int]) -> str:
    more = {kind: last[kind] - first.get(kind, 0) for kind in last}
    return ", ".join(f"{kind} +{count}" for kind, count in sorted(more.items()) if count > 0)


def _warm_and_last(found: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    samples = found["samples"]
    return samples[min(int(WARM * len(samples)), len(samples) - 1)], samples[-1]


def _hold_ups(found: dict[str, Any]) -> Measured:
    """Judge the longest hold-up; tell how they are spread, by the clock and by the window's own work."""
    longest = max((cause["longest"] for cause in found["causes"]), default=found["pauses"][-1][0])
    others: dict[str, float | str] = {"by the clock": _spread(found["worst"], found["pauses"])}
    others["by processor time of the window"] = _spread(found["worst_work"], found["worked"])
    others["what held up"] = "; ".join(
        f"{cause['place']} {cause['times']}×, {cause['worked']}× by its own work, longest "
        f"{cause['longest']:.0f} ms (of these {cause['busy']:.0f} at work; {cause['doing']})"
        for cause in found["causes"][:_TOLD]
    )
    return Measured(float(longest), "ms", others=others)


def _spread(worst: Sequence[Sequence[int]], all_of_them: Sequence[Sequence[int]]) -> str:
    """Return how the longest hold-up of each case is spread, and how many of all were too long."""
    cases = sum(times for _, times in worst)
    within = sum(times for ms, times in worst if ms < LIMIT_MS)
    longer = sum(times for ms, times in all_of_them if ms >= LIMIT_MS)
    names = (("median", 0.5), ("90%", 0.9), ("99%", 0.99), ("longest", 1.0))
    figures = ", ".join(f"{name} {_percentile(worst, share)} ms" for name, share in names)
    return (
        f"{figures} a case; {100 * within / max(cases, 1):.1f}% of the cases without one over {LIMIT_MS} ms; "
        f"{longer} over it"
    )


def _percentile(counted: Sequence[Sequence[int]], share: float) -> int:
    """Return the value below which a share of what was counted lies."""
    whole = sum(times for _, times in counted)
    summed = itertools.accumulate(times for _, times in counted)
    reached = (value for (value, _), so_far in zip(counted, summed, strict=True) if so_far >= share * whole)
    return next(reached, 0)


_NONE = Goal(0.0, of_ratio=False)
_JUDGED: dict[str, tuple[str, str, Goal, Callable[[dict[str, Any]], Measured]]] = {
    "soak": ("Exceptions and errors", "", _NONE, _errors),
    "soak-memory": ("Resident size at the end", "after a fifth of the cases", Goal(1.1), _memory),
    "soak-widgets": ("Widgets left behind", "", _NONE, _left("widgets")),
    "soak-threads": ("Threads left behind", "", _NONE, _left("threads")),
    "soak-files": ("Open files left behind", "", _NONE, _left("files")),
    "soak-hold-ups": ("Longest hold-up of the window", "", Goal(float(LIMIT_MS), of_ratio=False), _hold_ups),
}
