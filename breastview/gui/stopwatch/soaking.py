"""Thousands of cases with random actions: what goes wrong, what is left behind, how long the window hangs."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from breastview.gui import theme
from breastview.gui.room import Room
from breastview.gui.stopwatch.at_random import Hand
from breastview.gui.stopwatch.drawing import reading
from breastview.gui.stopwatch.hold_ups import Watch
from breastview.gui.stopwatch.stage import NoAI, idle, until
from breastview.gui.stopwatch.stepping import resident
from breastview.gui.stopwatch.troubles import Troubles
from breastview.gui.worklist.listing import Filter, Sort
from breastview.session import Session
from breastview.settings import Settings
from breastview.store import Store
from breastview.study.analysis import Analysis, BundleStamp
from breastview.study.instance import Instance
from breastview.study.pixels import FramePixels

SEED = 8
FEWEST = 4
"""Cases between two samples, at least."""
ACTIONS = 4
"""Most random actions at a case."""
SAMPLES = 20
"""How often, evenly over the cases, the window comes to rest and what is there is counted."""
REST_S = 1.0
PICTURES_MB = 64
"""Kept in memory: so few that it is full long before memory is judged; what grows on is a leak."""
COUNTED = ("resident", "widgets", "threads", "files")
MOST_PANES = 6
"""Three each of a picture and of the one it is compared to."""
WAITED = 3
"""Each which case is waited for until the AI has said what it says."""


class MadeAI(NoAI):
    """Sees a lesion in every picture at once, in the installed model's name: what is tried is the window."""

    def __init__(self, folder: Path, device: str) -> None:
        super().__init__(folder, device)
        content = (folder / "manifest.json").read_bytes()
        named = json.loads(content)
        self._stamp = BundleStamp(named["name"], named["version"], hashlib.sha256(content).hexdigest()[:12])

    def load(self) -> None:
        """There is nothing to load."""

    def analyse_batch(
        self, frames: Sequence[tuple[Instance, int, FramePixels]], task: object = None
    ) -> list[Analysis]:
        """Return a reading as large as each picture."""
        del task
        made = (reading(*pixels.values.shape[:2]) for _, _, pixels in frames)
        return [replace(one, bundle=self._stamp) for one in made]


def soaked(path: Path, count: int) -> dict[str, Any]:
    """Step through `count` cases of a folder with an AI that answers at once."""
    return _soaked(path, count, Session(Settings(picture_cache_mb=PICTURES_MB), Store.of_user(), MadeAI))


def soaked_with_ai(path: Path, count: int) -> dict[str, Any]:
    """Do the same with the installed AI."""
    return _soaked(path, count, Session(Settings(picture_cache_mb=PICTURES_MB), Store.of_user()))


def _soaked(path: Path, count: int, session: Session) -> dict[str, Any]:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(application)
    troubles, watch, one = Troubles(), Watch(), Room(session)
    closing = _closes_dialogs(troubles)
    watch.doing = "open"
    one.start()
    until(lambda: one.inference.running)
    watch.start()
    one.opening.open([path])
    until(lambda: not one.opening.reading and one.showing.place is not None)
    _most_panes(one)
    samples, start = [], time.monotonic()
    worst, worst_work = Counter[int](), Counter[int]()
    each = max(count // SAMPLES, min(count, FEWEST))
    with tempfile.TemporaryDirectory() as outputs:
        hand = Hand(one, SEED, Path(outputs))
        for done in range(1, count + 1):
            watch.worst = watch.worst_work = 0.0
            _case(one, hand, watch, done)
            worst[int(watch.worst)] += 1
            worst_work[int(watch.worst_work)] += 1
            if done % each == 0:
                watch.stop()
                samples.append({"cases": done, "seconds": time.monotonic() - start} | _at_rest(one))
                watch.start()
                _tell(samples[-1])
        watch.stop()
        closing.stop()
        _rest(one)
    listed = len(one.model.rows)
    one.window.close()
    one.close()
    return watch.told() | {
        "listed": listed, "samples": samples, "worst": sorted(worst.items()),
        "worst_work": sorted(worst_work.items()),
        "errors": troubles.errors.most_common(20), "warnings": troubles.warnings.most_common(20),
        "left": sorted(thread.name for thread in threading.enumerate() if not thread.daemon),
    }  # fmt: skip


def _most_panes(one: Room) -> None:
    """Show as many panes as the window ever makes, each with its histogram: they are kept, and no leak."""
    one.desk.look(layout=3, histogram=True)
    one.desk.change(compared=(one.model.cases[-1], 0), pinned=True)
    _wait(lambda: len(one.window.panes.here) == MOST_PANES)
    for _ in range(MOST_PANES):
        one.window.panes.next_pane()
        idle(0.01)
    one.desk.look(histogram=False)
    one.desk.change(compared=None, pinned=False)


def _case(one: Room, hand: Hand, watch: Watch, done: int) -> None:
    """Step to the next case, at the end to the first, and do a few things there."""
    watch.doing = "step"
    cases = one.model.cases
    if cases and one.desk.state.case == cases[-1]:
        one.stepping.end(last=False)
    else:
        one.stepping.case(1)
        QTest.keyClick(one.window.panes, Qt.Key.Key_Down)
    if done % WAITED == 0:
        _wait(lambda: _known(one))
    for _ in range(hand.how_often(ACTIONS)):
        watch.doing = hand.anything()
        idle(0.01)


def _known(one: Room) -> bool:
    """Return whether the wanted place is up with all that is known of it; a moving cine never is."""
    state, showing = one.desk.state, one.showing
    if state.playing or state.case is None or one.model.rows[state.case].instance is None:
        return True
    if showing.place != state.place:
        return False
    unread = showing.shown is None or showing.shown.pixels is None or showing.hidden
    return unread or showing.analysis is not None or showing.ai_failed or not showing.ai_works


def _wait(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that need not come."""
    end = time.monotonic() + seconds
    until(lambda: true() or time.monotonic() > end)


def _rest(one: Room) -> None:
    """Bring the window to the state in which it is always counted."""
    if one.detached.pictures_out:
        one.detached.pictures()
    if one.detached.panes_out:
        one.detached.pane()
    for _ in range(3):
        one.doings.reset()
    one.window.worklist.show()
    one.window.panel.show()
    one.window.resize(1280, 800)
    one.cine.player.stop()
    if one.session.settings.commit_first:
        one.doings.toggle_commit_first()
    one.desk.change(filter=Filter.ALL, search="", sort=Sort.ORDER, compared=None, pinned=False)
    one.desk.look(layout=3, tool="", histogram=False)
    one.stepping.row(one.model.cases[0])
    _wait(lambda: _known(one) and not one.exporting.busy, 30.0)
    idle(REST_S)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def _at_rest(one: Room) -> dict[str, Any]:
    """Return what is there: resident MB, widgets, threads of the process, open files, Python's objects."""
    _rest(one)
    widgets = QApplication.allWidgets()
    return {
        "resident": resident(), "widgets": len(widgets), "threads": _entries("task"), "files": _entries("fd"),
        "objects": len(gc.get_objects()), "kinds": Counter(type(one).__name__ for one in widgets),
    }  # fmt: skip


def _entries(kind: str) -> int:
    """Return how many entries /proc has of this process; 0 where there is none."""
    try:
        return len(os.listdir(f"/proc/self/{kind}"))  # noqa: PTH208  # a listing of numbers
    except OSError:
        return 0


def _closes_dialogs(troubles: Troubles) -> QTimer:
    """Return a timer that closes whatever asks: nobody is there to answer."""

    def close() -> None:
        for asking in (QApplication.activeModalWidget(), QApplication.activePopupWidget()):
            if asking is not None:
                troubles.warnings[f"closed: {type(asking).__name__}"] += 1
                asking.close()

    timer = QTimer()
    timer.timeout.connect(close)
    timer.start(500)
    return timer


def _tell(sample: dict[str, Any]) -> None:
    """Say on standard error how far it is."""
    figures = ", ".join(f"{sample[name]:.0f} {name}" for name in ("cases", "seconds", *COUNTED))
    print(figures, file=sys.stderr, flush=True)  # noqa: T201
