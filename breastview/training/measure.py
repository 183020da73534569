"""Figures on demand: of a bundle on labelled pictures, or of a run on what its folds held out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np

from breastview.errors import TrainingError
from breastview.inference import bundle as bundles
from breastview.networks import serialise
from breastview.training import data, evaluate, export, fit, predictions, sampling
from breastview.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from breastview.inference.bundle import Bundle

PROTOCOL = (
    "One forward pass of the bundle's network a picture; calibration, abstention and mask thresholds as in "
    "the "
    "bundle. Dice on the original's pixels, over pictures with a lesion. Intervals: 1000 bootstrap draws of "
    "whole "
    "groups, percentiles."
)


def of(source: Path, folders: Sequence[Path], tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures of a bundle on `folders`, or of a training run.

    Raises
    ------
    TrainingError, BundleError
        Where `source` is neither, or a bundle comes without pictures to measure it on.
    """
    if not (source / bundles.MANIFEST).is_file():
        stored = export.settings(source)
        return export.finite(export.measure(source, Recipe.from_dict(stored["recipe"]))[1])
    if not folders:
        raise TrainingError("no pictures to measure the bundle on", remedy="Name a data set with --data.")
    bundle = bundles.load_bundle(source)
    for folder in folders:
        if folder.name in bundle.manifest.get("training", {}).get("data", {}):
            tell(
                f"{bundle.name} was trained on a data set called {folder.name}: on those pictures these "
                f"figures "
                "flatter it. The honest ones, out of fold, are in its CARD.md."
            )
    return export.finite(
        {"protocol": PROTOCOL, "bundle": str(bundle.stamp), "sets": on_pictures(bundle, folders)}
    )


def on_pictures(bundle: Bundle, folders: Sequence[Path]) -> dict[str, Any]:
    """Return the figures of a bundle on labelled data sets, by data set."""
    keras.config.set_dtype_policy("float32")
    model = serialise.rebuild(bundle.network, bundle.weights)
    examples = [example for folder in folders for example in data.read(folder, bundle.classes)]
    pool = sampling.tiles(examples, bundle.size, crops=False)
    found = predictions.gather(bundle.classes, examples, *fit.predict(model, pool))
    scored = evaluate.score(found, bundle.calibration, bundle.thresholds)
    # There are no folds to speak of: the bundle has one set of weights.
    return evaluate.report(scored, np.zeros(len(examples), np.int64), found.sources)
