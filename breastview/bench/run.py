"""Runs rows, tells what came of them, and keeps all of it as JSON."""

from __future__ import annotations

import json
import logging
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from breastview import __version__, atomic, registry
from breastview.bench import timing
from breastview.bench.row import NotMeasured, Place, Result, Row
from breastview.errors import BreastViewError

log = logging.getLogger(__name__)

_PACKAGE = "breastview.bench.rows"
SCHEMA = "breastview-bench/1"
ORDER = (
    "frame", "floor", "grad-cam", "window", "first-result", "index", "first-picture", "steady", "step",
    "window-level", "opacity", "memory", "report", "report-size", "report-dpi", "batch", "workers",
)  # fmt: skip
"""As they are told; one that is not named here comes last."""

_PACKAGES = ("numpy", "opencv-python-headless", "openvino", "tensorflow", "PySide6-Essentials", "pydicom")


@cache
def rows() -> dict[str, Row]:
    """Return all rows by their names, in the order of telling."""
    found: dict[str, Row] = {}
    for name in registry.names(_PACKAGE):
        found |= registry.load(_PACKAGE, name).ROWS
    last = len(ORDER)
    place = {name: number for number, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda item: place.get(item[0], last)))


def results(names: Sequence[str], folder: Path, quick: bool) -> Iterator[Result]:
    """Measure rows one after another.

    Parameters
    ----------
    names : sequence of str
        Of `rows`.
    folder : Path
        Temporary, for what is made.
    quick : bool
        See `Place`.
    """
    place = Place(folder, quick)
    for name in names:
        yield _result(name, rows()[name], place)


def _result(name: str, row: Row, place: Place) -> Result:
    load, measured, missing = timing.load(), None, ""
    try:
        measured = row.measure(place)
    except NotMeasured as error:
        missing = str(error)
    except BreastViewError as error:
        missing = str(error)
    goal = row.goal
    return Result(
        name, row.title, row.beside, goal.limit, goal.held.value, goal.of_ratio, measured, load, missing
    )


def temporary() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes with all that was made; a process that still ends may hold a file of it."""
    return tempfile.TemporaryDirectory(prefix="breastview-bench-", ignore_cleanup_errors=True)


def save(path: Path, found: Iterable[Result], quick: bool, growth: Iterable[dict[str, Any]] = ()) -> None:
    """Write results with the machine they are of."""
    record = {
        "schema": SCHEMA, "version": __version__, "quick": quick,
        "made": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(),
        "rows": [one.as_dict() for one in found], "growth": list(growth),
    }  # fmt: skip
    with atomic.written(path) as temporary_file:
        temporary_file.write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, cores, system, versions, and how busy it is."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else [],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
