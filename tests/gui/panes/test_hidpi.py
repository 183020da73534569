"""Screens with more than one device px per device-independent px, each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

SCRIPT = """
import numpy as np
from PySide6.QtWidgets import QApplication
application = QApplication([])
from breastview.gui.panes.pane_row import PaneRow
from breastview.imaging.window import to_display
from dataclasses import replace
from tests.gui.panes.conftest import BARE, as_array, make_case, picture_box

scale = {scale}
case, row = make_case(), PaneRow()
row.resize(900, 400)
row.set_look(BARE)
row.show()
row.set_picture(case.pixels, case.instance)
row.set_analysis(case.analysis)
canvas = row.pane(1).canvas
assert canvas.scale == scale, canvas.scale
assert canvas.device_size() == (round(canvas.width() * scale), round(canvas.height() * scale))
fit = min(canvas.device_size()[0] / 160, canvas.device_size()[1] / 120)
assert abs(row.view.zoom - fit) < 1e-9, (row.view, fit)

def painted():
    application.processEvents()
    return as_array(canvas.grab().toImage())[picture_box(row, 1)]

row.actual_pixels()
assert np.array_equal(painted()[..., 0], to_display(case.pixels)), "a px of the picture is a device px"

row.set_look(replace(BARE, mask_visible=True, fill_opacity=1.0, smooth=False))
cyan = np.all(painted() == (0, 229, 255), axis=2)
assert np.array_equal(cyan, case.mask), "the mask lies on its device px"
"""


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_device_pixels_are_used_one_by_one(scale: float) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(scale)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(scale=scale)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
