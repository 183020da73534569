"""A picture beside the current one shows what the record says of it."""

from __future__ import annotations

import numpy as np
from pytestqt.qtbot import QtBot

from breastview.gui.panes.content import Content
from breastview.gui.room import Room
from breastview.study.calibration import Ruler
from breastview.study.instance import Instance
from breastview.study.segmentation import MaskSource, Segmentation
from tests.rooms import settled, until

RULER = Ruler((60.0, 0.0), (60.0, 40.0), 20.0)
"""Half a millimetre a pixel."""


def beside(room: Room) -> Content | None:
    return next(iter(room.companions._contents.values()), None)


def pinned(qtbot: QtBot, room: Room) -> Instance:
    """Pin the shown picture and step to the next one; return the pinned one."""
    instance = room.showing.instance
    assert instance is not None and room.desk.state.case is not None
    room.companions.pin()
    room.stepping.to((next(n for n in room.model.cases if n != room.desk.state.case), 0))
    settled(qtbot, room)
    return instance


def test_a_picture_beside_has_the_reader_s_own_mask_measured_by_the_reader_s_ruler(
    qtbot: QtBot, room: Room
) -> None:
    instance, session = room.showing.instance, room.session
    assert instance is not None
    labels = np.zeros((instance.rows, instance.columns), np.uint8)
    labels[10:31, 10:51] = 1
    session.segment(instance, 0, Segmentation(labels, MaskSource.READER, ""))
    session.measuring.set_rulers(instance, session.measuring.with_ruler(instance, RULER))
    pinned(qtbot, room)
    until(qtbot, lambda: beside(room) is not None)
    shown = beside(room)
    assert shown is not None and shown.ruler is not None and shown.edited is not None
    assert shown.calibration.source == "depth ruler"
    (finding,) = shown.lesions.findings if shown.lesions is not None else ()
    assert finding.area_px == 21 * 41 and finding.area_mm2 is not None
    assert abs(finding.area_mm2 - 21 * 41 / 4) < 1e-6


def test_a_ruler_that_is_set_meanwhile_measures_the_picture_beside_too(qtbot: QtBot, room: Room) -> None:
    instance = pinned(qtbot, room)
    until(qtbot, lambda: (now := beside(room)) is not None and now.overlays is not None)
    before = beside(room)
    assert before is not None and before.ruler is None
    measuring = room.session.measuring
    measuring.set_rulers(instance, measuring.with_ruler(instance, RULER, folder=True))
    room.showing.measure_again()
    until(qtbot, lambda: (now := beside(room)) is not None and now.ruler is not None)
    until(qtbot, lambda: (now := beside(room)) is not None and now.overlays is not None)
    now = beside(room)
    assert now is not None and now.overlays is not None
    assert {one.calibration_source for one in now.overlays.analysis.findings} <= {"depth ruler"}
