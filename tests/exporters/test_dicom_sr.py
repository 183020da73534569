"""The report says in codes and numbers what the record holds."""

from __future__ import annotations

from dataclasses import replace

import highdicom
import numpy as np
import pytest

from breastview import RESEARCH_USE
from breastview.exporters import _dicom_codes as codes
from breastview.exporters._dicom_sr import items
from breastview.study.calibration import everywhere
from breastview.study.descriptors import MAMMOGRAPHY, ULTRASOUND
from breastview.study.opinions import Opinion, Opinions
from breastview.study.reading import CATEGORIES, Assessment, ReadState
from tests import phantoms
from tests.exporters import dicoms, phantom


@pytest.fixture
def us(tmp_path):
    return dicoms.read(phantoms.us_with_regions(tmp_path / "us.dcm"), measurements=dicoms.MEASUREMENTS)


def report(reading):
    return dicoms.one(reading, "sr")


def named(item):
    return item.ConceptNameCodeSequence[0].CodeMeaning if "ConceptNameCodeSequence" in item else ""


def numbers(group):
    """Return the numbers of a group as {name: (value, unit)}."""
    return {
        named(item): (float(item.MeasuredValueSequence[0].NumericValue),
                      item.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue)
        for item in group.ContentSequence if item.ValueType == "NUM"
    }  # fmt: skip


def groups(found):
    """Return the measurement groups by their tracking identifier."""
    return {
        next(i.TextValue for i in item.ContentSequence if named(i) == "Tracking Identifier"): item
        for item in items(found) if named(item) == "Measurement Group"
    }  # fmt: skip


def texts(node):
    return {named(i): i.TextValue for i in items(node) if i.ValueType == "TEXT"}


def chosen(node):
    return [
        (named(i), i.ConceptCodeSequence[0].CodeMeaning)
        for i in node.ContentSequence
        if i.ValueType == "CODE"
    ]


def test_the_ai_is_named_as_such_with_its_probabilities(us):
    ai = groups(report(us))["AI result"]
    assert numbers(ai) == {
        "Probability of class normal": (0.02, "1"), "Probability of class benign": (0.2, "1"),
        "Probability of cancer": (0.78, "1"),
    }  # fmt: skip
    said = texts(ai)
    assert said["Algorithm Name"] == "phantom-net" and said["Algorithm Version"] == "1.2.0"
    assert said["AI's calibrated statement"] == phantom.SENTENCE
    assert ("AI's most probable class", "Malignant") in chosen(ai)


def test_an_abstaining_ai_names_no_class(us):
    unsure = replace(us, analysis=replace(us.analysis, abstained=True))
    ai = groups(report(unsure))["AI result"]
    assert not [name for name, _ in chosen(ai) if name == "AI's most probable class"]
    assert "abstained" in texts(ai)["Whether the AI commits itself"]


def test_a_model_that_only_outlines_commits_itself_to_no_class(us):
    ai = groups(report(replace(us, analysis=replace(us.analysis, probabilities=None))))["AI result"]
    assert not numbers(ai) and "no class" in texts(ai)["Whether the AI commits itself"]


def test_a_refused_picture_has_the_reason_and_no_number(us):
    refused = replace(us, analysis=phantom.refused().analysis, measurements=())
    ai = groups(report(refused))["AI result"]
    assert numbers(ai) == {}
    assert texts(ai)["What weakens the AI's reading"].startswith("colour: ")
    assert "refused" in texts(ai)["Whether the AI commits itself"]


def test_a_lesion_in_one_calibrated_region_has_millimetres_with_their_source(us):
    finding = us.findings[0]
    lesion = groups(report(us))["Lesion 1"]
    assert numbers(lesion) == {
        "Long axis": (pytest.approx(finding.long_mm), "mm"),
        "Short axis": (pytest.approx(finding.short_mm), "mm"),
        "Area": (pytest.approx(finding.area_mm2), "mm2"),
        "Number of pixels inside": (finding.area_px, "{pixels}"),
    }  # fmt: skip
    assert texts(lesion)["Calibration"] == "US region"
    assert texts(lesion)["Who drew the outline"] == "drawn by the AI"


def test_without_a_calibration_sizes_are_pixels(tmp_path):
    reading = dicoms.read(phantoms.picture(tmp_path / "a.png"))
    lesion = groups(report(reading))["Lesion 1"]
    assert {unit for _, unit in numbers(lesion).values()} == {"{pixels}"}
    assert numbers(lesion)["Long axis"][0] == pytest.approx(reading.findings[0].long_px)
    assert "uncalibrated" in texts(lesion)["Calibration"]


def test_a_lesion_names_its_segment(us):
    segmentation, found = dicoms.one(us, "seg"), report(us)
    (image,) = [i for i in items(groups(found)["Lesion 1"]) if named(i) == "Referenced Segmentation Frame"]
    (reference,) = image.ReferencedSOPSequence
    assert reference.ReferencedSOPInstanceUID == segmentation.SOPInstanceUID
    assert reference.ReferencedSegmentNumber == 1
    evidence = [
        sop.ReferencedSOPInstanceUID
        for series in found.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
        for sop in series.ReferencedSOPSequence
    ]
    assert segmentation.SOPInstanceUID in evidence


def test_each_of_two_lesions_names_its_own_segment(us):
    mask = np.zeros_like(us.mask)
    mask[4:12, 3:14] = mask[20:36, 38:58] = True
    found = report(dicoms.edited(us, mask))
    segments = [
        next(i for i in items(group) if named(i) == "Referenced Segmentation Frame")
        .ReferencedSOPSequence[0].ReferencedSegmentNumber
        for name, group in groups(found).items() if name.startswith("Lesion")
    ]  # fmt: skip
    assert segments == [1, 2]


def test_the_readers_measurements_have_their_values_and_lines(us):
    found = groups(report(us))
    distance = found["Skin to lesion"]
    assert numbers(distance) == {"Length": (pytest.approx(1.0), "mm")}
    (line,) = [i for i in items(distance) if i.ValueType == "SCOORD"]
    assert list(line.GraphicData) == [10.5, 12.5, 20.5, 12.5]
    assert texts(distance)["Who drew the outline"] == "drawn by the reader"
    ellipse = next(g for name, g in found.items() if name.startswith("Ellipse"))
    assert {"Area", "Long axis", "Short axis", "Grey level"} <= set(numbers(ellipse))
    assert texts(found["Cooper’s ligament"])["Comment"] == "Cooper’s ligament"


def test_the_long_axis_is_the_longer_one_in_millimetres_where_pixels_are_not_square(us):
    size = us.instance.rows, us.instance.columns
    ruler = everywhere("depth ruler", *size, 0.4, 0.1)
    tall = replace(us, measurements=dicoms.MEASUREMENTS[1:2], ruler=ruler)
    (axes,) = (group for name, group in groups(report(tall)).items() if name.startswith("Two axes"))
    assert numbers(axes)["Long axis"][0] == pytest.approx(3.2)
    lines = {
        named(item): item.ContentSequence[0].GraphicData
        for item in axes.ContentSequence if item.ValueType == "NUM" and "ContentSequence" in item
    }  # fmt: skip
    x0, y0, x1, y1 = lines["Long axis"]
    assert (x1 - x0, y1 - y0) == (0, 8)


def test_the_assessment_is_coded(us):
    assessment = groups(report(us))["Reader's assessment"]
    assert chosen(assessment) == [
        ("Finding Site", "Breast"),
        ("Assessment Category", "4C - Moderate suspicion"),
        ("Shape", "Irregular"), ("Orientation", "Not parallel"), ("Margins", "Spiculated lesion"),
        ("Echo pattern", "Hypoechoic"), ("Posterior acoustic features", "Posterior shadowing"),
        ("Clockface or region", "10 o'clock position"),
    ]  # fmt: skip
    assert numbers(assessment) == {"Distance from nipple": (35.0, "mm")}
    site = next(i for i in assessment.ContentSequence if named(i) == "Finding Site")
    assert chosen(site) == [("Laterality", "Right"), ("Topographical modifier", "10 o'clock position")]


@pytest.mark.parametrize("category", [key for key in CATEGORIES if key])
def test_every_category_has_its_code(us, category):
    reading = replace(us, assessment=Assessment(category=category), measurements=(), analysis=None)
    (found,) = [
        v for n, v in chosen(groups(report(reading))["Reader's assessment"]) if n == "Assessment Category"
    ]
    assert found.split(" - ")[0] == category


def test_no_two_words_share_a_code_and_all_are_short_enough():
    seen: dict[tuple, tuple] = {}
    for descriptor in (*ULTRASOUND, *MAMMOGRAPHY):
        assert codes.concept(descriptor.key).meaning
        for word in descriptor.words:
            code = codes.word(descriptor.key, word.key)
            key = (descriptor.key, code.value, code.scheme_designator)
            assert seen.setdefault(key, word.key) == word.key
            assert 0 < len(code.meaning) <= 64


def test_the_standards_codes_are_those_of_the_library():
    from pydicom.sr._concepts_dict import concepts

    known = {
        (scheme, value) for scheme in ("DCM", "SCT")
        for meanings in concepts[scheme].values() for value in meanings
    }  # fmt: skip
    used = [
        *codes.WORDS.values(), *codes.CONCEPTS.values(), *codes.QUANTITIES.values(), *codes.GREYS.values(),
        *codes.SIDES.values(), *codes.ASSESSMENTS.values(), codes.BREAST, codes.CALIBRATION,
        codes.REPORT_TITLE, *codes.PATHOLOGY.values(),
    ]  # fmt: skip
    # Classes of pathology, and categories, are in no context group that pydicom lists in full.
    missing = {c for c in used if c[1] in ("DCM", "SCT") and (c[1], c[0]) not in known}
    assert {c[0] for c in missing} <= {a[0] for a in codes.ASSESSMENTS.values()}


def test_free_texts_are_there(us):
    said = texts(report(us))
    assessment = us.assessment
    assert said["Indications for Procedure"] == assessment.indication
    assert said["Comparison to previous studies"] == assessment.comparison
    assert said["Recommendation"] == assessment.management
    assert RESEARCH_USE in said["Research use statement"]


def test_both_opinions_are_there(us):
    opinions = Opinions(Opinion("3", "R", "2026-11-20T10:00:00+00:00"))
    assert "before AI: 3" in texts(report(replace(us, opinions=opinions)))["Reader before and after the AI"]


@pytest.mark.parametrize(
    ("state", "reader", "flags"),
    [
        (ReadState.FINAL, "Dr A", ("COMPLETE", "FINAL", "VERIFIED")),
        (ReadState.FINAL, "", ("COMPLETE", "FINAL", "UNVERIFIED")),
        (ReadState.PRELIMINARY, "Dr A", ("PARTIAL", "PRELIMINARY", "UNVERIFIED")),
        (ReadState.SEEN, "Dr A", ("PARTIAL", "PRELIMINARY", "UNVERIFIED")),
    ],
)
def test_the_flags_are_what_the_reader_made_of_the_case(us, state, reader, flags):
    found = report(replace(us, assessment=replace(us.assessment, state=state, reader=reader)))
    assert (found.CompletionFlag, found.PreliminaryFlag, found.VerificationFlag) == flags
    if "VERIFIED" in flags:
        (who,) = found.VerifyingObserverSequence
        assert (who.VerifyingObserverName, who.VerificationDateTime) == ("Dr A", "20261120201000")


def test_a_report_was_verified_when_the_reader_signed_even_if_the_ai_read_it_later(tmp_path):
    path = phantoms.us_grey(tmp_path / "us.dcm", TimezoneOffsetFromUTC="+0530")
    read = dicoms.read(path)
    found = report(replace(
        read, analysis=replace(read.analysis, made_at="2026-11-22T08:00:00Z"),
        assessment=replace(read.assessment, state=ReadState.FINAL, reader="Dr A"),
    ))  # fmt: skip
    assert found.VerifyingObserverSequence[0].VerificationDateTime == "20261121014000"
    assert found.ContentDate == "20261122"


def test_a_picture_that_the_ai_did_not_read_says_why(us):
    bare = replace(us, analysis=None, failure="The AI ran out of memory.")
    found = report(bare)
    assert "AI result" not in groups(found)
    assert texts(found)["Why there is no AI result"] == "The AI ran out of memory."


def test_highdicom_reads_it_back(us, tmp_path):
    (tmp_path / "sr.dcm").write_bytes(dicoms.bytes_of(report(us)))
    found = highdicom.sr.srread(tmp_path / "sr.dcm")
    assert len(found.content.get_planar_roi_measurement_groups()) == 1
    assert len(found.content.get_image_measurement_groups()) == 2 + len(dicoms.MEASUREMENTS)
