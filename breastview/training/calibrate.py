"""Calibration, abstention and mask thresholds from out-of-fold predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.inference.bundle import Thresholds
from breastview.inference.calibration import Calibration, Reliability, softmax
from breastview.training import masks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.training.predictions import Predictions

TARGET_ACCURACY = 0.95  # among the pictures on which the model commits itself
LARGEST_ABSTENTION = 0.30
BINS = 10
MASK_GRID = (0.3, 0.4, 0.5, 0.6, 0.7)
AREA_GRID = (0.0, 0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.012)


def calibrate(predictions: Predictions, described: str) -> Calibration:
    """Fit the temperature, reliability bins and abstention on predictions of held-out pictures.

    Parameters
    ----------
    predictions : Predictions
    described : str
        Which pictures they are, in words.
    """
    if not predictions.classifies:
        return Calibration.none()
    factor = fit_temperature(predictions.logits, predictions.truth)
    probabilities = softmax(predictions.logits.astype(np.float64) * factor)
    return Calibration(
        classes=predictions.classes,
        scale=(factor,) * len(predictions.classes),
        bias=(0.0,) * len(predictions.classes),
        reliability=reliability(probabilities, predictions.truth, predictions.classes),
        below=abstention(probabilities, predictions.truth),
        set=described,
    )


def fit_temperature(logits: NDArray[np.floating], truth: NDArray[np.int64], steps: int = 50) -> float:
    """Return the factor of the logits (one over the temperature) of least cross-entropy, by Newton's method.

    One number leaves the order of the classes alone. A scale and a bias for each class (vector scaling), fit
    to all sets together, learn that one of them has no normal pictures: that cost 2% of macro recall on BUSI.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
    truth : ndarray, shape (N,)
        Class indices.
    """
    scores: NDArray[np.float64] = np.asarray(logits, np.float64)
    rows = np.arange(len(truth))

    def cost(factor: float) -> float:
        return float(-np.log(np.maximum(softmax(scores * factor)[rows, truth], 1e-300)).mean())

    factor = 1.0
    for _ in range(steps):
        chance = softmax(scores * factor)
        expected = (chance * scores).sum(axis=1)
        gradient = float((expected - scores[rows, truth]).mean())
        curvature = float(((chance * scores**2).sum(axis=1) - expected**2).mean())
        step = gradient / max(curvature, 1e-12)
        # Far from the optimum a full step overshoots: halve it until it helps.
        while cost(factor - step) > cost(factor) and abs(step) > 1e-9:
            step /= 2
        factor -= step
        if abs(step) < 1e-9:
            break
    return factor


def reliability(
    probabilities: NDArray[np.float64], truth: NDArray[np.int64], classes: Sequence[str], bins: int = BINS
) -> Reliability:
    """Bin the probability of the last class (malignant), about equally many pictures a bin."""
    index = len(classes) - 1
    score, positive = probabilities[:, index], truth == index
    inner = np.unique(np.quantile(score, np.linspace(0, 1, bins + 1)[1:-1]).round(4))
    edges = np.concatenate([[0.0], inner[(inner > 0) & (inner < 1)], [1.0]])
    where = np.clip(np.searchsorted(edges, score, side="right") - 1, 0, len(edges) - 2)
    return Reliability(
        classes[index],
        tuple(float(edge) for edge in edges),
        tuple(int(n) for n in np.bincount(where, minlength=len(edges) - 1)),
        tuple(int(n) for n in np.bincount(where[positive], minlength=len(edges) - 1)),
    )


def abstention(probabilities: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """Return the smallest largest-probability at which those kept reach `TARGET_ACCURACY`.

    Where that would leave more than `LARGEST_ABSTENTION` unanswered, the value that leaves just so many.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == truth
    order = np.argsort(-confidence)
    accuracy = np.cumsum(correct[order]) / np.arange(1, len(order) + 1)
    fewest = int(np.ceil((1 - LARGEST_ABSTENTION) * len(order)))
    reached = np.flatnonzero(accuracy[fewest - 1 :] >= TARGET_ACCURACY)
    kept = fewest + (int(reached[-1]) if len(reached) else 0)
    return float(np.floor(confidence[order[kept - 1]] * 1e4) / 1e4)


def map_threshold(predictions: Predictions) -> Thresholds:
    """Choose the probability from which a place of a map of tiles is called found: the best macro recall.

    Both kinds of place count the same however many there are of each (Youden, Cancer 1950). The last class is
    the one that is looked for.
    """
    scale = fit_temperature(predictions.logits, predictions.truth)
    score = softmax(predictions.logits.astype(np.float64) * scale)[:, -1]
    found = predictions.truth == len(predictions.classes) - 1
    levels = np.arange(0.2, 0.81, 0.01)
    gains = [(score[found] >= level).mean() + (score[~found] < level).mean() for level in levels]
    return Thresholds(round(float(levels[int(np.argmax(gains))]), 2), 0.0)


def mask_thresholds(predictions: Predictions, price: float) -> Thresholds:
    """Choose probability threshold and smallest area: mean Dice of lesions, less the price of false lesions.

    Measured at the network's resolution; the pictures of the evaluation are never among those chosen on.

    Parameters
    ----------
    predictions : Predictions
    price : float
        Mean Dice given up for a false lesion on every normal picture (`Recipe.false_lesion`).
    """
    if not predictions.segments:
        return Thresholds(0.5, 0.0)
    known = np.flatnonzero(predictions.outline_known)
    best, chosen = -np.inf, Thresholds(MASK_GRID[0], 0.0)
    for level in MASK_GRID:
        tables = [
            masks.table(predictions.masks[i], predictions.outlines[i], predictions.inner[i], level)
            for i in known
        ]
        for area in AREA_GRID:
            score = _score(tables, area, price)
            if score > best:
                best, chosen = score, Thresholds(level, area)
    return chosen


def _score(tables: Sequence[masks.Table], area: float, price: float) -> float:
    lesions = [table.dice(area) for table in tables if table.drawn]
    normals = [float(table.paints(area)) for table in tables if not table.drawn]
    return float(np.mean(lesions or [0.0]) - price * np.mean(normals or [0.0]))
