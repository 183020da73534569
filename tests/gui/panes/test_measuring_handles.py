"""A measurement follows its handles and stays on the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from breastview.gui.panes.measuring_handles import (
    handles,
    onto,
    shifted,
    straightened,
    upright,
    with_handle,
)
from breastview.gui.panes.measuring_paint import placed
from breastview.gui.panes.measuring_tools import worth
from breastview.imaging import quantities, regions
from breastview.study.measurement import Measurement, Tool, complete

SIZE = 120, 160
POINT = st.tuples(st.floats(-0.5, 159.5), st.floats(-0.5, 119.5)).map(
    lambda p: (round(p[0], 2), round(p[1], 2))
)
COUNTS = {Tool.DISTANCE: 2, Tool.ANGLE: 3, Tool.ELLIPSE: 3, Tool.RECTANGLE: 2, Tool.AXES: 4, Tool.TEXT: 2}


@st.composite
def drawings(draw: st.DrawFn) -> Measurement:
    tool = draw(st.sampled_from(list(Tool)))
    count = COUNTS.get(tool) or draw(st.integers(3, 60))
    return Measurement("x", tool, tuple(draw(POINT) for _ in range(count)))


@settings(max_examples=150, deadline=None)
@given(drawings(), st.integers(0, 99), POINT)
def test_a_handle_that_is_pulled_leaves_a_whole_measurement(one: Measurement, which: int, to) -> None:
    index = which % len(handles(one))
    moved = with_handle(one, index, to, SIZE)
    assert complete(moved) and moved.tool is one.tool
    assert np.isfinite(np.array(moved.points)).all()


@settings(max_examples=150, deadline=None)
@given(drawings(), st.integers(0, 99), POINT)
def test_a_handle_goes_where_it_is_pulled(one: Measurement, which: int, to) -> None:
    index = which % len(handles(one))
    moved = with_handle(one, index, to, SIZE)
    if one.tool in (Tool.ELLIPSE, Tool.AXES) or moved == one:
        return  # a second axis stays at right angles to the first
    near = min(math.dist(to, handle) for handle in handles(moved))
    assert near == pytest.approx(0, abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(drawings(), st.floats(-300, 300), st.floats(-300, 300))
def test_a_moved_measurement_keeps_its_numbers_and_stays_on_the_picture(one: Measurement, dx, dy) -> None:
    line = regions.outline(one)
    fits = (line.min() >= -0.5) and (line[:, 0].max() <= 159.5) and (line[:, 1].max() <= 119.5)
    moved = shifted(one, dx, dy, SIZE)
    there = np.array(moved.points)
    if fits:
        assert there.min() >= -0.5 - 1e-6
        assert there[:, 0].max() <= 159.5 + 1e-6 and there[:, 1].max() <= 119.5 + 1e-6
    before = [q.value for q in quantities.quantities(one) if q.unit in ("px", "px2")]
    after = [q.value for q in quantities.quantities(moved) if q.unit in ("px", "px2")]
    if len(before) == len(after):
        assert after == pytest.approx(before, rel=1e-6, abs=1e-3)


def test_the_corner_opposite_to_the_one_that_is_pulled_stays() -> None:
    one = Measurement("x", Tool.RECTANGLE, ((10, 20), (50, 60)))
    moved = with_handle(one, 1, (70, 5), SIZE)  # the upper right corner
    assert set(moved.points) == {(10, 60), (70, 5)}


def test_the_end_of_an_ellipse_s_axis_that_is_not_pulled_stays_and_its_width_too() -> None:
    one = Measurement("x", Tool.ELLIPSE, ((20, 50), (80, 50), (50, 70)))
    moved = with_handle(one, 1, (100, 50), SIZE)
    values = {q.name: q.value for q in quantities.quantities(moved)}
    assert moved.points[0] == (20, 50)
    assert (values["long axis"], values["short axis"]) == pytest.approx((80, 40))


def test_two_axes_turn_together() -> None:
    one = Measurement("x", Tool.AXES, ((20, 60), (80, 60), (50, 40), (50, 80)))
    moved = with_handle(one, 1, (20, 110), SIZE)
    long, short = (np.subtract(moved.points[n + 1], moved.points[n]) for n in (0, 2))
    assert float(long @ short) == pytest.approx(0, abs=1e-6)
    assert float(np.hypot(*short) / np.hypot(*long)) == pytest.approx(40 / 60)


def test_what_lies_between_two_handles_of_an_outline_follows_in_proportion() -> None:
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    circle = tuple((80 + 40 * math.cos(t), 60 + 40 * math.sin(t)) for t in turns)
    one = Measurement("x", Tool.FREEHAND, circle)
    moved = with_handle(one, 0, (130, 60), SIZE)
    shifts = [a[0] - b[0] for a, b in zip(moved.points, circle, strict=True)]
    assert shifts[0] == pytest.approx(10) and shifts[1] == pytest.approx(5) and shifts[2] == 0


@settings(deadline=None)
@given(POINT, POINT)
def test_shift_keeps_to_45_degrees_and_to_the_length(start, end) -> None:
    there = straightened(start, end)
    turn = math.degrees(math.atan2(there[1] - start[1], there[0] - start[0])) % 45
    assert min(turn, 45 - turn) == pytest.approx(0, abs=1e-6) or math.dist(start, end) < 1e-6
    assert math.dist(start, there) == pytest.approx(math.dist(start, end), abs=1e-6)


def test_the_short_axis_is_upright_in_the_patient_on_oblong_pixels() -> None:
    spacing = (0.1, 0.3)
    start, end, through = (10, 10), (60, 40), (35, 25)
    to = upright(start, end, spacing, through, (30, 90))
    along, across = np.subtract(end, start) * spacing, np.subtract(to, through) * spacing
    assert float(along @ across) == pytest.approx(0, abs=1e-9)


def test_points_are_brought_onto_the_picture() -> None:
    assert onto((-30.0, 500.0), SIZE) == (-0.5, 119.5)


def test_a_click_without_a_drag_is_no_distance() -> None:
    assert not worth(Measurement("x", Tool.DISTANCE, ((5, 5), (5, 5))))
    assert not worth(Measurement("x", Tool.DISTANCE, ((5, 5),)))
    assert worth(Measurement("x", Tool.DISTANCE, ((5, 5), (9, 5)))) and worth(
        Measurement("x", Tool.TEXT, ((5, 5),))
    )


# Labels -----------------------------------------------------------------------------------------------------

AREA = QRectF(4, 4, 392, 292)


def box(area: QRectF) -> QPainterPath:
    made = QPainterPath()
    made.addRect(area)
    return made


@settings(max_examples=150, deadline=None)
@given(st.floats(0, 350), st.floats(0, 250), st.floats(2, 200), st.floats(2, 150))
def test_a_label_never_covers_what_it_names_nor_leaves_the_pane(x, y, width, height) -> None:
    anchor = QRectF(x, y, width, height)
    place = placed(anchor, 90, 30, AREA, [], [box(anchor)])
    assert AREA.contains(place)
    free = any(
        AREA.adjusted(0, 0, 0, 0).contains(QRectF(px, py, 90, 30))
        and not anchor.intersects(QRectF(px, py, 90, 30))
        for px, py in ((4, 4), (306, 4), (4, 266), (306, 266))
    )
    if free:
        assert not place.intersects(anchor)


def test_labels_keep_clear_of_one_another() -> None:
    anchor = QRectF(150, 100, 60, 40)
    first = placed(anchor, 80, 20, AREA, [], [])
    second = placed(anchor, 80, 20, AREA, [first], [])
    assert not first.intersects(second)
