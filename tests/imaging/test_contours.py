"""Outlines run on pixel edges, enclose what they should, and parts are told apart."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from breastview.imaging import contours


def test_an_empty_mask_has_no_parts_and_no_outlines():
    empty = np.zeros((10, 12), bool)
    assert contours.components(empty) == []
    assert contours.outlines(empty) == []


def test_parts_come_largest_first_and_small_ones_are_left_out():
    mask = np.zeros((40, 50), bool)
    mask[2:5, 3:6] = True
    mask[20:30, 20:40] = True
    mask[38, 48] = True
    assert [part.area for part in contours.components(mask)] == [200, 9, 1]
    assert [part.area for part in contours.components(mask, least=5)] == [200, 9]
    largest = contours.components(mask)[0]
    assert (largest.x, largest.y, largest.mask.shape) == (20, 20, (10, 20))


def test_pixels_that_touch_at_a_corner_are_one_part_with_one_outline():
    mask = np.eye(4, dtype=bool)
    (part,) = contours.components(mask)
    assert len(contours.outlines(mask)) == 1
    outline = part.outline()
    assert outline.min() == -0.5
    assert outline.max() == 3.5


def test_the_outline_of_a_rectangle_is_as_wide_as_its_pixels():
    mask = np.zeros((20, 30), bool)
    mask[5:9, 10:21] = True
    (part,) = contours.components(mask)
    outline = part.outline()
    assert np.ptp(outline, axis=0).tolist() == [11, 4]
    assert outline.min(axis=0).tolist() == [9.5, 4.5]


def test_a_part_at_the_border_of_the_picture_is_closed():
    mask = np.zeros((20, 30), bool)
    mask[:6, :7] = True
    (part,) = contours.components(mask)
    assert np.ptp(part.outline(), axis=0).tolist() == [7, 6]


def test_the_outline_of_a_ring_is_its_outer_edge_and_its_hole_is_an_outline_too():
    mask = np.zeros((60, 60), np.uint8)
    cv2.circle(mask, (30, 30), 20, 1, -1)
    cv2.circle(mask, (30, 30), 10, 0, -1)
    (part,) = contours.components(mask.astype(bool))
    assert np.ptp(part.outline(), axis=0).tolist() == [41, 41]
    assert len(contours.outlines(mask.astype(bool))) == 2


@pytest.mark.parametrize("angle", [0, 25, 70])
def test_the_area_within_the_outline_is_that_of_the_pixels(angle):
    mask = np.zeros((200, 220), np.uint8)
    cv2.ellipse(mask, (110, 100), (80, 40), angle, 0, 360, 1, -1)
    (part,) = contours.components(mask.astype(bool))
    assert abs(contours.polygon_area(part.outline())) == pytest.approx(part.area, rel=0.01)


def test_the_hull_holds_pixel_centres_in_coordinates_of_the_whole_mask():
    mask = np.zeros((20, 30), bool)
    mask[5:9, 10:21] = True
    (part,) = contours.components(mask)
    assert {tuple(point) for point in part.pixel_hull().tolist()} == {(10, 5), (20, 5), (20, 8), (10, 8)}


def test_random_masks_give_outlines_through_half_pixels_only():
    mask = np.random.default_rng(0).random((60, 70)) > 0.6
    for line in contours.outlines(mask):
        np.testing.assert_array_equal(line * 2, np.rint(line * 2))
    signed = sum(contours.polygon_area(line) for line in contours.outlines(mask))
    assert abs(signed) == pytest.approx(mask.sum(), rel=0.25)
