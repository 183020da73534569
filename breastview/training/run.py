"""A whole training: grouped folds for the figures, and a final model on everything for the bundle."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.errors import TrainingError
from breastview.training import data, fit, quick, sampling, state
from breastview.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from breastview.training.data import Example
    from breastview.training.sampling import Tile

FINAL = "final"
MODEL = "model.npz"
CONFIG = "run.json"


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
    """

    recipe: Recipe
    folders: tuple[Path, ...]
    out: Path
    parts: tuple[str, ...]
    weights: Path | None = None
    resume: bool = False


def execute(plan: Plan, tell: Callable[[str], None] = print) -> None:
    """Train all parts of the plan that are not finished yet.

    Raises
    ------
    TrainingError
        Where data or settings do not fit.
    """
    examples = [example for folder in plan.folders for example in data.read(folder, plan.recipe.classes)]
    _record(plan, examples)
    tell(f"Loading {len(examples)} pictures")
    pool = sampling.tiles(examples, plan.recipe.size, plan.recipe.crop_share > 0)
    tell(f"{len(examples)} pictures and {sum(tile.is_crop for tile in pool)} lesion-free crops loaded")
    for part in plan.parts:
        folder = part_folder(plan.out, part)
        if (folder / MODEL).is_file():
            tell(f"{folder.name} is already trained")
            continue
        _train_part(plan, examples, pool, part, tell)
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


def _train_part(
    plan: Plan, examples: Sequence[Example], pool: Sequence[Tile], part: str, tell: Callable[[str], None]
) -> None:
    folder = part_folder(plan.out, part)
    held_out = -2 if part == FINAL else int(part)
    training = [tile for tile in pool if tile.fold != held_out]
    validation = [tile for tile in pool if tile.fold == held_out and not tile.is_crop]
    if not training or (part != FINAL and not validation):
        raise TrainingError(
            f"fold {part} leaves no pictures to train or to validate on", remedy="Add pictures."
        )
    network = fit.prepare(plan.recipe, plan.weights)

    def check(model: keras.Model) -> dict[str, float]:
        return quick.figures(*fit.predict(model, validation), validation, plan.recipe.classes)

    fit.fit(network, training, plan.recipe, folder, check if validation else None, tell)
    if validation:
        _keep_predictions(network.model, validation, [e for e in examples if e.fold == held_out], folder)
    weights = {f"{i:04d}": keras.ops.convert_to_numpy(v.value) for i, v in enumerate(network.model.weights)}
    state.replace_npz(folder / MODEL, weights)
    (folder / state.FILE).unlink()


def _keep_predictions(
    model: keras.Model, validation: Sequence[Tile], examples: Sequence[Example], folder: Path
) -> None:
    logits, masks = fit.predict(model, validation)
    state.replace_npz(folder / "predictions.npz", {"logits": logits, "masks": masks})
    with (folder / "validation.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["source", "image", "masks", "label", "group", "fold"])
        for e in examples:
            writer.writerow([e.source, e.image, "|".join(map(str, e.masks)), e.label, e.group, e.fold])


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
