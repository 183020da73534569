"""Frames in, analyses out: geometry, order, refusals, batches, doubts; without any real network."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from breastview.errors import BundleError
from breastview.imaging import overlay
from breastview.imaging.dice import dice
from breastview.inference import analyser as analyser_module
from breastview.inference import analysis_file, runtime
from breastview.inference.analyser import BATCH, Analyser
from breastview.inference.intended import Intended
from breastview.inference.preparation import Prepared
from breastview.study.calibration import Calibration, Region
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.kind import Kind
from breastview.study.pixels import FramePixels
from tests.inference import speckle
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
    picture = np.clip(speckle.tissue(rows, columns, seed), 20, 150)
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
    half = Calibration("US region", (Region(0, 0, 399, 149, 0.1, 0.1), Region(0, 150, 399, 299, 0.2, 0.2)))
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
    assert good.heat.share_inside[2] > 0.4


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

    def by_tensorflow(bundle, device):
        return runtime.open_runtime(bundle, device, runtime.TENSORFLOW)

    real = Analyser(networks.bundle(), "cpu", by_tensorflow)
    found = real.analyse(*frame(tissue(300, 400, (200, 150))[0]))
    assert sum(found.probabilities) == pytest.approx(1)
    assert found.mask.shape == (300, 400)
    assert found.heat.classes.shape == (3, 8, 8)
    assert same(analysis_file.loads(analysis_file.dumps(found)), found)
    real.close()


def test_an_rgb_bundle_sees_the_colours():
    colours = np.zeros((300, 300, 3), np.uint8)
    colours[:] = 200, 100, 150
    colours[:, 150:] = 100, 60, 90
    seen = []

    class Looking(BrightnessRuntime):
        def run(self, batch):
            seen.append(batch.copy())
            return super().run(batch)

    reader = analyser(Looking(), intended=Intended(kind=Kind.HISTOLOGY, colour="rgb"))
    found = reader.analyse(*frame(colours, "SM"))
    assert seen[0].shape == (1, 224, 224, 3)
    assert seen[0][0, 100, 20].tolist() == [200, 100, 150]
    assert found.kind is Kind.HISTOLOGY


def test_many_squares_of_one_frame_go_through_in_batches_and_come_back_in_order(monkeypatch):
    """A preparation may cut a frame into more squares than memory holds: they are asked for one batch at a
    time."""
    asked = []

    def squares():
        for number in range(3):
            asked.append(number)
            yield np.full((BATCH + 1, 64, 64), 10 * number, np.uint8)

    class Cutting:
        def prepare(self, bundle, instance, frame, pixels):
            return Prepared(squares(), ())

        def interpret(self, bundle, prepared, outputs, device):
            assert device == "CPU"
            found = []
            for output in outputs:
                assert len(asked) == len(found) // 2 + 1  # no batch is made before the one before was read
                found.append((len(output.logits), round(float(output.logits[0, 1] * 1000))))
            return found

    monkeypatch.setattr(analyser_module, "preparation", lambda name: Cutting())
    (found,) = analyser(size=64).analyse_batch([frame(tissue(300, 300)[0])])
    assert found == [(BATCH, 0), (1, 0), (BATCH, 10), (1, 10), (BATCH, 20), (1, 20)]


def test_a_bundle_prepared_in_an_unknown_way_is_refused_with_what_to_do():
    reader = analyser(intended=Intended(preparation="spiral"))
    with pytest.raises(BundleError, match=r"spiral.*Install a newer version"):
        reader.analyse(*frame(tissue(300, 300)[0]))


def test_a_worker_of_one_thread_starts_no_others_for_a_batch(monkeypatch):
    used = set()

    class Noting:
        def prepare(self, bundle, instance, frame, pixels):
            used.add(threading.current_thread())
            return Prepared(np.zeros((1, 64, 64), np.uint8), ())

        def interpret(self, bundle, prepared, outputs, device):
            used.add(threading.current_thread())

    monkeypatch.setattr(analyser_module, "preparation", lambda name: Noting())
    monkeypatch.setenv("BREASTVIEW_THREADS", "1")
    frames = [frame(tissue(64, 64)[0]) for _ in range(3)]
    assert analyser(size=64).analyse_batch(frames) == [None] * 3
    assert used == {threading.current_thread()}
