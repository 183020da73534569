"""The system asks the program to end: everything is kept, nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from breastview.store import Store

LIMIT_S = 240.0
ROOT = Path(__file__).resolve().parents[2]


def shared(process: int) -> set[str]:
    """Return the shared memory of decoders that a process holds."""
    lines = Path(f"/proc/{process}/maps").read_text("ascii").splitlines()
    return {line.rpartition("/dev/shm/")[2] for line in lines if "/dev/shm/psm_" in line}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_window_that_is_terminated_keeps_the_view_and_leaves_neither_memory_nor_processes(
    tmp_path: Path,
) -> None:
    picture = QImage(64, 48, QImage.Format.Format_Grayscale8)
    picture.fill(90)
    assert picture.save(str(tmp_path / "one.png"))
    home, models = tmp_path / "home", tmp_path / "no models"
    models.mkdir()
    said = (tmp_path / "said").open("wb+")
    window = subprocess.Popen(
        [sys.executable, "-m", "breastview", "view", str(tmp_path / "one.png")],
        cwd=ROOT, stdout=said, stderr=said, start_new_session=True,
        env=os.environ
        | {"BREASTVIEW_HOME": str(home), "BREASTVIEW_MODELS": str(models), "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    try:
        end = time.monotonic() + LIMIT_S
        while not (held := shared(window.pid)) and time.monotonic() < end:
            assert window.poll() is None
            time.sleep(0.05)
        window.send_signal(signal.SIGTERM)
        assert window.wait(LIMIT_S) == 0
        said.seek(0)
        assert held and b"resource_tracker" not in said.read()
        assert not [name for name in held if (Path("/dev/shm") / name).exists()]
        while time.monotonic() < end:  # the last of its processes sees that it is gone
            try:
                os.killpg(window.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("a process of its own still runs")
    finally:
        window.kill()
        said.close()
    assert not list((home / "data" / "runs").iterdir())
    (record,) = (home / "data").glob("*.sqlite*")
    store = Store(record)
    last = store.last_session()
    store.close()
    assert last is not None and last.path == tmp_path / "one.png"
