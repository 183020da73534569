"""Who may use the AI next: what the reader looks at goes before what is done in the background."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A lock with two queues; nobody of the second one gets it while somebody of the first one waits."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._busy = False
        self._urgent = 0

    @contextmanager
    def turn(self, urgent: bool) -> Iterator[None]:
        """Hold the lock for the block."""
        with self._free:
            self._urgent += urgent
            try:
                self._free.wait_for(lambda: not self._busy and (urgent or not self._urgent))
            finally:
                self._urgent -= urgent
            self._busy = True
        try:
            yield
        finally:
            with self._free:
                self._busy = False
                self._free.notify_all()
