"""DICOM key objects: the list of the chosen pictures of a study."""

from __future__ import annotations

from breastview.exporters._dicom_files import DicomStudyFiles
from breastview.language import mark


class KoExporter(DicomStudyFiles):
    """See `_dicom_ko.selection`."""

    name = "ko"
    title = mark("Key objects (DICOM KO)")


EXPORTER = KoExporter()
