"""How a run ended: what the AI is at work on stands in a small file, and only a bad end leaves it behind.

A run that crashes in native code can say nothing any more. So it says beforehand, by hashes alone, which
frame the AI is at work on; the next start reads what the dead have left, and the AI leaves such a frame out
until somebody asks for it again. While a run lives it holds a lock on its file, so that two windows at once
do not take one another for dead.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

Key = tuple[str, int, str]
"""SHA-256 of the file, frame, hash of the bundle: all that an analysis depends on."""

LEFT_OUT_FROM = 2
"""Strikes from which the AI leaves a frame out. One is not enough: who switches the machine off while the AI
works has not found a harmful file."""
TRACES_KEPT = 5
_KEPT = 100
_BEGINS_S = 60.0
_RUN, _TRACE = ".run", ".trace"


class End(StrEnum):
    """How the work on a frame ended badly."""

    CRASH = "crash"  # native code broke down: there is a trace
    KILLED = "killed"  # from outside: by the system for want of memory, by the user, by a power cut
    HUNG = "hung"  # it gave no answer


_STRIKES = {End.CRASH: LEFT_OUT_FROM, End.KILLED: 1, End.HUNG: LEFT_OUT_FROM}


class Endings:
    """The file of this run, and what earlier ones left; safe from any thread.

    Parameters
    ----------
    folder : Path or None
        Where runs leave their files; None keeps nothing.

    Attributes
    ----------
    unexpected : bool
        Whether a run before this one ended without being closed, in a crash or while the AI was at work.
    worked_on : tuple of Key
        What the AI was at work on then.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._at_work: list[Key] = []
        self._bad: dict[Path, tuple[Key, ...]] = {}
        self._file: BinaryIO | None = None
        self._name = uuid.uuid4().hex
        self.unexpected = False
        self.worked_on: tuple[Key, ...] = ()
        if folder is not None:
            with suppress(OSError):  # whoever cannot write there reads all the same
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._sweep(folder)
                self._file = _private(folder / f"{self._name}{_RUN}")
                _locked(self._file)

    def trace(self) -> BinaryIO | None:
        """Open the private file that native crashes of this run are written to; None where that cannot be."""
        if self._folder is None:
            return None
        try:
            return _private(self._folder / f"{self._name}{_TRACE}")
        except OSError:
            return None

    @contextmanager
    def working(self, keys: Sequence[Key]) -> Iterator[None]:
        """Say for the block that the AI is at work on these frames."""
        with self._lock:
            self._at_work += keys
            self._say()
        try:
            yield
        finally:
            with self._lock:
                self._at_work = [one for one in self._at_work if one not in keys]
                self._say()

    def hung(self) -> None:
        """Note that what the AI is at work on gave no answer."""
        with self._lock:
            if self._at_work and self._folder is not None:
                path = self._folder / f"{uuid.uuid4().hex}.{End.HUNG}"
                self._bad[path] = tuple(self._at_work)
                self._write(path)
            self._at_work = []
            self._say()

    def leaves_out(self, key: Key) -> bool:
        """Return whether the AI is not to look at a frame of its own accord."""
        return self._strikes(key) >= LEFT_OUT_FROM

    def doubts(self, key: Key) -> bool:
        """Return whether a frame should go to the AI alone: with others it ended badly, or may have."""
        return self._strikes(key) > 0

    def forgive(self, key: Key) -> None:
        """Forget what is held against a frame: it was read, or somebody wants it tried again."""
        if not self._bad:
            return
        with self._lock:
            for path, keys in [(path, keys) for path, keys in self._bad.items() if key in keys]:
                self._bad[path] = tuple(one for one in keys if one != key)
                self._write(path)

    def close(self) -> None:
        """End this run well; may be called twice."""
        with self._lock:
            if self._file is None or self._folder is None:
                return
            self._file.close()
            self._file = None
            for ending in (_RUN, _TRACE):
                with suppress(OSError):
                    (self._folder / f"{self._name}{ending}").unlink(missing_ok=True)

    def _strikes(self, key: Key) -> int:
        if not self._bad:
            return 0
        with self._lock:
            # Of several frames that were at work together, none is known to be the one.
            blamed = [(path, keys) for path, keys in self._bad.items() if key in keys]
        return sum(_STRIKES[End(path.suffix[1:])] if len(keys) == 1 else 1 for path, keys in blamed)

    def _say(self) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            text = _text(self._at_work)
            self._file.seek(0)
            self._file.write(text)
            self._file.truncate(len(text))

    def _write(self, path: Path) -> None:
        """Keep what is held against frames, or take the file away where nothing is left of it."""
        with suppress(OSError):
            if self._bad[path]:
                path.touch(mode=0o600)
                path.write_bytes(_text(self._bad[path]))
            else:
                path.unlink(missing_ok=True)
        if not self._bad[path]:
            del self._bad[path]

    def _sweep(self, folder: Path) -> None:
        """Take note of what runs have left that no longer live."""
        for path in folder.glob(f"*{_RUN}"):
            if _dead(path):
                self._bury(path)
        kinds = [path for end in End for path in folder.glob(f"*.{end}")]
        for number, path in enumerate(sorted(kinds, key=_age)):
            if number < _KEPT:
                self._bad[path] = _keys(path)
            else:
                path.unlink(missing_ok=True)
        for path in sorted(folder.glob(f"*{_TRACE}"), key=_age)[TRACES_KEPT:]:
            path.unlink(missing_ok=True)

    def _bury(self, path: Path) -> None:
        trace, keys = path.with_suffix(_TRACE), _keys(path)
        crashed = trace.exists() and trace.stat().st_size > 0
        if not keys and not crashed and time.time() - path.stat().st_mtime < _BEGINS_S:
            return  # it may live and be about to take its lock
        if keys:
            path.rename(path.with_suffix(f".{End.CRASH if crashed else End.KILLED}"))
        else:
            path.unlink(missing_ok=True)
        if not crashed:
            trace.unlink(missing_ok=True)
        self.unexpected |= crashed or bool(keys)
        self.worked_on += keys


def traces(folder: Path) -> list[str]:
    """Return what native crashes have left, the newest first; places in the program, no values."""
    found = []
    for path in sorted(folder.glob(f"*{_TRACE}"), key=_age)[:TRACES_KEPT]:
        with suppress(OSError):
            found.append(path.read_text(encoding="utf-8", errors="replace"))
    return [text for text in found if text]


def _text(keys: Sequence[Key]) -> bytes:
    return "".join(f"{sha} {frame} {bundle}\n" for sha, frame, bundle in keys).encode("ascii", "replace")


def _keys(path: Path) -> tuple[Key, ...]:
    """Return what stands in a file; a line that is none (the power went) is passed over."""
    try:
        lines = path.read_bytes().decode("ascii", "replace").splitlines()
    except OSError:
        return ()
    words = [line.split() for line in lines]
    return tuple((one[0], int(one[1]), one[2]) for one in words if len(one) == 3 and one[1].isdecimal())


def _age(path: Path) -> float:
    """Return a number that is the smaller the newer a file is."""
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0


def _private(path: Path) -> BinaryIO:
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "rb+", buffering=0)


def _dead(path: Path) -> bool:
    """Return whether no run holds the lock on its file."""
    try:
        with path.open("rb+") as file:
            return _locked(file)
    except OSError:
        return False


def _locked(file: BinaryIO) -> bool:
    """Lock a file until it is closed, or its process ends; return whether that could be done."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1 << 20)  # beyond what is written, for a locked byte can be read by nobody else
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(0)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
