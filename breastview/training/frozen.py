"""Training the head alone, on features of frozen encoders that see every view of a picture once.

The first stage of fine-tuning as the field does it. The encoders' maps of each view (the picture, its mirror,
then augmented ones) are computed once for all folds and kept in the run's folder, so that an interrupted
computation goes on where it was; a head is then trained on them in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview import atomic
from breastview.imaging.letterbox import three_channels
from breastview.inference import closed_form
from breastview.training import asking, data, fit, quick, sampling

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.networks.specification import Network
    from breastview.training.data import Example
    from breastview.training.recipe import Recipe
    from breastview.training.sampling import Tile

FOLDER = "features"
CHUNK, BATCH = 128, 16  # pictures a file, pictures a step of the encoders
MIRRORED = 1  # number of the view that is the mirror; 0 is the picture, those from 2 on are augmented


@dataclass(frozen=True, eq=False)
class Stage:
    """A network whose encoders stay as they are, with the features of every picture.

    Attributes
    ----------
    recipe : Recipe
    network : Network
    head : Network
        Its model takes pooled features; the layers are those of `network`.
    pool : tuple[Tile, ...]
        The N pictures.
    maps : tuple[Path, ...]
        Files of the encoders' maps of the pictures themselves, for where a class is seen.
    features : ndarray, shape (V, N, K), float32
        Pooled, of each view.
    fresh : tuple[ndarray, ...]
        Values of the head before any training: every fold begins with the same.
    """

    recipe: Recipe
    network: Network
    head: Network
    pool: tuple[Tile, ...]
    maps: tuple[Path, ...]
    features: NDArray[np.float32]
    fresh: tuple[NDArray, ...]

    def train(self, folder: Path, held_out: int, tell: Callable[[str], None]) -> None:
        """Train the head on what is not in fold `held_out`, on from the state in `folder` if there is one."""
        rows = np.flatnonzero([tile.fold != held_out for tile in self.pool])
        for variable, value in zip(self.head.model.variables, self.fresh, strict=True):
            variable.assign(value)
        if self.recipe.standardised:
            self._standardise(rows)
        fit.compile_model(self.head, self.recipe)
        sampler = partial(Sampler, self.features[:, rows])
        chosen = [self.pool[row] for row in rows]
        check = partial(self._check, held_out) if len(rows) < len(self.pool) else None
        fit.fit(self.head, chosen, self.recipe, folder, self.recipe.epochs, check, tell, sampler)
        fit.average(self.head.model)

    def held_out(self, fold: int) -> NDArray[np.int64]:
        """Return the rows of the pictures of a fold, without crops."""
        return np.flatnonzero([tile.fold == fold and not tile.is_crop for tile in self.pool])

    def predict(self, fold: int) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return the answers to the pictures of a fold, as `fit.predict` gives them."""
        rows = self.held_out(fold)
        answer = self.head.model.predict_on_batch(self.features[0, rows])
        return np.asarray(answer["logits"], np.float32), np.zeros((len(rows), 0, 0), np.uint8)

    def pointing(self, fold: int, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the pointing game on the pictures of a fold, (N, 2), as `export` keeps it.

        The maps are at hand: reading all pictures once more would take as long as the training.
        """
        rows = self.held_out(fold)
        logits, _ = self.predict(fold)
        slopes = closed_form.slopes(_layers(self.network), self.features[0, rows])
        channels = _chunk(self.maps, 0).shape[-1]
        slopes = closed_form.by_channel(np.asarray(slopes), channels)
        slopes = np.broadcast_to(np.asarray(slopes), (len(rows), *slopes.shape[1:]))
        hits = np.full((len(rows), 2), np.nan)
        for number, (row, example) in enumerate(zip(rows, examples, strict=True)):
            if example.marked:
                towards = slopes[number, int(logits[number].argmax())]
                heat = np.maximum(_chunk(self.maps, row).astype(np.float32) @ towards, 0)
                shape = data.picture(example).shape
                hits[number, 0] = asking.hit(heat, data.mask(example, (shape[0], shape[1])) > 0)
        return hits

    def _check(self, held_out: int, model: keras.Model) -> dict[str, float]:
        rows = self.held_out(held_out)
        answer = model.predict_on_batch(self.features[0, rows])
        logits = np.asarray(answer["logits"], np.float32)
        pool = [self.pool[row] for row in rows]
        return quick.figures(logits, np.zeros((len(rows), 0, 0), np.uint8), pool, self.recipe.classes)

    def _standardise(self, rows: NDArray[np.int64]) -> None:
        """Give the head's normalisation the statistics of all training pictures and keep them."""
        layer = self.head.model.get_layer("head_norm")
        known = self.features[:, rows].astype(np.float64)
        layer.moving_mean.assign(known.mean(axis=(0, 1)))
        layer.moving_variance.assign(known.var(axis=(0, 1)))
        layer.trainable = False


class Sampler(sampling.Sampler):
    """Draws as the sampler of pictures does, and gives the features of a view of each."""

    def __init__(
        self,
        features: NDArray[np.float32],
        pool: Sequence[Tile],
        recipe: Recipe,
        epoch: int = 0,
        outputs: tuple[str, ...] = ("logits",),
    ) -> None:
        super().__init__(pool, recipe, epoch, outputs)
        self.features = features

    def __getitem__(self, step: int) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Return features float32 (B, K) and the truth of the classes."""
        rng = np.random.default_rng([self.recipe.seed, self.epoch, step])
        chosen = self.draws[step * self.recipe.batch : (step + 1) * self.recipe.batch]
        views = rng.integers(len(self.features), size=len(chosen))
        classes = self.recipe.classes
        labels = np.eye(len(classes), dtype=np.float32)[[classes.index(self.pool[i].label) for i in chosen]]
        return self.features[views, chosen], {"logits": labels}


def prepare(
    recipe: Recipe, network: Network, pool: Sequence[Tile], folder: Path, tell: Callable[[str], None]
) -> Stage:
    """Compute what is missing of the features of `fit.built`'s network in `folder`.

    Raises
    ------
    AnalysisError
        Where the network is not encoders and a head of pooling and dense layers.
    """
    head = _head(network)
    chosen = thinned(pool, recipe)
    features, maps = [], []
    for view in range(recipe.frozen_views):
        files = _computed(network, chosen, recipe, view, folder, tell)
        features.append(_pooled(network, files))
        maps.append(files)
    fresh = tuple(np.array(keras.ops.convert_to_numpy(v.value)) for v in head.model.variables)
    return Stage(recipe, network, head, chosen, maps[0], np.stack(features), fresh)


def thinned(pool: Sequence[Tile], recipe: Recipe) -> tuple[Tile, ...]:
    """Return the pictures, and as many lesion-free crops as are `crop_share` of a stratum of the pictures.

    More would cost the encoders' time and be drawn hardly ever.
    """
    crops = [index for index, tile in enumerate(pool) if tile.is_crop]
    strata = {tile.stratum for tile in pool if not tile.is_crop}
    wanted = round(recipe.crop_share * (len(pool) - len(crops)) / max(1, len(strata)))
    spread = np.linspace(0, len(crops) - 1, min(wanted, len(crops))).round().astype(int)
    kept = {crops[place] for place in spread}
    return tuple(tile for index, tile in enumerate(pool) if not tile.is_crop or index in kept)


def seen(tile: Tile, index: int, view: int, recipe: Recipe) -> NDArray[np.uint8]:
    """Return a view of a picture, (S, S): 0 itself, 1 its mirror, then augmented, always the same way."""
    if view <= MIRRORED:
        return tile.plane[:, ::-1] if view == MIRRORED else tile.plane
    rng = np.random.default_rng([recipe.seed, view, index])
    return recipe.augmentation(tile.plane, tile.outline, rng)[0]


def _layers(network: Network) -> list[Any]:
    return closed_form.head(network.model, network.layers["features"], network.layers["logits"])


def _head(network: Network) -> Network:
    """Return the network from the pooled features on; it shares the layers."""
    pooling, *rest = _layers(network)
    x = given = keras.Input(tuple(pooling.output.shape[1:]), name="pooled")
    for layer in rest:
        x = layer(x)
    return replace(network, model=keras.Model(given, {"logits": x}, name="head"))


def _computed(
    network: Network,
    pool: Sequence[Tile],
    recipe: Recipe,
    view: int,
    folder: Path,
    tell: Callable[[str], None],
) -> tuple[Path, ...]:
    """Return the files of the encoders' maps of a view, `CHUNK` pictures each, (n, h, w, K) float16."""
    folder.mkdir(parents=True, exist_ok=True)
    encoder = keras.Model(network.model.input, network.model.get_layer(network.layers["features"]).output)
    files = []
    for start in range(0, len(pool), CHUNK):
        path = folder / f"view-{view}-{start:06d}.npy"
        files.append(path)
        if path.is_file():
            continue
        some = [
            seen(tile, start + place, view, recipe) for place, tile in enumerate(pool[start : start + CHUNK])
        ]
        maps = np.concatenate([_maps(encoder, some[at : at + BATCH]) for at in range(0, len(some), BATCH)])
        with atomic.written(path) as unfinished, unfinished.open("wb") as stream:
            np.save(stream, maps, allow_pickle=False)
        tell(f"view {view + 1} of {recipe.frozen_views}: {start + len(some)} of {len(pool)} pictures seen")
    return tuple(files)


def _maps(encoder: keras.Model, planes: Sequence[NDArray[np.uint8]]) -> NDArray[np.float16]:
    return np.asarray(encoder.predict_on_batch(three_channels(np.stack(planes)))).astype(np.float16)


def _pooled(network: Network, files: Sequence[Path]) -> NDArray[np.float32]:
    layers = _layers(network)
    return np.concatenate(
        [
            np.asarray(closed_form.pooled(layers, np.load(path, allow_pickle=False).astype(np.float32)))
            for path in files
        ]
    )


def _chunk(files: Sequence[Path], row: int) -> NDArray[np.float16]:
    """Return the maps (h, w, K) of the picture in a row."""
    maps = np.load(files[row // CHUNK], mmap_mode="r", allow_pickle=False)
    return np.asarray(maps[row % CHUNK])
