"""How much memory a process has held at most."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_mb() -> float:
    """Return the most memory (MB) that this program has held since it was started.

    What `getrusage` says is no less than what the process held that started this one: it counts from the
    fork on. Linux' VmHWM counts from the start of the program.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000
