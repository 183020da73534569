"""Descriptors, the place in the breast, and two views of one lesion: pure rules."""

from __future__ import annotations

import pytest

from breastview.study import site
from breastview.study.analysis import Finding
from breastview.study.descriptors import (
    MAMMOGRAPHY,
    ULTRASOUND,
    chosen,
    in_words,
    merged,
    vocabulary,
    with_chosen,
)
from breastview.study.kind import Kind
from breastview.study.pair import LesionView, compared, size_difference


def finding(long_mm: float | None) -> Finding:
    ends = ((0.0, 0.0), (1.0, 0.0))
    return Finding((), 10, 100.0, 50.0, ends, ends, 100.0, 50.0, long_mm, None if long_mm is None else 5.0)


def test_mammograms_and_ultrasound_have_words_of_their_own_and_every_word_a_meaning() -> None:
    assert vocabulary(Kind.MAMMOGRAM) is MAMMOGRAPHY and vocabulary(Kind.HISTOLOGY) == ()
    assert vocabulary(Kind.ULTRASOUND) is vocabulary(None) is ULTRASOUND
    assert {"composition", "asymmetry"} <= {one.key for one in MAMMOGRAPHY}
    assert not {"posterior features", "echo pattern", "orientation"} & {one.key for one in MAMMOGRAPHY}
    assert "echo pattern" in {one.key for one in ULTRASOUND} - {one.key for one in MAMMOGRAPHY}
    assert "density" in {one.key for one in MAMMOGRAPHY} - {one.key for one in ULTRASOUND}
    for one in (*ULTRASOUND, *MAMMOGRAPHY):
        keys = [word.key for word in one.words]
        assert len(keys) == len(set(keys)) >= 2 and all(word.text and word.meaning for word in one.words)


def test_words_stand_in_the_order_of_the_vocabulary_however_they_were_chosen() -> None:
    pairs = with_chosen((), "margin", ["angular", "indistinct"])
    pairs = with_chosen(pairs, "shape", ["oval"])
    assert pairs == (("shape", "oval"), ("margin", "indistinct"), ("margin", "angular"))
    assert chosen(pairs, "margin") == ("indistinct", "angular")
    assert with_chosen(pairs, "margin", []) == (("shape", "oval"),)
    assert in_words(pairs) == (("Shape", "oval"), ("Margin", "indistinct, angular"))


def test_suggestions_fill_only_what_the_reader_left_empty() -> None:
    mine = (("shape", "round"),)
    suggested = (("shape", "oval"), ("orientation", "parallel"))
    assert merged(mine, suggested) == (("shape", "round"), ("orientation", "parallel"))


def test_words_of_another_program_are_kept_and_shown_as_they_are() -> None:
    assert in_words((("stiffness", "blue"),)) == (("stiffness", "blue"),)


@pytest.mark.parametrize("side, clock, part", [
    ("R", 10, "upper outer"), ("L", 10, "upper inner"), ("R", 2, "upper inner"), ("L", 2, "upper outer"),
    ("R", 9, "outer"), ("L", 9, "inner"), ("R", 4, "lower inner"), ("L", 4, "lower outer"),
    ("R", 12, "upper middle"), ("L", 6, "lower middle"), ("", 6, ""), ("R", 0, ""),
])  # fmt: skip
def test_the_outer_half_lies_towards_the_arm_on_either_side(side: str, clock: int, part: str) -> None:
    assert site.quadrant(side, clock) == part


@pytest.mark.parametrize("clock", range(1, 13))
def test_a_clock_position_leads_to_its_place_and_back(clock: int) -> None:
    x, y = site.offset(clock, 40)
    assert (x * x + y * y) ** 0.5 == pytest.approx(40)
    assert site.clock_at(x, y) == clock


def test_three_o_clock_lies_to_the_right_of_someone_facing_the_patient_and_twelve_above() -> None:
    assert site.offset(3, 10) == pytest.approx((10, 0), abs=1e-9)
    assert site.offset(12, 10) == pytest.approx((0, -10), abs=1e-9)


def test_a_site_is_said_in_words() -> None:
    assert site.sentence("R", 10, 40.0) == "Right breast, 10 o’clock, 40 mm from the nipple (upper outer)"
    assert site.short("L", 3, None) == "L · 3 o’clock · outer"
    assert site.sentence("", 0, None) == ""


def test_sizes_are_compared_in_millimetres_or_not_at_all() -> None:
    assert size_difference(finding(10.0), finding(7.0)) == pytest.approx(0.3)
    assert size_difference(finding(10.0), finding(None)) is None
    said = compared(LesionView("a", finding=finding(10.0)), LesionView("b", finding=finding(7.0)))
    assert said[0] == ("The sizes differ by 30%.", True)
    said = compared(LesionView("a", finding=finding(10.0)), LesionView("b", finding=finding(None)))
    assert said[0] == ("Sizes cannot be compared: at least one picture is uncalibrated.", False)
    said = compared(LesionView("a", finding=finding(10.0)), LesionView("b"))
    assert "no lesion is outlined" in said[0][0] and not said[0][1]


def test_a_benign_and_a_malignant_reading_of_one_lesion_are_called_a_disagreement() -> None:
    benign = LesionView("a", probabilities={"benign": 0.62, "malignant": 0.38})
    malignant = LesionView("b", probabilities={"benign": 0.19, "malignant": 0.81})
    assert compared(benign, malignant)[1] == (
        "The AI reads one as benign (62%), the other as malignant (81%).", True,
    )  # fmt: skip
    assert compared(benign, benign)[1] == ("The AI reads both as benign (62% and 62%).", False)
    assert not compared(benign, LesionView("c"))[1][1]
