"""Calibration and thresholds: they undo what was done to the scores, and are chosen on other pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breastview.inference.calibration import softmax
from breastview.training import calibrate, masks, metrics
from breastview.training.data import Example
from breastview.training.predictions import Predictions
from tests.training.phantoms import CLASSES


def honest(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and a truth drawn from just those probabilities."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (count, 3))
    chance = softmax(logits).cumsum(axis=1)
    return logits, (rng.random(count)[:, None] > chance).sum(axis=1).clip(0, 2)


def made(count: int = 60, seed: int = 0) -> Predictions:
    logits, truth = honest(count, seed)
    rng = np.random.default_rng(seed)
    outlines = np.zeros((count, 64, 64), np.uint8)
    outlines[truth > 0, 20:40, 20:40] = 255
    heat = outlines * 0.7 + rng.integers(0, 40, outlines.shape)
    heat[:, 2:5, 2:5] = 200  # a speck on every picture
    examples = tuple(
        Example("set", Path(f"{i}.png"), (Path("m"),) if t else (), CLASSES[t], f"g{i // 2}", (i // 2) % 5)
        for i, t in enumerate(truth)
    )
    inner = np.full(count, 64.0 * 64)
    return Predictions(CLASSES, examples, logits.astype(np.float32), heat.astype(np.uint8), outlines, inner)


@pytest.mark.parametrize("hidden", [0.3, 1.0, 3.0, 20.0])
def test_the_temperature_that_was_hidden_is_found(hidden: float) -> None:
    logits, truth = honest(20000)
    assert calibrate.fit_temperature(logits * hidden, truth) == pytest.approx(1 / hidden, rel=0.03)


def test_calibration_lowers_the_calibration_error_on_other_pictures() -> None:
    logits, truth = honest(4000)
    other, other_truth = honest(4000, seed=1)
    factor = calibrate.fit_temperature(logits * 4, truth)

    def error(probabilities: np.ndarray) -> float:
        return metrics.calibration_error(probabilities.argmax(1) == other_truth, probabilities.max(1))

    assert error(softmax(other * 4 * factor)) < 0.03 < 0.15 < error(softmax(other * 4))


def test_reliability_bins_hold_every_picture_once() -> None:
    logits, truth = honest(1000)
    table = calibrate.reliability(softmax(logits), truth, CLASSES)
    assert sum(table.count) == 1000 and sum(table.positive) == (truth == 2).sum()
    assert min(table.count) > 80
    assert table.edges[0] == 0 and table.edges[-1] == 1 and list(table.edges) == sorted(table.edges)


def test_abstention_reaches_the_accuracy_or_keeps_seventy_of_a_hundred() -> None:
    logits, truth = honest(2000)
    hard = softmax(logits)
    kept = hard.max(1) >= calibrate.abstention(hard, truth)
    assert kept.mean() == pytest.approx(1 - calibrate.LARGEST_ABSTENTION, abs=0.01)
    easy_logits, easy_truth = honest(2000, seed=2)
    easy = softmax(easy_logits * 4)
    easy_truth = np.where(np.random.default_rng(0).random(2000) < 0.8, easy.argmax(1), easy_truth)
    kept = easy.max(1) >= calibrate.abstention(easy, easy_truth)
    assert 0.7 < kept.mean() < 1
    assert (easy.argmax(1) == easy_truth)[kept].mean() >= calibrate.TARGET_ACCURACY - 0.002


def test_the_mask_thresholds_drop_the_speck_and_keep_the_lesion() -> None:
    chosen = calibrate.mask_thresholds(made(), 0.1)
    speck, lesion = 9 / 64**2, 400 / 64**2
    assert speck < chosen.min_area_fraction < lesion
    assert chosen.mask <= 0.7


def test_small_components_are_dropped_by_their_share_of_the_picture() -> None:
    heat = np.zeros((100, 100))
    heat[10:30, 10:30] = 0.9
    heat[50:53, 50:53] = 0.9
    assert masks.binary(heat, 0.5, 0.0).sum() == 409
    assert masks.binary(heat, 0.5, 0.001).sum() == 400
    assert not masks.binary(heat, 0.95, 0.0).any()


def test_the_table_of_components_agrees_with_the_mask_itself() -> None:
    found = made(6)
    for i in range(6):
        table = masks.table(found.masks[i], found.outlines[i], found.inner[i], 0.5)
        for area in (0.0, 0.003):
            mask = masks.binary(found.masks[i] / 255, 0.5, area)
            assert table.dice(area) == pytest.approx(metrics.dice(mask, found.outlines[i] > 0), abs=1e-9)
            assert table.paints(area) == mask.any()
