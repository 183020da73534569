"""Whole slides in DICOM (PS3.3 A.32.8): the frames of one magnification are the tiles of one picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breastview.errors import UnreadableFile, UnsupportedFile
from breastview.language import mark
from breastview.readers.dicom.header import Header
from breastview.readers.slides.levels import LARGEST, choose
from breastview.readers.slides.mosaic import Mosaic
from breastview.study.calibration import UNCALIBRATED, Calibration, everywhere

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.77.1.6"
KEYWORDS = ("ImageType", "TotalPixelMatrixColumns", "TotalPixelMatrixRows", "DimensionOrganizationType")
_MOST = 4  # times that a magnification is made smaller; the coarser ones are files of their own
_HIDDEN = {
    "LABEL": mark("the label of a slide, which may show the patient's name; it is not shown as a case"),
    "OVERVIEW": mark("the overview of a slide, which may show its label; it is not shown as a case"),
}


@dataclass(frozen=True)
class Matrix:
    """The picture that the frames of a file make up.

    Attributes
    ----------
    rows, columns : int
        Of all of it, px.
    factor : int
        By how much it is made smaller when it is opened.
    """

    rows: int
    columns: int
    factor: int

    @property
    def opened(self) -> tuple[int, int]:
        """Rows and columns as opened."""
        return self.rows // self.factor, self.columns // self.factor


def matrix(header: Header, path: Path) -> Matrix | None:
    """Return the picture that the frames make up; None where each is one of its own.

    Raises
    ------
    UnsupportedFile
        If it is the slide's label or overview, or a magnification too fine to be opened whole.
    """
    rows, columns = header.integer("TotalPixelMatrixRows"), header.integer("TotalPixelMatrixColumns")
    if header.text("SOPClassUID") != SOP_CLASS or min(rows, columns) < 1:
        return None
    other = next((_HIDDEN[kind] for kind in header.texts("ImageType") if kind in _HIDDEN), "")
    if other:
        raise UnsupportedFile(f"this is {other}", path)
    factor, most = choose([(rows, columns)]).factor, _MOST * LARGEST
    if factor > _MOST or header.integer("Rows") % factor or header.integer("Columns") % factor:
        raise UnsupportedFile(
            f"a magnification of {columns} × {rows} px; {most} a side can be opened",
            path, "Open a coarser magnification of its series.",
        )  # fmt: skip
    return Matrix(rows, columns, factor)


def calibration(header: Header, of: Matrix) -> Calibration:
    """Return the size of the pixels as opened, from the pixel measures that hold for all frames."""
    for group in header.items("SharedFunctionalGroupsSequence"):
        for item in group.items("PixelMeasuresSequence"):
            spacing = item.numbers("PixelSpacing")
            if len(spacing) == 2 and min(spacing) > 0:
                return everywhere("PixelSpacing", *of.opened, *(of.factor * one for one in spacing))
    return UNCALIBRATED


def described(of: Matrix) -> str:
    """Return a description of the series of a slide that says how it is opened."""
    return f"Whole slide of {of.columns} × {of.rows} px, opened at 1:{of.factor}"


def whole(header: Header, of: Matrix, path: Path, tile: Callable[[int], NDArray[Any]]) -> NDArray[np.uint8]:
    """Put the picture together.

    Parameters
    ----------
    header : Header
    of : Matrix
    path : Path
        For what is said of a damaged file.
    tile : callable
        Decodes a frame, counted from 0: (Rows, Columns, 3), uint8 RGB.

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8
    """
    mosaic = Mosaic(of.rows, of.columns, of.factor)
    for number, (top, left) in enumerate(_places(header, of, path)):
        mosaic.add(tile(number), top, left)
    return mosaic.picture


def _places(header: Header, of: Matrix, path: Path) -> Iterator[tuple[int, int]]:
    """Yield row and column of each frame."""
    frames = header.integer("NumberOfFrames", 1) or 1
    each = header.items("PerFrameFunctionalGroupsSequence")
    if header.text("DimensionOrganizationType") == "TILED_FULL" or len(each) != frames:
        rows, columns = header.integer("Rows"), header.integer("Columns")
        places = [(top, left) for top in range(0, of.rows, rows) for left in range(0, of.columns, columns)]
        if len(places) > frames:
            raise UnreadableFile("the slide has fewer tiles than its size needs", path)
        yield from places  # further frames are other depths of focus, or other light
        return
    for group in each:
        for item in group.items("PlanePositionSlideSequence"):
            row = item.integer("RowPositionInTotalImagePixelMatrix", 1)
            column = item.integer("ColumnPositionInTotalImagePixelMatrix", 1)
            yield row - 1, column - 1
