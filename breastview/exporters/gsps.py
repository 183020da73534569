"""DICOM presentation state: window, outlines and measurements over the stored picture."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomFiles
from breastview.language import mark


class GspsExporter(DicomFiles):
    """See `_dicom_gsps.presentations`."""

    name = "gsps"
    title = mark("Presentation state (DICOM GSPS)")


EXPORTER = GspsExporter()
