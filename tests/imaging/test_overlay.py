"""Overlays: maps land where they belong, colours mix exactly, thresholds hide."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging import colour_maps, overlay
from breastview.imaging.letterbox import Letterbox


@pytest.fixture
def inferno():
    return colour_maps.table("inferno")


@pytest.mark.parametrize(("height", "width"), [(300, 400), (401, 173), (224, 224), (64, 640)])
def test_a_map_over_the_letterbox_lands_where_the_letterbox_puts_it(height, width):
    box = Letterbox(height, width, 224)
    coarse = np.random.default_rng(0).random((7, 7), np.float32)
    placed = overlay.place(coarse, (-box.left, -box.top, box.side, box.side), height, width)
    assert placed.shape == (height, width)
    np.testing.assert_allclose(placed, box.restore(coarse), atol=2e-3)


def test_the_centre_of_a_cell_keeps_its_value_on_a_non_square_picture():
    heat = np.zeros((4, 8), np.float32)
    heat[1, 5] = 1.0
    placed = overlay.place(heat, (10, 20, 80, 40), 100, 120)
    hot_y, hot_x = np.unravel_index(placed.argmax(), placed.shape)
    assert abs(hot_x + 0.5 - (10 + 5.5 * 10)) <= 0.5
    assert abs(hot_y + 0.5 - (20 + 1.5 * 10)) <= 0.5
    assert placed.max() == pytest.approx(0.9025)


def test_a_linear_ramp_stays_linear_between_cell_centres():
    heat = np.tile(np.arange(7, dtype=np.float32), (7, 1))
    placed = overlay.place(heat, (0, 0, 700, 700), 700, 700)
    inner = placed[350, 50:650]
    np.testing.assert_allclose(np.diff(inner), 0.01, atol=1e-5)


def test_values_do_not_leave_the_range_of_the_map_even_outside_it():
    heat = np.random.default_rng(1).random((5, 3), np.float32)
    placed = overlay.place(heat, (30.5, -12.25, 40, 77), 90, 111)
    assert heat.min() - 1e-6 <= placed.min()
    assert placed.max() <= heat.max() + 1e-6


def test_a_map_of_one_cell_covers_everything_evenly():
    np.testing.assert_allclose(overlay.place(np.full((1, 1), 0.4, np.float32), (0, 0, 9, 9), 9, 9), 0.4)


@pytest.mark.parametrize(("height", "width"), [(300, 400), (401, 173)])
def test_the_share_inside_a_mask_is_that_of_the_placed_map(height, width):
    rng = np.random.default_rng(5)
    box, heat = Letterbox(height, width, 224), rng.random((7, 7), np.float32)
    mask = np.zeros((height, width), bool)
    mask[40:170, 30:111] = True
    placed = overlay.place(heat, box.placement, height, width).astype(float)
    expected = placed[mask].sum() / placed.sum()
    assert overlay.share_inside(heat, box.placement, mask) == pytest.approx(expected, abs=1e-5)
    assert overlay.share_inside(heat, box.placement, np.ones_like(mask)) == pytest.approx(1)
    assert overlay.share_inside(np.zeros_like(heat), box.placement, mask) == 0.0


def test_heat_below_the_threshold_is_invisible_and_well_above_it_has_the_opacity(inferno):
    heat = np.array([[0.0, 0.29, 0.45, 1.0]], np.float32)
    rgba = overlay.heat_rgba(heat, inferno, opacity=0.5, threshold=0.3)
    assert rgba[0, :2, 3].tolist() == [0, 0]
    assert rgba[0, 2:, 3].tolist() == [128, 128]
    np.testing.assert_array_equal(rgba[0, 3, :3], inferno[255])


def test_without_a_threshold_even_zero_heat_has_its_colour(inferno):
    rgba = overlay.heat_rgba(np.zeros((2, 3), np.float32), inferno, opacity=1.0)
    assert np.all(rgba[..., 3] == 255)
    np.testing.assert_array_equal(rgba[0, 0, :3], inferno[0])


def test_opacity_rises_steadily_with_heat(inferno):
    alpha = overlay.heat_table(inferno, 0.8, 0.2)[:, 3].astype(int)
    assert np.all(np.diff(alpha) >= 0)
    assert alpha[-1] == 204


def test_premultiplied_colours_are_the_straight_ones_times_alpha(inferno):
    heat = np.random.default_rng(2).random((20, 30), np.float32)
    straight = overlay.heat_rgba(heat, inferno, 0.6, 0.2).astype(float)
    premultiplied = overlay.heat_rgba(heat, inferno, 0.6, 0.2, premultiplied=True)
    np.testing.assert_array_equal(premultiplied[..., 3], straight[..., 3])
    np.testing.assert_allclose(premultiplied[..., :3], straight[..., :3] * straight[..., 3:] / 255, atol=1.01)
    assert np.all(premultiplied[..., :3] <= premultiplied[..., 3:])


def test_levels_kept_by_a_pane_give_the_same_colours(inferno):
    heat = np.random.default_rng(3).random((20, 30), np.float32)
    kept = overlay.heat_levels(heat)
    np.testing.assert_array_equal(
        overlay.heat_rgba(kept, inferno, 0.3, 0.1), overlay.heat_rgba(heat, inferno, 0.3, 0.1)
    )


def test_a_mask_is_filled_inside_and_clear_outside():
    mask = np.array([[True, False]])
    assert overlay.mask_rgba(mask, (0, 229, 255), 0.35).tolist() == [[[0, 229, 255, 89], [0, 0, 0, 0]]]
    assert overlay.mask_rgba(mask, (0, 229, 255), 0.35, premultiplied=True)[0, 0].tolist() == [0, 80, 89, 89]


def test_blending_follows_the_formula_for_every_value_and_alpha():
    values, alphas = np.meshgrid(np.arange(256), np.arange(256))
    picture = values.astype(np.uint8)
    rgba = np.empty((256, 256, 4), np.uint8)
    rgba[..., :3], rgba[..., 3] = (200, 17, 255), alphas
    expected = picture[..., None] + alphas[..., None] / 255 * (np.array([200, 17, 255]) - picture[..., None])
    assert np.abs(overlay.blend(picture, rgba) - expected).max() <= 0.5 + 1e-6


def test_blending_keeps_the_picture_where_nothing_lies_over_it():
    picture = np.random.default_rng(4).integers(0, 256, (40, 50, 3), np.uint8)
    rgba = np.zeros((40, 50, 4), np.uint8)
    np.testing.assert_array_equal(overlay.blend(picture, rgba), picture)
    rgba[..., 3] = 255
    assert not overlay.blend(picture, rgba).any()


def test_grey_pictures_become_rgb():
    assert overlay.blend(np.zeros((3, 4), np.uint8), np.zeros((3, 4, 4), np.uint8)).shape == (3, 4, 3)


def test_contours_are_drawn_at_their_place_and_leave_the_picture_alone():
    picture = np.zeros((40, 60, 3), np.uint8)
    square = [(10, 5), (30, 5), (30, 25), (10, 25)]
    drawn = overlay.draw_contours(picture, [square], (0, 229, 255), 1)
    assert not picture.any()
    for row, column in [(5, 20), (15, 10)]:
        np.testing.assert_allclose(drawn[row, column], (0, 229, 255), rtol=0.15)
    assert not drawn[15, 20].any()


def test_contours_on_an_enlarged_picture_keep_their_place_on_the_pixels():
    drawn = overlay.draw_contours(
        np.zeros((80, 120, 3), np.uint8),
        [[(10, 5), (30, 5), (30, 25), (10, 25)]],
        (255, 255, 255),
        1,
        scale=2.0,
    )
    lit = np.argwhere(drawn[..., 0] > 100)
    # The centre of pixel 10 lies at 20.5 of the doubled picture.
    assert lit[:, 1].min() in (20, 21)
    assert lit[:, 0].min() in (10, 11)
