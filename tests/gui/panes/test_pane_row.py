from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui.panes.look import SEGMENTER, Look
from breastview.gui.panes.pane_row import PaneRow
from breastview.imaging.window import to_display
from breastview.study.calibration import everywhere
from breastview.study.instance import Window

from .conftest import BARE, COLUMNS, ROWS, Case, Painted, as_array, make_case, picture_box


def wheel(row: PaneRow, notches: float, control: bool = False, at: QPointF | None = None) -> None:
    canvas = row.pane(0).canvas
    here = at or QPointF(canvas.rect().center())
    keys = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        here,
        canvas.mapToGlobal(here),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def drag(row: PaneRow, button: Qt.MouseButton, by: QPoint, pane: int = 0) -> None:
    canvas = row.pane(pane).canvas
    start = canvas.rect().center()
    QTest.mousePress(canvas, button, Qt.KeyboardModifier.NoModifier, start)
    for place in (start + by / 4, start + by / 2, start + by):
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, button, Qt.KeyboardModifier.NoModifier, start + by)
    QApplication.processEvents()


# What is painted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("invert", [False, True])
def test_pixel_for_pixel_the_picture_is_what_the_window_says(
    row: PaneRow, case: Case, painted: Painted, invert: bool
) -> None:
    window = Window(1500.0, 900.0)
    row.set_look(replace(BARE, window=window, invert=invert))
    row.set_picture(case.pixels, case.instance)
    row.actual_pixels()
    for index in range(3):
        seen = painted(row, index)[picture_box(row, index)]
        assert np.array_equal(seen[..., 0], to_display(case.pixels, window, invert))
        assert np.array_equal(seen[..., 0], seen[..., 1]) and np.array_equal(seen[..., 0], seen[..., 2])


def test_colour_pictures_keep_their_colours(row: PaneRow, painted: Painted) -> None:
    values = np.random.default_rng(1).integers(0, 256, (ROWS, COLUMNS, 3)).astype(np.uint8)
    case = make_case(values)
    row.set_look(BARE)
    row.set_picture(case.pixels, case.instance)
    row.actual_pixels()
    assert np.array_equal(painted(row, 0)[picture_box(row)], values)


def test_the_file_s_own_look_is_used_until_a_window_is_chosen(row: PaneRow, painted: Painted) -> None:
    case = make_case()
    turned = replace(case.pixels, voi_lut=np.linspace(255, 0, 4096).astype(np.uint8))
    row.set_look(BARE)
    row.set_picture(turned, case.instance)
    row.actual_pixels()
    seen = painted(row, 0)[picture_box(row)][..., 0]
    assert np.array_equal(seen, to_display(turned))
    assert not np.array_equal(seen, to_display(case.pixels))


def test_a_tall_picture_is_not_distorted(row: PaneRow, painted: Painted) -> None:
    values = np.zeros((400, 100), np.uint8)
    values[100:200, 25:75] = 255
    case = make_case(values)
    row.set_look(replace(BARE, smooth=False))
    row.set_picture(case.pixels, case.instance)
    lit = painted(row, 0)[..., 0] > 127
    height, width = np.flatnonzero(lit.any(axis=1)).size, np.flatnonzero(lit.any(axis=0)).size
    assert height / width == pytest.approx(2.0, rel=0.05)


def test_the_three_pictures_are_level_and_of_one_size(shown: PaneRow) -> None:
    for width in (903, 904, 905, 1279):
        shown.resize(width, 400)
        QApplication.processEvents()
        places = [shown.pane(index).canvas.geometry() for index in range(3)]
        assert len({(place.top(), place.size().toTuple()) for place in places}) == 1
        assert len({shown.pane(index).canvas.projection() for index in range(3)}) == 1


def test_each_overlay_is_in_its_own_pane_only(shown: PaneRow, painted: Painted) -> None:
    bare = Look(mask_visible=False, heat_visible=False)
    shown.set_look(bare)
    plain = [painted(shown, index) for index in range(3)]
    shown.set_look(replace(bare, mask_visible=True, contour_visible=False, calipers_visible=False))
    masked = [painted(shown, index) for index in range(3)]
    shown.set_look(replace(bare, heat_visible=True))
    heated = [painted(shown, index) for index in range(3)]
    assert [np.array_equal(a, b) for a, b in zip(plain, masked, strict=True)] == [True, False, True]
    assert [np.array_equal(a, b) for a, b in zip(plain, heated, strict=True)] == [True, True, False]


def test_fill_and_outline_are_apart(shown: PaneRow, painted: Painted) -> None:
    shown.set_look(Look(calipers_visible=False))
    both = painted(shown, 1)
    shown.set_look(Look(calipers_visible=False, contour_visible=False))
    fill = painted(shown, 1)
    shown.set_look(Look(calipers_visible=False, fill_opacity=0.0))
    line = painted(shown, 1)
    assert (
        not np.array_equal(both, fill) and not np.array_equal(both, line) and not np.array_equal(fill, line)
    )


def test_the_fill_mixes_by_its_opacity(shown: PaneRow, case: Case, painted: Painted) -> None:
    look = replace(BARE, mask_visible=True, fill_opacity=0.4)
    shown.set_look(look)
    shown.actual_pixels()
    seen = painted(shown, 1)[picture_box(shown, 1)].astype(float)[case.mask]
    grey = to_display(case.pixels).astype(float)[case.mask]
    wanted = grey[:, None] + 0.4 * (np.array((0, 229, 255)) - grey[:, None])
    assert np.abs(seen - wanted).max() <= 2


def test_truth_is_drawn_only_on_demand(shown: PaneRow, case: Case, painted: Painted) -> None:
    shown.set_truth(np.roll(case.mask, 12, axis=0))
    before = painted(shown, 1)
    shown.set_look(replace(shown.look, truth_visible=True))
    assert not np.array_equal(before, painted(shown, 1))
    assert shown.pane(1).footer.captions[-1].text.startswith("Truth · Dice 0.")


def test_the_segmenter_s_heat_differs_from_a_class_s(shown: PaneRow, painted: Painted) -> None:
    first = painted(shown, 2)
    shown.set_look(replace(shown.look, heat_source="normal"))
    assert not np.array_equal(first, painted(shown, 2))
    shown.set_look(replace(shown.look, heat_source=SEGMENTER))
    assert shown.pane(2).heat_controls.title.text() == "Grad-CAM · segmenter"


@pytest.mark.parametrize("name", ["heat_map", "mask_colour"])
def test_an_unknown_colour_is_drawn_in_the_default_one(shown: PaneRow, painted: Painted, name: str) -> None:
    wanted = painted(shown, 1), painted(shown, 2)
    shown.set_look(replace(shown.look, **{name: "no such colour"}))
    assert np.array_equal(wanted[0], painted(shown, 1)) and np.array_equal(wanted[1], painted(shown, 2))


def test_corner_text_is_in_the_first_pane_and_can_be_off(shown: PaneRow, painted: Painted) -> None:
    shown.set_look(BARE)
    plain = [painted(shown, index) for index in range(3)]
    shown.set_look(replace(BARE, annotation_level=2))
    text = [painted(shown, index) for index in range(3)]
    assert [np.array_equal(a, b) for a, b in zip(plain, text, strict=True)] == [False, True, True]


def test_a_scale_bar_stands_only_beside_calibrated_pictures(row: PaneRow, painted: Painted) -> None:
    values = np.zeros((ROWS, COLUMNS), np.uint8)
    row.set_look(BARE)
    raw = make_case(values)
    row.set_picture(raw.pixels, raw.instance)
    assert not painted(row, 0).any()
    true = make_case(values, calibration=everywhere("PixelSpacing", ROWS, COLUMNS, 0.1, 0.1))
    row.set_picture(true.pixels, true.instance)
    assert painted(row, 0)[:, :60].any() and not painted(row, 0)[:, 100:].any()


# Late, missing and foreign results --------------------------------------------------------------------------


def test_an_analysis_without_a_picture_is_not_drawn(row: PaneRow, case: Case, painted: Painted) -> None:
    row.set_picture(case.pixels, case.instance)
    row.set_picture(None, None)
    row.set_analysis(case.analysis)
    assert not painted(row, 1).any() and not painted(row, 2).any()
    assert row.pane(1).footer.captions == ()


def test_a_new_picture_takes_the_old_overlays_away(shown: PaneRow, case: Case, painted: Painted) -> None:
    overlaid = painted(shown, 1)
    shown.set_truth(case.mask)
    shown.set_picture(case.pixels, case.instance)
    assert not np.array_equal(overlaid, painted(shown, 1))
    assert [caption.text for caption in shown.pane(1).footer.captions] == ["AI is reading…"]


def test_an_analysis_of_another_size_file_or_frame_is_not_drawn(row: PaneRow, case: Case) -> None:
    other = make_case(np.zeros((50, 60), np.uint8))
    row.set_picture(case.pixels, case.instance, 0)
    row.set_analysis(other.analysis)
    assert row.pane(1).footer.captions[0].text == "AI is reading…"
    row.set_analysis(case.analysis, instance=other.instance)
    row.set_analysis(case.analysis, instance=case.instance, frame=3)
    assert row.pane(1).footer.captions[0].text == "AI is reading…"
    row.set_analysis(case.analysis, instance=case.instance, frame=0)
    assert row.pane(1).footer.captions[0].text.startswith("1 lesion")


def test_a_truth_of_another_size_is_not_drawn(shown: PaneRow, painted: Painted) -> None:
    shown.set_look(replace(shown.look, truth_visible=True))
    before = painted(shown, 1)
    shown.set_truth(np.ones((10, 10), bool))
    assert np.array_equal(before, painted(shown, 1))


def test_a_message_covers_the_picture_until_it_is_taken_back(shown: PaneRow, painted: Painted) -> None:
    before = painted(shown, 0)
    shown.set_message("Reading the picture…")
    covered = painted(shown, 0)
    assert covered.any() and not np.array_equal(covered, before)
    assert shown.pane(0).footer.captions == ()
    shown.set_message("")
    assert np.array_equal(before, painted(shown, 0))
    shown.set_message("broken.png: the file ends too early.")
    shown.set_picture(shown._content.pixels, shown._content.instance)
    assert not np.array_equal(covered, painted(shown, 0)) and shown._content.message == ""


def test_the_ai_s_failure_stands_below_the_overlay_panes_only(row: PaneRow, case: Case) -> None:
    row.set_picture(case.pixels, case.instance)
    row.set_ai_note("The AI could not read this frame.", failed=True)
    assert row.pane(1).footer.captions[0].text == row.pane(2).footer.captions[0].text
    assert row.pane(0).footer.captions[0].text == case.instance.label


# The shared view --------------------------------------------------------------------------------------------


def test_panes_share_zoom_and_position(shown: PaneRow) -> None:
    wheel(shown, 2, control=True, at=QPointF(40, 50))
    drag(shown, Qt.MouseButton.MiddleButton, QPoint(25, -10), pane=2)
    assert len({shown.pane(index).canvas.projection() for index in range(3)}) == 1
    assert not shown.view.fitted


def test_zooming_keeps_the_point_under_the_cursor(shown: PaneRow) -> None:
    canvas, at = shown.pane(0).canvas, QPointF(60, 70)
    before = canvas.picture_point(at.x(), at.y())
    wheel(shown, 3, control=True, at=at)
    after = canvas.picture_point(at.x(), at.y())
    assert after == pytest.approx(before, abs=1.0 / shown.view.zoom + 0.5)
    assert shown.view.zoom == pytest.approx(1.2**3 * 300 / COLUMNS, rel=0.01)


def test_right_drag_upwards_enlarges(shown: PaneRow) -> None:
    zoom = shown.view.zoom
    drag(shown, Qt.MouseButton.RightButton, QPoint(0, -40))
    assert shown.view.zoom == pytest.approx(zoom * 1.01**40)


def test_a_fitted_picture_stays_fitted_when_the_window_changes(shown: PaneRow) -> None:
    shown.resize(1504, 600)
    QApplication.processEvents()
    canvas = shown.pane(0).canvas
    assert shown.view.zoom == pytest.approx(min(canvas.width() / COLUMNS, canvas.height() / ROWS))


def test_a_new_picture_is_fitted_unless_the_view_is_kept(shown: PaneRow, case: Case) -> None:
    fitted = shown.view
    shown.zoom_in()
    zoomed = shown.view
    shown.set_picture(case.pixels, case.instance, 1, keep_view=True)
    assert shown.view == zoomed
    shown.set_picture(case.pixels, case.instance, 2)
    assert shown.view == fitted


def test_zoom_steps_actual_pixels_and_fit(shown: PaneRow, qtbot: QtBot) -> None:
    fitted = shown.view
    shown.zoom_in()
    shown.zoom_out()
    assert shown.view.zoom == pytest.approx(fitted.zoom)
    with qtbot.waitSignal(shown.view_changed, timeout=60_000, check_params_cb=lambda zoom: zoom == 1.0):
        shown.actual_pixels()
    shown.fit()
    assert shown.view == fitted


# What the reader does ---------------------------------------------------------------------------------------


def test_the_wheel_steps_and_does_not_zoom(shown: PaneRow) -> None:
    steps: list[int] = []
    shown.step_requested.connect(steps.append)
    view = shown.view
    wheel(shown, -1)
    wheel(shown, 2)
    wheel(shown, -0.5)
    wheel(shown, -0.5)
    assert steps == [1, -2, 1]
    assert shown.view == view


def test_a_left_drag_windows_and_says_so(shown: PaneRow, case: Case) -> None:
    looks: list[Look] = []
    shown.look_changed.connect(looks.append)
    drag(shown, Qt.MouseButton.LeftButton, QPoint(40, 0))
    assert looks and looks[-1].window is not None
    assert looks[-1].window.width > case.pixels.window.width
    assert shown.look == looks[-1]


def test_movements_that_wait_become_one_change(shown: PaneRow) -> None:
    looks: list[Look] = []
    shown.look_changed.connect(looks.append)
    for _ in range(50):
        shown.pane(0).canvas.gestures.window_dragged.emit(1.0, 0.0)
    assert looks == []
    QApplication.processEvents()
    assert len(looks) == 1
    assert looks[0].window is not None and looks[0].window.width == pytest.approx(4096 * np.exp(50 / 250))


def test_a_click_changes_nothing_but_the_active_pane(shown: PaneRow, qtbot: QtBot) -> None:
    looks: list[Look] = []
    shown.look_changed.connect(looks.append)
    with qtbot.waitSignal(shown.active_changed, timeout=60_000, check_params_cb=lambda index: index == 2):
        QTest.mouseClick(shown.pane(2).canvas, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert looks == [] and shown.pane(2).active and not shown.pane(0).active


def test_double_click_maximises_a_pane_and_brings_the_others_back(shown: PaneRow) -> None:
    canvas = shown.pane(1).canvas
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert shown.look.maximised == 1
    assert [shown.pane(index).isVisible() for index in range(3)] == [False, True, False]
    assert shown.pane(1).width() == shown.width()
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert shown.look.maximised is None and all(shown.pane(index).isVisible() for index in range(3))


def test_what_was_seen_grows_with_its_pane(shown: PaneRow) -> None:
    fitted = shown.view.zoom
    shown.zoom_in()
    shown.pan(13, 7)
    before = shown.view
    shown.maximise()
    canvas = shown.pane(0).canvas
    whole = min(canvas.width() / COLUMNS, canvas.height() / ROWS)
    assert whole > fitted
    assert shown.view.zoom == pytest.approx(before.zoom * whole / fitted)
    assert (shown.view.x, shown.view.y) == pytest.approx((before.x, before.y))
    shown.maximise()
    assert shown.view.zoom == pytest.approx(before.zoom)


@pytest.mark.parametrize(("layout", "both"), [(1, [0]), (2, [1]), (3, []), (4, [])])
def test_layouts(shown: PaneRow, layout: int, both: list[int]) -> None:
    shown.set_look(replace(shown.look, layout=layout))
    visible = [index for index in range(4) if shown.pane(index).isVisible()]
    assert visible == list(range(layout)) and shown.active in visible
    panes = [shown.pane(index) for index in visible]
    controls = [(one.mask_controls.isVisible(), one.heat_controls.isVisible()) for one in panes]
    assert [n for n, two in enumerate(controls) if all(two)] == both


def test_over_heat_the_mask_is_not_filled(shown: PaneRow, painted: Painted) -> None:
    shown.set_look(replace(shown.look, layout=2, fill_opacity=0.1))
    faint = painted(shown, 1)
    shown.set_look(replace(shown.look, fill_opacity=0.9))
    assert np.array_equal(faint[:, :], painted(shown, 1))
    assert not shown.pane(1).mask_controls.slider.isEnabled()
    shown.set_look(replace(shown.look, heat_visible=False))
    assert shown.pane(1).mask_controls.slider.isEnabled()


def test_next_pane_goes_round_also_while_maximised(shown: PaneRow) -> None:
    seen = []
    for _ in range(3):
        shown.next_pane()
        seen.append(shown.active)
    assert seen == [1, 2, 0]
    shown.maximise()
    shown.next_pane()
    assert shown.look.maximised == 1 and shown.active == 1


def test_header_controls_change_the_look(shown: PaneRow) -> None:
    looks: list[Look] = []
    shown.look_changed.connect(looks.append)
    mask, heat = shown.pane(1).mask_controls, shown.pane(2).heat_controls
    mask.slider.setValue(80)
    mask.eye.click()
    heat.slider.setValue(20)
    heat.eye.click()
    heat.threshold.setValue(50)
    mask.switches["calipers_visible"].trigger()
    last = looks[-1]
    assert (last.fill_opacity, last.mask_visible, last.heat_opacity, last.heat_visible) == (
        0.8,
        False,
        0.2,
        False,
    )
    assert (last.heat_threshold, last.calipers_visible) == (0.5, False)
    assert len(looks) == 6 and shown.look == last


def test_a_class_is_chosen_from_the_title(shown: PaneRow) -> None:
    menu = shown.pane(2).heat_controls.title.menu()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Most probable class",
        "normal",
        "benign",
        "malignant",
        "segmenter",
    ]
    next(action for action in menu.actions() if action.text() == "benign").trigger()
    assert shown.look.heat_source == "benign"


def test_setters_send_nothing(row: PaneRow, case: Case) -> None:
    sent: list[object] = []
    row.look_changed.connect(sent.append)
    row.frame_requested.connect(sent.append)
    row.set_look(
        Look(fill_opacity=0.9, heat_opacity=0.1, mask_visible=False, heat_threshold=0.7, heat_map="turbo")
    )
    row.set_picture(case.pixels, replace(case.instance, frames=9), 4)
    row.set_analysis(case.analysis)
    row.set_truth(case.mask)
    QApplication.processEvents()
    assert sent == []


def test_reset_fits_and_takes_the_window_back(shown: PaneRow) -> None:
    fitted = shown.view
    drag(shown, Qt.MouseButton.LeftButton, QPoint(40, 20))
    shown.zoom_in()
    shown.reset_view()
    assert shown.view == fitted and shown.look.window is None and not shown.look.invert


def test_the_frame_slider_appears_for_several_frames_only(shown: PaneRow, case: Case) -> None:
    assert not shown.frames.isVisible()
    shown.set_picture(case.pixels, replace(case.instance, frames=12), 3)
    assert shown.frames.isVisible() and shown.frames.slider.value() == 3
    frames: list[int] = []
    shown.frame_requested.connect(frames.append)
    shown.frames.slider.setValue(7)
    assert frames == [7]


def test_the_value_under_the_mouse_is_told(shown: PaneRow, case: Case) -> None:
    told: list[tuple[int, int, str]] = []
    shown.pointed.connect(lambda x, y, text: told.append((x, y, text)))
    canvas = shown.pane(0).canvas
    x, y = canvas.projection().to_pane(20.5, 30.5)
    QTest.mouseMove(canvas, QPoint(round(x), round(y)))
    assert told[-1] == (20, 30, str(case.pixels.values[30, 20]))
    QTest.mouseMove(canvas, QPoint(2, canvas.height() - 2))
    assert told[-1] == (-1, -1, "")


def test_the_mouse_is_marked_in_the_other_panes(shown: PaneRow, painted: Painted) -> None:
    before = [painted(shown, index) for index in range(3)]
    canvas = shown.pane(0).canvas
    QTest.mouseMove(canvas, canvas.rect().center())
    after = [painted(shown, index) for index in range(3)]
    assert [np.array_equal(a, b) for a, b in zip(before, after, strict=True)] == [True, False, False]


def test_dropped_files_are_handed_on(row: PaneRow, tmp_path: Path) -> None:
    dropped: list[list[Path]] = []
    row.files_dropped.connect(dropped.append)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.dcm")), QUrl("https://example.invalid/b.dcm")])
    args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(50, 50), *args)
    row.dragEnterEvent(enter)
    assert enter.isAccepted()
    row.dropEvent(QDropEvent(QPointF(50, 50), *args))
    assert dropped == [[tmp_path / "a.dcm"]]


def test_the_key_image_holds_all_shown_pictures_without_controls(shown: PaneRow) -> None:
    image = shown.grab_key_image()
    canvas, footer = shown.pane(0).canvas, shown.pane(0).footer
    assert image.height() == canvas.height() + 2 * footer.height()
    assert image.width() == 3 * canvas.width() + 2 * 2
    rgb = as_array(image)
    assert np.array_equal(rgb[: canvas.height(), : canvas.width()], as_array(canvas.grab().toImage()))
    assert not rgb[-footer.height() :].any()


def test_a_pane_that_was_taken_away_under_the_mouse_does_nothing_more(shown: PaneRow) -> None:
    gone = shown.pane(2).canvas.gestures
    shown.set_look(replace(shown.look, layout=1))
    before = shown.view, shown.active
    gone.pressed.emit()
    gone.hovered.emit(10.0, 10.0)
    gone.window_dragged.emit(10.0, 10.0)
    gone.panned.emit(5.0, 5.0)
    gone.zoomed.emit(2.0, 10.0, 10.0)
    gone.stepped.emit(1)
    gone.maximised.emit()
    QApplication.processEvents()
    assert (shown.view, shown.active, shown.look.window) == (*before, None)
    assert shown.look.maximised is None
