"""One change of how a large picture is drawn, until the pane is painted."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from breastview.gui.room import Room
from breastview.gui.stopwatch.stage import Painted, room, until
from breastview.settings import Settings
from breastview.study.analysis import Analysis, BundleStamp, Heat
from breastview.study.instance import Window

PANE = QSize(1920, 1080)


def window_level(path: Path, count: int) -> dict[str, Any]:
    """Drag window and level over a picture in a pane of 1920 × 1080."""
    one = _shown(path)

    def change(turn: int) -> None:
        one.desk.look(window=Window(20_000 + 150 * (turn % 97), 30_000 + 170 * (turn % 89)))

    return _each(one, change, count)


def opacity(path: Path, count: int) -> dict[str, Any]:
    """Drag the opacity of mask and heat over the same picture."""
    one = _shown(path)
    shown = one.showing.shown
    assert shown is not None and shown.pixels is not None
    one.window.panes.set_analysis(reading(*shown.pixels.values.shape[:2]))

    def change(turn: int) -> None:
        level = 0.2 + 0.006 * (turn % 101)
        one.desk.look(heat_opacity=level, fill_opacity=1 - level)

    return _each(one, change, count)


def _shown(path: Path) -> Room:
    """Return a room that shows a picture in one pane of `PANE` in device px."""
    one = room(Settings(analyse_in_background=False, prefetch=0))
    one.start([path])
    until(lambda: one.showing.shown is not None and one.showing.shown.pixels is not None)
    one.desk.look(layout=1)
    until(lambda: len(one.window.panes.here) == 1)
    canvas = one.window.panes.pane(0).canvas
    scale = canvas.devicePixelRatioF()
    for _ in range(3):  # the first change of size may show or fold other parts
        QApplication.processEvents()
        wanted = PANE / scale - canvas.size()
        one.window.resize(one.window.size() + wanted)
    QApplication.processEvents()
    return one


def _each(one: Room, change: Callable[[int], None], count: int) -> dict[str, Any]:
    """Change the look `count` times and return the milliseconds of each until the pane was painted."""
    canvas = one.window.panes.pane(0).canvas
    painted = Painted([one.window.panes.pane(0)])
    taken, processor = [], []
    for turn in range(-5, count):
        painted.begin()
        start, busy = time.perf_counter(), time.thread_time()
        change(turn)
        until(lambda: painted.all)
        if turn >= 0:
            taken.append(1000 * (time.perf_counter() - start))
            processor.append(1000 * (time.thread_time() - busy))
    wide, high = canvas.device_size()
    return {"ms": taken, "processor": processor, "pane": f"{wide} × {high} px"}


def reading(rows: int, columns: int) -> Analysis:
    """Return a reading with a lesion and heat, as large as the picture."""
    y, x = np.ogrid[:rows, :columns]
    mask = ((y - rows / 2) / (rows / 6)) ** 2 + ((x - columns / 3) / (columns / 6)) ** 2 < 1
    ramp = np.linspace(0, 1, 28, dtype=np.float32)
    heat = np.outer(ramp, ramp).astype(np.float32)
    side = float(max(rows, columns))
    return Analysis(
        bundle=BundleStamp("made", "1", "0" * 12), classes=("normal", "benign", "malignant"),
        probabilities=(0.1, 0.2, 0.7), abstained=False, sentence="Made for measuring.", mask=mask,
        mask_probability=(mask[::20, ::20] * 255).astype(np.uint8), findings=(),
        heat=Heat(np.stack([heat] * 3), heat, ((columns - side) / 2, (rows - side) / 2, side, side)),
    )  # fmt: skip
