"""The process that makes a graph does not outlive the program that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PARENT = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from breastview.inference import openvino_graph

if __name__ == "__main__":
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawned, openvino_graph.end_with_parent) as child:
        print(child.submit(os.getpid).result(), flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there a job object or the user ends them")
def test_it_ends_when_the_program_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(program)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        # The child holds this end of the pipe open, too, for as long as it lives.
        assert parent.stdout.read() == ""
    assert gone(child)


def gone(process: int) -> bool:
    """Return whether a process has ended, be it that nobody has asked after it yet."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "XZ"
