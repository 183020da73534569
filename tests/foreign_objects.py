"""Objects of other systems about a phantom: segmentation, presentation state, report, document.

Every function writes one file and returns its path; `picture` is the DICOM file that it speaks of.
"""

from __future__ import annotations

from collections.abc import Sequence as Several
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

_STORAGE = "1.2.840.10008.5.1.4.1.1."
SEG, GSPS, SR, PDF = (_STORAGE + ending for ending in ("66.4", "11.1", "88.33", "104.1"))
PDF_BYTES = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def _object(picture: Path, sop_class: str, modality: str) -> tuple[FileDataset, Dataset]:
    """Return an empty object of a picture's study, and the picture's header."""
    source = pydicom.dcmread(picture, stop_before_pixels=True)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = UID(sop_class), generate_uid()
    found = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    found.SOPClassUID, found.SOPInstanceUID = sop_class, meta.MediaStorageSOPInstanceUID
    for keyword in ("PatientName", "PatientID", "StudyInstanceUID", "StudyDate"):
        setattr(found, keyword, source.get(keyword, ""))
    found.SeriesInstanceUID, found.Modality = generate_uid(), modality
    found.Manufacturer, found.ManufacturerModelName = "Other Maker", "CAD 3000"
    found.SeriesDescription, found.ContentDate = "Second reader", "20260203"
    return found, source


def item(**elements: object) -> Dataset:
    """Return a data set of some elements."""
    found = Dataset()
    for keyword, value in elements.items():
        setattr(found, keyword, value)
    return found


def reference(source: Dataset, frame: int | None = None) -> Dataset:
    """Return a reference to a picture, or to one of its frames (from 0)."""
    found = item(ReferencedSOPClassUID=source.SOPClassUID, ReferencedSOPInstanceUID=source.SOPInstanceUID)
    if frame is not None:
        found.ReferencedFrameNumber = frame + 1
    return found


def code(value: str, meaning: str, scheme: str = "DCM") -> Sequence:
    """Return a code sequence."""
    return Sequence([item(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)])


def segmentation(
    path: Path,
    picture: Path,
    masks: Several[NDArray[np.generic]],
    *,
    frames: Several[int | None] = (),
    fractional: bool = False,
) -> Path:
    """Write a segmentation with a segment a mask, bool or (fractional) uint8 of 255."""
    found, source = _object(picture, SEG, "SEG")
    rows, columns = masks[0].shape
    found.Rows, found.Columns, found.NumberOfFrames, found.SamplesPerPixel = rows, columns, len(masks), 1
    found.PhotometricInterpretation, found.PixelRepresentation = "MONOCHROME2", 0
    found.SegmentationType = "FRACTIONAL" if fractional else "BINARY"
    if fractional:
        found.MaximumFractionalValue, found.SegmentationFractionalType = 255, "PROBABILITY"
    bits = 8 if fractional else 1
    found.BitsAllocated = found.BitsStored = bits
    found.HighBit = bits - 1
    found.SegmentSequence = Sequence(
        [item(SegmentNumber=n, SegmentLabel=f"Mass {n}") for n in range(1, len(masks) + 1)]
    )
    groups = []
    for number in range(len(masks)):
        at = frames[number] if frames else None
        groups.append(item(
            DerivationImageSequence=Sequence([item(SourceImageSequence=Sequence([reference(source, at)]))]),
            SegmentIdentificationSequence=Sequence([item(ReferencedSegmentNumber=number + 1)]),
        ))  # fmt: skip
    found.PerFrameFunctionalGroupsSequence = Sequence(groups)
    whole = np.stack(masks)
    data = whole.astype(np.uint8).tobytes() if fractional else np.packbits(
        whole.astype(bool).ravel(), bitorder="little").tobytes()  # fmt: skip
    found.add_new("PixelData", "OB", data + b"\0" * (len(data) % 2))
    return _saved(found, path)


def presentation(path: Path, picture: Path, *, shutter: bool = True) -> Path:
    """Write a presentation state: a polyline, a circle, words in display units, a window and a shutter."""
    found, source = _object(picture, GSPS, "PR")
    series = item(SeriesInstanceUID=source.SeriesInstanceUID)
    series.ReferencedImageSequence = Sequence([reference(source)])
    found.ReferencedSeriesSequence = Sequence([series])
    found.ContentLabel = "MARKS"
    line = item(
        GraphicAnnotationUnits="PIXEL", GraphicDimensions=2, NumberOfGraphicPoints=2,
        GraphicData=[10.5, 8.5, 20.5, 18.5], GraphicType="POLYLINE", GraphicFilled="N",
    )  # fmt: skip
    circle = item(
        GraphicAnnotationUnits="PIXEL", GraphicDimensions=2, NumberOfGraphicPoints=2,
        GraphicData=[30.5, 20.5, 36.5, 20.5], GraphicType="CIRCLE", GraphicFilled="N",
    )  # fmt: skip
    words = item(
        BoundingBoxAnnotationUnits="DISPLAY", UnformattedTextValue="look here",
        BoundingBoxTopLeftHandCorner=[0.5, 0.25], BoundingBoxBottomRightHandCorner=[0.75, 0.35],
    )  # fmt: skip
    found.GraphicAnnotationSequence = Sequence([item(
        GraphicLayer="ONE", GraphicObjectSequence=Sequence([line, circle]),
        TextObjectSequence=Sequence([words]),
    )])  # fmt: skip
    found.SoftcopyVOILUTSequence = Sequence([item(WindowCenter=100, WindowWidth=50)])
    if shutter:
        found.ShutterShape = "RECTANGULAR"
    return _saved(found, path)


def report(path: Path, picture: Path, *, frame: int | None = None) -> Path:
    """Write a measurement report: one lesion with a long axis of 12.5 mm, drawn, and a comment."""
    found, source = _object(picture, SR, "SR")
    image = item(
        ValueType="IMAGE", RelationshipType="SELECTED FROM",
        ReferencedSOPSequence=Sequence([reference(source, frame)]),
    )  # fmt: skip
    scoord = item(
        ValueType="SCOORD", RelationshipType="INFERRED FROM", GraphicType="POLYLINE",
        GraphicData=[10.5, 12.5, 40.5, 12.5], ContentSequence=Sequence([image]),
        ConceptNameCodeSequence=code("121055", "Path"),
    )  # fmt: skip
    value = item(NumericValue="12.50", MeasurementUnitsCodeSequence=code("mm", "millimeter", "UCUM"))
    number = item(
        ValueType="NUM", RelationshipType="CONTAINS", MeasuredValueSequence=Sequence([value]),
        ConceptNameCodeSequence=code("103339001", "Long axis", "SCT"), ContentSequence=Sequence([scoord]),
    )  # fmt: skip
    tracking = item(
        ValueType="TEXT", RelationshipType="HAS OBS CONTEXT", TextValue="Lesion A",
        ConceptNameCodeSequence=code("112039", "Tracking Identifier"),
    )  # fmt: skip
    comment = item(
        ValueType="TEXT", RelationshipType="CONTAINS", TextValue="Округлое образование",
        ConceptNameCodeSequence=code("121106", "Comment"),
    )  # fmt: skip
    group = item(
        ValueType="CONTAINER", RelationshipType="CONTAINS",
        ConceptNameCodeSequence=code("125007", "Measurement Group"),
        ContentSequence=Sequence([tracking, number, comment]),
    )  # fmt: skip
    found.SpecificCharacterSet = "ISO_IR 192"
    found.ValueType, found.ContinuityOfContent = "CONTAINER", "SEPARATE"
    found.ConceptNameCodeSequence = code("126000", "Imaging Measurement Report")
    found.ContentSequence = Sequence([group])
    return _saved(found, path)


def document(path: Path, picture: Path) -> Path:
    """Write a PDF that belongs to the picture's study."""
    found, _ = _object(picture, PDF, "DOC")
    found.DocumentTitle, found.MIMETypeOfEncapsulatedDocument = "Letter", "application/pdf"
    found.EncapsulatedDocument = PDF_BYTES + b"\0" * (len(PDF_BYTES) % 2)
    found.EncapsulatedDocumentLength = len(PDF_BYTES)
    return _saved(found, path)


def _saved(found: FileDataset, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    found.save_as(path, enforce_file_format=True)
    return path
