"""kill -9 while saving: what was acknowledged is there, and nothing half bears a final name."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from pydicom import dcmread
from pypdf import PdfReader

from breastview import atomic
from breastview import settings as settings_file
from breastview.store import Store
from tests.faults.campaign import figure, trials

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")

PATIENCE_S = 300.0
LONGEST_S = 0.25
"""After the first thing that was acknowledged the kill comes within this time."""

Kill = Callable[[Path, int], list[str]]


@contextmanager
def killer(name: str, tmp_path: Path) -> Iterator[Kill]:
    """Give what starts a writer, kills it at a random moment and returns what it had acknowledged."""
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    forking = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.killed", name], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert forking.stdin is not None and forking.stdout is not None
    stdin, stdout, chance = forking.stdin, forking.stdout, random.Random(name)
    assert stdout.readline() == "ready\n"

    def kill(folder: Path, begin: int) -> list[str]:
        said = tmp_path / f"said-{begin}"
        stdin.write(f"{folder}\t{begin}\t{said}\n")
        stdin.flush()
        pid = int(stdout.readline())
        end = time.monotonic() + PATIENCE_S
        while not (said.exists() and said.stat().st_size):
            assert time.monotonic() < end, "the writer wrote nothing"
            time.sleep(0.002)
        time.sleep(chance.uniform(0, LONGEST_S))
        os.kill(pid, signal.SIGKILL)
        assert int(stdout.readline()) == -signal.SIGKILL, "the writer ended by itself"
        return said.read_text().splitlines()

    try:
        yield kill
    finally:
        stdin.close()
        forking.wait(PATIENCE_S)
        stdout.close()


def test_the_record_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    count, kept, slowest = trials(200, 3), 0, 0.0
    with killer("records", tmp_path) as kill:
        for trial in range(count):
            acknowledged = kill(tmp_path, trial * 1_000_000)
            begin = time.monotonic()
            store = Store(tmp_path / "record.sqlite3")
            for number in acknowledged:
                sha = f"{int(number):064x}"
                assert store.assessment(sha, 0).notes == number
                opinions = store.reveals.of(sha)
                assert opinions is not None and opinions.ai is not None
                assert [one.identifier for one in store.pairs.of(sha, 0)] == [number]
            assert not store.notice
            if trial % 10 == 9 or trial == count - 1:
                assert store.audit.broken_at() is None, "the chain of the audit log is broken"
            store.close()
            slowest = max(slowest, time.monotonic() - begin)
            kept += len(acknowledged)
    assert kept >= count
    figure(
        "`kill -9` while the record is written", count, 0, slowest, None, f"{kept:,} acknowledged, all there"
    )


def whole(path: Path) -> bool:
    """Return whether a file is what its name says, from the first byte to the last."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return content.rstrip().endswith(b"%%EOF") and len(PdfReader(io.BytesIO(content)).pages) > 0
    if path.suffix == ".png":
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
        return content.endswith(b"IEND\xaeB`\x82")
    if path.suffix == ".dcm":
        found = dcmread(path)
        return "PixelData" not in found or len(found.PixelData) > 0
    if path.suffix == ".json":
        return bool(json.loads(content))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return len(rows) >= 2 and len({len(row) for row in rows}) == 1


def test_outputs_are_whole_or_not_there(tmp_path: Path) -> None:
    count, seen, unfinished = trials(200, 2), 0, 0
    folder = tmp_path / "out"
    with killer("outputs", tmp_path) as kill:
        for trial in range(count):
            acknowledged = kill(folder, trial * 1_000_003)
            assert all((folder / name).is_file() for name in acknowledged)
            files = [path for path in folder.rglob("*") if path.is_file()]
            named = [path for path in files if not path.name.startswith(".")]
            assert named and all(whole(path) for path in named)
            seen, unfinished = seen + len(named), unfinished + len(files) - len(named)
            for inner in {path.parent for path in files}:  # the next output there clears up
                with atomic.written(inner / "next.csv"):
                    pass
            assert not [path for path in folder.rglob(".*") if path.is_file()]
            shutil.rmtree(folder)
    figure(
        "`kill -9` while outputs are written (8 kinds)", count, 0, None, None,
        f"{seen:,} files under their names, all whole; {unfinished} unfinished, gone with the next output",
    )  # fmt: skip


def test_settings_are_the_old_or_the_new_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = trials(200, 2)
    monkeypatch.setenv("BREASTVIEW_HOME", str(tmp_path))
    with killer("settings", tmp_path) as kill:
        for trial in range(count):
            acknowledged = kill(tmp_path, trial * 1_000_000)
            found = settings_file.load()
            assert int(found.reader) >= int(acknowledged[-1]) and found.institution == "x" * 5000
    figure("`kill -9` while settings are saved", count)
