"""What long work may say and must ask: progress out, cancellation in; no Qt, no console."""

from __future__ import annotations

import threading
from typing import Protocol

from breastview.errors import Cancelled


class Task(Protocol):
    """The view that long work has of whoever started it."""

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Report that `done` of `total` steps are finished (`None`: the total is not known yet)."""
        ...

    def cancelled(self) -> bool:
        """Return whether the work should stop at the next safe point."""
        ...


class SilentTask:
    """A task nobody watches; it can be cancelled from any thread."""

    def __init__(self) -> None:
        self._stop = threading.Event()

    def progress(self, done: int, total: int | None, text: str = "") -> None:
        """Say nothing."""

    def cancelled(self) -> bool:
        """Return whether `cancel` was called."""
        return self._stop.is_set()

    def cancel(self) -> None:
        """Ask the work to stop."""
        self._stop.set()


def check(task: Task) -> None:
    """Raise `Cancelled` if the task was cancelled; to be called between stages."""
    if task.cancelled():
        raise Cancelled
