"""Tiles cover a field, and what they say becomes a map that lies where they lay."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.tiling import CELLS, Map, Tiling


@pytest.mark.parametrize(("rows", "columns"), [(50, 50), (51, 120), (200, 333), (49, 70), (20, 20)])
@pytest.mark.parametrize("overlap", [0, 25, 40])
def test_every_pixel_lies_in_a_tile_and_no_tile_leaves_a_field_that_holds_one(
    rows: int, columns: int, overlap: int
) -> None:
    tiling = Tiling(rows, columns, 50, overlap)
    seen = np.zeros((rows, columns), bool)
    for top, left in tiling.places:
        assert top == 0 or top + 50 <= rows
        assert left == 0 or left + 50 <= columns
        seen[top : top + 50, left : left + 50] = True
    assert seen.all()
    assert len(np.unique(tiling.places, axis=0)) == len(tiling.places)


def test_tiles_are_cut_where_they_lie_and_a_small_field_is_mirrored_to_a_whole_tile() -> None:
    field = np.arange(60 * 80, dtype=np.uint16).reshape(60, 80).astype(np.uint8)
    tiling = Tiling(60, 80, 50, 25)
    assert (tiling.cut(field, (10, 30)) == field[10:60, 30:80]).all()
    small = np.random.default_rng(0).integers(0, 255, (48, 30, 3)).astype(np.uint8)
    tile = Tiling(48, 30, 50).cut(small, (0, 0))
    assert tile.shape == (50, 50, 3) and (tile[:48, :30] == small).all()
    assert (tile[48] == tile[47]).all() and (tile[:, 30] == tile[:, 29]).all()


def test_the_map_of_one_tile_is_flat_and_of_equal_ones_too() -> None:
    lone = Tiling(50, 50, 50, 25)
    only = Map(lone)
    only.add(lone.places, np.array([0.7]))
    assert only.values().shape == (CELLS, CELLS)
    np.testing.assert_allclose(only.values(), 0.7, rtol=1e-6)
    field = Tiling(130, 210, 50, 25)
    flat = Map(field)
    flat.add(field.places, np.full(len(field.places), 0.3))
    np.testing.assert_allclose(flat.values(), 0.3, rtol=1e-5)


def test_with_half_an_overlap_the_map_runs_straight_between_the_centres_of_tiles() -> None:
    tiling = Tiling(100, 300, 50, 25)
    lefts = tiling.places[:, 1]
    ramp = Map(tiling)
    ramp.add(tiling.places, (lefts + 25) / 300)
    values = ramp.values()
    centres = (np.arange(values.shape[1]) + 0.5) * 300 / values.shape[1]
    inner = (centres > 25) & (centres < 275)
    np.testing.assert_allclose(
        values[:, inner], np.broadcast_to(centres[inner] / 300, values[:, inner].shape), atol=0.02
    )


def test_where_no_tile_was_added_the_map_is_nothing() -> None:
    tiling = Tiling(200, 200, 50, 0)
    corner = Map(tiling)
    corner.add(tiling.places[:1], np.array([1.0]))
    values = corner.values()
    assert (values[:CELLS, :CELLS] == 1).all() and not values[CELLS:].any() and not values[:, CELLS:].any()


def test_the_share_of_a_mask_in_each_cell_adds_up_to_its_area() -> None:
    mask = np.zeros((150, 250), bool)
    mask[30:90, 100:220] = True
    tiling = Tiling(150, 250, 50)
    assert tiling.grid == (30, 50)
    assert tiling.shares(mask).mean() == pytest.approx(mask.mean(), abs=0.002)


@pytest.mark.parametrize("wrong", [(0, 10, 50, 0), (10, 10, 0, 0), (10, 10, 50, 50), (10, 10, 50, -1)])
def test_impossible_tiles_are_refused(wrong: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="no tiles"):
        Tiling(*wrong)
