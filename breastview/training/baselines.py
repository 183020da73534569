"""The classical baselines: a shallow classifier on pixels, gradients, colours, or an encoder's features.

They are measured, not bundled: their objects are pickles, which a bundle may not hold. scikit-learn is loaded
when one is asked for (the extra ``baselines``).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview import atomic, paths
from breastview.errors import TrainingError
from breastview.imaging.letterbox import RGB, squared
from breastview.networks.backbones import catalogue
from breastview.training import data, evaluate, export, predictions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from breastview.training.data import Example

NAMES = ("svm", "random-forest", "logistic-regression")
PLAIN = ("pixels", "hog", "colour")
SEED = 20261120
TREES = 300
CELL, ANGLES = 8, 9
CACHE = "features"  # folder of the cache: each of the three asks for the same frozen features
PIXELS, GRADIENTS, FROZEN = 32, 64, 128  # sides in px of what each kind of feature is made from


def measure(
    name: str, features: str, examples: Sequence[Example], weights: Path | None, classes: Sequence[str]
) -> dict[str, Any]:
    """Train a baseline on four folds and measure it on the fifth, five times.

    Parameters
    ----------
    name : str
        One of `NAMES`.
    features : str
        One of `PLAIN`, or the name of an encoder.
    examples : Sequence[Example]
    weights : Path or None
        ImageNet weights of the encoder; see `breastview.networks.pretrained`.
    classes : Sequence[str]
        In their order; those that do not occur are left out.

    Returns
    -------
    dict
        As `breastview.training.export.measure` gives it.
    """
    occurring = {example.label for example in examples}
    classes = tuple(name for name in classes if name in occurring)
    table = describe(features, examples, weights)
    truth = np.array([classes.index(example.label) for example in examples])
    folds = np.array([example.fold for example in examples])
    logits = np.zeros((len(examples), len(classes)), np.float32)
    for fold in np.unique(folds):
        rest = folds != fold
        logits[~rest] = _answers(_made(name), table[rest], truth[rest], table[~rest])
    found = predictions.gather(classes, examples, logits, np.zeros((len(examples), 0, 0), np.uint8))
    sets = evaluate.report(evaluate.cross_fitted(found, 0.0), found.folds, found.sources)
    figures: dict[str, Any] = export.finite({"protocol": evaluate.PROTOCOL, "sets": sets})
    return figures


def describe(features: str, examples: Sequence[Example], weights: Path | None) -> NDArray[np.float32]:
    """Return the features of letterboxed grey pictures, of "colour" those of coloured ones; (N, F)."""
    if features == "pixels":
        return np.stack([_square(example, PIXELS).ravel() / np.float32(255) for example in examples])
    if features == "hog":
        return np.stack([_gradients(_square(example, GRADIENTS)) for example in examples])
    if features == "colour":
        return np.stack([_colours(data.picture(example, RGB)) for example in examples])
    if features not in catalogue.NAMES:
        choice = ", ".join((*PLAIN, *catalogue.NAMES))
        raise TrainingError(f"there are no features called {features}", remedy=f"Choose one of: {choice}.")
    if weights is None:
        raise TrainingError(
            f"frozen features of {features} need its ImageNet weights", remedy="Give --weights."
        )
    kept = paths.cache_folder() / CACHE / f"{features}-{FROZEN}-{_digest(examples, weights)}.npy"
    if not kept.is_file():
        table = _frozen(features, examples, weights)
        with atomic.written(kept) as unfinished, unfinished.open("wb") as stream:
            np.save(stream, table, allow_pickle=False)
    return np.asarray(np.load(kept, allow_pickle=False), np.float32)


def _digest(examples: Sequence[Example], weights: Path) -> str:
    """Return what tells these very pictures and weights, by their files' names, sizes and times."""
    known = hashlib.sha256()
    inside = sorted(weights.glob("*.npz")) if weights.is_dir() else [weights]
    for path in (*inside, *(example.image for example in examples)):
        told = path.stat() if path.exists() else None  # `imagenet` is a word, no file
        known.update(f"{path.absolute()}|{told and (told.st_size, told.st_mtime_ns)}\n".encode())
    return known.hexdigest()[:16]


def _square(example: Example, size: int) -> NDArray[np.uint8]:
    return squared(data.picture(example), size)


def _colours(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Mean, deviation and percentiles of red, green, blue, hue, saturation and value, wherever they are."""
    import cv2

    colours = np.concatenate([picture, cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)], axis=-1)
    table = colours.reshape(-1, colours.shape[-1]).astype(np.float32)
    marks = np.percentile(table, (5, 25, 50, 75, 95), axis=0)
    return np.concatenate([table.mean(axis=0), table.std(axis=0), *marks]).astype(np.float32)


def _gradients(plane: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Histograms of oriented gradients (Dalal and Triggs, CVPR 2005): cells of 8 px, blocks of 2×2, 9 angles.

    OpenCV 5 no longer has them; votes go to one angle and one cell, without interpolation.
    """
    down, across = np.gradient(plane.astype(np.float32))
    angle = np.mod(np.arctan2(down, across), np.pi)
    votes = np.minimum((angle / np.pi * ANGLES).astype(int), ANGLES - 1)
    cells = plane.shape[0] // CELL
    each = (np.hypot(down, across)[..., None] * np.eye(ANGLES)[votes]).astype(np.float32)
    table = each.reshape(cells, CELL, cells, CELL, ANGLES).sum(axis=(1, 3))
    blocks = np.concatenate([table[:-1, :-1], table[1:, :-1], table[:-1, 1:], table[1:, 1:]], axis=-1)
    norms = np.linalg.norm(blocks, axis=-1, keepdims=True)
    return np.asarray(blocks / np.maximum(norms, 1e-6), np.float32).ravel()


def _frozen(name: str, examples: Sequence[Example], weights: Path) -> NDArray[np.float32]:
    import keras

    from breastview.networks import pretrained
    from breastview.networks.specification import Part

    encoder = catalogue.build(name, FROZEN)
    assigned = pretrained.load_or_fetch(Part(encoder.model, encoder.stages, encoder.pretrained), weights)
    last = _last_pretrained(encoder.model, assigned)
    pooled = keras.layers.GlobalAveragePooling2D()(last)
    model = keras.Model(encoder.model.input, pooled)
    rows = []
    for start in range(0, len(examples), 16):
        planes = np.stack([_square(example, FROZEN) for example in examples[start : start + 16]])
        batch = np.repeat(planes[..., None], 3, axis=-1).astype(np.float32)
        rows.append(np.asarray(model.predict_on_batch(batch), np.float32))
    return np.concatenate(rows)


def _last_pretrained(model: Any, assigned: int) -> Any:
    """Return the last map that rests on pretrained weights alone: a file may end before the encoder does."""
    if assigned == len(model.weights):
        return model.output
    known = {id(weight) for weight in model.weights[:assigned]}
    last = model.layers[0].output
    for layer in model.layers:
        if any(id(weight) not in known for weight in layer.weights):
            break
        if len(layer.output.shape) == 4:
            last = layer.output
    return last


def _made(name: str) -> Any:
    try:
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
    except ImportError as error:
        raise TrainingError(
            "the baselines need scikit-learn", remedy="Install it: pip install 'breastview[baselines]'."
        ) from error
    made: dict[str, Any] = {
        "svm": make_pipeline(StandardScaler(), SVC(class_weight="balanced")),
        "random-forest": RandomForestClassifier(TREES, class_weight="balanced", random_state=SEED),
        "logistic-regression": make_pipeline(
            StandardScaler(), LogisticRegression(C=0.003, class_weight="balanced", max_iter=2000)
        ),
    }
    return made[name]


def _answers(
    model: Any, known: NDArray[np.float32], truth: NDArray[np.int64], asked: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return what stands for logits: decision values, or the logarithm of the trees' votes."""
    model.fit(known, truth)
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(asked), np.float64)
    return np.log(np.clip(model.predict_proba(asked), 1e-3, 1))
