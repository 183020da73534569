"""Folders of labelled pictures: what is in them, which belong together, and which fold each is in."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from breastview.errors import TrainingError
from breastview.imaging.letterbox import luminance
from breastview.training import twins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FOLDS = 5
NORMAL = "normal"
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
    """

    source: str
    image: Path
    masks: tuple[Path, ...]
    label: str
    group: str
    fold: int

    @property
    def mask_known(self) -> bool:
        """Whether the lesion outline is known: drawn, or certainly empty."""
        return bool(self.masks) or self.label == NORMAL


def read(folder: Path, classes: Sequence[str]) -> list[Example]:
    """List a data set: a folder with ``manifest.csv``, or one with a folder of pictures for each class.

    The manifest's columns are image, mask, label, group, fold (paths relative to it); rows marked
    ``dup_group_mixed_label`` are scenes filed under two classes and are left out.

    Raises
    ------
    TrainingError
        Where the folder holds neither.
    """
    if (folder / "manifest.csv").is_file():
        examples = _read_manifest(folder)
    else:
        examples = _read_class_folders(folder, classes)
    examples = [example for example in examples if example.label in classes]
    if not examples:
        raise TrainingError(
            "no training pictures in this folder",
            folder,
            "It needs a manifest.csv (image, mask, label, group, fold) or the folders "
            f"{', '.join(classes)} with pictures x.png and masks x_mask.png.",
        )
    return examples if all(example.fold >= 0 for example in examples) else deal(examples)


def _read_manifest(folder: Path) -> list[Example]:
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    missing = {"image", "label"} - set(rows[0] if rows else ())
    if missing:
        raise TrainingError(
            f"no column {' and no column '.join(sorted(missing))}", folder / "manifest.csv", "Add it."
        )
    return [
        Example(
            folder.name,
            folder / row["image"],
            (folder / row["mask"],) if row.get("mask") else (),
            row["label"],
            f"{folder.name}/{row.get('group') or row['image']}",
            int(row["fold"]) if row.get("fold") else -1,
        )
        for row in rows
        if row.get("dup_group_mixed_label", "0") != "1"
    ]


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


def picture(example: Example) -> NDArray[np.uint8]:
    """Return the grey picture, shape (H, W), uint8.

    Raises
    ------
    TrainingError
        Where the file is no picture OpenCV can read.
    """
    import cv2

    # Through fromfile, not imread: that cannot open paths outside the code page on Windows.
    colour = cv2.imdecode(np.fromfile(example.image, np.uint8), cv2.IMREAD_COLOR)
    if colour is None:
        raise TrainingError(
            "no readable picture", example.image, "Replace it or remove it from the training data."
        )
    return luminance(np.asarray(cv2.cvtColor(colour, cv2.COLOR_BGR2RGB), np.uint8))


def mask(example: Example, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the union of the lesion masks as 0 and 255, `shape` (H, W); empty where there is none.

    Raises
    ------
    TrainingError
        Where a mask is unreadable or of another size than its picture.
    """
    import cv2

    union = np.zeros(shape, np.uint8)
    for path in example.masks:
        drawn = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_GRAYSCALE)
        if drawn is None or drawn.shape != shape:
            raise TrainingError(
                "the mask is unreadable or not of its picture's size", path, "Redraw or remove it."
            )
        union[drawn > 127] = 255
    return union
