"""Figures of merit, in numpy, each as its textbook has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


def confusion(truth: NDArray[np.int64], answer: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Return the confusion matrix (C, C): rows are the truth, columns the answer."""
    matrix = np.zeros((classes, classes), np.int64)
    np.add.at(matrix, (truth, answer), 1)
    return matrix


def recall(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the recall of each class of a confusion matrix; nan for a class that does not occur."""
    return _ratio(np.diag(matrix), matrix.sum(axis=1))


def precision(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the precision of each class of a confusion matrix; nan for a class never answered."""
    return _ratio(np.diag(matrix), matrix.sum(axis=0))


def f1(matrix: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the F1 score of each class: 2 TP / (2 TP + FP + FN)."""
    return _ratio(2 * np.diag(matrix), matrix.sum(axis=0) + matrix.sum(axis=1))


def _ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def auc(positive: NDArray[np.bool_], score: NDArray[np.floating]) -> float:
    """Return the area under the ROC curve: the chance that a positive scores above a negative.

    Ties count half (Hanley and McNeil, Radiology 1982.) nan where one of the two does not occur.
    """
    count = int(positive.sum())
    rest = len(positive) - count
    if not count or not rest:
        return float("nan")
    _, inverse, numbers = np.unique(score, return_inverse=True, return_counts=True)
    ranks = np.cumsum(numbers) - (numbers - 1) / 2  # mean rank of each distinct value, from 1
    return float((ranks[inverse][positive].sum() - count * (count + 1) / 2) / (count * rest))


def sensitivity_at(positive: NDArray[np.bool_], score: NDArray[np.floating], specificity: float) -> float:
    """Return the largest sensitivity at a specificity of at least `specificity`; nan if not defined."""
    if not positive.any() or positive.all():
        return float("nan")
    thresholds = np.append(np.unique(score), np.inf)
    negatives, positives = np.sort(score[~positive]), np.sort(score[positive])
    specificities = np.searchsorted(negatives, thresholds, side="left") / len(negatives)
    sensitivities = 1 - np.searchsorted(positives, thresholds, side="left") / len(positives)
    return float(sensitivities[specificities >= specificity].max())


def calibration_error(correct: NDArray[np.bool_], confidence: NDArray[np.floating], bins: int = 10) -> float:
    """Return the expected calibration error over equal-width bins of confidence in 0..1 (Guo et al. 2017)."""
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in np.unique(index):
        here = index == number
        error += here.mean() * abs(correct[here].mean() - confidence[here].mean())
    return float(error)


def dice(found: NDArray[np.bool_], drawn: NDArray[np.bool_]) -> float:
    """Return the Dice coefficient of two masks; 1 where both are empty."""
    total = int(found.sum()) + int(drawn.sum())
    return 2 * int((found & drawn).sum()) / total if total else 1.0


def interval(
    figure: Callable[[NDArray[np.int64]], float], groups: Sequence[str], draws: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Return the 95% percentile bootstrap interval of a figure, drawing whole groups with replacement.

    Parameters
    ----------
    figure : Callable
        From the indices drawn, int (N,), to the figure; nan is left out.
    groups : Sequence[str]
        Patient or scene of each picture.
    """
    numbers = np.unique(np.asarray(groups), return_inverse=True)[1]
    order = np.argsort(numbers, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(numbers))[:-1])
    rng = np.random.default_rng(seed)
    values = []
    for _ in range(draws):
        chosen = rng.integers(0, len(members), len(members))
        values.append(figure(np.concatenate([members[number] for number in chosen])))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
