"""What measurements measure: geometry by properties, millimetres by known calibrations."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from breastview.imaging import quantities as q
from breastview.imaging import regions
from breastview.study.calibration import Calibration, Region, Ruler, everywhere
from breastview.study.instance import Window
from breastview.study.measurement import Measurement, Quantity, Tool
from breastview.study.pixels import FramePixels

ROWS, COLUMNS = 200, 300
COORDINATE = st.floats(0, 199, allow_nan=False).map(lambda value: round(value, 3))
POINT = st.tuples(COORDINATE, COORDINATE)
SPACING = st.floats(0.01, 2.0).map(lambda value: round(value, 4))


def measured(
    tool: Tool,
    *points: tuple[float, float],
    calibration: Calibration | None = None,
    pixels: FramePixels | None = None,
) -> dict[str, Quantity]:
    one = Measurement("x", tool, points)
    found = q.quantities(one, calibration or Calibration(), pixels, "US")
    return {each.name: each for each in found}


def square(spacing: float) -> Calibration:
    return everywhere("PixelSpacing", ROWS, COLUMNS, spacing, spacing)


@settings(deadline=None)
@given(POINT, POINT, SPACING, SPACING)
def test_a_distance_is_euclidean_in_mm_on_pixels_of_any_shape(a, b, row_mm: float, column_mm: float) -> None:
    calibration = everywhere("PixelSpacing", ROWS, COLUMNS, row_mm, column_mm)
    length = measured(Tool.DISTANCE, a, b, calibration=calibration)["length"]
    assert length.unit == "mm" and length.source == "PixelSpacing"
    assert length.value == pytest.approx(math.hypot((b[0] - a[0]) * column_mm, (b[1] - a[1]) * row_mm))


@settings(deadline=None)
@given(POINT, POINT, POINT)
def test_an_angle_does_not_depend_on_the_order_of_its_arms(a, vertex, b) -> None:
    assume(a != vertex and b != vertex)
    there, back = (
        measured(Tool.ANGLE, *points)["angle"].value for points in ((a, vertex, b), (b, vertex, a))
    )
    assert 0 <= there <= 180 and there == pytest.approx(back)


@settings(deadline=None)
@given(POINT, st.floats(5, 60), st.floats(0, 2 * math.pi), st.floats(0.05, math.pi - 0.05))
def test_an_angle_is_the_one_it_was_drawn_with(vertex, arm: float, turn: float, angle: float) -> None:
    ends = [(vertex[0] + arm * math.cos(t), vertex[1] + arm * math.sin(t)) for t in (turn, turn + angle)]
    found = measured(Tool.ANGLE, ends[0], vertex, ends[1])["angle"]
    assert found.value == pytest.approx(math.degrees(angle), abs=1e-6) and found.text.endswith(
        "°, uncalibrated"
    )


@settings(deadline=None)
@given(st.floats(20, 60), st.floats(5, 60), st.floats(0, math.pi), SPACING)
def test_an_ellipse_has_pi_a_b_whichever_way_it_lies(a: float, b: float, turn: float, spacing: float) -> None:
    along, across = np.array((math.cos(turn), math.sin(turn))), np.array((-math.sin(turn), math.cos(turn)))
    centre = np.array((100.0, 100.0))
    points = [tuple(map(float, p)) for p in (centre - a * along, centre + a * along, centre + b * across)]
    found = measured(Tool.ELLIPSE, *points, calibration=square(spacing))
    assert found["area"].value == pytest.approx(math.pi * a * b * spacing**2)
    assert found["long axis"].value == pytest.approx(2 * max(a, b) * spacing)
    assert found["short axis"].value == pytest.approx(2 * min(a, b) * spacing)


def test_the_axes_of_an_ellipse_on_oblong_pixels_are_those_in_the_patient() -> None:
    calibration = everywhere("PixelSpacing", ROWS, COLUMNS, row_mm=0.2, column_mm=0.1)
    found = measured(Tool.ELLIPSE, (50.0, 100.0), (150.0, 100.0), (100.0, 150.0), calibration=calibration)
    assert found["long axis"].value == pytest.approx(20.0), "50 px down are 10 mm, twice as long as across"
    assert found["short axis"].value == pytest.approx(10.0)


@settings(deadline=None)
@given(POINT, POINT, SPACING, SPACING)
def test_a_rectangle_is_width_by_height(a, b, row_mm: float, column_mm: float) -> None:
    calibration = everywhere("PixelSpacing", ROWS, COLUMNS, row_mm, column_mm)
    found = measured(Tool.RECTANGLE, a, b, calibration=calibration)
    width, height = abs(b[0] - a[0]) * column_mm, abs(b[1] - a[1]) * row_mm
    assert found["area"].value == pytest.approx(width * height) and found["area"].unit == "mm2"
    assert (found["width"].value, found["height"].value) == pytest.approx((width, height))


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 40), st.floats(15, 80), st.floats(0.3, 1.0), st.integers(0, 9))
def test_a_freehand_area_agrees_with_the_number_of_pixels_inside(
    corners: int, radius: float, least: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    turns = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    reach = radius * random.uniform(least, 1, corners)
    points = tuple((100 + r * math.cos(t), 95 + r * math.sin(t)) for r, t in zip(reach, turns, strict=True))
    found = measured(Tool.FREEHAND, *points)
    *_, mask = regions.inside(np.array(points), ROWS, COLUMNS)
    assert abs(found["area"].value - mask.sum()) <= 0.5 * found["perimeter"].value + 1
    assert found["short axis"].value <= found["long axis"].value <= 2 * radius + 1e-9


def test_an_outline_that_crosses_itself_has_no_area() -> None:
    assert measured(Tool.FREEHAND, (0, 0), (50, 50), (50, 0), (0, 50)) == {}
    assert "area" in measured(Tool.FREEHAND, (0, 0), (50, 0), (50, 50), (0, 50))


def test_depth_by_width_tells_a_tall_mass_from_a_wide_one() -> None:
    tall = measured(Tool.AXES, (50, 20), (50, 80), (30, 50), (70, 50))["depth/width"]
    wide = measured(Tool.AXES, (20, 50), (80, 50), (50, 30), (50, 70))["depth/width"]
    assert (tall.value, wide.value) == pytest.approx((1.5, 2 / 3))
    plain = q.quantities(Measurement("x", Tool.AXES, ((0, 0), (9, 0), (4, 0), (4, 4))), modality="MG")
    assert [one.name for one in plain] == ["long axis", "short axis"], "a mammogram has no depth"


# Grey levels ------------------------------------------------------------------------------------------------


def frame(values: np.ndarray) -> FramePixels:
    return FramePixels(values, "RGB" if values.ndim == 3 else "MONOCHROME2", Window(128, 256))


def test_grey_levels_are_those_of_the_pixels_whose_centres_lie_inside() -> None:
    values = np.random.default_rng(1).integers(0, 4096, (ROWS, COLUMNS)).astype(np.uint16)
    found = measured(Tool.RECTANGLE, (9.5, 19.5), (59.5, 49.5), pixels=frame(values))
    inside = values[20:50, 10:60].astype(float)
    assert found["n"].value == inside.size
    assert found["mean"].value == pytest.approx(inside.mean())
    assert found["sd"].value == pytest.approx(inside.std(ddof=1))
    assert (found["min"].value, found["max"].value) == (inside.min(), inside.max())


def test_grey_stored_in_colour_keeps_its_grey_and_what_lies_outside_the_picture_is_left_out() -> None:
    grey = np.random.default_rng(2).integers(0, 256, (ROWS, COLUMNS)).astype(np.uint8)
    found = measured(Tool.RECTANGLE, (-30.0, -30.0), (9.5, 9.5), pixels=frame(np.dstack([grey] * 3)))
    assert found["n"].value == 100 and found["mean"].value == pytest.approx(grey[:10, :10].mean())


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.int16, np.int32, np.float32, np.float64])
def test_a_histogram_counts_every_pixel_once(kind: type) -> None:
    values = np.random.default_rng(3).integers(0, 250, (ROWS, COLUMNS)).astype(kind)
    area = Measurement("x", Tool.RECTANGLE, ((9.5, 19.5), (59.5, 49.5)))
    counts, low, high = q.histogram(area, frame(values))
    inside = values[20:50, 10:60]
    assert counts.sum() == inside.size and (low, high) == (inside.min(), inside.max())
    flat = q.histogram(area, frame(np.full_like(values, 7)))
    assert flat[0].sum() == inside.size and flat[1:] == (7.0, 7.0)
    outside = replace(area, points=((400.0, 400.0), (450.0, 450.0)))
    assert q.histogram(outside, frame(values))[0].sum() == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-20, 60), st.floats(-20, 60)), min_size=3, max_size=9))
def test_inside_is_even_odd_for_any_polygon(points) -> None:
    polygon = np.array(points)
    assume(np.ptp(polygon, axis=0).min() > 0.1)
    x, y, mask = regions.inside(polygon, 40, 50)
    whole = np.zeros((40, 50), bool)
    whole[y : y + mask.shape[0], x : x + mask.shape[1]] = mask
    for column, row in ((0, 0), (10, 7), (25, 20), (33, 31), (49, 39)):
        crossings = 0
        for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            if (ay <= row) != (by <= row):
                crossings += ax + (row - ay) * (bx - ax) / (by - ay) <= column
        assert whole[row, column] == bool(crossings % 2)


# Millimetres only where they are true -----------------------------------------------------------------------

LEFT, RIGHT = Region(0, 0, 99, 149, 0.1, 0.1), Region(100, 0, 299, 149, 0.2, 0.2)
TWO = Calibration("US region", (LEFT, RIGHT))


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ((10, 10), (60, 10), "5.0 mm (US region)"),
        ((150, 10), (200, 10), "10.0 mm (US region)"),
        ((99.4, 10), (49.4, 10), "5.0 mm (US region)"),
        ((60, 10), (160, 10), "100.0 px, crosses two calibrated regions"),
        ((60, 140), (60, 180), "40.0 px, outside the calibrated region"),
    ],
)
def test_a_length_has_mm_in_one_region_only_and_says_why_not(start, end, text: str) -> None:
    assert measured(Tool.DISTANCE, start, end, calibration=TWO)["length"].text == text


def test_a_box_in_the_picture_of_the_same_scale_is_no_border_and_one_of_another_is() -> None:
    picture, box = Region(0, 0, 299, 199, 0.1, 0.1), Region(100, 50, 199, 149, 0.1, 0.1)
    across = (50.0, 100.0), (250.0, 100.0)
    colour = Calibration("US region", (picture, box))
    assert measured(Tool.DISTANCE, *across, calibration=colour)["length"].text == "20.0 mm (US region)"
    inset = Calibration("US region", (picture, replace(box, dx=0.05, dy=0.05)))
    assert measured(Tool.DISTANCE, *across, calibration=inset)["length"].unit == "px", "it leads through it"
    around = measured(Tool.RECTANGLE, (50.0, 20.0), (250.0, 180.0), calibration=inset)["area"]
    assert around.note == "crosses two calibrated regions", "an area that holds it is not true either"
    inside = measured(Tool.DISTANCE, (110.0, 60.0), (150.0, 60.0), calibration=inset)["length"]
    assert inside.text == "2.0 mm (US region)"


def test_without_a_calibration_everything_is_px() -> None:
    found = measured(Tool.RECTANGLE, (0, 0), (10, 20))
    assert [one.text for one in found.values()] == [
        "200.0 px², uncalibrated", "10.0 px, uncalibrated", "20.0 px, uncalibrated",
    ]  # fmt: skip


@settings(deadline=None)
@given(POINT, st.floats(11, 190), st.floats(0.5, 400))
def test_a_ruler_measures_its_own_length(start, length: float, millimetres: float) -> None:
    end = start[0], start[1] + length
    calibration = Ruler(start, end, millimetres).calibration(500, 500)
    found = q.quantities(Measurement("x", Tool.DISTANCE, (start, end)), calibration)[0]
    assert found.value == pytest.approx(millimetres) and found.source == "depth ruler"


def test_a_ruler_that_is_too_short_calibrates_nothing() -> None:
    short = Ruler((0, 0), (0, 5), 10.0)
    assert not short.sound and not Ruler((0, 0), (0, 50), 0.0).sound
    with pytest.raises(ValueError, match="ruler"):
        short.calibration(10, 10)
