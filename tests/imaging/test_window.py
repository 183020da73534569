"""Window and level as DICOM defines them, through tables and without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from breastview.imaging.window import IDENTITY, apply, automatic, full_range, lookup, presets, to_display
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels

FULL = Window(128.0, 256.0)


def frame(
    values: NDArray[Any], photometric: str = "MONOCHROME2", window: Window = FULL, **more: Any
) -> FramePixels:
    return FramePixels(values, photometric, window, **more)


def linear(values: NDArray[Any], window: Window) -> NDArray[np.uint8]:
    """The three cases of PS3.3 C.11.2.1.2.1, as they are written there."""
    x, c, w = values.astype(np.float64), window.centre, window.width
    y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
    y = np.where(x <= c - 0.5 - (w - 1) / 2, 0, np.where(x > c - 0.5 + (w - 1) / 2, 255, y))
    return np.rint(y).astype(np.uint8)


def every(dtype: type) -> NDArray[Any]:
    info = np.iinfo(dtype)
    return np.arange(info.min, info.max + 1).astype(dtype).reshape(-1, 256)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16])
@pytest.mark.parametrize(
    "window", [FULL, Window(40, 400), Window(2048, 4096), Window(100.5, 2), Window(-500, 33.3)]
)
def test_every_value_is_mapped_as_the_standard_says(dtype: type, window: Window) -> None:
    values = every(dtype)
    np.testing.assert_array_equal(to_display(frame(values), window), linear(values, window))


@pytest.mark.parametrize("dtype", [np.int32, np.float32])
def test_values_without_a_table_are_mapped_alike(dtype: type) -> None:
    values = every(np.int16).astype(dtype)
    pixels = frame(values)
    assert lookup(pixels) is None
    np.testing.assert_array_equal(to_display(pixels, Window(40, 400)), linear(values, Window(40, 400)))


def test_a_window_of_width_one_is_a_step() -> None:
    values = np.array([[98, 99, 100, 101]], np.uint16)
    np.testing.assert_array_equal(to_display(frame(values), Window(100, 1)), [[0, 0, 255, 255]])


def test_eight_bits_in_the_full_window_are_shown_as_they_are() -> None:
    values = every(np.uint8)
    assert to_display(frame(values)) is values
    np.testing.assert_array_equal(to_display(frame(values), IDENTITY, invert=True), 255 - values)


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
def test_monochrome1_turns_black_and_white_and_invert_turns_them_back(invert: bool, dtype: type) -> None:
    values = np.arange(100).astype(dtype).reshape(10, 10)
    window = Window(50, 100)
    one = to_display(frame(values, "MONOCHROME1"), window, invert)
    two = to_display(frame(values, "MONOCHROME2"), window, not invert)
    np.testing.assert_array_equal(one, two)


def test_the_table_and_the_picture_agree() -> None:
    for dtype in (np.uint8, np.uint16, np.int16):
        values = np.random.default_rng(0).integers(0, 200, (30, 40)).astype(dtype)
        pixels = frame(values, "MONOCHROME1")
        table = lookup(pixels, Window(90, 77), invert=True)
        assert table is not None
        assert table.shape == (1 << 8 * values.itemsize,)
        np.testing.assert_array_equal(apply(table, values), to_display(pixels, Window(90, 77), invert=True))


def test_a_view_that_is_not_contiguous_is_mapped() -> None:
    values = np.random.default_rng(0).integers(0, 4096, (60, 80)).astype(np.uint16)
    table = lookup(frame(values), Window(2048, 4096))
    assert table is not None
    np.testing.assert_array_equal(apply(table, values[::3, ::2]), apply(table, values)[::3, ::2])


@pytest.mark.parametrize("dtype", [np.uint16, np.int16, np.float32])
def test_voi_lut_is_used_until_another_window_is_chosen(dtype: type) -> None:
    lut = np.array([0, 10, 200, 255], np.uint8)
    values = np.array([[99, 100, 101, 102, 103, 104]]).astype(dtype)
    pixels = frame(values, window=Window(102, 4), voi_lut=lut, voi_first=100)
    for window in (None, Window(102, 4)):
        np.testing.assert_array_equal(to_display(pixels, window), [[0, 0, 10, 200, 255, 255]])
    np.testing.assert_array_equal(to_display(pixels, Window(102, 5)), linear(values, Window(102, 5)))
    np.testing.assert_array_equal(to_display(pixels, invert=True), [[255, 255, 245, 55, 0, 0]])


def test_colour_is_windowed_channel_by_channel() -> None:
    values = np.random.default_rng(0).integers(0, 256, (20, 30, 3)).astype(np.uint8)
    pixels = frame(values, "RGB")
    assert to_display(pixels) is values
    np.testing.assert_array_equal(to_display(pixels, Window(100, 50)), linear(values, Window(100, 50)))


def test_automatic_window_leaves_out_the_border_and_the_tails() -> None:
    random = np.random.default_rng(0)
    values = np.zeros((200, 200), np.uint16)
    values[:, 100:] = random.integers(1000, 2000, (200, 100))
    values[0, 150], values[1, 150] = 60_000, 65_535
    window = automatic(frame(values))
    assert 990 < window.centre - window.width / 2 < 1020
    assert 1980 < window.centre + window.width / 2 < 2010


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_a_flat_picture_has_an_automatic_window_too(dtype: type) -> None:
    pixels = frame(np.full((8, 8), 7, dtype))
    window = automatic(pixels)
    assert window.width >= 1
    assert to_display(pixels, window).shape == (8, 8)


def test_full_range_shows_lowest_black_and_highest_white() -> None:
    values = np.array([[-300, 0, 900]], np.int16)
    shown = to_display(frame(values), full_range(frame(values)))
    assert (shown[0, 0], shown[0, 2]) == (0, 255)


def test_presets_name_the_file_s_windows_first_and_none_twice() -> None:
    windows = (Window(2000, 4000, "NORMAL"), Window(1000, 500))
    instance = Instance(
        Path("/a"), "a", "dicom", 8, 8, StudyInfo("1"), SeriesInfo("2"), windows=windows
    )  # fmt: skip
    pixels = frame(np.arange(64, dtype=np.uint16).reshape(8, 8), window=windows[0])
    found = presets(instance, pixels)
    assert found[0] == windows[0]
    assert [window.name for window in found] == ["NORMAL", "Window 2", "Automatic", "Full range"]
    assert len({(window.centre, window.width) for window in found}) == len(found)


windows = st.builds(
    Window,
    st.floats(-5000, 70_000, width=32),
    st.floats(1, 80_000, width=32).filter(lambda width: width >= 1),
)


@settings(max_examples=60)
@given(
    window=windows,
    values=st.lists(st.integers(0, 65_535), min_size=2, max_size=40),
    dtype=st.sampled_from([np.uint16, np.int32, np.float32]),
)
def test_brighter_is_never_drawn_darker_and_inverting_is_its_mirror(
    window: Window, values: list[int], dtype: type
) -> None:
    pixels = frame(np.array([sorted(values)], dtype))
    shown = to_display(pixels, window)
    assert (np.diff(shown.astype(int)) >= 0).all()
    np.testing.assert_array_equal(to_display(pixels, window, invert=True), 255 - shown)
    outside = np.abs(pixels.values - (window.centre - 0.5)) > window.width / 2 + 1
    assert set(np.unique(shown[outside])) <= {0, 255}


@settings(max_examples=60)
@given(window=windows, values=st.lists(st.integers(0, 65_535), min_size=1, max_size=40))
def test_whole_numbers_are_drawn_alike_whatever_they_are_kept_in(window: Window, values: list[int]) -> None:
    shown = [
        to_display(frame(np.array([values], dtype)), window) for dtype in (np.uint16, np.int32, np.float32)
    ]
    np.testing.assert_array_equal(shown[0], shown[1])
    np.testing.assert_array_equal(shown[0], shown[2])
