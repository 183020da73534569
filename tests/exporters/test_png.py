from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from breastview import RESEARCH_USE
from breastview.exporters._protocol import ExportOptions
from breastview.exporters.png import EXPORTER, compose
from breastview.task import SilentTask
from tests.exporters import phantom


def test_three_panes_stand_side_by_side_and_the_first_is_the_picture_itself():
    sheet = np.asarray(compose(phantom.uncalibrated(), ExportOptions()))
    original = sheet[30 : 30 + phantom.ROWS, 12 : 12 + phantom.COLUMNS]
    assert np.array_equal(original, np.repeat(phantom.speckle()[..., None], 3, axis=2))
    second = sheet[30 : 30 + phantom.ROWS, 24 + phantom.COLUMNS : 24 + 2 * phantom.COLUMNS]
    x, y = map(int, phantom.CENTRE)
    assert second[y, x, 2] > second[y, x, 0] + 30  # cyan fill on the lesion
    assert np.array_equal(second[5, 5], original[5, 5])
    third = sheet[30 : 30 + phantom.ROWS, 36 + 2 * phantom.COLUMNS : 36 + 3 * phantom.COLUMNS]
    assert np.ptp(third[phantom.ROWS // 2 - 40, int(x)].astype(int)) > 20  # heat has colour


def test_without_an_answer_only_the_original_is_shown():
    whole, refused = (compose(r, ExportOptions()) for r in (phantom.reading(), phantom.refused()))
    assert refused.width < whole.width / 2


@pytest.mark.parametrize(("rows", "columns"), [(120, 160), (1800, 1200)])
def test_panes_have_a_legible_size(rows, columns):
    values = phantom.speckle(rows, columns)
    mask = phantom.ellipse(rows, columns)
    odd = phantom.reading(
        instance=phantom.instance(rows=rows, columns=columns), pixels=phantom.pixels(values),
        analysis=phantom.analysis(mask=mask),
    )  # fmt: skip
    sheet = compose(odd, ExportOptions())
    assert 300 < sheet.height < 1600


def test_the_file_names_the_model_and_the_research_use_and_no_patient(tmp_path):
    reading = phantom.reading()
    (path,) = EXPORTER.export([reading], tmp_path / "key.png", SilentTask(), ExportOptions())
    with Image.open(path) as image:
        assert image.text["Disclaimer"] == RESEARCH_USE
        assert image.text["Source"] == str(phantom.STAMP)
    data = path.read_bytes()
    assert reading.instance.patient.identifier.encode() not in data


def test_several_readings_get_names_of_their_own(tmp_path):
    records = [phantom.reading(), phantom.REFUSAL, phantom.uncalibrated()]
    one = EXPORTER.export(records, tmp_path / "k.png", SilentTask(), ExportOptions())
    assert [path.name for path in one] == ["k.png", "k_2.png"]
    many = EXPORTER.export(records, tmp_path / "keys", SilentTask(), ExportOptions())
    assert [str(p.relative_to(tmp_path / "keys")) for p in many] == [
        "study/IM0001_key.png", "loose/benign (10)_key.png"]  # fmt: skip
