from __future__ import annotations

import json

import jsonschema
import numpy as np
import pytest

from breastview import RESEARCH_USE, paths
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._rows import COLUMNS, row
from breastview.exporters.json import EXPORTER
from breastview.imaging.lesions import labelled, with_segmentation
from breastview.study.exam import RULE, Told
from breastview.study.measurement import POINTS, Measurement, Tool
from breastview.study.opinions import AiOpinion, Opinion, Opinions
from breastview.study.pair import LesionPlace, LesionView, Pair, PairedLesion, compared
from breastview.study.reading import ALL_CATEGORIES, ReadState
from breastview.study.segmentation import MaskSource, Segmentation
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


def test_an_examination_is_there_with_every_view_and_what_its_figure_is(tmp_path):
    (one,) = exported([phantom.mammogram()], tmp_path)["readings"]
    assert (one["kind"], one["suspicious"], one["experimental"]) == ("MG", "malignant", True)
    assert (one["breast_highest"], one["breast_highest_view"]) == (0.78, "R MLO")
    assert one["exam_views"] == "4/4" and one["exam"]["rule"] == RULE
    told = {view["name"]: view["told"] for view in one["exam"]["views"]}
    assert told == {"R CC": "scored", "R MLO": "scored", "L CC": "abstained", "L MLO": "refused"}
    assert one["exam"]["breasts"]["L"] == {"view": "L CC", "p_suspicious": 0.44, "abstained": True}
    assert one["exam"]["right_minus_left"] is None


def test_a_histology_field_has_its_own_classes_and_the_share_of_the_area(tmp_path):
    (one,) = exported([phantom.histology()], tmp_path)["readings"]
    assert (one["kind"], one["suspicious"]) == ("SM", "idc")
    assert (one["p_suspicious"], one["area_share"]) == (0.86, 0.42)
    assert one["p_malignant"] is None and one["classes"] == {"non-idc": 0.14, "idc": 0.86}
    assert one["assessment"]["category_text"] == "Invasive carcinoma" and one["exam"] is None


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


SCHEMA_FILE = paths.resources() / "schemas" / "breastview-readings-2.schema.json"


def everything() -> list:
    """Return records of every kind."""
    mask = np.zeros((phantom.ROWS, phantom.COLUMNS), bool)
    mask[20:40, 30:70] = True
    edited = with_segmentation(
        phantom.reading(), Segmentation(labelled(mask), MaskSource.EDITED, "2026-11-21T10:00:00+00:00")
    )
    ai = AiOpinion((("normal", 0.1), ("benign", 0.2), ("malignant", 0.7)), False, str(phantom.STAMP), "")
    after = Opinion("4A", "R", "2026-11-20T10:05:00+00:00")
    opinions = Opinions(Opinion("3", "R", "2026-11-20T10:00:00+00:00"), ai, after)
    here = LesionView("a", 0, phantom.finding(), "AI", {"benign": 0.2, "malignant": 0.8})
    pair = Pair("p", LesionPlace("0" * 64, 0), LesionPlace("1" * 64, 0))
    paired = (PairedLesion(pair, here, LesionView(""), compared(here, LesionView(""))),)
    points = ((10.0, 10.0), (90.0, 14.0), (50.0, 60.0), (52.0, 20.0))
    measured = tuple(Measurement(f"{tool}", tool, points[: POINTS.get(tool, 3)]) for tool in Tool)
    return [
        edited, phantom.reading(opinions=opinions, pairs=paired, measurements=measured),
        phantom.reading(opinions=Opinions(Opinion("3"), AiOpinion(None, True, ""))),
        phantom.uncalibrated(), phantom.refused(), phantom.failed(), phantom.mammogram(),
        phantom.histology(), phantom.REFUSAL,
    ]  # fmt: skip


def test_every_export_is_what_the_published_schema_says(tmp_path):
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = exported(everything(), tmp_path)
    assert schema["properties"]["schema"]["const"] == found["schema"]
    jsonschema.Draft202012Validator(schema).validate(found)
    assert {"instance", "model", "classes", "findings"} <= set(found["readings"][0])


def test_the_schema_notices_what_it_does_not_know(tmp_path):
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    found = exported([phantom.reading()], tmp_path)
    for change in ({"patient": "X"}, {"p_malignant": 1.5}, {"category": "7"}, {"mask": "somebody"}):
        wrong = {**found, "readings": [found["readings"][0] | change]}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.Draft202012Validator(schema).validate(wrong)


def test_the_schema_names_every_category_state_and_tool():
    text = json.dumps(json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))["$defs"])
    for name in (*ALL_CATEGORIES, *ReadState, *Tool, *MaskSource, *Told):
        assert json.dumps(str(name)) in text
