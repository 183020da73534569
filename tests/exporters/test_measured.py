"""Every output carries the reader's measurements with the source of each number."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from breastview.exporters import _measured
from breastview.exporters._key_image import compose
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._scale import true_spacing
from breastview.exporters.pdf._blocks import KeyImages, Table
from breastview.exporters.pdf._content import case
from breastview.session.engine import exporter
from breastview.study.calibration import DEPTH_RULER, UNCALIBRATED, Ruler
from breastview.study.measurement import Measurement, Tool
from breastview.study.reading import Reading
from breastview.task import SilentTask
from tests.exporters import phantom

DISTANCE = Measurement("a" * 32, Tool.DISTANCE, ((100.0, 100.0), (200.0, 100.0)))
NOTE = Measurement("b" * 32, Tool.TEXT, ((290.0, 240.0), (350.0, 320.0)), "shadow")
AREA = Measurement("c" * 32, Tool.RECTANGLE, ((20.0, 20.0), (60.0, 50.0)), "Duct")


@pytest.fixture
def measured() -> Reading:
    """Return a calibrated reading with three measurements."""
    return phantom.reading(measurements=(DISTANCE, NOTE, AREA))


def uncalibrated(reading: Reading) -> Reading:
    return replace(reading, instance=replace(reading.instance, calibrations=(UNCALIBRATED,)))


def written(reading: Reading, name: str, folder: Path) -> Path:
    files = exporter(name).export([reading], folder / f"out.{name}", SilentTask(), ExportOptions())
    return files[0]


def test_the_table_has_each_value_with_its_source(measured: Reading, tmp_path: Path) -> None:
    with written(measured, "csv", tmp_path).open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["measured"] == "Distance 1: 10.0 mm (US region); shadow; Duct: 12.0 mm² (US region)"
    assert row["calibration"] == "US region"


def test_px_are_called_uncalibrated(measured: Reading, tmp_path: Path) -> None:
    with written(uncalibrated(measured), "csv", tmp_path).open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["measured"].startswith("Distance 1: 100.0 px, uncalibrated; ")
    assert row["calibration"] == ""


def test_the_record_has_points_and_quantities(measured: Reading, tmp_path: Path) -> None:
    (record,) = json.loads(written(measured, "json", tmp_path).read_text(encoding="utf-8"))["readings"]
    distance, note, area = record["measurements"]
    assert distance["points"] == [[100.0, 100.0], [200.0, 100.0]] and distance["drawn_by"] == "reader"
    (length,) = distance["quantities"]
    assert (length["unit"], length["source"], length["note"]) == ("mm", "US region", "")
    assert length["value"] == pytest.approx(10.0)
    assert note["text"] == "shadow" and note["quantities"] == []
    values = measured.pixels.values[20:50, 20:60]
    mean = next(one["value"] for one in area["quantities"] if one["name"] == "mean")
    assert mean == pytest.approx(float(values.mean()), rel=0.05)


def test_the_report_has_a_table_and_the_lines_on_its_key_image(measured: Reading) -> None:
    blocks = case(measured, ExportOptions(), 1).essential
    table = next(b for b in blocks if isinstance(b, Table) and len(b.header) == 4)
    assert [row[:3] for row in table.rows] == [
        ("1", "Distance 1", "10.0 mm (US region)"), ("2", "shadow", ""),
        ("3", "Duct", "12.0 mm² (US region)"),
    ]  # fmt: skip
    images = next(b for b in blocks if isinstance(b, KeyImages))
    assert [one.number for one in images.drawn] == [1, 2, 3]
    assert images.drawn[0].lines == ((((100.0, 100.0), (200.0, 100.0)), False),)


def test_a_report_without_measurements_has_no_such_table() -> None:
    blocks = case(phantom.reading(), ExportOptions(), 1).essential
    assert not [b for b in blocks if isinstance(b, Table) and len(b.header) == 4]


def test_the_key_image_shows_the_lines_on_the_mask_and_leaves_the_original_alone(measured: Reading) -> None:
    with_lines = np.asarray(compose(measured, ExportOptions()))
    without = np.asarray(compose(phantom.reading(), ExportOptions()))
    rows = slice(30, 30 + phantom.ROWS)
    original, mask = slice(12, 12 + phantom.COLUMNS), slice(24 + phantom.COLUMNS, 24 + 2 * phantom.COLUMNS)
    assert np.array_equal(with_lines[rows, original], without[rows, original])
    line = with_lines[30 + 100, mask.start + 110 : mask.start + 190]
    assert np.abs(line.astype(int) - _measured.COLOUR).max() <= 2


def test_a_key_image_without_the_ai_shows_the_lines_on_the_original(measured: Reading) -> None:
    sheet = np.asarray(compose(replace(measured, analysis=None), ExportOptions()))
    assert np.abs(sheet[30 + 100, 12 + 110 : 12 + 190].astype(int) - _measured.COLOUR).max() <= 2


def test_a_depth_ruler_is_the_source_of_every_number(measured: Reading, tmp_path: Path) -> None:
    by_ruler = Ruler((5.0, 0.0), (5.0, 100.0), 25.0).calibration(phantom.ROWS, phantom.COLUMNS)
    ruled = replace(uncalibrated(measured), ruler=by_ruler, analysis=None)
    with written(ruled, "csv", tmp_path).open(encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert row["measured"].startswith("Distance 1: 25.0 mm (depth ruler)")
    assert row["calibration"] == DEPTH_RULER and true_spacing(ruled)[0] == pytest.approx(0.25)
