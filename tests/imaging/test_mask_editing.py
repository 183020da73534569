"""Strokes, polygons and fills change exactly the pixels whose centres they cover, and say where."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breastview.imaging import mask_editing as editing

SHAPE = (60, 80)
coordinates = st.tuples(st.floats(-20, 100), st.floats(-20, 80))


def empty() -> np.ndarray:
    return np.zeros(SHAPE, bool)


@settings(max_examples=60, deadline=None)
@given(start=coordinates, end=coordinates, radius=st.floats(0.6, 25))
def test_a_stroke_covers_the_pixels_within_its_radius_and_tells_where(start, end, radius):
    mask = empty()
    box = editing.stroke(mask, start, end, radius, True)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    way = np.subtract(end, start)
    along = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / max(way @ way, 1e-9), 0, 1)
    distance = np.hypot(x - start[0] - along * way[0], y - start[1] - along * way[1])
    clear = np.abs(distance - radius) > 0.01  # float32 decides on the line itself
    assert np.array_equal(mask[clear], (distance <= radius)[clear])
    outside = mask.copy()
    outside[box.slices] = False
    assert not outside.any()


def test_an_eraser_takes_away_what_a_brush_of_its_size_drew():
    mask = empty()
    editing.stroke(mask, (10, 10), (50, 40), 6, True)
    editing.stroke(mask, (10, 10), (50, 40), 6, False)
    assert not mask.any()


def test_the_smallest_brush_paints_the_pixel_under_it():
    mask = empty()
    editing.stroke(mask, (7.3, 9.2), (7.3, 9.2), 0.1, True)
    assert np.argwhere(mask).tolist() == [[9, 7]]


@settings(max_examples=40, deadline=None)
@given(st.lists(coordinates, min_size=3, max_size=9))
def test_a_polygon_holds_the_centres_that_lie_inside_by_the_even_odd_rule(corners):
    mask = empty()
    editing.polygon(mask, corners, True)
    points = np.asarray(corners)
    after = np.roll(points, -1, axis=0)
    for row, column in ((3, 5), (30, 40), (55, 70), (20, 11)):
        crossed = (points[:, 1] > row) != (after[:, 1] > row)
        rise = np.where(crossed, after[:, 1] - points[:, 1], 1.0)
        x = points[:, 0] + (row - points[:, 1]) * (after[:, 0] - points[:, 0]) / rise
        if not np.any(crossed & (np.abs(x - column) < 1e-6)):
            assert mask[row, column] == bool(np.sum(crossed & (x < column)) % 2)


def test_a_rectangle_of_corners_between_pixels_is_that_many_pixels():
    mask = empty()
    editing.polygon(mask, [(9.5, 4.5), (29.5, 4.5), (29.5, 14.5), (9.5, 14.5)], True)
    assert mask.sum() == 200 and mask[5:15, 10:30].all()
    editing.polygon(mask, [(9.5, 4.5), (19.5, 4.5), (19.5, 14.5), (9.5, 14.5)], False)
    assert mask.sum() == 100


def test_a_hole_is_filled_and_open_background_is_not():
    mask = empty()
    mask[10:30, 10:30] = True
    mask[15:20, 15:20] = False
    before = mask.copy()
    assert editing.hole(mask, (40, 40)).empty and np.array_equal(mask, before)
    assert not editing.hole(mask, (17, 17)).empty
    assert mask[10:30, 10:30].all() and mask.sum() == 400


def test_a_bay_that_opens_at_the_picture_s_edge_is_no_hole():
    mask = empty()
    mask[0:20, 0:20] = True
    mask[0:10, 5:10] = False
    assert editing.hole(mask, (7, 3)).empty


def test_a_flood_reaches_what_is_connected_and_alike():
    grey = np.full(SHAPE, 100, np.uint8)
    grey[20:40, 20:40] = 30
    grey[20:40, 60:70] = 30
    found = editing.alike(grey, (25, 25), 10)
    assert found[20:40, 20:40].all() and found.sum() == 400
    assert editing.alike(grey, (25, 25), 80).all()


def test_smoothing_removes_spikes_and_keeps_the_area():
    y, x = np.mgrid[:120, :120]
    disc = (x - 60) ** 2 + (y - 60) ** 2 <= 30**2
    spiked = disc.copy()
    spiked[58:61, 88:110] = True
    calm = editing.smoothed(spiked, 3.0)
    assert not calm[:, 100:].any()
    assert calm.sum() == pytest.approx(disc.sum(), rel=0.03)
    assert not editing.smoothed(np.zeros((5, 5), bool), 2.0).any()
