"""The mask's loss: right for right, wrong for wrong, silent for unknown."""

from __future__ import annotations

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from breastview.training.losses import UNKNOWN, MaskLoss, class_loss  # noqa: E402


def square(value: float = 1.0) -> np.ndarray:
    mask = np.zeros((1, 8, 8, 1), np.float32)
    mask[0, 2:6, 2:6] = value
    return mask


def loss(truth: np.ndarray, logits: np.ndarray) -> float:
    return float(MaskLoss()(truth, logits))


def test_a_perfect_mask_costs_almost_nothing_and_its_opposite_much() -> None:
    right = (square() * 2 - 1) * 20
    assert loss(square(), right) == pytest.approx(0, abs=0.01)
    assert loss(square(), -right) > 15


def test_the_value_at_even_chance_is_cross_entropy_plus_dice_by_hand() -> None:
    dice = 1 - (2 * 16 * 0.5 + 1) / (32 + 16 + 1)
    assert loss(square(), np.zeros((1, 8, 8, 1), np.float32)) == pytest.approx(np.log(2) + dice, abs=1e-5)


def test_an_unknown_mask_teaches_nothing() -> None:
    unknown = np.full((1, 8, 8, 1), UNKNOWN, np.float32)
    for logits in (np.zeros((1, 8, 8, 1), np.float32), (square() * 2 - 1) * 20):
        assert loss(unknown, logits) == 0


def test_an_empty_mask_is_taught_by_cross_entropy_alone() -> None:
    empty = np.zeros((1, 8, 8, 1), np.float32)
    assert loss(empty, empty) == pytest.approx(np.log(2), abs=1e-5)
    assert loss(empty, empty - 20) == pytest.approx(0, abs=1e-5)


def test_huge_logits_stay_finite() -> None:
    assert np.isfinite(loss(square(), (square() * 2 - 1) * -1e4))


def test_label_smoothing_forbids_certainty() -> None:
    truth = np.array([[0, 0, 1]], np.float32)
    sure, certain = np.array([[0, 0, 5.0]], np.float32), np.array([[0, 0, 50.0]], np.float32)
    assert float(class_loss(0.05)(truth, certain)) > float(class_loss(0.05)(truth, sure))
    assert float(class_loss(0.0)(truth, certain)) < float(class_loss(0.0)(truth, sure))
