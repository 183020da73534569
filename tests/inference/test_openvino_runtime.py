"""OpenVINO answers as TensorFlow does, on every bundle, without importing it; the rest is TensorFlow's."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("openvino")
tf = pytest.importorskip("tensorflow")

from breastview import paths  # noqa: E402
from breastview.errors import AnalysisError  # noqa: E402
from breastview.inference import openvino_runtime, runtime  # noqa: E402
from breastview.inference.bundle import ATTENTION, OUTPUTS, Bundle, load_bundle  # noqa: E402
from breastview.inference.calibration import Calibration  # noqa: E402
from breastview.networks import serialise  # noqa: E402
from tests.inference import bundle_files, networks  # noqa: E402

SHIPPED = sorted(path.parent for path in paths.models().glob("*/manifest.json"))
ATTENTIVE = {"features": "class_features", "attention": "attention", "evidence": "strongest_evidence"}


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory):
    """Keep graphs in one temporary folder for all tests of this file, made by one child process.

    In the application each has a process of its own, which takes seconds to load TensorFlow.
    """
    folder = tmp_path_factory.mktemp("cache")
    spawned = multiprocessing.get_context("spawn")
    with pytest.MonkeyPatch.context() as patch, ProcessPoolExecutor(1, spawned) as child:
        patch.setattr(paths, "cache_folder", lambda: folder)
        patch.setattr(openvino_runtime, "ProcessPoolExecutor", lambda *_: nullcontext(child))
        yield folder


def written(folder: Path, head: str, tasks: tuple[str, ...] = ("logits", "mask")) -> Bundle:
    made = networks.bundle(head)
    model = networks.model(head)
    weights = {f"{i:04d}": value for i, value in enumerate(made.weights)}
    layers = made.layers | (ATTENTIVE if head == "attentive" else {})
    roles = {role for task in tasks for role in (task, OUTPUTS[task])}
    changes = {"layers": {role: name for role, name in layers.items() if role in {*roles, *ATTENTION}}}
    if "logits" not in tasks:
        changes |= Calibration.none().as_dict() | {"classes": []}
    bundle_files.write(
        folder,
        changes,
        network=json.dumps(serialise.describe(model)).encode(),
        weights=bundle_files.npz(**weights),
    )
    return load_bundle(folder)


def pictures(size: int, count: int = 2) -> np.ndarray:
    coarse = np.random.default_rng(1).random((count, 8, 8, 1)) * 255
    grown = tf.image.resize(coarse, (size, size)).numpy()
    return np.repeat(grown, 3, axis=3).astype(np.float32)


def same(bundle: Bundle) -> None:
    batch = pictures(bundle.size)
    expected = runtime.open_runtime(bundle, "cpu", "tensorflow").run(batch)
    found = runtime.open_runtime(bundle, "cpu", "openvino").run(batch)
    for name in ("logits", "mask_logits", "class_maps", "mask_map"):
        one, other = getattr(found, name), getattr(expected, name)
        assert one.shape == other.shape and one.dtype == np.float32
        spread = max(1.0, float(np.abs(other).max(initial=0)))
        np.testing.assert_allclose(one, other, atol=1e-4 * spread, err_msg=name)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_every_shipped_bundle_answers_as_under_tensorflow(folder: Path) -> None:
    same(load_bundle(folder))


@pytest.mark.parametrize("head", ["pooled", "attentive", "hidden", "largest"])
def test_the_maps_in_closed_form_are_those_of_the_gradient(tmp_path: Path, head: str) -> None:
    same(written(tmp_path / head, head))


@pytest.mark.parametrize("task", ["logits", "mask"])
def test_a_bundle_of_one_task_has_no_numbers_for_the_other(tmp_path: Path, task: str) -> None:
    bundle = written(tmp_path / task, "hidden", (task,))
    assert (bundle.classifies, bundle.segments) == (task == "logits", task == "mask")
    same(bundle)


def test_a_head_without_a_closed_form_is_left_to_tensorflow(tmp_path: Path) -> None:
    bundle = written(tmp_path / "curved", "curved")
    with pytest.raises(AnalysisError, match="closed form"):
        runtime.open_runtime(bundle, "cpu", "openvino")
    opened = runtime.open_runtime(bundle, "cpu")
    assert type(opened).__name__ == "TensorFlowRuntime"


def test_the_graph_is_made_once_and_a_damaged_one_again(tmp_path: Path, cache: Path) -> None:
    bundle = written(tmp_path / "pooled", "pooled")
    runtime.open_runtime(bundle, "cpu", "openvino")
    (kept,) = cache.glob(f"graphs/{bundle.hash}-*/*.xml")
    before = kept.stat().st_mtime_ns
    runtime.open_runtime(bundle, "cpu", "openvino")
    assert kept.stat().st_mtime_ns == before
    kept.write_text("<net", encoding="utf-8")
    answer = runtime.open_runtime(bundle, "cpu", "openvino").run(pictures(bundle.size))
    assert np.isfinite(answer.logits).all() and kept.stat().st_size > 1000
    assert not list(cache.glob("graphs/making-*"))
    assert list(cache.glob(f"graphs/{bundle.hash}-*_latency-*/*.blob"))


def test_a_graph_that_went_for_want_of_room_is_made_again_while_the_model_is_open(
    tmp_path: Path, cache: Path
) -> None:
    bundle = written(tmp_path / "largest", "largest")
    opened = runtime.open_runtime(bundle, "cpu", "openvino")
    for gone in cache.glob(f"graphs/{bundle.hash}-*"):
        shutil.rmtree(gone)
    assert np.isfinite(opened.run(pictures(bundle.size)).logits).all()


def test_a_frame_is_read_without_tensorflow_or_keras_in_the_process(cache: Path) -> None:
    code = f"""
import sys
from pathlib import Path
import numpy as np
from breastview import paths
paths.cache_folder = lambda: Path({str(cache)!r})
from breastview.inference import runtime
from breastview.inference.bundle import load_bundle
if __name__ == "__main__":
    bundle = load_bundle(Path({str(SHIPPED[0])!r}))
    opened = runtime.open_runtime(bundle, "cpu")
    opened.run(np.zeros((1, bundle.size, bundle.size, 3), np.float32))
    assert not {{"tensorflow", "keras", "openvino_telemetry", "openvino.tools.ovc"}} & set(sys.modules)
    print(opened.device)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "CPU"


def test_pictures_read_side_by_side_answer_as_each_alone_and_keep_their_order(tmp_path: Path) -> None:
    bundle = written(tmp_path / "pooled", "pooled")
    opened = runtime.open_runtime(bundle, "cpu", "openvino")
    batch = pictures(bundle.size, 5)
    together = opened.run(batch)
    for place in range(len(batch)):
        alone, part = opened.run(batch[place : place + 1]), together.part(place, place + 1)
        for name in ("logits", "mask_logits", "class_maps", "mask_map"):
            one, other = getattr(part, name), getattr(alone, name)
            np.testing.assert_allclose(one, other, atol=1e-4 * max(1.0, float(np.abs(other).max())))
    assert not np.allclose(together.logits[0], together.logits[1], atol=1e-5)


def test_a_gpu_is_not_its_business(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="CPU"):
        openvino_runtime.open_runtime(networks.bundle(), "gpu")


def test_a_closed_runtime_refuses_to_run(tmp_path: Path) -> None:
    opened = runtime.open_runtime(written(tmp_path / "pooled", "pooled"), "cpu", "openvino")
    opened.close()
    with pytest.raises(AnalysisError, match="closed"):
        opened.run(pictures(networks.SIZE))
