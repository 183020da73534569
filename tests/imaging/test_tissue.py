"""Stained tissue is told from bare glass, light stains and whole fields of tissue included."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.tissue import tissue

GLASS = (243, 241, 244)


def slide(stain: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    picture = np.full((240, 320, 3), GLASS, np.float64)
    mask = np.zeros((240, 320), bool)
    mask[60:180, 80:240] = True
    picture[mask] = stain
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8), mask


@pytest.mark.parametrize("stain", [(190, 120, 170), (90, 50, 130), (232, 190, 214)])
def test_tissue_is_found_where_it_lies(stain: tuple[int, int, int]) -> None:
    picture, mask = slide(stain)
    found = tissue(picture)
    assert (found & mask).sum() / (found | mask).sum() > 0.93


def test_bare_glass_has_none_and_a_full_field_is_all_tissue() -> None:
    rng = np.random.default_rng(1)
    glass = np.clip(np.array(GLASS) + rng.normal(0, 3, (100, 100, 3)), 0, 255).astype(np.uint8)
    assert not tissue(glass).any()
    full = np.clip(np.array((180, 110, 165)) + rng.normal(0, 25, (100, 100, 3)), 0, 255).astype(np.uint8)
    assert tissue(full).mean() > 0.99
