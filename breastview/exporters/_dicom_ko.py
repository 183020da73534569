"""Key objects: a list of the pictures of a study that were chosen, with who chose them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from breastview.exporters import _dicom_observers as observers
from breastview.exporters._dicom_identity import Moment
from breastview.exporters._dicom_object import RESEARCH_ONLY, finished, point_at, series, when
from breastview.exporters._dicom_source import Source
from breastview.study.reading import Reading

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def selection(readings: Sequence[tuple[Reading, Source]]) -> Dataset:
    """Return the key objects of one study: every picture of the readings, of a cine its frames.

    Parameters
    ----------
    readings : sequence of (Reading, Source)
        All of one study, at least one.
    """
    import highdicom
    from pydicom.sr.codedict import codes

    pictures = {str(source.header.SOPInstanceUID): source for _, source in readings}
    named = next((pair for pair in readings if pair[0].assessment.reader), readings[0])
    content = highdicom.ko.KeyObjectSelection(
        codes.DCM.OfInterest, [source.header for source in pictures.values()],
        observer_person_context=observers.person(*named), observer_device_context=observers.device(),
        description=f"Images chosen in BreastView. {RESEARCH_ONLY}.",
    )  # fmt: skip
    first = readings[0][1]
    made = highdicom.ko.KeyObjectSelectionDocument(
        [source.header for source in pictures.values()], content, **series("ko", first)
    )
    for uid, source in pictures.items():
        frames = sorted({s.frame for _, s in readings if s.frame and s.header.SOPInstanceUID == uid})
        point_at(made, source, frames)
    return finished(made, first, latest_of(readings), pointed=True)


def latest_of(readings: Sequence[tuple[Reading, Source]]) -> Moment:
    """Return when the last of several records changed."""
    return max((when(*pair) for pair in readings), key=lambda at: (at.date, at.time))
