"""Several pictures in the panes: linked and free, compared, hung."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from breastview.gui.panes import content
from breastview.gui.panes.content import Content
from breastview.gui.panes.layouts import Beside, Hung, Shows
from breastview.gui.panes.look import Look
from breastview.gui.panes.orientation import Orientation
from breastview.gui.panes.pane_row import PaneRow
from breastview.study.calibration import everywhere
from breastview.study.hanging import Wall
from breastview.study.instance import Window

from .conftest import BARE, Case, Painted, make_case
from .test_pane_row import drag, wheel


def other(name: str = "other", rows: int = 90, columns: int = 70, bits: int = 8, mm: float = 0.1) -> Content:
    values = np.random.default_rng(5).integers(0, 4096, (rows, columns)).astype(np.uint16)
    case = make_case(values, calibration=everywhere("PixelSpacing", rows, columns, mm, mm))
    instance = replace(case.instance, path=Path(f"/nowhere/{name}"), label=name, bits_stored=bits)
    return content.opened(case.pixels, instance, 0).with_analysis(case.analysis)


def compare(row: PaneRow, beside: Content | None = None) -> None:
    row.set_beside([beside or other()], Beside(compared=True))
    QApplication.processEvents()


def seen(row: PaneRow, index: int) -> tuple[float, float, float]:
    view = row._views[index]
    return view.zoom, view.x, view.y


def test_a_compared_picture_is_fitted_to_its_own_panes(shown: PaneRow) -> None:
    compare(shown)
    assert [shown.pane(index).isVisible() for index in range(6)] == [True] * 6
    canvas = shown.pane(3).canvas
    assert seen(shown, 3) == pytest.approx((min(canvas.width() / 70, canvas.height() / 90), 35, 45))
    assert shown.pane(0).canvas.geometry().size() == canvas.geometry().size()


def test_linked_pictures_are_zoomed_and_panned_together_each_from_its_own_place(shown: PaneRow) -> None:
    compare(shown)
    before = [seen(shown, index) for index in (0, 3)]
    shown.zoom_in()
    shown.pan(10, 5, index=3)
    for (zoom, x, y), index in zip(before, (0, 3), strict=True):
        now = seen(shown, index)
        assert now[0] == pytest.approx(zoom * 1.25)
        assert (now[1], now[2]) == pytest.approx((x - 10 / now[0], y - 5 / now[0]))


def test_free_panes_are_zoomed_alone_and_linked_again_go_together_from_there(shown: PaneRow) -> None:
    shown.set_look(replace(shown.look, linked=False))
    fitted = seen(shown, 1)
    wheel(shown, 2, control=True)
    assert seen(shown, 0)[0] > fitted[0] and seen(shown, 1) == fitted
    shown.set_look(replace(shown.look, linked=True))
    shown.zoom_out()
    assert seen(shown, 1)[0] == pytest.approx(fitted[0] / 1.25)


def test_one_window_serves_pictures_of_one_kind_while_they_are_linked(shown: PaneRow, case: Case) -> None:
    compare(shown, other(bits=case.instance.bits_stored))
    drag(shown, Qt.MouseButton.LeftButton, _right(40), pane=3)
    window = shown.look.window
    assert window is not None and shown.pane(4).canvas._look.window == window


def test_pictures_of_different_kinds_and_free_ones_keep_their_own_windows(shown: PaneRow) -> None:
    compare(shown, other(bits=12))
    drag(shown, Qt.MouseButton.LeftButton, _right(40), pane=3)
    assert shown.look.window is None
    own = shown.pane(3).canvas._look.window
    assert own is not None and shown.pane(0).canvas._look.window is None
    shown.set_look(replace(shown.look, window=Window(10, 20)))
    assert shown.pane(3).canvas._look.window == own


def _right(by: int) -> QPoint:
    return QPoint(by, 0)


def test_each_picture_has_overlays_of_its_own(shown: PaneRow) -> None:
    compare(shown)
    overlays = [shown.pane(index).canvas._content.overlays for index in (1, 4)]
    assert None not in overlays and overlays[0] is not overlays[1]
    shown.set_beside_analysis(1, None)
    assert shown.pane(4).canvas._content.overlays is None
    assert shown.pane(1).canvas._content.overlays is overlays[0]


def test_the_wheel_steps_all_while_linked_and_the_picture_under_it_when_free(shown: PaneRow) -> None:
    steps: list[object] = []
    shown.step_requested.connect(steps.append)
    shown.beside_step_requested.connect(lambda picture, notches: steps.append((picture, notches)))
    compare(shown)
    shown.pane(3).canvas.gestures.stepped.emit(1)
    shown.set_look(replace(shown.look, linked=False))
    shown.pane(3).canvas.gestures.stepped.emit(-2)
    shown.pane(0).canvas.gestures.stepped.emit(3)
    assert steps == [1, (1, -2), 3]


def test_tools_act_on_the_current_picture_only_and_on_no_cine_that_moves(shown: PaneRow) -> None:
    compare(shown)
    assert shown.pane(0).canvas._tools is shown.tools
    assert shown.pane(3).canvas._tools is not shown.tools
    shown.set_playing(True)
    assert shown.pane(0).canvas._tools is not shown.tools
    shown.set_playing(False)
    assert shown.pane(0).canvas._tools is shown.tools


def test_a_pane_s_menu_chooses_what_it_shows(shown: PaneRow) -> None:
    looks: list[Look] = []
    shown.look_changed.connect(looks.append)
    action = next(a for a in shown.pane(0).menu.actions() if a.data() == Shows.SEGMENTER)
    action.trigger()
    assert looks[-1].contents == ("segmenter", "mask", "heat")
    assert shown.pane(0).heat_controls.isVisible() and shown.pane(0).canvas._look.heat_source == "segmenter"
    assert shown.pane(2).canvas._look.heat_source == ""
    titles = shown.pane(0).heat_controls.title.menu()
    next(a for a in titles.actions() if a.text() == "benign").trigger()
    assert looks[-1].contents == ("heat", "mask", "heat") and looks[-1].heat_source == "benign"


def test_a_pane_for_another_picture_says_so_while_there_is_none(shown: PaneRow) -> None:
    shown.set_look(replace(shown.look, layout=2, contents=("original", "other")))
    assert shown.pane(1).canvas._content.message
    compare(shown)
    assert shown.pane(1).canvas._content.picture is not None and not shown.pane(2).isVisible()


# Hung mammograms --------------------------------------------------------------------------------------------


def hang(row: PaneRow, mm: float = 0.1, **first: object) -> None:
    """Hang the current picture left and another one right of it."""
    here = Hung(0, 0, Wall.RIGHT, **first)  # type: ignore[arg-type]
    row.set_beside([other(mm=mm)], Beside(hung=(here, Hung(0, 1, Wall.LEFT))))
    QApplication.processEvents()


@pytest.fixture
def mammogram(row: PaneRow) -> PaneRow:
    """Return panes with a calibrated picture, 0.1 mm a px."""
    spacing = everywhere("PixelSpacing", 90, 70, 0.1, 0.1)
    case = make_case(np.full((90, 70), 900, np.uint16), calibration=spacing)
    row.set_look(BARE)
    row.set_picture(case.pixels, replace(case.instance, path=Path("/nowhere/current")))
    return row


def edges(row: PaneRow, index: int) -> tuple[float, float, int]:
    """Return where the picture's columns begin and end in its pane, and the pane's width, in device px."""
    canvas = row.pane(index).canvas
    ends = sorted(canvas.projection().to_pane(x, 0)[0] for x in (0, 70))
    return ends[0], ends[1], canvas.device_size()[0]


def test_chest_walls_touch(mammogram: PaneRow, painted: Painted) -> None:
    hang(mammogram)
    left, right = edges(mammogram, 0), edges(mammogram, 1)
    assert left[1] == pytest.approx(left[2], abs=1) and right[0] == pytest.approx(0, abs=1)
    assert mammogram.pane(0).geometry().right() + 1 == mammogram.pane(1).geometry().left()
    assert painted(mammogram, 0)[100, -2:].any() and painted(mammogram, 1)[100, :2].any()


def test_a_border_beyond_the_wall_is_moved_out_of_sight(mammogram: PaneRow) -> None:
    hang(mammogram, margin=7.0)
    _, right, width = edges(mammogram, 0)
    assert right - width == pytest.approx(7 * mammogram.view.zoom, abs=1)


def test_a_picture_stored_the_other_way_round_is_mirrored_and_flipped_by_the_reader_again(
    mammogram: PaneRow,
) -> None:
    hang(mammogram, mirrored=True)
    assert mammogram.view.orientation.mirrored and not mammogram._views[1].orientation.mirrored
    assert edges(mammogram, 0)[1] == pytest.approx(edges(mammogram, 0)[2], abs=1)
    mammogram.set_look(replace(mammogram.look, orientation=Orientation(mirrored=True)))
    assert not mammogram.view.orientation.mirrored


def test_hung_pictures_are_shown_to_one_scale(mammogram: PaneRow) -> None:
    hang(mammogram, mm=0.05)
    zooms = [mammogram._views[index].zoom for index in (0, 1)]
    assert zooms[0] / 0.1 == pytest.approx(zooms[1] / 0.05)


def test_panning_one_breast_pans_the_other_one_the_other_way(mammogram: PaneRow) -> None:
    hang(mammogram)
    mammogram.zoom_in()
    before = [seen(mammogram, index) for index in (0, 1)]
    mammogram.pan(12, 4)
    moved = [seen(mammogram, index)[1] - before[index][1] for index in (0, 1)]
    assert moved[0] == pytest.approx(-moved[1]) and moved[0] < 0


def test_pressing_a_hung_picture_asks_for_it_and_keeps_how_each_is_seen(mammogram: PaneRow) -> None:
    chosen: list[int] = []
    mammogram.picture_chosen.connect(chosen.append)
    hang(mammogram)
    mammogram.zoom_in()
    views = [mammogram._views[index] for index in (0, 1)]
    current, beside = mammogram._contents
    QTest.mouseClick(mammogram.pane(1).canvas, Qt.MouseButton.LeftButton)
    assert chosen == [1] and mammogram.active == 1
    mammogram.set_picture(beside.pixels, beside.instance)
    mammogram.set_beside([current], Beside(hung=(Hung(0, 1, Wall.LEFT), Hung(0, 0, Wall.RIGHT))))
    assert [mammogram._views[index] for index in (0, 1)] == views
    assert mammogram.pane(1).canvas._content.instance is beside.instance


def test_what_hung_is_fitted_when_it_hangs_no_more(mammogram: PaneRow) -> None:
    before = mammogram.view
    hang(mammogram, mirrored=True)
    mammogram.set_beside([], Beside())
    assert mammogram.view == before


# Panes of their own -----------------------------------------------------------------------------------------


def test_a_pane_given_away_leaves_its_room_to_the_others_and_goes_on_following(shown: PaneRow) -> None:
    from PySide6.QtWidgets import QHBoxLayout, QWidget

    width = shown.pane(0).width()
    window = QWidget()
    away = shown.release(2)
    QHBoxLayout(window).addWidget(away)
    window.resize(500, 500)
    window.show()
    QApplication.processEvents()
    assert shown.pane(0).width() > width * 1.3 and shown.here == [0, 1]
    canvas = away.canvas
    assert seen(shown, 2)[0] == pytest.approx(min(canvas.width() / 160, canvas.height() / 120), rel=0.01)
    shown.zoom_in()
    assert not shown._views[2].fitted
    shown.take_back(2)
    window.deleteLater()
    assert shown.pane(2).parent() is shown and shown.pane(0).width() == width
