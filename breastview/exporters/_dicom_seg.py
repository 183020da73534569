"""Segmentations: the mask that the reading stands for, lesion by lesion, and the AI's probability map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breastview.exporters import _dicom_codes as codes_of
from breastview.exporters._dicom_identity import uid
from breastview.exporters._dicom_object import EQUIPMENT, RESEARCH_ONLY, finished, series, when
from breastview.exporters._dicom_observers import reader_name
from breastview.exporters._dicom_source import Source
from breastview.exporters._outlined import SAID, part
from breastview.exporters._rows import answered
from breastview.imaging.lesions import labelled
from breastview.study.analysis import Analysis, BundleStamp, numbered
from breastview.study.kind import Kind
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

ALGORITHM_TYPES = {
    MaskSource.AI: "AUTOMATIC", MaskSource.EDITED: "SEMIAUTOMATIC", MaskSource.READER: "MANUAL",
}  # fmt: skip
"""Segment Algorithm Type by who drew a lesion."""
_BY = {MaskSource.AI: "by AI", MaskSource.EDITED: "AI, edited", MaskSource.READER: "by reader"}
COLOURS = {
    MaskSource.AI: (0, 229, 255), MaskSource.EDITED: (255, 193, 7), MaskSource.READER: (155, 234, 91),
}  # fmt: skip
"""Red, green, blue of the outlines, by who drew them."""
UNKNOWN = BundleStamp("unknown", "unknown", "unknown")
"""Stands for the model of an edited mask whose analysis is not in the record."""


def segmentations(reading: Reading, source: Source, mask: Dataset | None) -> list[Dataset]:
    """Return the Segmentation of the mask that counts and that of the AI's probabilities, as far as they are.

    Parameters
    ----------
    reading : Reading
    source : Source
    mask : Dataset or None
        What `binary` made of the reading; None where neither the AI nor the reader outlined anything.
    """
    found = [] if mask is None else [mask]
    analysis = answered(reading)
    if analysis is not None and analysis.draws_mask and analysis.mask_probability.size:
        found.append(_probability(reading, analysis, source))
    return found


def tracking(source: Source, lesion: int) -> str:
    """Return the Tracking UID of a lesion: the same in Segmentation and report, whatever is edited."""
    return uid("lesion", source.header.SOPInstanceUID, source.frame or 1, lesion)


def binary(reading: Reading, source: Source) -> Dataset:
    """Return the mask that counts, one segment a lesion, numbered as the reader sees them.

    A mask that holds no lesion has one empty segment, because somebody looked and found nothing.
    """
    labels = _labels(reading)
    lesions = numbered(reading.findings) if labels.any() else ()
    drawn_by = {number: MaskSource(finding.source) for number, finding in lesions}
    numbers = lesion_numbers(reading) or [0]
    described = [
        _segment(place, number, drawn_by.get(number, reading.mask_source), reading, source)
        for place, number in enumerate(numbers, 1)
    ]
    planes = np.stack([(labels == n) & (n > 0) for n in numbers], axis=-1)[None].astype(np.uint8)
    word = part(reading.kind)
    found = f"{word}s" if labels.any() else f"No {word.lower()}"
    text = f"{found}, {_BY[reading.mask_source]}. {RESEARCH_ONLY}"
    made = _made("seg", planes, "BINARY", described, source, text, f"{word}s".upper())
    if reading.mask_source is not MaskSource.AI:
        made.ContentCreatorName = reader_name(reading)
    at = when(reading, source)
    if reading.mask_source is MaskSource.AI and reading.analysis is not None:
        bare = Reading(reading.instance, reading.frame, reading.pixels, reading.analysis)
        at = when(bare, source)
    return finished(made, source, at)


def lesion_numbers(reading: Reading) -> list[int]:
    """Return the numbers of the lesions in the order of the segments."""
    return [int(number) for number in np.unique(_labels(reading)) if number]


def _labels(reading: Reading) -> NDArray[np.uint8]:
    """Return lesion numbers by pixel; the AI's mask is numbered as its findings are, the largest first."""
    if reading.segmentation is not None:
        return reading.segmentation.labels
    mask = reading.mask
    assert mask is not None  # as `outlined` says
    return labelled(mask)


def _probability(reading: Reading, analysis: Analysis, source: Source) -> Dataset:
    """Return the AI's probability of a lesion at each pixel, in 255 steps."""
    import cv2

    rows, columns = analysis.mask.shape
    # Edge to edge, as the map was cut out of the network's square.
    values = cv2.resize(analysis.mask_probability, (columns, rows), interpolation=cv2.INTER_LINEAR)
    described = _segment(1, 0, MaskSource.AI, reading, source, f"{part(reading.kind)}, AI's probability")
    text = f"AI's probability map. {RESEARCH_ONLY}"
    planes = (values.astype(np.float32) / 255.0)[None, ..., None]
    made = _made("probability", planes, "FRACTIONAL", [described], source, text, "PROBABILITY")
    bare = Reading(reading.instance, reading.frame, reading.pixels, analysis)
    return finished(made, source, when(bare, source))


def _made(
    kind: str, planes: NDArray[Any], form: str, described: list[Any], source: Source, text: str, label: str
) -> Dataset:
    import highdicom

    made = highdicom.seg.Segmentation(
        [source.header], planes, form, described, **series(kind, source), **EQUIPMENT,
        content_label=label, content_description=text,
        omit_empty_frames=False, max_fractional_value=255,
    )  # fmt: skip
    # Which way the rows lead in the patient is known only where the picture says so (type 2C).
    made.PatientOrientation = source.header.get("PatientOrientation") or []
    return made


def _segment(
    place: int, number: int, drawn_by: MaskSource, reading: Reading, source: Source, label: str = ""
) -> Any:
    import highdicom
    from pydicom.sr.codedict import codes

    analysis, word = reading.analysis, part(reading.kind)
    stamp = analysis.bundle if analysis is not None else UNKNOWN
    sought = codes_of.code(*codes_of.SOUGHT.get(reading.kind, codes_of.LESION))
    algorithm = None if drawn_by is MaskSource.READER else highdicom.AlgorithmIdentificationSequence(
        name=stamp.name[:64], version=stamp.version[:64], family=codes.cid7162.ArtificialIntelligence,
        source="BreastView", parameters={"bundle": str(stamp), "hash": stamp.hash},
    )  # fmt: skip
    made = highdicom.seg.SegmentDescription(
        place, label or (f"{word} {number}" if number else f"No {word.lower()}"),
        codes.SCT.MorphologicallyAbnormalStructure, sought, ALGORITHM_TYPES[drawn_by], algorithm,
        tracking_uid=tracking(source, number or 1), tracking_id=f"{word} {number or 1}",
        anatomic_regions=[codes.SCT.Breast],
        display_color=highdicom.color.CIELabColor.from_rgb(*COLOURS[drawn_by]),
    )  # fmt: skip
    where = "Area of breast tissue" if reading.kind is Kind.HISTOLOGY else "Lesion in the breast"
    experimental = analysis is not None and analysis.experimental and drawn_by is not MaskSource.READER
    standing = "Experimental model. " if experimental else ""
    made.SegmentDescription = f"{where}, {SAID[drawn_by]}. {standing}{RESEARCH_ONLY}"
    return made
