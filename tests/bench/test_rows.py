"""Every row is measured on a little and comes out well formed; how fast it was is no matter here."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("openvino")
pytest.importorskip("tensorflow")  # the tiny network is made with it

from breastview import cli, paths
from breastview.bench import ai, growth, plot, run, table
from breastview.bench.row import Held, Place
from breastview.networks import serialise
from tests.inference import bundle_files, networks


@pytest.fixture(scope="module", autouse=True)
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Install a tiny network as the only model; its graph is made once for all tests of this file."""
    models, cache = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("cache")
    made, model = networks.bundle("pooled"), networks.model("pooled")
    weights = {f"{i:04d}": value for i, value in enumerate(made.weights)}
    bundle_files.write(
        models / "tiny",
        {"layers": dict(made.layers)},
        network=json.dumps(serialise.describe(model)).encode(),
        weights=bundle_files.npz(**weights),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BREASTVIEW_MODELS", str(models))
        patch.setattr(paths, "cache_folder", lambda: cache)
        ai.bundle.cache_clear()
        yield
    ai.bundle.cache_clear()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("bench"), quick=True)


def test_every_goal_of_speed_has_its_row() -> None:
    assert list(run.rows()) == list(run.ORDER)


@pytest.mark.parametrize("name", run.ORDER)
def test_a_row_is_measured_and_well_formed(name: str, place: Place) -> None:
    (result,) = run.results([name], place.folder, quick=True)
    assert result.measured is not None, result.missing
    found = result.measured
    assert math.isfinite(found.value) and found.value > 0 and found.unit
    assert (found.against is None) == (result.beside == "") == (not result.of_ratio)
    assert result.ratio is None or result.ratio > 0
    assert result.reached in (True, False)
    told = json.loads(json.dumps(result.as_dict()))
    assert told["name"] == name and told["value"] == found.value and told["load"] >= 0
    assert any(result.title in line for line in table.lines(result))


def test_growth_is_measured_and_drawn(place: Place) -> None:
    curves = list(growth.curves(place))
    assert [curve.name for curve in curves] == list(growth.CURVES)
    for curve in curves:
        assert all(len(values) == len(curve.sizes) for values in curve.lines.values())
        assert all(value > 0 for values in curve.lines.values() for value in values)
    assert plot.draw(curves).startswith(b"\x89PNG")


def test_a_file_holds_the_rows_and_the_machine(tmp_path: Path, place: Place) -> None:
    found = list(run.results(["report-dpi"], place.folder, quick=True))
    run.save(tmp_path / "bench.json", found, quick=True)
    told = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert told["schema"] == run.SCHEMA and told["quick"] is True
    assert told["machine"]["cores"] >= 1 and "load" in told["machine"]
    assert told["rows"][0]["held"] == Held.AT_LEAST.value


def test_the_command_names_its_rows_and_refuses_others() -> None:
    app = cli.application(("bench",))
    listed = CliRunner().invoke(app, ["bench", "--list"])
    assert listed.exit_code == 0 and "grad-cam" in listed.stdout
    wrong = CliRunner().invoke(app, ["bench", "no-such-row"])
    assert wrong.exit_code == 2


def test_without_a_model_a_row_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BREASTVIEW_MODELS", str(tmp_path))
    ai.bundle.cache_clear()
    (result,) = run.results(["grad-cam"], tmp_path, quick=True)
    ai.bundle.cache_clear()
    assert result.measured is None and result.reached is None
    assert "model" in result.missing
    assert "not measured" in next(table.lines(result))
