"""Figures on demand: of a bundle on labelled pictures, or of a run on what its folds held out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import TrainingError
from breastview.inference import bundle as bundles
from breastview.training import asking, calibrate, curves, data, evaluate, export
from breastview.training.recipe import Recipe
from breastview.training.scored import score

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from breastview.inference.bundle import Thresholds
    from breastview.training.predictions import Predictions
    from breastview.training.scored import Scored

PROTOCOL = (
    "One reading of the bundle a picture, by the compiled graph of the application; calibration, "
    "abstention and mask thresholds as in the bundle. Dice, IoU and 95% Hausdorff distance on the "
    "pixels of the original, over pictures with a drawn lesion. Pointing: the hottest point of the "
    "Grad-CAM lies in the drawn lesion. Intervals: 1000 bootstrap draws of whole groups, percentiles."
)


@dataclass(frozen=True, eq=False)
class Measured:
    """What a measurement found.

    Attributes
    ----------
    figures : dict
        For JSON: protocol, bundle or run, and by data set its figures, curves and worst pictures.
    predictions : Predictions
    thresholds : Thresholds
        Of the masks; for a run, chosen on all its folds together.
    """

    figures: dict[str, Any]
    predictions: Predictions
    thresholds: Thresholds


def of(source: Path, folders: Sequence[Path], tell: Callable[[str], None], device: str = "auto") -> Measured:
    """Measure a bundle on `folders`, or a training run on what its folds held out.

    Raises
    ------
    TrainingError, BundleError, AnalysisError
        Where `source` is neither, a bundle comes without pictures to measure it on, or the AI cannot run.
    """
    if (source / bundles.MANIFEST).is_file():
        return _of_bundle(source, folders, tell, device)
    recipe = Recipe.from_dict(export.settings(source)["recipe"])
    found, scored = export.held_out(source, recipe)
    sets = evaluate.report(scored, found.folds, found.sources)
    figures = {"protocol": evaluate.PROTOCOL, "run": source.name, "title": recipe.name, "sets": sets}
    return _with_curves(figures, found, scored, calibrate.mask_thresholds(found, recipe.false_lesion))


def _of_bundle(source: Path, folders: Sequence[Path], tell: Callable[[str], None], device: str) -> Measured:
    if not folders:
        raise TrainingError("no pictures to measure the bundle on", remedy="Name a data set with --data.")
    bundle = bundles.load_bundle(source)
    for folder in folders:
        if folder.name in bundle.manifest.get("training", {}).get("data", {}):
            tell(
                f"{bundle.name} was trained on a data set called {folder.name}: on those pictures these "
                "figures flatter it. The honest ones, out of fold, are in its CARD.md."
            )
    classes = asking.classes_of(bundle)
    merged = dict(bundle.manifest.get("training", {}).get("recipe", {}).get("merged", ()))
    examples = [
        example for folder in folders for example in data.read(folder, classes, bundle.preparation, merged)
    ]
    answers = asking.ask(bundle, examples, device, tell)
    scored = score(answers.predictions, bundle.calibration, bundle.thresholds)
    scored = replace(scored, class_hit=answers.class_hit, mask_hit=answers.mask_hit)
    # There are no folds to speak of: the bundle has one set of weights.
    sets = evaluate.report(scored, np.zeros(len(examples), np.int64), answers.predictions.sources)
    figures = {"protocol": PROTOCOL, "bundle": str(bundle.stamp), "title": bundle.title, "sets": sets}
    return _with_curves(figures, answers.predictions, scored, bundle.thresholds)


def _with_curves(
    figures: dict[str, Any], found: Predictions, scored: Scored, thresholds: Thresholds
) -> Measured:
    for source, values in figures["sets"].items():
        values["curves"] = curves.of(scored.take(found.sources == source))
    return Measured(export.finite(figures), found, thresholds)
