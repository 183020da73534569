"""Making a bundle of a finished run: weights of one part, calibration and figures of its folds."""

from __future__ import annotations

import hashlib
import io
import json
import math
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview import atomic
from breastview.errors import TrainingError
from breastview.inference import bundle as bundles
from breastview.networks import catalogue, serialise
from breastview.networks.specification import Network
from breastview.training import asking, calibrate, card, evaluate, predictions
from breastview.training.recipe import Recipe
from breastview.training.run import CONFIG, MODEL, part_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.inference.bundle import Bundle
    from breastview.training.predictions import Predictions
    from breastview.training.scored import Scored


OUTPUTS = {"logits": "(B, C), before calibration and softmax", "mask": "(B, S, S, 1), logits"}
TASKS = {"logits": "classification", "mask": "segmentation"}


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
    found, scored = held_out(out, recipe)
    return found, {
        "protocol": evaluate.PROTOCOL,
        "sets": evaluate.report(scored, found.folds, found.sources),
    }


def held_out(out: Path, recipe: Recipe) -> tuple[Predictions, Scored]:
    """Return the out-of-fold predictions of a run, and each fold scored with the others' thresholds."""
    folders = folds_of(out)
    found = predictions.read(folders, recipe.classes)
    hits = np.concatenate([_pointed(out, folder, recipe) for folder in folders])
    order = np.argsort(found.folds, kind="stable")
    found = found.take(order)
    class_hit, mask_hit = hits[order].T
    scored = evaluate.cross_fitted(found, recipe.false_lesion)
    return found, replace(scored, class_hit=class_hit, mask_hit=mask_hit)


def _pointed(out: Path, folder: Path, recipe: Recipe) -> NDArray[np.float64]:
    """Return the pointing game of a fold's network on what the fold held out, (N, 2), kept beside it."""
    kept = folder / "pointing.npy"
    found = predictions.read([folder], recipe.classes)
    if not any(example.marked for example in found.examples):
        return np.full((len(found.examples), 2), np.nan)  # nothing to point at
    if not kept.is_file():
        with TemporaryDirectory() as temporary:
            part = folder.name.removeprefix("fold-")
            network = trained(out, part, recipe)
            manifest = _manifest(settings(out), recipe, network, found, part)
            manifest["thresholds"] = {"mask": 0.5, "min_area_fraction": 0.0}  # nothing chosen on the fold
            bundle = _put(Path(temporary) / "fold", manifest, network, {"sets": {}}, "One fold.")
            answers = asking.ask(bundle, found.examples, "cpu")
        with atomic.written(kept) as unfinished, unfinished.open("wb") as stream:
            np.save(stream, np.stack([answers.class_hit, answers.mask_hit], axis=1), allow_pickle=False)
    return np.asarray(np.load(kept, allow_pickle=False), np.float64)


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
    manifest = _manifest(stored, recipe, network, found, part)
    manifest |= {"name": destination.name, "version": version, "title": title}
    return _put(destination, manifest, network, finite(figures), card.write(manifest, figures))


def _manifest(
    stored: dict[str, Any], recipe: Recipe, network: Network, found: Predictions, part: str
) -> dict[str, Any]:
    """Return a manifest without its list of files; calibration and thresholds come from `found`."""
    manifest = {
        "schema": bundles.SCHEMA,
        "name": recipe.name,
        "version": "0",
        "title": recipe.name,
        "kind": _kind(recipe, network),
        "architecture": recipe.architecture,
        "classes": list(recipe.classes) if "logits" in network.layers else [],
        "input": _input(recipe),
        "layers": network.layers,
        "outputs": {output: text for output, text in OUTPUTS.items() if output in network.layers},
        "thresholds": _thresholds(found, recipe),
        **calibrate.calibrate(found, _described(found, part)).as_dict(),
        "training": stored | {"weights of": part},
    }
    manifest["training"].pop("folders")  # where the pictures lay on somebody's disk is nobody's business
    return manifest


def _put(
    destination: Path, manifest: dict[str, Any], network: Network, figures: dict[str, Any], described: str
) -> Bundle:
    """Write a bundle's files, the manifest with their hashes last, and read it back."""
    contents = {
        "network.json": _json(serialise.describe(network.model)),
        "weights.npz": _npz(serialise.arrays(network.model)),
        "metrics.json": _json(figures),
        "CARD.md": described.encode(),
    }
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    contents[bundles.MANIFEST] = _json(manifest)
    destination.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with atomic.written(destination / name) as temporary:
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
    network = catalogue.build(recipe.architecture, recipe.network())
    with np.load(path, allow_pickle=False) as arrays:
        values = [arrays[key] for key in sorted(arrays.files)]
    for variable, value in zip(network.model.weights, values, strict=True):
        variable.assign(value)
    return network


def _tasks(network: Network) -> list[str]:
    return [task for output, task in TASKS.items() if output in network.layers]


def _kind(recipe: Recipe, network: Network) -> dict[str, Any]:
    """Return what the network is made for; what holds of no recipe before is left out where it does not."""
    kind: dict[str, Any] = {"modality": recipe.modality, "tasks": _tasks(network)}
    given = {"um_per_px": recipe.um_per_px, "views": list(recipe.views), "experimental": recipe.experimental}
    given["note"] = recipe.note
    return kind | {name: value for name, value in given.items() if value}


def _input(recipe: Recipe) -> dict[str, Any]:
    entry = {"size": recipe.size, "colour": recipe.colour, "range": [0, 255], "pad": 0}
    if recipe.preparation != "letterbox":
        entry["preparation"] = recipe.preparation
    return entry | ({"tile": recipe.tile, "overlap": recipe.tile // 2} if recipe.tile else {})


def _thresholds(found: Predictions, recipe: Recipe) -> dict[str, float]:
    tiled = bool(recipe.tile)
    chosen = (
        calibrate.map_threshold(found) if tiled else calibrate.mask_thresholds(found, recipe.false_lesion)
    )
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
