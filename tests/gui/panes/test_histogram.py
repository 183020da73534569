from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from breastview.gui.panes.histogram_panel import HistogramPanel
from breastview.gui.panes.histogram_plot import Held, HistogramPlot, moved
from breastview.gui.panes.pane_row import PaneRow
from breastview.imaging.histogram import histogram
from breastview.imaging.window import automatic
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels

from .conftest import Painted, as_array, make_case


def panel_of(row: PaneRow, index: int = 0) -> HistogramPanel:
    found = row.pane(index).canvas.findChild(HistogramPanel)
    assert isinstance(found, HistogramPanel)
    return found


@pytest.fixture
def levels(shown: PaneRow) -> PaneRow:
    shown.set_look(replace(shown.look, histogram=True))
    return shown


def test_an_edge_moves_alone_and_the_middle_moves_both() -> None:
    window = Window(100, 40)
    assert moved(window, Held.WHOLE, 7) == Window(107, 40)
    assert moved(window, Held.LOW, 10) == Window(105, 30)
    assert moved(window, Held.HIGH, 10) == Window(105, 50)
    assert moved(window, Held.LOW, 500).width == 1 and moved(window, Held.HIGH, -500).width == 1


@pytest.fixture
def plot(qtbot: QtBot) -> HistogramPlot:
    made = HistogramPlot()
    qtbot.addWidget(made)
    made.resize(256, 100)
    made.show_histogram(histogram(np.arange(256, dtype=np.uint8).reshape(16, 16)))
    made.show_window(Window(128, 64))
    return made


@pytest.mark.parametrize(("start", "end", "wanted"), [(96, 60, (110, 100)), (160, 200, (148, 104)),
                                                      (128, 150, (150, 64))])  # fmt: skip
def test_the_mouse_drags_what_it_took_hold_of(
    plot: HistogramPlot, start: int, end: int, wanted: tuple[float, float]
) -> None:
    told: list[Window] = []
    plot.dragged.connect(told.append)
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(start, 30))
    QTest.mouseMove(plot, QPoint(end, 30))
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(end, 30))
    assert (told[-1].centre, told[-1].width) == pytest.approx(wanted, abs=1)


def test_the_axis_stays_while_the_window_is_dragged_out_of_it(plot: HistogramPlot) -> None:
    QTest.mousePress(plot, Qt.MouseButton.LeftButton, pos=QPoint(160, 30))
    QTest.mouseMove(plot, QPoint(400, 30))
    assert plot.ends == (0, 256)
    QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, pos=QPoint(400, 30))
    assert plot.ends[1] > 380


def test_only_the_active_pane_shows_its_grey_levels(levels: PaneRow, qtbot: QtBot) -> None:
    assert panel_of(levels).isVisible()
    levels.next_pane()
    assert not panel_of(levels).isVisible() and panel_of(levels, 1).isVisible()
    levels.set_look(replace(levels.look, histogram=False))
    assert not panel_of(levels, 1).isVisible()


def test_its_own_button_closes_it(levels: PaneRow) -> None:
    told: list[object] = []
    levels.look_changed.connect(told.append)
    panel_of(levels).close_button.click()
    assert not levels.look.histogram and not panel_of(levels).isVisible() and told == [levels.look]


def test_a_window_dragged_in_the_histogram_windows_the_panes(levels: PaneRow, painted: Painted) -> None:
    told: list[object] = []
    levels.look_changed.connect(told.append)
    panel_of(levels).plot.dragged.emit(Window(900, 300))
    assert levels.look.window == Window(900, 300) and told == [levels.look]


def test_presets_are_listed_by_name_with_the_users_own(levels: PaneRow) -> None:
    levels.set_look(replace(levels.look, presets=(Window(700, 200, "Mine"),)))
    panel = panel_of(levels)
    names = [panel.presets.itemText(index) for index in range(panel.presets.count())]
    assert names[0] == "As stored" and names[-1] == "Mine" and "Automatic" in names
    panel.presets.activated.emit(names.index("Mine"))
    assert levels.look.window == Window(700, 200, "Mine")
    assert panel.presets.currentText() == "Mine"
    panel.presets.activated.emit(0)
    assert levels.look.window is None
    levels.set_look(replace(levels.look, window=Window(3, 5)))
    assert panel.presets.currentIndex() == -1


def test_automatic_spans_what_is_counted(levels: PaneRow, qtbot: QtBot) -> None:
    values = np.zeros((120, 160), np.uint16)
    values[:, :] = np.linspace(1, 4000, 160)
    case = make_case(values)
    levels.set_picture(case.pixels, case.instance)
    panel = panel_of(levels)
    panel.automatic.click()
    assert levels.look.window == automatic(case.pixels)
    whole = levels.look.window
    for _ in range(8):
        levels.zoom_in()
    panel.part.setChecked(True)
    panel.automatic.click()
    assert levels.look.window is not None and whole is not None
    assert levels.look.window.width < whole.width / 2


def test_the_part_in_sight_is_counted_once_the_picture_rests(levels: PaneRow, qtbot: QtBot) -> None:
    panel = panel_of(levels)
    panel.part.setChecked(True)
    whole = panel.plot._histogram
    assert whole is not None
    levels.zoom_in()
    levels.zoom_in()
    qtbot.waitUntil(lambda: panel.plot._histogram is not whole, timeout=60_000)
    part = panel.plot._histogram
    assert part is not None and part.counts.sum() < whole.counts.sum()


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_the_strip_shows_the_greys_that_values_get(shown: PaneRow, photometric: str, qtbot: QtBot) -> None:
    case = make_case()
    pixels = FramePixels(case.pixels.values, photometric, Window(2048, 4096))
    shown.set_picture(pixels, case.instance)
    shown.set_look(replace(shown.look, histogram=True))
    plot = panel_of(shown).plot
    strip = as_array(plot.grab().toImage())[-3, :, 0].astype(int)
    rising = strip[-10] > strip[10]
    assert rising == (photometric == "MONOCHROME2")
    assert abs(strip[-1] - strip[0]) > 200


def test_a_colour_picture_has_three_curves(shown: PaneRow, painted: Painted) -> None:
    values = np.random.default_rng(1).integers(0, 255, (60, 80, 3)).astype(np.uint8)
    case = make_case(values)
    shown.set_picture(case.pixels, case.instance)
    shown.set_look(replace(shown.look, histogram=True))
    found = panel_of(shown).plot._histogram
    assert found is not None and found.counts.shape[0] == 3
    assert panel_of(shown).plot.grab().toImage().width() > 0


def test_corner_text_stays_above_the_histogram(levels: PaneRow) -> None:
    canvas = levels.pane(0).canvas
    assert canvas._inside().bottom() < panel_of(levels).y()


def test_without_a_picture_there_is_nothing_to_count(levels: PaneRow) -> None:
    levels.set_picture(None, None)
    assert panel_of(levels).plot._histogram is None
    panel_of(levels).automatic.click()
    assert levels.look.window is None
