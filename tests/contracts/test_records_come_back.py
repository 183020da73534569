"""Whatever a reader may write or draw: the record and every table and object of it say the same."""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breastview import registry
from breastview.exporters._protocol import ExportOptions
from breastview.readers import foreign
from breastview.store import Store
from breastview.study.reading import CATEGORIES, Assessment, Reading, ReadState
from breastview.task import SilentTask
from tests import phantoms
from tests.exporters import dicoms, phantom

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
assessments = st.builds(
    Assessment,
    category=st.sampled_from(list(CATEGORIES)),
    laterality=st.sampled_from(["", "R", "L"]),
    clock=st.integers(0, 12),
    nipple_mm=st.none() | st.floats(0, 200).map(lambda value: round(value, 1)),
    descriptors=st.lists(st.tuples(st.just("shape"), st.sampled_from(["oval", "round"])), max_size=1).map(
        tuple
    ),
    notes=texts,
    indication=texts,
    comparison=texts,
    management=texts,
    state=st.sampled_from(ReadState),
    marked=st.booleans(),
    reader=texts,
)


@settings(max_examples=25)
@given(given_by_reader=assessments)
def test_an_assessment_is_the_same_in_store_table_and_record(given_by_reader: Assessment) -> None:
    store = Store()
    store.assess("a" * 64, 0, given_by_reader)
    kept = store.assessment("a" * 64, 0)
    store.close()
    assert replace(kept, changed_at="") == given_by_reader
    with tempfile.TemporaryDirectory() as folder:
        reading = phantom.reading(assessment=kept)
        record = json.loads(written("json", reading, Path(folder)).read_text(encoding="utf-8"))["readings"][0]
        with written("csv", reading, Path(folder)).open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
    assert (record["category"], row["category"]) == (kept.category, kept.category)
    told = record["assessment"]
    for name in (
        "laterality",
        "notes",
        "indication",
        "comparison",
        "management",
        "reader",
        "clock",
        "nipple_mm",
    ):
        assert told[name] in (getattr(kept, name), getattr(kept, name) or None), name


def written(name: str, reading: Reading, folder: Path) -> Path:
    exporter = registry.load("breastview.exporters", name).EXPORTER
    (path,) = exporter.export([reading], folder / f"out.{name}", SilentTask(), ExportOptions())
    return path


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """Return a reading of a picture in a file."""
    return dicoms.read(phantoms.us_grey(tmp_path_factory.mktemp("taken") / "a.dcm"))


boxes = st.lists(
    st.tuples(
        st.integers(0, phantoms.ROWS - 1), st.integers(0, phantoms.COLUMNS - 1),
        st.integers(1, 20), st.integers(1, 20),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


@settings(max_examples=6)
@given(drawn=boxes)
def test_a_mask_comes_back_from_its_segmentation_pixel_by_pixel(
    taken: Reading, drawn: list[tuple[int, int, int, int]]
) -> None:
    mask = np.zeros((phantoms.ROWS, phantoms.COLUMNS), bool)
    for y, x, high, wide in drawn:
        mask[y : y + high, x : x + wide] = True
    reading = dicoms.edited(taken, mask)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "seg.dcm"
        dicoms.one(reading, "seg").save_as(path, enforce_file_format=True)
        companion = foreign.describe(path, path.name)
        assert companion is not None
        overlay = foreign.overlay(companion, taken.instance.uid, taken.frame, mask.shape)
    assert np.array_equal(np.any([one.values > 0 for one in overlay.masks], axis=0), mask)
