"""Write phantoms as PNG with their masks, and as DICOM ultrasound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmwrite
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

from field import Field

MARGIN_TOP, MARGIN_LEFT, MARGIN_BOTTOM, MARGIN_RIGHT = 24, 28, 24, 28
"""The screen around the tissue, in px: narrow, so that the picture is mostly tissue."""


def write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write a grey picture; OpenCV only answers False where others raise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), picture, [cv2.IMWRITE_PNG_COMPRESSION, 9]):
        raise OSError(f"could not write {path}")


@dataclass(frozen=True)
class Slide:
    """How a DICOM file is labelled and stored.

    Attributes
    ----------
    number : int
        Instance number, and the file's name.
    series, title, side : int, str, str
        Series number, its description, laterality.
    colour, squeeze : bool, str
        RGB instead of grey; ``""``, ``"rle"`` or ``"jpeg"``.
    """

    number: int
    series: int
    title: str
    side: str
    colour: bool = False
    squeeze: str = ""


def screen(tissue: NDArray[np.uint8], field: Field, colour: bool) -> NDArray[np.uint8]:
    """Return a machine's screen: tissue, grey bar left, depth ruler (5 and 10 mm) right; no text.

    Parameters
    ----------
    tissue : ndarray
        `(rows, columns)` uint8.
    field : Field
        Its field of view.
    colour : bool
        Return `(rows, columns, 3)` with a coloured focus mark.
    """
    rows, columns = tissue.shape
    page = np.zeros((rows + MARGIN_TOP + MARGIN_BOTTOM, columns + MARGIN_LEFT + MARGIN_RIGHT), np.uint8)
    page[MARGIN_TOP : MARGIN_TOP + rows, MARGIN_LEFT : MARGIN_LEFT + columns] = tissue
    page[MARGIN_TOP : MARGIN_TOP + 128, 8:18] = np.linspace(255, 0, 128).astype(np.uint8)[:, None]
    right = MARGIN_LEFT + columns + 6
    for half_centimetre in range(int(field.height / 5) + 1):
        row = MARGIN_TOP + round(half_centimetre * 5 / field.spacing)
        page[row : row + 1, right : right + (12 if half_centimetre % 2 == 0 else 6)] = 200
    if not colour:
        return page
    rgb = np.repeat(page[..., None], 3, axis=2)
    focus = MARGIN_TOP + round(17.0 / field.spacing)
    triangle = np.array([[right + 22, focus - 5], [right + 22, focus + 5], [right + 14, focus]], np.int32)
    return np.asarray(cv2.fillPoly(rgb, [triangle], (255, 200, 40)), np.uint8)


def _region(rows: int, columns: int, field: Field) -> Dataset:
    """Return the tissue's item of SequenceOfUltrasoundRegions (PS3.3 C.8.5.5): 2D, tissue, centimetres."""
    region = Dataset()
    region.RegionSpatialFormat = 1
    region.RegionDataType = 1
    region.RegionFlags = 2
    region.RegionLocationMinX0, region.RegionLocationMinY0 = MARGIN_LEFT, MARGIN_TOP
    region.RegionLocationMaxX1, region.RegionLocationMaxY1 = MARGIN_LEFT + columns - 1, MARGIN_TOP + rows - 1
    region.ReferencePixelX0, region.ReferencePixelY0 = columns // 2, 0
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX = region.PhysicalDeltaY = field.spacing / 10
    return region


def _identity(slide: Slide, multi: bool) -> Dataset:
    """Return patient, study and series: plainly nobody."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 192"
    ds.SOPClassUID = UltrasoundMultiFrameImageStorage if multi else UltrasoundImageStorage
    ds.SOPInstanceUID = generate_uid(entropy_srcs=["BreastView demo", "instance", str(slide.number)])
    ds.StudyInstanceUID = generate_uid(entropy_srcs=["BreastView demo", "study"])
    ds.SeriesInstanceUID = generate_uid(entropy_srcs=["BreastView demo", "series", str(slide.series)])
    ds.PatientName, ds.PatientID = "Phantom^Synthetic", "SYNTHETIC-1"
    ds.PatientBirthDate, ds.PatientSex = "", "O"
    ds.PatientComments = "Computed speckle phantom, shows nobody"
    ds.QualityControlSubject = "YES"
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = "20260101"
    ds.StudyTime = ds.SeriesTime = "120000"
    ds.ContentTime = f"1200{slide.number:02d}"
    ds.StudyID, ds.AccessionNumber, ds.ReferringPhysicianName = "1", "", ""
    ds.StudyDescription = "Synthetic breast ultrasound"
    ds.SeriesDescription, ds.SeriesNumber, ds.InstanceNumber = slide.title, slide.series, slide.number
    ds.Modality, ds.BodyPartExamined = "US", "BREAST"
    ds.Manufacturer, ds.ManufacturerModelName = "BreastView", "Speckle phantom"
    ds.ImageType = ["DERIVED", "PRIMARY", "BREAST", "0001"]
    ds.DerivationDescription = "Computed by packaging/demo of BreastView"
    ds.ImageLaterality = slide.side
    ds.BurnedInAnnotation = "NO"
    return ds


def _stored(ds: Dataset, frames: NDArray[np.uint8], squeeze: str) -> None:
    """Put the pixels in, as they are or as one JPEG a frame."""
    ds.NumberOfFrames = len(frames)
    if len(frames) == 1:
        del ds.NumberOfFrames
    if squeeze != "jpeg":
        raw = frames.tobytes()
        ds.PixelData = raw + b"\0" * (len(raw) % 2)
        return
    coded = [cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes() for frame in frames]
    ds.PixelData = encapsulate(coded)
    ds["PixelData"].VR = "OB"
    ds.LossyImageCompression, ds.LossyImageCompressionMethod = "01", "ISO_10918_1"
    ds.LossyImageCompressionRatio = round(frames.nbytes / sum(map(len, coded)), 1)


def write_dicom(path: Path, tissue: NDArray[np.uint8], field: Field, slide: Slide) -> None:
    """Write one ultrasound file.

    Parameters
    ----------
    path : Path
        Where.
    tissue : ndarray
        `(frames, rows, columns)` uint8.
    field : Field
        Field of view of the tissue.
    slide : Slide
        Labels and storage.
    """
    frames = np.stack([screen(one, field, slide.colour) for one in tissue])
    ds = _identity(slide, multi=len(frames) > 1)
    ds.Rows, ds.Columns = frames.shape[1:3]
    ds.SamplesPerPixel = 3 if slide.colour else 1
    ds.PhotometricInterpretation = "RGB" if slide.colour else "MONOCHROME2"
    if slide.colour:
        ds.PlanarConfiguration = 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.SequenceOfUltrasoundRegions = [_region(*tissue.shape[1:], field)]
    if len(frames) > 1:
        ds.FrameTime, ds.CineRate = "80.0", "12"
        ds.FrameIncrementPointer = 0x00181063
    _stored(ds, frames, slide.squeeze)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    meta.TransferSyntaxUID = JPEGBaseline8Bit if slide.squeeze == "jpeg" else ExplicitVRLittleEndian
    file = FileDataset(str(path), ds, file_meta=meta, preamble=b"\0" * 128)
    if slide.squeeze == "rle":
        file.compress(RLELossless, generate_instance_uid=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    dcmwrite(path, file, enforce_file_format=True)
