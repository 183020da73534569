"""A cache in memory that is bounded in bytes, not in entries."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Keeps the values used last, up to a number of bytes; safe from any thread.

    Parameters
    ----------
    limit : int
        Bytes that all values together may take. One larger than that is not kept at all.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes of all values kept."""
        return self._size

    def get(self, key: Hashable) -> Value | None:
        """Return a value and mark it as used, None where it is not kept."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep a value of `size` bytes; those unused for longest make room."""
        with self._lock:
            self._drop(key)
            if size <= self._limit:
                self._kept[key] = (value, size)
                self._size += size
                self._shrink()

    def resize(self, limit: int) -> None:
        """Change the bound."""
        with self._lock:
            self._limit = limit
            self._shrink()

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _drop(self, key: Hashable) -> None:
        _, size = self._kept.pop(key, (None, 0))
        self._size -= size

    def _shrink(self) -> None:
        while self._size > self._limit:
            self._drop(next(iter(self._kept)))
