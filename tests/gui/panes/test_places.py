"""Marks of what the input gate found, the segmenter's output, and the settings of each overlay apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pytestqt.qtbot import QtBot

from breastview.gui.panes.bars import heat_scale, probability_scale
from breastview.gui.panes.look import SEGMENTER, Look, heat_style
from breastview.gui.panes.pane_row import PaneRow
from breastview.study.analysis import Flag

from .conftest import BARE, Case, Painted

BOX = (100.0, 80.0, 30.0, 20.0)


def test_places_are_marked_by_the_switch_and_only_there(row: PaneRow, case: Case, painted: Painted) -> None:
    row.set_picture(case.pixels, case.instance)
    row.set_analysis(replace(case.analysis, flags=(Flag("text", "Text.", boxes=(BOX,)),)))
    row.set_look(BARE)
    before = painted(row, 0).astype(int)
    row.set_look(replace(BARE, places_visible=True))
    changed = np.abs(painted(row, 0).astype(int) - before).sum(axis=2) > 0
    ys, xs = np.nonzero(changed)
    ends = row.pane(0).canvas.projection().mapped(np.array([BOX[:2], (130.0, 100.0)]))
    assert changed.any()
    assert np.allclose((xs.min(), ys.min()), ends[0], atol=6) and np.allclose(
        (xs.max(), ys.max()), ends[1], atol=6
    )


def test_a_place_pointed_at_is_marked_in_all_panes_until_it_is_left(shown: PaneRow, painted: Painted) -> None:
    shown.set_look(BARE)
    before = [painted(shown, index) for index in range(3)]
    shown.show_places((BOX,))
    assert all((painted(shown, index) != before[index]).any() for index in range(3))
    shown.show_places(())
    assert all((painted(shown, index) == before[index]).all() for index in range(3))


def test_the_segmenter_has_settings_of_its_own() -> None:
    look = Look(heat_map="magma", segmenter_map="cividis", heat_opacity=0.2, segmenter_opacity=0.9)
    assert heat_style(look, "benign").colour_map == "magma"
    assert (heat_style(look, SEGMENTER).colour_map, heat_style(look, SEGMENTER).opacity) == ("cividis", 0.9)
    assert heat_style(Look(heat_map="none such"), "").colour_map == "inferno"


def test_the_header_changes_the_settings_of_the_map_it_shows(shown: PaneRow, qtbot: QtBot) -> None:
    heat = shown.pane(2).heat_controls
    for source, field in (("benign", "heat_opacity"), (SEGMENTER, "segmenter_opacity")):
        shown.set_look(Look(heat_source=source))
        with qtbot.waitSignal(shown.look_changed, timeout=60_000) as told:
            heat.slider.setValue(77)
        assert getattr(told.args[0], field) == 0.77
        other = "segmenter_opacity" if field == "heat_opacity" else "heat_opacity"
        assert getattr(told.args[0], other) == 0.45


def test_the_outline_fades_apart_from_the_fill(shown: PaneRow, painted: Painted) -> None:
    bare = replace(BARE, mask_visible=True, contour_visible=True, fill_opacity=0.0)
    whole = painted_with(shown, painted, bare)
    gone = painted_with(shown, painted, replace(bare, contour_opacity=0.0))
    assert (whole != gone).any()
    assert (gone == painted_with(shown, painted, BARE)).all()


def test_the_output_of_the_segmenter_takes_the_place_of_the_fill(
    row: PaneRow, case: Case, painted: Painted
) -> None:
    levels = np.tile(np.linspace(0, 255, 40, dtype=np.uint8), (30, 1))
    row.set_picture(case.pixels, case.instance)
    row.set_analysis(replace(case.analysis, mask_probability=levels))
    filled = painted_with(row, painted, replace(BARE, mask_visible=True), 1)
    output = painted_with(row, painted, replace(BARE, mask_visible=True, probability_visible=True), 1)
    assert (filled != output).any()
    refused = replace(case.analysis, probabilities=None, flags=(Flag("blank", "Blank.", True),))
    row.set_analysis(refused)
    nothing = painted_with(row, painted, replace(BARE, mask_visible=True), 1)
    look = replace(BARE, mask_visible=True, probability_visible=True)
    assert (painted_with(row, painted, look, 1) == nothing).all()


def test_what_is_not_calibrated_has_no_numbers_beside_its_colours() -> None:
    scale = probability_scale()
    assert "uncalibrated" in scale.unit
    assert not any(character.isdigit() for character in scale.top + scale.bottom + scale.unit)
    assert "maximum" in heat_scale("benign").unit
    assert "probability" in heat_scale("idc", patches=True).unit


def painted_with(row: PaneRow, painted: Painted, look: Look, index: int = 1) -> np.ndarray:
    row.set_look(look)
    return painted(row, index)
