"""A folder of ten thousand cases, some of them damaged: all are listed, each once, in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from breastview.bench import made
from tests.faults.campaign import figure, trials

READER = """
import json, sys
from pathlib import Path
from breastview.readers.scan import scan
from breastview.study.instance import Refusal
from breastview.task import SilentTask
from tests.faults.memory import peak_mb
listed, refused = set(), 0
for entry in scan([Path(sys.argv[1])], SilentTask()):
    listed.add(entry.label)
    refused += isinstance(entry, Refusal)
print(json.dumps({"listed": len(listed), "refused": refused, "megabytes": peak_mb()}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured on POSIX only")
def test_all_are_listed_and_the_damaged_ones_refused(tmp_path: Path) -> None:
    count = trials(10_000, 200)
    made.folder(tmp_path / "cases", count)
    damaged = sorted((tmp_path / "cases").iterdir())[::100]
    for file in damaged:
        file.write_bytes(file.read_bytes()[:100])
    begin = time.monotonic()
    command = [sys.executable, "-c", READER, str(tmp_path / "cases")]
    said = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert (said["listed"], said["refused"]) == (count, len(damaged))
    assert said["megabytes"] < 500
    figure(
        "folder of many cases, each hundredth damaged", count, 0, time.monotonic() - begin, said["megabytes"]
    )
