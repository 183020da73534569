"""DICOM Secondary Capture: the key image with its panes side by side."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomFiles
from breastview.language import mark


class ScExporter(DicomFiles):
    """See `_dicom_sc.captures`."""

    name = "sc"
    title = mark("Key image (DICOM SC)")


EXPORTER = ScExporter()
