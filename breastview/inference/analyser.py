"""The AI as one object: frames in, analyses out; the network is loaded when it is first needed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from breastview.imaging.letterbox import three_channels
from breastview.inference import runtime
from breastview.inference.preparation import preparation
from breastview.inference.threads import threads
from breastview.task import SilentTask, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.inference.preparation import Prepared
    from breastview.inference.runtime import RawOutput, Runtime
    from breastview.study.analysis import Analysis
    from breastview.study.instance import Instance
    from breastview.study.pixels import FramePixels
    from breastview.task import Task

    Frame = tuple[Instance, int, FramePixels]
    """Which file, which frame of it (from 0), its pixels."""

One = TypeVar("One")
Result = TypeVar("Result")

BATCH = 8
"""Most pictures in one call of the graph: beyond it memory grows and a picture costs no less."""


class Analyser:
    """Reads frames with one bundle.

    Parameters
    ----------
    bundle : Bundle
        The model.
    device : str
        ``"auto"``, ``"gpu"`` or ``"cpu"``.
    opener : callable
        Loads the network; `runtime.open_runtime`.
    """

    def __init__(
        self,
        bundle: Bundle,
        device: str = "auto",
        opener: Callable[[Bundle, str], Runtime] = runtime.open_runtime,
    ) -> None:
        self.bundle = bundle
        self._wanted = device
        self._opener = opener
        self._runtime: Runtime | None = None

    @property
    def device(self) -> str:
        """``"CPU"`` or the name of the GPU; empty until the network was loaded."""
        return self._runtime.device if self._runtime else ""

    @property
    def notice(self) -> str:
        """What the reader should know of the device, mostly empty."""
        return self._runtime.notice if self._runtime else ""

    def load(self) -> None:
        """Load the network now rather than with the first picture; it takes seconds.

        Raises
        ------
        AnalysisError
            If the device or what the runtime needs is not there.
        BundleError
            If the bundle's network cannot be built.
        """
        self._open()

    def analyse(self, instance: Instance, frame: int, pixels: FramePixels) -> Analysis:
        """Read one frame; see `analyse_batch`."""
        return self.analyse_batch([(instance, frame, pixels)])[0]

    def analyse_batch(self, frames: Sequence[Frame], task: Task | None = None) -> list[Analysis]:
        """Read frames.

        How a frame becomes the network's input is the bundle's preparation's matter. One that is refused
        never reaches the network. Frames of one square each go to it together.

        Parameters
        ----------
        frames : sequence of (Instance, int, FramePixels)
        task : Task, optional
            Told how far a frame of many squares is; asked between them whether to stop.

        Returns
        -------
        list of Analysis
            In the order of `frames`.

        Raises
        ------
        AnalysisError
            If the runtime cannot be started or runs out of memory on the last device there is.
        Cancelled
            If the task was cancelled.
        """
        way = preparation(self.bundle.preparation)
        prepared = _beside(lambda one: way.prepare(self.bundle, *one), frames)
        done: dict[int, Analysis] = {}
        waiting: list[int] = []
        for place, one in enumerate(prepared):
            if one.refused:
                done[place] = way.interpret(self.bundle, one, (), "")
            elif isinstance(one.squares, np.ndarray) and len(one.squares) == 1:
                waiting.append(place)
            else:
                outputs = self._pieces(one, task or SilentTask())
                done[place] = way.interpret(self.bundle, one, outputs, self._open().device)
        for start in range(0, len(waiting), BATCH):
            places = waiting[start : start + BATCH]
            raw = self._run(np.concatenate([prepared[place].squares for place in places]))
            parts = [(prepared[place], raw.part(index, index + 1)) for index, place in enumerate(places)]
            read = _beside(
                lambda one: way.interpret(self.bundle, one[0], one[1:], self._open().device), parts
            )
            done |= dict(zip(places, read, strict=True))
        return [done[place] for place in range(len(prepared))]

    def close(self) -> None:
        """Free the network; the next frame loads it again."""
        opened, self._runtime = self._runtime, None
        if opened is not None:
            opened.close()

    def _open(self) -> Runtime:
        if self._runtime is None:
            self._runtime = self._opener(self.bundle, self._wanted)
        return self._runtime

    def _pieces(self, prepared: Prepared, task: Task) -> Iterator[RawOutput]:
        """Yield what the network gives for many squares of one picture, a batch at a time."""
        squares, done = prepared.squares, 0
        for batch in (squares,) if isinstance(squares, np.ndarray) else squares:
            for start in range(0, len(batch), BATCH):
                check(task)
                task.progress(done, prepared.count)
                some = batch[start : start + BATCH]
                done += len(some)
                yield self._run(some)

    def _run(self, squares: NDArray[np.uint8]) -> RawOutput:
        """Show squares (n, S, S) or (n, S, S, 3), uint8, to the network in one call."""
        return self._open().run(three_channels(squares))


def _beside(work: Callable[[One], Result], each: Sequence[One]) -> list[Result]:
    """Return what comes of each, in their order, several at a time where there are threads for it."""
    several = threads()
    if several < 2 or len(each) < 2:
        return [work(one) for one in each]
    with ThreadPoolExecutor(several, "prepare") as pool:
        return list(pool.map(work, each))
