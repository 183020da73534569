"""From the start of the process to the window, and to the first overlay of the AI."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from breastview.bench import ai, made, timing
from breastview.bench.row import Goal, Measured, NotMeasured, Place, Row

PATIENCE_S = 300.0
WINDOW, OVERLAY = "first paint after", "first overlay after"


def window(place: Place) -> Measured:
    """Process start to the first paint of the window."""
    return _measured(place, WINDOW)


def first_result(place: Place) -> Measured:
    """Process start to the first picture painted with mask and heat; the graph is kept, the result is not."""
    ai.bundle()  # or there will be no overlay
    return _measured(place, OVERLAY)


def _measured(place: Place, what: str) -> Measured:
    ours, imports = _starts(place)
    taken = tuple(one[what] for one in ours)
    return Measured(timing.median(taken), "s", timing.median(imports), taken, imports)


@cache
def _starts(place: Place) -> tuple[tuple[dict[str, float], ...], tuple[float, ...]]:
    """Return the seconds of starts of the application and of imports of TensorFlow, by turns."""
    if not sys.platform.startswith("linux"):
        raise NotMeasured("The start of a process is told on Linux only.")
    if find_spec("tensorflow") is None:
        raise NotMeasured("TensorFlow is not installed.")
    wanted = OVERLAY
    try:
        ai.graphs(ai.bundle())  # kept from now on
    except NotMeasured:
        wanted = WINDOW
    picture = made.ultrasound(place.folder / "start" / "one.dcm")
    home = ai.at_home(place.folder / "start-home")
    imported, env = timing.python("-c", "import tensorflow"), timing.environment(home)
    if not place.quick:  # brings the files into the system's memory
        _start(picture, home, wanted)
        timing.run(imported, env)
    ours, imports = [], []
    for _ in range(place.of(5, 1)):
        ours.append(_start(picture, home, wanted))
        imports.append(timing.seconds(lambda: timing.run(imported, env)))
    return tuple(ours), tuple(imports)


def _start(picture: Path, home: Path, wanted: str) -> dict[str, float]:
    """Start the application on a picture and return the seconds it says, until it has said `wanted`."""
    for kept in (home / "cache" / "results").glob("**/*.analysis"):
        kept.unlink()
    env = timing.environment(home, BREASTVIEW_TRACE="1", QT_QPA_PLATFORM="offscreen")
    command = timing.python("-m", "breastview", "view", str(picture))
    found: dict[str, float] = {}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, env=env, **pipes) as process:  # type: ignore[call-overload]
        assert process.stdout is not None
        os.set_blocking(process.stdout.fileno(), False)
        end = time.monotonic() + PATIENCE_S
        while wanted not in found and process.poll() is None and time.monotonic() < end:
            for line in process.stdout:
                what, _, rest = line.rpartition(" after ")
                found[f"{what} after"] = float(rest.split()[0])
            time.sleep(0.02)
        process.kill()
    if WINDOW not in found:
        raise NotMeasured("The window did not open; `breastview view` says why.")
    return {OVERLAY: float("nan")} | found


ROWS = {
    "window": Row("Window on screen, from process start", "import tensorflow", Goal(1 / 3), window),
    "first-result": Row(
        "First overlay of the AI on screen, from process start", "import tensorflow", Goal(0.6), first_result
    ),
}
