from __future__ import annotations

import numpy as np
import pytest

from breastview.gui.panes.sampling import Pyramid
from breastview.gui.panes.view import Projection, View, project

RANDOM = np.random.default_rng(3)


def whole(zoom: float, columns: int, rows: int) -> tuple[Projection, tuple[int, int, int, int]]:
    seen = Projection(zoom, 0, 0, round(columns * zoom), round(rows * zoom))
    return seen, seen.visible(columns, rows)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int16, np.int32, np.float32])
def test_one_to_one_gives_the_values_themselves(kind: type) -> None:
    values = RANDOM.integers(0, 200, (31, 47)).astype(kind)
    sampled = Pyramid(values).sample(*whole(1.0, 47, 31), smooth=True)
    assert np.array_equal(sampled, values)


@pytest.mark.parametrize("zoom", [2, 3, 7])
def test_unsmoothed_pixels_are_exact_squares(zoom: int) -> None:
    values = RANDOM.integers(0, 4096, (9, 13)).astype(np.uint16)
    sampled = Pyramid(values).sample(*whole(float(zoom), 13, 9), smooth=False)
    assert np.array_equal(sampled, np.kron(values, np.ones((zoom, zoom), np.uint16)))


@pytest.mark.parametrize("half", [2, 4, 8])
def test_a_shrunk_picture_shows_the_mean_of_its_areas(half: int) -> None:
    values = RANDOM.random((64, 96)).astype(np.float32)
    sampled = Pyramid(values).sample(*whole(1 / half, 96, 64), smooth=False)
    areas = values.reshape(64 // half, half, 96 // half, half).mean(axis=(1, 3))
    assert np.allclose(sampled, areas, atol=1e-5)


@pytest.mark.parametrize("zoom", [0.13, 0.37, 0.5, 0.81, 1.7, 5.3])
def test_nothing_is_shifted_at_any_zoom(zoom: float) -> None:
    rows, columns = 201, 303
    across = np.broadcast_to(np.arange(columns) + 0.5, (rows, columns)).astype(np.float32)
    down = np.broadcast_to((np.arange(rows) + 0.5)[:, None], (rows, columns)).astype(np.float32)
    seen = project(View(zoom, 140.2, 97.9, fitted=False), 90, 70)
    box = seen.visible(columns, rows)
    x = (np.arange(box[0], box[2]) + 0.5 - seen.left) / zoom
    y = (np.arange(box[1], box[3]) + 0.5 - seen.top) / zoom
    inside_x, inside_y = (x > 8) & (x < columns - 8), (y > 8) & (y < rows - 8)
    got_x = Pyramid(across).sample(seen, box, smooth=True)[:, inside_x]
    got_y = Pyramid(down).sample(seen, box, smooth=True)[inside_y]
    assert np.abs(got_x - x[inside_x]).max() < 0.05 * max(1, 1 / zoom)
    assert np.abs(got_y - y[inside_y, None]).max() < 0.05 * max(1, 1 / zoom)


def test_smoothing_never_leaves_the_range_of_the_values() -> None:
    values = RANDOM.integers(1000, 3000, (40, 40)).astype(np.int16)
    sampled = Pyramid(values).sample(*whole(3.3, 40, 40), smooth=True)
    assert values.min() <= sampled.min() and sampled.max() <= values.max()


def test_only_the_visible_part_is_made() -> None:
    values = np.zeros((5000, 4000), np.uint16)
    seen = project(View(8.0, 2000, 2500, fitted=False), 320, 200)
    assert Pyramid(values).sample(seen, seen.visible(4000, 5000), smooth=True).shape == (200, 320)


def test_colour_keeps_its_channels_apart() -> None:
    values = np.zeros((20, 20, 3), np.uint8)
    values[..., 1] = 200
    sampled = Pyramid(values).sample(*whole(0.4, 20, 20), smooth=True)
    assert sampled.shape == (8, 8, 3)
    assert np.all(sampled == (0, 200, 0))
