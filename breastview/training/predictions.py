"""What networks answered on pictures they were not trained on."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from breastview.errors import TrainingError
from breastview.imaging.letterbox import Letterbox
from breastview.training import data
from breastview.training.data import Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Predictions:
    """Answers and truth of N pictures.

    Attributes
    ----------
    classes : tuple[str, ...]
    examples : tuple[Example, ...]
    logits : ndarray, shape (N, C), float32
        (N, 0) of a network without classes.
    masks : ndarray, shape (N, S, S), uint8
        Mask probability as 0..255, letterboxed; (N, 0, 0) of a network without a mask.
    outlines : ndarray, shape (N, S, S), uint8
        Drawn lesion, letterboxed.
    inner : ndarray, shape (N,), float
        Letterbox pixels that the picture itself covers.
    """

    classes: tuple[str, ...]
    examples: tuple[Example, ...]
    logits: NDArray[np.float32]
    masks: NDArray[np.uint8]
    outlines: NDArray[np.uint8]
    inner: NDArray[np.float64]

    @property
    def classifies(self) -> bool:
        """Whether there are answers to the class."""
        return self.logits.shape[1] > 0

    @property
    def segments(self) -> bool:
        """Whether there are masks."""
        return self.masks.shape[1] > 0

    @property
    def truth(self) -> NDArray[np.int64]:
        """Class indices (N,)."""
        return np.array([self.classes.index(example.label) for example in self.examples])

    @property
    def folds(self) -> NDArray[np.int64]:
        """Fold of each picture (N,)."""
        return np.array([example.fold for example in self.examples])

    @property
    def sources(self) -> NDArray[np.str_]:
        """Data set of each picture (N,)."""
        return np.array([example.source for example in self.examples])

    @property
    def outline_known(self) -> NDArray[np.bool_]:
        """Whether the truth of the mask is known (N,)."""
        return np.array([example.mask_known for example in self.examples])

    def take(self, indices: NDArray) -> Predictions:
        """Return the predictions at these indices, or where a boolean array is true."""
        chosen = np.arange(len(self.examples))[indices]
        return Predictions(
            self.classes,
            tuple(self.examples[i] for i in chosen),
            self.logits[chosen],
            self.masks[chosen],
            self.outlines[chosen],
            self.inner[chosen],
        )


def gather(
    classes: Sequence[str], examples: Sequence[Example], logits: NDArray[np.float32], masks: NDArray[np.uint8]
) -> Predictions:
    """Join answers with the truth, read from the pictures' files."""
    size = masks.shape[1]
    outlines = np.zeros(masks.shape, np.uint8)
    inner = np.zeros(len(examples))
    for index, example in enumerate(examples if size else ()):
        shape = data.picture(example).shape
        box = Letterbox(shape[0], shape[1], size)
        outlines[index] = box.apply_plane(data.mask(example, (shape[0], shape[1])))
        inner[index] = shape[0] * shape[1] * box.scale**2
    return Predictions(tuple(classes), tuple(examples), logits, masks, outlines, inner)


def read(folders: Sequence[Path], classes: Sequence[str]) -> Predictions:
    """Read what the folds of a run kept of their validation pictures.

    Raises
    ------
    TrainingError
        Where no fold has been finished.
    """
    examples: list[Example] = []
    logits, masks = [], []
    for folder in folders:
        table = folder / "validation.csv"
        if not table.is_file():
            continue
        with table.open(newline="", encoding="utf-8") as lines:
            examples += [_example(row) for row in csv.DictReader(lines)]
        with np.load(folder / "predictions.npz", allow_pickle=False) as arrays:
            logits.append(arrays["logits"])
            masks.append(arrays["masks"])
    if not examples:
        raise TrainingError("no fold of this run is finished", remedy="Train at least one fold first.")
    return gather(classes, examples, np.concatenate(logits), np.concatenate(masks))


def _example(row: dict[str, str]) -> Example:
    drawn = tuple(Path(path) for path in row["masks"].split("|") if path)
    return Example(
        row["source"],
        Path(row["image"]),
        drawn,
        row["label"],
        row["group"],
        int(row["fold"]),
        data.circles(row.get("circles") or "", 1),
        row.get("preparation") or "letterbox",  # older runs knew no other
    )
