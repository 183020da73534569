"""How cost grows: with files, frames, pixels, frames a batch and workers; each beside its own reference."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.bench import ai, made, timing
from breastview.bench.row import NotMeasured, Place
from breastview.bench.rows import batch, folder

if TYPE_CHECKING:
    from breastview.session import Session
    from breastview.session.engine import Frame

MS = 1000.0
MEGA = 1e6


@dataclass(frozen=True)
class Curve:
    """Cost over size.

    Attributes
    ----------
    x, y : str
        What the axes say.
    sizes : tuple of float
    lines : dict of str to tuple of float
        A line each, at every size.
    logarithmic : bool
        Whether sizes run over powers of ten; then cost does, too.
    load : float
        See `row.Result`.
    """

    name: str
    x: str
    y: str
    sizes: tuple[float, ...]
    lines: dict[str, tuple[float, ...]]
    logarithmic: bool = False
    load: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)


def files(place: Place) -> Curve:
    """Seconds for the index of a folder."""
    sizes = (10, 100, 1_000, 10_000) if not place.quick else (10, 100)
    lines: dict[str, list[float]] = {"index": [], "bare dcmread loop": []}
    for size in sizes:
        one = made.folder(place.folder / "grown" / str(size), size)
        works = [partial(folder.indexed, one), partial(folder.bare, sorted(one.iterdir()))]
        mine, theirs = timing.by_turns(works, 3 if size <= 1_000 else 1, warm=int(size <= 100))
        lines["index"].append(timing.median(mine))
        lines["bare dcmread loop"].append(timing.median(theirs))
    return _curve("files", "files", "seconds", sizes, lines, logarithmic=True)


def frames(place: Place) -> Curve:
    """Seconds for the analysis of a cine, together and one by one."""
    from breastview.session import Session
    from breastview.settings import Settings

    ai.bundle()
    sizes = (1, 4, 16, 64) if not place.quick else (1, 2)
    lines: dict[str, list[float]] = {"together": [], "one by one": []}
    for size in sizes:
        file = made.cine(place.folder / "cines" / f"{size:03d}.dcm", size, seed=size)
        for name in lines:
            with Session(Settings(device="cpu"), results=ai.results(place)) as session:
                session.prepare(ai.MODALITY)
                list(session.open([file], remember=False))
                (case,) = session.cases
                wanted = [(case, frame) for frame in range(size)]
                work = _together if name == "together" else _one_by_one
                lines[name].append(timing.seconds(partial(work, session, wanted)))
    return _curve("frames", "frames", "seconds", sizes, lines)


def _together(session: Session, frames: Sequence[Frame]) -> None:
    for _ in session.analyse_all(frames, batch=batch.BATCH):
        pass


def _one_by_one(session: Session, frames: Sequence[Frame]) -> None:
    for instance, frame in frames:
        session.analysis(instance, frame)


def pixels(place: Place) -> Curve:
    """Milliseconds for a frame by its size: all of it, and what is not the network."""
    from breastview.inference.analyser import Analyser
    from breastview.readers.pixels import read_frame
    from breastview.readers.scan import describe

    analyser = Analyser(ai.bundle(), "cpu")
    analyser.load()
    sides = (256, 512, 1024, 2048, 3840) if not place.quick else (128, 256)
    lines: dict[str, list[float]] = {"reading the file": [], "analysis": []}
    for side in sides:
        file = made.ultrasound(place.folder / "sides" / f"{side}.dcm", rows=side, columns=side)
        instance = describe(file, file.name)
        assert instance is not None
        decoded = read_frame(instance, 0)
        works: list[timing.Work] = [
            partial(read_frame, instance, 0),
            partial(analyser.analyse, instance, 0, decoded),
        ]
        for name, taken in zip(lines, timing.by_turns(works, place.of(7, 1)), strict=True):
            lines[name].append(MS * timing.median(taken))
    analyser.close()
    sizes = [side * side / MEGA for side in sides]
    return _curve("pixels", "megapixels", "milliseconds", sizes, lines)


def batches(place: Place) -> Curve:
    """Frames a second of one call of the runtime, by how many frames it is given."""
    from breastview.inference import runtime

    opened = runtime.open_runtime(ai.bundle(), "cpu")
    sizes = (1, 2, 4, 8, 16) if not place.quick else (1, 2)
    squares = [np.repeat(ai.square(ai.bundle()), size, axis=0) for size in sizes]
    taken = timing.by_turns([partial(opened.run, square) for square in squares], place.of(7, 1))
    opened.close()
    rates = [size / timing.median(one) for size, one in zip(sizes, taken, strict=True)]
    return _curve("batch", "frames a call", "frames/s", sizes, {"network and maps": rates})


def workers(place: Place) -> Curve:
    """Frames a second of processes with a core each, by their number."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    sizes = [size for size in (1, 2, 4, 8, 16) if size <= len(cores)]
    count = place.of(16, 1)
    folders = [batch.made_folder(place, f"grown-{n}", count + 1, 80 + n) for n in range(sizes[-1])]
    ai.bundle()
    rates = [batch.rate(place, folders[:size], cores[:size], count) for size in sizes]
    ideal = [rates[0] * size / sizes[0] for size in sizes]
    return _curve("workers", "workers", "frames/s", sizes, {"measured": rates, "as many times one": ideal})


def _curve(name: str, x: str, y: str, sizes: Any, lines: dict[str, Any], logarithmic: bool = False) -> Curve:
    held = {line: tuple(map(float, values)) for line, values in lines.items()}
    return Curve(name, x, y, tuple(map(float, sizes)), held, logarithmic, timing.load())


CURVES: dict[str, Callable[[Place], Curve]] = {
    "files": files, "frames": frames, "pixels": pixels, "batch": batches, "workers": workers,
}  # fmt: skip


def curves(place: Place) -> Iterator[Curve]:
    """Measure all there are; one that this machine cannot measure is left out."""
    for measure in CURVES.values():
        try:
            yield measure(place)
        except NotMeasured:
            continue
