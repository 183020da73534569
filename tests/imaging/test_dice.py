"""Dice of masks."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.dice import dice


def test_half_common_pixels_give_one_half():
    a = np.array([[1, 1, 0, 0]], bool)
    b = np.array([[0, 1, 1, 0]], bool)
    assert dice(a, b) == 0.5


def test_equal_masks_agree_fully_and_separate_ones_not_at_all():
    a = np.array([[1, 0]], bool)
    assert dice(a, a) == 1.0
    assert dice(a, ~a) == 0.0


def test_two_empty_masks_agree_and_one_empty_mask_does_not():
    empty = np.zeros((3, 3), bool)
    assert dice(empty, empty) == 1.0
    assert dice(empty, ~empty) == 0.0


def test_masks_of_different_pictures_are_refused():
    with pytest.raises(ValueError, match="compared"):
        dice(np.zeros((2, 3), bool), np.zeros((3, 2), bool))
