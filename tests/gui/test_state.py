"""The view state: what a step keeps, what the next start restores."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject

from breastview.gui import state as states
from breastview.gui.desk import Desk
from breastview.gui.panes.look import Look
from breastview.gui.state import Overlay, ViewState
from breastview.gui.worklist.listing import Filter, Sort
from breastview.settings import Settings
from breastview.study.instance import Window

LOOKED = Look(
    window=Window(100, 50), invert=True, mask_visible=False, heat_opacity=0.8, heat_source="benign", layout=2
)


def test_another_case_starts_with_its_own_window_but_keeps_the_overlays() -> None:
    after = states.moved(ViewState(case=0, look=LOOKED), 1, 0)
    assert after.look == replace(LOOKED, window=None, invert=False, heat_source="")


def test_another_frame_of_the_same_case_keeps_the_whole_look() -> None:
    before = ViewState(case=0, look=LOOKED)
    assert states.moved(before, 0, 5) == replace(before, frame=5)


def test_what_is_remembered_survives_json_and_comes_back() -> None:
    before = ViewState(3, 1, LOOKED, Overlay.HEAT, Filter.MARKED, "eva", Sort.SUSPICION)
    values = json.loads(json.dumps(states.remembered(before)))
    after = states.restored(states.initial(Settings()), values)
    assert (after.filter, after.search, after.sort, after.overlay) == (
        Filter.MARKED,
        "eva",
        Sort.SUSPICION,
        Overlay.HEAT,
    )
    assert after.look.heat_opacity == 0.8 and after.look.layout == 2 and not after.look.mask_visible
    assert after.look.window is None and after.case is None


@pytest.mark.parametrize("values", [
    {}, {"look": 3}, {"look": {"layout": "wide", "unknown": 1}},
    {"filter": "none such", "sort": 7, "search": None},
])  # fmt: skip
def test_damaged_memory_changes_nothing(values: dict[str, Any]) -> None:
    fresh = states.initial(Settings())
    assert states.restored(fresh, values) == fresh


def test_the_settings_give_the_first_look() -> None:
    look = states.initial(Settings(heat_map="viridis", mask_opacity=0.6, annotation_level=0)).look
    assert (look.heat_map, look.fill_opacity, look.annotation_level) == ("viridis", 0.6, 0)


def test_the_desk_tells_a_change_once_and_silence_when_nothing_differs(qapp: QObject) -> None:
    desk, heard = Desk(ViewState()), []
    desk.changed.connect(lambda before, after: heard.append((before.search, after.search)))
    desk.change(search="a")
    desk.change(search="a")
    desk.look(invert=False)
    assert heard == [("", "a")]
