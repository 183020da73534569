"""What a score is allowed to say."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from breastview.inference.calibration import Calibration, Reliability

TABLE = Reliability("malignant", (0.0, 0.1, 0.5, 1.0), (100, 8, 40), (4, 3, 30))
CALIBRATION = Calibration(
    ("normal", "benign", "malignant"), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), TABLE, 0.6, "a set"
)


def test_probabilities_sum_to_one_for_one_picture_and_for_many() -> None:
    logits = np.array([[0.0, 1.0, 5.0], [-800.0, 0.0, 800.0]], np.float32)
    many = CALIBRATION.probabilities(logits)
    assert many.sum(axis=1) == pytest.approx([1, 1])
    assert CALIBRATION.probabilities(logits[0]) == pytest.approx(many[0])


def test_scale_and_bias_are_applied_to_the_logits() -> None:
    scaled = Calibration(("a", "b"), (2.0, 0.5), (0.0, 1.0), Reliability("b", (0, 1), (30,), (3,)), 0.5, "")
    expected = np.exp([2.0, 1.5]) / np.exp([2.0, 1.5]).sum()
    assert scaled.probabilities(np.array([1.0, 1.0])) == pytest.approx(expected)


def test_the_sentence_counts_the_pictures_of_the_same_bin() -> None:
    sentence = CALIBRATION.sentence(np.array([0.2, 0.1, 0.7]))
    assert sentence == (
        "Of 100 images scored like this in the calibration set, about 75 were malignant (30 of 40)."
    )
    assert "about 4 were malignant" in CALIBRATION.sentence(np.array([0.9, 0.1, 0.0]))
    assert "about 75" in CALIBRATION.sentence(np.array([0.0, 0.0, 1.0]))


@pytest.mark.parametrize(
    ("name", "words"),
    [("lesion", "about 75 showed a lesion (30 of"), ("idc", "about 75 showed invasive carcinoma (30 of")],
)
def test_the_sentence_says_what_pictures_of_other_kinds_showed(name: str, words: str) -> None:
    table = replace(TABLE, name=name)
    other = replace(CALIBRATION, classes=("normal", "benign", name), reliability=table)
    assert words in other.sentence(np.array([0.2, 0.1, 0.7]))


def test_too_few_pictures_give_no_figure() -> None:
    assert CALIBRATION.sentence(np.array([0.5, 0.2, 0.3])) == (
        "Only 8 images of the calibration set scored like this: too few for a figure."
    )


def test_it_abstains_below_the_band_only() -> None:
    assert CALIBRATION.abstains(np.array([0.3, 0.59, 0.11]))
    assert not CALIBRATION.abstains(np.array([0.3, 0.6, 0.1]))


def test_it_comes_back_from_the_manifest_unchanged() -> None:
    entries = json.loads(json.dumps(CALIBRATION.as_dict())) | {"classes": ["normal", "benign", "malignant"]}
    assert Calibration.from_manifest(entries) == CALIBRATION


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("calibration", "scale"), [1.0], "one scale"),
        (("calibration", "bias"), [0.0, 0.0, float("inf")], "finite"),
        (("calibration", "reliability", "class"), "cyst", "cyst"),
        (("calibration", "reliability", "count"), [1], "edges do not fit"),
        (("calibration", "reliability", "edges"), [0.0, 0.5, 0.1, 1.0], "rise"),
        (("calibration", "method"), "guess", "unknown"),
    ],
)
def test_contradictions_are_refused(path: tuple[str, ...], value: object, reason: str) -> None:
    entries = CALIBRATION.as_dict() | {"classes": ["normal", "benign", "malignant"]}
    place = entries
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(ValueError, match=reason):
        Calibration.from_manifest(entries)
