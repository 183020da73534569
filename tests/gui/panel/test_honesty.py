"""The honesty meter: share of heat inside the mask that counts, with a warning where it speaks against it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from breastview.gui.panel.honesty import Honesty, HonestyMeter, of_reading
from breastview.gui.panes.look import SEGMENTER
from breastview.imaging.lesions import heat_shares
from breastview.study.analysis import Flag
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource, Segmentation
from tests.gui.panes.conftest import make_case


@pytest.fixture
def reading() -> Reading:
    case = make_case()
    return Reading(case.instance, 0, case.pixels, case.analysis)


def test_it_is_of_the_shown_class_or_of_the_most_probable_one(reading: Reading) -> None:
    assert of_reading(reading, "benign").share == 0.2
    top = of_reading(reading, "")
    assert (top.name, top.share) == ("malignant", 0.31)
    assert top.chance == pytest.approx(reading.mask.mean())
    assert "31%" in top.sentence and "malignant" in top.sentence


def test_there_is_none_for_the_segmenter_without_a_lesion_and_where_no_score_is_allowed(
    reading: Reading,
) -> None:
    assert of_reading(None, "") is None
    assert of_reading(reading, SEGMENTER) is None
    empty = make_case(mask=np.zeros((120, 160), bool))
    assert of_reading(Reading(empty.instance, 0, empty.pixels, empty.analysis), "") is None
    refused = replace(reading.analysis, probabilities=None, flags=(Flag("blank", "Blank.", True),))
    assert of_reading(replace(reading, analysis=refused), "malignant") is None


def test_it_follows_the_mask_of_the_reader(reading: Reading) -> None:
    mask = np.zeros((120, 160), bool)
    mask[30:60, 40:80] = True
    drawn = Segmentation(mask, MaskSource.EDITED)
    edited = replace(reading, segmentation=drawn, edited_shares=heat_shares(reading.analysis, mask))
    assert of_reading(edited, "malignant").share == pytest.approx(edited.edited_shares[2])
    assert of_reading(edited, "malignant").share != of_reading(reading, "malignant").share


@pytest.mark.parametrize(
    ("share", "chance", "part"),
    [(0.8, 0.1, ""), (0.3, 0.1, "lie outside"), (0.05, 0.1, "chance")],
)
def test_a_warning_says_how_far_it_speaks_against_the_class(share: float, chance: float, part: str) -> None:
    warning = Honesty("benign", share, chance).warning
    assert part in warning and bool(part) == bool(warning)


def test_the_meter_shows_hides_and_warns(qtbot: QtBot) -> None:
    meter = HonestyMeter()
    qtbot.addWidget(meter)
    assert meter.isHidden()
    meter.show_honesty(Honesty("benign", 0.8, 0.1))
    assert not meter.isHidden() and meter.warning.isHidden()
    meter.resize(300, 80)
    good = meter.grab().toImage()
    meter.show_honesty(Honesty("benign", 0.2, 0.1))
    assert not meter.warning.isHidden()
    assert meter.grab().toImage() != good
    meter.show_honesty(None)
    assert meter.isHidden()
