"""Colour maps: complete, read-only, even in lightness, equal to the published tables."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging import colour_maps


@pytest.mark.parametrize("name", colour_maps.names())
def test_every_map_is_a_read_only_table_of_256_colours(name):
    table = colour_maps.table(name)
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    assert not table.flags.writeable
    assert len(np.unique(table, axis=0)) > 200


@pytest.mark.parametrize("name", ["inferno", "magma", "plasma", "cividis", "viridis", "turbo"])
def test_tables_equal_matplotlibs(name):
    matplotlib = pytest.importorskip("matplotlib")
    published = np.rint(matplotlib.colormaps[name](np.arange(256))[:, :3] * 255)
    np.testing.assert_array_equal(colour_maps.table(name), published)


@pytest.mark.parametrize("name", ["inferno", "magma", "plasma", "cividis", "viridis"])
def test_the_recommended_maps_grow_lighter_throughout(name):
    luma = colour_maps.table(name).astype(float) @ (0.299, 0.587, 0.114)
    assert np.all(np.diff(luma) > -1.0)
    assert luma[-1] - luma[0] > 150


def test_recommended_maps_are_listed_before_the_rainbow():
    assert colour_maps.names()[0] == "inferno"
    assert colour_maps.names().index("viridis") < colour_maps.names().index("turbo")


def test_an_unknown_map_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="inferno"):
        colour_maps.table("rainbow of doom")


def test_mask_colours_are_bytes_and_differ_from_the_truth_by_default():
    assert next(iter(colour_maps.MASK_COLOURS)) == "cyan"
    assert all(len(c) == 3 and all(0 <= v <= 255 for v in c) for c in colour_maps.MASK_COLOURS.values())
    assert colour_maps.MASK_COLOURS["cyan"] != colour_maps.TRUTH_COLOUR
