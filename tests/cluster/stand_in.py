"""The stand-in for the AI as workers import it; what a file is called says what it does to them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from breastview.study.analysis import Analysis
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels
from tests import doubles

NAME = "tests.cluster.stand_in:make"
LOG = "BREASTVIEW_TEST_LOG"
"""Folder where each frame that is analysed leaves a file, with the process in its name."""
POISON, HANG, SLOW = "poison", "hang", "slow"


class StandIn(doubles.StandIn):
    """Ends its process at a picture called poison, hangs at one called hang."""

    def analyse_batch(
        self, frames: Sequence[tuple[Instance, int, FramePixels]], task: object = None
    ) -> list[Analysis]:
        """Return an analysis of each frame, if it lives to."""
        for instance, frame, _ in frames:
            name = instance.path.stem
            if POISON in name:
                os.kill(os.getpid(), signal.SIGKILL)
            if HANG in name:
                time.sleep(3600)
            if folder := os.environ.get(LOG):
                (Path(folder) / f"{name}-{frame}-{os.getpid()}-{time.monotonic_ns()}").touch()
            if gate := os.environ.get("BREASTVIEW_TEST_GATE"):
                while SLOW in name and not Path(gate).exists():
                    time.sleep(0.02)
        return super().analyse_batch(frames)


def make(folder: Path, device: str) -> StandIn:
    """Make one."""
    return StandIn(folder, device)


def shipped(wanted: str) -> bool:
    """Return whether this worker keeps a bundle that was shipped, by its hash."""
    from breastview.cluster import bundles

    return any(one.stamp.hash == wanted for one in bundles._shipped())
