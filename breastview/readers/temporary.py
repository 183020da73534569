"""Private folders for unpacked archives: they hold patient pictures, so they go when the application does."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
from pathlib import Path

from breastview import atomic, paths

_lock = threading.Lock()
_mine: list[Path] = []


def private_folder() -> Path:
    """Return a new empty folder that only this user can enter; it is removed at exit."""
    root = paths.cache_folder() / "unpacked"
    with _lock:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _mine:
            sweep(root)
            atexit.register(clear)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
        _mine.append(folder)
    return folder


def clear() -> None:
    """Remove the folders of this process."""
    with _lock:
        for folder in _mine:
            shutil.rmtree(folder, ignore_errors=True)
        _mine.clear()


def sweep(root: Path) -> None:
    """Remove what processes that no longer run have left (a crash, a power cut)."""
    for folder in root.iterdir():
        owner = folder.name.partition("-")[0]
        with contextlib.suppress(OSError):
            if not owner.isdecimal() or not atomic.alive(int(owner), folder.stat().st_mtime):
                shutil.rmtree(folder, ignore_errors=True)
