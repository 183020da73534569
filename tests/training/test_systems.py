"""Published systems, baselines and their table: from a run to a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("keras")

from breastview.cli import compare as compare_command
from breastview.cli import train as train_command
from breastview.errors import TrainingError
from breastview.inference import gate
from breastview.inference.analyser import Analyser
from breastview.inference.bundle import load_bundle
from breastview.networks import catalogue, cost
from breastview.networks.backbones import catalogue as encoders
from breastview.networks.specification import NetworkConfig
from breastview.readers import pixels, scan
from breastview.study.instance import Instance
from breastview.task import SilentTask
from breastview.training import baselines, comparison, comparison_plot, data, export, measure, recipe
from breastview.training import report as reports
from tests.training import phantoms, tiny
from tests.training.test_run import invoke

pytestmark = pytest.mark.usefixtures("in_brief")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return phantoms.busi_folder(tmp_path_factory.mktemp("data") / "phantoms", 10)


@pytest.fixture(scope="module", params=["cnn", "unet"])
def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, pictures: Path
) -> Iterator[Path]:
    """Yield the run of a system that answers one question only, a fold and the final model."""
    out = tmp_path_factory.mktemp("run") / str(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("breastview.networks.segmenters.WIDTHS", (8, 8, 8, 8, 8))
        options = ["--short", "--size", 64, "--pictures", 32, "--folds", "1,final", "--bundle", "mine"]
        with tiny.uncompiled():
            invoke(train_command.command, request.param, "--data", pictures, "--out", out, *options)
        yield out


def test_every_recipe_names_an_architecture_there_is() -> None:
    known = recipe.everyone()
    assert {chosen.architecture for chosen in known.values()} <= set(catalogue.names())
    assert all(name == chosen.name for name, chosen in known.items())
    for name in (
        "resnet50v2-xception",
        "resnet50-busi",
        "vit-b16",
        "attention-resunet",
        "efficientnetb7",
        "cnn",
    ):
        again = recipe.Recipe.from_dict(json.loads(json.dumps(recipe.find(name).as_dict())))
        assert again == recipe.find(name)
    assert recipe.find("efficientnetb7").hidden == ((256, 0.3), (64, 0.2), (32, 0.1))


def test_a_system_with_one_answer_becomes_a_bundle_that_says_so(system: Path, pictures: Path) -> None:
    bundle = load_bundle(system / "mine")
    classifies = system.name == "cnn"
    assert (bundle.classifies, bundle.segments) == (classifies, not classifies)
    assert bundle.manifest["kind"]["tasks"] == ["classification" if classifies else "segmentation"]
    assert bundle.classes == (phantoms.CLASSES if classifies else ())
    figures = bundle.metrics["sets"]["phantoms"]["pooled"]
    assert ("accuracy" in figures) == classifies and ("dice mean" in figures) != classifies


def test_its_bundle_reads_a_picture_and_says_what_it_does_not_answer(
    system: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "inspect", lambda *asked: ())  # a phantom is no ultrasound to it
    folder = system.parent / "one"
    folder.mkdir(exist_ok=True)
    grey, _ = phantoms.picture("benign", 5)
    cv2.imwrite(str(folder / "a.png"), cv2.resize(grey, (384, 288)))
    instance = next(entry for entry in scan.scan([folder], SilentTask()) if isinstance(entry, Instance))
    found = Analyser(load_bundle(system / "mine"), "cpu").analyse(instance, 0, pixels.read_frame(instance, 0))
    codes = {flag.code for flag in found.flags}
    assert found.mask.shape == (288, 384) and not found.refused
    if system.name == "cnn":
        assert "no-mask" in codes and not found.mask.any() and found.probabilities is not None
        assert found.mask_probability.size == 1  # not a map of "no lesion anywhere"
        assert sum(found.probabilities) == pytest.approx(1) and found.heat.classes.shape[0] == 3
    else:
        assert "no-classes" in codes and found.probabilities is None and found.top is None
        assert found.heat.classes.shape[0] == 0 and np.isfinite(found.heat.segmenter).all()


def test_evaluation_writes_a_page_figures_and_the_worst_pictures(
    system: Path, pictures: Path, tmp_path: Path
) -> None:
    measured = measure.of(system / "mine", (pictures,), lambda line: None, "cpu")
    page = reports.write(tmp_path / "report", measured).read_text(encoding="utf-8")
    figures = json.loads((tmp_path / "report" / reports.FIGURES).read_text(encoding="utf-8"))
    values = figures["sets"]["phantoms"]
    gallery = sorted((tmp_path / "report" / reports.GALLERY / "phantoms").glob("*.png"))
    assert len(gallery) == 10 == page.count("<figcaption>") and page.count("data:image/png") >= 1
    assert "Research and education only" in page and values["worst"][0]["name"] in page
    classifies = system.name == "cnn"
    assert ("roc" in values["curves"]) == classifies and ("dice" in values["curves"]) != classifies
    assert ("pointing class" if classifies else "pointing mask") in values["pooled"]


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the time of a forward pass, for which a network of full size is compiled."""
    monkeypatch.setattr(cost, "milliseconds", lambda model: 1.5)


@pytest.mark.usefixtures("unmeasured")
def test_a_run_becomes_a_row_of_the_table(system: Path, tmp_path: Path) -> None:
    results, table, plot = tmp_path / "results", tmp_path / "table.md", tmp_path / "plot.png"
    options = [
        "--results",
        results,
        "--add",
        system,
        "--show",
        "phantoms",
        "--markdown",
        table,
        "--plot",
        plot,
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREASTVIEW_MODELS", str(tmp_path / "none"))
        invoke(compare_command.command, *options)
    row = next(line for line in table.read_text().splitlines() if line.startswith(f"| {system.name} |"))
    assert "from scratch" in row and "short budget, 32 pictures at 64 px, fold 1 only" in row
    lines = table.read_text().splitlines()
    assert sum(comparison.NOT_RUN in line for line in lines) == len(recipe.everyone()) - 1
    assert plot.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", baselines.NAMES)
@pytest.mark.parametrize("features", baselines.PLAIN)
def test_a_baseline_is_measured_on_five_folds(
    name: str, features: str, pictures: Path, tmp_path: Path
) -> None:
    pytest.importorskip("sklearn")
    out = tmp_path / "out"
    invoke(train_command.command, name, "--features", features, "--data", pictures, "--out", out)
    details = json.loads((out / comparison.DETAILS).read_text())
    assert set(details["sets"]["phantoms"]["folds"]) == {"0", "1", "2", "3", "4"}
    entry = comparison.of_run(out)
    assert entry.name == f"{name} ({features})" and entry.figures["phantoms"]["accuracy"] > 0.5
    assert comparison.read_entry(comparison.save(entry, tmp_path / "results")) == entry


def test_frozen_features_end_where_the_weights_do(pictures: Path, tmp_path: Path) -> None:
    encoder = encoders.build("mobilenetv2", 64)
    arrays = {
        f"{i}|x": np.zeros(tuple(w.shape), np.float16) for i, w in enumerate(encoder.model.weights[:20])
    }
    np.savez(tmp_path / "mobilenetv2_1.0.npz", **arrays)
    examples = data.read(pictures, phantoms.CLASSES)[:2]
    table = baselines.describe("mobilenetv2", examples, tmp_path)
    assert table.shape[0] == 2 and table.shape[1] < 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(baselines, "_frozen", lambda *asked: pytest.fail("they are kept"))
        assert (baselines.describe("mobilenetv2", examples, tmp_path) == table).all()
    assert baselines.describe("mobilenetv2", examples[:1], tmp_path).shape[0] == 1
    with pytest.raises(TrainingError, match="need its ImageNet weights"):
        baselines.describe("mobilenetv2", examples, None)
    with pytest.raises(TrainingError, match="no features called fish"):
        baselines.describe("fish", examples, None)


def test_operations_are_those_of_the_papers() -> None:
    """He et al. give 3.8 G multiply-adds for ResNet-50 with its top, Sandler et al. 0.3 G for MobileNetV2."""
    for name, published in (("resnet50", 3.8), ("mobilenetv2", 0.30)):
        model = catalogue.build(name, NetworkConfig(size=224)).model
        assert cost.gflops(model) / 2 == pytest.approx(published, rel=0.06)
    assert cost.milliseconds(model, repeats=1) > 0


def test_a_list_in_a_csv_file_is_a_data_set(tmp_path: Path, pictures: Path) -> None:
    rows = ["image,mask,label,group"]
    for label in phantoms.CLASSES:
        for n in range(1, 6):
            stem = f"{label}/{label} ({n})"
            rows.append(f"{stem}.png,{'' if label == 'normal' else f'{stem}_mask.png'},{label},p{n}")
    (pictures / "chosen.csv").write_text("\n".join(rows), encoding="utf-8")
    found = data.read(pictures / "chosen.csv", phantoms.CLASSES)
    assert len(found) == 15 and {e.source for e in found} == {"chosen"}
    assert {e.group for e in found} == {f"chosen/p{n}" for n in range(1, 6)}
    assert len({(e.group, e.fold) for e in found}) == 5 and all(e.image.is_file() for e in found)


@pytest.mark.usefixtures("unmeasured")
def test_a_bundle_of_five_folds_is_marked_in_the_table() -> None:
    from breastview import paths
    from breastview.inference.bundle import list_bundles

    bundle = next(one for one in list_bundles(paths.models())[0] if one.modality == "US")
    entry = comparison.of_bundle(bundle)
    assert entry.bundled and "five folds" in entry.budget and entry.start == "ImageNet"
    assert entry.parameters and entry.parameters > 1e7 and entry.figures["busi"]["accuracy"] > 0.5
    row = comparison.rows([entry], "busi")[0]
    assert row[0].endswith("(bundled)")
    other = replace(entry, bundled=False, parameters=None)
    assert comparison_plot.draw([entry, other], "busi").startswith(b"\x89PNG")
    assert export.finite(entry.figures) == entry.figures
