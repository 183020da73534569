"""What is open: the sources, and the files found in them so far."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from breastview.study.foreign import Companion
from breastview.study.instance import Entry, Instance
from breastview.study.tree import order
from breastview.task import Task, check


class Opened:
    """Sources and entries; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: dict[Path, bool] = {}
        self._entries: list[Entry] = []
        self._paths: set[Path] = set()
        self._cases: tuple[Instance, ...] | None = ()
        self._companions: dict[Path, Companion] = {}
        self._list = 0

    def clear(self) -> None:
        """Forget everything; what is still found of it is not added any more."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        self._sources, self._entries, self._paths, self._cases = {}, [], set(), ()
        self._companions = {}
        self._list += 1

    def begin(self, sources: Sequence[Path], task: Task, add: bool = False) -> int:
        """Note sources that are being opened, in place of what is open or with it; return the list's number.

        Raises
        ------
        Cancelled
            If the task was cancelled: who was told to open something else meanwhile must not clear that.
        """
        files = {
            source: source.is_file() for source in sources
        }  # asked now: later the window asks for origins
        with self._lock:
            check(task)
            if not add:
                self._clear()
            self._sources = {**self._sources, **files}
            return self._list

    def add(self, entry: Entry, of: int) -> bool:
        """Add an entry to a list; return whether its file is a new one and the list still open."""
        with self._lock:
            if of != self._list or entry.path in self._paths:
                return False
            self._paths.add(entry.path)
            self._entries.append(entry)
            if isinstance(entry, Instance):
                self._cases = None
            return True

    def accompany(self, companion: Companion, of: int) -> None:
        """Add what another system said of pictures to a list, if that is still open."""
        with self._lock:
            if of == self._list:
                self._companions.setdefault(companion.path, companion)

    @property
    def companions(self) -> tuple[Companion, ...]:
        """What other systems said of pictures, in the order of finding."""
        with self._lock:
            return tuple(self._companions.values())

    @property
    def sources(self) -> tuple[Path, ...]:
        """What was opened."""
        return tuple(self._sources)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every file found so far, in the order of finding."""
        with self._lock:
            return tuple(self._entries)

    @property
    def cases(self) -> tuple[Instance, ...]:
        """The pictures found so far, in reading order."""
        with self._lock:
            if self._cases is None:
                self._cases = tuple(sorted((e for e in self._entries if isinstance(e, Instance)), key=order))
            return self._cases

    def origin(self, entry: Entry) -> Path:
        """Return where a file lies for the user: the member of a ZIP under the ZIP's own path.

        The folder that an archive was unpacked to means nothing to anyone.
        """
        # Looked up: many files may have been opened one by one.
        if not self._sources.keys().isdisjoint((entry.path, *entry.path.parents)):
            return entry.path
        archive, _, member = entry.label.partition("/")
        archives = (
            one for one, is_file in self._sources.items() if member and is_file and one.name == archive
        )
        source = next(archives, None)
        # Files that a DICOMDIR lists lie beside it and need no other name.
        if source is None or entry.path.is_relative_to(source.parent):
            return entry.path
        return source / member
