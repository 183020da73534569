"""The listener: takes studies that modalities and archives push, and tells when one has come.

An object is acknowledged when it is on the disk, out of sight; it appears in its study's folder, whole, when
its association is over. What was acknowledged before a crash appears with the next start.
"""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from breastview.errors import ArchiveError
from breastview.pacs._landing import plain, published, written
from breastview.pacs._receiver import Arrival, Receiver
from breastview.pacs.configuration import ListenerSettings


@dataclass(frozen=True)
class Received:
    """What one association brought of one study: the study's folder, and the files that are new in it."""

    folder: Path
    files: tuple[Path, ...]


class Listener:
    """A storage SCP that fills the folder of studies.

    Parameters
    ----------
    settings : ListenerSettings
    root : Path
        The folder of studies; `configuration.Archives.studies` of the settings.
    told : callable
        Called with a `Received` for every study of an association that is over, from a thread of its own.

    Raises
    ------
    ArchiveRefused
        If the settings cannot be used; `configuration.listener_problems` tells all that is wrong.
    """

    def __init__(
        self, settings: ListenerSettings, root: Path, told: Callable[[Received], None] | None = None
    ) -> None:
        self._receiver = Receiver(settings, self._take, self._ended)
        self._root, self._told = root, told or (lambda _: None)
        # One folder a listener, so that what a killed one has left is told apart.
        self._waiting = root / f".receiving-{settings.port}" / uuid4().hex
        self._studies: dict[int, set[Path]] = defaultdict(set)
        self._lock = threading.Lock()

    def start(self) -> None:
        """Listen, and let appear what a listener that was killed had acknowledged.

        Raises
        ------
        ArchiveError
            If the port cannot be listened on.
        """
        self._receiver.start()
        try:
            # The port is ours: what waits elsewhere belongs to listeners that are gone.
            for gone in self._waiting.parent.glob("*"):
                if gone != self._waiting:
                    self._appear(sorted(gone.glob("*/*")))
                    shutil.rmtree(gone, ignore_errors=True)
        except OSError as error:
            self._receiver.stop()
            raise ArchiveError(
                f"the folder of studies cannot be written to ({(error.strerror or 'disk error').lower()})",
                self._root, "Check the drive and its free space, or choose another folder in the settings.",
            ) from error  # fmt: skip

    def stop(self) -> None:
        """Stop listening; what was acknowledged appears. May be called twice."""
        self._receiver.stop()
        with self._lock:
            self._studies.clear()
        with suppress(OSError):  # what cannot appear now appears with the next start
            self._appear(sorted(self._waiting.glob("*/*")))
            shutil.rmtree(self._waiting, ignore_errors=True)

    def __enter__(self) -> Listener:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _take(self, arrival: Arrival) -> None:
        folder = self._waiting / str(arrival.association) / plain(arrival.study)
        with self._lock:
            self._studies[arrival.association].add(folder)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written(folder, arrival.instance, arrival.content)

    def _ended(self, association: int) -> None:
        with self._lock:
            studies = self._studies.pop(association, set())
        with suppress(OSError):  # the disk is full or gone: it appears with the next start
            self._appear(sorted(studies))

    def _appear(self, folders: list[Path]) -> None:
        """Move the whole files of hidden folders into their studies' folders, and tell."""
        for folder in folders:
            files = sorted(folder.glob("[!.]*.dcm"))
            if files:
                came = published(files, folder.name, self._root)
                self._told(Received(came.folder, came.files))
            shutil.rmtree(folder, ignore_errors=True)
