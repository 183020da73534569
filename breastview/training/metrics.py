"""Figures of merit, in numpy, each as its textbook has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


def brier(truth: NDArray[np.int64], probabilities: NDArray[np.floating]) -> float:
    """Return the Brier score over all classes (Brier 1950): 0 is best, 2 worst."""
    wanted = np.eye(probabilities.shape[1])[truth]
    return float(((probabilities - wanted) ** 2).sum(axis=1).mean())


def average_precision(positive: NDArray[np.bool_], score: NDArray[np.floating]) -> float:
    """Return the area under the precision-recall curve, as a sum of steps; nan without positives."""
    if not positive.any():
        return float("nan")
    precisions, recalls = precision_recall(positive, score)
    return float((np.diff(recalls, prepend=0.0) * precisions).sum())


def precision_recall(
    positive: NDArray[np.bool_], score: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return precision and recall at every distinct score, from the highest down."""
    hits, others = _counts(positive, score)
    return hits / (hits + others), hits / max(1, int(positive.sum()))


def roc(
    positive: NDArray[np.bool_], score: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return false and true positive rate from (0, 0) on, at every distinct score from the highest down."""
    hits, others = _counts(positive, score)
    start = np.zeros(1)
    wrong = np.concatenate([start, others / max(1, int((~positive).sum()))])
    return wrong, np.concatenate([start, hits / max(1, int(positive.sum()))])


def _counts(
    positive: NDArray[np.bool_], score: NDArray[np.floating]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return how many positives and negatives score at least each distinct score."""
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)
    return np.cumsum(positive[order])[ends], np.cumsum(~positive[order])[ends]


def reliability(
    correct: NDArray[np.bool_], confidence: NDArray[np.floating], bins: int = 10
) -> list[tuple[float, float, int]]:
    """Return mean confidence, share correct and number of pictures of each equal-width bin that has any."""
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    here = [index == number for number in np.unique(index)]
    return [(float(confidence[h].mean()), float(correct[h].mean()), int(h.sum())) for h in here]


def selective(
    correct: NDArray[np.bool_], confidence: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the share answered and the accuracy among those, from the surest picture to all of them."""
    order = np.argsort(-confidence, kind="stable")
    count = np.arange(1, len(order) + 1)
    return count / max(1, len(order)), np.cumsum(correct[order]) / count


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
    low, high = np.nanpercentile([figure(rows) for rows in drawn(groups, draws, seed)], [2.5, 97.5])
    return float(low), float(high)


def drawn(groups: Sequence[str], draws: int = 1000, seed: int = 0) -> Iterator[NDArray[np.int64]]:
    """Yield the indices of `draws` bootstrap samples of whole groups, always the same for a seed."""
    numbers = np.unique(np.asarray(groups), return_inverse=True)[1]
    order = np.argsort(numbers, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(numbers))[:-1])
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        chosen = rng.integers(0, len(members), len(members))
        yield np.concatenate([members[number] for number in chosen])
