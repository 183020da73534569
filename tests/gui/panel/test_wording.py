"""Numbers in words: millimetres are true or absent, shares and models are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from breastview.gui.panel import wording
from breastview.gui.worklist.row import ABSTAINED, score
from breastview.study.analysis import Analysis, BundleStamp, Finding, Flag, Heat

CORNERS = ((0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0))
FINDING = Finding(CORNERS, 800, 40.4, 20.0, CORNERS[:2], CORNERS[1:3], 40.0, 20.0)
ANALYSIS = Analysis(
    bundle=BundleStamp("us", "1.2", "abcdef012345"), classes=("normal", "benign", "malignant"),
    probabilities=(0.1, 0.2, 0.7), abstained=False, sentence="", mask=np.zeros((4, 4), bool),
    mask_probability=np.zeros((4, 4), np.uint8), findings=(FINDING,),
    heat=Heat(np.zeros((3, 2, 2), np.float32), np.zeros((2, 2), np.float32), (0, 0, 4, 4), (0.0, 0.5, 0.81)),
    device="CPU", milliseconds=41.6,
)  # fmt: skip


def test_without_calibration_a_size_is_in_pixels_and_says_so() -> None:
    assert wording.size(FINDING) == "40 × 20 px, uncalibrated"
    assert wording.area(replace(FINDING, area_px=12345)) == "12 345 px"


def test_a_calibrated_size_names_its_source() -> None:
    true = replace(FINDING, long_mm=12.34, short_mm=6.0, area_mm2=58.2, calibration_source="US region")
    assert wording.size(true) == "12.3 × 6.0 mm (US region)"
    assert wording.area(true) == "58 mm²"


def test_the_shape_is_told_by_width_over_depth() -> None:
    assert wording.shape(FINDING) == "wider than tall (2.00)"
    assert wording.shape(replace(FINDING, width_px=10.0)) == "taller than wide (0.50)"


def test_several_lesions_are_numbered_one_is_not() -> None:
    assert [title for title, _ in wording.lesions(ANALYSIS)] == ["Lesion"]
    two = replace(ANALYSIS, findings=(FINDING, FINDING))
    assert [title for title, _ in wording.lesions(two)] == ["Lesion 1", "Lesion 2"]


def test_the_share_of_heat_inside_the_mask_is_that_of_the_shown_class() -> None:
    assert wording.heat_share(ANALYSIS, 2) == "81% of this Grad-CAM lies inside the mask."
    assert wording.heat_share(ANALYSIS, None) == ""


def test_the_model_is_named_with_hash_device_and_time() -> None:
    assert wording.model(ANALYSIS) == "us 1.2 (abcdef012345) · CPU · 42 ms"


def test_a_long_file_name_can_be_broken_without_changing_its_letters() -> None:
    shown = wording.breakable("CT.dcm_JPEG-1.dcm")
    assert "\u200b" in shown and shown.replace("\u200b", "") == "CT.dcm_JPEG-1.dcm"


def test_the_list_shows_suspicion_abstention_and_refusal_apart() -> None:
    assert (score(ANALYSIS).suspicion, score(ANALYSIS).suspicious, score(ANALYSIS).note) == (0.7, True, "")
    unsure = replace(ANALYSIS, probabilities=(0.4, 0.35, 0.25), abstained=True)
    assert score(unsure).suspicious and score(unsure).note == ABSTAINED
    assert not score(replace(unsure, abstained=False)).suspicious
    refused = replace(ANALYSIS, probabilities=None, flags=(Flag("colour", "This is Doppler.", True),))
    assert (score(refused).suspicion, score(refused).note) == (None, "This is Doppler.")
