"""Calibration, abstention and mask thresholds from out-of-fold predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from breastview.inference.bundle import Thresholds
from breastview.inference.calibration import Calibration, Reliability, softmax
from breastview.training import masks, metrics

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from breastview.training.predictions import Predictions

TARGET_ACCURACY = 0.95  # among the pictures on which the model commits itself
LARGEST_ABSTENTION = 0.30
BINS = 10
MASK_GRID = (0.3, 0.4, 0.5, 0.6, 0.7)
AREA_GRID = (0.0, 0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.012)
FALSE_LESION_COST = 0.25  # mean Dice given up for one false lesion on every normal picture


def calibrate(predictions: Predictions, described: str) -> Calibration:
    """Fit scaling, reliability bins and abstention on predictions of held-out pictures.

    Parameters
    ----------
    predictions : Predictions
    described : str
        Which pictures they are, in words.
    """
    scale, bias = fit_scaling(predictions.logits, predictions.truth)
    probabilities = softmax(predictions.logits * scale + bias)
    return Calibration(
        classes=predictions.classes,
        scale=tuple(float(value) for value in scale),
        bias=tuple(float(value) for value in bias),
        reliability=reliability(probabilities, predictions.truth, predictions.classes),
        below=abstention(probabilities, predictions.truth),
        set=described,
    )


def fit_scaling(
    logits: NDArray[np.floating], truth: NDArray[np.int64], steps: int = 50, ridge: float = 1e-3
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return scale and bias (C,) of least cross-entropy of ``scale * logits + bias``, by Newton's method.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
    truth : ndarray, shape (N,)
        Class indices.
    ridge : float
        Pull towards scale 1 and bias 0; it also fixes the one direction the softmax does not see.
    """
    logits = np.asarray(logits, np.float64)
    count, classes = logits.shape
    start = np.concatenate([np.ones(classes), np.zeros(classes)])
    # For each picture the derivative of the scaled logits by the parameters: (N, C, 2C).
    slopes = np.concatenate(
        [np.eye(classes) * logits[:, :, None], np.tile(np.eye(classes), (count, 1, 1))], axis=2
    )

    def chances(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        return softmax(logits * parameters[:classes] + parameters[classes:])

    def cost(parameters: NDArray[np.float64]) -> float:
        right = np.maximum(chances(parameters)[np.arange(count), truth], 1e-300)
        return float(-np.log(right).mean() + ridge * ((parameters - start) ** 2).sum() / 2)

    parameters = start.copy()
    for _ in range(steps):
        chance = chances(parameters)
        error = chance - np.eye(classes)[truth]
        gradient = np.einsum("nc,ncp->p", error, slopes) / count + ridge * (parameters - start)
        curvature = chance[:, :, None] * (np.eye(classes) - chance[:, None, :])
        hessian = np.einsum("ncp,ncd,ndq->pq", slopes, curvature, slopes, optimize=True) / count
        step = np.linalg.solve(hessian + ridge * np.eye(2 * classes), gradient)
        # Far from the optimum a full step overshoots: halve it until it helps.
        while cost(parameters - step) > cost(parameters) and np.abs(step).max() > 1e-9:
            step /= 2
        parameters = parameters - step
        if np.abs(step).max() < 1e-9:
            break
    return parameters[:classes], parameters[classes:]


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


def mask_thresholds(predictions: Predictions) -> Thresholds:
    """Choose probability threshold and smallest area: mean Dice of lesions, less the price of false lesions.

    Measured at the network's resolution; the pictures of the evaluation are never among those chosen on.
    """
    known = np.flatnonzero(predictions.outline_known)
    best, chosen = -np.inf, Thresholds(MASK_GRID[0], 0.0)
    for level in MASK_GRID:
        tables = [
            masks.table(predictions.masks[i], predictions.outlines[i], predictions.inner[i], level)
            for i in known
        ]
        for area in AREA_GRID:
            score = _score(tables, area)
            if score > best:
                best, chosen = score, Thresholds(level, area)
    return chosen


def _score(tables: Sequence[masks.Table], area: float) -> float:
    lesions = [table.dice(area) for table in tables if table.drawn]
    normals = [float(table.paints(area)) for table in tables if not table.drawn]
    return float(np.mean(lesions or [0.0]) - FALSE_LESION_COST * np.mean(normals or [0.0]))


def expected_error(calibration: Calibration, predictions: Predictions) -> float:
    """Return the expected calibration error of the top class on these predictions."""
    probabilities = calibration.probabilities(predictions.logits)
    return metrics.calibration_error(
        probabilities.argmax(axis=1) == predictions.truth, probabilities.max(axis=1)
    )
