from __future__ import annotations

from dataclasses import replace

import pytest

from breastview.gui.panes.annotations import corners, date
from breastview.study.calibration import everywhere
from breastview.study.instance import Window

from .conftest import make_case

WINDOW = Window(2048, 4096)


def test_full_text_says_who_what_how_and_where_millimetres_come_from() -> None:
    instance = replace(
        make_case(calibration=everywhere("US region", 120, 160, 0.1, 0.1)).instance, lossy="JPEG, 15:1"
    )
    text = corners(instance, 0, WINDOW, 0.5, level=2)
    assert text.top_left == ("Muster, Erika", "ID-1", "1970-01-01 F", "2024-05-18", "Breast US")
    assert text.top_right == ("L", "Series 3 · Radial", "US · 160 × 120")
    assert text.bottom_left == ("W 4096  L 2048", "Zoom 50%")
    assert text.bottom_right == ("Lossy: JPEG, 15:1", "mm: US region")


def test_short_text_tells_pictures_apart_and_no_text_is_none() -> None:
    instance = make_case().instance
    short = corners(instance, 0, WINDOW, 1.0, level=1)
    assert short.top_left == ("Muster, Erika",) and short.top_right == ("L",) and short.bottom_right == ()
    assert not any(vars(corners(instance, 0, WINDOW, 1.0, level=0)).values())


def test_frames_are_counted_from_one() -> None:
    assert "Frame 3 / 41" in corners(make_case(frames=41).instance, 2, WINDOW, 1.0, level=1).bottom_left


def test_a_picture_without_calibration_says_so() -> None:
    assert corners(make_case().instance, 0, WINDOW, 1.0, level=2).bottom_right == ("Uncalibrated",)


def test_a_window_is_told_in_whole_units_unless_it_is_narrow() -> None:
    instance = make_case().instance
    told = [
        corners(instance, 0, window, 1.0, level=1).bottom_left[0]
        for window in (Window(87.52, 381.91), Window(0.512, 1.25))
    ]
    assert told == ["W 382  L 88", "W 1.25  L 0.512"]


@pytest.mark.parametrize(
    ("known", "sign"),
    [("JPEG, 15:1", "Lossy: JPEG, 15:1"), ("lossy, 10:1", "Lossy, 10:1"), ("", "Uncalibrated")],
)
def test_lossy_pictures_are_marked(known: str, sign: str) -> None:
    instance = replace(make_case().instance, lossy=known)
    assert corners(instance, 0, WINDOW, 1.0, level=2).bottom_right[0] == sign


def test_dates_that_are_none_stay_as_they_are() -> None:
    assert date("20240518") == "2024-05-18"
    assert date("May 2024") == "May 2024"
    assert date("") == ""
