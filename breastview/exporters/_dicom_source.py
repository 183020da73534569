"""The picture that DICOM objects speak of: its header, patient and study, or a DICOM picture made for it."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from breastview.exporters._dicom_identity import uid
from breastview.study.instance import Instance
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
"""SOP class of VL Whole Slide Microscopy."""
_CLASSES = {
    ("US", False): "1.2.840.10008.5.1.4.1.1.6.1", ("US", True): "1.2.840.10008.5.1.4.1.1.3.1",
    ("MG", False): "1.2.840.10008.5.1.4.1.1.1.2",
}  # fmt: skip
_PATIENT = (
    "PatientName", "PatientID", "IssuerOfPatientID", "PatientBirthDate", "PatientSex", "OtherPatientIDs",
    "PatientAge", "PatientSize", "PatientWeight", "EthnicGroup", "PatientComments", "PatientIdentityRemoved",
    "DeidentificationMethod", "StudyInstanceUID", "StudyDate", "StudyTime", "AccessionNumber", "StudyID",
    "StudyDescription", "ReferringPhysicianName", "InstitutionName", "TimezoneOffsetFromUTC",
)  # fmt: skip
_SEQUENCES = ("DeidentificationMethodCodeSequence", "IssuerOfAccessionNumberSequence")
_DATE, _UID = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"), re.compile(r"\d[\d.]{0,63}")
_TIME = re.compile(r"([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_FORMS = {
    "PatientBirthDate": _DATE, "StudyDate": _DATE, "StudyTime": _TIME, "PatientSex": re.compile("[MFO]"),
    "StudyInstanceUID": _UID, "PatientIdentityRemoved": re.compile("YES|NO"),
    "PatientAge": re.compile(r"\d{3}[DWMY]"), "TimezoneOffsetFromUTC": re.compile(r"[+-][01]\d[0-5]\d"),
    "PatientSize": _NUMBER, "PatientWeight": _NUMBER,
}  # fmt: skip
"""What a value must look like to be taken over; a damaged one would spoil the objects made here."""


@dataclass(frozen=True, eq=False)
class Source:
    """A picture as the objects refer to it.

    Attributes
    ----------
    header : Dataset
        Patient, study and references of the picture as a single frame, without pixels; text in Unicode.
    sop_class : str
        Its SOP Class UID.
    frame : int or None
        Number of the frame from 1 in a multi-frame picture, None in a single one.
    picture : Dataset or None
        The DICOM picture made where no frame of a file is what is shown: of a file that is no DICOM (the
        objects' study consists of it and of them), or of a whole slide as it is opened (in its study).
    """

    header: Dataset
    sop_class: str
    frame: int | None = None
    picture: Dataset | None = None

    @property
    def study_uid(self) -> str:
        """Study Instance UID."""
        return str(self.header.StudyInstanceUID)


def source(reading: Reading) -> Source:
    """Return the picture of a reading.

    The header is read again from the file, because the record holds only what is shown. Where the file is
    not there any more, the record's own patient and study stand in for it.
    """
    instance = reading.instance
    if instance.reader != "dicom":
        return _made(reading)
    stored = _stored(instance.path, instance.uid)
    header = _header(instance, stored)
    sop_class = instance.sop_class or _text(stored, "SOPClassUID")
    if sop_class == WHOLE_SLIDE:
        return _opened_slide(reading, header)
    many = instance.frames > 1
    sop_class = sop_class or _CLASSES.get((instance.modality, many), SECONDARY_CAPTURE)
    return Source(header, sop_class, reading.frame + 1 if many else None)


@lru_cache(maxsize=8)
def _stored(path: Path, uid_wanted: str) -> Dataset | None:
    """Return the header of the file, None where it is gone or another picture lies in its place by now."""
    from pydicom import dcmread

    try:
        with _opened(path) as file:
            found = dcmread(file, stop_before_pixels=True, force=True)
            return found if str(found.get("SOPInstanceUID", "")) == uid_wanted else None
    except Exception:  # pydicom raises nearly every kind for damaged bytes; the record knows the rest
        return None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file; the member of a ZIP has the path that it would have if the ZIP were a folder."""
    archive = next((parent for parent in path.parents if parent.is_file()), None)
    if archive is None:
        with path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(archive) as members, members.open(path.relative_to(archive).as_posix()) as file:
        yield file


def stored_elements(instance: Instance, keywords: Sequence[str]) -> list[DataElement]:
    """Return those elements of the picture's file that are there and sound."""
    stored = _stored(instance.path, instance.uid) if instance.reader == "dicom" else None
    found: list[DataElement] = []
    for keyword in keywords:
        with suppress(Exception):
            if stored is not None:
                found.append(stored[keyword])
    return found


def _header(instance: Instance, stored: Dataset | None) -> Dataset:
    found = _described(instance)
    for keyword in _PATIENT:
        text = _formed(keyword, _text(stored, keyword))
        if text:
            setattr(found, keyword, _value(keyword, text, stored))
    for keyword in _SEQUENCES:
        with suppress(Exception):
            if stored is not None and keyword in stored:
                setattr(found, keyword, stored[keyword].value)
    study, series = str(found.StudyInstanceUID), _formed("StudyInstanceUID", instance.series.uid)
    found.SOPInstanceUID = instance.uid or uid("instance without a UID", study, instance.label)
    found.SeriesInstanceUID = series or uid("series without a UID", found.SOPInstanceUID)
    for keyword in ("BurnedInAnnotation", "PatientOrientation"):
        if text := _text(stored, keyword):
            setattr(found, keyword, text.split("\\") if "\\" in text else text)
    return found


def _described(instance: Instance) -> Dataset:
    """Return a header from the record alone; every element that highdicom asks for is there."""
    from pydicom.dataset import Dataset

    found = Dataset()
    found.SpecificCharacterSet = "ISO_IR 192"
    # highdicom knows every module of this class; the references get the picture's own class at the end.
    found.SOPClassUID = SECONDARY_CAPTURE
    patient, study = instance.patient, instance.study
    found.PatientName = _name(patient.name)
    found.PatientID = patient.identifier
    found.PatientBirthDate = _formed("PatientBirthDate", patient.birth_date)
    found.PatientSex = _formed("PatientSex", patient.sex)
    found.StudyInstanceUID = _formed("StudyInstanceUID", study.uid) or uid("study", study.uid, instance.uid)
    found.StudyDate, found.StudyTime = _formed("StudyDate", study.date), _formed("StudyTime", study.time)
    found.AccessionNumber, found.StudyID = study.accession, ""
    found.ReferringPhysicianName = study.referring_physician
    if study.description:
        found.StudyDescription = study.description[:64]
    if study.institution:
        found.InstitutionName = study.institution[:64]
    found.Modality = instance.modality or "OT"
    found.Rows, found.Columns = instance.rows, instance.columns
    found.Laterality = instance.laterality if instance.laterality in ("L", "R") else ""
    if instance.lossy:
        found.LossyImageCompression = "01"
    return found


def _name(shown: str) -> str:
    """Return a name as DICOM writes it from one that is shown as "Family, Given (other script)"."""
    parts = [part.rstrip(")") for part in shown.split(" (")]
    return "=".join(part.replace(", ", "^", 1) for part in parts)


def _formed(keyword: str, text: str) -> str:
    """Return a value, "" where it is not what its element may hold."""
    form = _FORMS.get(keyword)
    if form is not None and not form.fullmatch(text):
        return ""
    if form is _DATE:
        try:
            datetime.strptime(text, "%Y%m%d")
        except ValueError:
            return ""
    return text


def _text(stored: Dataset | None, keyword: str) -> str:
    """Return an element as text in Unicode, several values parted by backslashes, "" where it is damaged."""
    if stored is None:
        return ""
    try:
        value = stored[keyword].value if keyword in stored else None
    except Exception:  # any kind of damage
        return ""
    if value is None:
        return ""
    name = hasattr(value, "ideographic")
    several = hasattr(value, "__iter__") and not isinstance(value, (str, bytes)) and not name
    return "\\".join(map(str, value)) if several else str(value).strip(" \0")


def _value(keyword: str, text: str, stored: Dataset | None) -> Any:
    from pydicom.valuerep import PersonName

    if stored is not None and stored[keyword].VR == "PN":
        # A name read from a file remembers its bytes; made anew it is encoded as Unicode.
        return PersonName(text)
    return text.split("\\") if keyword == "OtherPatientIDs" and "\\" in text else text


def _opened_slide(reading: Reading, header: Dataset) -> Source:
    """Return the DICOM picture that stands for a whole slide: the magnification that is shown and read.

    A slide's frames are tiles; outlines and sizes are those of the picture put together of them. It lies in
    the slide's study, in a series of its own, and names the slide as its source.
    """
    from pydicom.dataset import Dataset

    from breastview.exporters import _dicom_picture

    slide = Dataset()
    slide.ReferencedSOPClassUID, slide.ReferencedSOPInstanceUID = WHOLE_SLIDE, header.SOPInstanceUID
    shape = reading.instance.rows, reading.instance.columns
    header.SeriesInstanceUID = uid("opened slide's series", header.SeriesInstanceUID)
    header.SOPInstanceUID = uid("opened slide", header.SOPInstanceUID, *shape)
    values, _, photometric = _dicom_picture.storable(reading.pixels)
    made_of = reading.instance.series.description or "Whole slide, opened at one magnification"
    picture = _dicom_picture.secondary_capture(values, photometric, header, made_of)
    picture.SeriesDescription = f"Opened slide. {_dicom_picture.RESEARCH_ONLY}"
    picture.ImageType = ["DERIVED", "SECONDARY"]
    picture.SourceImageSequence = [slide]
    return Source(header, SECONDARY_CAPTURE, None, picture)


def _made(reading: Reading) -> Source:
    """Return the DICOM picture that stands for a PNG, JPEG, BMP or TIFF: a Secondary Capture of its pixels.

    Its UIDs come from the pixels alone, so that the same picture has the same ones under whatever name and
    in whatever folder it lies. Each is a study and a patient of its own: a folder tells nothing about whose
    pictures it holds.
    """
    from breastview.exporters import _dicom_picture

    values, note, photometric = _dicom_picture.storable(reading.pixels)
    shape = repr((values.shape, values.dtype.str, photometric)).encode()
    digest = hashlib.sha256(shape + np.ascontiguousarray(values).tobytes()).hexdigest()
    header = _described(reading.instance)
    header.StudyInstanceUID = uid("picture's study", digest)
    header.SeriesInstanceUID, header.SOPInstanceUID = uid("picture's series", digest), uid("picture", digest)
    header.PatientName, header.PatientID = "", f"PICTURE-{digest[:12].upper()}"
    header.pop("InstitutionName", None)
    header.StudyDescription = f"Picture without header. {_dicom_picture.RESEARCH_ONLY}"
    suffix = reading.instance.path.suffix.lstrip(".").upper() or "picture"
    made_of = f"Pixels of a file in {suffix} format{note}"
    picture = _dicom_picture.secondary_capture(values, photometric, header, made_of)
    picture.SeriesDescription = f"Picture. {_dicom_picture.RESEARCH_ONLY}"
    return Source(header, SECONDARY_CAPTURE, None, picture)
