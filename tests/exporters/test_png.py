from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from breastview import RESEARCH_USE
from breastview.exporters._key_image import compose
from breastview.exporters._panes import HEAT, colour_bar, heat_of, panes
from breastview.exporters._protocol import ExportOptions
from breastview.exporters._scale import bar_length
from breastview.exporters.png import EXPORTER
from breastview.study.analysis import NO_MASK, Flag
from breastview.study.reading import SEGMENTER
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


def test_the_segmenter_s_heat_has_its_own_colours_opacity_and_threshold():
    alone = replace(phantom.uncalibrated(), analysis=replace(phantom.analysis(), probabilities=None))
    assert alone.heat_index is None
    usual = np.asarray(compose(alone, ExportOptions()))
    other = np.asarray(compose(alone, ExportOptions(heat_map="hot", heat_opacity=0.9, heat_threshold=0.5)))
    assert np.array_equal(usual, other), "a class's settings do not count"
    own = ExportOptions(segmenter_map="hot", segmenter_opacity=0.9, segmenter_threshold=0.5)
    assert not np.array_equal(usual, np.asarray(compose(alone, own)))
    assert not np.array_equal(colour_bar(own, segmenter=True), colour_bar(own))


def test_the_segmenter_s_heat_is_shown_where_it_was_chosen_and_is_named():
    chosen = replace(phantom.uncalibrated(), heat_class=SEGMENTER)
    assert chosen.heat_index is None
    alone = replace(chosen, heat_class="", analysis=replace(phantom.analysis(), probabilities=None))
    shown = [panes(one, ExportOptions(), 100, 120)[HEAT] for one in (chosen, alone)]
    assert np.array_equal(*shown) and heat_of(chosen, chosen.analysis) == SEGMENTER
    without = replace(chosen, analysis=replace(phantom.analysis(), flags=(Flag(NO_MASK, "No mask."),)))
    assert heat_of(without, without.analysis) == "malignant", "no mask, no heat of it"


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


@pytest.mark.parametrize(
    ("width", "written"),
    [(0.0125, "2 µm"), (0.2, "50 µm"), (3.8, "1 mm"), (38.0, "10 mm"), (600.0, "100 mm")],
)
def test_a_scale_bar_is_round_and_stays_within_its_picture(width: float, written: str):
    length, text = bar_length(width)
    assert text == written and length <= 0.3 * width
