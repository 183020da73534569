"""Reads damaged files: ``python -m tests.faults.damaged KIND,KIND COUNT FOLDER``, a line of JSON each.

A process of its own with a limit of memory, so that a crash, a hang or a flood is seen from outside.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from breastview.errors import BreastViewError
from breastview.readers import foreign, isolated
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.study.foreign import Companion
from breastview.study.instance import Instance, Refusal
from breastview.task import SilentTask
from tests import foreign_objects, phantoms
from tests.faults.memory import peak_mb
from tests.readers.test_mutants import SAMPLES, mutant
from tests.readers.test_scan import dicomdir

MEMORY = 6 * 2**30
"""Address space of the reader's own process; its decoders have their own limit."""
DECODER_S = 3.0
"""Instead of 20: what is tried is that the limit holds."""
CASES = 50
"""Most cases of one file that are decoded, and frames of one that are not the first."""


def _zip(path: Path) -> Path:
    made = [
        phantoms.us_grey(path.parent / "made" / "a.dcm"),
        phantoms.picture(path.parent / "made" / "b.png"),
    ]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as found:
        for file in made:
            found.write(file, file.name)
    return path


def _medium(path: Path) -> Path:
    phantoms.us_grey(path.parent / "DATA" / "IM1")
    return dicomdir(path.parent, [["DATA", "IM1"]])


def _object(make: Callable[[Path, Path], Path]) -> Callable[[Path], Path]:
    return lambda path: make(path, phantoms.us_grey(path.parent / "made" / "picture.dcm"))


KINDS: dict[str, Callable[[Path], Path]] = SAMPLES | {
    "slide.tif": phantoms.slide,
    "archive.zip": _zip,
    "DICOMDIR": _medium,
    "seg.dcm": _object(
        lambda path, picture: foreign_objects.segmentation(path, picture, [phantoms.lesion()])
    ),
    "gsps.dcm": _object(foreign_objects.presentation),
    "sr.dcm": _object(foreign_objects.report),
    "epdf.dcm": _object(foreign_objects.document),
}


def read(path: Path) -> str:
    """Read a file as the program does when it is opened; return what came of it.

    Raises
    ------
    AssertionError
        If nothing came, or something that is neither a picture nor a sentence.
    """
    outcome = "nothing"
    for entry in list(scan([path], SilentTask()))[:CASES]:
        try:
            outcome = _opened(entry)
        except BreastViewError as error:
            assert str(error) and error.what, "an error without a sentence"
            outcome = "sentence"
    assert outcome != "nothing", "what was opened came to nothing without a word"
    return outcome


def _opened(entry: object) -> str:
    if isinstance(entry, Refusal):
        assert len(entry.reason) > 10, "a refusal without a reason"
        return "sentence"
    if isinstance(entry, Companion):
        foreign.overlay(entry, next(iter(entry.refers), ""), 0, (phantoms.ROWS, phantoms.COLUMNS))
        foreign.page(entry)
        return "object"
    assert isinstance(entry, Instance)
    pixels = read_frame(entry, entry.frames - 1)
    assert pixels.values.shape[:2] == (entry.rows, entry.columns)
    return "picture"


def main(kinds: list[str], count: int, folder: Path) -> None:
    """Damage a sound file of each kind `count` times and read it each time."""
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    isolated.SECONDS = DECODER_S
    for kind in kinds:
        for outcome, seconds in _each(KINDS[kind](folder / kind), count):
            print(json.dumps({"kind": kind, "outcome": outcome, "seconds": seconds}), flush=True)
    isolated.POOL.close()
    decoders = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(json.dumps({"megabytes": max(peak_mb(), decoders)}), flush=True)


def _each(sound: Path, count: int) -> Iterator[tuple[str, float]]:
    """Yield what came of each damaged file, and in how many seconds."""
    content = sound.read_bytes()
    for number in range(count):
        chance = np.random.default_rng([number, sum(sound.name.encode())])
        sound.write_bytes(mutant(content, chance))
        begin = time.perf_counter()
        yield read(sound), time.perf_counter() - begin


if __name__ == "__main__":
    main(sys.argv[1].split(","), int(sys.argv[2]), Path(sys.argv[3]))
