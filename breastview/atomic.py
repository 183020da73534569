"""Files take their final name when they are whole; what a killed process left unfinished is swept up."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_UNFINISHED = re.compile(r"\..*\.bv-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-\w+\.part(\.[^.]*)?", re.DOTALL)
"""Name of a file that is being written: on which machine, since which start of it, by which process."""
_LOOKED_AGAIN_S = 60.0
_FOLDERS_KNOWN = 1000
_STALE_S = 2 * 24 * 3600
_looked: dict[Path, float] = {}


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """Give a temporary path in the same folder that takes the final name only when the block succeeds.

    A crash, a full disk or an exception leaves whatever was under the final name untouched. What a process
    that was killed has left of other files in this folder is removed.

    Parameters
    ----------
    path : Path
        The final name; its folder is made when missing.

    Yields
    ------
    Path
        A temporary file (same suffix) to write to.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    if time.monotonic() - _looked.get(path.parent, -_LOOKED_AGAIN_S) >= _LOOKED_AGAIN_S:
        _remove_unfinished(path.parent)
    prefix = f".{path.stem[:40]}.bv-{_here()}-{_boot()}-{os.getpid()}-"
    suffix = f".part{path.suffix}"
    handle, name = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        # mkstemp makes private files; a finished export follows the user's umask like any other file.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_unfinished(folder: Path) -> None:
    """Remove what dead processes of this user and machine were writing into a folder."""
    if len(_looked) >= _FOLDERS_KNOWN:
        _looked.clear()
    _looked[folder] = time.monotonic()
    with suppress(OSError), os.scandir(folder) as entries:
        left = [entry for entry in entries if entry.name.startswith(".") and ".part" in entry.name]
        for entry in left:
            match = _UNFINISHED.fullmatch(entry.name)
            if match and match[1] == _here() and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    _remove_if_dead(entry, match[2], int(match[3]))


def _remove_if_dead(entry: os.DirEntry[str], boot: str, process: int) -> None:
    status = entry.stat(follow_symlinks=False)
    own = sys.platform == "win32" or status.st_uid == os.geteuid()
    if own and (boot != _boot() or not alive(process, status.st_mtime)):
        Path(entry.path).unlink()


def alive(process: int, changed: float) -> bool:
    """Return whether a process runs on this machine.

    Parameters
    ----------
    process : int
        Its number.
    changed : float
        When it last gave a sign of life (seconds since the epoch), for systems where no process can be asked.
    """
    if sys.platform == "win32":  # os.kill would end the process there; age has to do
        return time.time() - changed < _STALE_S
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


@cache
def _here() -> str:
    """Return a sign of this machine; containers that share a folder have processes of their own each."""
    processes = ""
    with suppress(OSError):
        processes = str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(f"{platform.node()} {processes}".encode()).hexdigest()[:8]


@cache
def _boot() -> str:
    """Return a sign of this start of the machine, always the same where the system does not tell."""
    start = ""
    with suppress(OSError):
        start = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return hashlib.sha256(start.encode()).hexdigest()[:8]
