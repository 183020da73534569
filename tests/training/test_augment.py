"""Augmentation changes the picture, not the truth."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.training import augment
from breastview.training.augment import Augmentation
from tests.training import phantoms

STILL = Augmentation(0, (1, 1), 0, 0, 0, 0, 0, probability=0)


def square() -> tuple[np.ndarray, np.ndarray]:
    grey, mask = phantoms.picture("benign", 3)
    return np.ascontiguousarray(grey[:64, 16:80]), np.ascontiguousarray(mask[:64, 16:80])


def test_the_same_seed_gives_the_same_picture_and_another_seed_another() -> None:
    grey, mask = square()
    once = Augmentation()(grey, mask, np.random.default_rng(5))
    again = Augmentation()(grey, mask, np.random.default_rng(5))
    other = Augmentation()(grey, mask, np.random.default_rng(6))
    assert (once[0] == again[0]).all() and (once[1] == again[1]).all()
    assert (once[0] != other[0]).any()
    assert once[0].dtype == once[1].dtype == np.uint8 and once[0].shape == (64, 64)


def test_without_ranges_only_left_and_right_may_change() -> None:
    grey, mask = square()
    for seed in range(6):
        picture, outline = STILL(grey, mask, np.random.default_rng(seed))
        same = np.abs(picture.astype(int) - grey).max() <= 1
        mirrored = np.abs(picture.astype(int) - grey[:, ::-1]).max() <= 1
        assert same or mirrored
        assert (outline == (mask if same else mask[:, ::-1])).all()


def test_mask_and_picture_move_together() -> None:
    _, mask = square()
    plain = Augmentation(gamma=0, gain=0, offset=0, probability=0)
    for seed in range(10):
        picture, outline = plain(mask, mask, np.random.default_rng(seed))
        assert np.abs(picture.astype(int) - outline).max() <= 1


def test_up_stays_up() -> None:
    for seed in range(50):
        matrix = Augmentation().geometry(224, np.random.default_rng(seed))
        assert matrix[1, 1] > 0.7


def test_the_centre_stays_within_the_shift() -> None:
    for seed in range(50):
        matrix = Augmentation(shift=0.08).geometry(224, np.random.default_rng(seed))
        centre = matrix @ np.array([111.5, 111.5, 1.0])
        assert np.abs(centre - 111.5).max() <= 0.08 * 224 + 1e-9


def test_padding_stays_black_under_every_tone() -> None:
    grey = np.zeros((32, 32), np.uint8)
    grey[8:24, 8:24] = 120
    for seed in range(20):
        toned = Augmentation().toned(grey, np.random.default_rng(seed))
        assert not toned[0].any()


def test_borders_are_blacked_out_by_their_shares() -> None:
    result = augment.black_border(np.full((100, 100), 9, np.uint8), np.array([0.1, 0.2, 0.3, 0.0]))
    assert not result[:10].any() and not result[80:].any() and not result[:, :30].any()
    assert (result[10:80, 30:] == 9).all()


def test_speckle_has_the_deviation_asked_for_and_no_bias() -> None:
    flat = np.full((200, 200), 100, np.uint8)
    noisy = augment.speckled(flat, 0.2, np.random.default_rng(0)).astype(float)
    assert noisy.mean() == pytest.approx(100, abs=1.5)
    assert 8 < noisy.std() < 20


def test_blur_keeps_the_mean_and_lowers_the_contrast() -> None:
    grey, _ = square()
    soft = augment.blurred(grey, 1.5)
    assert soft.mean() == pytest.approx(grey.mean(), abs=2)
    assert soft.std() < 0.9 * grey.std()


def test_painted_marks_leave_the_rest_of_the_picture_alone() -> None:
    flat = np.full((128, 128), 60, np.uint8)
    for seed in range(10):
        painted = augment.marked(flat, np.random.default_rng(seed))
        changed = painted != flat
        assert 5 < changed.sum() < 0.1 * flat.size and painted[changed].max() >= 150
        assert (flat == 60).all()


def test_local_contrast_widens_the_grey_levels_and_keeps_the_padding_black() -> None:
    rng = np.random.default_rng(0)
    dull = rng.integers(90, 120, (128, 128)).astype(np.uint8)
    dull[:20] = 0
    richer = augment.equalised(dull, 3.0)
    assert not richer[:20].any() and richer[20:].std() > dull[20:].std()
