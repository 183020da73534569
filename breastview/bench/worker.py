"""One worker: ``python -m breastview.bench.worker FOLDER CORE`` analyses a folder when it is told to.

It says "ready" when the model is loaded, waits for a line, and says "done" when all is analysed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def main(folder: str, core: str) -> None:
    """Analyse the files of a folder on one core."""
    # Before anything counts the cores: each library then takes one thread.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    import cv2

    from breastview.inference.result_cache import ResultCache
    from breastview.session import Session
    from breastview.settings import Settings

    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as kept:
        session = Session(Settings(device="cpu"), results=ResultCache(Path(kept), 2**30))
        first, *cases = session_cases(session, Path(folder))
        list(session.analyse_all([(first, 0)]))
        _say("ready")
        sys.stdin.readline()
        failures = [one.failure for one in session.analyse_all([(case, 0) for case in cases], batch=8)]
        _say("failed" if any(failures) else "done")
        session.close()


def session_cases(session, folder: Path):  # type: ignore[no-untyped-def]
    """Open a folder and return its cases."""
    list(session.open([folder], remember=False))
    return session.cases


def _say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
