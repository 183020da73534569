"""Patches of stained tissue, in colour and by patient: from a manifest to a bundle that reads a field."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

pytest.importorskip("keras")

import keras

from breastview.cli import evaluate as evaluate_command
from breastview.cli import train as train_command
from breastview.imaging.letterbox import RGB
from breastview.inference.bundle import Bundle, load_bundle
from breastview.networks.architectures import patch_colour
from breastview.networks.backbones.pyramid import Encoder
from breastview.networks.specification import NetworkConfig
from breastview.study.kind import Kind
from breastview.training import baselines, calibrate, comparison, data, predictions, recipe, sampling, stain
from breastview.training.augment import Augmentation

pytestmark = pytest.mark.usefixtures("in_brief")
CLASSES = ("non-idc", "idc")
PINK, VIOLET = (214, 150, 190), (110, 60, 140)


def patch(label: str, seed: int) -> np.ndarray:
    """Return a patch of 50 px, RGB: violet spots lie dense in carcinoma, sparse elsewhere."""
    rng = np.random.default_rng(seed)
    picture = np.empty((50, 50, 3))
    picture[:] = PINK
    for x, y in rng.integers(0, 50, (60 if label == "idc" else 8, 2)).tolist():
        cv2.circle(picture, (x, y), 2, VIOLET, -1)
    return np.clip(picture + rng.normal(0, 8, picture.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def patches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a data set of 15 patients with four patches each, in three folds."""
    folder = tmp_path_factory.mktemp("patches") / "slides"
    folder.mkdir()
    with (folder / "manifest.csv").open("w", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["image", "label", "patient", "x", "y", "fold"])
        for patient in range(15):
            for number in range(4):
                label = ("non_idc", "idc")[number % 2]
                name = f"{patient}-{number}.png"
                colours = patch(label.replace("_", "-"), 10 * patient + number)
                cv2.imwrite(str(folder / name), colours[:, :, ::-1])
                writer.writerow([name, label, 100 + patient, 50 * number, 0, patient % 3])
    return folder


def small(size: int) -> Encoder:
    """Stand in for the encoder, which takes seconds to build."""
    picture = keras.Input((size, size, 3), name="picture")
    x = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name="rescale")(picture)
    pyramid = {}
    for stride in (2, 4, 8, 16):
        x = keras.layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", name=f"stage{stride}")(x)
        pyramid[stride] = x
    return Encoder(keras.Model(picture, x, name="small"), pyramid, tuple(f"stage{s}" for s in pyramid))


@pytest.fixture(scope="module", autouse=True)
def _small_encoder() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patch_colour.mobilenetv2, "build", small)
        yield


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, patches: Path) -> Bundle:
    out = tmp_path_factory.mktemp("run") / "out"
    options = ["--size", 32, "--epochs", 8, "--pictures", 2048, "--folds", "0,1,final"]
    invoke(train_command.command, "sm-patch-colour-1", "--data", patches, "--out", out, *options)
    return load_bundle(out / "sm-patch-colour-1")


def invoke(command: object, *arguments: object) -> str:
    app = typer.Typer()
    app.command()(command)  # type: ignore[arg-type]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_patient_is_a_group_and_labels_are_the_classes(patches: Path) -> None:
    examples = data.read(patches, CLASSES)
    assert len(examples) == 60 and {e.label for e in examples} == set(CLASSES)
    assert len({e.group for e in examples}) == 15
    for group in {e.group for e in examples}:
        assert len({e.fold for e in examples if e.group == group}) == 1


def test_patches_are_kept_in_their_colours(patches: Path) -> None:
    examples = data.read(patches, CLASSES)[:4]
    assert data.picture(examples[0]).ndim == 2
    assert (data.picture(examples[1], RGB) == patch("idc", 1)).all()
    chosen = recipe.find("sm-patch-colour-1")
    pool = sampling.tiles(examples, 64, False, RGB)
    assert pool[0].plane.shape == (64, 64, 3) and pool[0].outline.shape == (64, 64)
    changed, outline = chosen.augmentation(pool[0].plane, pool[0].outline, np.random.default_rng(0))
    assert changed.shape == (64, 64, 3) and changed.dtype == np.uint8 and outline.shape == (64, 64)


def test_turned_patches_come_in_all_eight_ways_and_have_no_black_corners() -> None:
    turned = Augmentation(0, (1, 1), 0, 0, 0, 0, 0, turned=True, probability=0)
    marked = np.zeros((32, 32, 3), np.uint8)
    marked[:8, 8:16] = 255
    seen = set()
    for seed in range(60):
        picture, _ = turned(marked, marked[:, :, 0], np.random.default_rng(seed))
        seen.add(tuple(np.argwhere(picture[4::8, 4::8, 0] > 128)[0].tolist()))
    assert len(seen) == 8
    whole = Augmentation(45, (0.7, 0.8), 0.1, 0, 0, 0, 0, mirrored_edge=True, probability=0)
    pale = np.full((32, 32, 3), 200, np.uint8)
    assert (whole(pale, pale[:, :, 0], np.random.default_rng(1))[0] == 200).all()


def test_stains_are_varied_within_their_strength_and_glass_stays_pale() -> None:
    picture = patch("idc", 5)
    rng = np.random.default_rng(0)
    assert np.abs(stain.jittered(picture, 0.0, rng).astype(int) - picture).max() <= 1
    varied = np.stack([stain.jittered(picture, 0.1, rng) for _ in range(20)]).astype(float)
    spread = varied.mean(axis=(1, 2)).std(axis=0)
    assert (spread > 1).all() and (spread < 25).all()
    glass = np.full((8, 8, 3), 250, np.uint8)
    assert all(stain.jittered(glass, 0.1, rng).min() > 235 for _ in range(20))


def test_the_ramps_measure_how_much_there_is_of_a_colour() -> None:
    kernel, bias = patch_colour.ramps()
    assert kernel.shape == (3, 63) and bias.shape == (63,)
    network = patch_colour.build(NetworkConfig(32, 2, 0.0, hidden=((4, 0.0),)))
    layer = network.model.get_layer("ramps")
    given = np.random.default_rng(0).random((1, 1, 1, 3)).astype(np.float32)
    expected = np.maximum(given[0, 0, 0] @ kernel + bias, 0)
    np.testing.assert_allclose(np.asarray(layer(given))[0, 0, 0], expected, atol=1e-6)
    assert network.model.get_layer("features").output.shape[1:3] == (2, 2)


def test_the_bundle_says_what_it_reads_and_how(trained: Bundle) -> None:
    assert trained.kind is Kind.HISTOLOGY and trained.colour == RGB and trained.preparation == "tiles"
    assert trained.suspicious == "idc" and not trained.segments
    assert (trained.intended.tile, trained.intended.overlap, trained.intended.um_per_px) == (50, 25, 4.0)
    assert 0.2 <= trained.thresholds.mask <= 0.8
    values = trained.metrics["sets"]["slides"]
    assert values["pooled"]["auc idc"] > 0.9 and set(values["folds"]) == {"0", "1"}
    assert {"accuracy", "auc idc", "recall idc", "recall non-idc"} <= set(values["interval"])
    for words in ("stained with haematoxylin and eosin", "auc idc", "recall idc", "overlapping patches"):
        assert words in trained.card
    assert "ultrasound" not in trained.card and "It draws no mask" not in trained.card
    assert trained.experimental and "**Experimental.**" in trained.card


def test_evaluate_reads_patches_in_colour(trained: Bundle, patches: Path, tmp_path: Path) -> None:
    options = ["--json", tmp_path / "f.json", "--device", "cpu", "--out", tmp_path / "report"]
    invoke(evaluate_command.command, trained.folder, patches, *options)
    figures = json.loads((tmp_path / "f.json").read_text())["sets"]["slides"]
    assert figures["pooled"]["auc idc"] > 0.95 and figures["pooled"]["pictures"] == 60
    assert "auc idc" in (tmp_path / "report" / "report.html").read_text(encoding="utf-8")


def test_the_threshold_of_the_map_parts_both_kinds_of_place_best() -> None:
    truth = np.repeat([0, 1], 200)
    rng = np.random.default_rng(0)
    logits = np.stack([np.zeros(400), rng.normal(0, 1, 400) + 3 * truth - 1], axis=1).astype(np.float32)
    examples = [data.Example("s", Path(f"{i}"), (), CLASSES[t], f"g{i}", 0) for i, t in enumerate(truth)]
    found = predictions.gather(CLASSES, examples, logits, np.zeros((400, 0, 0), np.uint8))
    chosen = calibrate.map_threshold(found)
    assert 0.3 < chosen.mask < 0.8 and chosen.min_area_fraction == 0


def test_the_forest_of_colours_is_measured_by_patient(patches: Path) -> None:
    figures = baselines.measure("random-forest", "colour", data.read(patches, CLASSES), None, CLASSES)
    assert figures["sets"]["slides"]["pooled"]["auc idc"] > 0.9
    entry = comparison.of_baseline("random-forest", "colour", figures["sets"])
    assert entry.start == "none" and entry.figures["slides"]["auc idc"] > 0.9


def test_the_folds_of_the_shared_patches_keep_patients_whole(shared_data: Path) -> None:
    folds: dict[str, set[int]] = {}
    for example in data.read(shared_data / "histology" / "idc", CLASSES):
        folds.setdefault(example.group, set()).add(example.fold)
    assert len(folds) > 200 and all(len(found) == 1 for found in folds.values())
