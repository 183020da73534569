"""Pictures and DICOM files made from nothing, as large and as many as a measurement needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pydicom.dataset import FileDataset

_ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"
_CINE = "1.2.840.10008.5.1.4.1.1.3.1"
_MAMMOGRAM = "1.2.840.10008.5.1.4.1.1.1.2"
_STUDY = 10
"""Files a study of `folder`."""

ROWS, COLUMNS = 600, 800
MAMMOGRAM_ROWS, MAMMOGRAM_COLUMNS = 4664, 3064


def speckle(rows: int = ROWS, columns: int = COLUMNS, seed: int = 0) -> NDArray[np.uint8]:
    """Return an ultrasound-like picture, (rows, columns) uint8: speckle that fades with depth, a dark lesion.

    Rayleigh noise, a resolution cell of a few px, logarithmic compression; not made to look real.
    """
    import cv2

    chance = np.random.default_rng(seed)
    grain = chance.rayleigh(1.0, (rows, columns)).astype(np.float32)
    grain = np.asarray(cv2.GaussianBlur(grain, (0, 0), 2.0, sigmaY=1.0), np.float32)
    y, x = np.mgrid[:rows, :columns].astype(np.float32)
    at_y, at_x = rows * (0.35 + 0.2 * chance.random()), columns * (0.35 + 0.3 * chance.random())
    inside = ((y - at_y) / (rows * 0.12)) ** 2 + ((x - at_x) / (columns * 0.14)) ** 2 < 1
    level = np.where(inside, 0.25, 1.0) * np.exp(-1.2 * y / rows)
    return np.clip(70 * np.log1p(4 * grain * level), 0, 255).astype(np.uint8)


def ultrasound(path: Path, seed: int = 0, rows: int = ROWS, columns: int = COLUMNS) -> Path:
    """Write an ultrasound picture as DICOM and return its path."""
    return _saved(_dataset(speckle(rows, columns, seed), _ULTRASOUND, "US", seed), path)


def cine(path: Path, frames: int, seed: int = 0, rows: int = ROWS, columns: int = COLUMNS) -> Path:
    """Write a cine as DICOM and return its path; each frame is the one before, moved on."""
    first = speckle(rows, columns, seed)
    loop = np.stack([np.roll(first, 3 * number, axis=1) for number in range(frames)])
    found = _dataset(loop, _CINE, "US", seed)
    found.NumberOfFrames, found.FrameTime = frames, 40
    return _saved(found, path)


def mammogram(path: Path, rows: int = MAMMOGRAM_ROWS, columns: int = MAMMOGRAM_COLUMNS) -> Path:
    """Write a mammogram of 16 bits as DICOM and return its path."""
    y, x = np.ogrid[:rows, :columns]
    inside = (x / (columns * 0.75)) ** 2 + ((y - rows / 2) / (rows * 0.42)) ** 2 < 1
    noise = np.random.default_rng(0).integers(9_000, 52_000, (rows, columns), np.uint16)
    found = _dataset(np.where(inside, noise, 300).astype(np.uint16), _MAMMOGRAM, "MG", 0)
    found.WindowCenter, found.WindowWidth = 32768, 65536
    found.ImageLaterality, found.ViewPosition = "L", "CC"
    found.ImagerPixelSpacing = [0.05, 0.05]
    return _saved(found, path)


def folder(path: Path, count: int, first: int = 0, rows: int = 96, columns: int = 128) -> Path:
    """Write `count` small ultrasound pictures, ten a study, numbered from `first`, and return their folder.

    One file is made, and its UIDs and numbers are replaced in the bytes by others of the same length:
    writing each with pydicom would take longer than what is measured.
    """
    path.mkdir(parents=True, exist_ok=True)
    found = _dataset(speckle(rows, columns), _ULTRASOUND, "US", 0)
    template = _saved(found, path / "template").read_bytes()
    (path / "template").unlink()
    for number in range(first, first + count):
        study = number // _STUDY
        content = template.replace(_uid(1, 0).encode(), _uid(1, number).encode())
        for kind in (2, 3):
            content = content.replace(_uid(kind, 0).encode(), _uid(kind, study).encode())
        (path / f"{number:05d}.dcm").write_bytes(content.replace(b"P-00000000", f"P-{study:08d}".encode()))
    return path


def _uid(kind: int, number: int) -> str:
    return f"2.25.{kind}{number:012d}"


def _dataset(
    values: NDArray[np.uint8] | NDArray[np.uint16], sop_class: str, modality: str, seed: int
) -> FileDataset:
    """Return a data set of grey pixels, (rows, columns) or (frames, rows, columns)."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID, ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(_uid(1, seed))
    found = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    found.SOPClassUID, found.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    found.StudyDate, found.StudyTime, found.AccessionNumber = "20260102", "101112", f"A-{seed}"
    found.Modality, found.Manufacturer, found.StudyDescription = modality, "BreastView", "Made to measure"
    found.PatientName, found.PatientID, found.PatientSex = "Phantom^Speckle", f"P-{seed:08d}", "F"
    found.StudyInstanceUID, found.SeriesInstanceUID = UID(_uid(2, seed)), UID(_uid(3, seed))
    found.SeriesNumber = found.InstanceNumber = 1
    found.SamplesPerPixel, found.PhotometricInterpretation = 1, "MONOCHROME2"
    found.Rows, found.Columns = values.shape[-2:]
    _as_a_scanner_writes(found, modality)
    found.BitsAllocated = found.BitsStored = 8 * values.dtype.itemsize
    found.HighBit, found.PixelRepresentation = found.BitsStored - 1, 0
    found.add_new("PixelData", "OB" if values.dtype.itemsize == 1 else "OW", values.tobytes())
    return found


def _as_a_scanner_writes(found: FileDataset, modality: str) -> None:
    """Add what no reader of pictures needs and every index has to get past: some fifty elements."""
    from pydicom.dataset import Dataset

    for keyword in (
        "StationName", "DeviceSerialNumber", "SoftwareVersions", "ProtocolName", "OperatorsName",
        "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "ReferringPhysicianName",
        "PerformingPhysicianName", "SeriesDescription", "StudyID", "PatientComments", "ImageComments",
        "ManufacturerModelName", "TransducerData", "ProcessingFunction", "PerformedProcedureStepID",
    ):  # fmt: skip
        setattr(found, keyword, "Made to measure")
    for keyword in ("SeriesDate", "AcquisitionDate", "ContentDate", "PatientBirthDate"):
        setattr(found, keyword, "20260102")
    for keyword in ("SeriesTime", "AcquisitionTime", "ContentTime"):
        setattr(found, keyword, "101112")
    found.ImageType, found.TransducerType = ["ORIGINAL", "PRIMARY", "", "0001"], "LINEAR"
    block = found.private_block(0x0019, "BREASTVIEW MADE", create=True)
    for number in range(16):
        block.add_new(number, "LO", "Made to measure")
    if modality == "US":
        region = Dataset()
        region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = 1, 1, 0
        region.RegionLocationMinX0 = region.RegionLocationMinY0 = 0
        region.RegionLocationMaxX1, region.RegionLocationMaxY1 = found.Columns - 1, found.Rows - 1
        region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
        region.PhysicalDeltaX = region.PhysicalDeltaY = 0.006
        found.SequenceOfUltrasoundRegions = [region]


def _saved(found: FileDataset, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    found.save_as(path, enforce_file_format=True)
    return path
