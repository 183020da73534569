"""DICOM Segmentation: the mask that counts, lesion by lesion, and the AI's probability map."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomFiles
from breastview.language import mark


class SegExporter(DicomFiles):
    """See `_dicom_seg.segmentations`."""

    name = "seg"
    title = mark("Segmentation (DICOM SEG)")


EXPORTER = SegExporter()
