from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breastview.gui.panes import view
from breastview.gui.panes.view import View


@pytest.mark.parametrize(("columns", "rows"), [(800, 600), (3064, 4664), (50, 50), (4000, 10)])
def test_a_fitted_picture_is_whole_and_touches_the_pane(columns: int, rows: int) -> None:
    seen = view.project(view.fitted(columns, rows, 640, 480), 640, 480)
    x0, y0 = seen.to_pane(0, 0)
    x1, y1 = seen.to_pane(columns, rows)
    assert x0 >= -0.5 and y0 >= -0.5 and x1 <= 640.5 and y1 <= 480.5
    assert (x1 - x0) == pytest.approx(640, abs=1) or (y1 - y0) == pytest.approx(480, abs=1)


def test_a_picture_is_never_distorted() -> None:
    seen = view.project(view.fitted(800, 600, 333, 777), 333, 777)
    x0, y0 = seen.to_pane(100, 100)
    x1, y1 = seen.to_pane(200, 200)
    assert x1 - x0 == pytest.approx(y1 - y0)


@given(
    factor=st.floats(0.5, 2.0), dx=st.floats(-300, 300), dy=st.floats(-200, 200), zoom=st.floats(0.1, 20.0)
)
def test_the_point_under_the_cursor_stays_while_zooming(
    factor: float, dx: float, dy: float, zoom: float
) -> None:
    before = View(zoom, 400.0, 300.0, fitted=False)
    after = view.zoomed(before, factor, dx, dy)
    for one, start, offset in ((after.x, before.x, dx), (after.y, before.y, dy)):
        assert one + offset / after.zoom == pytest.approx(start + offset / before.zoom, abs=1e-6)


def test_a_zoom_is_kept_within_its_limits() -> None:
    assert view.zoomed(View(zoom=60.0), 100).zoom == view.MOST
    assert view.zoomed(View(zoom=0.02), 0.001).zoom == view.LEAST


def test_a_pan_moves_the_picture_with_the_mouse_and_never_loses_it() -> None:
    start = View(2.0, 100.0, 100.0, fitted=False)
    assert view.panned(start, 20, -10, 200, 200) == View(2.0, 90.0, 105.0, fitted=False)
    lost = view.panned(start, 1e6, -1e6, 200, 200)
    assert (lost.x, lost.y) == (0.0, 200.0)


def test_the_corner_of_the_picture_lies_on_a_whole_device_pixel() -> None:
    seen = view.project(View(1.0, 10.3, 20.7, fitted=False), 641, 333)
    assert seen.left == int(seen.left) and seen.top == int(seen.top)


@given(x=st.floats(-50, 900), y=st.floats(-50, 900), zoom=st.floats(0.05, 64))
def test_points_go_to_the_pane_and_back(x: float, y: float, zoom: float) -> None:
    seen = view.project(View(zoom, 400.0, 300.0), 640, 480)
    assert seen.to_picture(*seen.to_pane(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_a_picture_out_of_sight_covers_nothing() -> None:
    seen = view.Projection(1.0, 700, 0, 640, 480)
    x0, _, x1, _ = seen.visible(100, 100)
    assert x0 >= x1
