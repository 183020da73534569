"""All eight ways a picture can lie: whatever is drawn over it lies the same way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from breastview.gui.panes import canvas, view
from breastview.gui.panes.layers import HeatLayer
from breastview.gui.panes.orientation import UPRIGHT, Orientation
from breastview.gui.panes.pane_row import PaneRow
from breastview.gui.panes.sampling import Pyramid
from breastview.gui.panes.scale_bar import scale_bar
from breastview.gui.panes.view import Projection, View, project
from breastview.study.calibration import Calibration, Region, everywhere

from .conftest import BARE, Painted, make_case, picture_box

ALL = [Orientation(quarters, mirrored) for mirrored, quarters in product((False, True), range(4))]
RANDOM = np.random.default_rng(5)

each_orientation = pytest.mark.parametrize("lying", ALL, ids=lambda lying: lying.sign or "as stored")


def seen_from(lying: Orientation, zoom: float, columns: int, rows: int, aspect: float = 1.0) -> Projection:
    """Return a projection whose pane is exactly as large as the picture."""
    wide, high = columns * max(1.0, 1 / aspect) * zoom, rows * max(1.0, aspect) * zoom
    size = (high, wide) if lying.swaps else (wide, high)
    width, height = (round(side) for side in size)
    return project(View(zoom, columns / 2, rows / 2, False, lying, aspect), width, height)


def test_the_eight_orientations_are_different_and_upright_is_as_stored() -> None:
    values = np.arange(6).reshape(2, 3)
    assert len({lying.applied(values).tobytes() + bytes(lying.applied(values).shape) for lying in ALL}) == 8
    assert np.array_equal(UPRIGHT.applied(values), values)


@each_orientation
def test_flips_and_turns_act_on_what_is_seen(lying: Orientation) -> None:
    values = np.arange(12).reshape(3, 4)
    now = lying.applied(values)
    assert np.array_equal(lying.flipped_across().applied(values), now[:, ::-1])
    assert np.array_equal(lying.flipped_down().applied(values), now[::-1])
    assert np.array_equal(lying.turned(1).applied(values), np.rot90(now, -1))
    assert np.array_equal(lying.turned(-1).applied(values), np.rot90(now))
    assert lying.turned(4) == lying and lying.flipped_across().flipped_across() == lying


@each_orientation
def test_the_sign_names_every_orientation_but_the_stored_one(lying: Orientation) -> None:
    assert bool(lying.sign) == (lying != UPRIGHT)
    assert len({other.sign for other in ALL}) == 8


@each_orientation
@pytest.mark.parametrize("smooth", [True, False])
def test_pixel_for_pixel_a_turned_picture_is_the_turned_array(lying: Orientation, smooth: bool) -> None:
    values = RANDOM.integers(0, 4096, (31, 47)).astype(np.uint16)
    seen = seen_from(lying, 1.0, 47, 31)
    sampled = Pyramid(values).sample(seen, seen.visible(47, 31), smooth)
    assert np.array_equal(sampled, lying.applied(values))


@each_orientation
@pytest.mark.parametrize("zoom", [0.25, 0.61, 2.5])
def test_a_turned_picture_is_the_upright_one_turned_at_any_zoom(lying: Orientation, zoom: float) -> None:
    values = RANDOM.random((120, 200)).astype(np.float32)
    upright, turned = (seen_from(each, zoom, 200, 120) for each in (UPRIGHT, lying))
    sampled = Pyramid(values).sample(turned, turned.visible(200, 120), smooth=True)
    wanted = lying.applied(Pyramid(values).sample(upright, upright.visible(200, 120), smooth=True))
    assert sampled.shape == wanted.shape
    assert np.abs(sampled - wanted).max() < 0.05  # OpenCV rounds positions to 1/32 px


@each_orientation
@pytest.mark.parametrize("aspect", [1.0, 2.0, 0.4])
def test_points_go_to_the_pane_and_back_one_by_one_and_together(lying: Orientation, aspect: float) -> None:
    seen = project(View(1.7, 40.0, 30.0, False, lying, aspect), 301, 207)
    points = RANDOM.random((20, 2)) * 100
    there = np.array([seen.to_pane(*point) for point in points])
    assert np.allclose(seen.mapped(points), there)
    assert np.allclose([seen.to_picture(*point) for point in there], points)


@each_orientation
def test_a_fitted_picture_is_whole_and_the_mouse_moves_it_the_way_it_goes(lying: Orientation) -> None:
    fitted = view.fitted(800, 300, 640, 480, lying, 1.5)
    x0, y0, x1, y1 = project(fitted, 640, 480).visible(800, 300)
    assert 0 <= x0 < x1 <= 640 and 0 <= y0 < y1 <= 480
    assert abs(x1 - x0 - 640) <= 1 or abs(y1 - y0 - 480) <= 1
    start = View(2.0, 400.0, 150.0, False, lying, 1.5)
    before, after = (project(each, 640, 480) for each in (start, view.panned(start, 24, -10, 800, 300)))
    x, y = before.to_pane(410, 140)
    assert after.to_pane(410, 140) == pytest.approx((x + 24, y - 10), abs=1)
    under = before.to_picture(320 + 50, 240 - 30)
    nearer = project(view.zoomed(start, 1.8, 50, -30), 640, 480)
    assert nearer.to_pane(*under) == pytest.approx((370, 210), abs=1)


@each_orientation
def test_heat_turns_with_the_picture(lying: Orientation) -> None:
    heat = RANDOM.random((4, 5)).astype(np.float32)
    layer = HeatLayer(heat, (-10.0, 5.0, 220.0, 100.0), (120, 200))
    levels = []
    for each in (UPRIGHT, lying):
        seen = seen_from(each, 0.5, 200, 120)
        levels.append(layer._placed(seen, seen.visible(200, 120)).astype(int))
    assert np.abs(levels[1] - lying.applied(levels[0])).max() <= 1


@pytest.fixture
def lit(row: PaneRow) -> Iterator[tuple[PaneRow, np.ndarray]]:
    """Return panes with a dark picture whose lesion alone is bright, and the lesion."""
    mask = np.zeros((120, 160), bool)
    mask[20:50, 30:90] = mask[50:80, 30:45] = True  # an L: no two orientations look alike
    case = make_case(np.where(mask, 4000, 100).astype(np.uint16), mask)
    row.resize(1204, 600)
    row.set_picture(case.pixels, case.instance)
    row.set_analysis(case.analysis)
    yield row, mask


@each_orientation
@pytest.mark.parametrize("aspect", [1.0, 2.0])
def test_fill_outline_calipers_and_readout_stay_on_the_picture(
    lit: tuple[PaneRow, np.ndarray],
    painted: Painted,
    monkeypatch: pytest.MonkeyPatch,
    lying: Orientation,
    aspect: float,
) -> None:
    row, mask = lit
    for bright in ("draw_scale_bar", "write_corners"):  # as the lesion is
        monkeypatch.setattr(canvas, bright, lambda *_: ())
    if aspect != 1:
        case = make_case(
            np.where(mask, 4000, 100).astype(np.uint16),
            mask,
            everywhere("PixelSpacing", 120, 160, 0.1 * aspect, 0.1),
        )
        row.set_picture(case.pixels, case.instance)
        row.set_analysis(case.analysis)
    look = replace(BARE, orientation=lying, smooth=False)
    row.set_look(look)
    bright = painted(row, 1)[..., 0] > 128
    box = picture_box(row, 1)
    wide, high = box[1].stop - box[1].start, box[0].stop - box[0].start
    shape = (160, 120 * aspect) if not lying.swaps else (120 * aspect, 160)
    assert wide / high == pytest.approx(shape[0] / shape[1], rel=0.02), "its true shape"
    assert bright.any()

    row.set_look(replace(look, mask_visible=True, fill_opacity=1.0))
    cyan = np.all(painted(row, 1) == (0, 229, 255), axis=2)
    assert np.array_equal(cyan, bright), "the fill covers the lesion and nothing else"

    row.set_look(replace(look, mask_visible=True, contour_visible=True, fill_opacity=0.0))
    line = np.abs(painted(row, 1).astype(int) - (0, 229, 255)).max(axis=2) < 60
    edge = np.zeros_like(bright)
    for axis in (0, 1):
        step = np.diff(bright.astype(np.int8), axis=axis) != 0
        edge[tuple(slice(0, n) for n in step.shape)] |= step
    ys, xs = np.nonzero(line)
    near = [edge[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4].any() for y, x in zip(ys, xs, strict=True)]
    assert line.sum() > 100 and all(near), "the outline runs along the lesion's edge"

    row.set_look(replace(look, mask_visible=True, calipers_visible=True, fill_opacity=0.0))
    projection = row.pane(1).canvas.projection()
    finding = row.pane(1).canvas._content.overlays.analysis.findings[0]  # type: ignore[union-attr]
    shown = painted(row, 1).min(axis=2) > 200
    for x, y in finding.long_ends:
        column, line_ = (round(at) for at in projection.to_pane(x + 0.5, y + 0.5))
        assert shown[line_ - 6 : line_ + 7, column - 6 : column + 7].any(), "a caliper ends there"

    told: list[tuple[int, int, str]] = []
    row.pointed.connect(lambda *said: told.append(said))
    ys, xs = np.nonzero(bright)
    for at in RANDOM.integers(0, len(xs), 20):
        _move(row, 1, xs[at] + 0.5, ys[at] + 0.5)
        column, line_, value = told[-1]
        assert value == "4000" and mask[line_, column], "the readout names the px under the mouse"


def _move(row: PaneRow, index: int, x: float, y: float) -> None:
    pane, none = row.pane(index).canvas, Qt.MouseButton.NoButton
    here = QPointF(x, y) / pane.scale
    plain = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseMove, here, pane.mapToGlobal(here), none, none, plain)
    QApplication.sendEvent(pane, event)


@each_orientation
def test_a_scale_bar_is_true_however_the_picture_lies(lying: Orientation) -> None:
    calibration = everywhere("PixelSpacing", 300, 400, row_mm=0.2, column_mm=0.1)
    seen = project(View(3.0, 200.0, 150.0, False, lying, calibration.aspect), 500, 400)
    bar = scale_bar(calibration, seen.seen(), seen.upright_zooms[1], 200, along_rows=lying.swaps)
    assert bar is not None
    x, y = seen.to_picture(250, 50)
    other_x, other_y = seen.to_picture(250, 50 + bar.length)
    assert np.hypot((other_x - x) * 0.1, (other_y - y) * 0.2) == pytest.approx(bar.millimetres)


@each_orientation
def test_measured_and_drawn_lengths_agree_where_pixels_are_not_square(lying: Orientation) -> None:
    mask = np.zeros((120, 160), bool)
    mask[30:90, 50:60] = True  # 6 mm wide, 12 mm high: as drawn in px it would be 10 by 60
    calibration = everywhere("PixelSpacing", 120, 160, row_mm=0.2, column_mm=0.6)
    finding = make_case(mask=mask, calibration=calibration).analysis.findings[0]
    seen = project(View(2.0, 80.0, 60.0, False, lying, calibration.aspect), 500, 400)
    zoom_of_a_millimetre = seen.zooms[0] / 0.6
    assert zoom_of_a_millimetre == pytest.approx(seen.zooms[1] / 0.2)
    for ends, millimetres in (
        (finding.long_ends, finding.long_mm),
        (finding.short_ends, finding.short_mm),
    ):
        (x0, y0), (x1, y1) = (seen.to_pane(*end) for end in ends)
        assert np.hypot(x1 - x0, y1 - y0) / zoom_of_a_millimetre == pytest.approx(millimetres)


def test_pixels_that_are_nearly_square_are_left_as_they_are() -> None:
    assert everywhere("PixelSpacing", 10, 10, 0.1001, 0.1).aspect == 1.0
    assert everywhere("PixelSpacing", 10, 10, 0.2, 0.1).aspect == pytest.approx(2.0)
    two = (Region(0, 0, 4, 9, 0.1, 0.2), Region(5, 0, 9, 9, 0.1, 0.1))
    assert Calibration("US region", two).aspect == 1.0, "regions of different shape: none is right for all"


def test_letters_of_the_edges_turn_with_the_picture() -> None:
    assert UPRIGHT.edges("A", "F") == ("P", "H", "A", "F")
    assert UPRIGHT.flipped_across().edges("A", "F") == ("A", "H", "P", "F")
    assert UPRIGHT.flipped_down().edges("A", "F") == ("P", "F", "A", "H")
    # Turned right, what was on top is at the right and what was on the left is on top.
    assert UPRIGHT.turned(1).edges("A", "F") == ("F", "P", "H", "A")
    assert UPRIGHT.edges("AR", "FR") == ("PL", "HL", "AR", "FR")
    assert UPRIGHT.edges("", "") == ("", "", "", "")


def test_reset_takes_flips_and_turns_back(lit: tuple[PaneRow, np.ndarray]) -> None:
    row, _ = lit
    row.set_look(replace(row.look, orientation=UPRIGHT.turned(1).flipped_across()))
    row.reset_view()
    assert row.look.orientation == UPRIGHT and row.view.orientation == UPRIGHT


def test_a_turned_picture_is_fitted_again_and_an_enlarged_one_keeps_its_middle(
    lit: tuple[PaneRow, np.ndarray],
) -> None:
    row, _ = lit
    row.set_look(replace(row.look, orientation=UPRIGHT.turned(1)))
    width, height = row.pane(0).canvas.device_size()
    assert row.view.zoom == pytest.approx(min(width / 120, height / 160))
    row.zoom_in()
    row.pan(30, 10)
    before = row.view
    row.set_look(replace(row.look, orientation=UPRIGHT.turned(2)))
    assert (row.view.zoom, row.view.x, row.view.y) == (before.zoom, before.x, before.y)
