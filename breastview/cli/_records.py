"""From paths to records: one for every frame, and one for every file that could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from breastview.cli._console import ConsoleTask
from breastview.errors import BreastViewError, BundleError, Cancelled
from breastview.session import Session
from breastview.session.recording import record
from breastview.study.instance import Instance, Refusal
from breastview.study.reading import Reading


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
    session: Session,
    frames: Sequence[tuple[Instance, int]],
    task: ConsoleTask,
    batch: int,
    *,
    with_truth: bool = False,
) -> Iterator[Reading | Refusal]:
    """Yield the record of every frame, in order, as it is analysed; a cancelled task ends the iteration."""
    task.stage("Analysing", len(frames))
    with closing(session.analyse_all(frames, task, batch)) as outcomes:
        for done, outcome in enumerate(outcomes, start=1):
            with suppress(Cancelled):  # the iteration ends by itself
                session.exams.complete(outcome.instance, task)
            yield record(session, outcome, with_truth=with_truth)
            task.progress(done, len(frames), outcome.instance.label)


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
    told = {session.kinds.header(case) for case in cases} or {None}
    missing: list[BundleError] = []
    for kind in told:
        try:
            session.prepare(kind.value if kind else "", load=False)
        except BundleError as error:
            missing.append(error)
    # What one kind lacks does not keep the others from being read; its frames say so.
    if len(missing) == len(told):
        raise missing[0]


def unanalysed(
    session: Session, frames: Sequence[tuple[Instance, int]], task: ConsoleTask
) -> Iterator[Reading | Refusal]:
    """Yield the record of every frame without asking the AI; a cancelled task ends the iteration."""
    task.stage("Reading", len(frames))
    for done, (instance, frame) in enumerate(frames, start=1):
        if task.cancelled():
            return
        try:
            yield session.recorded(instance, frame, session.pixels(instance, frame), None)
        except BreastViewError as error:
            yield Refusal(session.origin(instance), instance.label, str(error))
        task.progress(done, len(frames), instance.label)


def reportable(session: Session, case: Instance) -> list[tuple[Instance, int]]:
    """Return the frames of a case that the reader worked on, else the first one."""
    from breastview.session.parcels import frames

    return [(case, frame) for frame in frames(session, case, 0)]
