"""Where a DICOM file's millimetres come from: ultrasound regions, pixel spacing or the detector's."""

from __future__ import annotations

from functools import lru_cache

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from breastview.language import mark
from breastview.readers.dicom.header import Header
from breastview.study.calibration import UNCALIBRATED, Calibration, Region, everywhere

_CENTIMETRES = 3
_MM_PER_CM = 10.0
_2D = (0, 1)
_KNOWN = ("geometry", "fiducial")
PROJECTIONS = frozenset({"MG", "CR", "DX", "RG", "RF", "XA", "IO", "PX"})
"""Modalities whose pictures are shadows on a detector, larger than what throws them."""


def calibrations(header: Header, rows: int, columns: int) -> tuple[Calibration, ...]:
    """Return one calibration for all frames, or one a frame where the file gives them a frame.

    Ultrasound regions (PS3.3 C.8.5.5) come first: they alone know that parts of a picture differ in scale.

    Parameters
    ----------
    header : Header
        The whole data set.
    rows, columns : int
        Size of a frame in px.
    """
    regions = _regions(header, rows, columns)
    if regions:
        return (Calibration(mark("US region"), regions),)
    per_frame = tuple(
        _measures(item, rows, columns) for item in header.items("PerFrameFunctionalGroupsSequence")
    )
    if any(c.regions for c in per_frame):
        return per_frame if len(set(per_frame)) > 1 else per_frame[:1]
    for item in header.items("SharedFunctionalGroupsSequence"):
        shared = _measures(item, rows, columns)
        if shared.regions:
            return (shared,)
    return (_plain(header, rows, columns),)


def _regions(header: Header, rows: int, columns: int) -> tuple[Region, ...]:
    raw = header.element("SequenceOfUltrasoundRegions")
    if isinstance(raw, RawDataElement) and isinstance(raw.value, bytes):
        return _regions_once(raw._replace(value_tell=0), rows, columns)
    return _regions_of(header, rows, columns)


@lru_cache(maxsize=256)
def _regions_once(raw: RawDataElement, rows: int, columns: int) -> tuple[Region, ...]:
    """Return the regions of a sequence as its bytes have it.

    Taking it apart costs a fourth of an index, and files of one depth of one scanner have the same bytes.
    """
    return _regions_of(Header(Dataset({raw.tag: raw})), rows, columns)


def _regions_of(header: Header, rows: int, columns: int) -> tuple[Region, ...]:
    found = (_region(item, rows, columns) for item in header.items("SequenceOfUltrasoundRegions"))
    return tuple(region for region in found if region is not None)


def _region(item: Header, rows: int, columns: int) -> Region | None:
    """Return a region measured in cm both ways, within the picture; None for Doppler traces and such."""
    units = item.integer("PhysicalUnitsXDirection"), item.integer("PhysicalUnitsYDirection")
    if units != (_CENTIMETRES, _CENTIMETRES) or item.integer("RegionSpatialFormat", 1) not in _2D:
        return None
    x0, y0 = max(item.integer("RegionLocationMinX0"), 0), max(item.integer("RegionLocationMinY0"), 0)
    x1 = min(item.integer("RegionLocationMaxX1", columns - 1), columns - 1)
    y1 = min(item.integer("RegionLocationMaxY1", rows - 1), rows - 1)
    # A negative delta only says which way the axis points.
    dx = abs(item.number("PhysicalDeltaX")) * _MM_PER_CM
    dy = abs(item.number("PhysicalDeltaY")) * _MM_PER_CM
    if x1 <= x0 or y1 <= y0 or not (_plausible(dx) and _plausible(dy)):
        return None
    return Region(x0, y0, x1, y1, dx, dy)


def _measures(group: Header, rows: int, columns: int) -> Calibration:
    for item in group.items("PixelMeasuresSequence"):
        return _spacing(item, "PixelSpacing", "PixelSpacing", rows, columns)
    return UNCALIBRATED


def _plain(header: Header, rows: int, columns: int) -> Calibration:
    """Return the calibration of a radiograph, a secondary capture or an ultrasound picture without regions.

    PS3.3 10.7.1.3 and C.8.7.1: on a radiograph `PixelSpacing` is the size in the patient if
    `PixelSpacingCalibrationType` says how that is known, or if it differs from `ImagerPixelSpacing`; else it
    is the detector's, and the magnification makes it the patient's. Without that the source says that the
    millimetres are the detector's: what lies above it is smaller.
    """
    projected = header.text("Modality") in PROJECTIONS
    spacing, detector = header.numbers("PixelSpacing"), header.numbers("ImagerPixelSpacing")
    kind = header.text("PixelSpacingCalibrationType").lower()
    if len(spacing) == 2 and (kind in _KNOWN or spacing != detector):
        source = f"PixelSpacing, {kind}" if kind in _KNOWN else "PixelSpacing"
        if projected and kind not in _KNOWN and not detector:
            source = mark("PixelSpacing, magnification unknown")
        found = _spacing(header, "PixelSpacing", source, rows, columns)
        if found.regions:
            return found
    found = _detector(header, rows, columns)
    if found.regions:
        return found
    return _spacing(header, "NominalScannedPixelSpacing", "NominalScannedPixelSpacing", rows, columns)


def _detector(header: Header, rows: int, columns: int) -> Calibration:
    """Return the calibration by the detector's spacing and the magnification."""
    magnification = header.number("EstimatedRadiographicMagnificationFactor")
    if magnification <= 0:
        source = mark("ImagerPixelSpacing, at the detector")
        return _spacing(header, "ImagerPixelSpacing", source, rows, columns)
    source = "ImagerPixelSpacing" if magnification == 1 else mark("ImagerPixelSpacing ÷ magnification")
    return _spacing(header, "ImagerPixelSpacing", source, rows, columns, magnification)


def _spacing(
    header: Header, keyword: str, source: str, rows: int, columns: int, magnification: float = 1.0
) -> Calibration:
    values = [value / magnification for value in header.numbers(keyword)]
    if len(values) != 2 or not all(map(_plausible, values)):
        return UNCALIBRATED
    return everywhere(source, rows, columns, row_mm=values[0], column_mm=values[1])


def _plausible(millimetres: float) -> bool:
    return 1e-5 < millimetres < 1e2
