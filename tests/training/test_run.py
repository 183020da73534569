"""A whole small training: folds, interruption, bundle, evaluation, through the product's own commands."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("keras")

from breastview.cli import bundle as bundle_command
from breastview.cli import evaluate as evaluate_command
from breastview.cli import models as models_command
from breastview.cli import train as train_command
from breastview.errors import TrainingError
from breastview.inference.bundle import load_bundle
from breastview.networks import catalogue
from breastview.training import data, predictions, recipe, run, sampling
from tests.training import phantoms, tiny

pytestmark = pytest.mark.usefixtures("in_brief")
SMALL = replace(
    recipe.find("us-mobilenetv2-1"), size=64, epochs=2, pictures=32, batch=8, frozen_stages=0, average=0.5
)


def invoke(command: object, *arguments: object, code: int = 0) -> str:
    app = typer.Typer()
    app.command()(command)  # type: ignore[arg-type]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.output


def log(folder: Path) -> list[dict[str, str]]:
    with (folder / "log.csv").open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module", autouse=True)
def _small_network() -> Iterator[None]:
    """Train a tiny network under the recipe's name; the real ones have a contract test of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "build", tiny.plain)
        yield


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phantoms.busi_folder(tmp_path_factory.mktemp("data") / "phantoms", 10)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Path:
    """Return the folder of a finished run of two folds and the final model, started by the command."""
    out = tmp_path_factory.mktemp("run") / "out"
    options = ["--size", 64, "--epochs", 2, "--pictures", 16, "--folds", "0,1,final", "--bundle", "mine"]
    with tiny.uncompiled():
        output = invoke(train_command.command, "us-mobilenetv2-1", "--data", pictures, "--out", out, *options)
    assert "Bundle mine 1.0.0" in output
    return out


def test_the_command_makes_a_bundle_that_verifies(trained: Path) -> None:
    bundle = load_bundle(trained / "mine")
    assert bundle.classes == phantoms.CLASSES and bundle.size == 64
    assert set(bundle.metrics["sets"]["phantoms"]["folds"]) == {"0", "1"}
    assert bundle.manifest["training"]["recipe"]["epochs"] == 2
    assert "2 grouped fold models on 12 pictures" in bundle.calibration.set
    assert str(trained.parent) not in json.dumps(bundle.manifest)
    assert "Research and education only" in bundle.card


def test_a_training_that_starts_small_goes_on_large_with_what_it_learned(
    tmp_path: Path, pictures: Path
) -> None:
    growing = replace(SMALL, small_size=32, small_epochs=1, epochs=8, pictures=64, rate=0.01)
    assert growing.sized() == ((32, 1), (64, 8))
    plan = run.Plan(growing, (pictures,), tmp_path / "out", ("0",))
    run.execute(plan, lambda _text: None)
    rows = log(tmp_path / "out" / "fold-0")
    assert [row["epoch"] for row in rows] == list("12345678")
    losses = [float(row["loss"]) for row in rows]
    assert losses[1] < losses[0] and losses[-1] < 0.8 * losses[0]
    found = predictions.read([tmp_path / "out" / "fold-0"], phantoms.CLASSES)
    assert found.masks.shape[1:] == (64, 64)


def test_held_out_predictions_are_of_the_held_out_pictures_only(trained: Path, pictures: Path) -> None:
    found = predictions.read([trained / "fold-1"], phantoms.CLASSES)
    expected = [e.image for e in data.read(pictures, phantoms.CLASSES) if e.fold == 1]
    assert [e.image for e in found.examples] == expected
    assert found.masks.shape == (len(expected), 64, 64) and found.logits.shape == (len(expected), 3)


def test_evaluate_measures_a_run_and_a_bundle(trained: Path, pictures: Path, tmp_path: Path) -> None:
    invoke(evaluate_command.command, trained, "--json", tmp_path / "run.json")
    of_run = json.loads((tmp_path / "run.json").read_text())
    assert all(values.pop("curves") for values in of_run["sets"].values())
    assert of_run["sets"] == load_bundle(trained / "mine").metrics["sets"]
    output = invoke(
        evaluate_command.command, trained / "mine", "--data", pictures, "--json", tmp_path / "bundle.json"
    )
    assert "trained on a data set called phantoms" in output
    of_bundle = json.loads((tmp_path / "bundle.json").read_text())["sets"]["phantoms"]
    assert of_bundle["pooled"]["pictures"] == 30
    assert np.sum(of_bundle["confusion"]) == 30


def test_the_same_run_gives_the_same_bundle(trained: Path, tmp_path: Path) -> None:
    made = tmp_path / "mine"
    invoke(bundle_command.command, trained, made, "--title", "mine")
    assert load_bundle(made).hash == load_bundle(trained / "mine").hash
    first = tmp_path / "first"
    assert "Bundle first" in invoke(bundle_command.command, trained, first, "--part", 0)
    assert load_bundle(first).manifest["training"]["weights of"] == "0"


def test_models_lists_the_bundle_and_says_why_one_is_refused(trained: Path) -> None:
    listed = invoke(models_command.command, "--folder", trained)
    assert "mine" in listed and load_bundle(trained / "mine").hash[:6] in listed.replace("\n", "")
    card = trained / "mine" / "CARD.md"
    content = card.read_bytes()
    card.write_bytes(content + b"!")
    try:
        assert "CARD.md was changed" in invoke(models_command.command, "--folder", trained, code=1)
    finally:
        card.write_bytes(content)


def test_an_interrupted_training_goes_on_where_it_stopped(
    trained: Path, pictures: Path, tmp_path: Path
) -> None:
    chosen = replace(recipe.find("us-mobilenetv2-1"), size=64, epochs=2, pictures=16)
    plan = run.Plan(chosen, (pictures,), tmp_path / "out", ("0",))

    def interrupt(line: str) -> None:
        if "epoch 1," in line:
            raise KeyboardInterrupt

    with tiny.uncompiled(), pytest.raises(KeyboardInterrupt):
        run.execute(plan, interrupt)
    assert [row["epoch"] for row in log(plan.out / "fold-0")] == ["1"]
    with pytest.raises(TrainingError, match="--resume"):
        run.execute(plan)
    with pytest.raises(TrainingError, match="other settings"):
        run.execute(replace(plan, recipe=replace(chosen, rate=1.0), resume=True))
    with tiny.uncompiled():
        run.execute(replace(plan, resume=True), lambda line: None)
    resumed, whole = log(plan.out / "fold-0"), log(trained / "fold-0")
    assert [row["epoch"] for row in resumed] == ["1", "2"]
    for mine, other in zip(resumed, whole, strict=True):
        assert float(mine["loss"]) == pytest.approx(float(other["loss"]), rel=1e-3)


def test_batches_are_balanced_and_repeatable(pictures: Path) -> None:
    examples = data.read(pictures, phantoms.CLASSES)
    few = [e for e in examples if e.label != "normal"] + [e for e in examples if e.label == "normal"][:2]
    sampler = sampling.Sampler(sampling.tiles(few, 64, crops=False), SMALL)
    again = sampling.Sampler(sampling.tiles(few, 64, crops=False), SMALL)
    labels = np.concatenate([sampler[step][1]["logits"] for step in range(len(sampler))])
    assert labels.sum(axis=0).min() >= 9  # two normals are drawn as often as ten benign pictures
    first, same = sampler[1], again[1]
    assert (first[0] == same[0]).all() and (first[1]["mask"] == same[1]["mask"]).all()
    sampler.on_epoch_end()
    assert (sampler[1][0] != first[0]).any()


def drawn(balance: float, crop_share: float = 0.5) -> dict[str, int]:
    """Return how often an epoch of 700 draws pictures of strata of 64, 16 and 4, and 64 crops."""
    sizes = {"benign": 64, "malignant": 16, "normal": 4, sampling.CROP: 64}
    plane = np.zeros((8, 8), np.uint8)
    pool = [
        sampling.Tile(plane, plane, "normal" if kind == sampling.CROP else kind, ("set", kind), 0, True)
        for kind, count in sizes.items()
        for _ in range(count)
    ]
    chosen = replace(SMALL, pictures=700, balance=balance, crop_share=crop_share)
    kinds = [pool[index].stratum[1] for index in sampling.Sampler(pool, chosen).draws]
    assert len(kinds) == 700
    return {kind: kinds.count(kind) for kind in sizes}


def test_a_balance_of_one_draws_all_strata_equally() -> None:
    assert drawn(1.0) == pytest.approx(
        {"benign": 200, "malignant": 200, "normal": 200, sampling.CROP: 100}, abs=3
    )


def test_a_balance_of_nought_draws_all_pictures_equally() -> None:
    # 64 + 16 + 4 pictures and half of 64 crops
    share = 700 / 116
    wanted = {"benign": 64 * share, "malignant": 16 * share, "normal": 4 * share, sampling.CROP: 32 * share}
    assert drawn(0.0) == pytest.approx(wanted, abs=3)


def test_a_balance_of_a_half_draws_a_stratum_by_the_square_root_of_its_pictures() -> None:
    # 8 + 4 + 2 and half of 8
    assert drawn(0.5) == pytest.approx(
        {"benign": 311, "malignant": 156, "normal": 78, sampling.CROP: 156}, abs=3
    )


def test_lesion_free_crops_hold_no_lesion_and_stay_in_their_fold(pictures: Path) -> None:
    examples = [e for e in data.read(pictures, phantoms.CLASSES) if e.label != "normal"]
    pool = sampling.tiles(examples, 64, crops=True)
    crops = [tile for tile in pool if tile.is_crop]
    assert crops and all(not tile.outline.any() and tile.label == "normal" for tile in crops)
    wide = np.zeros((100, 100), np.uint8)
    wide[40:60, 10:30] = 255
    tall, broad = sampling.lesion_free(wide)  # type: ignore[misc]
    assert not wide[tall, broad].any() and (tall, broad) == (slice(0, 100), slice(30, 100))
    assert sampling.lesion_free(np.full((10, 10), 255, np.uint8)) is None


def test_parts_are_read_as_written() -> None:
    assert run.parts("all") == ("0", "1", "2", "3", "4", "final")
    assert run.parts("final, 2") == ("final", "2")
    with pytest.raises(TrainingError, match="names no folds"):
        run.parts("0,seven")


def test_statistics_behind_the_pretrained_weights_are_still_learnt() -> None:
    from breastview.networks.specification import NetworkConfig
    from breastview.training import fit

    part = tiny.normalised(NetworkConfig(size=64)).encoders[0]
    fit.freeze(part, 1, assigned=len(part.model.weights) // 2)
    assert [layer.trainable for layer in part.model.layers if layer.name.startswith("norm")] == [
        False, False, True, True,
    ]  # fmt: skip
    assert not part.model.get_layer("conv0").trainable and part.model.get_layer("conv1").trainable
