"""Making a bundle of a finished run: weights of one part, calibration and figures of its folds."""

from __future__ import annotations

import hashlib
import io
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.errors import TrainingError
from breastview.inference import bundle as bundles
from breastview.networks import catalogue, serialise
from breastview.networks.specification import Network, NetworkConfig
from breastview.paths import written_atomically
from breastview.training import calibrate, card, evaluate, predictions
from breastview.training.recipe import Recipe
from breastview.training.run import CONFIG, MODEL, part_folder

if TYPE_CHECKING:
    from pathlib import Path

    from breastview.inference.bundle import Bundle
    from breastview.training.predictions import Predictions


def folds_of(out: Path) -> list[Path]:
    """Return the folders of the finished folds of a run."""
    return [folder for folder in sorted(out.glob("fold-*")) if (folder / "validation.csv").is_file()]


def settings(out: Path) -> dict[str, Any]:
    """Return the stored configuration of a run.

    Raises
    ------
    TrainingError
        Where the folder holds no run.
    """
    path = out / CONFIG
    if not path.is_file():
        raise TrainingError(
            "no training run in this folder", out, "Name the --out folder of `breastview train`."
        )
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return stored


def measure(out: Path, recipe: Recipe) -> tuple[Predictions, dict[str, Any]]:
    """Return the out-of-fold predictions of a run and the figures made of them."""
    found = predictions.read(folds_of(out), recipe.classes)
    order = np.argsort(found.folds, kind="stable")
    found = found.take(order)
    sets = evaluate.report(evaluate.cross_fitted(found), found.folds, found.sources)
    return found, {"protocol": evaluate.PROTOCOL, "sets": sets}


def write(out: Path, destination: Path, part: str, version: str, title: str) -> Bundle:
    """Write the bundle of a run and read it back.

    Parameters
    ----------
    out : Path
        Folder of the run.
    destination : Path
        Folder of the bundle; its name is the bundle's name.
    part : str
        Whose weights: ``"final"``, or a fold for a first look.
    version, title : str

    Raises
    ------
    TrainingError
        Where the part or all folds are unfinished.
    BundleError
        Where what was written does not verify.
    """
    stored = settings(out)
    recipe = Recipe.from_dict(stored["recipe"])
    network = trained(out, part, recipe)
    found, figures = measure(out, recipe)
    described = _described(found, part)
    manifest = {
        "schema": bundles.SCHEMA,
        "name": destination.name,
        "version": version,
        "title": title,
        "kind": {"modality": recipe.modality, "tasks": ["classification", "segmentation"]},
        "architecture": recipe.architecture,
        "classes": list(recipe.classes),
        "input": {"size": recipe.size, "colour": "luminance", "range": [0, 255], "pad": 0},
        "layers": network.layers,
        "outputs": {"logits": "(B, C), before calibration and softmax", "mask": "(B, S, S, 1), logits"},
        "thresholds": _thresholds(found),
        **calibrate.calibrate(found, described).as_dict(),
        "training": stored | {"weights of": part},
    }
    manifest["training"].pop("folders")  # where the pictures lay on somebody's disk is nobody's business
    contents = {
        "network.json": _json(serialise.describe(network.model)),
        "weights.npz": _npz(serialise.arrays(network.model)),
        "metrics.json": _json(finite(figures)),
        "CARD.md": card.write(manifest, figures).encode(),
    }
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    contents[bundles.MANIFEST] = _json(manifest)
    for name, content in contents.items():
        with written_atomically(destination / name) as temporary:
            temporary.write_bytes(content)
    return bundles.load_bundle(destination)


def trained(out: Path, part: str, recipe: Recipe) -> Network:
    """Return the network of a finished part of a run.

    Raises
    ------
    TrainingError
        Where it is not finished.
    """
    path = part_folder(out, part) / MODEL
    if not path.is_file():
        raise TrainingError(
            f"{part_folder(out, part).name} of this run is not finished", out, "Train it first."
        )
    network = catalogue.build(
        recipe.architecture, NetworkConfig(recipe.size, len(recipe.classes), recipe.dropout)
    )
    with np.load(path, allow_pickle=False) as arrays:
        values = [arrays[key] for key in sorted(arrays.files)]
    for variable, value in zip(network.model.weights, values, strict=True):
        variable.assign(value)
    return network


def _thresholds(found: Predictions) -> dict[str, float]:
    chosen = calibrate.mask_thresholds(found)
    return {"mask": chosen.mask, "min_area_fraction": chosen.min_area_fraction}


def _described(found: Predictions, part: str) -> str:
    sets = ", ".join(f"{int((found.sources == name).sum())} of {name}" for name in np.unique(found.sources))
    folds = len(np.unique(found.folds))
    model = (
        "the final model was trained on all of them"
        if part == "final"
        else f"the weights are those of fold {part}"
    )
    return (
        f"out-of-fold predictions of {folds} grouped fold model{'s' if folds > 1 else ''} on "
        f"{len(found.examples)} "
        f"pictures ({sets}); {model}"
    )


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _npz(arrays: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)
    return stream.getvalue()


def finite(value: Any) -> Any:
    """Make figures fit for JSON: without those that are not defined (nan), the others to five places."""
    if isinstance(value, dict):
        kept = {key: finite(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None}
    if isinstance(value, list):
        return [finite(item) for item in value]
    if isinstance(value, float):
        return round(value, 5) if math.isfinite(value) else None
    return value
