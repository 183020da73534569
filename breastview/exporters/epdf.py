"""DICOM Encapsulated PDF: the report of a study."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomStudyFiles
from breastview.language import mark


class EpdfExporter(DicomStudyFiles):
    """See `_dicom_epdf.document`."""

    name = "epdf"
    title = mark("Report (DICOM PDF)")


EXPORTER = EpdfExporter()
