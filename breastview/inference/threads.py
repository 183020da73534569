"""How many threads the AI may take, for its network and for what comes before and after it."""

from __future__ import annotations

import os


def threads() -> int:
    """Return how many threads the AI takes: all cores but one for the window, on two cores both.

    `BREASTVIEW_THREADS` says another number; workers of a cluster take one each.
    """
    said = os.environ.get("BREASTVIEW_THREADS", "")
    if said.isdecimal() and int(said):
        return int(said)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores - 1 if cores > 2 else cores
