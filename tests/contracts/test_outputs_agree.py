"""No two outputs disagree: category, sizes, probabilities, model are the same in table, record and DICOM."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pypdf
import pytest
from pydicom import Dataset, dcmread

from breastview import registry
from breastview.exporters import _dicom_codes as codes
from breastview.exporters._outlined import SAID, part
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import COLUMNS, answered
from breastview.gui.panel import honesty
from breastview.study.segmentation import MaskSource
from breastview.study.shares import percent
from breastview.task import SilentTask
from tests import phantoms
from tests.exporters import dicoms, phantom

CATEGORY = {value[0]: key for key, value in (codes.ASSESSMENTS | codes.PATHOLOGY).items()}
CLASS = {codes.probability(name).value: name for name in ("normal", "benign", "malignant", "non-idc", "idc")}
ALGORITHMS = {"AUTOMATIC": "AI", "SEMIAUTOMATIC": "edited", "MANUAL": "reader"}


def us(folder):
    return dicoms.read(phantoms.us_with_regions(folder / "a.dcm"), measurements=dicoms.MEASUREMENTS)


def two_lesions():
    mask = np.zeros((phantoms.ROWS, phantoms.COLUMNS), bool)
    mask[5:12, 4:12] = mask[18:38, 36:60] = True
    return mask


RECORDS = {
    "ultrasound of two regions": us,
    "mammogram": dicoms.mammogram,
    "histology": dicoms.histology,
    "png": lambda folder: dicoms.read(phantoms.picture(folder / "a.png")),
    "frame of a cine": lambda folder: dicoms.read(phantoms.us_cine(folder / "a.dcm"), frame=2),
    "edited": lambda folder: dicoms.edited(us(folder), two_lesions()),
    "drawn by the reader": lambda folder: dicoms.edited(
        replace(us(folder), analysis=None), two_lesions(), MaskSource.READER
    ),
    "edited histology": lambda folder: dicoms.edited(dicoms.histology(folder), two_lesions()),
    "no lesion": lambda folder: dicoms.edited(us(folder), np.zeros((phantoms.ROWS, phantoms.COLUMNS), bool)),
    "abstained": lambda folder: replace(us(folder), analysis=replace(us(folder).analysis, abstained=True)),
    "refused": lambda folder: replace(us(folder), analysis=phantom.refused().analysis),
    "no analysis": lambda folder: replace(us(folder), analysis=None),
    "not assessed": lambda folder: replace(us(folder), assessment=phantom.uncalibrated().assessment),
}


@pytest.fixture(params=RECORDS, scope="module")
def reading(request, tmp_path_factory):
    return RECORDS[request.param](tmp_path_factory.mktemp("reading"))


def written(name, ending, reading, tmp_path_factory):
    place = tmp_path_factory.mktemp("outputs") / f"a.{ending}"
    exporter = registry.load("breastview.exporters", name).EXPORTER
    return exporter.export([reading], place, SilentTask(), ExportOptions())


@pytest.fixture(scope="module")
def outputs(reading, tmp_path_factory):
    """Return table row, record, report and Segmentation of a reading as they lie in their files."""
    table, plain, report, masks = (
        written(name, ending, reading, tmp_path_factory)
        for name, ending in (("csv", "csv"), ("json", "json"), ("sr", "sr.dcm"), ("seg", "seg.dcm"))
    )
    with table[0].open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    (record,) = json.loads(plain[0].read_text(encoding="utf-8"))["readings"]
    mask = next((ds for ds in map(dcmread, masks) if ds.get("SegmentationType") == "BINARY"), None)
    return reading, row, record, dcmread(report[0]), mask


@pytest.fixture(scope="module")
def observations(reading, tmp_path_factory):
    """Return the numbers of each FHIR observation by its name, and the report's conclusion."""
    (path,) = written("fhir", "json", reading, tmp_path_factory)
    found = [entry["resource"] for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]]
    conclusion = next(one["conclusion"] for one in found if one["resourceType"] == "DiagnosticReport")
    return {
        one["code"]["text"]: {
            part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"]
            for part in one.get("component", ()) if "valueQuantity" in part
        }
        for one in found if one["resourceType"] == "Observation"
    }, conclusion  # fmt: skip


def under(node: Dataset):
    for item in node.get("ContentSequence", ()):
        yield item
        yield from under(item)


def code(item: Dataset, sequence: str = "ConceptNameCodeSequence") -> str:
    (one,) = item.get(sequence) or [Dataset()]
    return str(one.get("CodeValue") or one.get("LongCodeValue") or "")


def numbers(node: Dataset) -> dict[str, tuple[float, str]]:
    return {
        code(item): (
            float(item.MeasuredValueSequence[0].NumericValue),
            code(item.MeasuredValueSequence[0], "MeasurementUnitsCodeSequence"),
        )
        for item in node.get("ContentSequence", ())
        if item.ValueType == "NUM"
    }


def group(report: Dataset, tracked: str) -> Dataset:
    """Return the measurement group with a tracking identifier, an empty one where there is none."""
    for item in under(report):
        if any(
            i.get("TextValue") == tracked and code(i) == "112039" for i in item.get("ContentSequence", ())
        ):
            return item
    return Dataset()


def test_the_category_is_the_same(outputs):
    _, row, record, report, _ = outputs
    concepts = ("111005", codes.own("histology-category", "").value)
    coded = [CATEGORY[code(i, "ConceptCodeSequence")] for i in under(report) if code(i) in concepts]
    assert row["category"] == record["assessment"]["category"] == record["category"] == "".join(coded)


def test_the_probabilities_are_the_same(outputs):
    _, row, record, report, _ = outputs
    said = numbers(group(report, "AI result"))
    found = {CLASS[name]: value for name, (value, _) in said.items() if name in CLASS}
    assert found == record.get("classes", {})
    in_table = {name: float(row[f"p_{name}"]) for name in found if row.get(f"p_{name}")}
    assert in_table == pytest.approx({name: found[name] for name in in_table})
    if found:
        assert float(row["p_suspicious"]) == record["p_suspicious"] == found[row["suspicious"]]


def test_the_share_of_the_tissue_is_that_of_the_mask_that_counts(outputs, observations):
    reading, row, record, report, _ = outputs
    edited = reading.segmentation is not None
    own = None if reading.analysis is None else reading.analysis.area_share
    in_report, in_fhir = numbers(group(report, "AI result")), observations[0].get("Result of the AI", {})
    for column, share in (("area_share", reading.edited_area if edited else own), ("ai_area_share", own)):
        name = codes.own(column.replace("_", "-"), "").value
        # DICOM has sixteen letters for a number.
        assert in_report.get(name, (None, ""))[0] == (share and pytest.approx(share, rel=1e-12))
        assert in_fhir.get(name) == record[column] == share
        assert row[column] == ("" if share is None else f"{share:.6g}")


def test_the_share_of_the_heat_is_that_inside_the_mask_that_counts(outputs, observations):
    reading, _, record, report, _ = outputs
    shares = record.get("heat_inside_mask") or {}
    inside = reading.heat_shares if answered(reading) is not None else None
    assert tuple(shares.values()) == (inside or ())
    in_fhir = observations[0].get("Result of the AI", {})
    assert shares == {name: in_fhir.get(f"grad-cam-inside-{name}") for name in shares}
    concept = codes.own("grad-cam-inside", "").value
    said = [i.TextValue for i in under(group(report, "AI result")) if code(i) == concept]
    assert said == ([", ".join(f"{name} {share:.3f}" for name, share in shares.items())] if shares else [])


def test_who_drew_the_mask_of_the_shares_is_said(outputs):
    _, row, record, report, _ = outputs
    concept = codes.own("drawn-by", "").value
    said = [i.TextValue for i in under(group(report, "AI result")) if code(i) == concept]
    shares = record["area_share"] is not None or record.get("heat_inside_mask")
    assert said == ([SAID[MaskSource(row["mask"])]] if shares else [])


@pytest.mark.parametrize("name", ["edited histology", "edited"])
def test_the_report_s_pages_and_the_panel_name_the_same_shares(name, tmp_path, tmp_path_factory):
    reading = RECORDS[name](tmp_path)
    (path,) = written("pdf", "pdf", reading, tmp_path_factory)
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())
    shown = honesty.of_reading(reading, "")
    if name == "edited":
        assert shown is not None and shown.share == reading.heat_shares[2]
        assert f"{percent(shown.share)} of the Grad-CAM heat lies inside the mask" in text
    else:
        assert shown is None and "Grad-CAM" not in text, "a map of patches is no Grad-CAM"
        assert f"The AI calls {percent(reading.analysis.area_share)} of the tissue" in text
        assert f"outlines cover {percent(reading.area_share)} of it" in text


def test_the_figures_of_the_examination_are_the_same(outputs):
    _, row, record, report, _ = outputs
    tops = {name[-1]: value for name, (value, _) in numbers(group(report, "Examination")).items()}
    exam = record["exam"] or {"breasts": {}, "highest": None}
    assert tops == {side: top["p_suspicious"] for side, top in exam["breasts"].items() if top}
    highest = exam["highest"]["p_suspicious"] if exam["highest"] else None
    assert row["exam_highest"] == ("" if highest is None else f"{highest:.6g}")


def test_that_a_model_is_experimental_is_said_everywhere(outputs):
    reading, row, record, report, mask = outputs
    experimental = reading.analysis is not None and reading.analysis.experimental
    assert (row["experimental"] == "true") == bool(record["experimental"]) == experimental
    assert any("Experimental" in i.get("TextValue", "") for i in under(report)) == experimental
    drawn_by_ai = mask is not None and row["mask"] == "AI"
    said = mask is not None and all("Experimental" in one.SegmentDescription for one in mask.SegmentSequence)
    assert said == (experimental and drawn_by_ai)


def test_the_model_is_the_same(outputs):
    _, row, record, report, mask = outputs
    bundle, number = row["bundle"], record.get("model", {}).get("hash", "")
    assert number in bundle and bool(number) == bool(bundle)
    said = {i.TextValue for i in under(group(report, "AI result")) if code(i) == "111002"}
    assert said == ({f"bundle={bundle}", f"hash={number}"} if bundle else set())
    for segment in mask.SegmentSequence if mask is not None else ():
        for algorithm in segment.get("SegmentationAlgorithmIdentificationSequence", ()):
            assert algorithm.AlgorithmParameters == f"bundle={bundle},hash={number}"


def test_the_sizes_are_the_same(outputs):
    reading, row, record, report, _ = outputs
    for finding in record.get("findings", ()):
        found = numbers(group(report, f"{part(reading.kind)} {finding['number']}"))
        true = finding["long_mm"] is not None
        unit = "mm" if true else "{pixels}"
        assert found["103339001"] == (pytest.approx(finding["long_mm" if true else "long_px"]), unit)
        assert found["103340004"] == (pytest.approx(finding["short_mm" if true else "short_px"]), unit)
        area = finding["area_mm2"] if finding["area_mm2"] is not None else finding["area_px"]
        assert found["42798000"][0] == pytest.approx(area)
    largest = next(iter(record.get("findings", ())), {})
    assert float(row["long_mm"] or "nan") == pytest.approx(
        largest.get("long_mm") or np.nan, nan_ok=True, rel=1e-5
    )


def test_the_mask_is_the_same_and_so_is_who_drew_it(outputs):
    reading, row, record, report, mask = outputs
    named = [i.TextValue for i in under(report) if code(i) == "112039"]
    lesions = [name for name in named if name.startswith(f"{part(reading.kind)} ")]
    assert len(lesions) == len(record.get("findings", ()))
    if mask is None:
        assert row["mask"] == "" and row["lesion_px"] == ""
        return
    planes = mask.pixel_array.reshape(-1, mask.Rows, mask.Columns).astype(bool)
    assert int(row["lesion_px"]) == record["lesion_px"] == planes.any(axis=0).sum()
    assert np.array_equal(planes.any(axis=0), reading.mask)
    assert row["mask"] == record["mask_source"]
    drawn = sorted(ALGORITHMS[segment.SegmentAlgorithmType] for segment in mask.SegmentSequence)
    assert drawn == (sorted(finding["source"] for finding in record["findings"]) or [row["mask"]])


def test_the_readers_measurements_are_the_same(outputs):
    _, _, record, report, _ = outputs
    for measurement in record["measurements"]:
        found = numbers(group(report, measurement["title"]))
        for quantity in measurement["quantities"]:
            if quantity["name"] in codes.QUANTITIES:
                value, unit = found[codes.QUANTITIES[quantity["name"]][0]]
                assert value == pytest.approx(quantity["value"], rel=1e-9)
                assert unit == codes.UNITS[quantity["unit"]][0]


def test_fhir_says_the_same(outputs, observations):
    reading, _, record, report, _ = outputs
    found, conclusion = observations
    said = {CLASS[name]: value for name, value in found.get("Result of the AI", {}).items() if name in CLASS}
    assert said == record.get("classes", {})
    for finding in record.get("findings", ()):
        name = f"{part(reading.kind)} {finding['number']}"
        in_report = {code: value for code, (value, _) in numbers(group(report, name)).items()}
        assert {code: in_report[code] for code in found[name]} == pytest.approx(found[name])
        assert {"103339001", "103340004", "42798000"} <= set(found[name])
    for measurement in record["measurements"]:
        in_report = {code: value for code, (value, _) in numbers(group(report, measurement["title"])).items()}
        same = set(in_report) & set(found[measurement["title"]])
        assert {code: in_report[code] for code in same} == pytest.approx(
            {code: found[measurement["title"]][code] for code in same}
        )
        assert len(found[measurement["title"]]) == len(measurement["quantities"])
    assert record["assessment"]["category_text"] in conclusion


def test_the_table_has_all_its_columns(outputs):
    assert tuple(outputs[1]) == COLUMNS
