"""On which side the chest wall lies."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.breast_side import chest_wall
from breastview.study.hanging import Wall
from tests.phantoms import breast


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("dark", [True, False])
def test_the_chest_wall_is_found_at_either_side_and_in_either_polarity(left: bool, dark: bool) -> None:
    values = breast(600, 450, wall_left=left)
    side, margin = chest_wall(4095 - values if dark else values, dark_is_dense=dark)
    assert (side, margin) == (Wall.LEFT if left else Wall.RIGHT, 0.0)


def test_a_border_beyond_the_wall_is_measured() -> None:
    values = np.pad(breast(600, 450, wall_left=True), ((0, 0), (40, 0)), constant_values=20)
    side, margin = chest_wall(values)
    assert side is Wall.LEFT and margin == pytest.approx(40, abs=4)


def test_a_burned_in_marker_on_the_other_side_does_not_mislead() -> None:
    values = breast(600, 450, wall_left=True)
    values[20:60, -60:-10] = 4095
    assert chest_wall(values)[0] is Wall.LEFT


@pytest.mark.parametrize("values", [np.zeros((60, 40), np.uint16), np.full((60, 40, 3), 7, np.uint8)])
def test_an_empty_picture_has_no_wall(values: np.ndarray) -> None:
    assert chest_wall(values) == (None, 0.0)


def test_a_picture_without_a_clear_side_has_no_wall() -> None:
    y, x = np.ogrid[:300, :200]
    disc = ((x - 100) ** 2 + (y - 150) ** 2 < 60**2).astype(np.uint16) * 2000
    assert chest_wall(disc)[0] is None
