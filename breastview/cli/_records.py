"""From paths to records: one for every frame, and one for every file that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from breastview.cli._console import ConsoleTask
from breastview.session import Session
from breastview.session.pipeline import Outcome
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import Reading


@dataclass
class Tally:
    """What came of everything so far."""

    frames: int = 0
    abstained: int = 0
    refused: int = 0
    failed: int = 0

    def count(self, record: Reading | Refusal) -> None:
        """Count one record."""
        if isinstance(record, Refusal) or record.failure:
            self.failed += 1
            return
        self.frames += 1
        if record.analysis is not None:
            self.refused += record.analysis.refused
            self.abstained += record.analysis.abstained and not record.analysis.refused

    def __str__(self) -> str:
        if not self.frames and not self.failed:
            return "There is no picture here."
        parts = [f"{self.frames} frames analysed"]
        if self.abstained:
            parts.append(f"the model abstains on {self.abstained}")
        if self.refused:
            parts.append(f"the input gate gives {self.refused} no score")
        if self.failed:
            parts.append(f"{self.failed} could not be read")
        return ", ".join(parts) + "."


def found(
    session: Session, sources: Sequence[Path], task: ConsoleTask
) -> tuple[list[Instance], list[Refusal]]:
    """Index the sources and return cases in reading order and refusals in the order of finding.

    Raises
    ------
    Cancelled
        If the task was cancelled.
    """
    task.stage("Looking for images")
    for _ in session.open(sources, task, remember=False):
        pass
    return list(session.cases), list(session.refusals)


def frames_of(cases: Iterable[Instance]) -> list[tuple[Instance, int]]:
    """Return every frame of the cases, in order."""
    return [(case, frame) for case in cases for frame in range(case.frames)]


def records(
    session: Session, frames: Sequence[tuple[Instance, int]], task: ConsoleTask, batch: int,
    *, with_truth: bool = False,
) -> Iterator[Reading | Refusal]:
    """Yield the record of every frame, in order, as it is analysed; a cancelled task ends the iteration."""
    task.stage("Analysing", len(frames))
    with closing(session.analyse_all(frames, task, batch)) as outcomes:
        for done, outcome in enumerate(outcomes, start=1):
            yield record(session, outcome, with_truth=with_truth)
            task.progress(done, len(frames), outcome.instance.label)


def record(session: Session, outcome: Outcome, *, with_truth: bool = False) -> Reading | Refusal:
    """Return the record of an outcome."""
    instance, frame = outcome.instance, outcome.frame
    if outcome.pixels is None:
        which = f"Frame {frame + 1}: " if instance.frames > 1 else ""
        return Refusal(session.origin(instance), instance.label, which + outcome.failure)
    return session.recorded(
        instance, frame, outcome.pixels, outcome.analysis, outcome.failure, with_truth=with_truth
    )


def refused(session: Session, refusals: Iterable[Refusal]) -> Iterator[Refusal]:
    """Yield refusals under the path the user knows."""
    for refusal in refusals:
        yield replace(refusal, path=session.origin(refusal))


def prepared(session: Session, cases: Iterable[Instance]) -> None:
    """Verify the bundles that the cases need before anything is written.

    Raises
    ------
    BundleError
        If one is missing or damaged.
    """
    for modality in {case.modality for case in cases} or {""}:
        session.prepare(modality, load=False)


