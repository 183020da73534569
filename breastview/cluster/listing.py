"""The pictures of a source gathered into units in the record, on a thread, ahead of the workers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from breastview.cluster.sources import Listed, Source
from breastview.errors import BreastViewError, Cancelled, ClusterError
from breastview.exporters import _rows
from breastview.store.batches import Batches, Finished, Item, Row, State
from breastview.study.instance import Refusal
from breastview.task import SilentTask

UNIT = 32
"""Frames that go to a worker together; a study is kept whole up to `LARGEST`."""
LARGEST = 128


def units(found: Iterator[Listed]) -> Iterator[list[Listed]]:
    """Yield neighbours together, no group in two units unless it is larger than `LARGEST`."""
    unit: list[Listed] = []
    frames = 0
    for one in found:
        fresh = unit and one.group != unit[-1].group
        if unit and (frames + one.item.frames > LARGEST or (fresh and frames >= UNIT)):
            yield unit
            unit, frames = [], 0
        unit.append(one)
        frames += one.item.frames
    if unit:
        yield unit


class Listing:
    """Lists a source into the record.

    Attributes
    ----------
    units : int
        How many are whole so far.
    frames, done : int
        Frames found so far, and those of them that an earlier run has done.
    ended : bool
        Whether nothing will be added.
    error : BreastViewError or None
        Why the listing could not go on.
    """

    def __init__(self, source: Source, batches: Batches) -> None:
        self._source, self._batches = source, batches
        self._task = SilentTask()
        self._thread = threading.Thread(target=self._run, name="list-archive", daemon=True)
        self.units = self.frames = self.done = 0
        self.ended = False
        self.error: BreastViewError | None = None

    def __enter__(self) -> Listing:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._task.cancel()
        self._thread.join()

    def _run(self) -> None:
        try:
            for unit in units(self._source.listed(self._task)):
                self._add(unit)
        except Cancelled:
            pass
        except BreastViewError as error:
            self.error = error
        except OSError as error:
            self.error = ClusterError(f"the pictures cannot be listed ({error.strerror})")
        finally:
            self.ended = True

    def _add(self, unit: list[Listed]) -> None:
        done = self._batches.list_unit(self.units, [one.item for one in unit])
        refused = {one.item.path: one.refusal for one in unit if one.refusal is not None}
        adopted: list[Finished] = []
        for item in self._batches.waiting(self.units):
            refusal = refused.get(item.path)
            if refusal is not None:
                adopted.append(left_out(item, refusal.reason, State.DONE))
                done += item.frames
            elif (sha := self._source.same(item)) and self._batches.adopt(item, sha):
                done += item.frames
        if adopted:
            self._batches.finish(adopted)
        self.frames += sum(one.item.frames for one in unit)
        self.done += done
        self.units += 1


def left_out(item: Item, reason: str, state: State) -> Finished:
    """Return the result of an item that has no reading, with the reason."""
    body = _rows.row(Refusal(Path(item.path), item.label, reason)) | {"path": item.path}
    return Finished(item, state, (Row(b"", body),), failed=1)
