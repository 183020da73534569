from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from breastview.gui.panes.layers import HeatLayer, MaskLayer, PictureLayer, boxed
from breastview.gui.panes.outlines import OutlineLayer
from breastview.gui.panes.painted import Painted
from breastview.gui.panes.view import Projection
from breastview.imaging import colour_maps, overlay
from breastview.imaging.contours import outlines
from breastview.imaging.window import to_display
from breastview.study.instance import Window

from .conftest import COLUMNS, ROWS, Case

CYAN = (0, 229, 255)


def rgba(painted: Painted | None) -> np.ndarray:
    assert painted is not None
    image = painted.image.convertToFormat(QImage.Format.Format_RGBA8888)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return lines.copy()


def placed(painted: Painted | None, width: int, height: int) -> np.ndarray:
    """Return the alpha of a layer in a pane of a size."""
    assert painted is not None
    around = 1000
    pane = np.zeros((height + 2 * around, width + 2 * around), np.uint8)
    alpha, x, y = rgba(painted)[..., 3], painted.x + around, painted.y + around
    pane[y : y + alpha.shape[0], x : x + alpha.shape[1]] = alpha
    return pane[around:-around, around:-around]


@pytest.mark.parametrize("window", [None, Window(1000.0, 500.0)])
@pytest.mark.parametrize("invert", [False, True])
def test_one_to_one_is_exactly_the_windowed_picture(case: Case, window: Window | None, invert: bool) -> None:
    layer = PictureLayer(case.pixels)
    shown = layer.image(Projection(1.0, 0, 0, COLUMNS, ROWS), True, window, invert)
    assert np.array_equal(rgba(shown)[..., 0], to_display(case.pixels, window, invert))


def test_an_image_is_made_again_only_when_something_changed(case: Case) -> None:
    layer, seen = PictureLayer(case.pixels), Projection(0.7, 3, 4, 100, 100)
    first = layer.image(seen, True, None, False)
    assert layer.image(seen, True, None, False) is first
    assert layer.image(seen, True, None, True) is not first


def test_a_picture_out_of_sight_is_no_image(case: Case) -> None:
    assert PictureLayer(case.pixels).image(Projection(1.0, 500, 0, 100, 100), True, None, False) is None


def test_the_box_of_a_mask_leaves_a_margin_and_an_empty_mask_is_fine() -> None:
    mask = np.zeros((30, 40), bool)
    mask[10:20, 5:9] = True
    x, y, part = boxed(mask)
    assert (x, y, part.shape) == (4, 9, (12, 6))
    assert part.sum() == mask.sum() and not part[0].any() and not part[:, 0].any()
    assert not boxed(np.zeros((30, 40), bool))[2].any()


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize("zoom", [1.0, 2.0, 5.0, 2.37])
def test_mask_pixels_land_on_their_screen_pixels(case: Case, zoom: float, smooth: bool) -> None:
    seen = Projection(zoom, 11, -7, 500, 400)
    alpha = placed(MaskLayer(case.mask).image(seen, smooth, CYAN), 500, 400)
    y, x = np.mgrid[:400, :500] + 0.5
    column, row = np.floor((x - 11) / zoom).astype(int), np.floor((y + 7) / zoom).astype(int)
    inside = (column >= 0) & (column < COLUMNS) & (row >= 0) & (row < ROWS)
    wanted = np.zeros((400, 500), bool)
    wanted[inside] = case.mask[row[inside], column[inside]]
    wrong = (alpha > 127) != wanted
    if not smooth or zoom == 1:
        assert not wrong.any()
    else:  # corners are rounded by less than a pixel of the picture
        assert wrong.sum() <= 4 * zoom**2


@pytest.mark.parametrize("zoom", [0.11, 0.4, 0.77])
def test_a_shrunk_mask_keeps_its_area_and_place(zoom: float) -> None:
    y, x = np.ogrid[:300, :400]
    mask = (y - 120) ** 2 + (x - 230) ** 2 < 80**2
    alpha = placed(MaskLayer(mask).image(Projection(zoom, 0, 0, 400, 300), True, CYAN), 400, 300) / 255
    assert alpha.sum() == pytest.approx(mask.sum() * zoom**2, rel=0.02)
    rows, columns = np.mgrid[:300, :400] + 0.5
    assert (alpha * columns).sum() / alpha.sum() == pytest.approx(230.5 * zoom, abs=0.2)
    assert (alpha * rows).sum() / alpha.sum() == pytest.approx(120.5 * zoom, abs=0.2)


def test_a_mask_at_the_border_of_the_picture_fills_to_the_border() -> None:
    mask = np.zeros((20, 20), bool)
    mask[:5] = True
    alpha = placed(MaskLayer(mask).image(Projection(8.0, 0, 0, 160, 160), True, CYAN), 160, 160)
    assert np.all(alpha[1:38, 8:-8] == 255) and not alpha[43:].any()


def test_the_fill_has_the_chosen_colour(case: Case) -> None:
    image = rgba(MaskLayer(case.mask).image(Projection(1.0, 0, 0, COLUMNS, ROWS), True, CYAN))
    assert {tuple(one) for one in image[image[..., 3] == 255][:, :3].tolist()} == {CYAN}


def test_heat_is_that_of_the_exports(case: Case) -> None:
    heat = case.analysis.heat
    layer = HeatLayer(heat.classes[2], heat.placement, (ROWS, COLUMNS))
    shown = rgba(layer.image(Projection(1.0, 0, 0, COLUMNS, ROWS), "inferno", 0.2))
    whole = overlay.place(heat.classes[2], heat.placement, ROWS, COLUMNS)
    exported = overlay.heat_rgba(whole, colour_maps.table("inferno"), 1.0, 0.2)
    assert np.abs(shown[..., 3].astype(int) - exported[..., 3]).max() <= 1
    solid = exported[..., 3] == 255
    assert solid.any() and np.array_equal(shown[solid], exported[solid])


@pytest.mark.parametrize("zoom", [0.5, 3.0])
def test_the_hottest_point_stays_on_its_place(case: Case, zoom: float) -> None:
    heat = case.analysis.heat
    layer = HeatLayer(heat.classes[2], heat.placement, (ROWS, COLUMNS))
    alpha = placed(layer.image(Projection(zoom, 0, 0, 500, 400), "inferno", 0.9), 500, 400)
    y, x = np.nonzero(alpha)
    assert x.mean() / zoom == pytest.approx(1.5 * COLUMNS / 4, abs=2 / zoom)
    assert y.mean() / zoom == pytest.approx(1.5 * ROWS / 4, abs=2 / zoom)


@pytest.mark.parametrize("zoom", [0.5, 1.0, 4.0, 20.0])
def test_an_outline_runs_along_the_edge_of_its_mask(case: Case, zoom: float) -> None:
    layer = OutlineLayer(outlines(case.mask))
    left, top = 20.0, 30.0
    shown = layer.image(Projection(zoom, left, top, 3600, 2600), QColor(*CYAN), 2.0)
    image = rgba(shown)
    bright = (image[..., 1] > 150) & (image[..., 3] > 200)
    rows, columns = np.nonzero(bright)
    assert shown is not None
    ys, xs = np.flatnonzero(case.mask.any(axis=1)), np.flatnonzero(case.mask.any(axis=0))
    assert columns.min() + shown.x == pytest.approx(left + xs[0] * zoom, abs=1.5)
    assert columns.max() + 1 + shown.x == pytest.approx(left + (xs[-1] + 1) * zoom, abs=1.5)
    assert rows.min() + shown.y == pytest.approx(top + ys[0] * zoom, abs=1.5)
    assert rows.max() + 1 + shown.y == pytest.approx(top + (ys[-1] + 1) * zoom, abs=1.5)


def test_a_pan_moves_an_outline_and_draws_nothing(case: Case) -> None:
    layer = OutlineLayer(outlines(case.mask))
    before = layer.image(Projection(2.0, 20, 30, 500, 400), QColor(*CYAN), 2.0)
    after = layer.image(Projection(2.0, 27, 25, 500, 400), QColor(*CYAN), 2.0)
    assert before is not None and after is not None
    assert after.image is before.image
    assert (after.x - before.x, after.y - before.y) == (7, -5)


def test_an_outline_is_the_same_whether_drawn_whole_or_for_a_small_pane(case: Case) -> None:
    def drawn(width: int, height: int) -> np.ndarray:
        layer = OutlineLayer(outlines(case.mask))
        return placed(
            layer.image(Projection(5.0, -250, -180, width, height), QColor(*CYAN), 2.0), width, height
        )

    small = drawn(120, 90)
    assert small.any()
    assert np.array_equal(small, drawn(1000, 900)[:90, :120])


def test_no_lesion_is_no_outline() -> None:
    assert OutlineLayer(()).image(Projection(1.0, 0, 0, 100, 100), QColor(*CYAN), 2.0) is None
