"""Trying again: pauses that grow, and end at once when the work is cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from breastview.errors import ArchiveUnreachable
from breastview.task import Task, check

_T = TypeVar("_T")
_LOOK_S = 0.1


def retried(work: Callable[[], _T], attempts: int, task: Task, first_pause_s: float = 1.0) -> _T:
    """Run `work` until it succeeds, `attempts` times at most, with pauses of 1, 2, 4 … times the first.

    Only what may pass by itself is tried again.

    Raises
    ------
    ArchiveUnreachable
        That of the last try.
    ArchiveError, Cancelled
        Any other, at once.
    """
    for attempt in range(1, attempts + 1):
        check(task)
        try:
            return work()
        except ArchiveUnreachable:
            if attempt == attempts:
                raise
        paused(first_pause_s * 2 ** (attempt - 1), task)
    raise AssertionError("at least one attempt is made")


def paused(seconds: float, task: Task) -> None:
    """Wait; raise `Cancelled` soon after the task was cancelled."""
    end = time.monotonic() + seconds
    while (rest := end - time.monotonic()) > 0:
        check(task)
        time.sleep(min(_LOOK_S, rest))
    check(task)
