"""DICOM structured report: measurements, findings, category and the AI's result (TID 1500)."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomFiles
from breastview.language import mark


class SrExporter(DicomFiles):
    """See `_dicom_sr.reports`."""

    name = "sr"
    title = mark("Measurement report (DICOM SR)")


EXPORTER = SrExporter()
