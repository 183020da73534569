"""The muscle on an oblique view, and nothing where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.dice import dice
from breastview.imaging.mammogram import pectoral
from tests.imaging.mammogram.films import cranio_caudal, film


def _bytes(values) -> np.ndarray:
    return np.rint(values * 255).astype(np.uint8)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_muscle_of_an_oblique_film_is_found(seed) -> None:
    made = film(label=False, tape=False, seed=seed)
    found = pectoral.find(_bytes(made.values)[:, :215], made.breast[:, :215])
    assert dice(found, made.muscle[:, :215]) > 0.85


@pytest.mark.parametrize("made", [cranio_caudal(), film(muscle=False, label=False, tape=False)])
def test_no_muscle_is_found_where_there_is_none(made) -> None:
    assert pectoral.find(_bytes(made.values)[:, :235], made.breast[:, :235]) is None
