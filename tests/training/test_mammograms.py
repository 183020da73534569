"""Mammograms in training: the pictures of the reading, circles for masks, and the leak of a split by copy."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("keras")

from breastview.cli import evaluate as evaluate_command
from breastview.cli import leak as leak_command
from breastview.cli import train as train_command
from breastview.imaging.mammogram.view import bright, view
from breastview.inference.bundle import load_bundle
from breastview.networks import catalogue
from breastview.study.instance import Window
from breastview.study.pixels import FramePixels
from breastview.training import comparison, data, leak, recipe, sampling
from tests.imaging.mammogram.films import film
from tests.training import tiny
from tests.training.test_data import manifest
from tests.training.test_run import invoke

pytestmark = pytest.mark.usefixtures("in_brief")
CLASSES = ("normal", "lesion")
MERGED = {"benign": "lesion", "malignant": "lesion"}
CIRCLE = (90, 260, 18)  # of the phantom's lesion, px of its 320


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a set of films of ten women: a third normal, some lesions drawn and some circled."""
    folder = tmp_path_factory.mktemp("films") / "films"
    folder.mkdir()
    rows = []
    for number in range(20):
        made = film(seed=number)
        made = made.mirrored() if number % 2 else made
        label = ("normal", "benign", "malignant")[number % 3]
        image, mask = f"{number}.png", f"{number}_mask.png"
        cv2.imwrite(str(folder / image), np.rint(made.values * 255).astype(np.uint8))
        cv2.imwrite(str(folder / mask), made.lesion.astype(np.uint8) * 255)
        drawn = label != "normal" and number % 4 < 2
        x, y, radius = (value * 1024 / 320 for value in CIRCLE)
        x = 1024 - x if number % 2 else x
        circled = f"{x},{y},{radius}" if label != "normal" and not drawn else ""
        rows.append(
            {
                "image": image,
                "mask": mask if drawn else "",
                "label": label,
                "group": f"woman{number // 2}",
                "fold": str(number // 2 % 5),
                data.CIRCLES: circled,
            }
        )
    return manifest(folder, rows)


def test_training_sees_what_the_reading_sees(films: Path) -> None:
    example = data.read(films, CLASSES, data.BREAST, MERGED)[1]
    stored = cv2.imread(str(example.image), cv2.IMREAD_GRAYSCALE)
    frame = FramePixels(255 - stored, "MONOCHROME1", Window(128.0, 256.0))
    assert np.array_equal(data.picture(example), view(bright(frame)).picture)
    tile = sampling.tiles([example], 96, False)[0]
    assert np.array_equal(tile.plane, view(bright(frame)).square(96))


def test_labels_are_merged_and_those_of_no_class_left_out(films: Path) -> None:
    assert {e.label for e in data.read(films, CLASSES, data.BREAST, MERGED)} == set(CLASSES)
    assert {e.label for e in data.read(films, ("benign", "malignant"))} == {"benign", "malignant"}


@pytest.mark.parametrize("prepared", [data.BREAST, "letterbox"])
def test_a_circle_stands_in_for_a_mask_that_was_not_drawn(films: Path, prepared: str) -> None:
    examples = data.read(films, CLASSES, prepared, MERGED)
    drawn = next(e for e in examples if e.masks)
    circled = next(e for e in examples if e.circles)
    shapes = {e: data.picture(e).shape for e in (drawn, circled)}
    areas = [int((data.mask(e, shapes[e]) > 0).sum()) for e in (drawn, circled)]
    assert areas[1] == pytest.approx(areas[0], rel=0.1)
    assert circled.marked and not circled.mask_known
    assert sampling.tiles([circled], 64, False)[0].outline_known
    place = np.argwhere(data.mask(circled, shapes[circled]) > 0).mean(axis=0)
    expected = np.argwhere(data.mask(drawn, shapes[drawn]) > 0).mean(axis=0)
    if prepared == data.BREAST:
        assert place == pytest.approx(expected, abs=3)


def test_the_recipe_makes_a_bundle_that_reads_mammograms_and_says_how_little_it_knows(
    films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "build", tiny.build)
    out = tmp_path / "out"
    options = ["--size", 64, "--epochs", 1, "--pictures", 16, "--folds", "0,final"]
    with tiny.uncompiled():
        invoke(train_command.command, "mg-attentive-mobilenetv2-1", "--data", films, "--out", out, *options)
    bundle = load_bundle(out / "mg-attentive-mobilenetv2-1")
    assert (bundle.modality, bundle.preparation, bundle.experimental) == ("MG", "breast", True)
    assert bundle.intended.views == ("CC", "MLO") and bundle.suspicious == "lesion"
    assert "**Experimental.**" in bundle.card and "mammogram" in bundle.card
    figures = bundle.metrics["sets"]["films"]["pooled"]
    assert {"auc lesion", "dice mean", "pointing mask"} <= set(figures)
    invoke(
        evaluate_command.command, out / "mg-attentive-mobilenetv2-1", films, "--json", tmp_path / "of.json"
    )
    assert json.loads((tmp_path / "of.json").read_text())["sets"]["films"]["pooled"]["pictures"] == 20


def test_the_published_systems_are_there_with_their_layers() -> None:
    for name in ("mammo-cnn", "mammo-vgg16-frozen", "mammo-vgg16-finetuned", "mammo-resnet50"):
        chosen = recipe.find(name)
        assert chosen == recipe.Recipe.from_dict(json.loads(json.dumps(chosen.as_dict())))
        assert (chosen.size, chosen.classes, chosen.preparation) == (224, ("benign", "malignant"), "breast")
        assert "split by copy" in comparison.published(name)
    small = replace(recipe.find("mammo-cnn"), size=64)
    kinds = [type(layer).__name__ for layer in catalogue.build("cnn3", small.network()).model.layers]
    layers = ["Conv2D", "MaxPooling2D"] * 3 + ["Flatten", "Dropout", "Dense", "Dropout", "Dense"]
    assert kinds == ["InputLayer", "Rescaling", *layers]
    network = replace(recipe.find("mammo-vgg16-frozen"), size=32, architecture="cnn3").network()
    kinds = [type(layer).__name__ for layer in catalogue.build("cnn3", network).model.layers]
    assert kinds[-4:] == ["Dense", "BatchNormalization", "Dropout", "Dense"]


def test_copies_of_one_film_stay_with_their_patient_or_are_dealt_at_random(
    films: Path, tmp_path: Path
) -> None:
    options = ["--data", films, "--copies", 4, "--size", 32, "--epochs", 1, "--json", tmp_path / "leak.json"]
    with tiny.uncompiled():
        told = invoke(leak_command.command, "mammo-cnn", *options)
    found = json.loads((tmp_path / "leak.json").read_text())
    lesions = [e for e in data.read(films, ("benign", "malignant")) if e.fold >= 0]
    held = sum(e.fold == 0 for e in lesions)
    by_patient, by_copy = found[leak.BY_PATIENT], found[leak.BY_COPY]
    assert (by_patient["films"], by_patient["held_out"]) == (len(lesions) - held, held)
    assert by_patient["copies"] == 4 * held
    assert by_copy["films"] + by_copy["held_out"] > len(lesions)  # films stand on both sides
    assert all(0 <= split["accuracy"] <= 1 and split["accuracy_interval"] for split in found.values())
    assert "by copy: accuracy" in told
