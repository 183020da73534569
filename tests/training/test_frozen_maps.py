"""A decoder and a head trained on the maps of a frozen encoder: without the encoder's cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")

from breastview.networks import catalogue
from breastview.training import data, export, fit, frozen, frozen_maps, predictions, recipe, run, sampling
from tests.training import phantoms, tiny

MAPS = replace(
    recipe.find("us-mobilenetv2-1"), size=64, epochs=3, pictures=16, batch=8, frozen_stages=5, frozen_views=2,
    average=0.5, rate=0.01, crop_share=0.0,
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _small_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "build", tiny.build)
        yield


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phantoms.busi_folder(tmp_path_factory.mktemp("data") / "phantoms", 5)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Path:
    """Return the folder of a run of one fold, interrupted once after its second epoch."""
    plan = run.Plan(MAPS, (pictures,), tmp_path_factory.mktemp("run") / "out", ("1",))

    def interrupt(line: str) -> None:
        if "epoch 2," in line:
            raise KeyboardInterrupt

    with tiny.uncompiled(), pytest.raises(KeyboardInterrupt):
        run.execute(plan, interrupt)
    kept = {path: path.stat().st_mtime_ns for path in (plan.out / frozen.FOLDER).glob("*.npy")}
    assert len(kept) == 10  # two views of five strides
    told: list[str] = []
    with tiny.uncompiled():
        run.execute(replace(plan, resume=True), told.append)
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())
    assert not any("epoch 2," in line for line in told) and any("epoch 3," in line for line in told)
    return plan.out


def test_the_encoder_stays_and_everything_behind_it_learns(trained: Path) -> None:
    fresh = fit.built(MAPS, None).model
    with np.load(trained / "fold-1" / run.MODEL) as arrays:
        now = [arrays[key] for key in sorted(arrays.files)]
    for variable, value in zip(fresh.weights, now, strict=True):
        same = np.array_equal(np.asarray(variable.value), value)
        assert same == variable.path.startswith("stage"), variable.path


def test_the_whole_network_answers_as_it_did_on_the_maps(trained: Path) -> None:
    found = predictions.read([trained / "fold-1"], phantoms.CLASSES)
    assert {example.fold for example in found.examples} == {1} and found.segments
    pool = sampling.tiles(found.examples, 64, crops=False)
    logits, masks = fit.predict(export.trained(trained, "1", MAPS).model, pool)
    np.testing.assert_allclose(logits, found.logits, atol=0.02)  # maps are kept in half precision
    assert np.abs(masks.astype(int) - found.masks).max() <= 3


def test_a_view_is_the_picture_with_its_mask_or_always_the_same_change_of_both(pictures: Path) -> None:
    lesion = next(e for e in data.read(pictures, phantoms.CLASSES) if e.masks)
    tile = sampling.tiles([lesion], 64, crops=False)[0]
    plane, outline = frozen_maps.seen(tile, 3, 0, MAPS)
    assert plane is tile.plane and outline is tile.outline
    plane, outline = frozen_maps.seen(tile, 3, 1, MAPS)
    again, outline_again = frozen_maps.seen(tile, 3, 1, MAPS)
    assert (plane == again).all() and (outline == outline_again).all()
    assert (plane != tile.plane).any() and (outline != tile.outline).any()
    inside = outline > 127
    assert plane[inside].mean() < plane[~inside & (plane > 0)].mean()  # the dark lesion moved with its mask
