"""What was seen and measured as Observations of HL7 FHIR R4: AI's answer, lesions, lines, category."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breastview import RESEARCH_USE
from breastview.exporters import _dicom_codes as codes
from breastview.exporters._fhir_values import Code, codeable, filled, note, own, quantity, text
from breastview.exporters._measured import Measured, measured
from breastview.exporters._outlined import SAID, heat_shares, outlined, part, sizes, tissue_shares
from breastview.exporters._rows import answered
from breastview.study.ai_words import EXPERIMENTAL
from breastview.study.analysis import Analysis, Finding, numbered
from breastview.study.exam import RULE
from breastview.study.reading import ALL_CATEGORIES, Reading, ReadState
from breastview.study.segmentation import MaskSource

_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"


def observations(reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each observation of a reading under a name that is its own within the reading.

    What the AI said is preliminary whatever the reader made of the case: nobody has confirmed its numbers.
    """
    state = "final" if reading.assessment.state is ReadState.FINAL else "preliminary"
    if reading.analysis is not None:
        yield "AI result", _ai(reading, reading.analysis)
    if outlined(reading):
        for number, finding in numbered(reading.findings):
            drawn = MaskSource(finding.source)
            status = "preliminary" if drawn is MaskSource.AI else state
            yield f"lesion {number}", {"status": status, **_lesion(reading, number, finding, drawn)}
    if reading.exam is not None:
        yield "examination", _examination(reading)
    for one in measured(reading):
        yield f"measurement {one.measurement.identifier}", {"status": state, **_measurement(reading, one)}
    if reading.assessment.category or reading.assessment.descriptors:
        yield "assessment", {"status": state, **_assessment(reading)}


def _site(reading: Reading) -> dict[str, Any]:
    side = reading.assessment.laterality or reading.instance.laterality
    words = f"{codes.SIDES[side][2]} breast" if side in codes.SIDES else ""
    return codeable(codes.BREAST, words)


def _component(name: dict[str, Any], value: float, unit: Code) -> dict[str, Any]:
    return {"code": name, "valueQuantity": quantity(value, unit)}


def _triple(found: Any) -> Code:
    return found.value, found.scheme_designator, found.meaning


def _ai(reading: Reading, analysis: Analysis) -> dict[str, Any]:
    """Return what the AI said of the picture, or why the input gate let it say nothing."""
    allowed = answered(reading) is not None and analysis.probabilities is not None
    shares = zip(analysis.classes, analysis.probabilities or (), strict=True) if allowed else ()
    components = [
        _component(codeable(_triple(codes.probability(name))), p, codes.UNITS[""]) for name, p in shares
    ]
    inside = [
        (f"grad-cam-inside-{name}", f"Share of the Grad-CAM of {name} inside the mask", share)
        for name, share in heat_shares(reading).items()
    ] + tissue_shares(reading)
    components += [_component(own(key, name), share, codes.UNITS[""]) for key, name, share in inside]
    committed = allowed and analysis.top is not None and not analysis.abstained
    name = analysis.classes[analysis.top] if committed and analysis.top is not None else ""
    refused = {"coding": [{"system": _ABSENT, "code": "not-performed", "display": "Not Performed"}],
               "text": "The input gate allows no score."}  # fmt: skip
    abstained = "The model abstains: it does not commit itself." if allowed and analysis.abstained else ""
    return filled({
        "status": "preliminary",
        "code": own("ai-result", "Result of the AI"),
        "bodySite": _site(reading),
        "valueCodeableConcept": codeable(codes.CLASSES.get(name), name) if name else None,
        "dataAbsentReason": refused if analysis.refused else None,
        "component": components,
        "note": note(
            EXPERIMENTAL if analysis.experimental else "", analysis.sentence, abstained,
            _drawn_by(reading.mask_source) if inside else "",
            *(f"{flag.code}: {flag.text}" for flag in reading.flags), RESEARCH_USE,
        ),
    })  # fmt: skip


def _drawn_by(source: MaskSource) -> str:
    return f"Outline: {SAID[source]}."


def _lesion(reading: Reading, number: int, finding: Finding, drawn: MaskSource) -> dict[str, Any]:
    """Return a lesion with its sizes: in mm where they are true, else in pixels."""
    return {
        "code": codeable(
            codes.SOUGHT.get(reading.kind, codes.LESION), f"{part(reading.kind)} {number}"
        ),
        "bodySite": _site(reading),
        "component": [
            _component(codeable(codes.QUANTITIES[name]), value, codes.UNITS[unit])
            for name, value, unit in sizes(finding)
        ],
        "note": note(_drawn_by(drawn), finding.calibration_source or "Uncalibrated: sizes in pixels."),
    }  # fmt: skip


def _measurement(reading: Reading, one: Measured) -> dict[str, Any]:
    """Return a line, an area or a note of the reader; grey levels stand among its numbers."""
    components = [
        _component(
            codeable(codes.QUANTITIES[found.name]) if found.name in codes.QUANTITIES
            else own(f"grey-{found.name}", f"Grey level, {codes.GREYS[found.name][2].lower()}"),
            found.value, codes.UNITS[found.unit],
        )
        for found in one.quantities
    ]  # fmt: skip
    basis = next((q.source or q.note for q in one.quantities if q.source or q.note), "")
    return filled({
        "code": own(f"measurement-{one.measurement.tool.value}", text(one.title)),
        "bodySite": _site(reading),
        "component": components,
        "valueString": None if components else text(one.measurement.text),
        "note": note(one.measurement.text if components else "", basis),
    })  # fmt: skip


def _assessment(reading: Reading) -> dict[str, Any]:
    """Return what the reader thinks: category, words, place."""
    said = reading.assessment
    category = (codes.ASSESSMENTS | codes.PATHOLOGY).get(said.category)
    words = ALL_CATEGORIES.get(said.category, said.category)
    components = [
        {"code": codeable(_triple(codes.concept(key))), "valueCodeableConcept": codeable(
            _triple(codes.word(key, chosen)), chosen)}
        for key, chosen in said.descriptors
    ]  # fmt: skip
    if 1 <= said.clock <= 12:
        place = {"code": codeable(("111014", "DCM", "Clockface or region"))}
        components.append(place | {"valueCodeableConcept": codeable(_triple(codes.clock(said.clock)))})
    if said.nipple_mm is not None:
        name = codeable(("121242", "DCM", "Distance from nipple"))
        components.append(_component(name, said.nipple_mm, codes.UNITS["mm"]))
    return filled({
        "code": codeable(("111005", "DCM", "Assessment Category")),
        "bodySite": _site(reading),
        "valueCodeableConcept": codeable(category, words) if said.category else None,
        "component": components,
    })  # fmt: skip


def _examination(reading: Reading) -> dict[str, Any]:
    """Return each breast's highest of the views, said to be the figure of one view."""
    exam = reading.exam
    assert exam is not None
    tops = [(breast.laterality, top) for breast in exam.breasts if (top := breast.highest) is not None]
    return filled({
        "status": "preliminary",
        "code": own("examination", "Mammography examination: highest of the views"),
        "bodySite": codeable(codes.BREAST),
        "component": [
            _component(
                own(f"highest-{side}", f"{codes.SIDES[side][2]} breast, {top.name}"),
                top.suspicion or 0.0, codes.UNITS[""],
            )
            for side, top in tops
        ],
        "note": note(
            RULE, f"Class: {exam.suspicious}." if exam.suspicious else "",
            f"Missing: {', '.join(exam.missing)}." if exam.missing else "",
            EXPERIMENTAL if exam.experimental else "",
        ),
    })  # fmt: skip
