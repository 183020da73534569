"""Numbers in words: millimetres are true or absent, shares and models are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from breastview.gui.panel import wording
from breastview.gui.worklist.row import ABSTAINED, score
from breastview.study import shipped
from breastview.study.analysis import Analysis, BundleStamp, Finding, Flag, Heat
from tests.gui.worklist.test_model import row

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


def test_the_shape_is_told_by_depth_over_width() -> None:
    assert wording.shape(FINDING) == "wider than tall (0.50)"
    assert wording.shape(replace(FINDING, width_px=10.0)) == "taller than wide (2.00)"


def test_the_model_is_named_with_hash_device_and_time() -> None:
    own = "own model, did not come with BreastView"
    assert wording.model(ANALYSIS) == f"us 1.2 (abcdef012345) · {own} · CPU · 42 ms"
    came_along = replace(ANALYSIS, bundle=BundleStamp("us", "1.2", next(iter(shipped.MANIFESTS))[:12]))
    assert own not in wording.model(came_along)


def test_a_long_time_is_told_in_seconds() -> None:
    assert (wording.duration(394.2), wording.duration(85_186)) == ("394 ms", "85 s")


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


@pytest.mark.parametrize(
    ("known", "said"), [("JPEG, 15:1", "lossy: JPEG, 15:1"), ("lossy, 95:1", "lossy, 95:1")]
)
def test_a_lossy_picture_is_said_to_be_so_once(known: str, said: str) -> None:
    listed = row(1).instance
    assert listed is not None
    instance = replace(listed, lossy=known)
    assert wording.picture(instance, 0).endswith(f" px · {said}")
