"""Do one measurement and print it as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from breastview.gui.stopwatch import drawing, opening, soaking, stepping

MEASUREMENTS = {
    "window-level": drawing.window_level,
    "opacity": drawing.opacity,
    "open": opening.opened,
    "step": stepping.steps,
    "memory": stepping.memory,
    "soak": soaking.soaked,
    "soak-with-ai": soaking.soaked_with_ai,
}


def main() -> None:
    """Run the measurement that the arguments name: its name, the files' path, how many."""
    # As `breastview.__main__` does for the application, and before NumPy is used.
    name, path, count = sys.argv[1:4]
    print(json.dumps(MEASUREMENTS[name](Path(path), int(count))), flush=True)  # noqa: T201
    # Nothing here is to be kept; a thread that loads a model would hold up the end.
    os._exit(0)


if __name__ == "__main__":
    main()
