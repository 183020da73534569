"""Which pictures a training step sees, ready for the network."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.imaging.letterbox import LUMINANCE, Letterbox
from breastview.training import data
from breastview.training.losses import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.training.data import Example
    from breastview.training.recipe import Recipe

CROP = "crop"
CROP_SHARE = 0.4  # of a picture's height and width that a lesion-free crop must keep


@dataclass(frozen=True)
class Tile:
    """A letterboxed picture in memory.

    Attributes
    ----------
    plane : ndarray, shape (S, S) or (S, S, 3), uint8
        Grey values or colours.
    outline : ndarray, shape (S, S), uint8
        Lesion mask as 0..255.
    label : str
    stratum : tuple[str, str]
        Data set and kind of picture, of which the sampler draws equal parts.
    fold : int
    outline_known : bool
    """

    plane: NDArray[np.uint8]
    outline: NDArray[np.uint8]
    label: str
    stratum: tuple[str, str]
    fold: int
    outline_known: bool

    @property
    def is_crop(self) -> bool:
        """Whether it is a lesion-free part of a picture: for training only."""
        return self.stratum[1] == CROP


def tiles(examples: Sequence[Example], size: int, crops: bool, colour: str = LUMINANCE) -> list[Tile]:
    """Load and letterbox pictures; with `crops` also lesion-free crops of sets without normals."""
    with_normals = {example.source for example in examples if example.label == data.NORMAL}
    result = []
    for example in examples:
        grey = data.picture(example, colour)
        outline = data.mask(example, (grey.shape[0], grey.shape[1]))
        result.append(_tile(grey, outline, example, example.label, size))
        if crops and example.source not in with_normals and example.masks:
            box = lesion_free(outline)
            if box is not None:
                result.append(_tile(grey[box], outline[box], example, CROP, size))
    return result


def _tile(
    grey: NDArray[np.uint8], outline: NDArray[np.uint8], example: Example, kind: str, size: int
) -> Tile:
    box = Letterbox(grey.shape[0], grey.shape[1], size)
    return Tile(
        box.apply_plane(grey),
        box.apply_plane(outline),
        data.NORMAL if kind == CROP else example.label,
        (example.source, kind),
        example.fold,
        example.mask_known or example.marked,
    )


def lesion_free(outline: NDArray[np.uint8]) -> tuple[slice, slice] | None:
    """Return the largest full-height or full-width strip beside the lesion, or None where all are too narrow.

    A model that sees normal tissue from one hospital only learns the hospital; such crops are its
    counter-examples.
    """
    rows, columns = np.flatnonzero(outline.any(axis=1)), np.flatnonzero(outline.any(axis=0))
    if not len(rows):
        return None
    height, width = outline.shape
    strips = [
        (slice(0, height), slice(0, columns[0])),
        (slice(0, height), slice(columns[-1] + 1, width)),
        (slice(rows[-1] + 1, height), slice(0, width)),
    ]
    wide = [
        (tall, broad)
        for tall, broad in strips
        if tall.stop - tall.start >= CROP_SHARE * height and broad.stop - broad.start >= CROP_SHARE * width
    ]
    return max(
        wide, key=lambda box: (box[0].stop - box[0].start) * (box[1].stop - box[1].start), default=None
    )


class Sampler(keras.utils.PyDataset):
    """Balanced, augmented batches; the batches of an epoch depend on seed, epoch and step alone.

    Data sets and classes are evened out as far as `Recipe.balance` says, so that a small set's classes are
    not drowned by a large one's; lesion-free crops are drawn at `Recipe.crop_share` of that.
    """

    def __init__(
        self,
        pool: Sequence[Tile],
        recipe: Recipe,
        epoch: int = 0,
        outputs: tuple[str, ...] = ("logits", "mask"),
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self.outputs = outputs
        self.pool, self.recipe, self.epoch = pool, recipe, epoch
        self.draws = self._draw()

    def __len__(self) -> int:
        return self.recipe.pictures // self.recipe.batch

    def on_epoch_end(self) -> None:
        """Draw the next epoch's pictures."""
        self.epoch += 1
        self.draws = self._draw()

    def _draw(self) -> NDArray[np.int64]:
        rng = np.random.default_rng([self.recipe.seed, self.epoch])
        members: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, tile in enumerate(self.pool):
            members[tile.stratum].append(index)
        strata = sorted(members)
        weights = np.array([len(members[name]) for name in strata]) ** (1.0 - self.recipe.balance)
        weights *= [self.recipe.crop_share if kind == CROP else 1.0 for _, kind in strata]
        counts = np.floor(weights / weights.sum() * self.recipe.pictures).astype(int) + 1
        drawn = [
            _cycled(np.array(members[name]), count, rng) for name, count in zip(strata, counts, strict=True)
        ]
        return rng.permutation(np.concatenate(drawn))[: self.recipe.pictures]

    def __getitem__(self, step: int) -> tuple[Any, dict[str, Any]]:
        """Return pictures float32 (B, S, S, 3) in 0..255 and the truth of the network's outputs."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch, step])
        size, classes = self.recipe.size, self.recipe.classes
        chosen = self.draws[step * self.recipe.batch : (step + 1) * self.recipe.batch]
        pictures = np.empty((len(chosen), size, size, 3), np.float32)
        outlines = np.empty((len(chosen), size, size, 1), np.float32)
        labels = np.zeros((len(chosen), len(classes)), np.float32)
        for row, index in enumerate(chosen):
            tile = self.pool[index]
            plane, outline = self.recipe.augmentation(tile.plane, tile.outline, rng)
            pictures[row] = plane if plane.ndim == 3 else plane[:, :, None]
            outlines[row, :, :, 0] = outline / np.float32(255) if tile.outline_known else UNKNOWN
            labels[row, classes.index(tile.label)] = 1
        truth = {"logits": labels, "mask": outlines}
        return pictures, {output: truth[output] for output in self.outputs}


def _cycled(indices: NDArray[np.int64], count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw `count` indices: whole shuffled rounds, so that none is drawn twice before all were drawn once."""
    rounds = [rng.permutation(indices) for _ in range(-(-count // len(indices)))]
    return np.concatenate(rounds)[:count]
