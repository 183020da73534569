from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from breastview.gui import theme
from breastview.gui.panes import inscription, swatches
from breastview.gui.panes.bars import draw_colour_bar, draw_scale_bar, heat_scale
from breastview.gui.panes.calipers import draw_calipers, write_lengths
from breastview.gui.panes.captions import Caption
from breastview.gui.panes.footer import Footer, _shares
from breastview.gui.panes.gestures import Gestures
from breastview.gui.panes.measuring_paint import Drawing
from breastview.gui.panes.measuring_sheet import Paper, Sheet
from breastview.gui.panes.outlines_lesions import draw_numbers
from breastview.gui.panes.pane_row import PaneRow
from breastview.gui.panes.scale_bar import ScaleBar
from breastview.gui.panes.slider import Slider
from breastview.gui.panes.tools import ToView
from breastview.gui.panes.view import Projection
from breastview.imaging import colour_maps
from breastview.study.hanging import Wall
from breastview.study.measurement import Measurement, Tool

from .conftest import COLUMNS, ROWS, as_array, make_case


def canvas(width: int = 200, height: int = 160, colour: str = "black") -> tuple[QImage, QPainter]:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    painter = QPainter(image)
    painter.setFont(theme.font(12))
    return image, painter


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("behind", ["black", "gray", "white"])
def test_text_can_be_read_on_any_picture(behind: str) -> None:
    image, painter = canvas(colour=behind)
    inscription.line(painter, 20, 60, "Text", QColor(theme.TEXT))
    painter.end()
    plate = luminance(tuple(as_array(image)[(60 - 9), 18].tolist()))
    text = luminance(QColor(theme.TEXT).getRgb()[:3])
    assert (text + 0.05) / (plate + 0.05) >= 4.5


def test_the_colour_bar_runs_from_zero_at_the_bottom_to_the_maximum() -> None:
    image, painter = canvas(200, 300)
    draw_colour_bar(painter, QRectF(0, 0, 190, 300), "viridis", threshold=0.0)
    painter.end()
    bar = as_array(image)[:, 185].astype(int)
    table = colour_maps.table("viridis").astype(int)
    inside = [y for y in range(300) if np.abs(table - bar[y]).sum(axis=1).min() < 12 and bar[y].sum() > 60]
    order = [int(np.abs(table - bar[y]).sum(axis=1).argmin()) for y in inside[2:-2]]
    assert order[0] > 245 and order[-1] < 12 and order == sorted(order, reverse=True)


def test_the_colour_bar_hides_what_the_threshold_hides() -> None:
    image, painter = canvas(200, 300)
    draw_colour_bar(painter, QRectF(0, 0, 190, 300), "hot", threshold=0.5)
    painter.end()
    column = as_array(image)[:, 185].astype(int).sum(axis=1)
    assert column[110:145].min() > 300 and column[160:190].max() < 200


def test_calipers_are_drawn_for_large_lesions_and_lengths_for_all() -> None:
    findings = make_case().analysis.findings
    small_image, painter = canvas(300, 300)
    draw_calipers(painter, Projection(0.5, 0, 0, 300, 300), findings, 1.0)
    (said,) = write_lengths(painter, Projection(0.5, 0, 0, 300, 300), findings, 1.0)
    assert QRectF(0, 0, 300, 300).contains(said)
    painter.end()
    large_image, painter = canvas(300, 300)
    draw_calipers(painter, Projection(3.0, -50, -50, 300, 300), findings, 1.0)
    write_lengths(painter, Projection(3.0, -50, -50, 300, 300), findings, 1.0)
    painter.end()
    small, large = (as_array(image).max(axis=2) > 200 for image in (small_image, large_image))
    assert small.any() and large.sum() > small.sum()
    start, end = findings[0].long_ends
    middle = [(a + b + 1) / 2 * 3 - 50 for a, b in zip(start, end, strict=True)]
    x, y = round(middle[0]), round(middle[1])
    assert large[y - 6 : y + 7, x - 6 : x + 7].any()


def test_labels_of_lesions_do_not_run_into_one_another_or_out_of_the_pane() -> None:
    mask = np.zeros((120, 160), bool)
    mask[100:118, 2:20] = mask[100:118, 24:42] = True
    findings = make_case(mask=mask).analysis.findings
    assert len(findings) == 2
    both, painter = canvas(160, 120, "white")
    below, above = write_lengths(painter, Projection(1.0, 0, 0, 160, 120), findings, 1.0)
    painter.end()
    assert not below.intersects(above)
    crowded = [below, above, QRectF(0, 0, 160, 95)]
    assert write_lengths(painter, Projection(1.0, 0, 0, 160, 120), findings, 1.0, crowded) == ()
    assert np.all(as_array(both)[:, 158:] == 255) and np.all(as_array(both)[118:] == 255)


def test_labels_of_measurements_keep_clear_of_the_numbers_of_lesions(
    row: PaneRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    mask = np.zeros((ROWS, COLUMNS), bool)
    mask[10:20, 5:15] = mask[10:20, 25:35] = True
    case, taken = make_case(mask=mask), []
    monkeypatch.setattr(row.tools, "paint", lambda _painter, to_view: taken.extend(to_view.taken))
    row.set_picture(case.pixels, case.instance, 0)
    row.set_analysis(case.analysis)
    row.grab()
    shown = row.pane(1).canvas
    _, painter = canvas(shown.width(), shown.height())
    findings, colour = case.analysis.findings, QColor("cyan")
    numbers = draw_numbers(painter, shown.projection(), findings, colour, shown.scale)
    painter.end()
    assert len(numbers) == 2 and all(number in taken for number in numbers)


def test_only_the_widest_captions_are_cut() -> None:
    assert _shares([50.0, 60.0], 200) == [50.0, 60.0]
    assert _shares([50.0, 400.0], 200) == [50.0, 150.0]
    assert _shares([300.0, 400.0], 200) == [100.0, 100.0]


@pytest.mark.parametrize("name", colour_maps.names())
def test_every_colour_map_has_a_swatch(name: str) -> None:
    image = swatches.map_swatch(name).pixmap(swatches.SIZE).toImage()
    seen, table = as_array(image).astype(int), colour_maps.table(name).astype(int)
    middle = seen[seen.shape[0] // 2, seen.shape[1] // 2]
    assert np.abs(table[110:146] - middle).sum(axis=1).min() < 12


def press(widget: QWidget, kind: QEvent.Type, button: Qt.MouseButton, y: float) -> None:
    here = QPointF(50, y)
    buttons = button if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
    event = QMouseEvent(kind, here, widget.mapToGlobal(here), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


def test_a_second_quick_drag_is_a_drag_and_no_double_click(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(100, 100)
    gestures = Gestures(widget)
    factors: list[float] = []
    gestures.zoomed.connect(lambda factor, x, y: factors.append(factor))
    maximised: list[bool] = []
    gestures.maximised.connect(lambda: maximised.append(True))
    press(widget, QEvent.Type.MouseButtonDblClick, Qt.MouseButton.RightButton, 50)
    for y in (55, 60, 65):
        press(widget, QEvent.Type.MouseMove, Qt.MouseButton.RightButton, y)
    press(widget, QEvent.Type.MouseButtonRelease, Qt.MouseButton.RightButton, 65)
    press(widget, QEvent.Type.MouseMove, Qt.MouseButton.NoButton, 90)
    assert len(factors) == 3 and all(factor < 1 for factor in factors)
    assert maximised == []


def test_captions_keep_apart_in_a_narrow_strip(qtbot: QtBot) -> None:
    footer = Footer()
    qtbot.addWidget(footer)
    footer.resize(200, 24)
    colours = ("#ff0000", "#00ff00", "#0000ff")
    footer.show_captions(tuple(Caption("a caption that is far too long " * 2, colour) for colour in colours))
    seen = as_array(footer.grab().toImage()).astype(int)
    spans = []
    for channel in range(3):
        others = [other for other in range(3) if other != channel]
        mine = seen[..., channel] > 60 + seen[..., others].max(axis=2)
        columns = np.flatnonzero(mine.any(axis=0))
        spans.append((columns.min(), columns.max()))
    assert spans[0][1] + 6 < spans[1][0] and spans[1][1] + 6 < spans[2][0]
    assert footer.toolTip().count("\n") == 2


def test_a_focused_slider_can_be_told_from_others(qtbot: QtBot) -> None:
    slider = Slider(100)
    qtbot.addWidget(slider)
    slider.resize(100, 22)
    slider.show()
    qtbot.waitExposed(slider, timeout=60_000)
    before = as_array(slider.grab().toImage())
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(slider.hasFocus, timeout=60_000)
    accent = np.array(QColor(theme.ACCENT).getRgb()[:3])

    def framed(image: np.ndarray) -> int:
        return int((np.abs(image[0].astype(int) - accent).max(axis=1) < 60).sum())

    assert framed(before) == 0 and framed(as_array(slider.grab().toImage())) > 80


def test_the_reader_s_label_keeps_clear_of_words_that_stand_already(qapp: QApplication) -> None:
    case = make_case()
    projection = Projection(3.0, 0, 0, 3 * COLUMNS, 3 * ROWS)
    image, painter = canvas(3 * COLUMNS, 3 * ROWS)
    finding, sheet = case.analysis.findings[0], Sheet()
    (said,) = write_lengths(painter, projection, case.analysis.findings, 1.0)
    mine = Measurement("mine", Tool.AXES, (*finding.long_ends, *finding.short_ends))
    sheet.show(Paper(case.pixels), (mine,))
    alone = Drawing(sheet).paint(painter, ToView(projection), "")["mine"]
    taken = (said, alone.adjusted(2, 2, -2, -2))
    place = Drawing(sheet).paint(painter, ToView(projection, taken=taken), "")["mine"]
    painter.end()
    assert not image.isNull() and not any(place.intersects(one) for one in taken)


def test_lengths_keep_clear_of_the_bars_and_the_corners(qapp: QApplication) -> None:
    findings = make_case().analysis.findings[:1]
    projection = Projection(1.0, 0, 0, COLUMNS, ROWS)
    _, painter = canvas(COLUMNS, ROWS)
    taken: list[QRectF] = []
    while places := write_lengths(painter, projection, findings, 1.0, taken):
        assert QRectF(0, 0, COLUMNS, ROWS).contains(places[0])
        assert not any(places[0].intersects(other) for other in taken)
        taken.append(places[0])
    painter.end()
    assert len(taken) >= 3, "below it, above it, further off; where all is taken, nowhere"


def test_bars_say_where_they_stand() -> None:
    image, painter = canvas(300, 300)
    area = QRectF(8, 8, 284, 284)
    bar = draw_scale_bar(painter, ScaleBar(90.0, 10.0, 2), area, 1.0)
    heat = draw_colour_bar(painter, area, "hot", threshold=0.0)
    painter.end()
    drawn = as_array(image).max(axis=2) > 60
    for place in (*bar, *heat):
        there = place.toAlignedRect().adjusted(-2, -2, 2, 2)
        part = np.s_[there.top() : there.bottom() + 1, there.left() : there.right() + 1]
        assert drawn[part].any()
        drawn[part] = False
    assert not drawn.any()


@pytest.mark.parametrize("wall", [Wall.LEFT, Wall.RIGHT])
@pytest.mark.parametrize("length", [20.0, 90.0, 200.0])
def test_no_bar_stands_at_a_chest_wall_or_on_another_bar(wall: Wall, length: float) -> None:
    _, painter = canvas(360, 300)
    area = QRectF(8, 8, 344, 284)
    heat = draw_colour_bar(painter, area, "hot", 0.0, heat_scale(""), wall)
    bar = draw_scale_bar(painter, ScaleBar(length, 50.0, 5), area, 1.0, wall)
    painter.end()
    near, far = (area.left(), area.right()) if wall is Wall.LEFT else (area.right(), area.left())
    for place in (*heat, *bar):
        middle = place.center().x()
        assert abs(middle - near) > abs(middle - far)
        assert QRectF(0, 0, 360, 300).contains(place)
    assert not any(one.intersects(other) for one in heat for other in bar)
