from __future__ import annotations

import pytest

from breastview.gui.panes.scale_bar import scale_bar
from breastview.study.calibration import UNCALIBRATED, Calibration, Region, everywhere

ALL = (0.0, 0.0, 400.0, 400.0)


def test_a_bar_is_as_long_as_it_says() -> None:
    bar = scale_bar(everywhere("PixelSpacing", 400, 400, 0.1, 0.1), ALL, zoom=2.0, room=250)
    assert bar is not None
    assert bar.millimetres == 10
    assert bar.length == pytest.approx(10 / 0.1 * 2)
    assert bar.label == "10 mm"


@pytest.mark.parametrize("zoom", [0.05, 0.3, 1.0, 7.0, 60.0])
def test_a_bar_is_round_and_fits(zoom: float) -> None:
    bar = scale_bar(everywhere("PixelSpacing", 400, 400, 0.07, 0.07), ALL, zoom, room=200)
    assert bar is not None
    assert 200 / 2.6 < bar.length <= 200.001
    digits = f"{bar.millimetres:e}"[0]
    assert digits in "125"


def test_uncalibrated_pictures_have_no_bar() -> None:
    assert scale_bar(UNCALIBRATED, ALL, 1.0, 200) is None


def test_regions_that_disagree_give_a_bar_only_while_one_is_seen_alone() -> None:
    two = Calibration("US region", (Region(0, 0, 199, 399, 0.1, 0.1), Region(200, 0, 399, 399, 0.2, 0.2)))
    assert scale_bar(two, ALL, 1.0, 200) is None
    right = scale_bar(two, (220.0, 0.0, 400.0, 400.0), 1.0, 200)
    assert right is not None
    assert right.length == pytest.approx(right.millimetres / 0.2)


def test_rows_give_the_length_of_a_vertical_bar() -> None:
    bar = scale_bar(everywhere("PixelSpacing", 400, 400, 0.5, 0.1), ALL, 1.0, 100)
    assert bar is not None
    assert bar.length == pytest.approx(bar.millimetres / 0.5)


def test_a_bar_shorter_than_a_tenth_of_a_millimetre_is_told_in_micrometres() -> None:
    bar = scale_bar(everywhere("PixelSpacing", 400, 400, 0.00025, 0.00025), ALL, zoom=1.0, room=200)
    assert bar is not None and bar.label == "50 µm"
