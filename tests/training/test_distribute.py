"""Two processes train one model; when one is killed the other says so, and both go on from the last epoch."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from breastview.errors import TrainingError
from breastview.training import recipe, sampling
from breastview.training.distribute import Team, _explained, share
from tests.pacs.servers import free_port
from tests.training import phantoms

EPOCHS = 20
PATIENCE_S = 1500
"""Two processes import TensorFlow twice: on a busy machine that alone takes minutes."""
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return phantoms.busi_folder(tmp_path / "data" / "phantoms", 10)


@pytest.fixture
def processes() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def addresses() -> str:
    """Return two addresses that are free, and stay so until both processes have loaded TensorFlow."""
    return ",".join(f"127.0.0.1:{free_port()}" for _ in range(2))


def start(pictures: Path, out: Path, *options: str) -> list[subprocess.Popen[str]]:
    """Start both processes of a training."""
    where = addresses()
    env = dict(os.environ, PYTHONPATH=str(ROOT), CUDA_VISIBLE_DEVICES="", TF_CPP_MIN_LOG_LEVEL="2")
    line = [
        sys.executable, "-m", "tests.training.together", "us-mobilenetv2-1", "--data", str(pictures), "--out",
        str(out), "--folds", "final", "--size", "64", "--pictures", "32", "--epochs", str(EPOCHS),
        "--distribute", where, *options,
    ]  # fmt: skip
    return [
        subprocess.Popen(
            [*line, "--rank", str(rank)], cwd=ROOT, env=env, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for rank in range(2)
    ]  # fmt: skip


def epochs(out: Path) -> list[int]:
    """Return the epochs in the log."""
    file = out / "final" / "log.csv"
    if not file.exists():
        return []
    with file.open(newline="") as lines:
        return [int(row["epoch"]) for row in csv.DictReader(lines)]


@pytest.mark.skipif(
    "BREASTVIEW_TOGETHER" not in os.environ,
    reason="two processes that import TensorFlow twice take minutes on a busy machine: BREASTVIEW_TOGETHER=1",
)
@pytest.mark.timeout(4 * PATIENCE_S)
def test_a_killed_process_is_told_and_the_training_goes_on_where_it_was(
    pictures: Path, tmp_path: Path, processes: list[subprocess.Popen[str]]
) -> None:
    out = tmp_path / "run"
    processes += start(pictures, out)
    first, second = processes
    while not epochs(out):
        for process in (first, second):
            assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.02)
    second.kill()
    _, said = first.communicate(timeout=PATIENCE_S)
    assert first.returncode != 0
    assert "another process of the training is not there" in said and "--resume" in said
    kept = epochs(out)[-1]
    assert 1 <= kept < EPOCHS
    again = start(pictures, out, "--resume")
    processes += again
    for process in again:
        _, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
    assert epochs(out) == list(range(1, EPOCHS + 1))
    one, other = (np.load(folder / "final" / "model.npz") for folder in (out, tmp_path / "run.process-1"))
    assert set(one.files) == set(other.files)
    for name in one.files:
        np.testing.assert_array_equal(one[name], other[name])


@pytest.mark.parametrize(
    ("where", "rank", "sentence"),
    [
        (["a:1"], 0, "several addresses"), (["a:1", "b"], 0, "several addresses"),
        (["a:1", "b:2"], 2, "Count from 0 to 1"),
    ],
)  # fmt: skip
def test_what_is_no_team_is_told(where: list[str], rank: int, sentence: str) -> None:
    with pytest.raises(TrainingError, match=sentence):
        Team(where, rank)


def test_the_shares_of_all_processes_make_up_each_batch_of_one_alone() -> None:
    plane = np.zeros((8, 8), np.uint8)
    pool = [
        sampling.Tile(plane, plane, kind, ("set", kind), 0, True)
        for kind in phantoms.CLASSES
        for _ in range(7)
    ]
    chosen = replace(recipe.find("us-mobilenetv2-1"), batch=6, pictures=20)
    alone = sampling.Sampler(pool, chosen, 3).draws
    shares = [share(pool, chosen, 3, (), rank, 2) for rank in range(2)]
    assert [len(one) for one in shares] == [3, 3]
    for number in range(3):
        parts = [one.draws[3 * number : 3 * number + 3] for one in shares]
        np.testing.assert_array_equal(np.concatenate(parts), alone[6 * number : 6 * number + 6])


def test_what_tensorflow_says_of_a_process_that_is_gone_is_a_sentence() -> None:
    import tensorflow as tf

    with pytest.raises(TrainingError, match=r"another process.*is not there.*--resume"), _explained():
        raise tf.errors.UnavailableError(None, None, "Connection reset by peer")
