"""Folders and archives are read on a thread of their own; rows stream in, the first one at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from breastview.gui.workers.job import Job
from breastview.task import check

Entry = TypeVar("Entry")
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 0.6


def index(
    job: Job,
    entries: Iterable[Entry],
    rows: Callable[[Sequence[Entry]], Any],
    give_way: Callable[[], object] = lambda: None,
) -> int:
    """Take entries as they are found and hand over rows in batches; return how many there were.

    The first entry is handed over alone, so its picture comes up at once. The pauses between batches grow,
    because each batch costs the list a new arrangement. `give_way` is called before every entry and may wait.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    batch: list[Entry] = []
    count, pause, told = 0, 0.0, 0.0
    for entry in entries:
        check(job)
        give_way()
        batch.append(entry)
        count += 1
        if time.monotonic() - told >= pause:
            job.produced.emit(rows(batch))
            batch = []
            told = time.monotonic()
            pause = min(max(FIRST_PAUSE_S, pause * 1.5), LONGEST_PAUSE_S)
    if batch:
        job.produced.emit(rows(batch))
    return count
