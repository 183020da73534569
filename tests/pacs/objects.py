"""Synthetic DICOM objects to send around; nobody's breast."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

ULTRASOUND = "1.2.840.10008.5.1.4.1.1.6.1"


def ultrasound(
    study: str = "", series: str = "", name: str = "Phantom^One", side: int = 32, **values: object
) -> Dataset:
    """Return an ultrasound picture of noise, `side` by `side` pixels; further values by their keywords."""
    one = Dataset()
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one.SpecificCharacterSet = "ISO_IR 192"
    one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = ULTRASOUND
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    one.StudyInstanceUID, one.SeriesInstanceUID = study or generate_uid(), series or generate_uid()
    one.PatientName, one.PatientID, one.PatientBirthDate, one.PatientSex = name, "P-1", "19700102", "F"
    one.StudyDate, one.StudyTime, one.StudyID = "20240305", "101112", "1"
    one.AccessionNumber, one.StudyDescription, one.Modality = "A-1", "Mamma bds", "US"
    one.SeriesNumber, one.InstanceNumber, one.SeriesDescription = 1, 1, "Noise"
    one.ReferringPhysicianName = ""
    one.Rows = one.Columns = side
    one.SamplesPerPixel, one.PhotometricInterpretation = 1, "MONOCHROME2"
    one.BitsAllocated = one.BitsStored = 8
    one.HighBit, one.PixelRepresentation = 7, 0
    noise = np.random.default_rng(abs(hash(one.SOPInstanceUID)) % 2**32)
    one.PixelData = noise.integers(0, 256, (side, side), np.uint8).tobytes()
    for keyword, value in values.items():
        setattr(one, keyword, value)
    one["PixelData"].VR = "OW"  # 8 bits may be either; this one is the same in every transfer syntax
    return one


def study(count: int, **values: object) -> list[Dataset]:
    """Return the pictures of one series."""
    uid, series = generate_uid(), generate_uid()
    return [ultrasound(uid, series, InstanceNumber=n + 1, **values) for n in range(count)]


def many(count: int, folder: Path) -> list[Path]:
    """Write the files of one series that differ in nothing but their UIDs; much quicker than `study`."""
    folder.mkdir(parents=True, exist_ok=True)
    first = generate_uid()
    stem, width = first[:-6], 6
    one = ultrasound(side=64, SOPInstanceUID=first)
    one.file_meta.MediaStorageSOPInstanceUID = first
    (sample,) = saved([one], folder)
    content = sample.read_bytes()
    sample.unlink()
    paths = [folder / f"{number}.dcm" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(content.replace(first.encode(), f"{stem}{number:0{width}}".encode()))
    return paths


def saved(objects: list[Dataset], folder: Path) -> list[Path]:
    """Write objects as files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{one.SOPInstanceUID}.dcm" for one in objects]
    for one, path in zip(objects, paths, strict=True):
        one.save_as(path, enforce_file_format=True)
    return paths
