"""What a report says about one reading, in the order in which radiologists read it."""

from __future__ import annotations

from breastview.exporters import _panes, _second_looks
from breastview.exporters._measured import measured, tag_place
from breastview.exporters._outlined import outlined, who
from breastview.exporters._outlined import title as outlined_by
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import answered
from breastview.exporters._scale import true_spacing
from breastview.exporters.pdf import _words as words
from breastview.exporters.pdf._blocks import (
    AiPanel,
    Bar,
    Block,
    Case,
    Drawn,
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
from breastview.imaging import regions
from breastview.imaging.colour_maps import MASK_COLOURS
from breastview.language import mark, said, tr, trn
from breastview.study import shipped
from breastview.study.ai_words import area_share, class_name, edited_area, experimental, heat_title
from breastview.study.analysis import Analysis, numbered
from breastview.study.descriptors import in_words
from breastview.study.exam import Breast, ViewScore, named_views
from breastview.study.instance import Refusal
from breastview.study.kind import Kind
from breastview.study.measured_words import details
from breastview.study.reading import ALL_CATEGORIES, Reading, ReadState
from breastview.study.shares import percent

MOST_ROWS = 8
"""Lesions listed one by one; smaller ones are counted."""

_STATUS = {ReadState.FINAL: mark("Final"), ReadState.PRELIMINARY: mark("Preliminary")}


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
        *_head(reading), *_request(reading), *_ai(reading, options, number), *_examination(reading),
        *_findings(reading), *_conclusion(reading, options),
    ]  # fmt: skip
    return Case(
        institution=words.clean(options.institution or reading.instance.study.institution),
        status=tr(_STATUS.get(reading.assessment.state, mark("Not signed"))),
        running=_running(reading),
        essential=tuple(essential),
        further=tuple(_provenance(reading)),
    )


def unreadable(refusals: list[Refusal], options: ExportOptions) -> Case:
    """Return the page that names the files of which there is no report."""
    rows = tuple((words.clean(one.label), words.clean(said(one.reason))) for one in refusals)
    return Case(
        institution=words.clean(options.institution), status="",
        running=tr("Files without a report"),
        essential=(
            Heading(tr("Files without a report")), Table((tr("File"), tr("Reason")), rows, (0.4, 0.6)),
        ),
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
    title = Title(words.examination(reading.kind, instance.modality), words.side(instance.laterality))
    fields = _filled(
        (tr("Patient"), patient.name), (tr("Patient ID"), patient.identifier),
        (tr("Born"), words.born(patient.birth_date, study.date)), (tr("Sex"), words.sex(patient.sex)),
        (tr("Study date"), f"{words.day(study.date)} {words.time(study.time)}"),
        (tr("Accession"), study.accession),
        (tr("Examination"), study.description), (tr("Referring physician"), study.referring_physician),
    )  # fmt: skip
    if not (patient.name or patient.identifier):
        fields = (*fields, *_filled((tr("Picture"), instance.label)))
    return [title, Grid(fields)]


def _request(reading: Reading) -> list[Block]:
    assessment = reading.assessment
    fields = ((tr("Indication"), assessment.indication), (tr("Comparison"), assessment.comparison))
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
        return Notice(tr("The AI does not read this picture"), words.clean(said(why)))
    why = reading.failure or mark("The AI has not read this picture.")
    return Notice(tr("No AI reading"), words.clean(said(why)))


def _images(reading: Reading, options: ExportOptions, number: int) -> KeyImages:
    analysis = answered(reading)
    panes = [Pane(f"{number}/{_panes.ORIGINAL}", tr("Original"))]
    if outlined(reading):
        panes.append(Pane(f"{number}/{_panes.MASK}", outlined_by(reading), marked=True))
    if analysis is not None:
        heat = heat_title(analysis, _panes.heat_of(reading, analysis))
        segmenter = reading.heat_index is None
        panes.append(Pane(f"{number}/{_panes.HEAT}", heat, coloured=True, segmenter=segmenter))
    spacing, note = true_spacing(reading)
    return KeyImages(
        panes=tuple(panes), rows=reading.instance.rows, columns=reading.instance.columns,
        findings=reading.findings if outlined(reading) else (), spacing=spacing, spacing_note=note,
        contour_colour="#{:02x}{:02x}{:02x}".format(*MASK_COLOURS.get(options.mask_colour, (0, 229, 255))),
        contour_width=options.contour_width * 25.4 / 96,
        panel=_panel(reading, analysis) if analysis else None,
        drawn=_drawn(reading),
    )  # fmt: skip


def _drawn(reading: Reading) -> tuple[Drawn, ...]:
    return tuple(
        Drawn(
            one.number,
            tuple((tuple((float(x), float(y)) for x, y in line), closed)
                  for line, closed in regions.strokes(one.measurement)),
            tag_place(one.measurement),
        )
        for one in measured(reading)
    )  # fmt: skip


def _panel(reading: Reading, analysis: Analysis) -> AiPanel:
    probabilities = analysis.probabilities or ()
    bars = tuple(
        Bar(class_name(name), share, index == analysis.top)
        for index, (name, share) in enumerate(zip(analysis.classes, probabilities, strict=False))
    )
    return AiPanel(
        bars=bars, sentence=words.clean(said(analysis.sentence)), abstained=analysis.abstained,
        heat=_honesty(reading), flags=tuple(words.clean(said(flag.text)) for flag in reading.flags),
        model=words.clean(str(analysis.bundle)), experimental=experimental(analysis),
        area=" ".join((area_share(analysis), edited_area(reading.edited_area))).strip(),
    )  # fmt: skip


def _honesty(reading: Reading) -> str:
    shares, index = reading.heat_shares, reading.heat_index
    if index is None:
        return tr("What drove the mask") + "."
    if reading.analysis is not None and reading.analysis.maps_patches:
        return tr("The map shows each patch’s own probability; where patches overlap, their mean.")
    if shares is None:
        return tr("Grad-CAM shows what drove the class; it does not locate a lesion.")
    return tr(
        "{share} of the Grad-CAM heat lies inside the mask. "
        "It shows what drove the class; it does not locate a lesion."
    ).format(share=percent(shares[index]))


def _examination(reading: Reading) -> list[Block]:
    """Return what the AI says of the other views of a mammogram's examination, and of each breast."""
    exam = reading.exam
    if exam is None:
        return []
    rows = tuple((breast.title, _views(breast), _figure(breast.highest)) for breast in exam.breasts)
    header = tr("Breast"), tr("Views"), tr("Highest of the views")
    blocks: list[Block] = [Heading(tr("Examination")), Table(header, rows, (0.2, 0.5, 0.3))]
    said_too = (exam.basis, exam.asymmetry)
    return [*blocks, *(Paragraph(one) for one in said_too if one)]


def _views(breast: Breast) -> str:
    said = (
        f"{name}: {tr('no picture') if view is None else view.words}" for name, view in named_views(breast)
    )
    return "; ".join(said)


def _figure(top: ViewScore | None) -> str:
    return tr("no score") if top is None else f"{top.words} ({top.name})"


def _findings(reading: Reading) -> list[Block]:
    assessment = reading.assessment
    described = "; ".join(f"{label}: {value}" for label, value in _filled(*in_words(assessment.descriptors)))
    stated = ((tr("Location"), words.location(assessment)), (tr("Description"), described))
    blocks: list[Block] = [Paragraph(text, label) for label, text in stated if text]
    if {assessment.laterality, reading.instance.laterality} == {"R", "L"}:
        named = words.side(reading.instance.laterality)
        blocks.append(
            Paragraph(tr("In the file: {side}; check the side.").format(side=named), "", warning=True)
        )
    if outlined(reading):
        blocks += _measured(reading)
    blocks += _by_reader(reading)
    blocks += [Paragraph(words.clean(_second_looks.in_words(one))) for one in reading.pairs]
    notes = words.clean(assessment.notes, lines=True)
    blocks += [Paragraph(notes, tr("Notes"))] if notes else []
    return [Heading(tr("Findings")), *blocks] if blocks else []


def _measured(reading: Reading) -> list[Block]:
    findings, calibration = reading.findings, reading.calibration
    if not findings and reading.segmentation is not None:
        return [Paragraph(tr("The reader’s mask is empty."))]
    if reading.mask is None:
        return [Paragraph(tr("This model draws no mask."))]
    if not findings:
        sought = tr(reading.kind.sought) if reading.kind is not None else tr("lesion")
        return [Paragraph(tr("The AI’s mask is empty: it outlined no {sought}.").format(sought=sought))]
    rows = tuple(
        (str(number), words.axes(one), words.extent(one, calibration), words.area(one),
         said(one.calibration_source) or tr("uncalibrated"), who(one.source))
        for number, one in numbered(findings[:MOST_ROWS])
    )  # fmt: skip
    ultrasound = reading.kind in (None, Kind.ULTRASOUND)
    header = (
        tr("Area") if reading.kind is Kind.HISTOLOGY else tr("Lesion"), tr("Long × short axis"),
        tr("Width × depth") if ultrasound else tr("Width × height"), tr("Area"), tr("Millimetres from"),
        tr("Measured on"),
    )  # fmt: skip
    blocks: list[Block] = [Table(header, rows, (0.08, 0.2, 0.19, 0.12, 0.27, 0.14))]
    more = len(findings) - MOST_ROWS
    if more > 0:
        left = trn(
            "{count} smaller part of the mask not listed.",
            "{count} smaller parts of the mask not listed.",
            more,
        )
        blocks.append(Paragraph(left))
    return blocks


def _by_reader(reading: Reading) -> list[Block]:
    """Return the table of the reader's own measurements."""
    found = measured(reading)
    if not found:
        return []
    rows = tuple(
        (
            str(one.number), words.clean(one.title), one.value,
            "; ".join(details(one.measurement.tool, one.quantities)),
        )
        for one in found
    )  # fmt: skip
    header = tr("No."), tr("Measured by the reader"), tr("Value"), tr("Further")
    return [Table(header, rows, (0.06, 0.24, 0.33, 0.37))]


def _conclusion(reading: Reading, options: ExportOptions) -> list[Block]:
    assessment = reading.assessment
    reader = assessment.reader or (options.reader if assessment.state is not ReadState.UNREAD else "")
    signed = ", ".join(part for part in (words.clean(reader), words.moment(assessment.changed_at)) if part)
    category = ALL_CATEGORIES.get(assessment.category, assessment.category) if assessment.category else ""
    management = words.clean(assessment.management, lines=True)
    blocks: list[Block] = []
    if category:
        blocks.append(Verdict(words.clean(tr(category))))
    if management:
        blocks.append(Paragraph(management, tr("Management")))
    if both := _second_looks.sentence(reading):
        blocks.append(Paragraph(words.clean(both), tr("Reader and AI")))
    if signed:
        blocks.append(Paragraph(signed, tr("Read by") if reader else tr("Changed")))
    return [Heading(tr("Assessment")), *blocks] if blocks else []


def _provenance(reading: Reading) -> list[Block]:
    instance, analysis = reading.instance, reading.analysis
    calibration = reading.calibration
    technique = ", ".join(part for part in (instance.modality, instance.view, instance.device) if part)
    picture = _filled(
        (tr("Technique"), technique),
        (tr("Picture"), _picture(reading)),
        (tr("Compression"), tr("lossy: {lossy}").format(lossy=instance.lossy) if instance.lossy else ""),
        (
            tr("Millimetres from"),
            said(calibration.source) or tr("none: the picture is uncalibrated, sizes are in px"),
        ),
    )
    facts = picture + (_model(reading, analysis) if analysis else ()) + _uids(reading)
    return [Heading(tr("How this was made")), Facts(facts)]


def _picture(reading: Reading) -> str:
    instance = reading.instance
    parts = [
        instance.label, _frame(reading),
        f"{instance.columns} × {instance.rows} px", f"{instance.bits_stored} bit {instance.photometric}",
    ]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _frame(reading: Reading) -> str:
    if reading.instance.frames < 2:
        return ""
    return tr("frame {number} of {frames}").format(number=reading.frame + 1, frames=reading.instance.frames)


def _model(reading: Reading, analysis: Analysis) -> tuple[tuple[str, str], ...]:
    flags = "; ".join(said(flag.text) for flag in analysis.flags)
    made = ", ".join(part for part in (words.moment(analysis.made_at), analysis.device) if part)
    return _filled(
        (tr("AI model"), str(analysis.bundle)),
        (tr("Origin"), "" if analysis.kind is None or shipped.known(analysis.bundle) else tr(shipped.OWN)),
        (tr("Standing"), experimental(analysis)),
        (tr("Calibration set"), analysis.calibration_set),
        (tr("Mask"), _mask(reading)), (tr("Input gate"), flags or tr("nothing flagged")),
        (tr("Analysed"), made),
    )  # fmt: skip


def _mask(reading: Reading) -> str:
    if not outlined(reading):
        return ""
    if reading.segmentation is None:
        return tr("AI, not edited")
    changed = words.moment(reading.segmentation.changed_at)
    return ", ".join(part for part in (who(reading.mask_source), changed) if part)


def _uids(reading: Reading) -> tuple[tuple[str, str], ...]:
    instance = reading.instance
    return _filled(
        (tr("Study UID"), instance.study.uid if instance.uid else ""), (tr("SOP instance UID"), instance.uid)
    )
