"""Measures of shapes whose true size is known, in px and in mm, on square pixels and others."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breastview.imaging.measure import axes, findings
from breastview.study.calibration import Calibration, Region, everywhere


def ellipse(rows, columns, centre, semi, degrees, dx=1.0, dy=1.0):
    """Mask of an ellipse (centre, semi-axes in mm) on pixels of dx x dy mm, turned clockwise on screen."""
    y, x = np.mgrid[:rows, :columns].astype(float)
    x, y = x * dx - centre[0], y * dy - centre[1]
    turn = math.radians(degrees)
    u, v = x * math.cos(turn) + y * math.sin(turn), -x * math.sin(turn) + y * math.cos(turn)
    return (u / semi[0]) ** 2 + (v / semi[1]) ** 2 <= 1


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 133])
def test_axes_of_an_ellipse_in_px(degrees):
    (found,) = findings(ellipse(300, 320, (160, 150), (100, 45), degrees))
    assert found.long_px == pytest.approx(200, abs=1.5)
    assert found.short_px == pytest.approx(90, abs=1.5)
    assert found.area_px == pytest.approx(math.pi * 100 * 45, rel=0.005)
    (x0, y0), (x1, y1) = found.long_ends
    angle = math.degrees(math.atan2(y1 - y0, x1 - x0)) % 180
    # The longest of many almost equal diameters may lie a degree or two off.
    assert min(abs(angle - degrees), 180 - abs(angle - degrees)) < 3


@pytest.mark.parametrize(("dx", "dy"), [(0.1, 0.1), (0.08, 0.16), (0.2, 0.07)])
@pytest.mark.parametrize("degrees", [0, 30, 60, 115])
def test_axes_in_mm_are_true_on_pixels_that_are_not_square(dx, dy, degrees):
    rows, columns = int(40 / dy), int(40 / dx)
    mask = ellipse(rows, columns, (20, 20), (12, 5), degrees, dx, dy)
    (found,) = findings(mask, everywhere("US region", rows, columns, dy, dx))
    assert found.long_mm == pytest.approx(24, abs=0.3)
    assert found.short_mm == pytest.approx(10, abs=0.3)
    assert found.area_mm2 == pytest.approx(math.pi * 12 * 5, rel=0.01)
    assert found.calibration_source == "US region"
    for ends, length in ((found.long_ends, found.long_mm), (found.short_ends, found.short_mm)):
        (x0, y0), (x1, y1) = ends
        assert math.hypot((x1 - x0) * dx, (y1 - y0) * dy) == pytest.approx(length)


def test_the_longest_axis_in_mm_is_not_the_longest_in_px():
    mask = np.zeros((60, 60), bool)
    mask[20:30, 10:50] = True  # 40 px wide, 10 px deep, but rows lie ten times farther apart
    (found,) = findings(mask, everywhere("PixelSpacing", 60, 60, 1.0, 0.1))
    assert found.long_mm == pytest.approx(math.hypot(10, 4), abs=0.6)
    (_, y0), (_, y1) = found.long_ends
    assert abs(y1 - y0) == pytest.approx(10, abs=1)


def test_width_depth_and_a_rectangle():
    mask = np.zeros((50, 80), bool)
    mask[10:22, 20:60] = True
    (found,) = findings(mask)
    assert (found.width_px, found.depth_px, found.area_px) == (40, 12, 480)
    assert found.long_px == pytest.approx(math.hypot(40, 12), abs=1)
    assert found.long_mm is None
    assert found.short_mm is None
    assert found.area_mm2 is None
    assert found.calibration_source == ""


def test_axes_are_at_right_angles_and_end_on_the_outline():
    (found,) = findings(ellipse(200, 200, (100, 90), (70, 30), 40))
    (a, b), (c, d) = np.array(found.long_ends), np.array(found.short_ends)
    assert float((b - a) @ (d - c)) == pytest.approx(0, abs=1e-6)
    outline = np.array(found.contour)
    for end in (a, b, c, d):
        assert np.hypot(*(outline - end).T).min() < 2


def test_the_short_axis_of_a_crescent_is_measured_through_the_lesion():
    u = ellipse(200, 200, (100, 100), (80, 80), 0) & ~ellipse(200, 200, (100, 70), (85, 70), 0)
    (found, *_) = findings(u)
    rows = np.flatnonzero(u.any(axis=1))
    assert found.short_px <= rows[-1] - rows[0] + 1


def test_no_length_crosses_two_regions():
    mask = np.zeros((100, 100), bool)
    mask[40:60, 40:60] = True
    split = Calibration("US region", (Region(0, 0, 49, 99, 0.1, 0.1), Region(50, 0, 99, 99, 0.2, 0.2)))
    (found,) = findings(mask, split)
    assert found.long_mm is None
    assert found.long_px > 0


def test_a_lesion_that_fills_its_region_to_the_edge_is_measured_in_mm():
    mask = np.zeros((100, 100), bool)
    mask[40:60, 40:60] = True
    (found,) = findings(mask, Calibration("US region", (Region(40, 40, 59, 59, 0.1, 0.1),)))
    assert found.area_mm2 == pytest.approx(4.0)


def test_a_lesion_that_leaves_the_calibrated_region_by_a_pixel_has_no_mm():
    mask = np.zeros((100, 100), bool)
    mask[40:60, 40:61] = True
    (found,) = findings(mask, Calibration("US region", (Region(40, 40, 59, 59, 0.1, 0.1),)))
    assert found.long_mm is None


def test_lesions_come_largest_first_and_crumbs_are_left_out():
    mask = np.zeros((60, 60), bool)
    mask[2:6, 2:6] = mask[20:40, 20:40] = True
    mask[50, 50] = True
    assert [f.area_px for f in findings(mask, least=2)] == [400, 16]


def test_one_pixel_is_one_px_long():
    mask = np.zeros((5, 5), bool)
    mask[2, 3] = True
    (found,) = findings(mask)
    assert (found.long_px, found.short_px, found.area_px) == (1.0, 1.0, 1)


def test_nothing_is_found_in_an_empty_mask():
    assert findings(np.zeros((5, 5), bool)) == ()


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0.3, 0.7))
def test_any_mask_has_a_short_axis_no_longer_than_the_long_one(seed, share):
    mask = np.random.default_rng(seed).random((24, 31)) < share
    for found in findings(mask):
        assert 0 < found.short_px <= found.long_px + 1e-9
        assert found.long_px <= math.hypot(found.width_px, found.depth_px) + 1e-9


def test_axes_of_a_long_outline_do_not_depend_on_how_finely_it_is_drawn():
    turn = np.linspace(0, 2 * math.pi, 6000, endpoint=False)
    fine = np.stack([300 * np.cos(turn), 100 * np.sin(turn)], axis=1)
    measured = axes(fine)
    assert measured.long == pytest.approx(600, rel=1e-4)
    assert measured.short == pytest.approx(200, rel=1e-4)
