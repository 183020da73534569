from __future__ import annotations

from dataclasses import replace

import pytest

from breastview.gui.panes.annotations import Corners, Display, corners, date
from breastview.gui.panes.orientation import UPRIGHT
from breastview.study.calibration import everywhere
from breastview.study.instance import Window

from .conftest import make_case

SHOWN = Display(Window(2048, 4096), 1.0)


def test_full_text_says_who_what_how_and_where_millimetres_come_from() -> None:
    instance = replace(
        make_case(calibration=everywhere("US region", 120, 160, 0.1, 0.1)).instance, lossy="JPEG, 15:1"
    )
    shown = replace(SHOWN, zoom=0.5, calibration=instance.calibration(0))
    text = corners(instance, 0, shown, level=2)
    assert text.top_left == ("Muster, Erika", "ID-1", "1970-01-01 F", "2024-05-18", "Breast US")
    assert text.top_right == ("L", "Series 3 · Radial", "US · 160 × 120")
    assert text.bottom_left == ("W 4096  L 2048", "Zoom 50%")
    assert text.bottom_right == ("Lossy: JPEG, 15:1", "mm: US region")


def test_short_text_tells_pictures_apart_and_no_text_is_none() -> None:
    instance = make_case().instance
    short = corners(instance, 0, SHOWN, level=1)
    assert short.top_left == ("Muster, Erika",) and short.top_right == ("L",) and short.bottom_right == ()
    assert not any(vars(corners(instance, 0, SHOWN, level=0)).values())


def test_frames_are_counted_from_one() -> None:
    assert "Frame 3 / 41" in corners(make_case(frames=41).instance, 2, SHOWN, level=1).bottom_left


def test_a_picture_without_calibration_says_so() -> None:
    assert corners(make_case().instance, 0, SHOWN, level=2).bottom_right == ("Uncalibrated",)


def test_a_window_is_told_in_whole_units_unless_it_is_narrow() -> None:
    instance = make_case().instance
    told = [
        corners(instance, 0, replace(SHOWN, window=window), level=1).bottom_left[0]
        for window in (Window(87.52, 381.91), Window(0.512, 1.25))
    ]
    assert told == ["W 382  L 88", "W 1.25  L 0.512"]


@pytest.mark.parametrize(
    ("known", "sign"),
    [("JPEG, 15:1", "Lossy: JPEG, 15:1"), ("lossy, 10:1", "Lossy, 10:1"), ("", "Uncalibrated")],
)
def test_lossy_pictures_are_marked(known: str, sign: str) -> None:
    instance = replace(make_case().instance, lossy=known)
    assert corners(instance, 0, SHOWN, level=2).bottom_right[0] == sign


def test_dates_that_are_none_stay_as_they_are() -> None:
    assert date("20240518") == "2024-05-18"
    assert date("May 2024") == "May 2024"
    assert date("") == ""


def test_the_zoom_is_told_against_life_where_millimetres_and_screen_are_known() -> None:
    instance = make_case().instance
    shown = replace(SHOWN, zoom=0.5, life=1.8)
    assert corners(instance, 0, shown, level=1).bottom_left[1:] == ("1.8× life size", "Zoom 50%")


def test_a_turned_picture_says_so_at_every_level() -> None:
    instance, shown = make_case().instance, replace(SHOWN, orientation=UPRIGHT.turned(1))
    for level in (0, 1, 2):
        assert corners(instance, 0, shown, level).signs == ("Rotated 90° right",)
    assert corners(instance, 0, shown, 0) == Corners(signs=("Rotated 90° right",))
    assert corners(instance, 0, SHOWN, 2).signs == ()


def test_an_inverted_picture_says_so() -> None:
    shown = replace(SHOWN, inverted=True)
    assert corners(make_case().instance, 0, shown, level=1).bottom_left[0] == "W 4096  L 2048  Inverted"


def test_the_sign_of_a_lossy_picture_stays_in_the_short_text() -> None:
    instance = replace(make_case().instance, lossy="JPEG, 15:1")
    assert corners(instance, 0, SHOWN, level=1).bottom_right == ("Lossy: JPEG, 15:1",)


@pytest.mark.parametrize(
    ("told", "full", "short"),
    [
        ("name", ("Muster, Erika", "ID-1", "1970-01-01 F", "2024-05-18", "Breast US"), ("Muster, Erika",)),
        ("number", ("ID-1", "2024-05-18", "Breast US"), ()),
        ("none", ("2024-05-18", "Breast US"), ()),
    ],
)
def test_the_patient_is_told_as_far_as_the_reader_wants(
    told: str, full: tuple[str, ...], short: tuple[str, ...]
) -> None:
    shown = replace(SHOWN, patient=told)
    instance = make_case().instance
    assert corners(instance, 0, shown, level=2).top_left == full
    assert corners(instance, 0, shown, level=1).top_left == short


def test_the_folder_of_a_loose_picture_is_told_once() -> None:
    instance = make_case().instance
    same = replace(instance.series, number=0, description=instance.study.description)
    text = corners(replace(instance, series=same), 0, SHOWN, level=2)
    assert "Breast US" in text.top_left and "Breast US" not in text.top_right
