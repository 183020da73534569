from __future__ import annotations

import json

import pytest

from breastview import RESEARCH_USE
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import COLUMNS, row
from breastview.exporters.json import EXPORTER
from breastview.task import SilentTask
from tests.exporters import phantom


def exported(records, folder):
    (path,) = EXPORTER.export(records, folder / "out.json", SilentTask(), ExportOptions())
    return json.loads(path.read_text(encoding="utf-8"))


def test_no_readings_give_a_valid_file(tmp_path):
    whole = exported([], tmp_path)
    assert whole["readings"] == []
    assert whole["notice"] == RESEARCH_USE


def test_every_record_starts_with_the_columns_of_the_table(tmp_path):
    records = [phantom.reading(), phantom.refused(), phantom.failed(), phantom.REFUSAL]
    for record, written in zip(records, exported(records, tmp_path)["readings"], strict=True):
        assert tuple(written)[: len(COLUMNS)] == COLUMNS
        assert {k: tuple(v) if k == "flags" else v for k, v in written.items() if k in COLUMNS} == row(record)


def test_the_whole_record_is_there(tmp_path):
    (one,) = exported([phantom.reading()], tmp_path)["readings"]
    assert one["sentence"] == phantom.SENTENCE
    assert one["classes"] == {"normal": 0.02, "benign": 0.2, "malignant": 0.78}
    assert one["heat_inside_mask"]["malignant"] == 0.72
    assert one["findings"][0]["long_mm"] == pytest.approx(18.0)
    assert len(one["findings"][0]["contour"]) == 120
    assert one["assessment"]["category"] == "4C"
    assert one["assessment"]["descriptors"]["margin"] == "spiculated"
    assert one["assessment"]["state"] == "final"
    assert one["instance"]["calibration_source"] == "US region"


def test_the_patient_is_not_in_it(tmp_path):
    exported([phantom.reading()], tmp_path)
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    patient = phantom.reading().instance.patient
    assert not any(value in text for value in (patient.name, patient.identifier, patient.birth_date))


def test_a_refused_picture_has_no_number(tmp_path):
    (one,) = exported([phantom.refused()], tmp_path)["readings"]
    assert one["refused"] is True
    assert one["p_malignant"] is None
    assert "classes" not in one and "findings" not in one


def test_a_name_that_is_no_unicode_survives(tmp_path):
    odd = phantom.reading(instance=phantom.instance(label="a\udcff.png"))
    assert exported([odd], tmp_path)["readings"][0]["label"] == "a\udcff.png"
