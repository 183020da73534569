"""What a report says about one reading, in the order in which radiologists read it."""

from __future__ import annotations

from breastview.exporters import _panes
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import answered
from breastview.exporters._scale import true_spacing
from breastview.exporters.pdf import _words as words
from breastview.exporters.pdf._blocks import (
    AiPanel,
    Bar,
    Block,
    Case,
    Facts,
    Grid,
    Heading,
    KeyImages,
    Notice,
    Pane,
    Paragraph,
    Table,
    Title,
    Verdict,
)
from breastview.imaging.colour_maps import MASK_COLOURS
from breastview.study.analysis import Analysis, Finding
from breastview.study.calibration import Calibration
from breastview.study.instance import Refusal
from breastview.study.reading import CATEGORIES, Reading, ReadState

MOST_ROWS = 8
"""Lesions listed one by one; smaller ones are counted."""

_STATUS = {ReadState.FINAL: "Final", ReadState.PRELIMINARY: "Preliminary"}


def case(reading: Reading, options: ExportOptions, number: int) -> Case:
    """Return the report of one reading.

    Parameters
    ----------
    reading : Reading
        What is reported.
    options : ExportOptions
        Reader, institution and colours.
    number : int
        Of the case in its document; part of the keys of its pictures.
    """
    essential = [
        *_head(reading), *_request(reading), *_ai(reading, options, number), *_findings(reading),
        *_conclusion(reading, options),
    ]  # fmt: skip
    return Case(
        institution=words.clean(options.institution or reading.instance.study.institution),
        status=_STATUS.get(reading.assessment.state, "Not signed"),
        running=_running(reading),
        essential=tuple(essential),
        further=tuple(_provenance(reading)),
    )


def unreadable(refusals: list[Refusal], options: ExportOptions) -> Case:
    """Return the page that names the files of which there is no report."""
    rows = tuple((words.clean(one.label), words.clean(one.reason)) for one in refusals)
    return Case(
        institution=words.clean(options.institution), status="", running="Files without a report",
        essential=(Heading("Files without a report"), Table(("File", "Reason"), rows, (0.4, 0.6))),
    )  # fmt: skip


def _filled(*fields: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, value in fields if (text := words.clean(value)))


def _running(reading: Reading) -> str:
    instance = reading.instance
    parts = [
        instance.patient.name, instance.patient.identifier, words.day(instance.study.date),
        "" if instance.patient.name else instance.label,
    ]  # fmt: skip
    return " | ".join(words.clean(part) for part in parts if part)


def _head(reading: Reading) -> list[Block]:
    instance, patient, study = reading.instance, reading.instance.patient, reading.instance.study
    title = Title(words.examination(instance.modality), words.side(instance.laterality))
    fields = _filled(
        ("Patient", patient.name), ("Patient ID", patient.identifier),
        ("Born", words.born(patient.birth_date, study.date)), ("Sex", words.sex(patient.sex)),
        ("Study date", f"{words.day(study.date)} {words.time(study.time)}"), ("Accession", study.accession),
        ("Examination", study.description), ("Referring physician", study.referring_physician),
    )  # fmt: skip
    if not (patient.name or patient.identifier):
        fields = (*fields, *_filled(("Picture", instance.label)))
    return [title, Grid(fields)]


def _request(reading: Reading) -> list[Block]:
    assessment = reading.assessment
    fields = (("Indication", assessment.indication), ("Comparison", assessment.comparison))
    return [Paragraph(text, label) for label, value in fields if (text := words.clean(value, lines=True))]


def _ai(reading: Reading, options: ExportOptions, number: int) -> list[Block]:
    analysis = answered(reading)
    images = _images(reading, options, number)
    if analysis is None:
        return [images, _no_answer(reading)]
    return [images]


def _no_answer(reading: Reading) -> Notice:
    if reading.analysis is not None:
        why = reading.analysis.sentence or " ".join(f.text for f in reading.analysis.flags if f.refuses)
        return Notice("The AI does not read this picture", words.clean(why))
    why = reading.failure or "The AI has not read this picture."
    return Notice("No AI reading", words.clean(why))


def _images(reading: Reading, options: ExportOptions, number: int) -> KeyImages:
    analysis = answered(reading)
    panes = [Pane(f"{number}/{_panes.ORIGINAL}", "Original")]
    if analysis is not None:
        heat = f"Grad-CAM: {_heat_name(reading, analysis)}"
        panes += [
            Pane(f"{number}/{_panes.MASK}", "Segmentation (AI)", marked=True),
            Pane(f"{number}/{_panes.HEAT}", heat, coloured=True),
        ]
    spacing, note = true_spacing(reading)
    return KeyImages(
        panes=tuple(panes), rows=reading.instance.rows, columns=reading.instance.columns,
        findings=analysis.findings if analysis else (), spacing=spacing, spacing_note=note,
        contour_colour="#{:02x}{:02x}{:02x}".format(*MASK_COLOURS.get(options.mask_colour, (0, 229, 255))),
        contour_width=options.contour_width * 25.4 / 96,
        panel=_panel(reading, analysis) if analysis else None,
    )  # fmt: skip


def _heat_name(reading: Reading, analysis: Analysis) -> str:
    index = reading.heat_index
    return analysis.classes[index] if index is not None else "none"


def _panel(reading: Reading, analysis: Analysis) -> AiPanel:
    probabilities = analysis.probabilities or ()
    bars = tuple(
        Bar(name, share, index == analysis.top)
        for index, (name, share) in enumerate(zip(analysis.classes, probabilities, strict=False))
    )
    return AiPanel(
        bars=bars, sentence=words.clean(analysis.sentence), abstained=analysis.abstained,
        heat=_honesty(reading, analysis), flags=tuple(words.clean(flag.text) for flag in analysis.flags),
        model=words.clean(str(analysis.bundle)),
    )  # fmt: skip


def _honesty(reading: Reading, analysis: Analysis) -> str:
    shares, index = analysis.heat.share_inside, reading.heat_index
    if shares is None or index is None:
        return "Grad-CAM shows what drove the class; it does not locate a lesion."
    return (
        f"{words.percent(shares[index])} of the Grad-CAM heat lies inside the mask. "
        "It shows what drove the class; it does not locate a lesion."
    )


def _findings(reading: Reading) -> list[Block]:
    assessment, analysis = reading.assessment, answered(reading)
    described = "; ".join(f"{label} {value}" for label, value in _filled(*assessment.descriptors))
    described = described[:1].upper() + described[1:]
    stated = (("Location", words.location(assessment)), ("Description", described))
    blocks: list[Block] = [Paragraph(text, label) for label, text in stated if text]
    if {assessment.laterality, reading.instance.laterality} == {"R", "L"}:
        named = words.side(reading.instance.laterality).lower()
        blocks.append(Paragraph(f"The file names the {named}: check the side.", "", warning=True))
    if analysis is not None:
        blocks += _measured(analysis.findings, reading.instance.calibration(reading.frame))
    notes = words.clean(assessment.notes, lines=True)
    blocks += [Paragraph(notes, "Notes")] if notes else []
    return [Heading("Findings"), *blocks] if blocks else []


def _measured(findings: tuple[Finding, ...], calibration: Calibration) -> list[Block]:
    if not findings:
        return [Paragraph("The AI’s mask is empty: it segmented no lesion.")]
    rows = tuple(
        (str(number), words.axes(one), words.extent(one, calibration), words.area(one),
         one.calibration_source or "uncalibrated", "AI mask")
        for number, one in enumerate(findings[:MOST_ROWS], start=1)
    )  # fmt: skip
    header = ("Lesion", "Long × short axis", "Width × depth", "Area", "Millimetres from", "Measured on")
    blocks: list[Block] = [Table(header, rows, (0.08, 0.2, 0.19, 0.12, 0.27, 0.14))]
    more = len(findings) - MOST_ROWS
    if more > 0:
        blocks.append(Paragraph(f"{more} smaller part{'s' if more > 1 else ''} of the mask not listed."))
    return blocks


def _conclusion(reading: Reading, options: ExportOptions) -> list[Block]:
    assessment = reading.assessment
    reader = assessment.reader or (options.reader if assessment.state is not ReadState.UNREAD else "")
    signed = ", ".join(part for part in (words.clean(reader), words.moment(assessment.changed_at)) if part)
    category = CATEGORIES.get(assessment.category, assessment.category) if assessment.category else ""
    management = words.clean(assessment.management, lines=True)
    blocks: list[Block] = []
    if category:
        blocks.append(Verdict(words.clean(category)))
    if management:
        blocks.append(Paragraph(management, "Management"))
    if signed:
        blocks.append(Paragraph(signed, "Read by" if reader else "Changed"))
    return [Heading("Assessment"), *blocks] if blocks else []


def _provenance(reading: Reading) -> list[Block]:
    instance, analysis = reading.instance, reading.analysis
    calibration = instance.calibration(reading.frame)
    technique = ", ".join(part for part in (instance.modality, instance.view, instance.device) if part)
    picture = _filled(
        ("Technique", technique),
        ("Picture", _picture(reading)),
        ("Compression", f"lossy: {instance.lossy}" if instance.lossy else ""),
        ("Millimetres from", calibration.source or "none: the picture is uncalibrated, sizes are in px"),
    )
    facts = picture + (_model(analysis) if analysis else ()) + _uids(reading)
    return [Heading("How this was made"), Facts(facts)]


def _picture(reading: Reading) -> str:
    instance = reading.instance
    parts = [
        instance.label, f"frame {reading.frame + 1} of {instance.frames}" if instance.frames > 1 else "",
        f"{instance.columns} × {instance.rows} px", f"{instance.bits_stored} bit {instance.photometric}",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _model(analysis: Analysis) -> tuple[tuple[str, str], ...]:
    flags = "; ".join(flag.text for flag in analysis.flags)
    made = " on ".join(part for part in (words.moment(analysis.made_at), analysis.device) if part)
    return _filled(
        ("AI model", str(analysis.bundle)), ("Calibration set", analysis.calibration_set),
        ("Mask", "" if analysis.refused else "AI, not edited"), ("Input gate", flags or "nothing flagged"),
        ("Analysed", made),
    )  # fmt: skip


def _uids(reading: Reading) -> tuple[tuple[str, str], ...]:
    instance = reading.instance
    return _filled(
        ("Study UID", instance.study.uid if instance.uid else ""), ("SOP instance UID", instance.uid)
    )
