"""The pictures of every kind, and of none, from which the looks are learnt and on which they are measured.

Whole groups (scenes, patients) lie in one half, as for the other tables.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import burned_in
import cv2
import numpy as np
import things
from numpy.typing import NDArray

import pictures

Picture = NDArray[np.uint8]


class Example(NamedTuple):
    """A picture, and what it is.

    Attributes
    ----------
    kind : str
        Modality of the kind; empty: none. Of a part of one nothing is learnt for it, but for the other kinds.
    what, group : str
        What the picture is; its scene or patient.
    picture : ndarray
        Grey or RGB.
    """

    kind: str
    what: str
    group: str
    picture: Picture


PATCH = 50  # px
BLANK = 235  # grey level of a slide without tissue, beside the patches of a field
PORTRAIT = "parts of a portrait"
ALTERED = "altered"
"""What a picture is called of which another one is made for learning."""


def examples(data: Path, tuned: bool, chance: random.Random) -> Iterator[Example]:
    """Return pictures of one half of the groups."""
    yield from ultrasound(data, tuned, chance)
    yield from mammograms(data, tuned, chance)
    yield from histology(data, tuned, chance)
    yield from others(tuned, chance)
    if not tuned:
        yield from before_black(random.Random(78))


def ultrasound(data: Path, tuned: bool, chance: random.Random) -> Iterator[Example]:
    """Return the pictures of a half of the ultrasound sets, some on a machine's screen, some cut."""
    for one in pictures.listed(data, pictures.ULTRASOUND):
        if one.tuned != tuned:
            continue
        picture = one.read(colour=True)
        yield Example("US", one.of, one.group, picture)
        if tuned:
            yield Example("US", ALTERED, one.group, altered(picture, chance))
        if chance.random() < 0.25:
            screen = burned_in.screen(picture.max(axis=2), chance)
            yield Example("US", "a machine's whole screen", one.group, screen)


def mammograms(data: Path, tuned: bool, chance: random.Random) -> Iterator[Example]:
    """Return the films of a half, as they are and without the air beside the breast."""
    for one in pictures.listed(data, pictures.FILMS):
        if one.tuned != tuned:
            continue
        film = one.read()
        cut, middle = pictures.cropped(film)
        yield Example("MG", one.of, one.group, film)
        yield Example("MG", f"{one.of}, air cut off", one.group, cut)
        yield Example("part of MG", f"{one.of}, middle alone", one.group, middle)
        if tuned:
            yield from (Example("MG", ALTERED, one.group, altered(film, chance)) for _ in range(3))


def histology(data: Path, tuned: bool, chance: random.Random) -> Iterator[Example]:
    """Return patches, fields of neighbouring patches, and mosaics, of a half of the patients."""
    folder = data / "histology/idc"
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if pictures.tuned(row["patient"]) == tuned]
    patients: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for row in rows:
        patients[row["patient"]][int(row["y"]) // PATCH, int(row["x"]) // PATCH] = row["image"]
    for row in chance.sample(rows, 700):
        patch = read(folder / row["image"])
        yield Example("SM", "IDC, patches of 50 px", row["patient"], patch)
        if tuned:
            yield Example("SM", ALTERED, row["patient"], altered(patch, chance))
    for patient, placed in patients.items():
        for made in fields(folder, placed, chance):
            yield Example("SM", "IDC, fields of neighbouring patches", patient, made)
            if tuned:
                yield Example("SM", ALTERED, patient, altered(made, chance))
    for half, stain in pictures.stains(data, chance, 150):
        if half == tuned:
            yield Example("SM", "IDC, mosaics", "mosaic", stain)


def fields(folder: Path, placed: dict[tuple[int, int], str], chance: random.Random) -> Iterator[Picture]:
    """Return fields of 2 to 4 patches a side of which two fifths or more is kept; the rest is blank slide."""
    for (y, x), side in ((start, side) for start in sorted(placed) for side in (2, 3, 4)):
        inside = {
            (row, column): placed[y + row, x + column]
            for row in range(side)
            for column in range(side)
            if (y + row, x + column) in placed
        }
        if len(inside) < 0.4 * side * side or chance.random() < 0.4:
            continue
        made = np.full((side * PATCH, side * PATCH, 3), BLANK, np.uint8)
        for (row, column), name in inside.items():
            patch = cv2.resize(read(folder / name), (PATCH, PATCH))
            made[row * PATCH : (row + 1) * PATCH, column * PATCH : (column + 1) * PATCH] = patch
        yield made


def others(tuned: bool, chance: random.Random) -> Iterator[Example]:
    """Return what is of no kind: photographs, pages, pictures of this program's window, what nobody took."""
    photographs = [(name, one) for name, one in pictures.photographs() if (name != "face") == tuned]
    many = 250 if tuned else 100
    for number in range(many):
        _, photograph = photographs[number % len(photographs)]
        part = next(pictures.parts(photograph, chance, 1))
        grey = cv2.cvtColor(altered(part, chance), cv2.COLOR_RGB2GRAY)
        what = "photographs" if tuned else PORTRAIT
        group = str(number)
        yield Example("", what, group, part)
        yield Example("", f"{what}, in grey", group, grey)
        yield Example("", f"{what}, in other colours", group, recoloured(part, chance))
        if number % 2:
            yield Example("", f"{what}, cut out on black, in grey", group, cut_out(grey, chance))
    for number in range(many // 2):
        group = str(number)
        yield Example("", "pages of text", group, pictures.page(chance))
        yield Example("", "pages of text on coloured paper", group, tinted(pictures.page(chance), chance))
    for kind in pictures.NOTHINGS:
        for number in range(many // 8):
            group = str(number)
            yield Example("", "noise, blur, ramps, discs, clouds", group, pictures.nothing(chance, kind))
            yield Example("", "the same in colours", group, tinted(pictures.nothing(chance, kind), chance))
    for path in sorted((pictures.ROOT / "docs" / "screenshots").glob("*-1280x800.png")):
        if pictures.tuned(path.name) == tuned:
            yield Example("", "screenshots of this program", path.name, read(path))


def before_black(chance: random.Random) -> Iterator[Example]:
    """Return what else is mistaken for films: made things, and more of the portrait, before black."""
    for number in range(300):
        yield Example("", "made heads, hands, fruit, vessels, boxes", f"{number}", things.thing(chance))
    face = pictures.photographs()[-1][1]
    for number in range(100):
        part = next(pictures.parts(face, chance, 1))
        grey = cv2.cvtColor(altered(part, chance), cv2.COLOR_RGB2GRAY)
        yield Example("", f"{PORTRAIT}, cut out on black, in grey", f"{number}", cut_out(grey, chance))


def cut_out(grey: Picture, chance: random.Random) -> Picture:
    """Return a grey picture that ends in black, as a head or a hand before a dark wall does."""
    rows, columns = grey.shape
    shape = np.zeros_like(grey)
    centre = round(columns * chance.uniform(0.0, 1.0)), round(rows * chance.uniform(0.2, 0.8))
    axes = round(columns * chance.uniform(0.3, 0.7)), round(rows * chance.uniform(0.3, 0.7))
    cv2.ellipse(shape, centre, axes, chance.uniform(0, 180), 0, 360, 255, -1)
    soft = cv2.GaussianBlur(shape, (0, 0), chance.uniform(0.5, 6)).astype(np.float32) / 255
    return np.ascontiguousarray((grey * soft + chance.randint(0, 10)).clip(0, 255).astype(np.uint8))


def altered(picture: Picture, chance: random.Random) -> Picture:
    """Return a picture as another machine might have given it: other size, gamma, gain, colours, JPEG."""
    scale = chance.uniform(0.6, 1.6)
    size = max(40, round(picture.shape[1] * scale)), max(40, round(picture.shape[0] * scale))
    made = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    levels = 255 * (np.arange(256) / 255) ** chance.uniform(0.75, 1.35) * chance.uniform(0.85, 1.1)
    made = cv2.LUT(made, np.clip(levels, 0, 255).astype(np.uint8))
    if made.ndim == 3 and int(np.ptp(made.astype(int), axis=2).max()) > 60:
        made = shifted(made, chance.uniform(-8, 8), chance.uniform(0.7, 1.3))
    if chance.random() < 0.5:
        coded = cv2.imencode(".jpg", made, [cv2.IMWRITE_JPEG_QUALITY, chance.randint(60, 95)])[1]
        made = cv2.imdecode(coded, cv2.IMREAD_UNCHANGED)
    return np.ascontiguousarray(made)


def shifted(picture: Picture, degrees: float, saturation: float) -> Picture:
    """Return an RGB picture with its hues turned (in steps of two degrees) and its saturation scaled."""
    hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 0] = (hsv[..., 0] + degrees) % 180
    hsv[..., 1] = np.clip(hsv[..., 1] * saturation, 0, 255)
    return np.ascontiguousarray(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB))


def recoloured(picture: Picture, chance: random.Random) -> Picture:
    """Return a photograph with all hues turned, or with all of it in the pink and violet of a stain."""
    if chance.random() < 0.5:
        return shifted(picture, chance.uniform(0, 180), chance.uniform(0.5, 1.5))
    return tinted(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), chance)


def tinted(grey: Picture, chance: random.Random) -> Picture:
    """Return a grey picture between two colours, half of the time those of haematoxylin and eosin."""
    stain = chance.random() < 0.5
    dark = np.array((90, 50, 130) if stain else [chance.randint(0, 120) for _ in range(3)], np.float32)
    light = np.array((240, 200, 225) if stain else [chance.randint(120, 255) for _ in range(3)], np.float32)
    share = grey.astype(np.float32)[..., None] / 255
    return np.ascontiguousarray((dark + share * (light - dark)).astype(np.uint8))


def read(path: Path) -> Picture:
    """Return a picture, RGB."""
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
