"""Panes with a made-up picture, and ways to look at what they painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from breastview.gui import theme
from breastview.gui.panes.look import Look
from breastview.gui.panes.pane_row import PaneRow
from breastview.imaging.measure import findings
from breastview.study.analysis import Analysis, BundleStamp, Flag, Heat
from breastview.study.calibration import UNCALIBRATED, Calibration
from breastview.study.instance import Instance, Patient, SeriesInfo, StudyInfo, Window
from breastview.study.pixels import FramePixels

ROWS, COLUMNS = 120, 160
CLASSES = ("normal", "benign", "malignant")

BARE = Look(
    mask_visible=False, heat_visible=False, calipers_visible=False, contour_visible=False, annotation_level=0
)
"""The picture and nothing else."""


@dataclass(frozen=True)
class Case:
    """One picture with everything that can be known about it."""

    pixels: FramePixels
    instance: Instance
    mask: NDArray[np.bool_]
    analysis: Analysis


def make_case(
    values: NDArray[np.generic] | None = None,
    mask: NDArray[np.bool_] | None = None,
    calibration: Calibration = UNCALIBRATED,
    frames: int = 1,
    flags: tuple[Flag, ...] = (),
    refused: bool = False,
) -> Case:
    """Make a picture (random 16-bit values unless given) with a mask and an analysis."""
    if values is None:
        values = np.random.default_rng(7).integers(0, 4096, (ROWS, COLUMNS)).astype(np.uint16)
    rows, columns = values.shape[:2]
    colour = values.ndim == 3
    top = 256.0 if values.dtype == np.uint8 else 4096.0
    pixels = FramePixels(values, "RGB" if colour else "MONOCHROME2", Window(top / 2, top))
    if mask is None:
        mask = np.zeros((rows, columns), bool)
        mask[rows // 3 : rows // 2, columns // 4 : columns // 2] = True
    instance = Instance(
        Path(f"/nowhere/{id(values)}.dcm"),
        "folder/picture.dcm",
        "dicom",
        rows,
        columns,
        StudyInfo("1", "20240518", description="Breast US"),
        SeriesInfo("1", 3, "Radial"),
        Patient("Muster, Erika", "ID-1", "19700101", "F"),
        modality="US",
        laterality="L",
        frames=frames,
        calibrations=(calibration,),
    )
    heat = np.zeros((3, 4, 4), np.float32)
    heat[2, 1, 1] = heat[1, 2, 2] = heat[0, 0, 0] = 1.0
    shares = (0.1, 0.2, 0.31) if mask.any() else None
    analysis = Analysis(
        BundleStamp("tiny", "1", "0" * 12),
        CLASSES,
        None if refused else (0.1, 0.2, 0.7),
        False,
        "",
        mask,
        np.zeros((8, 8), np.uint8),
        findings(mask, calibration),
        Heat(heat, heat[2], (0.0, 0.0, float(columns), float(rows)), shares),
        flags,
    )
    return Case(pixels, instance, mask, analysis)


@pytest.fixture
def case() -> Case:
    """Return a grey 16-bit picture with one lesion."""
    return make_case()


@pytest.fixture(scope="session", autouse=True)
def _dressed(qapp: QApplication) -> None:
    theme.apply(qapp)


@pytest.fixture
def row(qtbot: QtBot) -> PaneRow:
    """Return shown, empty panes."""
    made = PaneRow()
    qtbot.addWidget(made)
    made.resize(904, 400)
    made.show()
    return made


@pytest.fixture
def shown(row: PaneRow, case: Case) -> PaneRow:
    """Return panes with the picture and its analysis."""
    row.set_picture(case.pixels, case.instance)
    row.set_analysis(case.analysis)
    return row


Painted = Callable[[PaneRow, int], NDArray[np.uint8]]


@pytest.fixture
def painted(qapp: QApplication) -> Painted:
    """Return a function that gives what a pane's canvas paints, ``(rows, columns, 3)`` uint8 RGB."""

    def paint(row: PaneRow, index: int = 0) -> NDArray[np.uint8]:
        qapp.processEvents()
        return as_array(row.pane(index).canvas.grab().toImage())

    return paint


def as_array(image: QImage) -> NDArray[np.uint8]:
    """Return an image as ``(rows, columns, 3)`` uint8 RGB."""
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return lines[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def picture_box(row: PaneRow, index: int = 0) -> tuple[slice, slice]:
    """Return the rows and columns of a canvas that the picture covers."""
    canvas, size = row.pane(index).canvas, row.pane(index).canvas._content.size
    assert size is not None
    x0, y0, x1, y1 = canvas.projection().visible(size[1], size[0])
    return slice(y0, y1), slice(x0, x1)
