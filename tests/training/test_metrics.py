"""Figures of merit against values worked out by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from breastview.training import metrics

RNG = np.random.default_rng(0)
TRUTH = RNG.integers(0, 3, 400)
ANSWER = np.where(RNG.random(400) < 0.6, TRUTH, RNG.integers(0, 3, 400))
SCORE = np.round(RNG.normal(TRUTH == 2, 1.0), 1)  # rounded: ties


def test_confusion_recall_precision_and_f1_are_those_of_scikit_learn() -> None:
    matrix = metrics.confusion(TRUTH, ANSWER, 3)
    assert (matrix == reference.confusion_matrix(TRUTH, ANSWER)).all()
    expected = reference.precision_recall_fscore_support(TRUTH, ANSWER)
    assert metrics.precision(matrix) == pytest.approx(expected[0])
    assert metrics.recall(matrix) == pytest.approx(expected[1])
    assert metrics.f1(matrix) == pytest.approx(expected[2])


def test_a_class_that_does_not_occur_has_no_recall() -> None:
    matrix = metrics.confusion(np.array([1, 1]), np.array([1, 2]), 3)
    assert np.isnan(metrics.recall(matrix)[0]) and metrics.recall(matrix)[1] == 0.5
    assert np.isnan(metrics.precision(matrix)[0])


def test_auc_counts_ties_half() -> None:
    assert metrics.auc(np.array([True, False]), np.array([1.0, 1.0])) == 0.5
    assert metrics.auc(TRUTH == 2, SCORE) == pytest.approx(reference.roc_auc_score(TRUTH == 2, SCORE))
    assert np.isnan(metrics.auc(np.array([True, True]), np.array([1.0, 2.0])))


def test_sensitivity_is_the_best_that_keeps_the_specificity() -> None:
    positive = np.array([False] * 4 + [True] * 4)
    score = np.array([0.1, 0.2, 0.3, 0.8, 0.25, 0.5, 0.7, 0.9])
    assert metrics.sensitivity_at(positive, score, 0.75) == 0.75
    assert metrics.sensitivity_at(positive, score, 0.5) == 1.0
    assert metrics.sensitivity_at(positive, score, 1.0) == 0.25
    false_positive, true_positive, _ = reference.roc_curve(TRUTH == 2, SCORE, drop_intermediate=False)
    best = true_positive[false_positive <= 0.25].max()
    assert metrics.sensitivity_at(TRUTH == 2, SCORE, 0.75) == pytest.approx(best)


def test_calibration_error_by_hand() -> None:
    confidence = np.array([0.95, 0.95, 0.65, 0.65])
    correct = np.array([True, True, True, False])
    assert metrics.calibration_error(correct, confidence) == pytest.approx(0.5 * 0.05 + 0.5 * 0.15)
    assert metrics.calibration_error(np.array([True]), np.array([1.0])) == 0


def test_dice_by_hand() -> None:
    left = np.zeros((4, 4), bool)
    right = left.copy()
    assert metrics.dice(left, right) == 1
    left[:2], right[1:3] = True, True
    assert metrics.dice(left, right) == 0.5


def test_the_interval_draws_whole_groups() -> None:
    values = np.repeat(RNG.random(40), 25)
    groups = [str(i) for i in np.repeat(np.arange(40), 25)]
    low, high = metrics.interval(lambda rows: float(values[rows].mean()), groups, 400)
    assert low < values.mean() < high
    alone = metrics.interval(lambda rows: float(values[rows].mean()), [str(i) for i in range(1000)], 400)
    assert high - low > 3 * (alone[1] - alone[0])  # twenty-five twins are one witness
    assert metrics.interval(lambda rows: float(values[rows].mean()), groups, 400) == (low, high)
