"""Folders of labelled pictures: what is in them, which belong together, and which fold each is in."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from breastview.errors import TrainingError
from breastview.imaging.letterbox import LUMINANCE, luminance
from breastview.imaging.mammogram.view import view
from breastview.training import twins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.imaging.mammogram.view import BreastView

FOLDS = 5
NORMAL = "normal"
BREAST = "breast"
CIRCLES, CIRCLED = "circles_xyr_topleft_1024", 1024
PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True)
class Example:
    """One labelled picture.

    Attributes
    ----------
    source : str
        Name of the data set.
    image : Path
    masks : tuple[Path, ...]
        Lesion masks, several where a picture shows several lesions; none where there is no lesion or none
        was drawn.
    label : str
    group : str
        Patient or scene, unique over all data sets: a group is never split between training and validation.
    fold : int
        0..4, or -1 before folds are dealt.
    circles : tuple[tuple[float, float, float], ...]
        Centre x, y and radius of lesions circled instead of drawn, as shares of the picture's width.
    preparation : str
        How the picture reaches the network: ``"letterbox"`` as it is, ``"breast"`` as a mammogram
        (`imaging.mammogram.view`).
    """

    source: str
    image: Path
    masks: tuple[Path, ...]
    label: str
    group: str
    fold: int
    circles: tuple[tuple[float, float, float], ...] = ()
    preparation: str = "letterbox"

    @property
    def marked(self) -> bool:
        """Whether it is known where its lesions are, drawn or circled."""
        return bool(self.masks or self.circles)

    @property
    def mask_known(self) -> bool:
        """Whether the lesion outline is known: drawn, or certainly empty."""
        return bool(self.masks) or self.label == NORMAL


def read(
    folder: Path,
    classes: Sequence[str],
    preparation: str = "letterbox",
    merged: Mapping[str, str] = MappingProxyType({}),
) -> list[Example]:
    """List a data set: a folder with ``manifest.csv``, such a CSV file, or a folder with one for each class.

    The manifest's columns are image, mask, label, group or patient, fold (paths relative to it); rows marked
    ``dup_group_mixed_label`` are scenes filed under two classes and are left out. Labels may be written with
    an underscore for a hyphen. A column ``circles_xyr_topleft_1024`` ("x,y,radius;…" for a width of 1024 px)
    stands in where there is no mask. A data set is called as its folder, or as its CSV file. `merged` counts
    pictures of one label under another.

    Raises
    ------
    TrainingError
        Where the folder holds neither.
    """
    if folder.is_file():
        examples = _read_manifest(folder, folder.stem)
    elif (folder / "manifest.csv").is_file():
        examples = _read_manifest(folder / "manifest.csv", folder.name)
    else:
        examples = _read_class_folders(folder, classes)
    examples = [
        replace(example, preparation=preparation, label=merged.get(example.label, example.label))
        for example in examples
    ]
    examples = [example for example in examples if example.label in classes]
    if not examples:
        raise TrainingError(
            "no training pictures in this folder",
            folder,
            "It needs a manifest.csv (image, mask, label, group, fold) or the folders "
            f"{', '.join(classes)} with pictures x.png and masks x_mask.png.",
        )
    return examples if all(example.fold >= 0 for example in examples) else deal(examples)


def _read_manifest(manifest: Path, name: str) -> list[Example]:
    folder = manifest.parent
    with manifest.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    missing = {"image", "label"} - set(rows[0] if rows else ())
    if missing:
        raise TrainingError(f"no column {' and no column '.join(sorted(missing))}", manifest, "Add it.")
    return [
        Example(
            name,
            folder / row["image"],
            (folder / row["mask"],) if row.get("mask") else (),
            row["label"].replace("_", "-"),
            f"{name}/{row.get('group') or row.get('patient') or row['image']}",
            int(row["fold"]) if row.get("fold") else -1,
            () if row.get("mask") else circles(row.get(CIRCLES) or "", CIRCLED),
        )
        for row in rows
        if row.get("dup_group_mixed_label", "0") != "1"
    ]


def circles(text: str, width: float) -> tuple[tuple[float, float, float], ...]:
    """Read "x,y,radius;…" in pixels of a picture `width` wide, as shares of that."""
    found = []
    for circle in filter(None, text.split(";")):
        x, y, radius = (float(number) / width for number in circle.split(","))
        found.append((x, y, radius))
    return tuple(found)


def _read_class_folders(folder: Path, classes: Sequence[str]) -> list[Example]:
    found: list[Example] = []
    for label in classes:
        inside = folder / label
        pictures = sorted(path for path in inside.glob("*") if path.suffix.lower() in PICTURES)
        for path in pictures:
            if "_mask" in path.stem:
                continue
            drawn = tuple(
                other for other in pictures if other.stem.split("_mask")[0] == path.stem and other != path
            )
            masks = () if label == NORMAL else drawn
            found.append(Example(folder.name, path, masks, label, f"{folder.name}/{path.name}", -1))
    return _grouped_by_likeness(found)


def _grouped_by_likeness(examples: list[Example]) -> list[Example]:
    """Give near-duplicate pictures one group, and leave out groups that were filed under two classes."""
    numbers = twins.groups([twins.fingerprint(picture(example)) for example in examples])
    labels: dict[int, set[str]] = defaultdict(set)
    for number, example in zip(numbers, examples, strict=True):
        labels[number].add(example.label)
    return [
        replace(example, group=f"{example.source}/scene-{number}")
        for number, example in zip(numbers, examples, strict=True)
        if len(labels[number]) == 1
    ]


def deal(examples: Sequence[Example]) -> list[Example]:
    """Deal whole groups into `FOLDS` folds, each class as evenly as its groups allow; always the same way."""
    members: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        members[example.group].append(example)
    fold_of: dict[str, int] = {}
    filled: dict[str, list[int]] = defaultdict(lambda: [0] * FOLDS)
    for group in sorted(members, key=lambda name: (-len(members[name]), name)):
        label = members[group][0].label
        fold_of[group] = int(np.argmin(filled[label]))
        filled[label][fold_of[group]] += len(members[group])
    return [replace(example, fold=fold_of[example.group]) for example in examples]


def picture(example: Example, colour: str = LUMINANCE) -> NDArray[np.uint8]:
    """Return the grey picture, shape (H, W), or with the colour ``"rgb"`` (H, W, 3); uint8.

    Of a mammogram (`Example.preparation`) the breast alone, cut out and turned.

    Raises
    ------
    TrainingError
        Where the file is no picture OpenCV can read.
    """
    if example.preparation == BREAST:
        return _breast(example.image).picture
    stored = _decoded(example.image)
    return luminance(stored) if colour == LUMINANCE else stored


@lru_cache(maxsize=1024)
def _breast(path: Path) -> BreastView:
    """Return the breast of a mammogram; kept, as every picture is asked for several times."""
    found = view(luminance(_decoded(path)))
    if found is None:
        raise TrainingError("no breast is seen in this picture", path, "Remove it from the training data.")
    return found


def _decoded(path: Path) -> NDArray[np.uint8]:
    import cv2

    # Through fromfile, not imread: that cannot open paths outside the code page on Windows.
    stored = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if stored is None:
        raise TrainingError("no readable picture", path, "Replace it or remove it from the training data.")
    return np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), np.uint8)


def mask(example: Example, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the union of the lesion masks as 0 and 255, `shape` (H, W) of `picture`; empty without any.

    Circles are filled.

    Raises
    ------
    TrainingError
        Where a mask is unreadable or of another size than its picture.
    """
    if example.preparation == BREAST:
        breast = _breast(example.image)
        return breast.cut(_union(example, (breast.height, breast.width)))
    return _union(example, shape)


def _union(example: Example, shape: tuple[int, int]) -> NDArray[np.uint8]:
    import cv2

    union = np.zeros(shape, np.uint8)
    for circle in example.circles:
        x, y, radius = (round(share * shape[1]) for share in circle)
        cv2.circle(union, (x, y), max(1, radius), 255, cv2.FILLED)
    for path in example.masks:
        drawn = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
        if drawn is None or drawn.shape != shape:
            raise TrainingError(
                "the mask is unreadable or not of its picture's size", path, "Redraw or remove it."
            )
        union[drawn > 127] = 255
    return union
