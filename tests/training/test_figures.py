"""The figures of an evaluation: what a network does not answer has none, the worst are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview.inference.bundle import Thresholds
from breastview.inference.calibration import Calibration
from breastview.training import curves, evaluate, metrics
from breastview.training.scored import Scored, joined
from breastview.training.worst import worst
from tests.training.phantoms import CLASSES


def scored(count: int = 60, seed: int = 0) -> Scored:
    rng = np.random.default_rng(seed)
    truth = np.arange(count) % 3
    logits = rng.normal(0, 1, (count, 3)) + 2 * np.eye(3)[truth]
    chance = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    dice = np.where(truth > 0, rng.uniform(0.3, 0.95, count), np.nan)
    return Scored(
        classes=CLASSES, segments=True, truth=truth, probabilities=chance, abstained=chance.max(1) < 0.5,
        dice=dice, iou=dice / (2 - dice), hd95=30 * (1 - dice), painted=np.where(truth > 0, 0.1, 0.0),
        drawn=np.where(truth > 0, 0.1, 0.0), class_hit=np.where(truth > 0, 1.0, np.nan),
        mask_hit=np.where(truth > 0, 0.0, np.nan), groups=tuple(f"g{i // 2}" for i in range(count)),
        names=tuple(f"{i}.png" for i in range(count)),
    )  # fmt: skip


def test_every_figure_of_a_network_that_does_both() -> None:
    found = evaluate.figures(scored())
    for name in (
        "accuracy", "macro recall", "macro precision", "macro f1", "precision benign", "f1 malignant",
        "auc benign-malignant", "average precision", "sensitivity at specificity 0.75",
        "sensitivity at specificity 0.9", "brier", "calibration error", "accuracy kept", "dice mean",
        "iou mean", "hd95 median px", "false lesion rate",
    ):  # fmt: skip
        assert np.isfinite(found[name]), name
    assert found["pointing class"] == 1 and found["pointing mask"] == 0 and found["false lesion rate"] == 0
    assert found["sensitivity at specificity 0.75"] >= found["sensitivity at specificity 0.9"]


def test_a_classifier_has_no_figures_of_a_mask_and_a_segmenter_none_of_classes() -> None:
    both = scored()
    classifier = evaluate.figures(replace(both, segments=False, dice=np.full(60, np.nan)))
    segmenter = evaluate.figures(replace(both, probabilities=np.zeros((60, 0))))
    assert "accuracy" in classifier and not {"dice mean", "false lesion rate"} & classifier.keys()
    assert "dice mean" in segmenter and not {"accuracy", "brier", "kept"} & segmenter.keys()


def test_a_report_of_either_kind_has_its_parts() -> None:
    both = scored()
    sources, folds = np.array(["a"] * 30 + ["b"] * 30), np.arange(60) % 2
    for one in (both, replace(both, probabilities=np.zeros((60, 0)))):
        report = evaluate.report(one, folds, sources, draws=20)
        assert set(report) == {"a", "b"} and len(report["a"]["worst"]) == 10
        low, high = report["a"]["interval"]["dice mean"]
        assert low <= report["a"]["pooled"]["dice mean"] <= high
        assert bool(report["a"]["confusion"]) == one.classifies


def test_taking_and_joining_keep_every_picture_with_its_own_values() -> None:
    both = scored()
    again = joined([both.take(both.truth == 0), both.take(both.truth > 0)])
    place = {name: i for i, name in enumerate(again.names)}
    order = np.array([place[name] for name in both.names])
    assert (again.truth[order] == both.truth).all()
    np.testing.assert_array_equal(again.dice[order], both.dice)
    assert again.classes == CLASSES and again.take(order).names == both.names


def test_the_worst_are_named_with_what_can_be_seen_of_the_reason() -> None:
    base = scored(9)
    sure = np.eye(3)[base.truth] * 0.9 + 0.1 / 3
    fine = replace(
        base, probabilities=sure, abstained=np.zeros(9, bool), dice=np.where(base.truth > 0, 0.9, np.nan)
    )
    probabilities = fine.probabilities.copy()
    probabilities[1] = (0.05, 0.05, 0.9)  # a benign lesion called malignant
    dice, painted, drawn = fine.dice.copy(), fine.painted.copy(), fine.drawn.copy()
    painted[0] = 0.02  # a lesion on normal tissue
    dice[2], painted[2], drawn[2] = 0.0, 0.0, 0.005
    dice[4], painted[4] = 0.5, 0.3
    found = worst(replace(fine, probabilities=probabilities, dice=dice, painted=painted, drawn=drawn), 4)
    reasons = {entry["name"]: entry["reason"] for entry in found}
    assert reasons["0.png"] == "a lesion painted on normal tissue"
    assert reasons["1.png"] == "misread"
    assert reasons["2.png"] == "nothing painted; a small lesion (0.5% of the picture)"
    assert reasons["4.png"] == "3.0 times the lesion painted"
    assert found[0]["dice" if found[0]["name"] == "2.png" else "probability"] is not None


def test_curves_end_where_their_figures_say() -> None:
    both = scored(300)
    found = curves.of(both)
    pair = evaluate.malignant_share(both)
    assert pair is not None
    wrong, right = metrics.roc(*pair)
    assert np.trapezoid(right, wrong) == pytest.approx(metrics.auc(*pair), abs=1e-9)
    assert found["roc"]["malignant or benign"][0][0] == 0 and found["roc"]["malignant or benign"][1][-1] == 1
    assert found["selective"][1][-1] == pytest.approx(evaluate.figures(both)["accuracy"], abs=1e-4)
    assert sum(row[2] for row in found["reliability"]) == 300
    assert len(found["dice"]) == 200 and found["dice"] == sorted(found["dice"])
    assert max(len(axis) for curve in found["roc"].values() for axis in curve) <= curves.POINTS


def test_brier_and_average_precision_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score

    both = scored(200)
    for index in range(3):
        expected = average_precision_score(both.truth == index, both.probabilities[:, index])
        found = metrics.average_precision(both.truth == index, both.probabilities[:, index])
        assert found == pytest.approx(expected)
    sure = np.eye(3)[both.truth]
    assert metrics.brier(both.truth, sure) == 0 and metrics.brier(both.truth, np.roll(sure, 1, axis=1)) == 2


def test_a_network_without_classes_or_without_a_mask_is_scored_on_what_it_answers(tmp_path: Path) -> None:
    from breastview.training import data, predictions
    from breastview.training.scored import score
    from tests.training import phantoms

    examples = data.read(phantoms.busi_folder(tmp_path / "pictures", 3), CLASSES)
    outlined = predictions.gather(
        CLASSES, examples, np.zeros((9, 0), np.float32), np.full((9, 64, 64), 255, np.uint8)
    )
    found = score(outlined, Calibration.none(), Thresholds(0.5, 0.0))
    assert not found.classifies and not found.abstained.any() and (found.painted == 1).all()
    assert np.isnan(found.dice[found.truth == 0]).all() and (found.dice[found.truth > 0] > 0).all()
    assert (found.drawn[found.truth == 0] == 0).all()
    named = predictions.gather(CLASSES, examples, np.zeros((9, 3), np.float32), np.zeros((9, 0, 0), np.uint8))
    flat = Calibration(CLASSES, (1.0,) * 3, (0.0,) * 3, Calibration.none().reliability, 0.5, "")
    found = score(named, flat, Thresholds(0.5, 0.0))
    assert found.classifies and found.abstained.all() and np.isnan(found.dice).all()
