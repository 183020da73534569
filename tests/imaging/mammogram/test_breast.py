"""Where the breast lies: without label, tape and haze, at either side, at any depth of grey."""

from __future__ import annotations

import numpy as np
import pytest

from breastview.imaging.dice import dice
from breastview.imaging.mammogram import breast
from breastview.study.hanging import Wall
from tests.imaging.mammogram.films import cranio_caudal, film


@pytest.mark.parametrize("made", [film(), film(muscle=False), cranio_caudal()])
@pytest.mark.parametrize("mirrored", [False, True])
def test_the_breast_is_found_without_label_and_tape(made, mirrored) -> None:
    made = made.mirrored() if mirrored else made
    found = breast.find(made.values)
    assert dice(found.mask, made.breast) > 0.95
    assert found.wall is (Wall.RIGHT if mirrored else Wall.LEFT)
    rows, columns = np.flatnonzero(made.breast.any(axis=1)), np.flatnonzero(made.breast.any(axis=0))
    assert found.box == pytest.approx((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), abs=12)


def test_fat_as_dark_as_the_background_at_the_chest_wall_belongs_to_the_breast() -> None:
    made = cranio_caudal()
    values = made.values.copy()
    values[120:280, :40] = 0.01
    assert dice(breast.find(values).mask, made.breast) > 0.95


def test_a_label_that_the_haze_joins_to_the_breast_is_cut_off() -> None:
    made = film(label=False, tape=False)
    values = made.values.copy()
    values[40:90, 180:300] = np.maximum(values[40:90, 180:300], 0.12)
    values[50:80, 230:265] = 1.0
    found = breast.find(values)
    assert not found.mask[50:80, 230:265].any()
    assert dice(found.mask, made.breast) > 0.9


@pytest.mark.parametrize("values", [np.zeros((80, 60), np.uint8), np.full((80, 60), 7, np.uint16)])
def test_a_picture_of_one_value_holds_no_breast(values) -> None:
    assert breast.find(values) is None


def test_specks_are_no_breast() -> None:
    values = np.zeros((300, 300), np.float32)
    values[100:110, 100:110] = 1
    assert breast.find(values) is None
