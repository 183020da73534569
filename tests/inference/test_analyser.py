"""Frames in, analyses out: geometry, order, refusals, batches, doubts; without any real network."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.imaging import overlay
from breastview.imaging.dice import dice
from breastview.inference import analysis_file
from breastview.inference.analyser import BATCH, Analyser
from breastview.study.calibration import Calibration, Region
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels
from tests.inference.bundles import BrightnessRuntime, bundle
from tests.inference.phantoms import same

IDENTITY = Window(128.0, 256.0)


def instance(rows, columns, modality="US", calibrations=(Calibration(),)):
    return Instance(
        Path("a.png"),
        "a.png",
        "picture",
        rows,
        columns,
        StudyInfo("1"),
        SeriesInfo("2"),
        modality=modality,
        calibrations=calibrations,
    )


def tissue(rows, columns, centre=None, semi=(60, 35), angle=30, value=240, seed=0):
    """Speckle with a bright ellipse, and the ellipse's mask."""
    picture = np.clip(70 * np.random.default_rng(seed).rayleigh(0.8, (rows, columns)), 20, 150).astype(
        np.uint8
    )
    mask = np.zeros((rows, columns), np.uint8)
    if centre:
        cv2.ellipse(mask, centre, semi, angle, 0, 360, 1, -1)
        picture[mask > 0] = value
    return picture, mask.astype(bool)


def frame(picture, modality="US", **more):
    photometric = "RGB" if picture.ndim == 3 else "MONOCHROME2"
    return instance(*picture.shape[:2], modality, **more), 0, FramePixels(picture, photometric, IDENTITY)


def analyser(runtime=None, **changes):
    opened = runtime or BrightnessRuntime()
    return Analyser(bundle(**{"size": 224} | changes), opener=lambda *_: opened)


@pytest.mark.parametrize(("rows", "columns"), [(300, 480), (520, 310), (400, 400), (150, 600)])
def test_mask_and_heat_lie_on_the_lesion_of_pictures_of_any_shape(rows, columns):
    centre = (columns // 3, rows * 2 // 3)
    picture, truth = tissue(rows, columns, centre, (45, 25))
    found = analyser().analyse(*frame(picture))
    assert found.mask.shape == (rows, columns)
    assert dice(found.mask, truth) > 0.95
    placed = overlay.place(found.heat.classes[2], found.heat.placement, rows, columns)
    hot_y, hot_x = np.unravel_index(placed.argmax(), placed.shape)
    assert truth[hot_y, hot_x]
    (finding,) = found.findings
    assert finding.long_px == pytest.approx(90, abs=4)
    assert finding.short_px == pytest.approx(50, abs=4)


@pytest.mark.parametrize(("rows", "columns"), [(300, 480), (521, 310)])
def test_the_probability_covers_the_original_exactly(rows, columns):
    picture, truth = tissue(rows, columns, (columns // 2, rows // 2))
    found = analyser().analyse(*frame(picture))
    height, width = found.mask_probability.shape
    assert max(height, width) == 224
    assert height / width == pytest.approx(rows / columns, rel=0.01)
    enlarged = cv2.resize(found.mask_probability, (columns, rows), interpolation=cv2.INTER_LINEAR)
    assert dice(enlarged >= 128, found.mask) > 0.97
    assert dice(enlarged >= 128, truth) > 0.95


def test_probabilities_are_calibrated_and_come_with_their_sentence():
    found = analyser().analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert sum(found.probabilities) == pytest.approx(1)
    assert found.classes[found.top] == "malignant"
    assert "about 80 were malignant" in found.sentence
    assert not found.abstained
    assert found.calibration_set == "made up for tests"
    assert str(found.bundle) == "tiny 0 (0123456789ab)"
    assert (found.device, found.milliseconds) == ("CPU", 4.0)
    assert found.made_at.endswith("+00:00")


def test_near_ties_abstain():
    found = analyser(BrightnessRuntime((1.0, 1.0, 1.0))).analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert found.abstained


def test_a_refused_picture_has_no_score_no_mask_and_never_loads_the_network():
    def never(*_):
        raise AssertionError("the network was loaded for a refused picture")

    refused = Analyser(bundle(), opener=never).analyse(*frame(tissue(300, 400, (200, 150))[0], "CT"))
    assert refused.refused
    assert refused.probabilities is None
    assert refused.top is None
    assert not refused.mask.any()
    assert refused.findings == ()
    assert not refused.heat.classes.any()
    assert refused.sentence.startswith("No score: ")
    assert same(analysis_file.loads(analysis_file.dumps(refused)), refused)


def test_millimetres_come_from_the_region_of_the_frame():
    picture, _ = tissue(300, 400, (200, 150), (60, 35), 0)
    whole = Calibration("US region", (Region(0, 0, 399, 299, 0.1, 0.1),))
    half = Calibration("US region", (Region(0, 0, 199, 299, 0.1, 0.1), Region(200, 0, 399, 299, 0.2, 0.2)))
    (finding,) = analyser().analyse(*frame(picture, calibrations=(whole,))).findings
    assert finding.long_mm == pytest.approx(12, abs=0.5)
    (finding,) = analyser().analyse(*frame(picture, calibrations=(half,))).findings
    assert finding.long_mm is None


def test_a_batch_answers_in_order_and_as_each_picture_alone():
    frames = [
        frame(tissue(200 + 10 * i, 300, (150, 100), value=200 + i, seed=i)[0]) for i in range(BATCH + 3)
    ]
    frames.insert(4, frame(tissue(200, 300)[0], "MR"))
    runtime = BrightnessRuntime()
    together = analyser(runtime).analyse_batch(frames)
    assert runtime.batches == [BATCH, 3]
    assert [one.refused for one in together] == [i == 4 for i in range(BATCH + 4)]
    for one, result in zip(frames, together, strict=True):
        alone = analyser().analyse(*one)
        assert alone.probabilities == result.probabilities
        np.testing.assert_array_equal(alone.mask, result.mask)
        assert alone.heat.placement == result.heat.placement


def test_colour_pictures_are_read_by_their_luminance():
    grey, _ = tissue(300, 400, (200, 150))
    plain = analyser().analyse(*frame(grey))
    rgb = analyser().analyse(*frame(np.repeat(grey[..., None], 3, axis=2)))
    np.testing.assert_array_equal(plain.mask, rgb.mask)


def test_sixteen_bit_frames_are_read_as_they_are_displayed():
    grey, truth = tissue(300, 400, (200, 150))
    pixels = FramePixels(grey.astype(np.uint16) * 16, "MONOCHROME2", Window(2048.0, 4096.0))
    assert dice(analyser().analyse(instance(300, 400), 0, pixels).mask, truth) > 0.95


def test_small_parts_are_dropped_by_the_bundles_share_of_the_picture():
    picture, _ = tissue(300, 400, (200, 150))
    picture[10:20, 10:20] = 250  # 100 px, less than 0.2% of 120,000
    assert len(analyser().analyse(*frame(picture)).findings) == 1


def test_a_lesion_the_classifier_calls_normal_is_flagged_and_kept():
    found = analyser(BrightnessRuntime((4.0, 0.0, 0.0))).analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert [flag.code for flag in found.flags] == ["disagreement"]
    assert found.mask.any()
    assert found.probabilities is not None


def test_a_malignant_score_without_an_outlined_lesion_is_flagged():
    found = analyser().analyse(*frame(tissue(300, 400)[0]))
    assert [flag.code for flag in found.flags] == ["disagreement"]
    assert found.heat.share_inside is None


def test_normal_without_a_lesion_has_no_flag():
    assert analyser(BrightnessRuntime((4.0, 0.0, 0.0))).analyse(*frame(tissue(300, 400)[0])).flags == ()


def test_heat_that_avoids_the_lesion_is_flagged_with_its_share():
    corner = np.zeros((8, 8), np.float32)
    corner[6, 0] = 1
    picture = tissue(400, 400, (280, 120))[0]
    found = analyser(BrightnessRuntime(heat=corner)).analyse(*frame(picture))
    assert [flag.code for flag in found.flags] == ["heat-outside"]
    assert found.heat.share_inside[2] == pytest.approx(0, abs=1e-6)
    good = analyser().analyse(*frame(picture))
    assert good.flags == ()
    assert good.heat.share_inside[2] > 0.5


def test_heat_is_scaled_to_its_own_maximum_and_nothing_stays_nothing():
    found = analyser().analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert found.heat.classes.max(axis=(1, 2)).tolist() == [1, 1, 1]
    nothing = analyser(BrightnessRuntime(heat=np.zeros((8, 8)))).analyse(*frame(tissue(300, 400)[0]))
    assert not nothing.heat.classes.any()
    assert np.isfinite(nothing.heat.segmenter).all()


def test_the_network_is_loaded_once_and_freed():
    opened = []

    def opener(_, device):
        opened.append(device)
        return BrightnessRuntime()

    one = Analyser(bundle(), "cpu", opener)
    assert (one.device, one.notice) == ("", "")
    picture = frame(tissue(300, 400)[0])
    one.analyse(*picture)
    one.analyse(*picture)
    assert opened == ["cpu"]
    assert one.device == "CPU"
    one.close()
    one.close()
    assert one.device == ""
    one.analyse(*picture)
    assert opened == ["cpu", "cpu"]


def test_nothing_asked_is_nothing_answered():
    assert analyser().analyse_batch([]) == []


def test_a_tiny_network_reads_a_picture_from_end_to_end():
    pytest.importorskip("tensorflow")
    from tests.inference import networks

    real = Analyser(networks.bundle(), "cpu")
    found = real.analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert sum(found.probabilities) == pytest.approx(1)
    assert found.mask.shape == (300, 400)
    assert found.heat.classes.shape == (3, 8, 8)
    assert same(analysis_file.loads(analysis_file.dumps(found)), found)
    real.close()
