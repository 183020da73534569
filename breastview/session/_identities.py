"""Which picture a file is: the SHA-256 of its bytes, taken once for every unchanged file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from breastview.errors import UnreadableFile
from breastview.inference.hashing import file_hash
from breastview.store import Store

Signature = tuple[int, int]
"""Size in bytes and time of the last change in ns: while they stay, the content is taken to stay."""


def signature(path: Path) -> Signature:
    """Return the signature of a file.

    Raises
    ------
    UnreadableFile
        If the file is gone or its folder cannot be read.
    """
    try:
        found = path.stat()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableFile(f"it cannot be read ({reason})", path, "Is it still there?") from error
    return found.st_size, found.st_mtime_ns


class Identities:
    """Hashes of files, kept in memory and in the store; safe from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Path, tuple[Signature, str]] = {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file, reading it when it is new or was changed.

        A file that has vanished since keeps its identity, so that the reader's words about it can be saved.

        Raises
        ------
        UnreadableFile
            If the file is gone and was never seen.
        """
        try:
            now = signature(path)
        except UnreadableFile:
            if path in self._known:
                return self._known[path][1]
            raise
        known = self._known.get(path)
        if known and known[0] == now:
            return known[1]
        sha = self._store.known_hash(path, *now)
        if not sha:
            sha = file_hash(path)
            self._store.remember_hash(path, *now, sha)
        self._known[path] = (now, sha)
        return sha

    def known(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return the hashes of those files that need not be read for it."""
        found: dict[Path, str] = {}
        unknown: list[tuple[Path, int, int]] = []
        for path in paths:
            try:
                now = signature(path)
            except UnreadableFile:
                now = (-1, -1)
            known = self._known.get(path)
            if known and now in (known[0], (-1, -1)):
                found[path] = known[1]
            elif now != (-1, -1):
                unknown.append((path, *now))
        return found | self._store.known_hashes(unknown)
