"""The groups of a measurement report: the AI's result, each lesion, each measurement, the assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from breastview.exporters import _dicom_codes as codes
from breastview.exporters import _dicom_seg
from breastview.exporters._dicom_identity import uid
from breastview.exporters._dicom_source import Source
from breastview.exporters._measured import Measured, measured
from breastview.exporters._outlined import SAID, heat_shares, outlined, part, sizes, tissue_shares
from breastview.exporters._rows import answered
from breastview.imaging import regions
from breastview.imaging.quantities import scale
from breastview.study.ai_words import EXPERIMENTAL
from breastview.study.analysis import Analysis, BundleStamp, Finding, numbered
from breastview.study.exam import RULE, ViewScore
from breastview.study.measurement import Quantity, Tool
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource

if TYPE_CHECKING:
    from pydicom.dataset import Dataset
    from pydicom.sr.coding import Code

HALF = 0.5
"""From centres of pixels at whole numbers to DICOM, where the corner of the first pixel is 0, 0."""


def groups(reading: Reading, source: Source, segmentation: Dataset | None) -> list[Any]:
    """Return the measurement groups of a reading (TID 1410, 1501).

    Parameters
    ----------
    reading : Reading
    source : Source
    segmentation : Dataset or None
        The Segmentation of the mask that counts, whose segments the lesions are.
    """
    found = [] if reading.analysis is None else [_ai(reading, reading.analysis, source)]
    if segmentation is not None:
        numbers = _dicom_seg.lesion_numbers(reading)
        lesions = numbered(reading.findings) if outlined(reading) else ()
        found += [
            _lesion(reading, number, finding, source, segmentation, numbers.index(number) + 1)
            for number, finding in lesions if number in numbers
        ]  # fmt: skip
    found += _examination(reading, source)
    found += [_measurement(reading, one, source) for one in measured(reading)]
    return [*found, _assessment(reading, source)]


def text(name: Code, value: str) -> Any:
    """Return a text that a container contains."""
    import highdicom

    sr = highdicom.sr
    return sr.TextContentItem(name, value, sr.RelationshipTypeValues.CONTAINS)


def _add(group: Any, *items: Any) -> Any:
    """Put items into the container of a group, which highdicom's templates have no place for."""
    for item in items:
        group[0].ContentSequence.append(item)
    return group


def _image(source: Source) -> Any:
    import highdicom

    return highdicom.sr.SourceImageForMeasurementGroup(
        source.header.SOPClassUID, source.header.SOPInstanceUID
    )


def _algorithm(stamp: BundleStamp) -> Any:
    import highdicom

    return highdicom.sr.AlgorithmIdentification(
        stamp.name, stamp.version, [f"bundle={stamp}", f"hash={stamp.hash}"], manufacturer="BreastView"
    )


def _tracked(source: Source, *name: object) -> Any:
    import highdicom

    place = source.header.SOPInstanceUID, source.frame or 1
    return highdicom.sr.TrackingIdentifier(uid("group", *place, *name), " ".join(map(str, name)))


def _ai(reading: Reading, analysis: Analysis, source: Source) -> Any:
    """Return what the AI said of the whole picture, or why the input gate let it say nothing."""
    import highdicom

    sr = highdicom.sr
    allowed = answered(reading) is not None and analysis.probabilities is not None
    probabilities = zip(analysis.classes, analysis.probabilities or (), strict=True) if allowed else ()
    evaluations = []
    if allowed and analysis.top is not None and not analysis.abstained:
        name = analysis.classes[analysis.top]
        value = codes.code(*codes.CLASSES[name]) if name in codes.CLASSES else codes.own(name, name)
        evaluations.append(sr.QualitativeEvaluation(codes.own("ai-class", "AI's most probable class"), value))
    group = sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracked(source, "AI result"), algorithm_id=_algorithm(analysis.bundle),
        finding_sites=[_site(reading)], source_images=[_image(source)], qualitative_evaluations=evaluations,
        measurements=[
            *(_share(codes.probability(name), p) for name, p in probabilities),
            *(_share(codes.own(key, name), share) for key, name, share in tissue_shares(reading)),
        ],
    )  # fmt: skip
    said = [text(codes.own("ai-experimental", "Standing of the model"), EXPERIMENTAL)]
    said = said if analysis.experimental else []
    said += [
        text(codes.own("ai-statement", "AI's calibrated statement"), analysis.sentence or "none"),
        text(codes.own("ai-commits", "Whether the AI commits itself"), _commits(analysis)),
    ]
    said += [
        text(codes.own("ai-flag", "What weakens the AI's reading"), f"{flag.code}: {flag.text}")
        for flag in reading.flags
    ]
    shares = heat_shares(reading)
    if shares:
        inside = ", ".join(f"{name} {share:.3f}" for name, share in shares.items())
        said.append(text(codes.own("grad-cam-inside", "Share of the Grad-CAM inside the mask"), inside))
    if shares or reading.area_share is not None:
        said.append(_drawn_by(reading.mask_source))
    if analysis.calibration_set:
        said.append(
            text(codes.own("calibration-set", "Data set of the calibration"), analysis.calibration_set)
        )
    if analysis.device:
        said.append(text(codes.own("computed-on", "Computed on"), analysis.device))
    return _add(group, *said)


def _share(name: Code, value: float) -> Any:
    import highdicom

    return highdicom.sr.Measurement(name, float(value), codes.code(*codes.UNITS[""]))


def _drawn_by(source: MaskSource) -> Any:
    return text(codes.own("drawn-by", "Who drew the outline"), SAID[source])


def _examination(reading: Reading, source: Source) -> list[Any]:
    """Return the views of the examination and each breast's highest, said to be the figure of one view."""
    import highdicom

    exam = reading.exam
    if exam is None:
        return []
    tops = {breast.laterality: top for breast in exam.breasts if (top := breast.highest) is not None}
    side = "B" if len(tops) == 2 else reading.instance.laterality
    group = highdicom.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracked(source, "Examination"), source_images=[_image(source)],
        finding_sites=[highdicom.sr.FindingSite(codes.code(*codes.BREAST), codes.code(*codes.SIDES[side]))],
        measurements=[
            _share(codes.own(f"highest-of-views-{side}", _HIGHEST[side]), top.suspicion or 0.0)
            for side, top in tops.items()
        ],
    )  # fmt: skip
    said = [text(codes.own("exam-rule", "What the highest of the views is"), RULE)]
    if exam.suspicious:
        name = codes.own("exam-class", "Class whose calibrated probability the figures are")
        said.append(text(name, exam.suspicious))
    said += [
        text(codes.own("exam-view", "View of the examination"), f"{one.name}: {_told(one)}")
        for one in exam.views
    ]
    if exam.missing:
        said.append(text(codes.own("exam-missing", "Views without a picture"), ", ".join(exam.missing)))
    if exam.experimental:
        said.append(text(codes.own("ai-experimental", "Standing of the model"), EXPERIMENTAL))
    return [_add(group, *said)]


_HIGHEST = {"R": "Highest of the views of the right breast", "L": "Highest of the views of the left breast"}


def _told(view: ViewScore) -> str:
    return view.told.value if view.suspicion is None else f"{view.suspicion:.3f} ({view.told.value})"


def _commits(analysis: Analysis) -> str:
    if analysis.refused:
        return "refused: the input gate allows no score"
    if analysis.probabilities is None:
        return "no class: the model outlines only"
    return "abstained: the model does not commit itself" if analysis.abstained else "committed"


def _lesion(
    reading: Reading, number: int, finding: Finding, source: Source, segmentation: Dataset, segment: int
) -> Any:
    """Return a lesion of the mask with its sizes; its segment is the region it was measured in."""
    import highdicom

    sr = highdicom.sr
    header = source.header
    region = sr.ReferencedSegmentationFrame(
        segmentation.SOPClassUID, segmentation.SOPInstanceUID, segment, segment,
        sr.SourceImageForSegmentation(header.SOPClassUID, header.SOPInstanceUID),
    )  # fmt: skip
    drawn_by = MaskSource(finding.source)
    stamp = reading.analysis.bundle if reading.analysis is not None else _dicom_seg.UNKNOWN
    group = sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking_identifier=sr.TrackingIdentifier(
            _dicom_seg.tracking(source, number), f"{part(reading.kind)} {number}"
        ),
        referenced_segment=region, finding_sites=[_site(reading)],
        finding_type=codes.code(*codes.SOUGHT.get(reading.kind, codes.LESION)),
        algorithm_id=None if drawn_by is MaskSource.READER else _algorithm(stamp),
        measurements=_sizes(finding, source),
    )  # fmt: skip
    return _add(
        group, _drawn_by(drawn_by),
        text(codes.code(*codes.CALIBRATION), finding.calibration_source or "uncalibrated: sizes in pixels"),
    )  # fmt: skip


def _sizes(finding: Finding, source: Source) -> list[Any]:
    """Return axes and area, in mm with the number of pixels beside.

    TID 1410 allows a region's numbers no lines of their own.
    """
    values = sizes(finding)
    if finding.long_mm is not None:
        values.append(("n", float(finding.area_px), "px2"))
    return [_number(name, value, unit, source) for name, value, unit in values]


def _number(
    name: str,
    value: float,
    unit: str,
    source: Source,
    line: NDArray[np.float64] | None = None,
    closed: bool = False,
) -> Any:
    """Return a measured number (TID 300), with the line that it was measured along."""
    import highdicom

    sr = highdicom.sr
    coordinates = None
    if line is not None and len(line):
        points = np.concatenate((line, line[:1])) if closed else line
        coordinates = [sr.CoordinatesForMeasurement(
            "POLYLINE", points + HALF,
            sr.SourceImageForRegion(source.header.SOPClassUID, source.header.SOPInstanceUID),
        )]  # fmt: skip
    derived = codes.GREYS.get(name)
    concept = codes.own("grey-level", "Grey level") if derived else codes.code(*codes.QUANTITIES[name])
    return sr.Measurement(
        concept, value, codes.code(*codes.UNITS[unit]), referenced_coordinates=coordinates,
        derivation=codes.code(*derived) if derived else None,
    )  # fmt: skip


def _measurement(reading: Reading, one: Measured, source: Source) -> Any:
    """Return a measurement of the reader with its line; a note is a line with words."""
    import highdicom

    drawn = one.measurement
    strokes = regions.strokes(drawn)
    if drawn.tool is Tool.AXES:  # the long one first, which is a matter of mm where px are not square
        spacing = scale(regions.outline(drawn), reading.calibration).spacing
        strokes.sort(key=lambda stroke: -float(np.hypot(*((stroke[0][1] - stroke[0][0]) * spacing))))
    measurements = [_quantity(quantity, one, strokes, source) for quantity in one.quantities]
    tracking = highdicom.sr.TrackingIdentifier(uid("measurement", drawn.identifier), one.title[:64])
    group = highdicom.sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=tracking,
        finding_sites=[_site(reading)], source_images=[_image(source)], measurements=measurements,
    )  # fmt: skip
    said = [_drawn_by(MaskSource.READER)]
    said.append(text(codes.own("tool", "Measuring tool"), drawn.tool.value))
    if drawn.text:
        said.append(text(codes.code("121106", "DCM", "Comment"), drawn.text))
    if drawn.lesion:
        said.append(text(codes.own("of-lesion", "Lesion it belongs to"), str(drawn.lesion)))
    basis = next((q.source or q.note for q in one.quantities if q.source or q.note), "")
    if basis:
        said.append(text(codes.code(*codes.CALIBRATION), basis))
    return _add(group, *said)


def _quantity(quantity: Quantity, one: Measured, strokes: list[Any], source: Source) -> Any:
    """Return one number of a measurement; of two axes each has its own line."""
    tool = one.measurement.tool
    line, closed = (None, False) if not strokes else strokes[0]
    if tool is Tool.AXES and len(strokes) == 2:
        line, closed = strokes[0 if quantity.name == "long axis" else 1]
        if quantity.name == "depth/width":
            line = None
    return _number(quantity.name, float(quantity.value), quantity.unit, source, line, closed)


def _site(reading: Reading) -> Any:
    """Return the breast, its side and the place on the clock face, as far as they are known."""
    import highdicom

    side = reading.assessment.laterality or reading.instance.laterality
    hour = reading.assessment.clock
    return highdicom.sr.FindingSite(
        codes.code(*codes.BREAST), codes.code(*codes.SIDES[side]) if side in codes.SIDES else None,
        codes.clock(hour) if 1 <= hour <= 12 else None,
    )  # fmt: skip


def _assessment(reading: Reading, source: Source) -> Any:
    """Return what the reader thinks: category, words, place."""
    import highdicom

    sr = highdicom.sr
    said = reading.assessment
    evaluations = []
    if said.category in codes.ASSESSMENTS:
        category = codes.code(*codes.ASSESSMENTS[said.category])
        evaluations.append(
            sr.QualitativeEvaluation(codes.code("111005", "DCM", "Assessment Category"), category)
        )
    if said.category in codes.PATHOLOGY:
        name = codes.own("histology-category", "Category of the histology picture")
        evaluations.append(sr.QualitativeEvaluation(name, codes.code(*codes.PATHOLOGY[said.category])))
    evaluations += [
        sr.QualitativeEvaluation(codes.concept(key), codes.word(key, chosen))
        for key, chosen in said.descriptors
    ]
    if 1 <= said.clock <= 12:
        evaluations.append(
            sr.QualitativeEvaluation(
                codes.code("111014", "DCM", "Clockface or region"), codes.clock(said.clock)
            )
        )
    distance = [] if said.nipple_mm is None else [
        sr.Measurement(codes.code("121242", "DCM", "Distance from nipple"), float(said.nipple_mm),
                       codes.code(*codes.UNITS["mm"]))
    ]  # fmt: skip
    group = sr.MeasurementsAndQualitativeEvaluations(
        tracking_identifier=_tracked(source, "Reader's assessment"), finding_sites=[_site(reading)],
        source_images=[_image(source)], qualitative_evaluations=evaluations, measurements=distance,
    )  # fmt: skip
    if not said.category:
        _add(group, text(codes.own("no-category", "Category"), "Not assessed"))
    return group
