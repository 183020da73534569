"""The curves behind the figures, as numbers: ROC, precision and recall, reliability, selective accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from breastview.training import metrics
from breastview.training.evaluate import malignant_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from breastview.training.scored import Scored

POINTS = 200  # at most, of one curve


def of(scored: Scored) -> dict[str, Any]:
    """Return every curve that is defined.

    Returns
    -------
    dict
        roc, precision-recall: by question, a pair of lists (x, y); reliability: confidence, share correct and
        count of each bin; selective: share answered against accuracy; dice: of each lesion, ascending.
    """
    result: dict[str, Any] = {}
    if scored.classifies:
        questions = _questions(scored)
        result["roc"] = {name: _pair(*metrics.roc(*question)) for name, question in questions.items()}
        result["precision-recall"] = {
            name: _pair(*metrics.precision_recall(*question)[::-1]) for name, question in questions.items()
        }
        confidence = scored.probabilities.max(axis=1)
        correct = scored.probabilities.argmax(axis=1) == scored.truth
        result["reliability"] = [list(row) for row in metrics.reliability(correct, confidence)]
        result["selective"] = _pair(*metrics.selective(correct, confidence))
    dice = scored.dice[~np.isnan(scored.dice)]
    if len(dice):
        result["dice"] = [round(float(value), 4) for value in np.sort(dice)]
    return result


def _questions(scored: Scored) -> dict[str, tuple[NDArray[np.bool_], NDArray[np.float64]]]:
    questions = {
        f"{name} or not": (scored.truth == index, scored.probabilities[:, index])
        for index, name in enumerate(scored.classes)
    }
    pair = malignant_share(scored)
    if pair is not None:
        questions["malignant or benign"] = pair
    return {
        name: (truth, score) for name, (truth, score) in questions.items() if truth.any() and not truth.all()
    }


def _pair(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[list[float]]:
    """Return two lists of at most `POINTS` values, the first and last among them."""
    kept = np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).round().astype(int))
    return [[round(float(value), 4) for value in axis[kept]] for axis in (x, y)]
