"""A thread that does the most urgent thing it was given first, and forgets what is no longer wanted."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QThreadPool

log = logging.getLogger(__name__)


class Urgent:
    """Does what it is given, one thing after the other.

    Qt's pool is given nothing but plain callables and is never cleared: a runnable that ends while it is
    still being handed over is never let go of, with all that it holds, and nor is a callable that is cleared.
    """

    def __init__(self) -> None:
        self._pool = QThreadPool()
        self._pool.setMaxThreadCount(1)
        self._lock = threading.Lock()
        self._waiting: list[tuple[int, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def start(self, work: Callable[[], object], priority: int = 0) -> None:
        """Do something once nothing more urgent waits; of two alike the one given first."""
        with self._lock:
            heapq.heappush(self._waiting, (-priority, next(self._order), work))
        self._pool.start(self._next)

    def clear(self) -> None:
        """Forget what was not begun."""
        with self._lock:
            self._waiting.clear()

    def settle(self, milliseconds: int) -> bool:
        """Wait until everything is done; return whether it is."""
        return self._pool.waitForDone(milliseconds)

    def _next(self) -> None:
        """Do the most urgent thing, if there still is one; what goes wrong is logged, the rest goes on."""
        with self._lock:
            if not self._waiting:
                return
            work = heapq.heappop(self._waiting)[2]
        try:
            work()
        except Exception:
            log.exception("background work failed")
