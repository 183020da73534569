"""Where a DICOM file's millimetres come from: ultrasound regions, pixel spacing or the detector's."""

from __future__ import annotations

from breastview.readers.dicom.header import Header
from breastview.study.calibration import UNCALIBRATED, Calibration, Region, everywhere

_CENTIMETRES = 3
_MM_PER_CM = 10.0
_2D = (0, 1)


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
        return (Calibration("US region", regions),)
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
    """Return the calibration of a radiograph or a secondary capture.

    A `PixelSpacing` that repeats the detector's spacing has not been corrected for magnification (PS3.3
    10.7.1.3), so the detector's spacing and the magnification are taken instead.
    """
    magnification = header.number("EstimatedRadiographicMagnificationFactor")
    spacing, detector = header.numbers("PixelSpacing"), header.numbers("ImagerPixelSpacing")
    corrected = len(spacing) == 2 and spacing != detector
    if corrected or magnification <= 0 or magnification == 1:
        for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"):
            found = _spacing(header, keyword, keyword, rows, columns)
            if found.regions:
                return found
        return UNCALIBRATED
    return _spacing(
        header, "ImagerPixelSpacing", "ImagerPixelSpacing ÷ magnification", rows, columns, magnification
    )


def _spacing(
    header: Header, keyword: str, source: str, rows: int, columns: int, magnification: float = 1.0
) -> Calibration:
    values = [value / magnification for value in header.numbers(keyword)]
    if len(values) != 2 or not all(map(_plausible, values)):
        return UNCALIBRATED
    return everywhere(source, rows, columns, row_mm=values[0], column_mm=values[1])


def _plausible(millimetres: float) -> bool:
    return 1e-5 < millimetres < 1e2
