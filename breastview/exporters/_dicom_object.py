"""What every object made here has in common: series, equipment, patient and study, and its settling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from breastview import RESEARCH_USE, __version__
from breastview.exporters._dicom_identity import PLACEHOLDER, Moment, moment, settled, uid
from breastview.exporters._dicom_picture import MANUFACTURER, RESEARCH_ONLY
from breastview.exporters._dicom_source import Source
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SERIAL = "none"
_SERIES = {"seg": 7101, "probability": 7102, "sr": 7103, "sc": 7104, "gsps": 7105, "ko": 7106, "epdf": 7107}
_NAMES = {
    "seg": "Segmentation", "probability": "AI probability map", "sr": "Measurement report",
    "sc": "Key images", "gsps": "Annotations", "ko": "Key objects", "epdf": "Report (PDF)",
}  # fmt: skip
_STUDY = (
    "StudyDescription", "IssuerOfPatientID", "OtherPatientIDs", "PatientAge", "PatientSize", "PatientWeight",
    "EthnicGroup", "PatientComments", "PatientIdentityRemoved", "DeidentificationMethod",
    "DeidentificationMethodCodeSequence", "IssuerOfAccessionNumberSequence", "TimezoneOffsetFromUTC",
)  # fmt: skip


def when(reading: Reading, source: Source) -> Moment:
    """Return when the record of a reading last changed, see `_dicom_identity.moment`."""
    return moment(reading, *study_times(source))


def study_times(source: Source) -> tuple[str, str, str]:
    """Return date, time and time zone of the picture's study, each may be empty."""
    header = source.header
    date, time = str(header.StudyDate or ""), str(header.StudyTime or "")
    return date, time, str(header.get("TimezoneOffsetFromUTC", "") or "")


def series(kind: str, source: Source) -> dict[str, Any]:
    """Return the arguments that place an object in its series: one of each kind a series of pictures."""
    key = source.header.SeriesInstanceUID if kind not in ("ko", "epdf") else ""
    return {
        "series_instance_uid": uid("series", kind, source.study_uid, key), "series_number": _SERIES[kind],
        "sop_instance_uid": PLACEHOLDER, "instance_number": 1, "manufacturer": MANUFACTURER,
        "series_description": f"{_NAMES[kind]}. {RESEARCH_ONLY}", "specific_character_set": "ISO_IR 192",
    }  # fmt: skip


EQUIPMENT: dict[str, Any] = {
    "manufacturer_model_name": MANUFACTURER, "software_versions": __version__, "device_serial_number": SERIAL,
}  # fmt: skip
"""Arguments of the objects whose equipment has to be named in full."""


def finished(made: Dataset, source: Source, at: Moment, pointed: bool = False) -> Dataset:
    """Return an object with the whole of patient and study, true references, times and UIDs.

    Parameters
    ----------
    made : Dataset
        As highdicom made it from `Source.header`.
    source : Source
    at : Moment
    pointed : bool
        Whether its references are true already.
    """
    from pydicom.dataset import Dataset

    for keyword in _STUDY:
        if keyword in source.header:
            made[keyword] = source.header[keyword]
    for keyword, value in (("Manufacturer", MANUFACTURER), ("ManufacturerModelName", MANUFACTURER),
                           ("SoftwareVersions", __version__)):  # fmt: skip
        setattr(made, keyword, value)
    if "InstitutionName" in source.header and "InstitutionName" not in made:
        made.InstitutionName = source.header.InstitutionName
    if not pointed:
        point_at(made, source, [] if source.frame is None else [source.frame])
    _equipment_said(made, Dataset())
    made = settled(made, at)
    made.InstanceNumber = 1 + int(str(uid(made.SOPInstanceUID))[-9:]) % 999_999
    return made


def point_at(made: Dataset, source: Source, frames: list[int]) -> None:
    """Give every reference to the picture its class, and its frames where frames may be named."""
    for parent, item in _references(made, ""):
        if item.ReferencedSOPInstanceUID != source.header.SOPInstanceUID:
            continue
        item.ReferencedSOPClassUID = source.sop_class
        if frames and parent in _NAMING_FRAMES:
            item.ReferencedFrameNumber = frames[0] if len(frames) == 1 else frames


_NAMING_FRAMES = {"SourceImageSequence", "ReferencedImageSequence", "ContentSequence"}


def _references(dataset: Dataset, parent: str) -> Any:
    if "ReferencedSOPInstanceUID" in dataset:
        yield parent, dataset
    for element in dataset:
        if element.VR == "SQ":
            # An image in a report is referenced by a sequence of its own inside of the content item.
            inside = parent if element.keyword == "ReferencedSOPSequence" else element.keyword
            for item in element.value:
                yield from _references(item, inside)


def _equipment_said(made: Dataset, item: Dataset) -> None:
    """Replace the contributing equipment of highdicom by one that says what this is not meant for."""
    from pydicom.sr.codedict import codes

    code = item.__class__()
    code.CodeValue, code.CodingSchemeDesignator = "109102", "DCM"
    code.CodeMeaning = codes.DCM.ProcessingEquipment.meaning
    item.Manufacturer = item.ManufacturerModelName = MANUFACTURER
    item.SoftwareVersions = __version__
    item.ContributionDescription = RESEARCH_USE
    item.PurposeOfReferenceCodeSequence = [code]
    made.ContributingEquipmentSequence = [item]
