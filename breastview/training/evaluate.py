"""The figures of a training: for each data set and fold, with thresholds chosen on the other folds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.training import calibrate, data, metrics
from breastview.training.scored import Scored, joined, score
from breastview.training.worst import worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.training.predictions import Predictions

SPECIFICITIES = (0.75, 0.9)
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
    "macro f1",
    "auc benign-malignant",
    "auc one-versus-rest",
    "sensitivity at specificity 0.75",
    "brier",
    "calibration error",
    "accuracy kept",
    "dice mean",
    "iou mean",
    "hd95 median px",
    "false lesion rate",
    "pointing class",
    "pointing mask",
)


def cross_fitted(predictions: Predictions, price: float) -> Scored:
    """Score each fold with calibration and thresholds chosen on the other folds' out-of-fold predictions.

    With a single fold there is nothing else to choose on: then they come from that fold itself, and the
    figures that depend on them (calibration error, abstention, Dice, false lesions) are optimistic. `price`
    is that of `calibrate.mask_thresholds`.
    """
    folds = predictions.folds
    parts = []
    for fold in np.unique(folds):
        others = predictions.take(folds != fold) if len(np.unique(folds)) > 1 else predictions
        calibration, thresholds = calibrate.calibrate(others, ""), calibrate.mask_thresholds(others, price)
        parts.append(score(predictions.take(folds == fold), calibration, thresholds))
    return joined(parts)


def figures(scored: Scored) -> dict[str, float]:
    """Return every figure of these pictures; nan where it is not defined for the classes that occur."""
    result = {"pictures": float(len(scored.truth))}
    if scored.classifies:
        result |= _classes(scored) | _suspicion(scored) | _confidence(scored)
    if scored.segments:
        result |= _outlines(scored)
    for name, hits in (("pointing class", scored.class_hit), ("pointing mask", scored.mask_hit)):
        result[name] = _mean(hits)
    return result


def _classes(scored: Scored) -> dict[str, float]:
    answer = scored.probabilities.argmax(axis=1)
    matrix = metrics.confusion(scored.truth, answer, len(scored.classes))
    result = {"accuracy": float((answer == scored.truth).mean())}
    each = {"recall": metrics.recall, "precision": metrics.precision, "f1": metrics.f1}
    for name, of in each.items():
        values = of(matrix)
        result[f"macro {name}"] = _mean(values)
        result |= {
            f"{name} {label}": float(value) for label, value in zip(scored.classes, values, strict=True)
        }
    columns = list(enumerate(scored.probabilities.T))
    result["auc one-versus-rest"] = _mean([metrics.auc(scored.truth == i, p) for i, p in columns])
    result["average precision"] = _mean([metrics.average_precision(scored.truth == i, p) for i, p in columns])
    return result


def _confidence(scored: Scored) -> dict[str, float]:
    correct = scored.probabilities.argmax(axis=1) == scored.truth
    confidence, kept = scored.probabilities.max(axis=1), ~scored.abstained
    return {
        "brier": metrics.brier(scored.truth, scored.probabilities),
        "calibration error": metrics.calibration_error(correct, confidence),
        "kept": float(kept.mean()),
        "accuracy kept": float(correct[kept].mean()) if kept.any() else float("nan"),
    }


def malignant_share(scored: Scored) -> tuple[NDArray[np.bool_], NDArray[np.float64]] | None:
    """Return truth and score of benign against malignant, among pictures with a lesion.

    The score is the share of the malignant probability in the two. None where the classes are others.
    """
    if not {"benign", "malignant"} <= set(scored.classes):
        return None
    benign, malignant = scored.classes.index("benign"), scored.classes.index("malignant")
    lesion = np.isin(scored.truth, (benign, malignant))
    pair = scored.probabilities[lesion][:, [benign, malignant]]
    return scored.truth[lesion] == malignant, pair[:, 1] / pair.sum(axis=1)


def _suspicion(scored: Scored) -> dict[str, float]:
    """Return how well what is looked for is told from its alternative: malignant, or the last of two."""
    name, pair = "benign-malignant", malignant_share(scored)
    if pair is None and len(scored.classes) == 2:
        name, pair = scored.classes[1], (scored.truth == 1, scored.probabilities[:, 1])
    if pair is None:
        return {}
    at = {f"sensitivity at specificity {s}": metrics.sensitivity_at(*pair, s) for s in SPECIFICITIES}
    return {f"auc {name}": metrics.auc(*pair)} | at


def _outlines(scored: Scored) -> dict[str, float]:
    drawn = scored.dice[~np.isnan(scored.dice)]
    result = {
        "dice mean": _mean(scored.dice),
        "dice median": float(np.median(drawn)) if len(drawn) else float("nan"),
        "iou mean": _mean(scored.iou),
        "hd95 median px": _median(scored.hd95),
        "false lesion rate": float("nan"),
    }
    if data.NORMAL in scored.classes:
        normal = scored.truth == scored.classes.index(data.NORMAL)
        if normal.any():
            result["false lesion rate"] = float((scored.painted[normal] > 0).mean())
    return result


def _median(values: NDArray[np.float64]) -> float:
    finite = values[~np.isnan(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def _mean(values: Sequence[float] | NDArray[np.float64]) -> float:
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
            "classes": list(here.classes),
            "confusion": _confusion(here),
            "failures": failures(here),
            "worst": worst(here),
        }
    return result


def _confusion(scored: Scored) -> list[list[int]]:
    if not scored.classifies:
        return []
    answer = scored.probabilities.argmax(axis=1)
    matrix: list[list[int]] = metrics.confusion(scored.truth, answer, len(scored.classes)).tolist()
    return matrix


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
    own = [f"{kind} {name}" for name in scored.classes for kind in ("auc", "recall")]
    names = (*INTERVALS, *(own if len(scored.classes) == 2 else ()))
    wanted = [name for name in names if not np.isnan(defined.get(name, np.nan))]
    samples = (figures(scored.take(rows)) for rows in metrics.drawn(scored.groups, draws))
    table = np.array([[sample.get(name, np.nan) for name in wanted] for sample in samples])
    bounds = np.nanpercentile(table, [2.5, 97.5], axis=0) if wanted and len(table) else np.zeros((2, 0))
    return {name: [float(low), float(high)] for name, low, high in zip(wanted, *bounds, strict=True)}


def failures(scored: Scored) -> dict[str, Any]:
    """Count what went wrong, the gravest first, with the file names of the worst."""
    result = _misread(scored) if scored.classifies else {}
    if scored.segments:
        drawn = ~np.isnan(scored.dice)
        missed = drawn & (np.nan_to_num(scored.dice) < 0.1)
        result["lesion missed by the mask (Dice below 0.1)"] = {
            "count": int(missed.sum()),
            "of": int(drawn.sum()),
        }
    return result


def _misread(scored: Scored) -> dict[str, Any]:
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
    return result
