"""A folder watched for new files: taken when their size has settled, each once, whole or not at all."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from breastview.errors import ArchiveError, BreastViewError
from breastview.pacs._landing import Landing, landing
from breastview.pacs._objects import outgoing
from breastview.pacs.configuration import FolderSettings
from breastview.pacs.listener import Received

_TAKEN = ".taken"
_LOOK_S = 1.0
_PREAMBLE = 128


class Watcher:
    """Moves settled DICOM files of a folder into the folders of their studies under `root`.

    Files that are no DICOM stay where they are. A file is first renamed into a hidden folder beside it, so
    that of several watchers one takes it; what a killed watcher had taken is finished by the next one.

    Parameters
    ----------
    settings : FolderSettings
    root : Path
        The folder of studies; another one than the watched.
    told : callable
        Called with a `Received` for every study that got files, from the watcher's thread.
    """

    def __init__(
        self, settings: FolderSettings, root: Path, told: Callable[[Received], None] | None = None
    ) -> None:
        self._folder, self._settle_s = Path(settings.path), float(settings.settle_s)
        self._name = settings.name
        self._root, self._told = root, told or (lambda _: None)
        self._seen: dict[Path, tuple[int, int, float]] = {}
        self._mine: list[Path] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look every second, in a thread.

        Raises
        ------
        ArchiveError
            If the folder is not there.
        """
        if not self._folder.is_dir():
            raise ArchiveError(
                "the watched folder is not there", self._name, "Check the drive, or the settings."
            )
        self._thread = threading.Thread(target=self._run, name="watched folder", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; may be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        self._mine = sorted((self._folder / _TAKEN).glob("*"))
        while not self._stop.wait(_LOOK_S):
            with suppress(OSError, ArchiveError):  # a drive that comes and goes, or is full for a while
                self.look()

    def look(self, now: float | None = None) -> tuple[Received, ...]:
        """Take what has settled; return it, and tell it.

        Parameters
        ----------
        now : float, optional
            Seconds of the monotonic clock.
        """
        for file in self._claimed(time.monotonic() if now is None else now):
            self._mine.append(file)
        moved = self._moved(self._mine)
        self._mine = []
        return moved

    def _claimed(self, now: float) -> Iterator[Path]:
        """Yield the settled files under the names that make them ours."""
        for file in self._settled(now):
            if not _readable(file):
                continue
            (self._folder / _TAKEN).mkdir(mode=0o700, exist_ok=True)
            mine = self._folder / _TAKEN / f"{uuid4().hex}.dcm"
            with suppress(FileNotFoundError):  # another watcher was quicker
                file.rename(mine)
                yield mine

    def _settled(self, now: float) -> list[Path]:
        """Return the DICOM files whose size and time have not changed for the settling time."""
        found: dict[Path, tuple[int, int, float]] = {}
        for file in sorted(self._folder.rglob("*")):
            if any(part.startswith(".") for part in file.relative_to(self._folder).parts):
                continue
            with suppress(OSError):
                state = file.stat()
                if file.is_file() and state.st_size > _PREAMBLE:
                    size, mtime, since = self._seen.get(file, (-1, 0, now))
                    same = (size, mtime) == (state.st_size, state.st_mtime_ns)
                    found[file] = (state.st_size, state.st_mtime_ns, since if same else now)
        self._seen = found
        return [
            file for file, (_, _, since) in found.items() if now - since >= self._settle_s and is_dicom(file)
        ]

    def _moved(self, files: list[Path]) -> tuple[Received, ...]:
        """Move claimed files into their studies' folders, and tell."""
        studies: dict[str, list[tuple[str, Path]]] = defaultdict(list)
        for file in files:
            with suppress(BreastViewError):  # another watcher has finished it
                for one in outgoing([file]):
                    studies[one.study].append((one.instance, file))
        found = []
        for study, objects in studies.items():
            with landing(self._root, study, self._name) as ground:
                found.append(_filled(ground, objects))
            for _, file in objects:
                file.unlink(missing_ok=True)
            self._told(found[-1])  # at once: the next study may find no room
        return tuple(found)


def _filled(ground: Landing, objects: list[tuple[str, Path]]) -> Received:
    for instance, file in objects:
        with suppress(FileNotFoundError):
            ground.take(instance, file.read_bytes())
    came = ground.publish()
    return Received(came.folder, came.files)


def _readable(file: Path) -> bool:
    """Return whether it is a DICOM object, not by its first bytes alone; what is not stays where it is."""
    with suppress(BreastViewError):
        return bool(list(outgoing([file])))
    return False


def is_dicom(file: Path) -> bool:
    """Return whether a file begins as DICOM files do."""
    with suppress(OSError), file.open("rb") as opened:
        opened.seek(_PREAMBLE)
        return opened.read(4) == b"DICM"
    return False
