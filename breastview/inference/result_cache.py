"""Results of the AI kept on disk, so that a picture is analysed once by one bundle; bounded, safe to lose.

Every entry is one file that is written whole or not at all. Several processes may share a folder: they agree
through the file system alone, and an entry that vanishes or cannot be read is simply computed again.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from breastview import atomic
from breastview.inference import analysis_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from breastview.study.analysis import Analysis

log = logging.getLogger(__name__)

_SUFFIX = ".analysis"
_KEEP = 0.9
"""Share of the limit that is left after old entries were removed, so that this is not done at every write."""


class ResultCache:
    """Analyses by file hash, frame and bundle hash, least recently used first to go.

    Parameters
    ----------
    folder : Path
        Made when missing.
    limit_bytes : int
        Of all entries together.
    """

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._bytes: int | None = None  # as far as this process knows; None: not counted yet

    def get(self, file_hash: str, frame: int, bundle_hash: str) -> Analysis | None:
        """Return the analysis of a frame by a bundle, or None if it is not (or no longer) here."""
        path = self._path(file_hash, frame, bundle_hash)
        try:
            analysis = analysis_file.loads(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("a cached result is unreadable and will be made again: %s", error)
            self._remove(path)
            return None
        if analysis.bundle.hash != bundle_hash:
            return None
        with suppress(OSError):
            os.utime(path)  # the time of last use; file systems are mounted without access times
        return analysis

    def put(self, file_hash: str, frame: int, bundle_hash: str, analysis: Analysis) -> None:
        """Keep an analysis; a disk that is full or read-only is no error, the result is just not kept."""
        path = self._path(file_hash, frame, bundle_hash)
        content = analysis_file.dumps(analysis)
        if len(content) > self.limit_bytes:
            return
        try:
            with atomic.written(path) as temporary:
                temporary.write_bytes(content)
        except OSError as error:
            log.warning("a result could not be kept: %s", error.strerror or error)
            return
        self._grown(len(content))

    def clear(self) -> None:
        """Remove every entry."""
        for path, _, _ in list(self._entries()):
            self._remove(path)
        with self._lock:
            self._bytes = None

    def size(self) -> int:
        """Return the bytes on disk now, counted anew."""
        return sum(size for _, size, _ in self._entries())

    def _path(self, file_hash: str, frame: int, bundle_hash: str) -> Path:
        # A digest of the key: no part of it can be a path, and names stay short.
        key = f"{analysis_file.VERSION}/{file_hash}/{frame}/{bundle_hash}"
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest[2:42]}{_SUFFIX}"

    def _entries(self) -> Iterator[tuple[Path, int, float]]:
        """Yield path, bytes and time of last use (s) of every entry, and of what a killed process left."""
        for path in self.folder.glob(f"*/*{_SUFFIX}"):
            with suppress(OSError):
                status = path.stat()
                yield path, status.st_size, status.st_mtime

    def _grown(self, size: int) -> None:
        with self._lock:
            self._bytes = self.size() if self._bytes is None else self._bytes + size
            if self._bytes > self.limit_bytes:
                self._bytes = self._shrink()

    def _shrink(self) -> int:
        """Remove the entries used longest ago until the limit is kept; return the bytes left."""
        entries = sorted(self._entries(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        for path, size, _ in entries:
            if total <= self.limit_bytes * _KEEP:
                break
            self._remove(path)
            total -= size
        return total

    @staticmethod
    def _remove(path: Path) -> None:
        with suppress(OSError):
            path.unlink(missing_ok=True)
