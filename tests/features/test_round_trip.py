"""What is written as DICOM reads back equal to the record it was made from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom.sequence import Sequence

from breastview.exporters._protocol import ExportOptions
from breastview.imaging.quantities import quantities
from breastview.readers import foreign
from breastview.study.foreign import Companion, Kind, Overlay
from breastview.study.instance import Window
from breastview.study.measurement import Tool
from breastview.study.reading import Reading
from tests import phantoms
from tests.exporters import dicoms


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    """Return a reading of a calibrated picture with the reader's own mask and four measurements."""
    whole = Sequence([phantoms.region(0, 0, phantoms.COLUMNS - 1, phantoms.ROWS - 1, 0.01)])
    path = phantoms.us_grey(tmp_path / "picture.dcm", SequenceOfUltrasoundRegions=whole)
    return dicoms.edited(replace(dicoms.read(path), measurements=dicoms.MEASUREMENTS), phantoms.lesion())


def back(reading: Reading, kind: str, folder: Path, **options: object) -> list[tuple[Companion, Overlay]]:
    """Write the objects of a kind, read them as another system's, and return what they say of the picture."""
    found = []
    made = dicoms.made(reading, kind, options=ExportOptions(**options))  # type: ignore[arg-type]
    for number, dataset in enumerate(made):
        path = folder / f"{kind}{number}.dcm"
        dataset.save_as(path, enforce_file_format=True)
        companion = foreign.describe(path, path.name)
        assert companion is not None
        size = reading.instance.rows, reading.instance.columns
        found.append((companion, foreign.overlay(companion, reading.instance.uid, reading.frame, size)))
    return found


def lines_of(companion: Companion) -> list[str]:
    page = foreign.page(companion)
    assert page is not None
    return [text for _, text in page.lines]


def test_the_mask_comes_back(reading: Reading, tmp_path: Path) -> None:
    found = back(reading, "seg", tmp_path)
    binary = [overlay for _, overlay in found if not any(mask.fractional for mask in overlay.masks)]
    (overlay,) = binary
    united = np.any([mask.values > 0 for mask in overlay.masks], axis=0)
    assert reading.mask is not None
    assert np.array_equal(united, reading.mask)
    assert all(companion.kind is Kind.SEGMENTATION for companion, _ in found)
    assert all(companion.belongs(reading.instance.uid, "") for companion, _ in found)


def test_the_probabilities_of_the_ai_come_back(reading: Reading, tmp_path: Path) -> None:
    fractional = [
        mask for _, overlay in back(replace(reading, segmentation=None), "seg", tmp_path)
        for mask in overlay.masks if mask.fractional
    ]  # fmt: skip
    assert reading.analysis is not None
    assert len(fractional) == 1
    written = fractional[0].values.astype(int)
    assert np.abs(written - reading.analysis.mask_probability.astype(int)).max() <= 1


def test_measurements_come_back_with_their_units(reading: Reading, tmp_path: Path) -> None:
    ((companion, overlay),) = back(reading, "sr", tmp_path)
    assert companion.kind is Kind.REPORT
    written = [(float(one.value), one.unit) for one in overlay.numbers]
    distance = next(one for one in reading.measurements if one.tool is Tool.DISTANCE)
    (length,) = [one for one in quantities(distance, reading.calibration) if one.name == "length"]
    assert length.unit == "mm"
    assert any(unit == "mm" and value == pytest.approx(length.value, abs=0.05) for value, unit in written)
    finding = reading.findings[0]
    for millimetres in (finding.long_mm, finding.short_mm):
        assert any(unit == "mm" and value == pytest.approx(millimetres, abs=0.05) for value, unit in written)
    points = {point for drawing in overlay.drawings for point in drawing.points}
    for end in distance.points:
        assert any(np.hypot(x - end[0], y - end[1]) < 0.01 for x, y in points)


def test_the_category_comes_back(reading: Reading, tmp_path: Path) -> None:
    ((companion, _),) = back(reading, "sr", tmp_path)
    assert any("4C" in line for line in lines_of(companion))


def test_window_and_drawings_come_back(reading: Reading, tmp_path: Path) -> None:
    chosen = Window(110.0, 60.0, "mine")
    ((companion, overlay),) = back(reading, "gsps", tmp_path, window=chosen)
    assert companion.kind is Kind.PRESENTATION
    assert overlay.window is not None
    assert (overlay.window.centre, overlay.window.width) == (110.0, 60.0)
    distance = next(one for one in reading.measurements if one.tool is Tool.DISTANCE)
    points = {point for drawing in overlay.drawings for point in drawing.points}
    for end in distance.points:
        assert any(np.hypot(x - end[0], y - end[1]) < 0.01 for x, y in points)
    assert any("Cooper" in drawing.text for drawing in overlay.drawings)


def test_the_report_in_its_envelope_and_the_key_objects_come_back(
    reading: Reading, tmp_path: Path, qapp: object
) -> None:
    ((letter, _),) = back(reading, "epdf", tmp_path)
    page = foreign.page(letter)
    assert letter.kind is Kind.DOCUMENT
    assert page is not None
    assert page.content.startswith(b"%PDF-")
    assert page.content.rstrip().endswith(b"%%EOF")
    ((keys, _),) = back(reading, "ko", tmp_path)
    assert keys.belongs(reading.instance.uid, "")
    assert lines_of(keys)
