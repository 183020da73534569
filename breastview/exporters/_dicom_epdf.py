"""The report as an Encapsulated PDF: the pages of the PDF output in an envelope of patient and study."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from breastview import registry
from breastview.exporters import _dicom_codes as codes
from breastview.exporters._dicom_identity import uid, zone
from breastview.exporters._dicom_ko import latest_of
from breastview.exporters._dicom_object import RESEARCH_ONLY, finished, series
from breastview.exporters._dicom_source import Source
from breastview.exporters._protocol import ExportOptions
from breastview.study.reading import Reading, ReadState
from breastview.task import SilentTask

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SOP_CLASS = "1.2.840.10008.5.1.4.1.1.104.1"
_STAMPS = re.compile(rb"(?<=/CreationDate \(D:)\d{14}|(?<=/ModDate \(D:)\d{14}")
_XMP_STAMPS = re.compile(rb"(?<=xmp:CreateDate=\")[-\d]{10}T[:\d]{8}|(?<=xmp:ModifyDate=\")[-\d]{10}T[:\d]{8}"
                         rb"|(?<=xmp:MetadataDate=\")[-\d]{10}T[:\d]{8}")  # fmt: skip
_IDENTITY = re.compile(rb"xmpMM:DocumentID=\"uuid:([-0-9a-f]{36})\"")


def document(readings: Sequence[tuple[Reading, Source]], options: ExportOptions) -> Dataset:
    """Return the report of all readings of one study.

    Parameters
    ----------
    readings : sequence of (Reading, Source)
        All of one study, at least one.
    options : ExportOptions
        As for the PDF.
    """
    import highdicom
    from pydicom.dataset import Dataset

    at = latest_of(readings)
    source = readings[0][1]
    header = source.header
    offset = zone(str(header.get("TimezoneOffsetFromUTC", "") or ""))
    clock = at.time[:6].ljust(6, "0")  # a file may give the hour alone
    made_at = datetime.strptime(at.date + clock, "%Y%m%d%H%M%S").replace(tzinfo=offset)
    pages = report([reading for reading, _ in readings], options, made_at.astimezone(UTC))
    made: Any = highdicom.base.SOPClass(
        study_instance_uid=header.StudyInstanceUID, **series("epdf", source), sop_class_uid=SOP_CLASS,
        modality="DOC", transfer_syntax_uid="1.2.840.10008.1.2.1", patient_id=header.PatientID,
        patient_name=header.PatientName, patient_birth_date=header.PatientBirthDate or None,
        patient_sex=header.PatientSex, accession_number=header.AccessionNumber, study_id=header.StudyID,
        study_date=header.StudyDate or None, study_time=header.StudyTime or None,
        referring_physician_name=header.ReferringPhysicianName,
    )  # fmt: skip
    for keyword in ("PatientBirthDate", "StudyDate", "StudyTime"):
        made[keyword] = header[keyword]
    made.ContentDate, made.ContentTime, made.AcquisitionDateTime = at.date, at.time, ""
    made.ConversionType = "WSD"
    # The report names the patient.
    made.BurnedInAnnotation = "YES"
    made.DocumentTitle = f"Breast imaging report. {RESEARCH_ONLY}"
    title = Dataset()
    title.CodeValue, title.CodingSchemeDesignator, title.CodeMeaning = codes.REPORT_TITLE
    made.ConceptNameCodeSequence = [title]
    final = all(
        reading.assessment.state is ReadState.FINAL and reading.assessment.reader for reading, _ in readings
    )
    made.VerificationFlag = "VERIFIED" if final else "UNVERIFIED"
    pictures = {str(source.header.SOPInstanceUID): source for _, source in readings}
    made.SourceInstanceSequence = [_origin(one) for one in pictures.values()]
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = pages + b"\0" * (len(pages) % 2)
    made.EncapsulatedDocumentLength = len(pages)
    return finished(made, source, at, pointed=True)


def _origin(source: Source) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = source.sop_class, source.header.SOPInstanceUID
    return item


def report(readings: Sequence[Reading], options: ExportOptions, made_at: datetime) -> bytes:
    """Return the PDF of some readings, made at a given time (UTC), always byte for byte the same."""
    # Outputs know nothing of one another: this one asks for the PDF by name, as the window does.
    writer = registry.load("breastview.exporters", "pdf").EXPORTER
    with tempfile.TemporaryDirectory(prefix="breastview-") as folder:
        path = Path(folder) / "report.pdf"
        writer.export(list(readings), path, SilentTask(), replace(options, made_at=made_at))
        return _pinned(path.read_bytes(), made_at)


def _pinned(pdf: bytes, made_at: datetime) -> bytes:
    """Return a PDF with its time of making and its random number replaced; no byte moves."""
    found = _IDENTITY.search(pdf)
    pdf = _STAMPS.sub(f"{made_at:%Y%m%d%H%M%S}".encode(), pdf)
    pdf = _XMP_STAMPS.sub(f"{made_at:%Y-%m-%dT%H:%M:%S}".encode(), pdf)
    if found is None:
        return pdf
    number = uid("report", pdf.replace(found[1], b"").replace(found[1].hex().encode(), b"").hex())[-32:]
    fixed = "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:32])).encode()
    return pdf.replace(found[1], fixed).replace(found[1].hex().encode(), fixed.hex().encode())
