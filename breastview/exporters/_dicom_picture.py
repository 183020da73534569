"""Secondary Capture pictures: of a file that is no DICOM, and of what the application drew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breastview.exporters._dicom_identity import Moment
from breastview.study.pixels import FramePixels

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

MANUFACTURER = "BreastView"
RESEARCH_ONLY = "Research use only, not for diagnosis"
"""`breastview.RESEARCH_USE` in the 64 characters that descriptions of series and objects may have."""
_TAKEN = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "StudyID",
    "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "Laterality", "LossyImageCompression",
    "BurnedInAnnotation",
)  # fmt: skip


def storable(pixels: FramePixels) -> tuple[NDArray[Any], str, str]:
    """Return pixels as a Secondary Capture can hold them.

    Returns
    -------
    values : ndarray
        ``(rows, columns)`` uint8 or uint16, or ``(rows, columns, 3)`` uint8.
    note : str
        ``", unchanged"`` or what was done to them.
    photometric : str
        Photometric Interpretation.
    """
    from breastview.imaging.window import to_display

    values = pixels.values
    if values.dtype in (np.uint8, np.uint16):
        return values, ", unchanged", pixels.photometric
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind == "i" and high - low <= np.iinfo(np.uint16).max:
        shifted = (values.astype(np.int64) - int(low)).astype(np.uint16)
        return shifted, f", shifted by {-int(low)}", pixels.photometric
    return to_display(pixels), ", reduced to 8 bits", "MONOCHROME2"


def secondary_capture(
    values: NDArray[Any], photometric: str, header: Dataset, derivation: str, at: Moment | None = None
) -> Dataset:
    """Return a Secondary Capture Image whose UIDs, patient and study are those of a header.

    Parameters
    ----------
    values, photometric
        See `storable`.
    header : Dataset
        See `_dicom_source.Source.header`.
    derivation : str
        Where the pixels come from, for Derivation Description.
    at : Moment, optional
        When they came about; None: it is not known, and no date is given.
    """
    import highdicom

    made = highdicom.sc.SCImage(
        np.ascontiguousarray(values), photometric, values.dtype.itemsize * 8,
        coordinate_system="PATIENT", patient_orientation=("L", "F"),
        study_instance_uid=header.StudyInstanceUID, series_instance_uid=header.SeriesInstanceUID,
        series_number=1, sop_instance_uid=header.SOPInstanceUID, instance_number=1,
        manufacturer=MANUFACTURER, transfer_syntax_uid="1.2.840.10008.1.2.1",
        specific_character_set="ISO_IR 192",
    )  # fmt: skip
    # Which way the picture lies in the patient is not known; highdicom asks for a direction all the same.
    made.PatientOrientation = header.get("PatientOrientation") or []
    for keyword in _TAKEN:
        if keyword in header:
            made[keyword] = header[keyword]
    made.ConversionType = "WSD" if at is not None else "DI"
    made.DerivationDescription = derivation
    for keyword in ("InstanceCreationDate", "InstanceCreationTime", "ContributingEquipmentSequence"):
        made.pop(keyword, None)
    if at is None:
        for keyword in ("DateOfSecondaryCapture", "TimeOfSecondaryCapture", "ContentDate", "ContentTime"):
            made.pop(keyword, None)
    return made
