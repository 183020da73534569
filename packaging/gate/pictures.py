"""The pictures the gate is measured on: data sets in halves by group, and pictures made here."""

from __future__ import annotations

import csv
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[2]
ULTRASOUND = {"BUSI": "ultrasound/busi", "BUS-BRA": "ultrasound/bus_bra"}
FILMS = {"CDD-CESM": "mammography/cdd_cesm", "MIAS": "mammography/mias"}


@dataclass(frozen=True)
class Listed:
    """A picture of a data set: set, name within it, file, whether limits were set on it, scene or patient."""

    of: str
    name: str
    path: Path
    tuned: bool
    group: str

    def read(self, colour: bool = False) -> NDArray[np.uint8]:
        """Return its pixels, grey or RGB."""
        picture = cv2.imread(str(self.path), cv2.IMREAD_COLOR if colour else cv2.IMREAD_GRAYSCALE)
        return np.asarray(picture[..., ::-1] if colour else picture, np.uint8)


def tuned(group: str) -> bool:
    """Return whether a group is of the half on which limits are set."""
    return zlib.crc32(group.encode()) % 2 == 0


def listed(data: Path, sets: dict[str, str]) -> Iterator[Listed]:
    """Return the pictures of data sets, whole groups (scenes, patients) in one half."""
    for name, folder in sets.items():
        with (data / folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                group = row.get("group") or row.get("patient") or row["image"]
                path = data / folder / row["image"]
                yield Listed(name, f"{Path(folder).name}/{row['image']}", path, tuned(group), group)


def cropped(film: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a mammogram without the air beside it, and its middle alone: films without their signs."""
    columns = np.flatnonzero((film > 25).any(axis=0))
    breast = film[:, columns.min() : columns.max() + 1]
    rows, width = breast.shape
    return breast, np.ascontiguousarray(breast[rows // 4 : 3 * rows // 4, width // 5 : 4 * width // 5])


def stains(data: Path, chance: random.Random, count: int) -> Iterator[tuple[bool, NDArray[np.uint8]]]:
    """Return mosaics of stained tissue, RGB of 300 px, with whether they are of the tuned half."""
    with (data / "histology/idc/manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for half in (True, False):
        names = [row["image"] for row in rows if tuned(row["patient"]) == half]
        for _ in range(count):
            side = chance.choice((2, 3, 6))
            tiles = [
                cv2.imread(str(data / "histology/idc" / name)) for name in chance.sample(names, side * side)
            ]
            tiles = [cv2.resize(tile, (50, 50)) for tile in tiles]
            lines = [np.hstack(tiles[n * side : (n + 1) * side]) for n in range(side)]
            yield half, np.ascontiguousarray(cv2.resize(np.vstack(lines), (300, 300))[..., ::-1])


def photographs() -> list[tuple[str, NDArray[np.uint8]]]:
    """Return the three photographs that scikit-learn and Matplotlib bring along, RGB."""
    import matplotlib
    from sklearn.datasets import load_sample_images

    face = cv2.imread(str(Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"))
    china, flower = (np.asarray(one, np.uint8) for one in load_sample_images().images)
    return [("china", china), ("flower", flower), ("face", np.ascontiguousarray(face[..., ::-1]))]


def parts(picture: NDArray[np.uint8], chance: random.Random, count: int) -> Iterator[NDArray[np.uint8]]:
    """Return parts of a picture, a third of it to all of it."""
    rows, columns = picture.shape[:2]
    for _ in range(count):
        share = chance.uniform(0.35, 1.0)
        height, width = round(rows * share), round(columns * share)
        y, x = chance.randint(0, rows - height), chance.randint(0, columns - width)
        yield np.ascontiguousarray(picture[y : y + height, x : x + width])


def page(chance: random.Random) -> NDArray[np.uint8]:
    """Return a written page, grey, dark on light or light on dark."""
    paper = chance.choice((255, 255, 240, 0, 20))
    made = np.full((chance.randint(300, 900), chance.randint(300, 900)), paper, np.uint8)
    ink, step, size = 0 if paper > 100 else 230, chance.randint(18, 40), chance.uniform(0.4, 0.9)
    for row in range(20, made.shape[0], step):
        words = "".join(chance.choice("abcdefghij klmnop qrstuvwxyz0123456789 ") for _ in range(60))
        cv2.putText(
            made,
            words[: chance.randint(10, 60)],
            (chance.randint(5, 60), row),
            chance.choice((0, 2, 3)),
            size,
            ink,
            1,
        )
    return made


def nothing(chance: random.Random, kind: str) -> NDArray[np.uint8]:
    """Return noise, a blur, a ramp, a disc or clouds: what no machine shows."""
    rng = np.random.default_rng(chance.randrange(2**31))
    noise = rng.integers(0, 256, (300, 400)).astype(np.uint8)
    if kind == "noise":
        return noise
    if kind == "ramp":
        return np.tile(np.linspace(0, 255, 400, dtype=np.uint8), (300, 1))
    if kind == "disc":
        disc = np.zeros((300, 400), np.uint8)
        cv2.circle(disc, (200, 150), chance.randint(40, 140), chance.randint(100, 255), -1)
        return disc
    if kind == "blur":
        soft = cv2.GaussianBlur(noise, (0, 0), chance.uniform(1, 30))
    else:
        grids = (
            cv2.resize(rng.normal(size=(2**n, 2**n)), (400, 300), interpolation=cv2.INTER_CUBIC) / 2**n
            for n in range(1, 8)
        )
        soft = sum(grids)
    return np.asarray(cv2.normalize(soft, None, 0, 255, cv2.NORM_MINMAX), np.uint8)


NOTHINGS = ("noise", "ramp", "disc", "blur", "clouds")
