"""Readings of pictures that lie in files, and what other programs say of DICOM objects."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import Dataset

from breastview.exporters._dicom_objects import KINDS, objects
from breastview.exporters._protocol import ExportOptions
from breastview.imaging import measure
from breastview.imaging.lesions import labelled, with_segmentation
from breastview.readers.pixels import read_frame
from breastview.readers.scan import describe
from breastview.study.analysis import Heat
from breastview.study.measurement import Measurement, Tool
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource, Segmentation
from tests import conftest, phantoms
from tests.exporters import phantom
from tests.readers.slides import made as slides

SHARED = conftest.DATA / "dicom"
SEG, SR = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.88.33"
MEASUREMENTS = (
    Measurement("a" * 32, Tool.DISTANCE, ((10.0, 12.0), (20.0, 12.0)), "Skin to lesion"),
    Measurement("b" * 32, Tool.AXES, ((10.0, 8.0), (26.0, 8.0), (18.0, 4.0), (18.0, 12.0)), lesion=1),
    Measurement("c" * 32, Tool.ELLIPSE, ((10.0, 20.0), (26.0, 20.0), (18.0, 26.0))),
    Measurement("d" * 32, Tool.TEXT, ((5.0, 5.0), (12.0, 12.0)), "Cooper’s ligament"),
)


def read(path: Path, frame: int = 0, mask: np.ndarray | None = None, **changes: object) -> Reading:
    """Return a whole reading of a frame of a file; the AI found an ellipse in the left upper part."""
    instance = describe(path, path.name)
    assert instance is not None, path
    found = read_frame(instance, frame)
    mask = ellipse(*found.size) if mask is None else mask
    calibration = instance.calibration(frame)
    heat = phantom.analysis().heat
    analysis = phantom.analysis(
        mask=mask, mask_probability=mask.astype(np.uint8) * 200, findings=measure.findings(mask, calibration),
        heat=Heat(heat.classes, heat.segmenter, (0, 0, found.size[1], found.size[0]), heat.share_inside),
    )  # fmt: skip
    return replace(Reading(instance, frame, found, analysis, phantom.ASSESSMENT), **changes)  # type: ignore[arg-type]


def ellipse(rows: int, columns: int) -> np.ndarray:
    """Return an ellipse in the left upper part of a picture as ``(rows, columns)`` bool."""
    y, x = np.ogrid[:rows, :columns]
    return ((y - rows * 0.4) / (rows * 0.2)) ** 2 + ((x - columns * 0.25) / (columns * 0.15)) ** 2 < 1


def mammogram(folder: Path) -> Reading:
    """Return a view of an examination in a file."""
    model = phantom.mammogram()
    taken = read(phantoms.mammogram(folder / "a.dcm", ViewPosition="MLO"))
    assert taken.analysis is not None and model.analysis is not None
    said = replace(taken.analysis, kind=model.analysis.kind, experimental=True)
    return replace(taken, analysis=said, assessment=model.assessment, exam=model.exam)


def histology(folder: Path) -> Reading:
    """Return a histology field in a file."""
    return _stained(read(phantoms.picture(folder / "field.png", phantoms.coloured())))


def slide(folder: Path) -> Reading:
    """Return a whole slide in a DICOM file."""
    return _stained(read(slides.dicom(folder / "slide.dcm")))


def _stained(field: Reading) -> Reading:
    """Return a reading of a picture as one of a histology model."""
    model = phantom.histology()
    same = ("kind", "classes", "probabilities", "suspicious", "experimental", "area_share", "flags")
    assert field.analysis is not None
    heat = replace(field.analysis.heat, classes=field.analysis.heat.classes[1:], share_inside=None)
    said = replace(field.analysis, heat=heat, **{name: getattr(model.analysis, name) for name in same})
    return replace(field, analysis=said, assessment=model.assessment)


def edited(reading: Reading, mask: np.ndarray, source: MaskSource = MaskSource.EDITED) -> Reading:
    """Return a reading with the reader's mask instead of the AI's."""
    return with_segmentation(reading, Segmentation(labelled(mask), source, "2026-11-21T10:00:00+00:00"))


def made(reading: Reading, *kinds: str, options: ExportOptions | None = None) -> list[Dataset]:
    """Return the DICOM objects of one reading."""
    return objects([reading], kinds or KINDS, options or ExportOptions())


def one(reading: Reading, kind: str) -> Dataset:
    """Return the object of a kind, which a reading has but one of (of Segmentations the binary one)."""
    found = [ds for ds in made(reading, kind) if ds.get("SegmentationType") != "FRACTIONAL"]
    return found[-1]


def bytes_of(found: Dataset) -> bytes:
    """Return an object as it is written."""
    stream = io.BytesIO()
    found.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def needs(program: str) -> str:
    """Return the path of a program; the test is skipped where it is missing."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed (packaging/system_packages.py installs it)")
    return path


def said_by(program: str, *arguments: str | Path) -> str:
    """Return what a program says, its errors included."""
    done = subprocess.run([needs(program), *map(str, arguments)], capture_output=True, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")
