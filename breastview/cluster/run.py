"""A run: units to the workers, never more than they can take; results to the record as they come.

Dask keeps the queue, starts lost units again and says when a unit ended too many workers. What is under such
suspicion is then tried file by file, alone, after everything else, so that only the culprit is left out.
"""

from __future__ import annotations

import queue
import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from breastview import __version__
from breastview.cluster import bundles, work
from breastview.cluster.listing import Listing, left_out
from breastview.cluster.pace import Pace, words
from breastview.cluster.sources import Source
from breastview.errors import ClusterError
from breastview.settings import Settings
from breastview.store.batches import Batches, Finished, Item, Row, State
from breastview.task import Task

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 2
"""Units in flight for each thread of the workers: one at work, one waiting there."""
TRIES = 3
_LOOK_S = 0.2
_SAY_S = 2.0
_TOGETHER = 64
_GPU = {"GPU": 1}


@dataclass(frozen=True)
class Plan:
    """How a run is done.

    Attributes
    ----------
    settings : Settings
        Those that say which bundle reads what, and where: ``device`` ``"gpu"`` asks for workers with the
        resource GPU.
    batch : int
        Frames that go to the AI together.
    again : bool
        Whether what failed before is tried again.
    patience : float
        Seconds that a frame may take before its worker counts as hung.
    analyser : str
        Importable name of what makes analysers on the workers.
    """

    settings: Settings = field(default_factory=Settings)
    batch: int = 8
    again: bool = False
    patience: float = 900.0
    analyser: str = "breastview.session._analyses:open_analyser"


@dataclass
class _Unit:
    """Items on their way."""

    items: tuple[Item, ...]
    alone: bool = False
    troubles: int = 0
    key: str = field(default_factory=lambda: f"breastview-{uuid.uuid4().hex}")  # names nobody

    @property
    def frames(self) -> int:
        return sum(one.frames for one in self.items)


class Run:
    """One run over a source.

    Parameters
    ----------
    client : Client
        Of the cluster.
    batches : Batches
        The record.
    tell : callable
        Told where the run is, in words, every few seconds.
    """

    def __init__(
        self, client: Client, batches: Batches, source: Source, plan: Plan, task: Task,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._client, self._batches, self._source, self._plan = client, batches, source, plan
        self._task, self._tell = task, tell
        self._choice, self._folders = bundles.chosen(plan.settings)
        self._flying: dict[str, tuple[_Unit, Future]] = {}
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._again: deque[_Unit] = deque()
        self._suspects: deque[_Unit] = deque()
        self._next = self._made = 0
        self._pace = Pace()
        self._threads, self._looked, self._said = 0, 0.0, 0.0

    def execute(self) -> None:
        """Analyse what has no result yet; a cancelled task ends it, with everything kept that came back.

        Raises
        ------
        BreastViewError
            If the source, the bundle or the cluster fails; what was done is kept.
        """
        self._batches.begin(self._folders, self._plan.again)
        try:
            with Listing(self._source, self._batches) as listing:
                while not self._task.cancelled() and not self._ended(listing):
                    self._send(listing)
                    self._receive()
                    self._report(listing)
                if listing.error is not None:
                    raise listing.error
        finally:
            with suppress(OSError, RuntimeError, TimeoutError):
                self._client.cancel([future for _, future in self._flying.values()])

    def _ended(self, listing: Listing) -> bool:
        waiting = self._flying or self._again or self._suspects
        return listing.ended and not waiting and self._next >= listing.units

    # Out

    def _send(self, listing: Listing) -> None:
        while len(self._flying) < self._room() and (unit := self._wanted(listing)) is not None:
            job = self._job(unit)
            future = self._client.submit(
                work.analyse, job, key=unit.key, pure=False,
                resources=_GPU if self._plan.settings.device == "gpu" else None,
            )  # fmt: skip
            self._flying[unit.key] = unit, future
            future.add_done_callback(lambda done: self._answers.put(done.key))

    def _room(self) -> int:
        """Return how many units may be in flight: back-pressure."""
        if monotonic() - self._looked > _SAY_S:
            self._looked = monotonic()
            self._threads = self._counted()
        return AHEAD * max(self._threads, 1)

    def _counted(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except (OSError, RuntimeError, TimeoutError) as error:
            raise _gone() from error

    def _wanted(self, listing: Listing) -> _Unit | None:
        if self._again:
            return self._again.popleft()
        while self._next < listing.units:
            items = self._batches.waiting(self._next)
            self._next += 1
            if items:
                return _Unit(items)
        # Suspects go one by one when nothing else is under way: who is there when a worker dies is guilty.
        if listing.ended and self._suspects and not self._flying:
            return self._suspects.popleft()
        return None

    def _job(self, unit: _Unit) -> dict[str, Any]:
        return {
            "version": __version__, "bundles": self._choice, "device": self._plan.settings.device,
            "batch": self._plan.batch, "analyser": self._plan.analyser, "patience": self._plan.patience,
            "source": self._source.description,
            "items": [{"path": one.path, "label": one.label} for one in unit.items],
        }  # fmt: skip

    # In

    def _receive(self) -> None:
        """Wait a moment for answers and keep all that are there, together."""
        results: list[Finished] = []
        try:
            results += self._answer(self._answers.get(timeout=_LOOK_S))
            while len(results) < _TOGETHER:
                results += self._answer(self._answers.get_nowait())
        except queue.Empty:
            pass
        if results:
            self._batches.finish(results)
            self._made += sum(one.item.frames for one in results)
            self._pace.note(self._made)

    def _answer(self, key: str) -> list[Finished]:
        unit, future = self._flying.pop(key)
        if future.status == "finished":
            return self._understood(unit, future.result())
        if future.status != "error":
            raise _gone()
        return self._died(unit, future.exception())

    def _understood(self, unit: _Unit, answer: dict[str, Any]) -> list[Finished]:
        if "results" in answer:
            items = {one.path: one for one in unit.items}
            return [_finished(items[one["path"]], one) for one in answer["results"]]
        if "missing" in answer:
            self._ship(answer["worker"], answer["missing"])
        else:
            unit.troubles += 1
            if unit.troubles >= TRIES:
                raise ClusterError(answer["trouble"], remedy="What was done is kept.")
        self._again.append(_Unit(unit.items, unit.alone, unit.troubles))
        return []

    def _died(self, unit: _Unit, error: BaseException | None) -> list[Finished]:
        from distributed import KilledWorker

        if not isinstance(error, KilledWorker):
            raise ClusterError(
                f"the workers cannot do it ({type(error).__name__})",
                remedy="Is the same BreastView installed on all of them?",
            )
        if not unit.alone:
            self._suspects += [_Unit((item,), alone=True) for item in unit.items]
            return []
        times = error.allowed_failures + 1
        reason = f"It ended or hung {times} workers, one after another, and is in quarantine."
        return [left_out(item, reason, State.QUARANTINED) for item in unit.items]

    def _ship(self, worker: str, missing: list[str]) -> None:
        for one in missing:
            answer = self._client.run(bundles.take, one, bundles.packed(self._folders[one]), workers=[worker])
            wrong = next(iter(answer.values()), "")
            if wrong:
                raise ClusterError("a worker cannot take the bundle", remedy=wrong)

    # Words

    def _report(self, listing: Listing) -> None:
        now = monotonic()
        if now - self._said < _SAY_S:
            return
        self._said = now
        done = listing.done + self._made
        self._task.progress(done, listing.frames if listing.ended else None)
        if not self._threads:
            self._tell("No worker is there; waiting for one.")
            return
        left = self._pace.left(listing.frames - done)
        self._tell(words(done, listing.frames, listing.ended, self._pace.rate, left))


def _gone() -> ClusterError:
    return ClusterError(
        "the cluster went away", remedy="What was done is kept; the same command goes on from there."
    )


def _finished(item: Item, result: dict[str, Any]) -> Finished:
    tally = result["tally"]
    return Finished(
        item, State.FAILED if tally["failed"] else State.DONE,
        tuple(Row(one["sort"], one["body"]) for one in result["rows"]),
        result["sha"], tuple(result["bundles"]),
        tuple((sha, frame, bundle, values) for sha, frame, bundle, values in result["analyses"]), **tally,
    )  # fmt: skip
