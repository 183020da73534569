"""FHIR: a kept library of the standard finds it sound, and it says what the record says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle

from breastview import RESEARCH_USE
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.fhir import EXPORTER
from breastview.study.instance import Patient
from breastview.study.reading import ReadState
from breastview.task import SilentTask
from tests import phantoms
from tests.exporters import dicoms, phantom


def made(folder: Path, *records, name: str = "a.json") -> list[dict]:
    """Write records, have the library check the file, and return its resources."""
    (path,) = EXPORTER.export(records, folder / name, SilentTask(), ExportOptions())
    text = path.read_text(encoding="utf-8")
    Bundle.model_validate_json(text)
    return [entry["resource"] for entry in json.loads(text).get("entry", ())]


def of(kind: str, resources: list[dict]) -> list[dict]:
    return [one for one in resources if one["resourceType"] == kind]


def named(resources: list[dict], name: str) -> dict:
    (found,) = [one for one in of("Observation", resources) if one["code"]["text"] == name]
    return found


def numbers(observation: dict) -> dict[str, tuple[float, str]]:
    return {
        one["code"]["text"]: (one["valueQuantity"]["value"], one["valueQuantity"]["code"])
        for one in observation["component"] if "valueQuantity" in one
    }  # fmt: skip


def test_every_kind_of_record_is_sound(tmp_path: Path) -> None:
    records = [
        phantom.reading(), phantom.refused(), phantom.failed(), phantom.uncalibrated(), phantom.mammogram(),
        phantom.histology(), phantom.REFUSAL,
        dicoms.read(phantoms.us_with_regions(tmp_path / "us.dcm"), measurements=dicoms.MEASUREMENTS),
        dicoms.read(phantoms.us_cine(tmp_path / "cine.dcm"), frame=2),
        dicoms.read(phantoms.picture(tmp_path / "a.png")), dicoms.mammogram(tmp_path),
        dicoms.histology(tmp_path),
    ]  # fmt: skip
    resources = made(tmp_path, *records)
    assert len(of("DiagnosticReport", resources)) == len(records) - 1
    assert len(of("OperationOutcome", resources)) == 1


def test_no_records_are_an_empty_bundle(tmp_path: Path) -> None:
    assert made(tmp_path) == []


def test_the_report_says_state_category_and_what_it_is_for(tmp_path: Path) -> None:
    reading = phantom.reading()
    resources = made(tmp_path, reading)
    (report,) = of("DiagnosticReport", resources)
    (patient,) = of("Patient", resources)
    assert report["status"] == "final" and "4C" in report["conclusion"]
    assert report["conclusion"].count(RESEARCH_USE) == 1
    assert reading.assessment.notes in report["conclusion"]
    assert report["resultsInterpreter"][0]["display"] == reading.assessment.reader
    assert report["subject"]["reference"].endswith(patient["id"])
    assert patient["identifier"][0]["value"] == reading.instance.patient.identifier
    results = {one["reference"].rpartition(":")[2] for one in report["result"]}
    assert results == {one["id"] for one in of("Observation", resources)}


def test_the_ais_numbers_are_the_records_and_stay_preliminary(tmp_path: Path) -> None:
    reading = phantom.reading()
    resources = made(tmp_path, reading)
    said = named(resources, "Result of the AI")
    (device,) = of("Device", resources)
    found = numbers(said)
    assert reading.assessment.state is ReadState.FINAL and said["status"] == "preliminary"
    assert found["Probability of cancer"] == (pytest.approx(reading.analysis.probability("malignant")), "1")
    assert reading.analysis.sentence in [one["text"] for one in said["note"]]
    assert str(reading.analysis.bundle) in device["deviceName"][0]["name"]
    assert said["device"]["reference"].endswith(device["id"])


@pytest.mark.parametrize(("record", "unit"), [(phantom.reading, "mm"), (phantom.uncalibrated, "{pixels}")])
def test_a_lesion_has_millimetres_where_they_are_true_else_pixels(tmp_path, record, unit) -> None:
    reading = record()
    lesion = named(made(tmp_path, reading), "Lesion 1")
    (finding,) = reading.findings
    long = finding.long_mm if unit == "mm" else finding.long_px
    assert numbers(lesion)["Long axis"] == (pytest.approx(long), unit)


def test_what_the_gate_refuses_has_no_number(tmp_path: Path) -> None:
    said = named(made(tmp_path, phantom.refused()), "Result of the AI")
    assert said["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert "component" not in said and "valueCodeableConcept" not in said


def test_a_model_that_abstains_names_no_class(tmp_path: Path) -> None:
    reading = phantom.reading()
    said = named(
        made(tmp_path, replace(reading, analysis=replace(reading.analysis, abstained=True))),
        "Result of the AI",
    )
    assert "valueCodeableConcept" not in said
    assert any("abstains" in one["text"] for one in said["note"])


def test_the_readers_measurements_are_there(tmp_path: Path) -> None:
    path = phantoms.us_with_regions(tmp_path / "us.dcm")
    reading = dicoms.read(path, measurements=dicoms.MEASUREMENTS)
    drawn = [one for one in of("Observation", made(tmp_path, reading))
             if one["code"].get("coding", [{}])[0].get("code", "").startswith("measurement-")]  # fmt: skip
    assert len(drawn) == len(dicoms.MEASUREMENTS)
    assert all("component" in one or one["valueString"] for one in drawn)


def test_the_same_record_is_the_same_file_and_an_edit_keeps_the_report(tmp_path: Path) -> None:
    reading = phantom.reading()
    made(tmp_path, reading, name="1.json")
    made(tmp_path, reading, name="2.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()
    edited = replace(reading, assessment=replace(reading.assessment, category="2"))
    (before,), (after,) = (of("DiagnosticReport", made(tmp_path, one)) for one in (reading, edited))
    assert before["id"] == after["id"] and before["conclusion"] != after["conclusion"]


def test_patients_and_models_stand_in_it_once(tmp_path: Path) -> None:
    one = phantom.reading()
    other = replace(one, instance=replace(one.instance, uid="1.2.3.4.5", label="other.dcm"))
    resources = made(tmp_path, one, other)
    counts = [len(of(kind, resources)) for kind in ("Patient", "Device", "DiagnosticReport")]
    assert counts == [1, 1, 2]


def test_the_same_pixels_in_two_files_are_two_reports(tmp_path: Path) -> None:
    readings = [dicoms.read(phantoms.picture(tmp_path / name)) for name in ("a.png", "b.png")]
    assert len(of("DiagnosticReport", made(tmp_path, *readings))) == 2


def test_nobody_is_no_patient(tmp_path: Path) -> None:
    reading = phantom.reading()
    nobody = replace(reading, instance=replace(reading.instance, patient=Patient()))
    resources = made(tmp_path, nobody)
    assert not of("Patient", resources)
    assert all("subject" not in one for one in resources)
