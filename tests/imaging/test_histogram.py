from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.histogram import BINS, histogram

RANDOM = np.random.default_rng(11)


def test_every_value_of_an_8_bit_picture_has_its_bin() -> None:
    values = RANDOM.integers(0, 256, (60, 80)).astype(np.uint8)
    values[0, 0], values[0, 1] = 0, 255
    found = histogram(values)
    assert (found.low, found.step, found.high) == (0.0, 1.0, 256.0)
    assert np.array_equal(found.counts[0], np.bincount(values.ravel(), minlength=256))


@pytest.mark.parametrize("kind", [np.uint16, np.int16, np.int32])
def test_whole_values_fall_into_bins_of_one_whole_width(kind: type) -> None:
    values = RANDOM.integers(-500 if kind is not np.uint16 else 7, 4096, (90, 70)).astype(kind)
    found = histogram(values)
    assert found.step == int(found.step) and found.counts.shape[1] <= BINS
    assert found.low == values.min() and found.low <= values.max() < found.high
    assert found.counts.sum() == values.size
    third = values[(values >= found.low + 2 * found.step) & (values < found.low + 3 * found.step)]
    assert found.counts[0, 2] == third.size


def test_broken_values_are_counted_too() -> None:
    values = RANDOM.random((50, 50)).astype(np.float32)
    found = histogram(values)
    assert found.counts.shape == (1, BINS) and found.counts.sum() == values.size


def test_colour_is_counted_by_channel() -> None:
    values = np.zeros((10, 10, 3), np.uint8)
    values[..., 1], values[..., 2] = 5, 9
    found = histogram(values)
    assert found.counts.shape[0] == 3
    assert [int(row.argmax()) for row in found.counts] == [0, 5, 9]


def test_a_part_is_counted_on_the_bins_of_the_whole() -> None:
    values = np.zeros((40, 40), np.uint16)
    values[10:20, 5:15] = 1000
    found = histogram(values, (10, 20, 5, 15))
    assert found.counts.sum() == 100 and found.low == 0 and found.counts[0, 0] == 0


def test_a_picture_of_one_value_is_one_bin() -> None:
    found = histogram(np.full((5, 5), 77, np.uint8))
    assert found.counts.tolist() == [[25]] and found.low == 77


def test_a_large_picture_is_thinned_and_keeps_its_shape() -> None:
    values = np.zeros((3000, 2000), np.uint16)
    values[:, 1000:] = 100
    found = histogram(values)
    assert found.counts.sum() < 1_600_000
    assert found.counts[0, 0] / found.counts.sum() == pytest.approx(0.5, abs=0.01)
