"""The command as the user starts it, with a real model bundle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from breastview import paths
from breastview.inference.result_cache import ResultCache
from breastview.session import Session
from breastview.settings import Settings
from tests import phantoms
from tests.cli.conftest import table
from tests.inference.speckle import tissue

pytestmark = pytest.mark.usefixtures("kept_graphs")


@pytest.fixture(scope="module")
def models() -> Path:
    """Return a folder with an ultrasound bundle; skip where none is installed."""
    folder = paths.models()
    if not list(folder.glob("*/manifest.json")):
        pytest.skip(f"no model bundle is installed in {folder}")
    return folder


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "breastview", "analyse", *map(str, arguments), "--device", "cpu"]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    for n in range(6):
        phantoms.picture(tmp_path / "scans" / f"{n}.png", tissue(240, 320, seed=n))
    return tmp_path / "scans"


def test_batches_and_single_frames_give_the_same_answers(models: Path, scans: Path, tmp_path: Path) -> None:
    answers = []
    for batch in (1, 6):
        results = ResultCache(tmp_path / f"results{batch}", 2**24)
        with Session(Settings(device="cpu"), results=results) as session:
            list(session.open([scans], remember=False))
            found = list(session.analyse_all([(case, 0) for case in session.cases], batch=batch))
            answers.append([one.analysis for one in found])
            assert all(one.analysis is not None for one in found), [one.failure for one in found]
    for one, other in zip(*answers, strict=True):
        assert one.flags == other.flags
        assert one.bundle == other.bundle
        assert one.mask.shape == (240, 320)
        assert (one.mask == other.mask).mean() > 0.999
        assert (one.probabilities is None) == (other.probabilities is None)
        if one.probabilities is not None:
            assert one.probabilities == pytest.approx(other.probabilities, abs=1e-4)
            assert sum(one.probabilities) == pytest.approx(1)


# Starting TensorFlow takes a minute where other work keeps the cores busy.
@pytest.mark.timeout(480)
def test_ctrl_c_in_a_terminal_keeps_what_is_done_and_ends_soon(models: Path, tmp_path: Path) -> None:
    for n in range(200):
        phantoms.picture(tmp_path / "many" / f"{n}.png", tissue(240, 320, seed=n))
    masks = tmp_path / "masks"
    # A session of its own: like a terminal's Ctrl-C the signal goes to the decoders, too.
    child = subprocess.Popen(
        command(tmp_path / "many", "--csv", tmp_path / "o.csv", "--masks", masks, "--batch", "1"),
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    while child.poll() is None and not (masks.is_dir() and any(masks.glob("*_mask.png"))):
        if Path(tmp_path / "o.csv").exists():
            break
        time.sleep(0.1)
    os.killpg(child.pid, signal.SIGINT)
    _, said = child.communicate(timeout=300)
    assert child.returncode == 130, said
    assert "Traceback" not in said
    assert 1 <= len(table(tmp_path / "o.csv")) < 200
    assert not list(tmp_path.glob(".*part*"))
