"""Training a decoder and a head on the maps of a frozen encoder, which sees every view of a picture once.

As `training/frozen.py` for networks that also draw masks: what is kept is not one pooled vector a view but
the encoder's map at each stride that the decoder reads. With a few hundred pictures that fits into memory,
and a fold costs what its decoder costs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview import atomic
from breastview.imaging.letterbox import three_channels
from breastview.training import fit, quick, sampling
from breastview.training.losses import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.networks.specification import Network
    from breastview.training.recipe import Recipe
    from breastview.training.sampling import Tile

BATCH = 16  # pictures a step of the encoder


@dataclass(frozen=True, eq=False)
class Stage:
    """A network whose encoder stays as it is, with its maps of every picture.

    Attributes
    ----------
    recipe : Recipe
    network : Network
    rest : Network
        Its model takes the maps and gives the network's answers; the layers are those of `network`.
    pool : tuple[Tile, ...]
        The N pictures.
    outlines : ndarray, shape (V, N, S, S), uint8
        Masks of each view.
    maps : tuple[ndarray, ...]
        For each stride (V, N, h, w, K) float16.
    fresh : tuple[ndarray, ...]
        Values of `rest` before any training: every fold begins with the same.
    """

    recipe: Recipe
    network: Network
    rest: Network
    pool: tuple[Tile, ...]
    outlines: NDArray[np.uint8]
    maps: tuple[NDArray[np.float16], ...]
    fresh: tuple[NDArray, ...]

    def train(self, folder: Path, held_out: int, tell: Callable[[str], None]) -> None:
        """Train on what is not in fold `held_out`, on from the state in `folder` if there is one."""
        rows = np.flatnonzero([tile.fold != held_out for tile in self.pool])
        for variable, value in zip(self.rest.model.variables, self.fresh, strict=True):
            variable.assign(value)
        fit.compile_model(self.rest, self.recipe)
        check = partial(self._check, held_out) if len(rows) < len(self.pool) else None
        sampler = partial(Sampler, self, rows)
        chosen = [self.pool[row] for row in rows]
        fit.fit(self.rest, chosen, self.recipe, folder, self.recipe.epochs, check, tell, sampler)
        fit.average(self.rest.model)

    def predict(self, fold: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return the answers to the pictures of a fold, as `fit.predict` gives them."""
        return self._answers(self._held_out(fold))

    def _held_out(self, fold: int) -> NDArray[np.int64]:
        return np.flatnonzero([tile.fold == fold and not tile.is_crop for tile in self.pool])

    def _answers(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        parts = []
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            parts.append(self.rest.model.predict_on_batch([each[0, some] for each in self.maps]))
        return fit.answered(parts, [len(rows[start : start + BATCH]) for start in range(0, len(rows), BATCH)])

    def _check(self, held_out: int, model: keras.Model) -> dict[str, float]:  # noqa: ARG002
        rows = self._held_out(held_out)
        return quick.figures(*self._answers(rows), [self.pool[row] for row in rows], self.recipe.classes)


class Sampler(sampling.Sampler):
    """Draws as the sampler of pictures does, and gives the maps of a view of each."""

    def __init__(
        self,
        stage: Stage,
        rows: NDArray[np.int64],
        pool: Sequence[Tile],
        recipe: Recipe,
        epoch: int = 0,
        outputs: tuple[str, ...] = ("logits", "mask"),
    ) -> None:
        super().__init__(pool, recipe, epoch, outputs)
        self.stage, self.rows = stage, rows

    def __getitem__(self, step: int) -> tuple[tuple[NDArray[np.float16], ...], dict[str, Any]]:
        """Return the maps of each stride (B, h, w, K) and the truth of the network's outputs."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch, step])
        chosen = self.draws[step * self.recipe.batch : (step + 1) * self.recipe.batch]
        views, rows = rng.integers(len(self.stage.outlines), size=len(chosen)), self.rows[chosen]
        tiles = [self.pool[index] for index in chosen]
        classes = self.recipe.classes
        outlines = self.stage.outlines[views, rows][..., None] / np.float32(255)
        outlines[[not tile.outline_known for tile in tiles]] = UNKNOWN
        labels = np.eye(len(classes), dtype=np.float32)[[classes.index(tile.label) for tile in tiles]]
        truth = {"logits": labels, "mask": outlines}
        maps = tuple(each[views, rows] for each in self.stage.maps)
        return maps, {output: truth[output] for output in self.outputs}


def prepare(
    recipe: Recipe, network: Network, pool: Sequence[Tile], folder: Path, tell: Callable[[str], None]
) -> Stage:
    """Compute what is missing of the encoder's maps in `folder`, and part the network behind them."""
    network.encoder.trainable = False
    taps = _taps(network)
    rest = keras.Model(taps, network.model.output, name="rest")
    encoder = keras.Model(network.model.input, taps, name="frozen")
    folder.mkdir(parents=True, exist_ok=True)
    outlines, maps = [], []
    for view in range(recipe.frozen_views):
        planes, masks = zip(*(seen(tile, at, view, recipe) for at, tile in enumerate(pool)), strict=True)
        outlines.append(np.stack(masks))
        maps.append(_computed(encoder, np.stack(planes), folder / f"maps-{view}", tell))
        tell(f"view {view + 1} of {recipe.frozen_views} seen")
    fresh = tuple(np.array(keras.ops.convert_to_numpy(v.value)) for v in rest.variables)
    return Stage(
        recipe,
        network,
        replace(network, model=rest),
        tuple(pool),
        np.stack(outlines),
        tuple(np.stack(views) for views in zip(*maps, strict=True)),
        fresh,
    )


def seen(tile: Tile, index: int, view: int, recipe: Recipe) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return a view of a picture and its mask: 0 as they are, then augmented, always the same way."""
    if not view:
        return tile.plane, tile.outline
    return recipe.augmentation(tile.plane, tile.outline, np.random.default_rng([recipe.seed, view, index]))


def _taps(network: Network) -> list[keras.KerasTensor]:
    """Return the encoder's maps that layers outside it read, in the encoder's order."""
    inside = {id(layer) for layer in network.encoder.layers}
    read = {
        tensor._keras_history.operation.name
        for layer in network.model.layers
        if id(layer) not in inside
        for tensor in keras.tree.flatten(layer.input)
        if id(tensor._keras_history.operation) in inside
    }
    return [layer.output for layer in network.encoder.layers if layer.name in read]


def _computed(
    encoder: keras.Model, planes: NDArray[np.uint8], stem: Path, tell: Callable[[str], None]
) -> list[NDArray[np.float16]]:
    """Return the maps of a view, (N, h, w, K) each; what is on disk already is read."""
    paths = [stem.with_name(f"{stem.name}-{number}.npy") for number in range(len(encoder.outputs))]
    if not all(path.is_file() for path in paths):
        parts = []
        for start in range(0, len(planes), BATCH):
            answer = encoder.predict_on_batch(three_channels(planes[start : start + BATCH]))
            parts.append([np.asarray(each).astype(np.float16) for each in answer])
            if start % (8 * BATCH) == 0:
                tell(f"{stem.name}: {start} of {len(planes)} pictures seen")
        for path, each in zip(paths, zip(*parts, strict=True), strict=True):
            with atomic.written(path) as unfinished, unfinished.open("wb") as stream:
                np.save(stream, np.concatenate(each), allow_pickle=False)
    return [np.load(path, allow_pickle=False) for path in paths]
