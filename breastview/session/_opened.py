"""What is open: the sources, and the files found in them so far."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from breastview.study.instance import Entry, Instance
from breastview.study.tree import order


class Opened:
    """Sources and entries; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sources: tuple[Path, ...] = ()
        self._entries: list[Entry] = []
        self._paths: set[Path] = set()
        self._cases: tuple[Instance, ...] | None = ()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._sources, self._entries, self._paths, self._cases = (), [], set(), ()

    def begin(self, sources: Sequence[Path]) -> None:
        """Note sources that are being opened."""
        with self._lock:
            self._sources = tuple(dict.fromkeys((*self._sources, *sources)))

    def add(self, entry: Entry) -> bool:
        """Add an entry; return whether its file is a new one."""
        with self._lock:
            if entry.path in self._paths:
                return False
            self._paths.add(entry.path)
            self._entries.append(entry)
            if isinstance(entry, Instance):
                self._cases = None
            return True

    @property
    def sources(self) -> tuple[Path, ...]:
        """What was opened."""
        return self._sources

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
        if any(entry.path.is_relative_to(source) for source in self._sources):
            return entry.path
        archive, _, member = entry.label.partition("/")
        archives = (one for one in self._sources if member and one.name == archive and one.is_file())
        source = next(archives, None)
        # Files that a DICOMDIR lists lie beside it and need no other name.
        if source is None or entry.path.is_relative_to(source.parent):
            return entry.path
        return source / member
