"""Measure the input gate: ``python packaging/gate ../shared/data`` prints the tables of docs/input-gate.md.

``--learn`` makes ``kind.json`` anew first. Limits were set on the half of the groups that is left out here.
With ``--kinds`` it is as what kind of picture files are taken that is measured, and ``looks.json`` and
``film.json`` are made anew; ``--film`` makes the second alone anew.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import burned_in
import learn
import learn_film
import learn_looks
import measure_looks

import pictures
from breastview.inference import gate
from breastview.study.analysis import Flag
from breastview.study.instance import Instance, SeriesInfo, StudyInfo

LABELS = Path(__file__).with_name("labels.json")
"""Calipers and text of 192 pictures of the other half as a person saw them: 1, 0, or null where in doubt."""

SAMPLE = 100
"""Pictures that something is painted on, of each kind."""


def judged(picture: NDArray[np.uint8]) -> tuple[Flag, ...]:
    """Return the gate's flags for a picture without a header."""
    rows, columns = picture.shape[:2]
    bare = Instance(Path("a.png"), "a.png", "picture", rows, columns, StudyInfo("1"), SeriesInfo("1"))
    return gate.inspect(bare, picture)


def line(name: str, found: Iterable[tuple[Flag, ...]], wanted: str = "") -> str:
    """Return a row of a table: refused, warned of, or (`wanted`: codes) found."""
    every = list(found)
    codes = Counter(flag.code for flags in every for flag in flags)
    if wanted:
        hits = sum(any(flag.code in wanted.split("|") for flag in flags) for flags in every)
        refused = sum(any(flag.refuses for flag in flags) for flags in every)
        return f"| {name} | {len(every):,} | {hits:,} ({hits / len(every):.1%}) | {refused:,} |"
    refused = sum(any(flag.refuses for flag in flags) for flags in every)
    words = ", ".join(f"{code} {count:,}" for code, count in codes.most_common())
    return f"| {name} | {len(every):,} | {refused:,} ({refused / len(every):.1%}) | {words or 'nothing'} |"


def real(data: Path) -> Iterator[str]:
    """Return the table of pictures as they are."""
    chance = random.Random(1)
    sets = pictures.listed(data, pictures.ULTRASOUND | pictures.FILMS)
    held: dict[str, list[pictures.Listed]] = {}
    for one in sets:
        if not one.tuned:
            held.setdefault(one.of, []).append(one)
    yield "| pictures of the other half, without a header | n | refused | flags |\n|---|---|---|---|"
    for name, ones in held.items():
        yield line(name, (judged(one.read(colour=True)) for one in ones))
    for name in pictures.FILMS:
        yield line(f"{name}, air cut off", (judged(pictures.cropped(one.read())[0]) for one in held[name]))
        yield line(f"{name}, middle alone", (judged(pictures.cropped(one.read())[1]) for one in held[name]))
    yield line(
        "mosaics of stained tissue (IDC)",
        (judged(stain) for half, stain in pictures.stains(data, chance, 150) if not half),
    )
    face = pictures.photographs()[-1][1]
    yield line("parts of a portrait", map(judged, pictures.parts(face, chance, 60)))
    yield line(
        "the same in grey",
        (
            judged(np.ascontiguousarray(part.mean(axis=2).astype(np.uint8)))
            for part in pictures.parts(face, chance, 60)
        ),
    )
    yield line("pages of text", (judged(pictures.page(chance)) for _ in range(100)))
    yield line(
        "noise, blur, ramps, discs, clouds",
        (judged(pictures.nothing(chance, kind)) for kind in pictures.NOTHINGS for _ in range(20)),
    )


def painted(data: Path) -> Iterator[str]:
    """Return the table of what was painted on ultrasound without calipers or text."""
    chance = random.Random(2)
    held = [one for one in pictures.listed(data, {"BUSI": pictures.ULTRASOUND["BUSI"]}) if not one.tuned]
    clean = [
        one.read()
        for one in held
        if not {"calipers", "text", "doppler", "colour-marks"} & {f.code for f in judged(one.read(True))}
    ]
    yield f"| painted on {len(clean)} BUSI pictures without marks, drawn at random | n | found | refused |"
    yield "|---|---|---|---|"
    base = [chance.choice(clean) for _ in range(SAMPLE)]
    yield line("calipers", (judged(burned_in.calipers(one, chance)) for one in base), "calipers")
    yield line("text", (judged(burned_in.text(one, chance)) for one in base), "text")
    for share in (0.002, 0.02, 0.12):
        yield line(
            f"Doppler, {share:.1%} of the picture",
            (judged(burned_in.doppler(one, chance, share)) for one in base),
            "doppler",
        )
    for share in (0.08, 0.2, 0.5):
        yield line(
            f"elastography, {share:.0%}",
            (judged(burned_in.elastography(one, chance, share)) for one in base),
            "elastography",
        )
    yield line(
        "two pictures side by side",
        (judged(burned_in.side_by_side(one, chance.choice(clean), chance)) for one in base),
        "split",
    )
    yield line("a machine's whole screen", (judged(burned_in.screen(one, chance)) for one in base), "text")


def labelled(data: Path) -> Iterator[str]:
    """Return the table of what a person saw on pictures and what the gate found."""
    labels = json.loads(LABELS.read_text("utf-8"))
    found = {name: {flag.code for flag in judged(_read(data / "ultrasound" / name))} for name in labels}
    yield "| seen by eye | set | there | found | not there | found nevertheless |\n|---|---|---|---|---|---|"
    for index, code in enumerate(("calipers", "text")):
        for of in ("busi", "bus_bra"):
            names = [name for name in labels if name.startswith(of + "/")]
            there = [name for name in names if labels[name][index] == 1]
            not_there = [name for name in names if labels[name][index] == 0]
            hits, wrong = (sum(code in found[name] for name in some) for some in (there, not_there))
            yield f"| {code} | {of} | {len(there)} | {hits} | {len(not_there)} | {wrong} |"


def _read(path: Path) -> NDArray[np.uint8]:
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


def timed(data: Path) -> str:
    """Return the median time of a picture on one thread."""
    cv2.setNumThreads(1)
    some = [one.read(colour=True) for one in pictures.listed(data, pictures.ULTRASOUND)][::40]
    spent = []
    for picture in some:
        start = time.process_time()
        judged(picture)
        spent.append(time.process_time() - start)
    return f"Median of {len(some)} pictures: {1000 * np.median(spent):.0f} ms of processor time, one thread."


def main(arguments: list[str]) -> None:
    """Measure, or learn and measure."""
    data = next(
        (Path(one) for one in arguments if not one.startswith("-")), pictures.ROOT.parent / "shared" / "data"
    )
    if "--kinds" in arguments:
        if "--film" in arguments:
            learn_film.learn(data)
        if "--learn" in arguments:
            learn_looks.learn(data)
            learn_film.learn(data)
        show(measure_looks.looks(data), measure_looks.headers(data))
        return
    if "--learn" in arguments:
        learn.learn(data)
    show(real(data), labelled(data), painted(data))
    print(timed(data))


def show(*tables: Iterable[str]) -> None:
    """Print tables as they are made."""
    for table in tables:
        for row in table:
            print(row, flush=True)
        print()


if __name__ == "__main__":
    main(sys.argv[1:])
