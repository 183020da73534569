"""Tools of the left button for window, pan and zoom; the magnifier; steps of the window; true size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui import screens
from breastview.gui.panes.orientation import Orientation
from breastview.gui.panes.pane_row import PaneRow
from breastview.gui.panes.viewing_tools import MAGNIFIER, PAN, WINDOW, ZOOM
from breastview.imaging.window import to_display
from breastview.study.calibration import everywhere
from breastview.study.instance import Window

from .conftest import BARE, COLUMNS, ROWS, Case, Painted, make_case

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drag(row: PaneRow, start: tuple[int, int], end: tuple[int, int], index: int = 0) -> None:
    canvas = row.pane(index).canvas
    QTest.mousePress(canvas, LEFT, NONE, QPoint(*start))
    QTest.mouseMove(canvas, QPoint((start[0] + end[0]) // 2, (start[1] + end[1]) // 2))
    for kind, buttons in ((QEvent.Type.MouseMove, LEFT), (QEvent.Type.MouseButtonRelease, None)):
        here = QPointF(*end)
        held = buttons or Qt.MouseButton.NoButton
        event = QMouseEvent(kind, here, canvas.mapToGlobal(here), LEFT, held, NONE)
        QApplication.sendEvent(canvas, event)


def hover(row: PaneRow, x: float, y: float, index: int = 0) -> None:
    canvas, none = row.pane(index).canvas, Qt.MouseButton.NoButton
    here = QPointF(x, y)
    event = QMouseEvent(QEvent.Type.MouseMove, here, canvas.mapToGlobal(here), none, none, NONE)
    QApplication.sendEvent(canvas, event)


def test_the_pan_tool_moves_the_picture_and_leaves_the_window(shown: PaneRow, qtbot: QtBot) -> None:
    shown.zoom_in()
    shown.set_look(replace(shown.look, tool=PAN))
    before = shown.view
    drag(shown, (60, 60), (100, 90))
    assert shown.view.x == pytest.approx(before.x - 40 / before.zoom)
    assert shown.view.y == pytest.approx(before.y - 30 / before.zoom)
    assert shown.look.window is None and shown.look.tool == PAN, "it stays until another is chosen"


def test_the_zoom_tool_enlarges_upwards_about_where_the_drag_began(shown: PaneRow) -> None:
    shown.set_look(replace(shown.look, tool=ZOOM))
    before = shown.view.zoom
    under = shown.pane(0).canvas.picture_point(60, 120)
    drag(shown, (60, 120), (60, 40))
    assert shown.view.zoom > before * 1.5 and shown.look.window is None
    x, y = shown.pane(0).canvas.projection().to_pane(*under)
    assert (x, y) == pytest.approx((60, 120), abs=2)


def test_the_window_tool_windows(shown: PaneRow, qtbot: QtBot) -> None:
    shown.set_look(replace(shown.look, tool=WINDOW))
    drag(shown, (60, 60), (160, 60))
    qtbot.waitUntil(lambda: shown.look.window is not None, timeout=60_000)
    assert shown.look.window is not None and shown.look.window.width > 4096


def test_a_click_with_a_tool_changes_nothing(shown: PaneRow) -> None:
    shown.set_look(replace(shown.look, tool=PAN))
    before = shown.view
    drag(shown, (60, 60), (61, 61))
    assert shown.view == before


@pytest.mark.parametrize("up_brightens", [True, False])
@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_brighter_is_brighter_whatever_the_mouse_does(
    row: PaneRow, case: Case, painted: Painted, photometric: str, up_brightens: bool
) -> None:
    row.drag_up_brightens = up_brightens
    row.set_look(BARE)
    row.set_picture(replace(case.pixels, photometric=photometric), case.instance)
    before = painted(row).mean()
    for _ in range(4):
        row.step_window(0, 1)
        QApplication.processEvents()
    assert painted(row).mean() > before + 5
    spread = painted(row).std()
    for _ in range(8):
        row.step_window(1, 0)
        QApplication.processEvents()
    assert painted(row).std() < spread


def test_the_magnifier_shows_full_resolution_with_the_same_window_in_all_panes(
    row: PaneRow, case: Case, painted: Painted
) -> None:
    look = replace(BARE, tool=MAGNIFIER, window=Window(1500, 2000), smooth=False, loupe=2.0)
    row.set_look(look)
    row.set_picture(case.pixels, case.instance)
    row.actual_pixels()
    plain = [painted(row, index) for index in range(3)]
    canvas = row.pane(0).canvas
    middle = QPointF(canvas.width() / 2, canvas.height() / 2)
    hover(row, middle.x(), middle.y())
    column, line = (int(at) for at in canvas.picture_point(middle.x(), middle.y()))
    wanted = to_display(case.pixels, look.window)[line - 9 : line + 10, column - 9 : column + 10]
    for index in range(3):
        seen = painted(row, index)
        x, y = round(middle.x()), round(middle.y())
        patch = seen[y - 16 : y + 17, x - 16 : x + 17, 0]
        doubled = np.kron(wanted, np.ones((2, 2), np.uint8))
        places = [
            (dy, dx) for dy in range(doubled.shape[0] - 32) for dx in range(doubled.shape[1] - 32)
            if (doubled[dy : dy + 33, dx : dx + 33] == patch).mean() > 0.9
        ]  # fmt: skip
        assert places, "each px of the picture is two by two"
        assert np.array_equal(seen[:10], plain[index][:10]), "the rest is as before"


@pytest.mark.parametrize("lying", [Orientation(1), Orientation(2, True)])
def test_the_magnifier_enlarges_what_lies_under_the_mouse(
    row: PaneRow, painted: Painted, lying: Orientation
) -> None:
    values = np.full((ROWS, COLUMNS), 100, np.uint16)
    values[40:44, 60:64] = 4000
    case = make_case(values)
    row.set_look(replace(BARE, tool=MAGNIFIER, orientation=lying, loupe=4.0))
    row.set_picture(case.pixels, case.instance)
    projection = row.pane(0).canvas.projection()
    x, y = projection.to_pane(62, 42)
    hover(row, x, y)
    bright = painted(row)[..., 0] > 200
    ys, xs = np.nonzero(bright[round(y) - 20 : round(y) + 21, round(x) - 20 : round(x) + 21])
    assert (xs.mean() - 20, ys.mean() - 20) == pytest.approx((0, 0), abs=2.5)


def test_the_wheel_makes_the_magnifier_stronger_within_its_limits(shown: PaneRow) -> None:
    steps: list[int] = []
    shown.step_requested.connect(steps.append)
    shown.set_look(replace(shown.look, tool=MAGNIFIER))
    for _ in range(5):
        wheel(shown, 120)
    assert shown.look.loupe == 4.0
    for _ in range(9):
        wheel(shown, -120)
    assert shown.look.loupe == 2.0 and steps == []


def wheel(row: PaneRow, turned: int) -> None:
    canvas = row.pane(0).canvas
    here = QPointF(50, 50)
    event = QWheelEvent(
        here, canvas.mapToGlobal(here), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, NONE,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def test_the_magnifier_goes_with_the_mouse_and_with_the_tool(shown: PaneRow, painted: Painted) -> None:
    before = painted(shown)
    shown.set_look(replace(shown.look, tool=MAGNIFIER))
    hover(shown, 120, 150)
    assert not np.array_equal(painted(shown), before)
    QApplication.sendEvent(shown.pane(0).canvas, QEvent(QEvent.Type.Leave))
    assert np.array_equal(painted(shown), before)
    hover(shown, 120, 150)
    shown.set_look(replace(shown.look, tool=""))
    assert shown.pane(1).canvas._loupe is None


def test_true_size_makes_a_millimetre_a_millimetre(row: PaneRow) -> None:
    density = 5.0
    screen = row.screen()
    row.set_look(replace(BARE, screens=((screens.name(screen), density),)))
    case = make_case(calibration=everywhere("PixelSpacing", ROWS, COLUMNS, row_mm=0.4, column_mm=0.2))
    row.set_picture(case.pixels, case.instance)
    assert row.true_size() and row.calibrated
    projection = row.pane(0).canvas.projection()
    x0, y0 = projection.to_pane(10, 10)
    x1, y1 = projection.to_pane(60, 35)
    assert (x1 - x0, y1 - y0) == pytest.approx((50 * 0.2 * density, 25 * 0.4 * density))
    shown = row.pane(0).canvas._display(projection)
    assert shown.life == pytest.approx(1.0)


def test_true_size_is_refused_without_millimetres_or_a_measured_screen(row: PaneRow) -> None:
    case = make_case()
    row.set_picture(case.pixels, case.instance)
    before = row.view
    assert not row.true_size() and not row.calibrated
    known = make_case(calibration=everywhere("PixelSpacing", ROWS, COLUMNS, 0.2, 0.2))
    row.set_picture(known.pixels, known.instance)
    assert not row.true_size() and row.calibrated
    assert row.view == before


def test_the_magnifier_shows_the_outline_of_the_lesion(row: PaneRow, case: Case, painted: Painted) -> None:
    row.set_look(replace(BARE, tool=MAGNIFIER, loupe=2.0, mask_visible=True, contour_visible=True))
    row.set_picture(case.pixels, case.instance)
    row.set_analysis(case.analysis)
    x, y = case.analysis.findings[0].long_ends[0]
    at = row.pane(1).canvas.to_view()(x, y)
    hover(row, at.x(), at.y())

    def cyan(index: int) -> int:
        around = painted(row, index)[round(at.y()) - 20 : round(at.y()) + 21, :].astype(int)
        part = around[:, max(round(at.x()) - 20, 0) : round(at.x()) + 21]
        return int(((part[..., 2] > 200) & (part[..., 0] < 60)).sum())

    with_outline = cyan(1)
    row.set_look(replace(row.look, contour_visible=False))
    assert with_outline > 20 > cyan(1)
