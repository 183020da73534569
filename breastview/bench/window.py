"""Asks for a measurement in a window: `gui.stopwatch`, which lies above, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from breastview.bench import ai, timing
from breastview.bench.row import NotMeasured

_STOPWATCH = "breastview.gui.stopwatch"


def measured(name: str, path: Path, count: int, home: Path) -> dict[str, Any]:
    """Return the figures of a measurement.

    Parameters
    ----------
    name : str
        One of `gui.stopwatch`.
    path : Path
        What is opened.
    count : int
        How often, or how many files there are.
    home : Path
        Settings, record and caches of the process.

    Raises
    ------
    NotMeasured
        If no window can be opened here.
    """
    env = timing.environment(ai.at_home(home), QT_QPA_PLATFORM="offscreen", OPENBLAS_NUM_THREADS="1")
    try:
        said = timing.run(timing.python("-m", _STOPWATCH, name, str(path), str(count)), env)
    except timing.ChildFailed as error:
        raise NotMeasured(f"The window could not be measured: {error}.") from error
    found: dict[str, Any] = json.loads(said.strip().splitlines()[-1])
    return found
