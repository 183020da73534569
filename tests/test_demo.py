"""The demo study: it opens, it is plainly synthetic, and its physics is what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from breastview import paths
from breastview.readers.pixels import read_frame
from breastview.readers.scan import scan
from breastview.readers.truth import read_truth
from breastview.study.instance import Instance
from breastview.task import SilentTask

ROOT = Path(__file__).resolve().parent.parent
DEMO = paths.resources() / "demo"


@pytest.fixture(scope="module")
def entries() -> list[Instance]:
    """Return what opening the demo study lists."""
    found = list(scan([DEMO], SilentTask()))
    assert all(isinstance(entry, Instance) for entry in found), found
    return [entry for entry in found if isinstance(entry, Instance)]


def _grey(instance: Instance, frame: int = 0) -> NDArray[np.float32]:
    """Return a frame as grey levels."""
    values = read_frame(instance, frame).values
    return (values if values.ndim == 2 else values.mean(axis=2)).astype(np.float32)


def _named(entries: list[Instance], name: str) -> Instance:
    return next(entry for entry in entries if entry.path.name == name)


def test_every_file_opens_and_no_mask_or_text_is_a_case(entries: list[Instance]) -> None:
    assert len([e for e in entries if e.reader == "picture"]) == 10
    assert len([e for e in entries if e.reader == "dicom"]) == 6
    for entry in entries:
        assert read_frame(entry, entry.frames - 1).size == (entry.rows, entry.columns)


def test_the_pictures_bring_their_truth(entries: list[Instance]) -> None:
    for entry in (e for e in entries if e.reader == "picture"):
        truth = read_truth(entry)
        assert truth is not None
        assert truth.any() == ("normal" not in entry.path.parts)


def test_the_dicom_files_are_calibrated_varied_and_nobody(entries: list[Instance]) -> None:
    files = [e for e in entries if e.reader == "dicom"]
    assert {e.photometric for e in files} == {"MONOCHROME2", "RGB"}
    assert sorted(e.frames for e in files) == [1, 1, 1, 1, 1, 12]
    for entry in files:
        assert "Synthetic" in entry.patient.name
        region = entry.calibration().at(entry.columns / 2, entry.rows / 2)
        assert region is not None
        assert 0.05 < region.dx == region.dy < 0.12
        assert entry.calibration().at(2, 2) is None, "the black margin has no millimetres"


def test_the_depth_ruler_agrees_with_the_calibration(entries: list[Instance]) -> None:
    entry = _named(entries, "US0001.dcm")
    region = entry.calibration().regions[0]
    column = _grey(entry)[:, region.x1 + 7 + 9]
    ticks = np.flatnonzero(column > 100)
    assert np.diff(ticks) * region.dy == pytest.approx(10.0, abs=region.dy)


def test_the_files_say_that_they_are_synthetic_and_hold_no_person() -> None:
    for path in sorted((DEMO / "dicom").glob("*.dcm")):
        dataset = pydicom.dcmread(path, stop_before_pixels=True)
        assert str(dataset.PatientName) == "Phantom^Synthetic"
        assert dataset.QualityControlSubject == "YES"
        assert dataset.BurnedInAnnotation == "NO"
        assert dataset.PatientBirthDate == ""
    text = (DEMO / "README.txt").read_text(encoding="utf-8")
    assert "SYNTHETIC" in text
    assert "not on phantoms" in text


def test_the_demo_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 6_000_000


def _behind_and_beside(entry: Instance) -> tuple[float, float]:
    """Return the mean grey right behind the lesion, and at the same depth beside it."""
    grey, truth = _grey(entry), read_truth(entry)
    assert truth is not None
    rows, columns = np.flatnonzero(truth.any(axis=1)), np.flatnonzero(truth.any(axis=0))
    band = slice(rows[-1] + 8, rows[-1] + 48)
    middle, half = int(columns.mean()), max(len(columns) // 5, 8)
    inside = grey[band, middle - half : middle + half].mean()
    outside = np.concatenate([grey[band, : columns[0] - 20], grey[band, columns[-1] + 20 :]], axis=1).mean()
    return float(inside), float(outside)


def test_a_cyst_is_black_and_brightens_what_lies_behind(entries: list[Instance]) -> None:
    entry = _named(entries, "cyst (1).png")
    truth = read_truth(entry)
    assert truth is not None
    grey = _grey(entry)
    core = cv2.erode(truth.astype(np.uint8), np.ones((15, 15), np.uint8)).astype(bool)
    assert grey[core].mean() < 8
    behind, beside = _behind_and_beside(entry)
    assert behind > 1.1 * beside


def test_an_oval_solid_lesion_lies_flat_and_is_evenly_dark(entries: list[Instance]) -> None:
    entry = _named(entries, "fibroadenoma (1).png")
    truth = read_truth(entry)
    assert truth is not None
    height, width = (np.flatnonzero(truth.any(axis=axis)).size for axis in (1, 0))
    assert width > 1.3 * height
    grey = _grey(entry)
    ring = cv2.dilate(truth.astype(np.uint8), np.ones((41, 41), np.uint8)).astype(bool) & ~truth
    assert 15 < grey[truth].mean() < 0.8 * grey[ring].mean()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_spiculated_lesion_is_dark_and_shadows(entries: list[Instance], number: int) -> None:
    behind, beside = _behind_and_beside(_named(entries, f"spiculated ({number}).png"))
    assert behind < 0.8 * beside


def test_a_spiculated_outline_is_far_from_smooth(entries: list[Instance]) -> None:
    def roundness(name: str) -> float:
        truth = read_truth(_named(entries, name))
        assert truth is not None
        outlines, _ = cv2.findContours(truth.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        outline = max(outlines, key=cv2.contourArea)
        return float(4 * np.pi * cv2.contourArea(outline) / cv2.arcLength(outline, True) ** 2)

    assert roundness("spiculated (1).png") < 0.5 < roundness("fibroadenoma (1).png")


PROBE = """
import sys; sys.path.insert(0, "packaging/demo")
import hashlib, numpy as np
from field import Field
from cases import PICTURES, still
from machine import Machine, _beam, scatterers
view = Field(120, 120, 0.3)
print(hashlib.sha256(b"".join(still(case, view)[0].tobytes() for case in PICTURES[:5:2])).hexdigest())
view = Field(400, 400, 0.075)
envelope = np.abs(_beam(scatterers(view, np.random.default_rng(5)), view, Machine()))
print(float(envelope.mean() / envelope.std()))
"""


def _probe() -> tuple[str, float]:
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=ROOT, capture_output=True, text=True, check=True)
    digest, ratio = done.stdout.split()
    return digest, float(ratio)


def test_the_generator_is_repeatable_and_its_speckle_is_rayleigh() -> None:
    digest, ratio = _probe()
    assert (digest, ratio) == _probe()
    # Fully developed speckle has a signal-to-noise ratio of 1.91 (Burckhardt 1978).
    assert ratio == pytest.approx(1.91, abs=0.06)
