"""The key image as a Secondary Capture: the panes as they are printed, captions and sizes burned in."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import numpy as np

from breastview.exporters._dicom_identity import PLACEHOLDER
from breastview.exporters._dicom_object import RESEARCH_ONLY, finished, series, when
from breastview.exporters._dicom_picture import secondary_capture
from breastview.exporters._dicom_source import Source
from breastview.exporters._protocol import ExportOptions
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def captures(reading: Reading, source: Source, options: ExportOptions) -> list[Dataset]:
    """Return the key image of a reading: original, mask and Grad-CAM side by side.

    Nothing in it has one scale, so it gives no spacing; its scale bars are drawn.
    """
    from pydicom.dataset import Dataset

    from breastview.exporters._key_image import compose

    place = series("sc", source)
    header = deepcopy(source.header)
    header.SeriesInstanceUID, header.SOPInstanceUID = place["series_instance_uid"], PLACEHOLDER
    header.pop("PatientOrientation", None)
    at = when(reading, source)
    made = secondary_capture(
        np.asarray(compose(reading, options).convert("RGB")), "RGB", header,
        f"Key image of BreastView: original, mask and Grad-CAM. {RESEARCH_ONLY}", at,
    )  # fmt: skip
    made.SeriesNumber, made.SeriesDescription = place["series_number"], place["series_description"]
    origin = Dataset()
    origin.ReferencedSOPClassUID, origin.ReferencedSOPInstanceUID = (
        source.sop_class,
        source.header.SOPInstanceUID,
    )
    made.SourceImageSequence = [origin]
    made.ContentDate, made.ContentTime = at.date, at.time
    return [finished(made, source, at)]
