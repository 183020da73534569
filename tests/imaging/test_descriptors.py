"""Suggestions on phantoms whose truth is known; each with its number, its rule and where it comes from."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.contours import Component, components
from breastview.imaging.descriptors import suggestions
from breastview.study.descriptors import ULTRASOUND

ROWS, COLUMNS = 360, 420
WORDS = {one.key: {word.key for word in one.words} for one in ULTRASOUND}


def ellipse(a: float, b: float, degrees: float = 0.0, lobes: float = 0.0) -> np.ndarray:
    """Return an ellipse, its edge waved by `lobes` of its radius, twelve waves around."""
    y, x = np.mgrid[:ROWS, :COLUMNS].astype(float)
    x, y, turn = x - COLUMNS / 2, y - 130, np.deg2rad(degrees)
    u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    radius = np.hypot(u / a, v / b)
    return np.asarray(radius <= 1 + lobes * np.cos(12 * np.arctan2(v / b, u / a)))


def picture(
    mask: np.ndarray, inside: float = 40, behind: float = 1.0, blur: float = 1.5, uneven: float = 0.0
) -> np.ndarray:
    """Return speckle of mean 110 with a lesion: its level, that behind it, how sharp its edge is."""
    import cv2

    random = np.random.default_rng(3)
    level = np.full((ROWS, COLUMNS), 110.0, np.float32)
    columns = np.nonzero(mask.any(axis=0))[0]
    low = np.nonzero(mask.any(axis=1))[0].max()
    level[low:, columns.min() : columns.max() + 1] *= behind
    lesion = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), blur)
    patches = cv2.GaussianBlur(random.normal(0, 1, (ROWS, COLUMNS)).astype(np.float32), (0, 0), 9)
    within = inside + uneven * patches / patches.std()
    speckle = cv2.GaussianBlur(random.rayleigh(0.8, (ROWS, COLUMNS)).astype(np.float32), (0, 0), 1.0)
    return np.clip((level * (1 - lesion) + within * lesion) * speckle, 0, 255).astype(np.uint8)


def part(mask: np.ndarray) -> Component:
    return components(mask)[0]


def words(grey: np.ndarray, mask: np.ndarray, aspect: float = 1.0) -> dict[str, str]:
    return {one.key: one.word for one in suggestions(grey, part(mask), aspect)}


@pytest.mark.parametrize(
    ("mask", "word"),
    [(ellipse(70, 40), "oval"), (ellipse(50, 48), "round"), (ellipse(60, 45, lobes=0.2), "irregular")],
)
def test_the_shape_is_that_of_the_phantom(mask, word):
    assert words(picture(mask), mask)["shape"] == word


@pytest.mark.parametrize(
    ("degrees", "word"), [(0, "parallel"), (20, "parallel"), (70, "not parallel"), (90, "not parallel")]
)
def test_the_orientation_follows_the_long_axis(degrees, word):
    mask = ellipse(70, 40, degrees)
    assert words(picture(mask), mask)["orientation"] == word


def test_the_orientation_is_judged_on_true_proportions():
    mask = ellipse(60, 50)
    assert words(picture(mask), mask)["orientation"] == "parallel"
    assert words(picture(mask), mask, aspect=1.5)["orientation"] == "not parallel"


@pytest.mark.parametrize(
    ("inside", "word"), [(4, "anechoic"), (50, "hypoechoic"), (110, "isoechoic"), (170, "hyperechoic")]
)
def test_the_echo_pattern_is_that_of_the_phantom(inside, word):
    mask = ellipse(70, 40)
    assert words(picture(mask, inside), mask)["echo pattern"] == word


def test_patches_inside_make_it_heterogeneous():
    mask = ellipse(80, 50)
    assert words(picture(mask, inside=90, uneven=60), mask)["echo pattern"] == "heterogeneous"


@pytest.mark.parametrize(("behind", "word"), [(1.0, "none"), (1.5, "enhancement"), (0.5, "shadowing")])
def test_what_lies_behind_is_compared_with_what_lies_beside(behind, word):
    mask = ellipse(70, 40)
    assert words(picture(mask, behind=behind), mask)["posterior features"] == word


def test_a_sharp_margin_is_circumscribed_a_washed_out_one_is_not():
    mask = ellipse(70, 40)
    assert words(picture(mask), mask)["margin"] == "circumscribed"
    assert words(picture(mask, inside=100, blur=25), mask)["margin"] == "indistinct"
    waved = ellipse(70, 50, lobes=0.12)
    assert words(picture(waved), waved)["margin"] == "microlobulated"


def test_at_the_lower_edge_of_the_picture_nothing_is_said_of_what_lies_behind():
    mask = np.roll(ellipse(70, 40), ROWS - 175, axis=0)
    assert "posterior features" not in words(picture(mask), mask)


def test_a_large_picture_is_described_like_a_small_one():
    import cv2

    mask = ellipse(80, 50)
    grey = picture(mask)
    large = cv2.resize(grey, None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    mask_of_large = cv2.resize(mask.astype(np.uint8), None, fx=5, fy=5, interpolation=cv2.INTER_NEAREST) > 0
    assert words(large, mask_of_large) == words(grey, mask)


def test_every_suggestion_is_a_word_of_the_vocabulary_with_number_rule_and_source():
    mask = ellipse(70, 40)
    found = suggestions(picture(mask), part(mask))
    assert [one.key for one in found] == [key for key in WORDS if key in {one.key for one in found}]
    for one in found:
        assert one.word in WORDS[one.key]
        assert one.numbers and one.rule and one.source and one.measured


def test_of_a_few_pixels_nothing_is_said():
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[100:105, 100:105] = True
    assert suggestions(picture(mask), part(mask)) == ()
