"""The reader's masks on their way into the record, and those of a cine at hand before it is played."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from breastview.gui.workers.lane import Lane
from breastview.study.segmentation import Segmentation

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.instance import Instance

Frame = tuple[Path, int]


class MaskKeeping:
    """Knows the newest mask of every frame and has it kept in order.

    Parameters
    ----------
    session : Session
    writing : Lane
        Where masks are written, one after the other.
    kept : callable
        Called on the writer's thread when a mask is in the record.
    """

    def __init__(self, session: Session, writing: Lane, kept: Callable[[], object] = lambda: None) -> None:
        self._session, self._writing, self._kept = session, writing, kept
        self._reading = Lane()
        self._newest: dict[Frame, Segmentation | None] = {}
        self._unsaved: dict[Frame, tuple[Instance, Segmentation | None]] = {}
        self._ahead: tuple[Path | None, dict[int, Segmentation | None]] = (None, {})
        self._lock = threading.Lock()

    def of(self, instance: Instance, frame: int) -> Segmentation | None:
        """Return the mask of a frame; one not yet kept is newer than the record."""
        key = (instance.path, frame)
        with self._lock:
            if key in self._newest:
                return self._newest[key]
        return self._session.segmentation(instance, frame)

    def played(self, instance: Instance, frame: int) -> Segmentation | None:
        """Return the mask of a frame of a cine from memory: the record is not read between two frames."""
        key = (instance.path, frame)
        with self._lock:
            if key in self._newest:
                return self._newest[key]
            path, masks = self._ahead
            return masks.get(frame) if path == instance.path else None

    def read_ahead(self, instance: Instance) -> None:
        """Read the masks of a cine on a thread, all at once."""
        with self._lock:
            if self._ahead[0] == instance.path:
                return
            known: dict[int, Segmentation | None] = {}
            self._ahead = (instance.path, known)

        def read() -> None:
            masks = self._session.segmentations(instance)
            with self._lock:
                # What was kept meanwhile is newer, also that a mask was given back to the AI.
                known.update({frame: mask for frame, mask in masks.items() if frame not in known})

        self._reading.start(read)

    def put(self, instance: Instance, frame: int, segmentation: Segmentation | None) -> None:
        """Take another mask of a frame, None for the AI's, and have it kept."""
        key = (instance.path, frame)
        with self._lock:
            self._newest[key] = segmentation
            self._unsaved[key] = (instance, segmentation)
        self._writing.start(self._write)

    def _write(self) -> None:
        """Keep everything that waits (on the writer's thread)."""
        with self._lock:
            waiting = dict(self._unsaved)
        for key, (instance, segmentation) in waiting.items():
            self._session.segment(instance, key[1], segmentation)
            with self._lock:
                if self._unsaved.get(key, (None, None))[1] is segmentation:
                    self._unsaved.pop(key, None)
                    self._newest.pop(key, None)
                    self._remember(key, segmentation)
            self._kept()

    def _remember(self, key: Frame, segmentation: Segmentation | None) -> None:
        path, masks = self._ahead
        if path == key[0]:
            masks[key[1]] = segmentation

    def settle(self) -> bool:
        """Keep what waits and return whether nothing is left."""
        self._writing.start(self._write)
        self._writing.settle()
        with self._lock:
            return not self._unsaved

    def forget(self) -> None:
        """Forget what is not kept: another workspace is open."""
        with self._lock:
            self._newest.clear()
            self._unsaved.clear()
            self._ahead = (None, {})
