"""Which pixels lie inside an outline: whole outlines at once, as each of their sides says."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging import regions


def by_the_definition(polygon: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Return pixels from whose centres a ray to the left meets an odd number of sides."""
    inside = np.zeros((rows, columns), bool)
    sides = list(zip(polygon, np.roll(polygon, -1, axis=0), strict=True))
    for y in range(rows):
        for x in range(columns):
            met = 0
            for (ax, ay), (bx, by) in sides:
                if min(ay, by) <= y < max(ay, by):
                    met += ax + (y - ay) * (bx - ax) / (by - ay) <= x
            inside[y, x] = met % 2
    return inside


@pytest.mark.parametrize("seed", range(12))
def test_inside_is_the_even_odd_rule_also_where_sides_cross_lie_level_or_leave_the_picture(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows, columns = 14, 17
    polygon = chance.uniform(-6, 22, (int(chance.integers(3, 9)), 2))
    if seed % 2:
        polygon = np.rint(polygon * 2) / 2
    x, y, mask = regions.inside(polygon, rows, columns)
    whole = np.zeros((rows, columns), bool)
    whole[y : y + mask.shape[0], x : x + mask.shape[1]] = mask
    assert np.array_equal(whole, by_the_definition(polygon, rows, columns))


def test_an_outline_beside_the_picture_holds_nothing() -> None:
    _, _, mask = regions.inside(np.array(((-9.0, -9.0), (-3.0, -9.0), (-3.0, -2.0))), 10, 10)
    assert not mask.size
