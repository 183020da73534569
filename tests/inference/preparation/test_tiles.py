"""A field of tissue in tiles: the map lies on what was found, glass is left out, one patch is one tile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from breastview.errors import Cancelled
from breastview.inference.analyser import Analyser
from breastview.inference.bundle import Bundle, Thresholds
from breastview.inference.calibration import Calibration, Reliability
from breastview.inference.intended import Intended
from breastview.inference.preparation import tiles
from breastview.inference.runtime import RawOutput
from breastview.study.analysis import Analysis
from breastview.study.calibration import UNCALIBRATED, everywhere
from breastview.study.instance import Instance, SeriesInfo, StudyInfo, Window
from breastview.study.kind import Kind
from breastview.study.pixels import FramePixels
from breastview.task import SilentTask
from tests.inference.bundles import bundle

CLASSES = ("non-idc", "idc")
GLASS, PINK, VIOLET = (244, 243, 245), (214, 150, 190), (110, 60, 140)
TILE = 50


class StainRuntime:
    """Calls a tile carcinoma the surer the darker its green is: violet is, pink is not."""

    device, notice = "CPU", ""

    def __init__(self) -> None:
        self.count = 0
        self.largest = 0

    def run(self, batch: np.ndarray) -> RawOutput:
        count = len(batch)
        self.count, self.largest = self.count + count, max(self.largest, count)
        dark = (105 - batch[..., 1].mean(axis=(1, 2))) / 10
        logits = np.stack([-dark, dark], axis=1).astype(np.float32)
        maps = np.tile(np.arange(16, dtype=np.float32).reshape(4, 4), (count, 2, 1, 1))
        return RawOutput(
            logits, np.zeros((count, 0, 0), np.float32), maps, np.zeros((count, 1, 1), np.float32), 1.0
        )

    def close(self) -> None:
        pass


def histology() -> Bundle:
    bins = Reliability("idc", (0.0, 0.5, 1.0), (100, 100), (10, 90))
    intended = Intended(
        kind=Kind.HISTOLOGY, um_per_px=4.0, suspicious="idc", colour="rgb", preparation="tiles",
        tile=TILE, overlap=TILE // 2,
    )  # fmt: skip
    return bundle(
        size=64,
        classes=CLASSES,
        layers={"features": "last", "logits": "logits"},
        thresholds=Thresholds(0.5, 0.0),
        calibration=Calibration(CLASSES, (1.0, 1.0), (0.0, 0.0), bins, 0.6, "made up for tests"),
        intended=intended,
    )


def field(rows: int = 300, columns: int = 400, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Glass with a piece of tissue on it and an area of carcinoma in that; the two areas."""
    rng = np.random.default_rng(seed)
    picture = np.empty((rows, columns, 3))
    picture[:] = GLASS
    stained, found = np.zeros((2, rows, columns), bool)
    stained[rows // 6 : -rows // 6, columns // 4 :] = True
    found[rows // 3 : -rows // 3, columns // 2 : -columns // 8] = True
    picture[stained] = PINK
    picture[found] = VIOLET
    return np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype(np.uint8), stained, found


def instance(picture: np.ndarray, um: float = 0.0) -> Instance:
    rows, columns = picture.shape[:2]
    known = everywhere("PixelSpacing", rows, columns, um / 1000, um / 1000) if um else UNCALIBRATED
    return Instance(
        Path("a.png"), "a.png", "picture", rows, columns, StudyInfo("1"), SeriesInfo("2"), modality="SM",
        calibrations=(known,),
    )  # fmt: skip


def read(picture: np.ndarray, um: float = 0.0, runtime: StainRuntime | None = None) -> Analysis:
    frame = FramePixels(picture, "RGB", Window(128.0, 256.0))
    opened = runtime or StainRuntime()
    return Analyser(histology(), opener=lambda *_: opened).analyse(instance(picture, um), 0, frame)


def codes(analysis: Analysis) -> set[str]:
    return {flag.code for flag in analysis.flags}


def test_the_mask_lies_on_the_carcinoma_and_its_share_is_of_the_tissue() -> None:
    picture, stained, truth = field()
    found = read(picture, um=4.0)
    assert found.mask.shape == truth.shape
    assert (found.mask & truth).sum() / (found.mask | truth).sum() > 0.8
    assert found.area_share == pytest.approx(truth.sum() / stained.sum(), abs=0.06)
    (finding,) = found.findings
    assert finding.long_mm == pytest.approx(0.004 * finding.long_px)
    assert finding.long_px == pytest.approx(np.hypot(100, 150), rel=0.15)  # corners are rounded
    assert found.suspicious == "idc" and found.kind is Kind.HISTOLOGY and found.draws_mask
    assert found.probabilities is not None and found.probabilities[1] > 0.9
    assert "surest-patch" in codes(found) and "size-unknown" not in codes(found)


def test_the_heat_is_the_probability_over_the_whole_field() -> None:
    picture, _, truth = field()
    found = read(picture, um=4.0)
    assert found.heat.placement == (0, 0, 400, 300)
    rows, columns = found.mask_probability.shape
    cells = [(np.arange(n) + 0.5) * side / n for n, side in ((rows, 300), (columns, 400))]
    at = truth[np.ix_(cells[0].astype(int), cells[1].astype(int))]
    likely = found.heat.classes[1]
    assert likely.shape == (rows, columns)
    assert likely[at].mean() > 0.8 and likely[~at].mean() < 0.15
    np.testing.assert_allclose(likely, found.mask_probability / 255, atol=1e-6)


def test_bare_glass_is_not_asked_about_and_memory_holds_a_few_tiles() -> None:
    picture, stained, _ = field(600, 800)
    runtime = StainRuntime()
    found = read(picture, um=4.0, runtime=runtime)
    everything = len(tiles.Tiling(600, 800, TILE, 25).places)
    assert 0.8 * stained.mean() < runtime.count / everything < 0.7
    assert runtime.largest <= tiles.BATCH
    assert not found.mask[:, :150].any() and found.milliseconds > 0


def test_a_lone_patch_is_one_tile_with_its_grad_cam() -> None:
    patch = field()[0][120:170, 220:270]
    runtime = StainRuntime()
    found = read(patch, runtime=runtime)
    assert runtime.count == 1 and found.probabilities is not None and found.probabilities[1] > 0.9
    assert not found.draws_mask and not found.mask.any() and found.area_share is None
    assert not found.findings and found.mask_probability.shape == (1, 1)
    assert found.heat.classes.shape == (2, 4, 4) and found.heat.classes.max() == 1
    assert codes(found) == {"size-unknown", "no-mask"}
    benign = read(
        np.full((50, 50, 3), PINK, np.uint8)
        + np.random.default_rng(0).integers(0, 30, (50, 50, 1)).astype(np.uint8)
    )
    assert benign.probabilities is not None and benign.probabilities[0] > 0.9
    assert not benign.mask.any()


def test_a_finer_scan_is_read_at_the_pixel_size_of_the_model() -> None:
    picture, _, truth = field()
    fine = np.repeat(np.repeat(picture, 4, axis=0), 4, axis=1)
    coarse, found = read(picture, um=4.0), read(fine, um=1.0)
    assert found.mask.shape == (1200, 1600)
    assert found.mask_probability.shape == coarse.mask_probability.shape
    assert found.area_share == pytest.approx(coarse.area_share, abs=0.02)
    enlarged = np.repeat(np.repeat(truth, 4, axis=0), 4, axis=1)
    assert (found.mask & enlarged).sum() / (found.mask | enlarged).sum() > 0.8


def test_a_coarse_scan_is_read_but_said_to_be_coarse() -> None:
    picture, *_ = field()
    found = read(np.ascontiguousarray(picture[::3, ::3]), um=12.0)
    assert "coarse" in codes(found) and found.mask.shape == (100, 134) and found.mask.any()


@pytest.mark.parametrize("colour", [GLASS, (255, 255, 255)])
def test_a_slide_without_tissue_gets_no_score(colour: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(0)
    picture = np.clip(np.array(colour) + rng.normal(0, 8, (200, 200, 3)), 0, 255).astype(np.uint8)
    runtime = StainRuntime()
    found = read(picture, runtime=runtime)
    assert found.refused and found.probabilities is None and not runtime.count
    assert found.mask.shape == (200, 200) and found.area_share is None


def test_a_picture_of_a_few_pixels_is_refused_but_a_patch_of_48_is_not() -> None:
    picture = field()[0]
    assert "too-small" in codes(read(picture[100:120, 220:240]))
    assert not read(picture[120:168, 220:268]).refused


def test_many_frames_are_answered_in_their_order() -> None:
    whole, violet = field()[0], field()[0][120:170, 220:270]
    pink = field()[0][60:110, 110:160]
    opened = StainRuntime()
    frames = [
        (instance(picture), 0, FramePixels(picture, "RGB", Window(128.0, 256.0)))
        for picture in (violet, whole, pink, violet)
    ]
    first, second, third, fourth = Analyser(histology(), opener=lambda *_: opened).analyse_batch(frames)
    likely = [one.probability("idc") or 0.0 for one in (first, third, fourth)]
    assert likely[0] > 0.9 > 0.1 > likely[1] and likely[2] == likely[0]
    assert second.mask.shape == (300, 400) and 0 < (second.area_share or 0) < 1


def test_a_field_tells_how_far_it_is_and_stops_between_tiles() -> None:
    class Watched(SilentTask):
        def __init__(self) -> None:
            super().__init__()
            self.said: list[tuple[int, int | None]] = []

        def progress(self, done: int, total: int | None, text: str = "") -> None:
            self.said.append((done, total))
            if done >= 40:
                self.cancel()

    picture, opened, task = field()[0], StainRuntime(), Watched()
    reader = Analyser(histology(), opener=lambda *_: opened)
    with pytest.raises(Cancelled):
        reader.analyse_batch(
            [(instance(picture), 0, FramePixels(picture, "RGB", Window(128.0, 256.0)))], task
        )
    total = task.said[0][1]
    assert total is not None and 100 < total < 400 and {count for _, count in task.said} == {total}
    assert [done for done, _ in task.said] == sorted(done for done, _ in task.said)
    assert opened.count <= 48


def test_a_field_with_tissue_in_one_corner_has_a_map_of_that_corner() -> None:
    picture = np.clip(np.array(GLASS) + np.random.default_rng(0).normal(0, 3, (200, 200, 3)), 0, 255).astype(
        np.uint8
    )
    picture[:24, :24] = VIOLET
    found = read(picture, um=4.0)
    assert found.draws_mask and found.mask_probability.shape == (40, 40) and not found.mask[60:, 60:].any()
    assert "surest-patch" in codes(found) and found.area_share is not None
    assert found.heat.classes[0][20:, 20:].max() == 0  # bare glass is nothing, not "no carcinoma"
