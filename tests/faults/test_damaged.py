"""Thousands of damaged files through every reader: no crash, no hang, no flood; a picture or a sentence.

The suite tries each picture format in tests/readers/test_mutants.py; here it tries what is opened otherwise.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.campaign import FULL, figure, trials
from tests.readers.test_mutants import SAMPLES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="memory is limited on POSIX only")

KINDS = (*SAMPLES, "slide.tif", "archive.zip", "DICOMDIR", "seg.dcm", "gsps.dcm", "sr.dcm", "epdf.dcm")
FEW = "slide.tif,archive.zip,DICOMDIR,epdf.dcm"
"""What the suite damages nowhere else, by one process."""
ALL = 20_000
SILENCE_S = 400.0
"""A reader that says nothing for so long hangs."""
MEMORY_MB = 1500.0


@pytest.mark.parametrize("kinds", KINDS if FULL else [FEW])
def test_damaged_files_are_pictures_or_sentences(kinds: str, tmp_path: Path) -> None:
    count = trials(-(-ALL // len(KINDS)), 6)
    command = [sys.executable, "-m", "tests.faults.damaged", kinds, str(count), str(tmp_path)]
    with (tmp_path / "said").open("w+") as errors:
        reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True)
        lines = _heard(reader)
        status = reader.wait(SILENCE_S)
        errors.seek(0)
        assert status == 0, f"after {len(lines)} files: {errors.read()[-2000:]}"
    *read, last = lines
    used = last["megabytes"]
    assert len(read) == count * len(kinds.split(","))
    outcomes = Counter(one["outcome"] for one in read)
    assert outcomes["sentence"] > 0 and used < MEMORY_MB
    figure(
        f"damaged {kinds}", len(read), 0, max(one["seconds"] for one in read), used,
        ", ".join(f"{times} {what}" for what, times in outcomes.most_common()),
    )  # fmt: skip


def _heard(reader: subprocess.Popen[str]) -> list[dict]:
    """Return what a reader says until it ends; kill it where it falls silent."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        assert reader.stdout is not None
        for line in reader.stdout:
            said.put(line)
        said.put("")

    threading.Thread(target=listen, daemon=True).start()
    lines = []
    while True:
        try:
            line = said.get(timeout=SILENCE_S)
        except queue.Empty:
            reader.kill()
            pytest.fail(f"the reader hangs after {len(lines)} files")
        if not line:
            return lines
        lines.append(json.loads(line))
