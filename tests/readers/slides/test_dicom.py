"""Whole slides in DICOM: the frames are tiles of one picture; labels stay hidden."""

from __future__ import annotations

from pathlib import Path

import pytest

from breastview.errors import UnsupportedFile
from breastview.readers.formats.dicom import READER
from breastview.readers.pixels import read_frame
from breastview.readers.slides import levels
from tests.readers.slides import made


@pytest.mark.parametrize("sparse", [False, True])
def test_the_tiles_make_up_one_picture(tmp_path: Path, sparse: bool) -> None:
    one = READER.describe(made.dicom(tmp_path / "a.dcm", sparse), "a.dcm")
    assert (one.rows, one.columns, one.frames, one.modality) == (made.ROWS, made.COLUMNS, 1, "SM")
    assert one.series.description == "Whole slide of 300 × 200 px, opened at 1:1"
    (region,) = one.calibration().regions
    assert region.dx == region.dy == 0.002
    pixels = read_frame(one)
    assert pixels.photometric == "RGB" and not pixels.values.flags.writeable
    assert (pixels.values == made.field(made.ROWS, made.COLUMNS)).all()


def test_a_fine_magnification_is_made_smaller_and_its_pixels_larger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made.dicom(tmp_path / "a.dcm")
    monkeypatch.setattr(levels, "LARGEST", 100)
    one = READER.describe(path, "a.dcm")
    assert (one.rows, one.columns) == (50, 75) and "1:4" in one.series.description
    assert one.calibration().regions[0].dx == pytest.approx(0.008)
    assert read_frame(one).values.shape == (50, 75, 3)
    monkeypatch.setattr(levels, "LARGEST", 50)
    with pytest.raises(UnsupportedFile, match="coarser magnification"):
        READER.describe(path, "a.dcm")


@pytest.mark.parametrize("kind", ["LABEL", "OVERVIEW"])
def test_a_label_is_not_shown(tmp_path: Path, kind: str) -> None:
    with pytest.raises(UnsupportedFile, match="not shown as a case"):
        READER.describe(made.dicom(tmp_path / "a.dcm", kind=kind), "a.dcm")
