"""Many frames: together against one by one, two workers against one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from breastview.bench import ai, made, timing
from breastview.bench.row import Goal, Held, Measured, NotMeasured, Place, Row

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.study.instance import Instance
    from breastview.study.reading import Reading

BATCH = 8
"""As `breastview analyse` has it."""


def together(place: Place) -> Measured:
    """Frames a second of files to table and masks, as `analyse` does it, against a loop over the frames."""
    from breastview.session import Session
    from breastview.settings import Settings

    ai.bundle()
    turns, count = place.of(6, 1), place.of(32, 3)
    folders = [made_folder(place, f"turn-{turn}", count, turn) for turn in range(2 * turns + 1)]
    mine: list[float] = []
    theirs: list[float] = []
    with Session(Settings(device="cpu"), results=ai.results(place)) as session:
        session.prepare(ai.MODALITY)
        _looped(session, folders.pop(), place.folder / "out")
        for turn in range(turns):
            works = [(_piped, mine), (_looped, theirs)]
            for work, taken in works if turn % 2 else works[::-1]:
                folder = folders.pop()
                taken.append(count / timing.seconds(lambda: work(session, folder, place.folder / "out")))  # noqa: B023
    return Measured(
        timing.median(mine), "frames/s", timing.median(theirs), tuple(mine), tuple(theirs),
        {"frames a turn": count, "frames a batch": BATCH},
    )  # fmt: skip


def _cases(session: Session, folder: Path) -> tuple[Instance, ...]:
    list(session.open([folder], remember=False))
    return session.cases


def _piped(session: Session, folder: Path, out: Path) -> None:
    outcomes = session.analyse_all([(case, 0) for case in _cases(session, folder)], batch=BATCH)
    _written(
        session, out,
        (session.recorded(o.instance, o.frame, o.pixels, o.analysis) for o in outcomes if o.pixels),
    )  # fmt: skip


def _looped(session: Session, folder: Path, out: Path) -> None:
    _written(
        session, out,
        (
            session.recorded(case, 0, session.pixels(case), session.analysis(case))
            for case in _cases(session, folder)
        ),
    )  # fmt: skip


def _written(session: Session, out: Path, readings: Iterable[Reading]) -> None:
    from breastview.exporters._protocol import ExportOptions
    from breastview.session.engine import exporter

    options = ExportOptions.from_settings(session.settings)
    with ExitStack() as stack:
        adds: list[Callable] = [
            stack.enter_context(exporter(name).writing(path, options))  # type: ignore[attr-defined]
            for name, path in (("csv", out / "out.csv"), ("masks", out / "masks"))
        ]
        for reading in readings:
            for add in adds:
                add(reading)


def workers(place: Place) -> Measured:
    """Frames a second of two processes with one thread each, against one."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        raise NotMeasured("There is one core only.")
    ai.bundle()
    count = place.of(24, 2)
    folders = [made_folder(place, f"worker-{number}", count + 1, 50 + number) for number in range(2)]
    one: list[float] = []
    two: list[float] = []
    for turn in range(place.of(4, 1)):
        single = cores[turn % 2 : turn % 2 + 1]
        order = ((one, single), (two, cores[:2]))
        for taken, used in order if turn % 2 else order[::-1]:
            taken.append(rate(place, folders[: len(used)], used, count))
    return Measured(
        timing.median(two), "frames/s", timing.median(one), tuple(two), tuple(one),
        {"frames a worker": count},
    )  # fmt: skip


def rate(place: Place, folders: Sequence[Path], cores: Sequence[int], count: int) -> float:
    """Return the frames a second of a worker on each core, all told to begin at once.

    Parameters
    ----------
    folders : sequence of Path
        One for each worker, with a file more than `count`: the first one is read before the time is taken.
    """
    env = timing.environment(ai.at_home(place.folder / "worker-home"), OPENBLAS_NUM_THREADS="1")
    with ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(
                    timing.python("-m", "breastview.bench.worker", str(folder), str(core)),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env,
                )
            )
            for folder, core in zip(folders, cores, strict=True)
        ]  # fmt: skip
        for process in processes:
            _expect(process, "ready")

        def work() -> None:
            for process in processes:
                assert process.stdin is not None
                process.stdin.write("go\n")
                process.stdin.flush()
            for process in processes:
                _expect(process, "done")

        return len(processes) * count / timing.seconds(work)


def _expect(process: subprocess.Popen, word: str) -> None:
    assert process.stdout is not None
    if process.stdout.readline().strip() != word:
        process.kill()
        raise NotMeasured("A worker failed; `breastview analyse` says why.")


def made_folder(place: Place, name: str, count: int, turn: int) -> Path:
    """Return a folder of pictures that no other `turn` has."""
    folder = place.folder / name
    for number in range(count):
        file = folder / f"{number:03d}.dcm"
        if not file.exists():
            made.ultrasound(file, seed=1000 * (turn + 1) + number)
    return folder


ROWS = {
    "batch": Row(
        "Folder to table and masks, as `breastview analyse`", "the same frames one by one",
        Goal(1.5, Held.AT_LEAST), together,
    ),
    "workers": Row("Two workers, one thread each", "one worker", Goal(1.8, Held.AT_LEAST), workers),
}  # fmt: skip
