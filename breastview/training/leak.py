"""What a split by copy is worth: one network, copies of films held out at random, or whole patients.

The published mammogram networks were scored on copies of films whose other copies they were trained on. The
same network on the same copies, split both ways, shows how much of the figure was that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.errors import TrainingError
from breastview.training import fit, frozen, metrics, sampling
from breastview.training.augment import Augmentation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from breastview.training.data import Example
    from breastview.training.recipe import Recipe
    from breastview.training.sampling import Tile

BY_COPY, BY_PATIENT = "by copy", "by patient"
_AS_THEY_ARE = Augmentation(
    rotation=0.0, scale=(1.0, 1.0), shift=0.0, shear=0.0, gamma=0.0, gain=0.0, offset=0.0, flipped=False,
    probability=0.0,
)  # fmt: skip


@dataclass(frozen=True)
class Split:
    """Figures under one split.

    Attributes
    ----------
    films, held_out : int
        Films in training, and films of which copies are held out.
    copies : int
        Copies held out.
    accuracy, auc : float
        On the held-out copies.
    accuracy_interval, auc_interval : tuple[float, float]
        95% bootstrap by patient.
    """

    films: int
    held_out: int
    copies: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    auc: float
    auc_interval: tuple[float, float]


def measure(
    recipe: Recipe,
    examples: Sequence[Example],
    copies: int,
    weights: Path | None = None,
    tell: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train the recipe's network twice, as long and from the same start, and score what was held out.

    Parameters
    ----------
    recipe : Recipe
        Of two classes. Its augmentation makes the copies, once; `pictures` is what an epoch draws.
    examples : Sequence[Example]
    copies : int
        Of each film, the film itself not counted.
    weights : Path or None
        ImageNet weights, as for a training.

    Returns
    -------
    dict
        By `BY_COPY` and `BY_PATIENT`, the values of `Split`.

    Raises
    ------
    TrainingError
        Where fold 0 holds no films, or nothing but.
    """
    made, owners = copied(sampling.tiles(examples, recipe.size, False), recipe, copies)
    folds = np.array([examples[owner].fold for owner in owners])
    if not 0 < (folds == 0).sum() < len(folds):
        raise TrainingError("fold 0 leaves no films to train or to validate on", remedy="Add films.")
    share = float((folds == 0).mean())
    random = np.random.default_rng(recipe.seed).random(len(made)) < share
    result = {}
    with TemporaryDirectory() as folder:
        answer = (_answers_of_head if recipe.frozen_views else _answers)(
            replace(recipe, augmentation=_AS_THEY_ARE), made, weights, Path(folder), tell
        )
        for name, held in ((BY_COPY, random), (BY_PATIENT, folds == 0)):
            tell(name)
            result[name] = asdict(_scored(recipe, examples, made, owners, held, answer(held)))
    return result


def copied(tiles: Sequence[Tile], recipe: Recipe, copies: int) -> tuple[list[Tile], NDArray[np.int64]]:
    """Return changed copies of every film, and which film each is of."""
    rng = np.random.default_rng(recipe.seed)
    made = []
    for tile in tiles:
        for _ in range(copies):
            plane, outline = recipe.augmentation(tile.plane, tile.outline, rng)
            made.append(replace(tile, plane=plane, outline=outline))
    return made, np.repeat(np.arange(len(tiles)), copies)


def _answers(
    recipe: Recipe, made: Sequence[Tile], weights: Path | None, folder: Path, tell: Callable[[str], None]
) -> Callable[[NDArray[np.bool_]], NDArray[np.float32]]:
    """Return what trains the whole network on what is not held out, and gives its logits of what is."""

    def answers(held: NDArray[np.bool_]) -> NDArray[np.float32]:
        keras.backend.clear_session()
        network = fit.prepare(recipe, weights)
        known, asked = ([made[place] for place in np.flatnonzero(part).tolist()] for part in (~held, held))
        with TemporaryDirectory(dir=folder) as own:
            fit.fit(network, known, recipe, Path(own), recipe.epochs, tell=tell)
        fit.average(network.model)
        return fit.predict(network.model, asked, 64)[0]

    return answers


def _answers_of_head(
    recipe: Recipe, made: Sequence[Tile], weights: Path | None, folder: Path, tell: Callable[[str], None]
) -> Callable[[NDArray[np.bool_]], NDArray[np.float32]]:
    """Do the same where the encoder is frozen: its features of the copies are computed once."""
    once = replace(recipe, frozen_views=1)
    stage = frozen.prepare(once, fit.built(once, weights), made, folder / "features", tell)

    def answers(held: NDArray[np.bool_]) -> NDArray[np.float32]:
        pool = tuple(replace(tile, fold=int(not out)) for tile, out in zip(made, held, strict=True))
        split = replace(stage, pool=pool)
        with TemporaryDirectory(dir=folder) as own:
            split.train(Path(own), 0, tell)
        return split.predict(0)[0]

    return answers


def _scored(
    recipe: Recipe,
    examples: Sequence[Example],
    made: Sequence[Tile],
    owners: NDArray[np.int64],
    held: NDArray[np.bool_],
    logits: NDArray[np.float32],
) -> Split:
    asked = np.flatnonzero(held).tolist()
    truth = np.array([recipe.classes.index(made[place].label) for place in asked])
    score = logits[:, 1] - logits[:, 0]
    right = (score > 0) == (truth == 1)
    patients = [examples[owners[place]].group for place in asked]

    def auc(rows: NDArray[np.int64]) -> float:
        return metrics.auc(truth[rows] == 1, score[rows])

    return Split(
        films=len(np.unique(owners[~held])),
        held_out=len(np.unique(owners[asked])),
        copies=len(asked),
        accuracy=float(right.mean()),
        accuracy_interval=metrics.interval(lambda rows: float(right[rows].mean()), patients),
        auc=auc(np.arange(len(asked))),
        auc_interval=metrics.interval(auc, patients),
    )
