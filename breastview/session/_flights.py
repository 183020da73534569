"""Work that several threads ask for at once is done once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import Generic, TypeVar

from breastview.errors import Cancelled
from breastview.task import Task, check

Value = TypeVar("Value")
_LOOK_S = 0.1


class Flights(Generic[Value]):
    """Work under way, by key: the first to claim a key does the work, the others wait for it."""

    def __init__(self) -> None:
        self._flying: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def claim(self, key: Hashable) -> Future[Value] | None:
        """Return None where the caller must do the work and `land` or `fail` it, else what to wait for."""
        with self._lock:
            if key in self._flying:
                return self._flying[key]
            self._flying[key] = Future()
            return None

    def land(self, key: Hashable, value: Value) -> None:
        """Hand the value to all who wait for it."""
        with self._lock:
            flight = self._flying.pop(key)
        flight.set_result(value)

    def fail(self, key: Hashable, error: BaseException) -> None:
        """Hand the error to all who wait."""
        with self._lock:
            flight = self._flying.pop(key)
        flight.set_exception(error)

    def run(self, key: Hashable, work: Callable[[], Value], task: Task) -> Value:
        """Do the work, or wait for the one who does it already.

        Raises
        ------
        Cancelled
            If this caller's own task was cancelled; another one's cancellation makes this caller do the work.
        """
        while True:
            check(task)
            flight = self.claim(key)
            if flight is None:
                return self._fly(key, work)
            # This one alone: once it has landed its key is free, and the work would be done again.
            while not wait([flight], _LOOK_S).done:
                check(task)
            with suppress(Cancelled):
                return flight.result()

    def _fly(self, key: Hashable, work: Callable[[], Value]) -> Value:
        try:
            value = work()
        except BaseException as error:
            self.fail(key, error)
            raise
        self.land(key, value)
        return value
