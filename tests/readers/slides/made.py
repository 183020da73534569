"""Made-up slides: glass with a violet and a pink piece of tissue, in tiles, at several magnifications."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, VLWholeSlideMicroscopyImageStorage, generate_uid

GLASS, PINK, VIOLET = (243, 242, 244), (214, 150, 190), (110, 60, 140)
UM = 0.5
ROWS, COLUMNS, TILE = 200, 300, 64
"""Of a slide in DICOM."""


def field(rows: int, columns: int) -> np.ndarray:
    """Return the finest magnification, (rows, columns, 3) uint8."""
    picture = np.full((rows, columns, 3), GLASS, np.uint8)
    picture[rows // 4 : -rows // 4, columns // 8 : -columns // 8] = PINK
    picture[rows // 3 : -rows // 3, columns // 2 : -columns // 4] = VIOLET
    return picture


def slide(
    path: Path, rows: int = 1536, columns: int = 2304, reductions: tuple[int, ...] = (1, 4, 16), **more: Any
) -> Path:
    """Write a pyramid of tiles, with the size of its pixels as a resolution."""
    import tifffile

    finest = field(rows, columns)
    options: dict[str, Any] = {"tile": (256, 256), "photometric": "rgb", "metadata": None} | more
    unit = {} if options.pop("unscaled", False) else {"resolutionunit": "CENTIMETER"}
    with tifffile.TiffWriter(path) as file:
        for number, reduction in enumerate(reductions):
            size = (columns // reduction, rows // reduction)
            level = cv2.resize(finest, size, interpolation=cv2.INTER_AREA)
            density = {"resolution": (1e4 / (UM * reduction),) * 2} if unit else {}
            kind = {"subifds": len(reductions) - 1} if not number else {"subfiletype": 1}
            file.write(level, **options, **kind, **density, **unit)
    return path


def dicom(path: Path, sparse: bool = False, kind: str = "VOLUME") -> Path:
    """Write a made-up DICOM slide; the tiles of a sparse one lie in an order of their own."""
    whole = np.full((256, 320, 3), 255, np.uint8)
    whole[:ROWS, :COLUMNS] = field(ROWS, COLUMNS)
    places = [(top, left) for top in range(0, ROWS, TILE) for left in range(0, COLUMNS, TILE)]
    if sparse:
        places = places[::-1]
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = VLWholeSlideMicroscopyImageStorage
    meta.MediaStorageSOPInstanceUID = generate_uid()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset = FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID, dataset.SOPInstanceUID = (
        meta.MediaStorageSOPClassUID,
        meta.MediaStorageSOPInstanceUID,
    )
    dataset.Modality, dataset.ImageType = "SM", ["ORIGINAL", "PRIMARY", kind, "NONE"]
    dataset.PatientName, dataset.PatientID = "Doe^Jane", "4711"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.TotalPixelMatrixRows, dataset.TotalPixelMatrixColumns = ROWS, COLUMNS
    dataset.Rows = dataset.Columns = TILE
    dataset.NumberOfFrames = len(places)
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.DimensionOrganizationType = "TILED_SPARSE" if sparse else "TILED_FULL"
    measures, shared = Dataset(), Dataset()
    measures.PixelSpacing = [0.002, 0.002]
    shared.PixelMeasuresSequence = [measures]
    dataset.SharedFunctionalGroupsSequence = [shared]
    if sparse:
        dataset.PerFrameFunctionalGroupsSequence = [_placed(*place) for place in places]
    dataset.PixelData = b"".join(whole[y : y + TILE, x : x + TILE].tobytes() for y, x in places)
    dataset.save_as(path, enforce_file_format=True)
    return path


def _placed(top: int, left: int) -> Dataset:
    position, group = Dataset(), Dataset()
    position.RowPositionInTotalImagePixelMatrix = top + 1
    position.ColumnPositionInTotalImagePixelMatrix = left + 1
    group.PlanePositionSlideSequence = [position]
    return group
