"""The reader's mask goes before the AI's in every output, and each says who drew it."""

from __future__ import annotations

import csv as tables
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from breastview.exporters import csv, masks, pdf, png
from breastview.exporters import json as json_exporter
from breastview.exporters._protocol import ExportOptions
from breastview.imaging.lesions import labelled, with_segmentation
from breastview.study.reading import Reading
from breastview.study.segmentation import MaskSource, Segmentation
from breastview.task import SilentTask
from tests.exporters import phantom


def drawn() -> np.ndarray:
    """Return a mask that shares nothing with the phantom's ellipse: 40 by 20 px."""
    mask = np.zeros((phantom.ROWS, phantom.COLUMNS), bool)
    mask[20:40, 30:70] = True
    return mask


def reading(source: MaskSource = MaskSource.EDITED, **changes: object) -> Reading:
    """Return the phantom's reading with the reader's mask instead of the AI's."""
    mask = Segmentation(labelled(drawn()), source, "2026-11-21T10:00:00+00:00")
    return with_segmentation(phantom.reading(**changes), mask)


def written(exporter, record: Reading, path: Path) -> Path:
    (made,) = exporter.EXPORTER.export([record], path, SilentTask(), ExportOptions())
    return made


def text_of(path: Path) -> str:
    pypdf = pytest.importorskip("pypdf")
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def test_the_table_has_the_reader_s_numbers_and_says_so(tmp_path):
    with written(csv, reading(), tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        (row,) = tables.DictReader(file)
    assert (row["lesion_px"], row["mask"]) == ("800", "edited")
    # 40 by 20 px of 0.1 mm: from corner to corner, and across that line.
    assert (float(row["long_mm"]), float(row["short_mm"])) == pytest.approx((4.47, 2.2), abs=0.05)


def test_the_record_has_findings_shares_and_who_drew_them(tmp_path):
    written_file = written(json_exporter, reading(), tmp_path / "out.json")
    (values,) = json.loads(written_file.read_text(encoding="utf-8"))["readings"]
    assert values["mask_source"] == "edited" and values["mask_changed_at"].startswith("2026-11-21")
    (finding,) = values["findings"]
    assert (finding["area_px"], finding["number"], finding["source"]) == (800, 1, "reader")
    assert values["heat_inside_mask"]["malignant"] < 0.05
    assert "heat-outside" in values["flag_texts"], "what the AI looked at lies outside the reader's outline"


def test_the_mask_file_is_the_reader_s_and_names_its_maker(tmp_path):
    with Image.open(written(masks, reading(), tmp_path)) as image:
        assert np.array_equal(np.asarray(image) > 0, drawn())
        assert image.info["Mask"] == "edited"


def test_the_key_image_names_who_drew_the_mask(tmp_path):
    with Image.open(written(png, reading(), tmp_path / "key.png")) as image:
        assert image.info["Mask"] == "edited"


def test_a_mask_without_the_ai_is_shown_and_exported(tmp_path):
    alone = reading(MaskSource.READER, analysis=None)
    with Image.open(written(masks, alone, tmp_path / "masks")) as image:
        assert image.info["Mask"] == "reader" and np.array_equal(np.asarray(image) > 0, drawn())
    assert written(png, alone, tmp_path / "key.png").stat().st_size
    assert "drawn by reader" in text_of(written(pdf, alone, tmp_path / "out.pdf"))


def test_the_report_says_edited_in_title_table_and_provenance(tmp_path):
    found = text_of(written(pdf, reading(), tmp_path / "out.pdf"))
    assert found.count("edited by reader") >= 2
    assert "AI, not edited" not in found


def test_an_empty_mask_of_the_reader_is_no_silence_of_the_ai(tmp_path):
    nothing = Segmentation(np.zeros((phantom.ROWS, phantom.COLUMNS), np.uint8), MaskSource.EDITED)
    found = text_of(written(pdf, with_segmentation(phantom.reading(), nothing), tmp_path / "out.pdf"))
    assert "The reader’s mask is empty" in found
