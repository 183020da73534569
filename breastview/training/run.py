"""A whole training: grouped folds for the figures, and a final model on everything for the bundle."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.errors import TrainingError
from breastview.training import data, fit, frozen, frozen_maps, quick, sampling, state
from breastview.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.training.data import Example
    from breastview.training.distribute import Team
    from breastview.training.sampling import Tile

FINAL = "final"
MODEL = "model.npz"
CONFIG = "run.json"
POINTING = "pointing.npy"  # the pointing game on what a fold held out, (N, 2)


@dataclass(frozen=True)
class Plan:
    """What is trained where.

    Attributes
    ----------
    recipe : Recipe
    folders : tuple[Path, ...]
        Data sets, trained on together.
    out : Path
        Folder of the run.
    parts : tuple[str, ...]
        ``"0"``..``"4"`` for folds, ``"final"`` for the model on everything, in this order.
    weights : Path or None
        ImageNet weights, a file or its folder.
    resume : bool
        Whether to continue a run that is already in `out`.
    team : Team or None
        The processes that train together; None: this one alone.
    """

    recipe: Recipe
    folders: tuple[Path, ...]
    out: Path
    parts: tuple[str, ...]
    weights: Path | None = None
    resume: bool = False
    team: Team | None = None


def execute(plan: Plan, tell: Callable[[str], None] = print) -> None:
    """Train all parts of the plan that are not finished yet.

    Raises
    ------
    TrainingError
        Where data or settings do not fit.
    """
    recipe = plan.recipe
    examples = [
        example
        for folder in plan.folders
        for example in data.read(folder, recipe.classes, recipe.preparation, dict(recipe.merged))
    ]
    _record(plan, examples)
    tell(f"Loading {len(examples)} pictures")
    crops = plan.recipe.crop_share > 0
    pools = {
        size: sampling.tiles(examples, size, crops, plan.recipe.colour) for size, _ in plan.recipe.sized()
    }
    lesion_free = sum(tile.is_crop for tile in pools[plan.recipe.size])
    tell(f"{len(examples)} pictures and {lesion_free} lesion-free crops loaded")
    waiting = [part for part in plan.parts if not (part_folder(plan.out, part) / MODEL).is_file()]
    for part in set(plan.parts) - set(waiting):
        tell(f"{part_folder(plan.out, part).name} is already trained")
    stage = None
    if plan.recipe.frozen_views and waiting:
        pool = pools[plan.recipe.size]
        network = fit.built(plan.recipe, plan.weights)
        kind = frozen_maps if "mask" in network.layers else frozen
        stage = kind.prepare(plan.recipe, network, pool, plan.out / frozen.FOLDER, tell)
    if plan.team is not None:
        if stage is not None:
            raise TrainingError("a recipe with frozen encoders trains in seconds", remedy="Use one process.")
        chosen = plan.team.agreed([part in waiting for part in plan.parts])
        waiting = [part for part, wanted in zip(plan.parts, chosen, strict=True) if wanted]
    for part in waiting:
        _check_split(pools[plan.recipe.size], part)
        train = partial(_train_head, stage, examples) if stage else partial(_train_whole, plan, pools)
        _keep(train(part_folder(plan.out, part), part, tell), examples, part_folder(plan.out, part), part)
    keras.backend.clear_session()


def parts(text: str) -> tuple[str, ...]:
    """Read a choice of parts: ``all``, or folds and ``final`` in the order wanted, between commas.

    Raises
    ------
    TrainingError
        Where it names something else.
    """
    known = (*(str(fold) for fold in range(data.FOLDS)), FINAL)
    chosen = known if text == "all" else tuple(part.strip() for part in text.split(","))
    if not set(chosen) <= set(known):
        raise TrainingError(f"{text} names no folds", remedy=f"Choose all, or some of {', '.join(known)}.")
    return chosen


def part_folder(out: Path, part: str) -> Path:
    """Return the folder of a fold or of the final model."""
    return out / (FINAL if part == FINAL else f"fold-{part}")


@dataclass(frozen=True, eq=False)
class _Trained:
    """A part that is trained: its model, and its answers to what was held out."""

    model: keras.Model
    answers: tuple[NDArray[np.float32], NDArray[np.uint8]] | None = None
    pointing: NDArray[np.float64] | None = None


def _fold(part: str) -> int:
    return -2 if part == FINAL else int(part)


def _check_split(pool: Sequence[Tile], part: str) -> None:
    held_out = [tile.fold == _fold(part) for tile in pool if not tile.is_crop]
    if all(held_out) or (part != FINAL and not any(held_out)):
        raise TrainingError(
            f"fold {part} leaves no pictures to train or to validate on", remedy="Add pictures."
        )


def _train_whole(
    plan: Plan,
    pools: Mapping[int, Sequence[Tile]],
    folder: Path,
    part: str,
    tell: Callable[[str], None],
) -> _Trained:
    for size, until in plan.recipe.sized():
        training = [tile for tile in pools[size] if tile.fold != _fold(part)]
        validation = [tile for tile in pools[size] if tile.fold == _fold(part) and not tile.is_crop]
        keras.backend.clear_session()
        recipe = replace(plan.recipe, size=size)
        network = fit.prepare(recipe, plan.weights)
        check = _checker(validation, recipe) if validation else None
        train = plan.team.fit if plan.team is not None else fit.fit
        train(network, training, recipe, folder, until, check, tell)
    fit.average(network.model)
    return _Trained(network.model, fit.predict(network.model, validation) if validation else None)


def _train_head(
    stage: frozen.Stage | frozen_maps.Stage,
    examples: Sequence[Example],
    folder: Path,
    part: str,
    tell: Callable[[str], None],
) -> _Trained:
    fold = _fold(part)
    stage.train(folder, fold, tell)
    if part == FINAL:
        return _Trained(stage.network.model)
    held_out = [example for example in examples if example.fold == fold]
    pointing = stage.pointing(fold, held_out) if isinstance(stage, frozen.Stage) else None
    return _Trained(stage.network.model, stage.predict(fold), pointing)


def _checker(validation: Sequence[Tile], recipe: Recipe) -> Callable[[keras.Model], dict[str, float]]:
    def check(model: keras.Model) -> dict[str, float]:
        return quick.figures(*fit.predict(model, validation), validation, recipe.classes)

    return check


def _keep(found: _Trained, examples: Sequence[Example], folder: Path, part: str) -> None:
    """Store the answers to what was held out, then the weights, whose file says that the part is done."""
    if found.answers is not None:
        _keep_predictions(*found.answers, [e for e in examples if e.fold == int(part)], folder)
    if found.pointing is not None:
        np.save(folder / POINTING, found.pointing, allow_pickle=False)
    weights = {f"{i:04d}": keras.ops.convert_to_numpy(v.value) for i, v in enumerate(found.model.weights)}
    state.replace_npz(folder / MODEL, weights)
    (folder / state.FILE).unlink()


def _keep_predictions(
    logits: NDArray[np.float32], masks: NDArray[np.uint8], examples: Sequence[Example], folder: Path
) -> None:
    state.replace_npz(folder / "predictions.npz", {"logits": logits, "masks": masks})
    with (folder / "validation.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["source", "image", "masks", "label", "group", "fold", "circles", "preparation"])
        for e in examples:
            circled = ";".join(",".join(f"{share:.5f}" for share in circle) for circle in e.circles)
            drawn = "|".join(map(str, e.masks))
            writer.writerow([e.source, e.image, drawn, e.label, e.group, e.fold, circled, e.preparation])


def _record(plan: Plan, examples: Sequence[Example]) -> None:
    """Store the configuration, or check that a run to be continued had the same one."""
    counts: dict[str, Any] = {}
    for example in examples:
        counts.setdefault(example.source, {}).setdefault(example.label, 0)
        counts[example.source][example.label] += 1
    config = {
        "recipe": plan.recipe.as_dict(),
        "data": counts,
        "folders": [str(folder.resolve()) for folder in plan.folders],
        "pretrained": plan.weights is not None,
        "weights": plan.weights.name if plan.weights is not None else "",
        "keras": keras.__version__,
        "backend": keras.backend.backend(),
        "numpy": np.__version__,
    }
    path = plan.out / CONFIG
    if path.is_file():
        stored = json.loads(path.read_text(encoding="utf-8"))
        if not plan.resume:
            raise TrainingError(
                "a run is already there", plan.out, "Continue it with --resume, or choose another --out."
            )
        if Recipe.from_dict(stored["recipe"]) != plan.recipe or stored["data"] != counts:
            raise TrainingError(
                "its run has other settings or other pictures",
                plan.out,
                "Repeat its settings, or choose another --out.",
            )
        return
    plan.out.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config, indent=2), encoding="utf-8")
