"""The letterbox: nothing squashed, nothing shifted, and back onto the same pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from breastview.imaging.letterbox import Letterbox, letterbox, luminance

sides = st.integers(1, 700)
sizes = st.sampled_from([32, 64, 224, 256])


@given(sides, sides, sizes)
def test_every_point_of_the_picture_comes_back_to_itself(height: int, width: int, size: int) -> None:
    box = Letterbox(height, width, size)
    for x, y in ((0, 0), (width - 1, height - 1), (width / 3, height / 7)):
        there = box.to_network(x, y)
        assert box.to_picture(*there) == pytest.approx((x, y), abs=1e-6)
        assert -0.5 - 1e-6 <= there[0] <= size - 0.5 + 1e-6


@given(sides, sides, sizes)
def test_both_axes_have_the_same_scale(height: int, width: int, size: int) -> None:
    box = Letterbox(height, width, size)
    x0, y0 = box.to_network(0, 0)
    x1, y1 = box.to_network(10, 10)
    assert x1 - x0 == pytest.approx(y1 - y0, abs=1e-9)
    assert box.placement == (-box.left, -box.top, box.side, box.side)


@pytest.mark.parametrize("shape", [(300, 500), (500, 300), (101, 100), (64, 64), (40, 31)])
def test_a_map_lands_where_the_network_saw_it(shape: tuple[int, int]) -> None:
    height, width = shape
    box = Letterbox(height, width, 224)
    rows, columns = np.mgrid[0:224, 0:224].astype(np.float32)
    x, y = box.restore(columns), box.restore(rows)
    assert x.shape == y.shape == shape
    for row, column in ((height // 2, width // 2), (height // 3, width // 4)):
        expected = box.to_network(column, row)
        assert (x[row, column], y[row, column]) == pytest.approx(expected, abs=0.02)


def test_a_disc_is_found_again_where_it_was_drawn() -> None:
    import cv2

    picture = np.zeros((373, 511), np.uint8)
    cv2.circle(picture, (401, 123), 40, 255, -1)
    square, box = letterbox(picture, 224)
    assert square.shape == (224, 224, 3) and square.dtype == np.uint8
    back = box.restore(square[:, :, 0].astype(np.float32) / 255) >= 0.5
    assert 2 * (back & (picture > 0)).sum() / (back.sum() + (picture > 0).sum()) > 0.97
    rows, columns = np.nonzero(back)
    assert (columns.mean(), rows.mean()) == pytest.approx((401, 123), abs=0.2)


def test_the_padding_is_black_and_centred() -> None:
    square, _ = letterbox(np.full((100, 200), 200, np.uint8), 64)
    assert not square[:15].any() and not square[-15:].any()
    assert (square[17:-17] == 200).all()


def test_colour_becomes_luma_in_three_equal_channels() -> None:
    red = np.zeros((20, 20, 3), np.uint8)
    red[..., 0] = 255
    assert (luminance(red) == 76).all()  # 0.299 * 255
    square, _ = letterbox(red, 32)
    assert (square[..., 0] == square[..., 2]).all() and square.max() == 76


def test_restored_values_stay_within_the_map() -> None:
    heat = np.random.default_rng(1).random((7, 7))
    restored = Letterbox(91, 300, 224).restore(heat)
    assert heat.min() - 1e-6 <= restored.min() and restored.max() <= heat.max() + 1e-6


@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8)]
)
def test_other_arrays_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"uint8|\(H, W\)"):
        luminance(bad)


def test_sizes_and_maps_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Letterbox(0, 5, 32)
    with pytest.raises(ValueError, match="square"):
        Letterbox(5, 5, 32).restore(np.zeros((3, 4)))
    with pytest.raises(ValueError, match="does not fit"):
        Letterbox(5, 5, 32).apply_plane(np.zeros((4, 5), np.uint8))
