"""Overlap and edge distance of two outlines, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.training import outlines


def square(left: int, top: int, side: int = 20) -> np.ndarray:
    mask = np.zeros((100, 120), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def test_overlap_over_union() -> None:
    assert outlines.iou(square(10, 10), square(10, 10)) == 1
    assert outlines.iou(square(10, 10), square(20, 10)) == pytest.approx(200 / 600)
    assert outlines.iou(square(10, 10), square(60, 60)) == 0
    assert outlines.iou(np.zeros((4, 4), bool), np.zeros((4, 4), bool)) == 1


def test_the_edge_distance_of_a_shifted_square_is_its_shift() -> None:
    assert outlines.hd95(square(10, 10), square(10, 10)) == 0
    assert outlines.hd95(square(10, 10), square(17, 10)) == pytest.approx(7)
    assert outlines.hd95(square(17, 10), square(10, 10)) == pytest.approx(7)


def test_a_few_stray_pixels_count_little_and_many_much() -> None:
    stray = square(10, 10)
    stray[90, 100] = True
    assert outlines.hd95(stray, square(10, 10)) == 0
    far = square(10, 10) | square(80, 70)
    assert outlines.hd95(far, square(10, 10)) > 50


def test_there_is_no_distance_to_nothing() -> None:
    assert np.isnan(outlines.hd95(square(10, 10), np.zeros((100, 120), bool)))


def test_a_lesion_at_the_border_has_an_edge_there() -> None:
    assert outlines.hd95(square(0, 0), square(5, 0)) == pytest.approx(5)
