"""Taking times on a machine that is not ours alone: by turns, several of each, and the median of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Work = Callable[[], object]


def seconds(work: Work) -> float:
    """Return how long a piece of work takes, wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_turns(works: Sequence[Work], times: int, warm: int = 1) -> list[list[float]]:
    """Return the seconds of several works, each done `times` times.

    They take turns, and the order turns round each time: what else the machine does falls on all of them.

    Parameters
    ----------
    works : sequence of callable
    times : int
    warm : int
        Rounds before the first one that counts.
    """
    taken: list[list[float]] = [[] for _ in works]
    for turn in range(-warm, times):
        places = range(len(works)) if turn % 2 else range(len(works) - 1, -1, -1)
        for place in places:
            one = seconds(works[place])
            if turn >= 0:
                taken[place].append(one)
    return taken


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return float(statistics.median(values))


def python(*arguments: str) -> list[str]:
    """Return the command of a Python like this one."""
    return [sys.executable, *arguments]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a measured process: the user's settings and caches are not touched.

    Modules are compiled once, as in an installed program, also where the user has Python keep nothing; then
    beside `home`.
    """
    kept = dict(os.environ)
    if kept.pop("PYTHONDONTWRITEBYTECODE", ""):
        kept["PYTHONPYCACHEPREFIX"] = str(home.parent / "compiled")
    return kept | {"BREASTVIEW_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Run a process to its end and return what it said.

    Raises
    ------
    ChildFailed
        If it ended with an error.
    """
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        raise ChildFailed(done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode}"])
    return done.stdout


class ChildFailed(Exception):
    """A measured process ended with an error; the message is its last line."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(" ".join(lines))


def load() -> float:
    """Return how many processes wanted to run in the last minute; 0 where the system does not tell."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
