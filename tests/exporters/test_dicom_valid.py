"""Other programs find the DICOM objects sound: dciodvfy of dicom3tools, dsrdump and dcmdump of DCMTK."""

from __future__ import annotations

import re

import numpy as np
import pytest

from breastview.exporters._dicom_objects import KINDS, objects
from breastview.exporters._protocol import ExportOptions
from breastview.study.segmentation import MaskSource
from tests import phantoms
from tests.exporters import dicoms, phantom

KNOWN_ERRORS = (r'Illegal root for UID - "999\.',)
"""Patterns of the error lines that docs/dicom-conformance.md names and explains."""

SAMPLES = {
    "ultrasound of two regions": lambda folder: dicoms.read(
        phantoms.us_with_regions(folder / "a.dcm"), measurements=dicoms.MEASUREMENTS
    ),
    "grey ultrasound": lambda folder: dicoms.read(phantoms.us_grey(folder / "a.dcm")),
    "mammogram": lambda folder: dicoms.read(phantoms.mammogram(folder / "a.dcm", "MONOCHROME1")),
    "view of an examination": dicoms.mammogram,
    "histology": dicoms.histology,
    "whole slide": dicoms.slide,
    "frame of a cine": lambda folder: dicoms.read(phantoms.us_cine(folder / "a.dcm"), frame=1),
    "png": lambda folder: dicoms.read(phantoms.picture(folder / "a.png")),
    "lossy jpeg": lambda folder: dicoms.read(phantoms.picture(folder / "a.jpg", phantoms.coloured())),
    "edited": lambda folder: dicoms.edited(dicoms.read(phantoms.us_grey(folder / "a.dcm")), _two()),
    "drawn by the reader": lambda folder: dicoms.edited(
        dicoms.read(phantoms.us_grey(folder / "a.dcm"), analysis=None), _two(), MaskSource.READER
    ),
    "no lesion": lambda folder: dicoms.edited(
        dicoms.read(phantoms.us_grey(folder / "a.dcm")), np.zeros((phantoms.ROWS, phantoms.COLUMNS), bool)
    ),
    "no analysis": lambda folder: dicoms.read(phantoms.us_grey(folder / "a.dcm"), analysis=None),
    "refused": lambda folder: dicoms.read(
        phantoms.us_grey(folder / "a.dcm"), analysis=phantom.refused().analysis
    ),
}


def _two():
    mask = np.zeros((phantoms.ROWS, phantoms.COLUMNS), bool)
    mask[5:12, 4:12] = mask[20:40, 36:60] = True
    return mask


@pytest.mark.parametrize("name", SAMPLES)
def test_they_are_sound(name, tmp_path, qapp):
    check(SAMPLES[name](tmp_path), tmp_path)


def check(reading, folder, kinds=KINDS):
    made = objects([reading], kinds, ExportOptions())
    files = [folder / f"object{number}.dcm" for number in range(len(made))]
    for found, path in zip(made, files, strict=True):
        path.write_bytes(dicoms.bytes_of(found))
        errors = [
            line for line in dicoms.said_by("dciodvfy", path).splitlines()
            if line.startswith("Error") and not any(re.search(known, line) for known in KNOWN_ERRORS)
        ]  # fmt: skip
        assert errors == [], found.SOPClassUID.name
    dumped = dicoms.said_by("dcmdump", "+P", "0008,0018", *files)
    assert dumped.count("(0008,0018)") == len(files) and "E:" not in dumped
    reports = [path for found, path in zip(made, files, strict=True) if found.SOPClassUID == dicoms.SR]
    assert not [line for line in dicoms.said_by("dsrdump", *reports).splitlines() if line.startswith("E:")]


REAL = sorted(
    path for kind in ("us", "mg", "xray", "colour", "charset", "misc")
    for path in (dicoms.SHARED / kind).glob("*.dcm")
)  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("path", REAL or [None], ids=lambda path: path.name if path else "none")
def test_those_of_real_files_are_sound(path, tmp_path, qapp):
    if path is None:
        pytest.skip(f"{dicoms.SHARED} is not there")
    try:
        reading = dicoms.read(path)
    except Exception as error:
        pytest.skip(f"it is no picture this application shows: {error}")
    # The report's pages are the same as in the samples above, and slow to make.
    kinds = tuple(kind for kind in KINDS if kind != "epdf")
    check(reading, tmp_path, kinds)
