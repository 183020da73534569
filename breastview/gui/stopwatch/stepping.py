"""Steps from case to case by the key, each until all panes are painted with everything that is known."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from breastview.errors import BreastViewError
from breastview.gui.room import Room
from breastview.gui.stopwatch.stage import Painted, idle, room, until
from breastview.settings import Settings

FEW, REST_S = 100, 0.15


def steps(path: Path, count: int) -> dict[str, Any]:
    """Step `count` times through prepared cases."""
    one = _prepared(path)
    painted = _watched(one)
    taken, processor = [], []
    for turn in range(-2, count):
        idle(REST_S)
        busy = time.thread_time()
        milliseconds = _step(one, painted)
        if turn >= 0:
            taken.append(milliseconds)
            processor.append(1000 * (time.thread_time() - busy))
    return {"ms": taken, "processor": processor, "panes": len(one.window.panes.here)}


def memory(path: Path, count: int) -> dict[str, Any]:
    """Step `count` times and return the resident megabytes after `FEW` steps and at the end."""
    one = _prepared(path)
    painted = _watched(one)
    few = min(FEW, count // 2)
    found = {}
    for turn in range(1, count + 1):
        _step(one, painted)
        if turn in (few, count):
            idle(REST_S)
            found[turn] = resident()
    return {"few": found[few], "many": found[count], "steps": [few, count]}


def _prepared(path: Path) -> Room:
    """Return a room on a folder whose pictures are decoded and, where there is a model, read by it."""
    one = room(Settings(), ai=True)
    for case in list(one.session.open([path], remember=False)):
        try:
            one.session.analysis(case)  # type: ignore[arg-type]  # only pictures were made
        except BreastViewError:
            break  # no model is installed: the panes show the picture alone
    one.start([path])
    until(lambda: not one.opening.reading and one.showing.shown is not None and one.inference.running)
    until(lambda: one.showing.analysis is not None or one.showing.ai_failed or not one.showing.ai_works)
    idle(2.0)
    return one


def _watched(one: Room) -> Painted:
    return Painted([one.window.panes.pane(index) for index in one.window.panes.here])


def _step(one: Room, painted: Painted) -> float:
    """Press the key and return the milliseconds until all panes are painted; at the end begin again."""
    if one.desk.state.case == one.model.cases[-1]:
        one.stepping.end(last=False)
        until(lambda: _arrived(one))
        idle(REST_S)
    before = one.desk.state.place
    painted.counts = lambda: one.desk.state.place != before and _arrived(one)
    painted.begin()
    start = time.perf_counter()
    QTest.keyClick(QApplication.focusWidget() or one.window, Qt.Key.Key_Down)
    until(lambda: painted.all)
    return 1000 * (time.perf_counter() - start)


def _arrived(one: Room) -> bool:
    known = one.showing.analysis is not None or one.showing.ai_failed or not one.showing.ai_works
    return one.showing.place == one.desk.state.place and known


def resident() -> float:
    """Return the resident size of this process in MB, 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
