"""A head trained on the features of frozen encoders: computed once, the same network in the end."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("keras")

from breastview.cli import bundle as bundle_command
from breastview.inference.bundle import load_bundle
from breastview.networks import catalogue
from breastview.training import data, export, fit, frozen, predictions, recipe, run, sampling
from tests.training import phantoms
from tests.training.test_run import invoke

pytestmark = pytest.mark.usefixtures("in_brief")
HEAD = replace(
    recipe.find("cnn"), size=64, epochs=3, pictures=32, batch=8, dropout=0.1, hidden=((8, 0.1),),
    standardised=True, frozen_views=3, average=0.5, crop_share=0.3,
)  # fmt: skip


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phantoms.busi_folder(tmp_path_factory.mktemp("data") / "phantoms", 10)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Path:
    """Return the folder of a run of two folds and the final model, interrupted once among the features."""
    out = tmp_path_factory.mktemp("run") / "out"
    plan = run.Plan(HEAD, (pictures,), out, ("0", "1", run.FINAL))

    def interrupt(line: str) -> None:
        if "view 2 of 3: 8 of" in line:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frozen, "CHUNK", 8)
        with pytest.raises(KeyboardInterrupt):
            run.execute(plan, interrupt)
        kept = {path: path.stat().st_mtime_ns for path in (out / frozen.FOLDER).glob("*.npy")}
        assert len(kept) == 5  # four files of the first view, one of the second
        run.execute(replace(plan, resume=True), lambda line: None)
        assert all(path.stat().st_mtime_ns == time for path, time in kept.items())
        assert len(list((out / frozen.FOLDER).glob("*.npy"))) == 12
    return out


def test_the_encoder_stays_and_the_head_learns(trained: Path) -> None:
    fresh = fit.built(HEAD, None).model
    with np.load(trained / run.FINAL / run.MODEL) as arrays:
        now = [arrays[key] for key in sorted(arrays.files)]
    changed = {
        variable.path.split("/")[0]
        for variable, value in zip(fresh.weights, now, strict=True)
        if not np.array_equal(np.asarray(variable.value), value)
    }
    assert changed == {"head_norm", "hidden1", "logits"}


def test_the_whole_network_answers_as_the_head_did_on_the_features(trained: Path) -> None:
    found = predictions.read([trained / "fold-1"], phantoms.CLASSES)
    assert {example.fold for example in found.examples} == {1} and not found.segments
    pool = sampling.tiles(found.examples, 64, crops=False)
    logits, _ = fit.predict(export.trained(trained, "1", HEAD).model, pool)
    np.testing.assert_allclose(logits, found.logits, atol=0.02)  # features are kept in half precision


def test_the_pointing_game_is_that_of_the_compiled_graph(trained: Path) -> None:
    kept = trained / "fold-0" / run.POINTING
    mine = np.load(kept)
    kept.unlink()
    again = export._pointed(trained, trained / "fold-0", HEAD)
    np.testing.assert_array_equal(mine, again)
    assert np.isnan(mine[:, 1]).all() and 0 < np.isfinite(mine[:, 0]).sum() < len(mine)


def test_statistics_and_training_leave_the_held_out_pictures_alone(trained: Path, pictures: Path) -> None:
    pool = sampling.tiles(data.read(pictures, phantoms.CLASSES), 64, crops=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frozen, "CHUNK", 8)
        stage = frozen.prepare(HEAD, fit.built(HEAD, None), pool, trained / frozen.FOLDER, str)
    rows = [index for index, tile in enumerate(stage.pool) if tile.fold != 0]
    with np.load(trained / "fold-0" / run.MODEL) as arrays:
        stored = dict(zip((v.path for v in stage.network.model.weights), sorted(arrays.files), strict=True))
        mean = arrays[stored["head_norm/moving_mean"]]
        variance = arrays[stored["head_norm/moving_variance"]]
    np.testing.assert_allclose(mean, stage.features[:, rows].mean(axis=(0, 1)), rtol=1e-4)
    np.testing.assert_allclose(variance, stage.features[:, rows].var(axis=(0, 1)), rtol=1e-3)


def test_a_view_is_the_picture_its_mirror_or_always_the_same_change(pictures: Path) -> None:
    tile = sampling.tiles(data.read(pictures, phantoms.CLASSES)[:1], 64, crops=False)[0]
    assert (frozen.seen(tile, 0, 0, HEAD) == tile.plane).all()
    assert (frozen.seen(tile, 0, 1, HEAD)[:, ::-1] == tile.plane).all()
    third = frozen.seen(tile, 0, 2, HEAD)
    assert (third == frozen.seen(tile, 0, 2, HEAD)).all() and (third != tile.plane).any()
    assert (third != frozen.seen(tile, 1, 2, HEAD)).any() and (third != frozen.seen(tile, 0, 3, HEAD)).any()


def test_only_as_many_crops_are_seen_as_will_be_drawn(pictures: Path) -> None:
    lesions = [e for e in data.read(pictures, phantoms.CLASSES) if e.label != data.NORMAL]
    pool = sampling.tiles(lesions, 64, crops=True)
    crops = sum(tile.is_crop for tile in pool)
    assert crops > 6
    kept = frozen.thinned(pool, HEAD)
    assert sum(tile.is_crop for tile in kept) == 3 and len(kept) == len(lesions) + 3
    assert len(frozen.thinned(pool, replace(HEAD, crop_share=0.0))) == len(lesions)


def test_the_bundle_made_of_it_says_what_it_does_not(trained: Path, tmp_path: Path) -> None:
    invoke(bundle_command.command, trained, tmp_path / "mine")
    bundle = load_bundle(tmp_path / "mine")
    assert bundle.classifies and not bundle.segments
    assert bundle.manifest["training"]["recipe"]["frozen_views"] == 3
    assert "**It draws no mask.**" in bundle.card and "see each picture as it is, mirrored" in bundle.card
    assert "painted" not in bundle.card and "dice" not in json.dumps(bundle.metrics)


def test_the_ensemble_ends_where_its_weights_do(shared_data: Path) -> None:
    from breastview.networks import pretrained

    chosen = recipe.find("us-resnet50v2-xception-1")
    network = catalogue.build(chosen.architecture, replace(chosen.network(), size=96))
    for part in network.encoders:
        path = pretrained.locate(shared_data / "weights", part.pretrained)
        with np.load(path) as arrays:
            keys = sorted(arrays.files, key=lambda key: int(key.split("|")[0]))
        expected = [key.split("|")[1].split("/")[-2:] for key in keys]
        assert pretrained.load(part.model, path) == len(part.model.weights) == len(keys)
        assert [weight.path.split("/")[-2:] for weight in part.model.weights] == expected
    assert network.model.get_layer("features").output.shape == (None, 3, 3, 2048)
    assert network.model.count_params() < 26e6
