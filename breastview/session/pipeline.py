"""Many frames through the AI: while one batch is analysed the next is decoded and the last one written."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from breastview.errors import BreastViewError
from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels
from breastview.task import Task

_DECODERS = 2
_AHEAD = 2
_LOOK_S = 0.1


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of one frame.

    Attributes
    ----------
    pixels : FramePixels or None
        None where the frame could not be decoded.
    analysis : Analysis or None
        None where there is no analysis; `failure` says why.
    """

    instance: Instance
    frame: int
    pixels: FramePixels | None = None
    analysis: Analysis | None = None
    failure: str = ""


class Source(Protocol):
    """What the pipeline asks of the session."""

    def pixels(self, instance: Instance, frame: int = 0) -> FramePixels:
        """Return decoded pixels."""
        ...

    def analyse_decoded(
        self, frames: list[tuple[Instance, int, FramePixels]], task: Task
    ) -> list[Analysis | BreastViewError]:
        """Return analyses or errors."""
        ...


Decoded = tuple[Instance, int, FramePixels | BreastViewError]


def outcomes(
    source: Source, frames: Iterable[tuple[Instance, int]], task: Task, batch: int
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every frame, in order; a cancelled task ends the iteration.

    Parameters
    ----------
    batch : int
        Frames that are analysed together; at most a few batches are in memory at a time.
    """
    waiting = iter(frames)
    decoders = ThreadPoolExecutor(_DECODERS, "decode")
    analyst = ThreadPoolExecutor(1, "analyse")
    under_way: deque[Future[list[Outcome]]] = deque()
    try:
        while not task.cancelled():
            chunk = list(islice(waiting, batch))
            if chunk:
                decoded = [decoders.submit(_decode, source, *one) for one in chunk]
                under_way.append(analyst.submit(_analyse, source, decoded, task))
            if len(under_way) > _AHEAD or (under_way and not chunk):
                yield from _result(under_way.popleft(), task)
            elif not chunk:
                return
    finally:
        # Also when the consumer stops or is interrupted: nothing queued is begun any more.
        decoders.shutdown(wait=False, cancel_futures=True)
        analyst.shutdown(wait=False, cancel_futures=True)


def _result(batch: Future[list[Outcome]], task: Task) -> list[Outcome]:
    """Wait for a batch, but not when the task is cancelled: loading a model takes seconds."""
    while not task.cancelled():
        with suppress(NotYet):
            return batch.result(timeout=_LOOK_S)
    return []


def _decode(source: Source, instance: Instance, frame: int) -> Decoded:
    try:
        return instance, frame, source.pixels(instance, frame)
    except BreastViewError as error:
        return instance, frame, error


def _analyse(source: Source, pending: list[Future[Decoded]], task: Task) -> list[Outcome]:
    decoded = [future.result() for future in pending]
    sound = [(i, frame, pixels) for i, frame, pixels in decoded if isinstance(pixels, FramePixels)]
    results = iter(source.analyse_decoded(sound, task))
    return [
        _outcome(i, frame, pixels, next(results) if isinstance(pixels, FramePixels) else pixels)
        for i, frame, pixels in decoded
    ]


def _outcome(
    instance: Instance, frame: int, pixels: FramePixels | BreastViewError, result: Analysis | BreastViewError
) -> Outcome:
    return Outcome(
        instance,
        frame,
        pixels=pixels if isinstance(pixels, FramePixels) else None,
        analysis=result if isinstance(result, Analysis) else None,
        failure=str(result) if isinstance(result, BreastViewError) else "",
    )
