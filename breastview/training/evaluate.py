"""The figures of a training: for each data set and fold, with thresholds chosen on the other folds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.imaging.letterbox import Letterbox
from breastview.training import calibrate, data, masks, metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from breastview.inference.bundle import Thresholds
    from breastview.inference.calibration import Calibration
    from breastview.training.predictions import Predictions

SPECIFICITY = 0.75
PROTOCOL = (
    "Five folds over whole groups (patients, or near-duplicate scenes), all data sets in training "
    "together; every picture is scored by the one network that did not see its group. Calibration, "
    "abstention and mask thresholds used on a fold are chosen on the other folds' out-of-fold "
    "predictions. One forward pass a picture, no averaging over flips. Dice on the original's pixels, "
    "over pictures with a lesion. Benign against malignant by the share of the malignant probability in "
    "the two. Intervals: 1000 bootstrap draws of whole groups, percentiles. Scenes filed under two "
    "classes are left out."
)
# The figures whose interval is computed.
INTERVALS = (
    "accuracy",
    "macro recall",
    "auc benign-malignant",
    "auc one-versus-rest",
    "sensitivity at specificity 0.75",
    "calibration error",
    "dice mean",
    "false lesion rate",
)


@dataclass(frozen=True, eq=False)
class Scored:
    """Pictures with everything decided.

    Attributes
    ----------
    classes : tuple[str, ...]
    truth : ndarray, shape (N,), int
    probabilities : ndarray, shape (N, C)
        Calibrated.
    abstained : ndarray, shape (N,), bool
    dice : ndarray, shape (N,)
        On the picture's own pixels; nan where there is no lesion or its outline is unknown.
    painted : ndarray, shape (N,), bool
        Whether the mask shows any lesion.
    groups : tuple[str, ...]
    names : tuple[str, ...]
        File names.
    """

    classes: tuple[str, ...]
    truth: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    abstained: NDArray[np.bool_]
    dice: NDArray[np.float64]
    painted: NDArray[np.bool_]
    groups: tuple[str, ...]
    names: tuple[str, ...]

    def take(self, indices: NDArray) -> Scored:
        """Return those at these indices, or where a boolean array is true."""
        chosen = np.arange(len(self.truth))[indices]
        return Scored(
            self.classes,
            self.truth[chosen],
            self.probabilities[chosen],
            self.abstained[chosen],
            self.dice[chosen],
            self.painted[chosen],
            tuple(self.groups[i] for i in chosen),
            tuple(self.names[i] for i in chosen),
        )


def score(predictions: Predictions, calibration: Calibration, thresholds: Thresholds) -> Scored:
    """Apply calibration and thresholds; masks are compared on the original pictures' pixels."""
    probabilities = calibration.probabilities(predictions.logits)
    overlap = np.full(len(predictions.examples), np.nan)
    painted = np.zeros(len(predictions.examples), bool)
    for index, example in enumerate(predictions.examples):
        shape = data.picture(example).shape
        box = Letterbox(shape[0], shape[1], predictions.masks.shape[1])
        heat = box.restore(predictions.masks[index].astype(np.float32) / 255)
        found = masks.binary(heat, thresholds.mask, thresholds.min_area_fraction)
        painted[index] = found.any()
        if example.masks:
            overlap[index] = metrics.dice(found, data.mask(example, (shape[0], shape[1])) > 0)
    return Scored(
        predictions.classes,
        predictions.truth,
        probabilities,
        np.array([calibration.abstains(row) for row in probabilities]),
        overlap,
        painted,
        tuple(example.group for example in predictions.examples),
        tuple(example.image.name for example in predictions.examples),
    )


def cross_fitted(predictions: Predictions) -> Scored:
    """Score each fold with calibration and thresholds chosen on the other folds' out-of-fold predictions.

    With a single fold there is nothing else to choose on: then they come from that fold itself, and the
    figures that depend on them (calibration error, abstention, Dice, false lesions) are optimistic.
    """
    folds = predictions.folds
    parts = []
    for fold in np.unique(folds):
        others = predictions.take(folds != fold) if len(np.unique(folds)) > 1 else predictions
        calibration = calibrate.calibrate(others, "")
        parts.append(score(predictions.take(folds == fold), calibration, calibrate.mask_thresholds(others)))
    return _joined(parts)


def _joined(parts: Sequence[Scored]) -> Scored:
    return Scored(
        parts[0].classes,
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
        np.concatenate([part.abstained for part in parts]),
        np.concatenate([part.dice for part in parts]),
        np.concatenate([part.painted for part in parts]),
        tuple(group for part in parts for group in part.groups),
        tuple(name for part in parts for name in part.names),
    )


def figures(scored: Scored) -> dict[str, float]:
    """Return every figure of these pictures; nan where it is not defined for the classes that occur."""
    classes = scored.classes
    answer = scored.probabilities.argmax(axis=1)
    matrix = metrics.confusion(scored.truth, answer, len(classes))
    recalls = metrics.recall(matrix)
    result = {"pictures": float(len(answer)), "accuracy": float((answer == scored.truth).mean())}
    result["macro recall"] = float(np.nanmean(recalls)) if not np.isnan(recalls).all() else float("nan")
    for index, name in enumerate(classes):
        result[f"recall {name}"] = float(recalls[index])
        result[f"precision {name}"] = float(metrics.precision(matrix)[index])
        result[f"f1 {name}"] = float(metrics.f1(matrix)[index])
    rest = [metrics.auc(scored.truth == i, scored.probabilities[:, i]) for i in range(len(classes))]
    result["auc one-versus-rest"] = _mean(rest)
    result |= _malignancy(scored)
    confidence = scored.probabilities.max(axis=1)
    result["calibration error"] = metrics.calibration_error(answer == scored.truth, confidence)
    kept = ~scored.abstained
    result["kept"] = float(kept.mean())
    result["accuracy kept"] = float((answer == scored.truth)[kept].mean()) if kept.any() else float("nan")
    return result | _outlines(scored)


def _malignancy(scored: Scored) -> dict[str, float]:
    """Benign against malignant, among pictures with a lesion: by the malignant share of the two."""
    if not {"benign", "malignant"} <= set(scored.classes):
        return {}
    benign, malignant = scored.classes.index("benign"), scored.classes.index("malignant")
    lesion = np.isin(scored.truth, (benign, malignant))
    pair = scored.probabilities[lesion][:, [benign, malignant]]
    share, positive = pair[:, 1] / pair.sum(axis=1), scored.truth[lesion] == malignant
    return {
        "auc benign-malignant": metrics.auc(positive, share),
        f"sensitivity at specificity {SPECIFICITY}": metrics.sensitivity_at(positive, share, SPECIFICITY),
    }


def _outlines(scored: Scored) -> dict[str, float]:
    drawn = scored.dice[~np.isnan(scored.dice)]
    result = {"dice mean": float("nan"), "dice median": float("nan"), "false lesion rate": float("nan")}
    if len(drawn):
        result |= {"dice mean": float(drawn.mean()), "dice median": float(np.median(drawn))}
    if data.NORMAL in scored.classes:
        normal = scored.truth == scored.classes.index(data.NORMAL)
        if normal.any():
            result["false lesion rate"] = float(scored.painted[normal].mean())
    return result


def _mean(values: Sequence[float]) -> float:
    finite = [value for value in values if not np.isnan(value)]
    return float(np.mean(finite)) if finite else float("nan")


def report(
    scored: Scored, folds: NDArray[np.int64], sources: NDArray[np.str_], draws: int = 1000
) -> dict[str, Any]:
    """Return the figures of each data set: per fold, mean and standard deviation, pooled with 95% intervals.

    Parameters
    ----------
    scored : Scored
    folds, sources : ndarray, shape (N,)
        Fold and data set of each picture.
    draws : int
        Bootstrap draws, of whole groups.
    """
    result: dict[str, Any] = {}
    for source in sorted(set(sources)):
        here = scored.take(sources == source)
        mine = folds[sources == source]
        each = {str(fold): figures(here.take(mine == fold)) for fold in np.unique(mine)}
        result[str(source)] = {
            "folds": each,
            "mean": _over(each, np.mean),
            "sd": _over(each, lambda values: np.std(values, ddof=1), fewest=2),
            "pooled": figures(here),
            "interval": intervals(here, draws),
            "confusion": metrics.confusion(
                here.truth, here.probabilities.argmax(axis=1), len(here.classes)
            ).tolist(),
            "failures": failures(here),
        }
    return result


def _over(each: dict[str, dict[str, float]], function: Any, fewest: int = 1) -> dict[str, float]:
    """Apply `function` to each figure over the folds in which it is defined, if in `fewest` or more."""
    result = {}
    for name in next(iter(each.values())):
        values = [figure[name] for figure in each.values() if not np.isnan(figure[name])]
        if name != "pictures" and len(values) >= fewest:
            result[name] = float(function(values))
    return result


def intervals(scored: Scored, draws: int) -> dict[str, list[float]]:
    """Return 95% bootstrap intervals by group of the main figures that are defined."""
    defined = figures(scored)
    result = {}
    for name in INTERVALS:
        if not np.isnan(defined.get(name, np.nan)):
            result[name] = list(metrics.interval(_picked(scored, name), scored.groups, draws))
    return result


def _picked(scored: Scored, name: str) -> Callable[[NDArray[np.int64]], float]:
    return lambda rows: figures(scored.take(rows))[name]


def failures(scored: Scored) -> dict[str, Any]:
    """Count what went wrong, the gravest first, with the file names of the worst."""
    answer = scored.probabilities.argmax(axis=1)
    result: dict[str, Any] = {}
    for truth, true_name in enumerate(scored.classes):
        for said, said_name in enumerate(scored.classes):
            wrong = np.flatnonzero((scored.truth == truth) & (answer == said))
            if truth != said and len(wrong):
                worst = wrong[np.argsort(-scored.probabilities[wrong, said])][:5]
                result[f"{true_name} read as {said_name}"] = {
                    "count": len(wrong),
                    "of": int((scored.truth == truth).sum()),
                    "of them abstained": int(scored.abstained[wrong].sum()),
                    "surest": [scored.names[i] for i in worst],
                }
    drawn = ~np.isnan(scored.dice)
    missed = drawn & (np.nan_to_num(scored.dice) < 0.1)
    result["lesion missed by the mask (Dice below 0.1)"] = {
        "count": int(missed.sum()),
        "of": int(drawn.sum()),
    }
    return result
