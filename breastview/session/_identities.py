"""Which picture a file is: the SHA-256 of its bytes, taken once for every unchanged file."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
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
    """Hashes of files, kept in memory and in the store; safe from any thread.

    A file is looked at when it is listed, read or analysed. What is asked about it afterwards is asked of the
    content that was read then and touches no disk: the window asks at every step, and a folder of the network
    may take seconds to answer.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[Path, tuple[Signature, str]] = {}

    def of(self, path: Path) -> str:
        """Return the SHA-256 of a file as it was last read; one that is new is read for it.

        A file that has vanished since keeps its identity, so that the reader's words about it can be saved.

        Raises
        ------
        UnreadableFile
            If the file is gone and was never seen.
        """
        if (known := self._known.get(path)) is not None:
            return known[1]
        now = signature(path)
        sha = self._store.known_hash(path, *now)
        if not sha:
            sha = file_hash(path)
            self._store.remember_hash(path, *now, sha)
        self._known[path] = (now, sha)
        return sha

    def look(self, path: Path) -> Signature:
        """Look at a file that is about to be read, and let go of its identity if it was changed.

        Raises
        ------
        UnreadableFile
            If the file is gone; it keeps its identity.
        """
        now = signature(path)
        known = self._known.get(path)
        if known is not None and known[0] != now:
            self._known.pop(path, None)
        return now

    def remembered(self, path: Path) -> str:
        """Return the SHA-256 of a file as far as it was asked for before, else empty; touches no disk."""
        known = self._known.get(path)
        return known[1] if known is not None else ""

    def known(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return the hashes of those files that need not be read for it; each file is looked at."""
        found: dict[Path, str] = {}
        unknown: dict[Path, Signature] = {}
        for path in paths:
            with suppress(UnreadableFile):
                now = self.look(path)
                if path not in self._known:
                    unknown[path] = now
            if sha := self.remembered(path):
                found[path] = sha
        fresh = self._store.known_hashes((path, *now) for path, now in unknown.items())
        self._known |= {path: (unknown[path], sha) for path, sha in fresh.items()}
        return found | fresh
